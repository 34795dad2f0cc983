package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"onewindow/classify"
	"onewindow/document"
	"onewindow/storage"
)

// start is a page on which another paper begins, by what stands on it.
type start struct {
	page int
	what document.Classification
}

// How surely a page alone must say what it begins: by its title from 0.8 on, from
// 0.7 on when more than the title says so (words, columns, a number of the type). On
// pages that the paper before it usually has, only from 0.9 on: the plan of a real
// estate certificate reads like one of a survey. On 230 synthetic papers of several
// pages nothing then begins by mistake.
const (
	sureStart   = 0.8
	weakStart   = 0.7
	insideStart = 0.9
)

func (s start) sure() bool {
	return s.what.Confidence >= sureStart || s.what.Confidence >= weakStart && len(s.what.Evidence) >= 2
}

// startsOf looks for the papers of a scan that was made in one go without sheets
// between them: pages that by themselves are the first page of another type than
// the paper before them. The first start is page 1. Fewer than two are one paper.
func (w *Worker) startsOf(ctx context.Context, doc document.Document, pages []document.Page) ([]start, error) {
	var out []start
	for i, p := range pages {
		if p.Blank {
			continue
		}
		c, err := w.Classifier.Classify(ctx, classify.Question{Pages: []document.Page{p}, Role: doc.Origin.Role, Among: w.among(doc.Origin)})
		if err != nil {
			return nil, fmt.Errorf("classify page: %w", err)
		}
		known := c.Recognized() && c.Confidence >= weakStart
		switch {
		case len(out) == 0 && !known:
			return nil, nil // where nobody knows what the first paper is nothing can differ from it
		case len(out) == 0:
			out = append(out, start{1, c})
		case known && c.Code != out[len(out)-1].what.Code && !continued(p) && (c.Confidence >= insideStart || !w.expected(out[len(out)-1], i+1)):
			out = append(out, start{i + 1, c})
		}
	}
	if len(out) < 2 || !slices.ContainsFunc(out[1:], start.sure) {
		return nil, nil
	}
	return out, nil
}

// expected reports a page that documents of a type usually have: a real estate
// certificate has its plan on page 3.
func (w *Worker) expected(of start, page int) bool {
	t, ok := w.Catalogue.ResultType(of.what.Code)
	if m, is := w.Catalogue.Material(of.what.Code); is && m.ResultDoc != "" {
		t, ok = w.Catalogue.ResultType(m.ResultDoc)
	}
	return ok && page-of.page < t.Layout.Pages[1]
}

// allSure reports whether every paper is surely one.
func allSure(starts []start) bool {
	return !slices.ContainsFunc(starts, func(s start) bool { return !s.sure() })
}

// continued reports a page that says that it is not the first of its paper: 第2页,
// 共3页第2页, - 2 -, at its head or foot.
func continued(p document.Page) bool {
	for _, l := range p.Lines {
		text := strings.Join(strings.Fields(l.Text), "")
		if p.Height > 0 && l.Box[1] > 0.08*float64(p.Height) && l.Box[3] < 0.92*float64(p.Height) {
			continue // a page number stands at an edge
		}
		if n, ok := pageNumber(text); ok && n > 1 {
			return true
		}
	}
	return false
}

// numbered are the forms in which pages say which they are.
var numbered = regexp.MustCompile(`^(?:第(\d+)页(?:[/,，]?共\d+页)?|共\d+页[,，]?第(\d+)页|[-—–](\d+)[-—–]|(\d+)/\d+)$`)

// pageNumber reads a line that is a page number and nothing else.
func pageNumber(text string) (int, bool) {
	m := numbered.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(cmp.Or(m[1], m[2], m[3], m[4]))
	return n, err == nil
}

// several takes a scan apart that holds several papers, where people scan piles:
// at the window, for no named entry. Elsewhere, where a start is less sure, and
// behind a report, whose annexes are papers too, a person is told what seems to
// begin where. split is false when
// the document goes on as one; the change then carries what is to be told.
func (w *Worker) several(ctx context.Context, doc document.Document, pages []document.Page) (change storage.Change, split bool, err error) {
	if len(pages) < 2 || doc.Origin.Role == document.RoleResult {
		return change, false, nil
	}
	starts, err := w.startsOf(ctx, doc, pages)
	if err != nil || len(starts) < 2 {
		return change, false, err
	}
	if w.Sheets != nil && doc.Origin.Channel == document.ChannelPhysical && !isPages(doc.Origin.Batch) && doc.Origin.Material == "" && allSure(starts) && !w.hasAnnexes(starts) {
		change, split, err = w.cutAtStarts(ctx, doc, pages, starts)
		if split || err != nil {
			return change, split, err
		}
	}
	change.Patch.Findings = append(doc.Findings, document.Finding{Code: codeSeveral, Severity: "warning",
		Message: "这份文件里可能有几份材料：" + listed(starts) + "。请核对，需要时拆分"})
	return change, false, nil
}

