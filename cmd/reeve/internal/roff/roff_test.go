package roff

import "testing"

func TestProse(t *testing.T) {
	const text = `A paragraph about --this-flag
and .dots, \n and 'quotes'.

    --one TYPE    a row of "two" columns
    two words     another one,
                  which goes on

    1. first
       still first
    2. second

    .an example   # which is
      not in columns

15:04:05 web.1    | a line of the log
15:04:05 system   | another one
`
	const want = `A paragraph about \fB\-\-this\-flag\fR and .dots, \en and \(aqquotes\(aq.
.TP
\fB\-\-one TYPE\fR
a row of \(dqtwo\(dq columns
.TP
\fBtwo words\fR
another one, which goes on
.TP
\fB1.\fR
first still first
.TP
\fB2.\fR
second
.IP
.EX
\&.an example   # which is
  not in columns
.EE
.IP
.EX
15:04:05 web.1    | a line of the log
15:04:05 system   | another one
.EE
`
	var p Page
	p.Prose(text)
	if p.String() != want {
		t.Errorf("got\n%s\nwant\n%s", p.String(), want)
	}
}
