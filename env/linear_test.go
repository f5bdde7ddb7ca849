package env

import (
	"strings"
	"testing"
	"time"
)

// hardFiles are files of about size bytes that are hard to read in linear time.
func hardFiles(size int) map[string]string {
	return map[string]string{
		"lines":     strings.Repeat("A=1\n", size/4),
		"holes":     "A='" + strings.Repeat(`"`, size) + "'",
		"escapes":   `A="` + strings.Repeat(`\n`, size/2) + `"`,
		"refs":      "A=" + strings.Repeat("$B", size/2),
		"shields":   "A=" + strings.Repeat("\ue000", size/3),
		"letters":   "A=" + strings.Repeat("é", size/2),
		"blanks":    "A=b" + strings.Repeat(" ", size) + "#",
		"comments":  strings.Repeat("#\n", size/2),
		"braces":    `A="` + strings.Repeat("${", size/2) + `"`,
		"defaults":  "A=" + strings.Repeat("${B:-", size/5),
		"quotes":    strings.Repeat("A=\"\\\"\n", size/6),
		"nested":    "A=" + strings.Repeat("${B:-", size/6) + strings.Repeat("}", size/6),
		"deep":      strings.Repeat("A="+strings.Repeat("${B:-", 15)+strings.Repeat("}", 15)+"\n", size/100),
		"words":     `A="` + strings.Repeat("${B:-${C}}", size/10) + `"`,
		"dollars":   "A=" + strings.Repeat("$5", size/2),
		"closed":    "A=" + strings.Repeat("}#", size/2),
		"escaped":   "A='" + strings.Repeat(`\' `, size/3),
		"endings":   strings.Repeat("A='\\'\n", size/7),
		"open":      strings.Repeat("A='\\' #\n", size/9) + "'",
		"backticks": strings.Repeat("A=`\n", size/4),
		"lone":      "A=`" + strings.Repeat("x\n", size/2),
		"own name":  strings.Repeat("A=$A\n", size/5),
		"names":     strings.Repeat("NAME\n", size/5),
		"odd":       "A=" + strings.Repeat("\u00a0", size/2),
		"problems":  strings.Repeat("a\n", size/2),
	}
}

// TestParseIsLinear has a limit that only a quadratic parser reaches.
func TestParseIsLinear(t *testing.T) {
	for name, src := range hardFiles(maxFile / 4) {
		begin := time.Now()
		parse(src, nil)
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// BenchmarkParse: the largest file there can be takes well under a second.
func BenchmarkParse(b *testing.B) {
	for name, src := range hardFiles(maxFile) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				parse(src, nil)
			}
		})
	}
}