// codeSeveral marks a file in which several papers seem to be.
const codeSeveral = "several"

// hasAnnexes reports whether one of the papers is of a kind that carries copies of
// others behind it.
func (w *Worker) hasAnnexes(starts []start) bool {
	for _, s := range starts[:len(starts)-1] {
		if m, ok := w.Catalogue.Material(s.what.Code); ok && (m.Source == "third_party" || m.Source == "form") {
			return true
		}
	}
	return false
}

func listed(starts []start) string {
	var parts []string
	for _, s := range starts {
		text := fmt.Sprintf("第%d页起是%s", s.page, s.what.Name)
		if len(s.what.Evidence) > 0 {
			text += "（" + s.what.Evidence[0] + "）"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "；")
}

// cutAtStarts cuts the original where papers begin.
func (w *Worker) cutAtStarts(ctx context.Context, doc document.Document, pages []document.Page, starts []start) (storage.Change, bool, error) {
	file, giveBack, err := w.working(ctx, doc)
	if err != nil {
		return storage.Change{}, false, err
	}
	defer giveBack()
	var from []int
	for _, s := range starts[1:] {
		from = append(from, s.page)
	}
	change, ok, err := w.cutPiles(ctx, doc, file, extensionOf(doc), pilesAt(from, len(pages), func(n int) bool { return pages[n-1].Blank }))
	if !ok || err != nil {
		return change, false, err
	}
	change.Patch.Findings = []document.Finding{{Code: "split", Severity: "info",
		Message: fmt.Sprintf("这份扫描件里有 %d 份材料，已拆分，各自处理：%s；原始批次完整保存", len(starts), listed(starts))}}
	return takenApart(change, doc.MediaType, doc.Pages), true, nil
}

// pilesAt parts pages where others than the first paper begin.
func pilesAt(from []int, pages int, blank func(page int) bool) []pile {
	var out []pile
	first := 1
	for _, next := range append(from, pages+1) {
		p := pile{first: first, last: next - 1}
		for n := first; n < next; n++ {
			if blank(n) {
				p.blank++
			}
		}
		if !p.empty() {
			out = append(out, p)
		}
		first = next
	}
	return out
}

// extensionOf is the ending of what the file really is.
func extensionOf(doc document.Document) string {
	switch doc.MediaType {
	case "application/pdf":
		return ".pdf"
	case "image/tiff":
		return ".tif"
	}
	return filepath.Ext(doc.Filename)
}

// atOrder takes a file apart where a person said that other papers begin.
func (w *Worker) atOrder(ctx context.Context, doc document.Document, file, ext string, pages int) (storage.Change, bool, error) {
	change, ok, err := w.cutPiles(ctx, doc, file, ext, pilesAt(doc.Origin.Starts, pages, func(int) bool { return false }))
	if err != nil {
		return change, false, err
	}
	if !ok {
		change.Patch.Findings = []document.Finding{{Code: codeUncut, Severity: "error",
			Message: "这种格式不能拆分。请以 PDF、TIFF 重新扫描，或分开扫描"}}
		return change, false, nil
	}
	change.Patch.Findings = []document.Finding{{Code: "split", Severity: "info",
		Message: fmt.Sprintf("由人工拆成 %d 份，各自处理；原文件完整保存", len(change.Parts))}}
	return change, true, nil
}

// cutPiles cuts a file into its piles. ok is false when its format cannot be cut.
func (w *Worker) cutPiles(ctx context.Context, doc document.Document, file, ext string, piles []pile) (change storage.Change, ok bool, err error) {
	dir, err := w.desk.scratch()
	if err != nil {
		return change, false, err
	}
	defer os.RemoveAll(dir)
	for i, p := range piles {
		part, ok, err := w.cutPile(ctx, doc, file, filepath.Join(dir, fmt.Sprint(i)), ext, p)
		if !ok || err != nil {
			return storage.Change{}, false, err
		}
		change.Parts = append(change.Parts, part)
	}
	return change, true, nil
}
