package pattern

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	p := New(`^a+$`)
	if p.compiled != nil || !p.Get().MatchString("aa") || p.Get().MatchString("b") || p.Get() != p.compiled {
		t.Errorf("the pattern is %+v", p)
	}
}

// TestNothingIsCompiledAtTheStart reads the program: none of its variables is a regular
// expression that each start has to compile.
func TestNothingIsCompiledAtTheStart(t *testing.T) {
	files := token.NewFileSet()
	for _, part := range []string{"cmd", "env", "internal", "output", "procfile", "supervisor", "watch"} {
		err := filepath.WalkDir(filepath.Join("..", "..", part), func(path string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case e.IsDir() && e.Name() == "testdata", e.IsDir() && e.Name() == "trial":
				return fs.SkipDir
			case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			for _, d := range file.Decls {
				if vars, ok := d.(*ast.GenDecl); ok && vars.Tok == token.VAR {
					ast.Inspect(vars, func(n ast.Node) bool { return !compiles(t, files, n) })
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// compiles reports a node that makes a regular expression, or says that what is in it
// runs later.
func compiles(t *testing.T, files *token.FileSet, n ast.Node) bool {
	if of, ok := n.(*ast.SelectorExpr); ok && of.Sel.Name == "MustCompile" {
		t.Errorf("%v: this is compiled at every start: use pattern.New", files.Position(n.Pos()))
	}
	_, later := n.(*ast.FuncLit)
	return later
}
