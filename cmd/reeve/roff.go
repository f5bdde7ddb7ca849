package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"reeve/cmd/reeve/internal/pattern"
)

// roff is a manual page in the making, in the macros of man(7) that groff and mandoc
// agree on.
type roff struct {
	strings.Builder
	began bool // the section has begun, and so a paragraph is to be set off
}

// roffWidth is how long a source line of filled text may get, in bytes.
const roffWidth = 78

// title begins the page.
func (r *roff) title(p manPage, b build) {
	r.line(`.TH "` + roffText(strings.ToUpper(p.name)) + `" ` + p.section + ` "` + b.date + `" "reeve ` + roffText(b.version) + `" "reeve"`)
}

func (r *roff) line(text string) {
	r.WriteString(text + "\n")
	r.began = true
}

func (r *roff) heading(text string) {
	r.line(`.SH "` + roffText(text) + `"`)
	r.began = false
}

// paragraph sets plain text, filled.
func (r *roff) paragraph(text string) {
	if r.began {
		r.line(".PP")
	}
	r.fill(roffProse(text))
}

// item sets a term, which is roff already, and what it means.
func (r *roff) item(term, text string) {
	r.line(".TP")
	r.line(term)
	r.fill(roffProse(text))
}

// example sets lines as they are.
func (r *roff) example(lines []string) {
	r.line(".IP")
	r.line(".EX")
	for _, l := range lines {
		r.line(roffLine(roffText(l)))
	}
	r.line(".EE")
}

// prose sets what reeve help says: paragraphs, columns and examples, with an empty line
// between them.
func (r *roff) prose(text string) {
	for block := range strings.SplitSeq(strings.Trim(text, "\n"), "\n\n") {
		lines := strings.Split(block, "\n")
		if items := columnsIn(lines); items != nil {
			for _, i := range items {
				r.item(roffLine(roffBold(i.term)), i.text)
			}
		} else if strings.HasPrefix(lines[0], " ") || strings.Contains(lines[0], "   ") {
			r.example(withoutIndent(lines))
		} else {
			r.paragraph(strings.Join(lines, " "))
		}
	}
}

// fill writes words into lines of a moderate length.
func (r *roff) fill(text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > roffWidth {
			r.line(roffLine(line))
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	r.line(roffLine(line))
}

// column is a row of a text in two columns.
type column struct{ term, text string }

// columnRow finds the two columns: a number with a dot, or words, a gap, and the rest.
// What goes on with | is a line of the log.
var columnRow = pattern.New(`^ *(?:(\d+\.) |(\S+(?: \S+)*) {2,})([^ |].*)$`)

// columnsIn takes lines in two columns apart. There are none if any line is something
// else, or if there is one line alone.
func columnsIn(lines []string) []column {
	var rows []column
	second := 0
	for _, l := range lines {
		found := columnRow().FindStringSubmatchIndex(l)
		indent := len(l) - len(strings.TrimLeft(l, " "))
		switch {
		case rows != nil && indent == second:
			rows[len(rows)-1].text += " " + l[indent:]
		case found == nil:
			return nil
		default:
			begin := utf8.RuneCountInString(l[:found[6]])
			if rows != nil && begin != second {
				return nil
			}
			second = begin
			rows = append(rows, column{strings.TrimSpace(l[:found[6]]), l[found[6]:]})
		}
	}
	if len(lines) < 2 {
		return nil
	}
	return rows
}

// withoutIndent takes off the blanks that all lines have in front.
func withoutIndent(lines []string) []string {
	least := len(lines[0])
	for _, l := range lines {
		least = min(least, len(l)-len(strings.TrimLeft(l, " ")))
	}
	var bare []string
	for _, l := range lines {
		bare = append(bare, l[least:])
	}
	return bare
}

// roffSpecial has the characters that roff would take for something else, and those that
// it would make prettier than a shell can read.
var roffSpecial = map[rune]string{
	'\\': `\e`, '-': `\-`, '\'': `\(aq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`, '"': `\(dq`,
}

// roffText is text as it is to be read.
func roffText(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch special := roffSpecial[r]; {
		case special != "":
			out.WriteString(special)
		case r >= utf8.RuneSelf:
			fmt.Fprintf(&out, `\[u%04X]`, r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func roffBold(text string) string   { return `\fB` + roffText(text) + `\fR` }
func roffItalic(text string) string { return `\fI` + roffText(text) + `\fR` }

// flagInRoff finds flags in text that is roff already.
var flagInRoff = pattern.New(`(^|[ (])((?:\\-){1,2}[a-z](?:[a-z]|\\-[a-z])*)`)

// roffProse is text in which flags are bold.
func roffProse(text string) string {
	return flagInRoff().ReplaceAllString(roffText(text), `${1}\fB${2}\fR`)
}

// placeholder finds what stands for something else in a usage line.
var placeholder = pattern.New(`[A-Z][A-Z]*…?`)

// roffUsage is a usage in which what stands for something else is italic.
func roffUsage(text string) string {
	var out strings.Builder
	end := 0
	for _, at := range placeholder().FindAllStringIndex(text, -1) {
		out.WriteString(roffText(text[end:at[0]]) + roffItalic(text[at[0]:at[1]]))
		end = at[1]
	}
	return out.String() + roffText(text[end:])
}

// roffLine keeps a line of text from being taken for a request.
func roffLine(text string) string {
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
