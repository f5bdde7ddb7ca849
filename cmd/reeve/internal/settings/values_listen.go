package settings

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/held"
)

// listenValue is TYPE or TYPE=ADDRESS, or several of them with commas.
type listenValue map[string]held.Address

func (*listenValue) String() string { return "" }
func (*listenValue) Type() string   { return "listen" }
func (v *listenValue) Set(s string) error {
	items := splitList(s)
	if len(items) == 0 {
		return errEmpty
	}
	for _, item := range items {
		typ, text, has := strings.Cut(item, "=")
		if typ = strings.TrimSpace(typ); typ == "" {
			return errors.New("must be TYPE or TYPE=ADDRESS, as in web or web=0.0.0.0:8080")
		}
		address := held.Own()
		if has {
			var err error
			if address, err = held.Parse(strings.TrimSpace(text)); err != nil {
				return fmt.Errorf("the address of %s: %w", typ, err)
			}
		}
		putAll((*map[string]held.Address)(v), map[string]held.Address{typ: address})
	}
	return nil
}

// put replaces the value of a type.
func (v *listenValue) put(stronger value) {
	putAll((*map[string]held.Address)(v), *stronger.(*listenValue))
}

func (v *listenValue) about(typ string) string {
	address, ok := (*v)[typ]
	return fmt.Sprint(address, ok)
}

func (v *listenValue) names() []string { return slices.Collect(maps.Keys(*v)) }
func (v *listenValue) expand(g Groups) error {
	return expand((*map[string]held.Address)(v), g)
}

func (v *listenValue) drop(types map[string]bool) {
	dropTypes((*map[string]held.Address)(v), types)
}
