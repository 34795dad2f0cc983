package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"onewindow/casework"
	"onewindow/document"
	"onewindow/pipeline"
	"onewindow/storage"
)

// sheet is the page that the viewer shows, and the others beside it.
type sheet struct {
	Number, Count int
	Width, Height int    // of the page in pixels, the space boxes are in
	Image         string // address of the picture; "" when there is none to show
	Copy          string // what the picture is of: copyOriginal, copyMarked, copyPreview
	Copies        []string
	Boxes         []box
	Strip         []int  // the page numbers beside it
	Text          string // what was read on it
}

// box is the place of a value on the page.
type box struct {
	Key, Label    string
	X, Y, W, H    float64
	Doubtful, Bad bool
}

// What a picture can be of.
const (
	copyOriginal = "original" // as it came
	copyMarked   = "marked"   // the published file with its watermark
	copyPreview  = "preview"  // as the published file will look
)

// stripPages is how many pages the strip shows around the current one.
const stripPages = 40

// sheetOf finds the page asked for (?page=, ?copy=), if there is one to show. The
// picture of a quarantined file is shown to nobody (G.8).
func (s *pages) sheetOf(r *http.Request, doc document.Document, rows []fieldRow) (sheet, error) {
	out := sheet{Count: doc.Pages, Number: within(r.URL.Query().Get("page"), doc.Pages)}
	out.Copies = s.copies(r, doc)
	if len(out.Copies) == 0 || doc.Pages == 0 {
		return sheet{}, nil
	}
	out.Copy = out.Copies[0]
	if wish := r.URL.Query().Get("copy"); contains(out.Copies, wish) {
		out.Copy = wish
	}
	out.Image = fmt.Sprintf("/documents/%s/pages/%d?copy=%s", doc.ID, out.Number, out.Copy)
	for n := max(1, out.Number-stripPages/2); n <= doc.Pages && len(out.Strip) < stripPages; n++ {
		out.Strip = append(out.Strip, n)
	}
	page, err := s.readPage(r.Context(), doc, out.Number)
	if err != nil {
		return sheet{}, err
	}
	out.Width, out.Height, out.Text = page.Width, page.Height, page.Text()
	if out.Copy == copyOriginal && page.Width > 0 {
		out.Boxes = boxesOn(out.Number, rows)
	}
	return out, nil
}

// within reads a page number, 1 for anything else.
func within(text string, count int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > count {
		return 1
	}
	return n
}

// pictured reports whether there may be pictures of a document: not before the
// screening for secrecy, and of no file that was stopped (G.8).
func pictured(doc document.Document) bool {
	switch doc.State {
	case document.StateQuarantined, document.StatePurged, document.StateReceived, document.StateInspecting, document.StateRefused,
		document.StateSplit: // its parts are screened, one by one
		return false
	}
	return doc.Pages > 0
}

// copies are what somebody may see of a document, best first.
func (s *pages) copies(r *http.Request, doc document.Document) []string {
	who, _ := whoOf(r.Context())
	if !pictured(doc) {
		return nil
	}
	var out []string
	result := s.Desk.IsResult(doc)
	if who.MayDocumentOriginal(doc, s.documentUnit(r, doc), result) {
		out = append(out, copyOriginal)
	}
	switch {
	case result && doc.State == document.StateDone && doc.Publication != nil:
		out = append(out, copyMarked)
	case result && doc.State == document.StateNeedsReview && len(out) > 0:
		out = append(out, copyPreview)
	}
	return out
}

func boxesOn(number int, rows []fieldRow) []box {
	var out []box
	for _, f := range rows {
		if f.Page == number && f.Located() {
			out = append(out, box{Key: f.Key, Label: f.Label, X: f.Box[0], Y: f.Box[1], W: f.Box.Width(), H: f.Box.Height(), Doubtful: f.Doubtful})
		}
	}
	return out
}

