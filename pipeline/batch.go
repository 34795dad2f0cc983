package pipeline

import (
	"context"
	"fmt"
	"os"
	"path"
	"strings"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/storage"
)

// SheetReader finds the sheets that people lay between papers before they scan
// them, and cuts files there, isolated from this process.
type SheetReader interface {
	// LookForSheets looks at the pages first to last, counted from 1.
	LookForSheets(ctx context.Context, path string, first, last int, opts ocr.OpenOptions) ([]ocr.Seen, error)
	// CutPages writes pages as a file of their own; ok is false for formats that
	// cannot be cut.
	CutPages(ctx context.Context, path string, first, last int, out string, opts ocr.OpenOptions) (ok bool, err error)
}

// CaseFinder finds the project of a case by its number; ok is false when there is
// no such case.
type CaseFinder func(ctx context.Context, number string) (project string, ok bool, err error)

// pile is the paper behind one sheet.
type pile struct {
	sheet       *document.Sheet // nil before the first sheet
	first, last int             // pages of the batch; last < first for none
	blank       int             // of them
}

func (p pile) empty() bool { return p.last < p.first }

// batch takes a scanned batch apart at its sheets (P3.3). split is false for an
// ordinary document. Nothing is registered yet: that happens together with the end
// of the step, so that it happens once.
func (w *Worker) batch(ctx context.Context, doc document.Document, file string, facts ocr.Facts) (change storage.Change, split bool, err error) {
	if w.Sheets != nil && len(doc.Origin.Starts) > 0 {
		return w.atOrder(ctx, doc, file, facts.Extension, facts.Pages)
	}
	if w.Sheets == nil || doc.Origin.Channel != document.ChannelPhysical || isPages(doc.Origin.Batch) {
		return change, false, nil
	}
	seen, err := w.look(ctx, file, facts.Pages)
	if err != nil {
		return change, false, err
	}
	piles, sheets := pilesOf(seen)
	if sheets == 0 {
		return change, false, nil
	}
	if len(piles) == 0 {
		return change, false, document.Refuse(document.CodeEmpty, "只扫到封面页或分隔页，没有材料。请把材料放在封面页后面一起重新扫描。", "batch of sheets only")
	}
	change, ok, err := w.cutPiles(ctx, doc, file, facts.Extension, piles)
	if err != nil {
		return change, false, err
	}
	if !ok {
		return w.uncut(ctx, doc, piles[0].sheet)
	}
	change.Patch.Findings = []document.Finding{{Code: "split", Severity: "info",
		Message: fmt.Sprintf("按封面页和分隔页分成 %d 份，各自处理；原始批次完整保存", len(piles))}}
	return change, true, nil
}

// isPages reports a part that was cut out of a batch: its sheets are gone.
func isPages(b *document.PartOf) bool { return b != nil && b.First > 0 }

// lookPages is how many pages are looked at in one call: long batches must not
// hold a child beyond its time.
const lookPages = 20

func (w *Worker) look(ctx context.Context, file string, pages int) ([]ocr.Seen, error) {
	var all []ocr.Seen
	for first := 1; first <= pages; first += lookPages {
		seen, err := w.Sheets.LookForSheets(ctx, file, first, min(first+lookPages-1, pages), ocr.OpenOptions{Limits: w.cfg.Limits})
		if err != nil {
			return nil, err
		}
		all = append(all, seen...)
	}
	return all, nil
}

// pilesOf parts the pages at the sheets. A blank page behind a sheet is its back
// and goes with it. Sheets without paper behind them make no pile.
func pilesOf(seen []ocr.Seen) (piles []pile, sheets int) {
	now := pile{first: 1}
	end := func() {
		if !now.empty() {
			piles = append(piles, now)
		}
	}
	for i := 0; i < len(seen); i++ {
		if seen[i].Sheet == nil {
			now.last = i + 1
			if seen[i].Blank {
				now.blank++
			}
			continue
		}
		end()
		sheets++
		sheet := seen[i].Sheet
		if i+1 < len(seen) && seen[i+1].Sheet == nil && seen[i+1].Blank {
			i++
		}
		now = pile{sheet: sheet, first: i + 2}
	}
	end()
	return piles, sheets
}

