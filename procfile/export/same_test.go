package export

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	standard "text/template"
	"text/template/parse"

	"reeve/procfile/export/internal/template"
)

// TestSame compares what is made of reeve's own templates with what text/template makes of
// them. It knows no views, so its templates ask a function for what is in those.
func TestSame(t *testing.T) {
	bare, user := plainApp(), fullApp()
	user.Units, user.User, user.Log = "user", "", ""
	for _, f := range Formats {
		set := standardSet(t, *f)
		for name, a := range map[string]App{"plain": bare, "full": fullApp(), "user": user, "cron": cronApp()} {
			if name == "cron" && !f.Schedules {
				continue
			}
			if name == "user" && !f.ForUser() {
				continue
			}
			files, _, err := f.Export(a, nil)
			if err != nil {
				t.Fatal(err)
			}
			a, _ = f.timed(f.placed(a))
			a, _ = f.fit(a)
			for n, p := range f.pages(a) {
				p.Page.Format, p.Page.App = f.Name, a
				var want strings.Builder
				if err := set.ExecuteTemplate(&want, p.template, p.Page); err != nil || want.String() != string(files[n].Content) {
					t.Errorf("%s of %s: %s, %v, want\n%s", p.path, name, files[n].Content, err, want.String())
				}
			}
		}
	}
}

// standardSet are a format's templates for text/template.
func standardSet(t *testing.T, f Format) *standard.Template {
	t.Helper()
	ask := func(of any, names string, args ...any) (any, error) {
		return asked(slices.Concat(commonView(), f.viewed()), of, strings.Split(names, "."), args)
	}
	set := standard.New("").Funcs(functions()).Funcs(standard.FuncMap{"ask": ask})
	for _, name := range f.Templates() {
		one := standard.Must(set.New(name).Parse(f.DefaultTemplate(name)))
		rewrite(reflect.ValueOf(one.Root))
	}
	return set
}

// asked follows names from a value to what they stand for. The last one gets the arguments.
func asked(view []template.Method, of any, names []string, args []any) (any, error) {
	v := reflect.Indirect(reflect.ValueOf(of))
	if !v.IsValid() {
		return nil, errors.New("there is nothing to ask")
	}
	in := []reflect.Value{v}
	if len(names) == 1 {
		for _, arg := range args {
			in = append(in, reflect.ValueOf(arg))
		}
	}
	at := slices.IndexFunc(view, func(m template.Method) bool {
		return m.Name == names[0] && reflect.TypeOf(m.Func).In(0) == v.Type()
	})
	var value any
	if at < 0 {
		value = v.FieldByName(names[0]).Interface()
	} else {
		method := reflect.ValueOf(view[at].Func)
		for n, arg := range in {
			if arg.Kind() == reflect.Pointer {
				in[n] = reflect.Indirect(arg)
			}
		}
		value = method.Call(in)[0].Interface()
	}
	if len(names) == 1 {
		return value, nil
	}
	return asked(view, value, names[1:], args)
}

// rewrite turns what a template asks of values into calls of ask.
func rewrite(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*parse.Tree]() {
			rewrite(v.Elem())
		}
	case reflect.Slice:
		for n := range v.Len() {
			rewrite(v.Index(n))
		}
	case reflect.Struct:
		if cmd, ok := v.Addr().Interface().(*parse.CommandNode); ok {
			rewriteCommand(cmd)
		}
		for n := range v.NumField() {
			if v.Type().Field(n).IsExported() {
				rewrite(v.Field(n))
			}
		}
	}
}

func rewriteCommand(cmd *parse.CommandNode) {
	for n, arg := range cmd.Args {
		call := askFor(arg)
		switch {
		case call == nil:
		case n == 0:
			cmd.Args = append(call, cmd.Args[1:]...)
			rewriteCommand(cmd)
			return
		default:
			cmd.Args[n] = &parse.PipeNode{NodeType: parse.NodePipe, Cmds: []*parse.CommandNode{{NodeType: parse.NodeCommand, Args: call}}}
		}
	}
}

// askFor is a call of ask in place of an argument; nil if that asks for nothing.
func askFor(arg parse.Node) []parse.Node {
	base, names := parse.Node(&parse.DotNode{NodeType: parse.NodeDot}), []string(nil)
	switch n := arg.(type) {
	case *parse.FieldNode:
		names = n.Ident
	case *parse.VariableNode:
		base, names = &parse.VariableNode{NodeType: parse.NodeVariable, Ident: n.Ident[:1]}, n.Ident[1:]
	case *parse.ChainNode:
		base, names = n.Node, n.Field
	}
	if len(names) == 0 {
		return nil
	}
	path := strings.Join(names, ".")
	return []parse.Node{parse.NewIdentifier("ask"), base, &parse.StringNode{NodeType: parse.NodeString, Text: path, Quoted: strconv.Quote(path)}}
}
