package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTrail_EveryActionIsSaidInChinese looks through the whole program for what is
// written to the trail: supervisors read it.
func TestTrail_EveryActionIsSaidInChinese(t *testing.T) {
	actions, verbs := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			gather(n, actions, verbs)
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(actions) < 40 || len(verbs) < 25 {
		t.Errorf("only %d actions and %d verbs were found: the test proves little", len(actions), len(verbs))
	}
	for a := range actions {
		if words := actionWords(a); words[0] == a {
			t.Errorf("%s has no words", a)
		}
	}
	for v := range verbs {
		if verbTexts[v] == "" {
			t.Errorf("what is done to an entry, %q, has no words", v)
		}
	}
}

var word = regexp.MustCompile(`^[a-z_]+$`)

// gather takes the actions of audit entries, and the verbs given to Note and Keep.
func gather(n ast.Node, actions, verbs map[string]bool) {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Action" {
			if text, ok := literal(n.Value); ok && strings.Contains(text, ".") {
				actions[text] = true
			}
		}
	case *ast.CallExpr:
		name, at := "", -1
		switch f := n.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		switch {
		case name == "Note" && len(n.Args) == 4:
			at = 1
		case name == "Keep" && len(n.Args) >= 6:
			at = 4
		}
		if at >= 0 {
			if text, ok := literal(n.Args[at]); ok && word.MatchString(text) {
				verbs[text] = true
			}
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
