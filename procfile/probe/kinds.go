package probe

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// parseTCP reads an address. The form without one is about the process's own.
func parseTCP(start, address string) (Probe, error) {
	if start == "tcp" {
		return Probe{Text: "localhost:$PORT"}, nil
	}
	host, port, err := net.SplitHostPort(address)
	if (err != nil || host == "" || port == "") && !strings.Contains(address, "$") {
		return Probe{}, errors.New("its address must be host:port, as in tcp://localhost:5432")
	}
	return Probe{Text: address}, nil
}

func parseHTTP(scheme, rest string) (Probe, error) {
	u, err := url.Parse(os.Expand(scheme+rest, func(string) string { return "1" }))
	if err != nil || u.Hostname() == "" {
		return Probe{}, errors.New("its URL is invalid: write it as in http://localhost:$PORT/health")
	}
	return Probe{Text: scheme + rest}, nil
}

func parseLog(_, text string) (Probe, error) {
	if text == "" {
		return Probe{}, errEmpty
	}
	line, err := regexp.Compile(text)
	if err != nil {
		return Probe{}, fmt.Errorf("its regular expression is invalid: %w", err)
	}
	return Probe{Text: text, Line: line}, nil
}

func parseExec(_, command string) (Probe, error) {
	if strings.TrimSpace(command) == "" {
		return Probe{}, errEmpty
	}
	return Probe{Text: command}, nil
}

func parseNotify(_, _ string) (Probe, error) { return Probe{}, nil }

func parseExit(_, _ string) (Probe, error) { return Probe{}, nil }

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

// urlServer is where an http probe asks.
func (p Probe) urlServer() (host, port string) {
	_, host, port, _ = p.URL()
	return host, port
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
