package pagesource

import (
	"fmt"
	"image"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// pdfPage is a loaded page.
type pdfPage struct {
	doc           *pdfDoc
	ref           references.FPDF_PAGE
	by            requests.Page
	width, height float64 // in points, as displayed: /Rotate applied
	toDevice      matrix  // page space to displayed points, origin top left, y down
}

// load loads page i, counted from 0.
func (d *pdfDoc) load(i int) (*pdfPage, error) {
	loaded, err := d.inst.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.ref, Index: i})
	if err != nil {
		return nil, fmt.Errorf("load page: %w", err)
	}
	p := &pdfPage{doc: d, ref: loaded.Page}
	p.by = requests.Page{ByReference: &p.ref}
	if err := p.measure(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *pdfPage) close() {
	_, err := p.doc.inst.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: p.ref})
	_ = ignoreTrap(err)
}

// measure learns the size and how page space maps to the displayed page.
func (p *pdfPage) measure() error {
	w, err := p.doc.inst.FPDF_GetPageWidthF(&requests.FPDF_GetPageWidthF{Page: p.by})
	if err != nil {
		return fmt.Errorf("get page width: %w", err)
	}
	h, err := p.doc.inst.FPDF_GetPageHeightF(&requests.FPDF_GetPageHeightF{Page: p.by})
	if err != nil {
		return fmt.Errorf("get page height: %w", err)
	}
	box, err := p.doc.inst.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: p.by})
	if err != nil {
		return fmt.Errorf("get page box: %w", err)
	}
	rot, err := p.doc.inst.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: p.by})
	if err != nil {
		return fmt.Errorf("get page rotation: %w", err)
	}
	p.width, p.height = float64(w.PageWidth), float64(h.PageHeight)
	if !(p.width > 0 && p.height > 0) {
		return fmt.Errorf("page of %g x %g points", p.width, p.height)
	}
	l, b, r, t := float64(box.Rect.Left), float64(box.Rect.Bottom), float64(box.Rect.Right), float64(box.Rect.Top)
	switch rot.PageRotation & 3 {
	case 0:
		p.toDevice = matrix{1, 0, 0, -1, -l, t}
	case 1:
		p.toDevice = matrix{0, 1, 1, 0, -b, -l}
	case 2:
		p.toDevice = matrix{-1, 0, 0, 1, r, -b}
	case 3:
		p.toDevice = matrix{0, -1, -1, 0, t, r}
	}
	return nil
}

// render draws the page w pixels wide and h high.
func (p *pdfPage) render(w, h int) (image.Image, error) {
	inst := p.doc.inst
	made, err := inst.FPDFBitmap_Create(&requests.FPDFBitmap_Create{Width: w, Height: h, Alpha: 1})
	if err != nil {
		return nil, fmt.Errorf("make bitmap: %w", err)
	}
	defer p.destroy(made.Bitmap)
	const flags = enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER
	pix, err := p.draw(made.Bitmap, w, h, flags)
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	if len(pix) != len(img.Pix) {
		return nil, fmt.Errorf("bitmap of %d bytes for %d x %d pixels", len(pix), w, h)
	}
	copy(img.Pix, pix)
	return img, nil
}

// draw fills the bitmap white, draws the page and returns PDFium's own bytes,
// valid until the bitmap is destroyed.
func (p *pdfPage) draw(bitmap references.FPDF_BITMAP, w, h int, flags enums.FPDF_RENDER_FLAG) ([]byte, error) {
	inst := p.doc.inst
	if _, err := inst.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: bitmap, Width: w, Height: h, Color: 0xffffffff}); err != nil {
		return nil, fmt.Errorf("fill bitmap: %w", err)
	}
	if _, err := inst.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{
		Bitmap: bitmap, Page: p.by, SizeX: w, SizeY: h, Flags: flags}); err != nil {
		return nil, fmt.Errorf("render page: %w", err)
	}
	buf, err := inst.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bitmap})
	if err != nil {
		return nil, fmt.Errorf("get bitmap: %w", err)
	}
	if len(buf.Buffer) < w*h {
		return nil, fmt.Errorf("bitmap of %d bytes for %d x %d pixels", len(buf.Buffer), w, h)
	}
	return buf.Buffer, nil
}

func (p *pdfPage) destroy(bitmap references.FPDF_BITMAP) {
	_, err := p.doc.inst.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bitmap})
	_ = ignoreTrap(err)
}

// matrix is an affine map as PDF writes it: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

// then returns the map that applies m first and n after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// at maps a point.
func (m matrix) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// box maps a rectangle and returns the upright rectangle around the result.
func (m matrix) box(x0, y0, x1, y1 float64) (left, top, right, bottom float64) {
	ax, ay := m.at(x0, y0)
	bx, by := m.at(x1, y1)
	cx, cy := m.at(x0, y1)
	dx, dy := m.at(x1, y0)
	return min(ax, bx, cx, dx), min(ay, by, cy, dy), max(ax, bx, cx, dx), max(ay, by, cy, dy)
}
