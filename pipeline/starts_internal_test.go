package pipeline

import (
	"fmt"
	"testing"

	"onewindow/approval/catalogue"
	"onewindow/classify/titlerules"
	"onewindow/document"
	"onewindow/internal/sample"
)

// starter looks for papers by the title rules.
func starter() *Worker {
	cat := catalogue.Default()
	return &Worker{Parts: Parts{Catalogue: cat, Classifier: titlerules.New(cat, titlerules.Options{})}}
}

func begins(t *testing.T, w *Worker, docs ...sample.Document) ([]int, []start) {
	t.Helper()
	starts, err := w.startsOf(t.Context(), document.Document{}, sample.Bind(false, docs...).Read(300))
	if err != nil {
		t.Fatal(err)
	}
	var at []int
	for _, s := range starts {
		at = append(at, s.page)
	}
	return at, starts
}

// TestStarts_OnePaperIsOnePaper: certificates in panels, contracts with chapters,
// reports and replies over several pages.
func TestStarts_OnePaperIsOnePaper(t *testing.T) {
	w, several := starter(), 0
	for _, kind := range sample.Kinds() {
		for seed := uint64(1); seed <= 4; seed++ {
			d := sample.Make(kind, sample.NewProject(seed), seed)
			if len(d.Pages) < 2 {
				continue
			}
			several++
			if at, starts := begins(t, w, d); len(at) > 1 {
				t.Errorf("%s, seed %d: %s", kind, seed, listed(starts))
			}
		}
	}
	if several < 200 {
		t.Errorf("only %d papers of several pages: the test proves little", several)
	}
}

// TestStarts_PilesWithoutSheets: what is not found is not cut, and what is cut begins
// where a paper begins.
func TestStarts_PilesWithoutSheets(t *testing.T) {
	w, right, piles := starter(), 0, 0
	kinds := sample.Kinds()
	for i := 0; i+2 < len(kinds); i += 3 {
		var docs []sample.Document
		want, n, typed := []int{}, 1, true
		edges := map[int]bool{}
		for _, kind := range kinds[i : i+3] {
			d := sample.Make(kind, sample.NewProject(9), 9)
			docs, want, edges[n] = append(docs, d), append(want, n), true
			n += len(d.Pages)
			typed = typed && d.Type != ""
		}
		got, starts := begins(t, w, docs...)
		for _, page := range got {
			if allSure(starts) && !edges[page] {
				t.Errorf("%v begin at %v; cut at %v: %s", kinds[i:i+3], want, got, listed(starts))
			}
		}
		if typed {
			piles++
			if fmt.Sprint(got) == fmt.Sprint(want) {
				right++
			}
		}
	}
	t.Logf("%d of %d piles are taken apart wholly", right, piles)
	if right*3 < piles*2 {
		t.Errorf("only %d of %d piles are taken apart wholly", right, piles)
	}
}

func TestStarts_PageNumbersContinue(t *testing.T) {
	for text, want := range map[string]int{"第2页": 2, "第3页共8页": 3, "共8页第4页": 4, "-5-": 5, "—12—": 12, "2/3": 2, "第2页，共3页": 2} {
		if n, ok := pageNumber(text); !ok || n != want {
			t.Errorf("%s is %d %v", text, n, ok)
		}
	}
	for _, text := range []string{"", "共8页", "第二章", "2024-05", "1200", "5/12平方米"} {
		if n, ok := pageNumber(text); ok {
			t.Errorf("%q is page %d", text, n)
		}
	}
	foot := document.Page{Height: 1000, Lines: []document.Line{{Text: "- 2 -", Box: document.Box{400, 960, 500, 980}}}}
	middle := document.Page{Height: 1000, Lines: []document.Line{{Text: "2/3", Box: document.Box{400, 500, 500, 520}}}}
	if !continued(foot) || continued(middle) {
		t.Error("a page number stands at an edge of its page")
	}
}
