package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/ocr"
	"onewindow/storage"
)

// screen reads the first page in memory and looks for a secrecy marking before
// anything derived from the file is stored (G.8).
func (w *Worker) screen(ctx context.Context, j *job) (storage.Change, error) {
	page, err := w.readPage(ctx, j.doc, 1)
	if r, ok := document.AsRefusal(err); ok && (j.doc.Pages == 1 || !w.exhausted(j.claim, r)) {
		return storage.Change{}, err // a file whose only page cannot be read is refused for that page's reason
	} else if ok {
		page = unreadable(1, r) // an unreadable first page cannot be screened, so a person must look
	} else if err != nil {
		return storage.Change{}, err
	}
	change, secrecy, err := w.admit(ctx, j.doc, page)
	if err != nil || quarantined(change) {
		return change, err
	}
	change.Patch.Findings = append(append(j.doc.Findings, weakWords(secrecy)...), released(j.doc)...)
	state := document.StateReading
	change.Patch.State = &state
	change.Next = pageTasks(j.doc.Pages, w.cfg.PageWindow)
	if len(change.Next) == 0 {
		change.Next = []storage.NextTask{{Step: document.StepClassify}}
	}
	return change, nil
}

// pageTasks are the tasks of pages 2 to n; those beyond the window start held.
func pageTasks(n, window int) []storage.NextTask {
	var next []storage.NextTask
	for page := 2; page <= n; page++ {
		next = append(next, storage.NextTask{Step: document.StepRecognize, Page: page, Held: page-1 > window})
	}
	return next
}

// recognize reads one page. The top of every page is screened too: a batch may
// hide a classified document behind an ordinary one.
func (w *Worker) recognize(ctx context.Context, j *job) (storage.Change, error) {
	page, err := w.readPage(ctx, j.doc, j.claim.Page)
	if err != nil {
		return storage.Change{}, err
	}
	change, _, err := w.admit(ctx, j.doc, page)
	if err != nil || quarantined(change) {
		return change, err
	}
	change.Join = document.StepClassify
	return change, err
}

// admit screens a page and keeps it. Before the screening nothing of it is kept: the
// change is then the quarantine. A page too coarse refuses its document.
func (w *Worker) admit(ctx context.Context, doc document.Document, page document.Page) (change storage.Change, secrecy identifier.Screening, err error) {
	if secrecy, err = w.screened(ctx, doc, page); err != nil {
		return change, secrecy, err
	}
	if secrecy.Suspected && doc.Origin.Released == "" {
		change, err = w.quarantine(ctx, doc)
		return change, secrecy, err
	}
	if err = w.tooCoarse(page); err != nil {
		return change, secrecy, err
	}
	change, err = w.keepPage(ctx, doc, page)
	return change, secrecy, err
}

func quarantined(c storage.Change) bool {
	return c.Patch.State != nil && *c.Patch.State == document.StateQuarantined
}

// skipPage goes on without a page that cannot be read: one bad page does not
// fail a document, but a person will be told.
func (w *Worker) skipPage(ctx context.Context, c storage.Claim, r *document.Refusal) error {
	doc, err := w.Records.Document(ctx, c.Document)
	if err != nil {
		return err
	}
	change, err := w.keepPage(ctx, doc, unreadable(c.Page, r))
	if err != nil {
		return err
	}
	change.Join = document.StepClassify
	ready, err := w.Records.Finish(ctx, c, change)
	w.ring(ctx, ready)
	return err
}

func unreadable(n int, r *document.Refusal) document.Page {
	return document.Page{Number: n, Source: document.SourceOCR, Warnings: []string{unreadablePage, string(r.Code)}}
}

func (w *Worker) readPage(ctx context.Context, doc document.Document, n int) (document.Page, error) {
	return w.readPageBy(ctx, doc, n, w.engineOf(doc))
}

// engineOf is the engine that reads a document.
func (w *Worker) engineOf(doc document.Document) string {
	return cmp.Or(doc.Origin.Engine, w.cfg.Engine)
}

