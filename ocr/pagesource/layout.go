package pagesource

import (
	"fmt"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// layout is what stands on a PDF page, as far as it decides where its text
// comes from.
type layout struct {
	pictures []picture
	// cover is the last opaque picture that fills the page, nil when there is none.
	cover *picture
	// Text objects by what a reader of the page sees of them. Text drawn before
	// the cover lies under it.
	visibleText, hiddenText int
	// above counts visible things drawn over the cover, or all where there is none.
	above int
	// partial is set when the page holds more objects than were looked at.
	partial bool
}

// picture is an image as it is placed on the page.
type picture struct {
	ref           references.FPDF_PAGEOBJECT
	width, height int    // pixels as stored
	bits          int    // per pixel
	place         matrix // unit square to displayed points, y down
	opaque        bool
	plain         bool // its colours can be taken as they are: not a stencil
	colours       enums.FPDF_COLORSPACE
	jpeg          bool // stored as a JPEG file whose samples are the picture's
	cut           bool // a clip path hides part of it
}

// maxWalk bounds the objects looked at on one page. A scan has a handful.
const maxWalk = 3000

// coverShare is the part of the page a picture must fill to be the page.
const coverShare = 0.9

// survey walks the objects of the page in drawing order.
func (p *pdfPage) survey() (*layout, error) {
	l := &layout{}
	n, err := p.doc.inst.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.by})
	if err != nil {
		return nil, fmt.Errorf("count objects: %w", err)
	}
	w := walker{page: p, layout: l}
	for i := range n.Count {
		obj, err := p.doc.inst.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.by, Index: i})
		if err != nil {
			return nil, fmt.Errorf("get object: %w", err)
		}
		if err := w.visit(obj.PageObject, p.toDevice, 0); err != nil {
			return nil, err
		}
		if l.partial {
			break
		}
	}
	return l, nil
}

type walker struct {
	page   *pdfPage
	layout *layout
	seen   int
}

func (w *walker) visit(ref references.FPDF_PAGEOBJECT, to matrix, depth int) error {
	if w.seen++; w.seen > maxWalk {
		w.layout.partial = true
		w.layout.above++ // what was not looked at may be anything
		return nil
	}
	w.page.doc.handles++
	inst := w.page.doc.inst
	kind, err := inst.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: ref})
	if err != nil {
		return fmt.Errorf("get object type: %w", err)
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_TEXT:
		return w.text(ref)
	case enums.FPDF_PAGEOBJ_IMAGE:
		return w.image(ref, to)
	case enums.FPDF_PAGEOBJ_FORM:
		return w.form(ref, to, depth)
	case enums.FPDF_PAGEOBJ_PATH:
		mode, err := inst.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: ref})
		if err != nil {
			return fmt.Errorf("get draw mode: %w", err)
		}
		if mode.Stroke || mode.FillMode != enums.FPDF_FILLMODE_NONE {
			w.layout.above++
		}
	default:
		w.layout.above++
	}
	return nil
}

func (w *walker) text(ref references.FPDF_PAGEOBJECT) error {
	mode, err := w.page.doc.inst.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: ref})
	if err != nil {
		return fmt.Errorf("get text mode: %w", err)
	}
	switch mode.TextRenderMode {
	case enums.FPDF_TEXTRENDERMODE_INVISIBLE, enums.FPDF_TEXTRENDERMODE_CLIP:
		w.layout.hiddenText++
	default:
		w.layout.visibleText++
		w.layout.above++
	}
	return nil
}

func (w *walker) form(ref references.FPDF_PAGEOBJECT, to matrix, depth int) error {
	inst := w.page.doc.inst
	if depth >= 8 {
		w.layout.above++
		return nil
	}
	m, err := w.matrix(ref)
	if err != nil {
		return err
	}
	n, err := inst.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: ref})
	if err != nil {
		return nil // an empty form counts as an error
	}
	see, err := inst.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: ref})
	if err != nil {
		return fmt.Errorf("get transparency: %w", err)
	}
	before := len(w.layout.pictures)
	for i := range n.Count {
		obj, err := inst.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: ref, Index: uint64(i)})
		if err != nil {
			return fmt.Errorf("get form object: %w", err)
		}
		if err := w.visit(obj.PageObject, m.then(to), depth+1); err != nil {
			return err
		}
		if w.layout.partial {
			break
		}
	}
	if see.HasTransparency && len(w.layout.pictures) > before {
		w.layout.cover = nil // what it covers shines through
		w.layout.above++
	}
	return nil
}

