package export

import (
	"net"
	"net/url"
	"strings"
)

// Shell is a command for a POSIX shell that exits with 0 when what it probes is ready.
// Addresses are probed by what there is of the usual programs.
func (p Probe) Shell() string {
	switch p.Kind {
	case "tcp":
		host, port := p.Address()
		at := doubleQuoted(host) + " " + doubleQuoted(port)
		return `nc -z -w 5 ` + at + ` 2>/dev/null || bash -c ': <"/dev/tcp/$0/$1"' ` + at + ` 2>/dev/null`
	case "http":
		at := doubleQuoted(p.Text)
		return `curl -fsS -m 5 -o /dev/null ` + at + ` 2>/dev/null || wget -q -T 5 -O /dev/null ` + at
	case "exec":
		var words []string
		for _, word := range shellArgv(p.Text) {
			words = append(words, shellWord(word))
		}
		return strings.Join(words, " ") + " >/dev/null 2>&1"
	}
	return "true"
}

// doubleQuoted quotes a text for a shell, but for the variables in it.
func doubleQuoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$(", `\$(`).Replace(s) + `"`
}

// Address takes the address of a tcp probe apart.
func (p Probe) Address() (host, port string) {
	host, port, err := net.SplitHostPort(p.Text)
	if err != nil {
		at := strings.LastIndexByte(p.Text, ':')
		return p.Text[:max(at, 0)], p.Text[at+1:]
	}
	return host, port
}

// URL takes the URL of an http probe apart. A port that is not given is that of the
// scheme.
func (p Probe) URL() (scheme, host, port, rest string) {
	scheme, at, _ := strings.Cut(p.Text, "://")
	end := strings.IndexAny(at, "/?#")
	if end < 0 {
		end = len(at)
	}
	at, rest = at[:end], at[end:]
	if u, err := url.Parse("x://" + strings.NewReplacer("$", "", "{", "", "}", "").Replace(at)); err == nil && u.Port() == "" && !strings.Contains(at, ":$") {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
		return scheme, at, port, rest
	}
	host, port = Probe{Text: at}.Address()
	return scheme, host, port, rest
}

// own are the spellings of the machine at hand in addresses.
var own = map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true, "[::1]": true, "0.0.0.0": true}

// OwnPort says whether a probe is about the port that the process itself is given.
func (p Probe) OwnPort() bool {
	host, port := p.Address()
	if p.Kind == "http" {
		_, host, port, _ = p.URL()
	}
	return p.Kind != "exec" && own[host] && (port == "$PORT" || port == "${PORT}")
}

// Path is what an http probe asks for.
func (p Probe) Path() string {
	_, _, _, rest := p.URL()
	if !strings.HasPrefix(rest, "/") {
		return "/" + rest
	}
	return rest
}

// Scheme is HTTP or HTTPS.
func (p Probe) Scheme() string {
	scheme, _, _, _ := p.URL()
	return strings.ToUpper(scheme)
}