// readPage is a page as read, zero when it was not read yet.
func (s *pages) readPage(ctx context.Context, doc document.Document, number int) (document.Page, error) {
	read, err := pipeline.ReadPages(ctx, s.Records, s.Desk.Blobs, doc.ID, doc.Generation)
	if err != nil {
		return document.Page{}, err
	}
	for _, p := range read {
		if p.Number == number {
			return p, nil
		}
	}
	return document.Page{}, nil
}

// Sizes of pictures in pixels: a whole A4 page at 300 dpi, a drawing looked at
// closely, and a thumbnail.
const (
	pixelsPage  = 9_000_000
	pixelsClose = 36_000_000
	pixelsThumb = 45_000
)

func pixelsOf(size string) int64 {
	switch size {
	case "thumb":
		return pixelsThumb
	case "close":
		return pixelsClose
	}
	return pixelsPage
}

// pagePicture answers with the picture of a page. Browsers keep it and ask each
// time whether they may still show it.
func (s *pages) pagePicture(w http.ResponseWriter, r *http.Request) {
	doc, err := s.visible(r)
	if err != nil {
		http.Error(w, "没有找到，或无权查看", http.StatusNotFound)
		return
	}
	allowed := s.copies(r, doc)
	wish := r.URL.Query().Get("copy")
	if wish == "" && len(allowed) > 0 { // whatever of it may be seen
		wish = allowed[0]
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if !contains(allowed, wish) || err != nil || number < 1 || number > doc.Pages {
		s.pictures.forget(doc.ID)
		http.Error(w, "没有找到，或无权查看", http.StatusNotFound)
		return
	}
	size := r.URL.Query().Get("size")
	tag := fmt.Sprintf(`"%s-%d-%d-%s-%d-%s"`, doc.ID, doc.Generation, versionOf(doc, wish), wish, number, size)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	who, _ := whoOf(r.Context())
	if size != "thumb" && doc.Origin.By != who.Account {
		if err := s.auditRead(r, "document.page.read", string(doc.ID)); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	picture, err := s.pictures.get(r.Context(), doc.ID, tag, func(ctx context.Context) ([]byte, error) {
		return s.draw(ctx, doc, wish, number, pixelsOf(size))
	})
	if err != nil {
		s.noPicture(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(picture) // whoever left does not need the rest
}

// versionOf changes whenever a picture would: a preview shows the fields.
func versionOf(doc document.Document, wish string) int64 {
	if wish == copyPreview {
		return doc.Version
	}
	return 0
}

func (s *pages) noPicture(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Del("ETag")
	if r.Context().Err() != nil {
		return
	}
	if refusal, ok := document.AsRefusal(err); ok {
		http.Error(w, refusal.Message, http.StatusUnprocessableEntity)
		return
	}
	s.Log.Error("picture failed", "error", err)
	http.Error(w, "暂时无法显示这一页", http.StatusInternalServerError)
}

func (s *pages) draw(ctx context.Context, doc document.Document, wish string, number int, pixels int64) ([]byte, error) {
	p := casework.PagePicture{Page: number, MaxPixels: pixels}
	if wish == copyMarked {
		artifacts, err := s.Records.Artifacts(ctx, doc.ID, doc.Generation)
		if err != nil {
			return nil, err
		}
		for _, a := range artifacts {
			if a.Kind == document.ArtifactDelivered {
				p.Class, p.Digest = storage.Derived, a.Digest
				return s.Desk.Picture(ctx, p)
			}
		}
		return nil, errors.New("no delivered file")
	}
	page, err := s.readPage(ctx, doc, number)
	if err != nil {
		return nil, err
	}
	if p.Class, p.Digest, err = s.Desk.Readable(ctx, doc); err != nil {
		return nil, err
	}
	if wish == copyPreview {
		return s.Desk.Preview(ctx, doc, p)
	}
	p.Turn = page.Rotation
	return s.Desk.Picture(ctx, p)
}
