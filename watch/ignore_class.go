package watch

import "strings"

// class is a set of bytes, as [a-z] is.
type class [256]bool

// named are the classes that have a name for git, as ranges.
var named = map[string]string{
	"alnum": "azAZ09", "alpha": "azAZ", "blank": "  \t\t", "cntrl": "\x00\x1f\x7f\x7f", "digit": "09", "graph": "!~", "lower": "az",
	"print": " ~", "punct": "!/:@[`{~", "space": "  \t\r", "upper": "AZ", "xdigit": "09AFaf",
}

func (c *class) add(from, to byte) {
	for b := int(from); b <= int(to); b++ {
		c[b] = true
	}
}

// glob is the class as doublestar writes it.
func (c class) glob() string {
	var b strings.Builder
	b.WriteByte('[')
	for from := 0; from < len(c); from++ {
		if !c[from] {
			continue
		}
		to := from
		for to+1 < len(c) && c[to+1] {
			to++
		}
		b.WriteString(`\` + string(rune(from)) + `-\` + string(rune(to)))
		from = to
	}
	b.WriteByte(']')
	return b.String()
}

// classFromGit reads the class at the start of a glob, and gives its length there; 0: it is none. A ] right
// at its start is a letter to git, and no class contains a slash.
func classFromGit(glob string) (set class, length int) {
	r := classReader{letters: []rune(glob), at: 1}
	negated := r.is('!') || r.is('^')
	if negated {
		r.at++
	}
	for first := true; first || !r.is(']'); first = false {
		if !r.element(&set) {
			return set, 0
		}
	}
	if negated {
		for b := range set {
			set[b] = !set[b]
		}
	}
	set['/'] = false
	return set, len(string(r.letters[:r.at+1]))
}

// classReader reads a class.
type classReader struct {
	letters []rune // each is a byte, see [bytewise]
	at      int
}

func (r *classReader) is(c rune) bool { return r.at < len(r.letters) && r.letters[r.at] == c }

// element reads a letter, a range or a named class; false: there is none.
func (r *classReader) element(set *class) bool {
	if name, ok := r.name(); ok {
		ranges := named[name]
		for i := 0; i < len(ranges); i += 2 {
			set.add(ranges[i], ranges[i+1])
		}
		return ranges != ""
	}
	from, ok := r.letter()
	if !ok {
		return false
	}
	set.add(from, from)
	if r.is('-') && r.at+1 < len(r.letters) && r.letters[r.at+1] != ']' {
		r.at++
		var to byte
		to, ok = r.letter()
		set.add(from, to)
	}
	return ok
}

// letter reads one, which a backslash may protect.
func (r *classReader) letter() (c byte, ok bool) {
	if r.is('\\') {
		r.at++
	}
	if r.at >= len(r.letters) {
		return 0, false
	}
	r.at++
	return byte(r.letters[r.at-1]), true
}

// name reads the name of a class.
func (r *classReader) name() (name string, ok bool) {
	rest := string(r.letters[r.at:])
	rest, ok = strings.CutPrefix(rest, "[:")
	if end := strings.IndexByte(rest, ']'); ok && end > 0 && rest[end-1] == ':' {
		r.at += len("[:") + end + 1
		return rest[:end-1], true
	}
	return "", false
}
