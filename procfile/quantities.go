package procfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Quantity is one "web=2" of a formation's specification.
type Quantity struct {
	// Type is a process type or "all".
	Type string
	// Count is at least 0.
	Count int
}

// Quantities are the items of a specification in the order given, each name
// once. Nil is the empty specification.
type Quantities []Quantity

// Count returns the number given for a process type, or for "all", and whether
// there is one. A number for "all" says nothing about any other name here; who
// takes part in "all" is decided by [Procfile.Formation].
func (q Quantities) Count(typ string) (int, bool) {
	for _, item := range q {
		if item.Type == typ {
			return item.Count, true
		}
	}
	return 0, false
}

// ParseFormation reads a specification such as "web=2,worker=3,all=1", the
// spelling of foreman's -m. Blanks around names, numbers and commas do not
// matter, nor do empty items, so the empty specification is fine.
//
// Errors are an item that is not NAME=NUMBER, a number that is not whole, is
// negative or has no place in an int, and a name given twice. All are reported
// at once, one line each; the items without error are returned beside them.
// Whether a name exists only a Procfile can tell, see [Procfile.Formation].
func ParseFormation(spec string) (Quantities, error) {
	quantities, errs := parseQuantities(spec)
	return quantities, errors.Join(errs...)
}

func parseQuantities(spec string) (quantities Quantities, errs []error) {
	for item := range strings.SplitSeq(spec, ",") {
		item = strings.Trim(item, blanks)
		if item == "" {
			continue
		}
		q, err := parseQuantity(item)
		if _, twice := quantities.Count(q.Type); err == nil && twice {
			err = fmt.Errorf("formation %s: %s is given twice", clip(item), clip(q.Type))
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		quantities = append(quantities, q)
	}
	return quantities, errs
}

func parseQuantity(item string) (Quantity, error) {
	name, number, equals := strings.Cut(item, "=")
	name, number = strings.TrimRight(name, blanks), strings.TrimLeft(number, blanks)
	if !equals || name == "" || number == "" {
		return Quantity{}, fmt.Errorf("formation %s: write NAME=NUMBER, as in web=2", clip(item))
	}
	// Atoi would take a sign; +2 reads like an increment, which it is not.
	if strings.Trim(number, "0123456789") != "" {
		return Quantity{}, fmt.Errorf("formation %s: the number must be whole and at least 0", clip(item))
	}
	count, err := strconv.Atoi(number)
	if err != nil {
		return Quantity{}, fmt.Errorf("formation %s: the number is too large", clip(item))
	}
	return Quantity{Type: name, Count: count}, nil
}
