package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"reeve/internal/asjson"
)

func jsonJournal() *journal { return newJournal(NewJSON()) }

// jsonWeb is a stream with everything that JSON tells of one.
func jsonWeb() *Stream {
	s := NewStream(-1, Label{Name: "web.1", Type: "web"})
	s.Pid, s.Source = 12, "stderr"
	return s
}

const jsonHead = `{"time":"2024-05-17T12:00:00.123456789Z","process":"web.1","type":"web","pid":12,"stream":"stderr",`

func TestJSONLines(t *testing.T) {
	for text, want := range map[string]string{
		"a\n":                          `"message":"a"`,
		"last words":                   `"message":"last words"`,
		"\n":                           `"message":""`,
		"a\r\n":                        `"message":"a\r"`,
		`"quoted" \` + "\n":            `"message":"\"quoted\" \\"`,
		"\t\x00\x1b[31m\x07\x7f\n":     `"message":"\t\u0000\u001b[31m\u0007` + "\x7f" + `"`,
		"é€🙂 </a> & \u2028\n":          `"message":"é€🙂 </a> & ` + "\u2028" + `"`,
		"\u0080\u009b2J\u009f\u00a0\n": `"message":"\u0080\u009b2J\u009f` + "\u00a0" + `"`,
		"{\"a\":\"\u009b2J\u00a0é\"}":  `"message":{"a":"\u009b2J` + "\u00a0é" + `"}`,
		"{\"a\":\r2}\r\n":              `"message":{"a": 2} `,
		"\xff\xc3a\xe2\x82\n":          `"message":"\ufffd\ufffda\ufffd\ufffd"`,
		"\ufffd\n":                     `"message":"` + "\ufffd" + `"`,
		`{"a":1,"b":[{}]}` + "\n":      `"message":{"a":1,"b":[{}]}`,
		" \t{\"a\": 1} \r\n":           `"message":{"a": 1}  `,
		`{}`:                           `"message":{}`,
		`{"a":1`:                       `"message":"{\"a\":1"`,
		`{"a":1} {}`:                   `"message":"{\"a\":1} {}"`,
		"{\"a\":\"\xff\"}":             `"message":"{\"a\":\"\ufffd\"}"`,
		`{"a":"\ud83d\ude42\\ud83d"}`:  `"message":{"a":"\ud83d\ude42\\ud83d"}`,
		`{"a":"\ud83d"}`:               `"message":"{\"a\":\"\\ud83d\"}"`,
		`{"a":"\uD83D\ud83d"}`:         `"message":"{\"a\":\"\\uD83D\\ud83d\"}"`,
		`{"a":"\ude42 "}`:              `"message":"{\"a\":\"\\ude42 \"}"`,
		`{'a':1}`:                      `"message":"{'a':1}"`,
		`[1,2]`:                        `"message":"[1,2]"`,
		`12`:                           `"message":"12"`,
		`true`:                         `"message":"true"`,
		`null`:                         `"message":"null"`,
		`"a"`:                          `"message":"\"a\""`,
		strings.Repeat("x", 100000):    `"message":"` + strings.Repeat("x", 100000) + `"`,
	} {
		for _, size := range []int{1, 2, readSize} {
			j, s := jsonJournal(), jsonWeb()
			j.writeInPieces(s, text, size)
			j.close(s)
			checkJSON(t, j.out)
			want := strings.Replace(want, `"message":{"a": 1}`, `"message":`+" \t"+`{"a": 1}`, 1)
			if got := string(j.out); got != jsonHead+want+"}\n" {
				t.Errorf("%.100q in pieces of %d\ngot  %.300q\nwant %.300q", text, size, got, jsonHead+want+"}\n")
			}
		}
	}
}

// checkJSON wants one JSON object a line, and returns them.
func checkJSON(t *testing.T, out []byte) (objects []map[string]json.RawMessage) {
	t.Helper()
	for _, line := range naiveLines(out) {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(line, &object); err != nil {
			t.Errorf("%.300q: %v", line, err)
		}
		objects = append(objects, object)
	}
	return objects
}

func TestJSONSaysOnlyWhatItKnows(t *testing.T) {
	j := jsonJournal()
	j.write(NewStream(-1, Label{Name: "web.1"}), "a\n")
	j.write(onPty("web"), "b\r\n")
	j.want(t, `{"time":"2024-05-17T12:00:00.123456789Z","process":"web.1","message":"a"}
{"time":"2024-05-17T12:00:00.123456789Z","process":"web","type":"web","message":"b"}
`)
}

func TestJSONEvents(t *testing.T) {
	j := jsonJournal()
	j.out = j.notice(j.out, Notice{
		Label: Label{Name: "web.1", Type: "web"}, Pid: 12, Event: "exited",
		Fields: []Field{{"code", 1}, {"signal", "SIG\"X\""}, {"left", []int{3, 4}}, {"nan", math.NaN()}},
		Text:   "web.1 exited\nwith code 1",
	})
	j.out = j.notice(j.out, Notice{Event: "stopping"})
	j.want(t, `{"time":"2024-05-17T12:00:00.123456789Z","process":"web.1","type":"web","pid":12,"event":"exited",`+
		`"code":1,"signal":"SIG\"X\"","left":[3,4],"nan":null,"text":"web.1 exited\nwith code 1"}
{"time":"2024-05-17T12:00:00.123456789Z","process":"system","event":"stopping"}
`)
	checkJSON(t, j.out)
}

func TestJSONShowsNoOpenLine(t *testing.T) {
	j, s := jsonJournal(), jsonWeb()
	j.write(s, "name? ")
	j.wait(s)
	j.out = j.open(j.out, s)
	j.want(t, "")
	j.write(s, "bob\n")
	j.out = j.end(j.out)
	j.want(t, jsonHead+`"message":"name? bob"}`+"\n")
}

func TestJSONCutsLongLines(t *testing.T) {
	text := string(longText(3<<20 + 1))
	j, s := jsonJournal(), jsonWeb()
	j.writeInPieces(s, text+"\nnext\n", 60001)
	objects := checkJSON(t, j.out)
	if len(objects) < 4 {
		t.Fatalf("%d objects", len(objects))
	}
	var joined strings.Builder
	for i, o := range objects[:len(objects)-1] {
		if partial := o["partial"] != nil; partial != (i < len(objects)-2) {
			t.Errorf("piece %d: partial is %s", i, o["partial"])
		}
		message := messageOf(t, o)
		if len(message) > maxLine {
			t.Errorf("piece %d has %d bytes", i, len(message))
		}
		joined.WriteString(message)
	}
	if joined.String() != text {
		t.Errorf("the pieces have %d bytes and not the line's %d, or others", joined.Len(), len(text))
	}
	if got := messageOf(t, objects[len(objects)-1]); got != "next" {
		t.Errorf("the next line is %q", got)
	}
}

// The last piece of a line is no object of its own, even where it looks like one.
func TestJSONPieceIsNoObject(t *testing.T) {
	for _, end := range []string{"\n", ""} {
		j, s := jsonJournal(), jsonWeb()
		j.write(s, strings.Repeat("x", maxLine)+"{}"+end)
		j.close(s)
		if objects := checkJSON(t, j.out); len(objects) != 2 || messageOf(t, objects[1]) != "{}" {
			t.Errorf("the pieces are %.100q", objects)
		}
	}
}

func messageOf(t *testing.T, object map[string]json.RawMessage) (s string) {
	t.Helper()
	if err := json.Unmarshal(object["message"], &s); err != nil {
		t.Errorf("the message %.100q: %v", object["message"], err)
	}
	return s
}

// Objects that go as deep as encoding/json reads, and one level deeper.
func TestJSONDeepObjects(t *testing.T) {
	for _, depth := range []int{9999, 10000, 10001} {
		j := jsonJournal()
		j.write(jsonWeb(), strings.Repeat(`{"a":`, depth-1)+"{}"+strings.Repeat("}", depth-1)+"\n")
		checkJSON(t, j.out)
	}
}

// Every line is a JSON object that tells the line as it was, in UTF-8.
func FuzzJSON(f *testing.F) {
	addText(f)
	f.Fuzz(func(t *testing.T, text []byte, size uint8) {
		j, s := jsonJournal(), jsonWeb()
		j.writeInPieces(s, string(text), int(size)+1)
		j.close(s)
		objects, lines := checkJSON(t, j.out), naiveLines(text)
		if len(objects) != len(lines) {
			t.Fatalf("%d lines, not %d: %q", len(objects), len(lines), j.out)
		}
		for i, line := range lines {
			checkMessage(t, objects[i]["message"], line)
		}
	})
}

// inObject is what stands in an object for what may not be there raw.
func inObject(line []byte) []byte {
	line = bytes.ReplaceAll(line, []byte("\r"), []byte(" "))
	for r := rune(0x80); r < 0xa0; r++ {
		line = bytes.ReplaceAll(line, []byte(string(r)), fmt.Appendf(nil, `\u%04x`, r))
	}
	return line
}

func checkMessage(t *testing.T, message json.RawMessage, line []byte) {
	t.Helper()
	if bytes.HasPrefix(message, []byte("{")) {
		if want := bytes.TrimSpace(inObject(line)); !bytes.Equal(bytes.TrimSpace(message), want) {
			t.Errorf("%q is the object %q", line, message)
		}
		return
	}
	var got string
	if err := json.Unmarshal(message, &got); err != nil {
		t.Errorf("%q is %q: %v", line, message, err)
	}
	if want := string([]rune(string(line))); got != want { // U+FFFD for each byte that is not UTF-8
		t.Errorf("%q is %q, not %q", line, got, want)
	}
}

// Eight bytes are escaped at once, so every byte is tried at every place among them.
func TestJSONEscapesEveryByteAnywhere(t *testing.T) {
	for b := range 256 {
		for at := range 20 {
			line := []byte("plain text, longer than 16")
			line[at] = byte(b)
			checkMessage(t, asjson.AppendText(nil, line), line)
		}
	}
}
