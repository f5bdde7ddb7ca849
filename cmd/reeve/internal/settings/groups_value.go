package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// groupValue is NAME=TYPE+TYPE, or several of them with commas.
type groupValue Groups

func (*groupValue) String() string { return "" }

func (*groupValue) Type() string { return "group" }

func (v *groupValue) described() string { return fmt.Sprint(map[string][]string(*v)) }

func (v *groupValue) Set(s string) error {
	all := orderValue(*v)
	if err := all.Set(s); err != nil {
		return errors.New("must be NAME=TYPE+TYPE, as in admin=api+ui")
	}
	for name, types := range all {
		switch {
		case IsGroup(name):
			return fmt.Errorf("%s is called %s where it is defined", name, name[len(groupSign):])
		case strings.ContainsAny(name, " \t*?[]\\.:"+groupSign):
			return fmt.Errorf("%q cannot be the name of a group: use letters, digits, _ and -", name)
		case slices.ContainsFunc(types, IsGroup):
			return fmt.Errorf("%s: a group has process types, not other groups", name)
		}
	}
	*v = groupValue(all)
	return nil
}

// put replaces a group.
func (v *groupValue) put(stronger value) {
	putAll((*map[string][]string)(v), *stronger.(*groupValue))
}

func (v *groupValue) names() (types []string) {
	for _, of := range *v {
		types = append(types, of...)
	}
	return types
}

// drop leaves the group, though it may be empty: its name still means something.
func (v *groupValue) drop(types map[string]bool) {
	left := groupValue{}
	for name, of := range *v {
		left[name] = slices.DeleteFunc(slices.Clone(of), func(typ string) bool { return types[typ] })
	}
	if *v != nil {
		*v = left
	}
}

// setGroup defines a group, as a line of the table of groups says.
func (s *source) setGroup(row Row, of setting) error {
	where := of.where
	where.Message = groupTable
	return s.set(row, of.key+"="+strings.Join(of.value, "+"), where)
}