func (w *Worker) readPageBy(ctx context.Context, doc document.Document, n int, engine string) (document.Page, error) {
	path, giveBack, err := w.working(ctx, doc)
	if err != nil {
		return document.Page{}, err
	}
	defer giveBack()
	return w.Room.ReadPage(ctx, path, n, engine, ocr.OpenOptions{Limits: w.cfg.Limits})
}

// errTooCoarse marks the refusal of a whole document for one page.
var errTooCoarse = errors.New("page is too coarse")

// tooCoarse refuses a document with a page below the least resolution, where
// the deployment has set one. It is asked after screening: a classified scan is
// quarantined, however bad it is.
func (w *Worker) tooCoarse(p document.Page) error {
	if p.Scan == nil || p.Scan.DPI == 0 || p.Scan.DPI >= float64(w.cfg.LeastDPI) {
		return nil
	}
	return fmt.Errorf("%w: %w", errTooCoarse, document.Refuse(document.CodeUnsupported,
		fmt.Sprintf("第 %d 页清晰度不足，请重新扫描（约 %.0f dpi，要求不低于 %d dpi，建议 300 dpi）", p.Number, p.Scan.DPI, w.cfg.LeastDPI),
		"page %d has %.0f dpi, wanted %d", p.Number, p.Scan.DPI, w.cfg.LeastDPI))
}

func (w *Worker) keepPage(ctx context.Context, doc document.Document, p document.Page) (storage.Change, error) {
	kept, err := w.keepJSON(ctx, doc, document.ArtifactPageText, p.Number, p)
	if err != nil {
		return storage.Change{}, err
	}
	return storage.Change{
		Patch:     storage.DocumentPatch{PageRead: true},
		Artifacts: []document.Artifact{kept},
		Texts:     []storage.PageText{{Page: p.Number, Text: p.Text()}},
	}, nil
}

// screened looks for a marking in a page as read, and where it was read by a weaker
// engine than the screener, in the screener's reading too: which engine a city
// likes must not decide what is found to be classified. The second reading is kept
// nowhere. A page that only the screener cannot read is judged by the first.
func (w *Worker) screened(ctx context.Context, doc document.Document, p document.Page) (identifier.Screening, error) {
	s := screening(p)
	if s.Suspected || doc.Origin.Released != "" || w.cfg.Screener == "" || w.engineOf(doc) == w.cfg.Screener ||
		p.Source == document.SourceTextLayer || slices.Contains(p.Warnings, unreadablePage) {
		return s, nil
	}
	again, err := w.readPageBy(ctx, doc, p.Number, w.cfg.Screener)
	if _, refused := document.AsRefusal(err); refused {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if second := screening(again); second.Suspected {
		return second, nil
	}
	return s, nil
}

// screening looks at the head of a page for a marking that stands on a line of
// its own (GB/T 9704; grammar in validators.md chapter 8).
func screening(p document.Page) identifier.Screening {
	lines := make([]string, len(p.Lines))
	for i, l := range p.Lines {
		lines[i] = l.Text
	}
	return identifier.ScreenLines(lines)
}

// weakWords ask the operator to look; they never stop a document by themselves.
func weakWords(s identifier.Screening) []document.Finding {
	if len(s.Weak) == 0 {
		return nil
	}
	return []document.Finding{{Code: "secrecy_hint", Severity: "warning",
		Message: "首页出现“" + strings.Join(s.Weak, "、") + "”字样，请确认是否涉密或不宜公开"}}
}

// released tells whoever works on the file that the security officer looked at it.
func released(doc document.Document) []document.Finding {
	if doc.Origin.Released == "" {
		return nil
	}
	return []document.Finding{{Code: "secrecy_released", Severity: "info",
		Message: "曾因疑似涉密被隔离，已由保密员核实后解除隔离"}}
}

// systemActor stands in the audit trail for the pipeline itself.
const systemActor = "system"

func sortPages(pages []document.Page) {
	sort.Slice(pages, func(i, k int) bool { return pages[i].Number < pages[k].Number })
}
