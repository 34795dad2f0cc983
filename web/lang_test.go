package web

import (
	"io/fs"
	"onewindow/access"
	"regexp"
	"strings"
	"testing"
)

// words finds the texts that templates translate.
var words = regexp.MustCompile(`[{( ]t "((?:[^"\\]|\\.)*)"`)

// TestWords_EnglishHasEveryText: whoever reads English meets no page that is half
// Chinese. Names from the catalogue stay as the law has them.
func TestWords_EnglishHasEveryText(t *testing.T) {
	dict, err := dictionary(english)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := fs.Glob(files, "templates/*/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages", err)
	}
	for _, name := range append(pages, "templates/layout.html", "templates/parts.html", "templates/fields.html") {
		b, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range words.FindAllStringSubmatch(string(b), -1) {
			if dict[m[1]] == "" {
				t.Errorf("%s: no English for %q", name, m[1])
			}
			if strings.Count(m[1], "{0}") != strings.Count(dict[m[1]], "{0}") {
				t.Errorf("%s: the English of %q leaves out what is filled in", name, m[1])
			}
		}
	}
	for _, table := range []map[string]string{actionTexts, subjectTexts, verbTexts, whyText, kindText, sourceText, formText} {
		for _, text := range table {
			if dict[text] == "" {
				t.Errorf("no English for %q", text)
			}
		}
	}
}

func TestLocal_LeadsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"/documents?state=done": "/documents?state=done", "": "/", "https://evil.example/": "/", "//evil.example": "/",
		`/\evil.example`: "/", "javascript:alert(1)": "/", "documents": "/", "/a\r\nSet-Cookie: x": "/", "/v/AB": "/v/AB",
	} {
		if got := local(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestZip_NamesLeadNowhere(t *testing.T) {
	used := map[string]bool{}
	for _, number := range []string{"../../etc/passwd", `..\..\x`, "1/2", "1/2", "", "."} {
		name := zipName(resultNumbered(number), used)
		if strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
			t.Errorf("%q became %q", number, name)
		}
	}
	if len(used) != 6 {
		t.Errorf("%d names for 6 files", len(used))
	}
}

// Every role has a name: a box to tick without one is no label.
func TestEveryRoleHasAName(t *testing.T) {
	for _, r := range access.Roles() {
		if roleText[r] == "" {
			t.Errorf("role %s has no name", r)
		}
	}
}
