// Package roff writes manual pages from plain text, in the macros of man(7) that groff and
// mandoc agree on.
//
// Text is written as it would be read on a terminal: an empty line ends a paragraph, lines that
// begin with blanks are an example, and lines in two columns become a list. So the same text can
// be printed as it is. Flags are set in bold wherever they are mentioned.
package roff

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"reeve/internal/pattern"
)

// Page is a manual page in the making.
type Page struct {
	strings.Builder
	began bool // the section has begun, and so a paragraph is to be set off
}

// width is how long a source line of filled text may get, in bytes.
const width = 78

// Title is what stands at the top and the bottom of a page.
type Title struct{ Name, Section, Version, Date string }

// Begin begins the page, with its title and with its name and what that means in a line.
func (p *Page) Begin(t Title, summary string) {
	p.line(`.TH "` + Text(strings.ToUpper(t.Name)) + `" ` + t.Section + ` "` + t.Date + `" "reeve ` + Text(t.Version) + `" "reeve"`)
	p.Heading("NAME")
	p.line(Text(t.Name) + ` \- ` + Text(summary))
}

// Synopsis is the section with what to type: a command, and what may follow.
func (p *Page) Synopsis(command, usage string) {
	p.Heading("SYNOPSIS")
	p.line(strings.TrimSpace(Bold(command) + " " + Usage(usage)))
}

func (p *Page) line(text string) {
	p.WriteString(text + "\n")
	p.began = true
}

func (p *Page) Heading(text string) {
	p.line(`.SH "` + Text(text) + `"`)
	p.began = false
}

// Paragraph sets plain text, filled.
func (p *Page) Paragraph(text string) {
	if p.began {
		p.line(".PP")
	}
	p.Fill(withFlags(text))
}

// Item sets a term, which is roff already, and what it means.
func (p *Page) Item(term, text string) {
	p.line(".TP")
	p.line(term)
	p.Fill(withFlags(text))
}

// example sets lines as they are.
func (p *Page) example(lines []string) {
	p.line(".IP")
	p.line(".EX")
	for _, l := range lines {
		p.line(safeLine(Text(l)))
	}
	p.line(".EE")
}

// Prose sets what reeve help says: paragraphs, columns and examples, with an empty line
// between them.
func (p *Page) Prose(text string) {
	for block := range strings.SplitSeq(strings.Trim(text, "\n"), "\n\n") {
		lines := strings.Split(block, "\n")
		if items := columnsIn(lines); items != nil {
			for _, i := range items {
				p.Item(safeLine(Bold(i.term)), i.text)
			}
		} else if strings.HasPrefix(lines[0], " ") || strings.Contains(lines[0], "   ") {
			p.example(withoutIndent(lines))
		} else {
			p.Paragraph(strings.Join(lines, " "))
		}
	}
}

// Fill writes words into lines of a moderate length.
func (p *Page) Fill(text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			p.line(safeLine(line))
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	p.line(safeLine(line))
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
		found := columnRow.Get().FindStringSubmatchIndex(l)
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

// special has the characters that roff would take for something else, and those that
// it would make prettier than a shell can read.
var special = map[rune]string{
	'\\': `\e`, '-': `\-`, '\'': `\(aq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`, '"': `\(dq`,
}

// Text is text as it is to be read.
func Text(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch escape := special[r]; {
		case escape != "":
			out.WriteString(escape)
		case r >= utf8.RuneSelf:
			fmt.Fprintf(&out, `\[u%04X]`, r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func Bold(text string) string   { return `\fB` + Text(text) + `\fR` }
func Italic(text string) string { return `\fI` + Text(text) + `\fR` }

// flagInRoff finds flags in text that is roff already.
var flagInRoff = pattern.New(`(^|[ (])((?:\\-){1,2}[a-z](?:[a-z]|\\-[a-z])*)`)

// withFlags is text in which flags are bold.
func withFlags(text string) string {
	return flagInRoff.Get().ReplaceAllString(Text(text), `${1}\fB${2}\fR`)
}

// placeholder finds what stands for something else in a usage line.
var placeholder = pattern.New(`[A-Z][A-Z]*…?`)

// Usage is a usage in which what stands for something else is italic.
func Usage(text string) string {
	var out strings.Builder
	end := 0
	for _, at := range placeholder.Get().FindAllStringIndex(text, -1) {
		out.WriteString(Text(text[end:at[0]]) + Italic(text[at[0]:at[1]]))
		end = at[1]
	}
	return out.String() + Text(text[end:])
}

// safeLine keeps a line of text from being taken for a request.
func safeLine(text string) string {
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
