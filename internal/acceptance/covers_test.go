package acceptance_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"onewindow/document"
	"onewindow/stamp/stamptest"
)

// sheetsOf reads the codes of printed sheets.
func (w *town) sheetsOf(a *answer) (out []document.Sheet) {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "covers.pdf")
	if err := os.WriteFile(path, a.want(http.StatusOK).body, 0o600); err != nil {
		w.t.Fatal(err)
	}
	for i, img := range stamptest.Render(w.t, path, 150) {
		s, ok := document.ParseSheet(stamptest.ZXing(w.t, img))
		if !ok {
			w.t.Fatalf("page %d has no code of a sheet", i+1)
		}
		out = append(out, s)
	}
	return out
}

func TestP3_3_WindowPrintsCoverSheetsOfItsCase(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	number := w.ask("clerk", "GET", "/v1/cases/"+id, nil).text("number")
	covers := "/v1/cases/" + id + "/cover-sheets"

	whole := w.sheetsOf(w.ask("clerk", "GET", covers, nil))
	if want := (document.Sheet{Case: number}); len(whole) != 1 || whole[0] != want {
		t.Errorf("without materials: %+v", whole)
	}
	two := w.sheetsOf(w.ask("clerk", "GET", covers+"?materials=unified-form,business-licence&pages=12,0&separator=true", nil))
	want := []document.Sheet{{Case: number, Item: landUse, Material: "UNIFIED-FORM", Pages: 12},
		{Case: number, Item: landUse, Material: "BUSINESS-LICENCE"}, {Separator: true}}
	if len(two) != 3 || two[0] != want[0] || two[1] != want[1] || two[2] != want[2] {
		t.Errorf("two materials and a separator: %+v, want %+v", two, want)
	}
	list := w.ask("clerk", "GET", "/v1/cases/"+id+"/checklist", nil)
	missing := w.sheetsOf(w.ask("clerk", "GET", covers+"?missing=true", nil))
	if len(missing) != len(list.at("missing").([]any)) || len(missing) == 0 {
		t.Errorf("%d sheets for what is missing: %s", len(missing), list.body)
	}
	w.ask("clerk", "GET", covers+"?materials=no-such", nil).want(http.StatusUnprocessableEntity).says("materials", "no-such")
	w.ask("clerk", "GET", covers+"?materials=unified-form&pages=1,2", nil).want(http.StatusUnprocessableEntity).says("pages")
	w.ask("clerk", "GET", covers+"?pages=-1", nil).want(http.StatusUnprocessableEntity).says("pages")
	w.ask("clerk-elsewhere", "GET", covers, nil).want(http.StatusNotFound)
	w.ask("applicant", "GET", covers, nil).want(http.StatusForbidden)
}
