package env

import "strings"

// quoting is how a value is quoted, as the quote itself.
type quoting byte

const (
	unquoted     quoting = 0
	singleQuoted quoting = '\''
	doubleQuoted quoting = '"'
	backticked   quoting = '`'
)

// maxDepth is how deep a ${ } can be inside others.
const maxDepth = 20

// valueScanner reads a value into pieces.
type valueScanner struct {
	*scanner
	st   *statement
	body string
	at   int
}

// pieces gives the statement the value that stands in body, and counts its lines.
func (s *scanner) pieces(st *statement, body string) {
	st.source = body
	v := valueScanner{scanner: s, st: st, body: body}
	st.value = v.read(0)
	if st.quote == unquoted {
		trim(st.value)
	}
}

// unquoted gives the statement the value that is the rest of a line.
func (s *scanner) unquoted(st *statement, text string) {
	s.pieces(st, text)
	value := strings.Trim(st.source, blanks)
	if strings.HasPrefix(value, "-----BEGIN ") && !strings.Contains(value, "-----END ") {
		s.problem(s.line, st.key+": "+openKey)
	}
}

// trim takes away the blanks around a value, though not those in a variable's.
func trim(value []piece) {
	if len(value) == 0 {
		return
	}
	if first := &value[0]; first.name == "" {
		first.text = strings.TrimLeft(first.text, blanks)
	}
	if last := &value[len(value)-1]; last.name == "" {
		last.text = strings.TrimRight(last.text, blanks)
	}
}

// read reads up to the end, or inside of braces up to their }. Pieces of text that
// meet are one.
func (v *valueScanner) read(depth int) (all []piece) {
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			all = append(all, piece{text: text.String()})
			text.Reset()
		}
	}
	for v.at < len(v.body) && (depth == 0 || v.body[v.at] != '}') {
		if depth == 0 && v.st.quote == unquoted && v.atComment() {
			v.st.source, v.st.comment = v.body[:v.at], v.body[v.at:]
			break
		}
		p := v.piece(depth)
		if p.name == "" {
			text.WriteString(p.text)
			continue
		}
		flush()
		all = append(all, p)
	}
	flush()
	return all
}

// atComment reports whether the # of a comment comes next: one after a blank.
func (v *valueScanner) atComment() bool {
	return v.body[v.at] == '#' && v.at > 0 && strings.IndexByte(blanks, v.body[v.at-1]) >= 0
}

// piece reads the next piece: an escape, a reference or plain text.
func (v *valueScanner) piece(depth int) piece {
	rest := v.body[v.at:]
	switch {
	case rest[0] == '\\':
		text, width := v.st.quote.unescape(rest)
		v.at += width
		return piece{text: text}
	case rest[0] == '$' && v.st.quote.expands():
		return v.reference(depth)
	}
	size := 1
	if end := strings.IndexAny(rest[1:], v.stops()); end >= 0 {
		size += end
	} else {
		size = len(rest)
	}
	v.at += size
	v.line += strings.Count(rest[:size], "\n")
	return piece{text: rest[:size]}
}

// stops are the characters at which plain text may end.
func (v *valueScanner) stops() string {
	switch v.st.quote {
	case unquoted:
		return `\$}#`
	case doubleQuoted:
		return `\$}`
	}
	return `\`
}

func (q quoting) expands() bool { return q == unquoted || q == doubleQuoted }

// unescape reads what begins with a backslash: the text it stands for and how
// long it was. Where nothing is escaped that is the backslash alone.
func (q quoting) unescape(s string) (text string, width int) {
	const written, meant = "$`\"\\nrt'", "$`\"\\\n\r\t'"
	escapes := ""
	switch q {
	case unquoted:
		escapes = "$"
	case doubleQuoted:
		escapes = "$`\"\\nrt"
	case singleQuoted:
		escapes = "'"
	}
	if len(s) > 1 && strings.IndexByte(escapes, s[1]) >= 0 {
		i := strings.IndexByte(written, s[1])
		return meant[i : i+1], 2
	}
	return `\`, 1
}

// reference reads what begins with a $.
func (v *valueScanner) reference(depth int) piece {
	rest := v.body[v.at+1:]
	if strings.HasPrefix(rest, "{") {
		return v.braces(depth)
	}
	name := nameIn(rest)
	v.at += 1 + len(name)
	if name == "" {
		if next := rest[:min(1, len(rest))]; !strings.Contains(v.st.dollars, next) {
			v.st.dollars += next
		}
		return piece{text: "$"}
	}
	return piece{name: name}
}

// braces is reference for ${…}. After a problem the scan goes on after what has been
// read, so that it takes no longer than the text is long.
func (v *valueScanner) braces(depth int) (p piece) {
	line := v.line
	v.at += len("${")
	p.name = nameInBraces(v.body[v.at:])
	v.at += len(p.name)
	p.op = operatorIn(v.body[v.at:])
	v.at += len(p.op)
	rest := v.body[v.at:]
	wrong := ""
	switch {
	case depth == maxDepth:
		wrong, v.at = tooDeep, len(v.body)
	case rest == "":
		wrong = openBrace
	case p.name == "", p.op == plain && rest[0] != '}':
		wrong = badReference
	default:
		p.word = v.read(depth + 1)
		if v.at == len(v.body) {
			wrong = openBrace
			break
		}
		v.at++
		return p
	}
	v.problem(line, v.st.key+": "+wrong)
	return piece{}
}

// operatorIn is the operator that s begins with, or plain.
func operatorIn(s string) operator {
	for _, op := range operators {
		if strings.HasPrefix(s, string(op)) {
			return op
		}
	}
	return plain
}
