package asjson

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"
)

type inner struct {
	Name string
	Type string `json:"type,omitempty"`
}

type outer struct {
	inner
	Inner inner
	Embedded
	Text    string             `json:"text"`
	Empty   string             `json:"empty,omitempty"`
	None    []string           `json:"none"`
	Gone    []string           `json:"gone,omitempty"`
	List    []inner            `json:"list"`
	Pair    [2]int             `json:"pair"`
	Counts  map[string]int     `json:"counts"`
	Groups  map[string][]inner `json:"groups,omitempty"`
	Nil     map[string]int     `json:"nil"`
	Number  float64            `json:"number"`
	Small   float32            `json:"small"`
	Pointer *float64           `json:"pointer,omitempty"`
	Null    *int               `json:"null"`
	Zero    *int               `json:"zero,omitempty"`
	Any     any                `json:"any"`
	At      time.Time          `json:"at"`
	For     time.Duration      `json:"for"`
	Byte    uint8
	Yes     bool `json:"yes"`
	No      bool `json:"no,omitempty"`
	Hidden  int  `json:"-"`
	private int
}

// Embedded is exported, as fields of what is not can be read and not set.
type Embedded struct{ Deep int }

// TestAppend has encoding/json read what is written, and compares with what that writes itself.
func TestAppend(t *testing.T) {
	number := 12.5
	at := time.Date(2026, 2, 3, 4, 5, 6, 789, time.FixedZone("", 3600))
	for _, v := range []any{
		nil, true, -7, uint16(7), 1e21, 1e-9, 123456789.0, "", "<a & \"b\">\\\t\n\x00\x7fé\u2028", []string{}, []string(nil),
		map[string]int{"b": 1, "a": 2, "": 0}, at, &number,
		outer{
			inner: inner{"n", "t"}, Inner: inner{Name: "x"}, Embedded: Embedded{4}, Text: "t", List: []inner{{}, {"a", "b"}},
			Counts: map[string]int{"x": 1, "a": 2}, Groups: map[string][]inner{"g": {{"m", ""}}}, Number: -0.25, Small: 0.1,
			Pointer: &number, Any: []any{1, "two", nil}, At: at, For: time.Second, Byte: 3, Yes: true, Hidden: 1, private: 2,
		},
	} {
		got := Append(nil, v)
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if g, w := decoded(t, got), decoded(t, want); !reflect.DeepEqual(g, w) {
			t.Errorf("%s\nis not\n%s", got, want)
		}
		if indented := decoded(t, []byte(Indented(v))); !reflect.DeepEqual(indented, decoded(t, want)) {
			t.Errorf("%s\nis not\n%s", Indented(v), want)
		}
	}
}

// TestAppendNothing has values for which JSON has no form.
func TestAppendNothing(t *testing.T) {
	for _, v := range []any{math.NaN(), math.Inf(-1), func() {}, make(chan int)} {
		if got := String(v); got != "null" {
			t.Errorf("%T is %s", v, got)
		}
	}
}

// TestOrder writes fields as they are declared, and maps by their keys.
func TestOrder(t *testing.T) {
	v := struct {
		B int `json:"b"`
		A map[string]int
	}{1, map[string]int{"y": 1, "x": 2}}
	if got, want := String(v), `{"b":1,"A":{"x":2,"y":1}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func decoded(t *testing.T, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}