// cutPile makes the document of one pile. ok is false when the file's format
// cannot be cut.
func (w *Worker) cutPile(ctx context.Context, doc document.Document, file, out, ext string, p pile) (part storage.Part, ok bool, err error) {
	ok, err = w.Sheets.CutPages(ctx, file, p.first, p.last, out, ocr.OpenOptions{Limits: w.cfg.Limits})
	if _, refused := document.AsRefusal(err); refused {
		return part, false, nil // readable, but not to be cut: it goes on as a whole
	}
	if !ok || err != nil {
		return part, ok, err
	}
	f, err := os.Open(out)
	if err != nil {
		return part, false, fmt.Errorf("open part: %w", err)
	}
	defer f.Close()
	name := fmt.Sprintf("%s-%d-%d%s", strings.TrimSuffix(doc.Filename, path.Ext(doc.Filename)), p.first, p.last, ext)
	info, err := w.Blobs.Put(ctx, storage.Originals, f, storage.PutOptions{Filename: name})
	if err != nil {
		return part, false, fmt.Errorf("store part: %w", err)
	}
	if _, err := storage.Reread(ctx, w.Blobs, storage.Originals, info.Digest); err != nil {
		return part, false, fmt.Errorf("read back part: %w", err)
	}
	origin, err := w.bind(ctx, doc.Origin, p.sheet)
	if err != nil {
		return part, false, err
	}
	origin.Starts = nil
	if p.sheet == nil && len(doc.Origin.Starts) > 0 {
		origin.Material = "" // what was said of the whole need not hold for each paper
	}
	origin.Batch = &document.PartOf{Document: doc.ID, Receipt: doc.Receipt, Original: doc.Original,
		First: p.first, Last: p.last, Blank: p.blank, Sheet: p.sheet}
	return storage.Part{New: storage.NewDocument{Original: info.Digest, Size: info.Size, Filename: name, Origin: origin}}, true, nil
}

// uncut goes on with the whole file where its format cannot be cut: it is bound by
// its first sheet, and a person sees to the rest.
func (w *Worker) uncut(ctx context.Context, doc document.Document, first *document.Sheet) (change storage.Change, split bool, err error) {
	origin, err := w.bind(ctx, doc.Origin, first)
	if err != nil {
		return change, false, err
	}
	change.Patch.Origin = &origin
	change.Patch.Findings = []document.Finding{{Code: codeUncut, Severity: "error",
		Message: "文件里有封面页或分隔页，但这种格式不能自动拆分，封面页仍在其中。请人工核对，或以 PDF、TIFF 重新扫描"}}
	return change, false, nil
}

// bind says what the paper behind a sheet belongs to. A cover sheet beats the
// folder; behind a separator, and before the first sheet, the folder holds.
func (w *Worker) bind(ctx context.Context, o document.Origin, s *document.Sheet) (document.Origin, error) {
	if s == nil || s.Separator {
		return o, nil
	}
	o.Case, o.Project, o.Item, o.Material, o.Folder, o.Role = s.Case, "", "", "", "", document.RoleMaterial
	if item, ok := w.Catalogue.ItemNamed(s.Item); ok {
		o.Item = item.Code
	}
	if material, ok := w.Catalogue.MaterialNamed(s.Material); ok {
		o.Material = material.Code
	}
	if w.Cases == nil {
		return o, nil
	}
	project, ok, err := w.Cases(ctx, s.Case)
	if err != nil {
		return o, away(fmt.Errorf("look for the sheet's case: %w", err))
	}
	if o.Project = project; !ok {
		o.Case, o.Project, o.Folder = "", "", s.Case // for the tray
	}
	return o, nil
}

const (
	// codePages marks a part whose pages are not as many as its cover sheet says.
	codePages = "page_count"
	// codeUncut marks a batch that could not be taken apart.
	codeUncut = "uncut"
)

// batchFindings tell what a part's cover sheet says against what came.
func (w *Worker) batchFindings(b *document.PartOf, pages int) (out []document.Finding) {
	if b == nil || b.Sheet == nil {
		return nil
	}
	add := func(code, severity, format string, args ...any) {
		out = append(out, document.Finding{Code: code, Severity: severity, Message: fmt.Sprintf(format, args...)})
	}
	// Blank backs may or may not be counted by whoever wrote the number down.
	if want := b.Sheet.Pages; want > 0 && want != pages && want != pages-b.Blank {
		add(codePages, "warning", "封面页注明 %d 页，实际扫描 %d 页%s，请核对是否漏扫、多扫或粘页", want, pages, blankNote(b.Blank))
	}
	if _, ok := w.Catalogue.ItemNamed(b.Sheet.Item); b.Sheet.Item != "" && !ok {
		add("unknown_item", "warning", "封面页上的事项 %s 不在现行目录中，按办件归类", b.Sheet.Item)
	}
	if _, ok := w.Catalogue.MaterialNamed(b.Sheet.Material); b.Sheet.Material != "" && !ok {
		add("unknown_material", "warning", "封面页上的材料 %s 不在现行目录中，按内容识别", b.Sheet.Material)
	}
	return out
}

func blankNote(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("（其中空白 %d 页）", n)
}