func (w *walker) matrix(ref references.FPDF_PAGEOBJECT) (matrix, error) {
	got, err := w.page.doc.inst.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: ref})
	if err != nil {
		return matrix{}, fmt.Errorf("get matrix: %w", err)
	}
	m := got.Matrix
	return matrix{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)}, nil
}

func (w *walker) image(ref references.FPDF_PAGEOBJECT, to matrix) error {
	inst := w.page.doc.inst
	m, err := w.matrix(ref)
	if err != nil {
		return err
	}
	meta, err := inst.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: ref, Page: w.page.by})
	if err != nil {
		w.layout.above++ // no picture can be got from it
		return nil
	}
	see, err := inst.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: ref})
	if err != nil {
		return fmt.Errorf("get transparency: %w", err)
	}
	i := meta.ImageMetadata
	pic := picture{
		ref: ref, width: int(i.Width), height: int(i.Height), bits: int(i.BitsPerPixel),
		place: m.then(to), opaque: !see.HasTransparency,
		plain: i.Colorspace != enums.FPDF_COLORSPACE_UNKNOWN, colours: i.Colorspace,
	}
	w.layout.pictures = append(w.layout.pictures, pic)
	if !pic.opaque || !pic.plain || w.page.share(pic) < coverShare {
		w.layout.above++
		return nil
	}
	if pic.cut, err = w.page.clipped(pic); err != nil {
		return err
	}
	if pic.cut {
		w.layout.above++
		return nil
	}
	// Everything so far lies under this picture.
	w.layout.hiddenText += w.layout.visibleText
	w.layout.visibleText, w.layout.above = 0, 0
	w.layout.cover = &pic
	return nil
}

// share returns the part of the page the picture fills.
func (p *pdfPage) share(pic picture) float64 {
	x0, y0, x1, y1 := pic.place.box(0, 0, 1, 1)
	w, h := min(x1, p.width)-max(x0, 0), min(y1, p.height)-max(y0, 0)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (p.width * p.height)
}

// clipped reports whether a clip path takes more of the picture away than its
// rim. PDFium gives the paths in page space; only their extent is looked at, so
// any path of more than a rectangle's points counts as a cut.
func (p *pdfPage) clipped(pic picture) (bool, error) {
	inst := p.doc.inst
	clip, err := inst.FPDFPageObj_GetClipPath(&requests.FPDFPageObj_GetClipPath{PageObject: pic.ref})
	if err != nil {
		return false, nil // none
	}
	paths, err := inst.FPDFClipPath_CountPaths(&requests.FPDFClipPath_CountPaths{ClipPath: clip.ClipPath})
	if err != nil || paths.Count <= 0 {
		return false, nil
	}
	x0, y0, x1, y1 := pic.place.box(0, 0, 1, 1)
	x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, p.width), min(y1, p.height)
	tolerance := 0.02 * max(p.width, p.height)
	for i := range paths.Count {
		l, t, r, b, simple, err := p.clipExtent(clip.ClipPath, i)
		if err != nil {
			return false, err
		}
		if !simple || l > x0+tolerance || t > y0+tolerance || r < x1-tolerance || b < y1-tolerance {
			return true, nil
		}
	}
	return false, nil
}

func (p *pdfPage) clipExtent(clip references.FPDF_CLIPPATH, i int) (l, t, r, b float64, simple bool, err error) {
	inst := p.doc.inst
	n, err := inst.FPDFClipPath_CountPathSegments(&requests.FPDFClipPath_CountPathSegments{ClipPath: clip, PathIndex: i})
	if err != nil {
		return 0, 0, 0, 0, false, fmt.Errorf("count clip path: %w", err)
	}
	if n.Count < 1 || n.Count > 6 {
		return 0, 0, 0, 0, false, nil
	}
	for k := range n.Count {
		seg, err := inst.FPDFClipPath_GetPathSegment(&requests.FPDFClipPath_GetPathSegment{ClipPath: clip, PathIndex: i, SegmentIndex: k})
		if err != nil {
			return 0, 0, 0, 0, false, fmt.Errorf("get clip path: %w", err)
		}
		at, err := inst.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: seg.PathSegment})
		if err != nil {
			return 0, 0, 0, 0, false, fmt.Errorf("get clip point: %w", err)
		}
		x, y := p.toDevice.at(float64(at.X), float64(at.Y))
		if k == 0 {
			l, t, r, b = x, y, x, y
		}
		l, t, r, b = min(l, x), min(t, y), max(r, x), max(b, y)
	}
	return l, t, r, b, true, nil
}
