package requirements

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// Requirement is one sentence of the guideline.
type Requirement struct {
	ID    string // e.g. "V2.6"
	Class string // S software, P organisational, I information
	Quote string
}

var heading = regexp.MustCompile(`^### (\S+) \((\w)\)`)

// Read takes the requirements out of docs/domain/requirements.md.
func Read(path string) ([]Requirement, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open requirements: %w", err)
	}
	defer f.Close()
	var all []Requirement
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if m := heading.FindStringSubmatch(lines.Text()); m != nil {
			all = append(all, Requirement{ID: m[1], Class: m[2]})
		} else if quote, ok := strings.CutPrefix(lines.Text(), "> "); ok && len(all) > 0 && all[len(all)-1].Quote == "" {
			all[len(all)-1].Quote = quote
		}
	}
	return all, lines.Err()
}

// Test is a test function and where it stands.
type Test struct{ Name, Package string }

// Tests lists the test functions of a source tree.
func Tests(root string) ([]Test, error) {
	var all []Test
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		found, err := testsIn(root, path)
		all = append(all, found...)
		return err
	})
	sort.Slice(all, func(i, k int) bool {
		return all[i].Package+all[i].Name < all[k].Package+all[k].Name
	})
	return all, err
}

func testsIn(root, path string) ([]Test, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse tests: %w", err)
	}
	pkg, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var out []Test
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
			out = append(out, Test{fn.Name.Name, filepath.ToSlash(pkg)})
		}
	}
	return out, nil
}

// prefix is how the tests of a requirement begin: V2.6 -> TestV2_6_, G.8 -> TestG8_.
func prefix(id string) string {
	letters, number, found := strings.Cut(id, ".")
	if found && len(letters) == 1 {
		return "Test" + letters + number + "_"
	}
	return "Test" + strings.ReplaceAll(id, ".", "_") + "_"
}

// Render writes the table.
func Render(reqs []Requirement, tests []Test) string {
	var b strings.Builder
	b.WriteString(head)
	var open []string
	proved := 0
	for _, r := range reqs {
		names := proving(r, tests)
		if len(names) > 0 {
			proved++
		} else if r.Class != "I" {
			open = append(open, r.ID)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, r.Class, short(r.Quote), strings.Join(names, "<br>"))
	}
	fmt.Fprintf(&b, "\n%d requirements, %d with a test of their own, %d still without one.\n", len(reqs), proved, len(open))
	fmt.Fprintf(&b, "\n## Not proved yet\n\n%s\n", strings.Join(open, ", "))
	b.WriteString("\n## Acceptance tests of the watermark (domain/watermark.md)\n\n| # | tests |\n|---|---|\n")
	for n := 1; n <= 10; n++ {
		names := proving(Requirement{ID: fmt.Sprintf("W%d", n), Class: "watermark"}, tests)
		fmt.Fprintf(&b, "| W%d | %s |\n", n, strings.Join(names, "<br>"))
	}
	return b.String()
}

const head = `# Requirements and their proof

Made by ` + "`go generate ./internal/requirements`" + ` from the names of the tests; a test fails when this page is stale.
Class: S software must do it, P software supports an organisation's duty, I information only.
The requirements in full: [domain/requirements.md](domain/requirements.md).

| ID | class | guideline | tests |
|---|---|---|---|
`

func proving(r Requirement, tests []Test) []string {
	if r.ID == "W1" && r.Class == "I" {
		return nil // W1 of the guideline asks for nothing; TestW1_ is the watermark's
	}
	var names []string
	for _, t := range tests {
		if proves(t.Name, r.ID) {
			names = append(names, fmt.Sprintf("`%s` (%s)", t.Name, t.Package))
		}
	}
	return names
}

// proves reports whether a test says that it proves a requirement. A test of the
// watermark may name several: TestW4_W5_.
func proves(test, id string) bool {
	rest, ok := strings.CutPrefix(test, prefix(id))
	if strings.Contains(id, ".") {
		return ok
	}
	return ok && !numbered.MatchString(rest) || strings.Contains(test, "_"+id+"_")
}

// numbered begins the rest of a test's name that belongs to a part: TestW2_4_ proves
// W2.4 of the guideline, not W2 of the watermark.
var numbered = regexp.MustCompile(`^\d+_`)

// short is the beginning of a quote, enough to recognise it.
func short(quote string) string {
	runes := []rune(strings.ReplaceAll(quote, "|", "\\|"))
	if len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return string(runes)
}
