package verify

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

// pieces are what generated values are made of. Nothing here does harm where Ruby's
// reader or dotenv-expand executes it.
var pieces = []string{
	"a", "bc", "7", "é", "=", ":", ".", ",", "/", "-", "}", "%", "@", "{", "[", "]",
	" ", " ", "\t", "#", " #", "'", `"`, `'`, `"`, `\`, `\\`, `\$`, `\"`, `\'`, `\n`, `\t`, `\x`, "`",
	"$V", "$V}", "${V}", "$E", "${E}", "$U", "${U}", "${lower}", "${V", "${}", "$", "$$", "$5",
	"${V:-d}", "${E:-d}", "${U:-d}", "${E-d}", "${U-d}", "${U:-d e}", "${U:-}", "${U:-$V}", "${U:-${V}}", "${V:+d}", "${E+d}", "${U:+d}", "${V:?d}",
	"\n",
}

// generate makes files with one value and a line after it, a third of them in each kind
// of quotes.
func generate(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	var texts []string
	for i := range n {
		quote := []string{"", `"`, "'"}[i%3]
		var b strings.Builder
		for range random.IntN(6) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		key := []string{"A", "A", "A", "2A", "A.b", "A-B"}[random.IntN(6)]
		text := key + "=" + quote + b.String() + quote
		if random.IntN(4) == 0 {
			text += []string{" ", "\t# c", " # c", "#c"}[random.IntN(4)]
		}
		texts = append(texts, text+"\nZ=z\n")
	}
	return texts
}

// reading is what reeve makes of a text.
type reading struct {
	answer
	warned bool
}

// TestGenerated: what reeve reads without a word of check, others read in the same way,
// or it is one of the differences that the documentation names.
func TestGenerated(t *testing.T) {
	texts := generate(8000)
	var readings []reading
	for _, text := range texts {
		a, warned := ours(t, text)
		readings = append(readings, reading{a, warned})
	}
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			answers := r.read(t, texts)
			count := map[string]int{}
			for i, text := range texts {
				class := compare(r.name, text, readings[i], answers[i])
				if count[class]++; class == "wrong" {
					t.Errorf("%q: %q, reeve %q", text, answers[i], readings[i].answer)
				}
			}
			t.Log(count)
			for _, d := range differences {
				if count[d.name] == 0 && d.texts[r.name] != nil {
					// The system may have a newer version than the one that the page is about.
					t.Logf("nothing differs by %s any more", d.name)
				}
			}
		})
	}
}

// compare says how an answer differs from reeve's.
func compare(name, text string, r reading, theirs answer) string {
	switch {
	case r.answer == nil:
		return "refused by reeve"
	case theirs != nil && maps.Equal(r.answer, theirs):
		return "equal"
	case r.warned:
		return "warned of"
	}
	for _, d := range differences {
		if p := d.texts[name]; p != nil && p.MatchString(text) {
			return d.name
		}
	}
	return "wrong"
}
