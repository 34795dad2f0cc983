package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onewindow/approval"
)

func resultNumbered(number string) approval.Result {
	return approval.Result{TypeName: "许可证", Number: number, MediaType: "application/pdf"}
}

func TestAssets_StyleIsKeptForEverAndSmall(t *testing.T) {
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/{name}", a)
	r := httptest.NewRequest("GET", "/assets/"+a.style, nil)
	r.Header.Set("Accept-Encoding", "br, gzip")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Encoding") != "gzip" ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("answered %d %v", w.Code, w.Header())
	}
	if w.Body.Len() > 20_000 {
		t.Errorf("the style sheet takes %d bytes", w.Body.Len())
	}
	for _, name := range []string{"nothing.js", "manifest.json", ".built", "..%2fweb.go"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", "/assets/"+name, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", name, w.Code)
		}
	}
}

// TestStyle_OneSetOfColours: colours stand in the tokens only.
func TestStyle_OneSetOfColours(t *testing.T) {
	for _, name := range []string{"2-base.css", "3-parts.css", "4-forms.css"} {
		b, err := built.ReadFile("ui/css/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "#") && strings.Contains(strings.ReplaceAll(string(b), "href", ""), ": #") {
			t.Errorf("%s names a colour of its own", name)
		}
		if strings.Contains(string(b), "italic") {
			t.Errorf("%s asks for italics, which Chinese has not", name)
		}
	}
}
