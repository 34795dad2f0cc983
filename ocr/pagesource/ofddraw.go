package pagesource

import (
	"fmt"
	"strings"

	"onewindow/document"
	"onewindow/ocr"
)

// pointsPerMM converts OFD's millimetres to PDF's points.
const pointsPerMM = 72 / 25.4

// ofdDrawer turns one OFD page into a PDF page for PDFium to draw, and notes
// the text on the way. Text is drawn as outlines: the text layer comes from the
// XML, where it is exact.
type ofdDrawer struct {
	doc    *ofdDoc
	fonts  *ofdFonts
	body   *ofdBody
	limits ocr.Limits
	build  *pdfBuild
	out    strings.Builder
	names  map[string]string // media location to resource name
	states map[int]bool      // alpha values in use
	refs   strings.Builder   // XObject resources
	box    ofdBox
	glyphs []glyph // in points from the page's top left
	buried int     // glyphs that a picture filling the page was drawn over
	over   bool    // what is drawn now is laid over the page: annotations, seals
	seen   int
	depth  int
}

// drawOFD converts page i.
func drawOFD(doc *ofdDoc, fonts *ofdFonts, i int, limits ocr.Limits) (pdf []byte, text *givenText, err error) {
	page := doc.pages[i]
	content, err := doc.content(i)
	if err != nil {
		return nil, nil, err
	}
	d := &ofdDrawer{doc: doc, fonts: fonts, body: page.body, limits: limits, build: newPDFBuild(),
		names: map[string]string{}, states: map[int]bool{}, box: page.size(content)}
	if d.box.w <= 0 || d.box.h <= 0 || d.box.w > 20000 || d.box.h > 20000 {
		return nil, nil, fmt.Errorf("page of %g x %g mm", d.box.w, d.box.h)
	}
	const k = pointsPerMM
	fmt.Fprintf(&d.out, "%s 0 0 %s %s %s cm\n", num(k), num(-k), num(-d.box.x*k), num((d.box.y+d.box.h)*k))
	if err := d.page(page, content); err != nil {
		return nil, nil, err
	}
	d.build.page(d.box.w*k, d.box.h*k, d.resources(), []byte(d.out.String()))
	text = &givenText{glyphs: d.glyphs}
	if d.buried > 0 {
		text.hidden = "part of the text lies under a picture"
	}
	return d.build.bytes(), text, nil
}

// page draws in the order of the standard: background template, the page's
// layers, foreground template, annotations, seals.
func (d *ofdDrawer) page(page *ofdPageRef, content *node) error {
	for _, t := range content.all("Template") {
		if t.attrs["ZOrder"] != "Foreground" {
			if err := d.template(page, t); err != nil {
				return err
			}
		}
	}
	if err := d.layers(content.child("Content")); err != nil {
		return err
	}
	for _, t := range content.all("Template") {
		if t.attrs["ZOrder"] == "Foreground" {
			if err := d.template(page, t); err != nil {
				return err
			}
		}
	}
	d.over = true
	for _, loc := range page.annots {
		if err := d.annotations(loc); err != nil {
			return err
		}
	}
	return d.seals(page)
}

func (d *ofdDrawer) template(page *ofdPageRef, t *node) error {
	loc, ok := page.templates[t.attrs["TemplateID"]]
	if !ok {
		return nil
	}
	n, err := d.doc.pkg.xml(loc)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	return d.layers(n.child("Content"))
}

// layers draws the layers of a page by their type: background, body, foreground.
func (d *ofdDrawer) layers(content *node) error {
	for _, kind := range []string{"Background", "Body", "Foreground"} {
		for _, l := range content.children {
			own := l.attrs["Type"]
			if own != "Background" && own != "Foreground" {
				own = "Body"
			}
			if own != kind {
				continue
			}
			if err := d.objects(l, matrix{1, 0, 0, 1, 0, 0}, d.style(l, style{})); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *ofdDrawer) objects(parent *node, to matrix, s style) error {
	if d.depth++; d.depth > 50 {
		return refuseCorrupt("OFD objects nested too deeply")
	}
	defer func() { d.depth-- }()
	for _, n := range parent.children {
		if d.seen++; d.seen > d.limits.MaxObjects {
			return document.Refuse(document.CodeTooLarge, sayObjects, "OFD page of more than %d objects", d.limits.MaxObjects)
		}
		if err := d.object(n, to, s); err != nil {
			return err
		}
	}
	return nil
}

func (d *ofdDrawer) object(n *node, to matrix, s style) error {
	if !flag(n.attrs["Visible"], true) {
		return nil
	}
	switch n.name {
	case "PageBlock", "Layer":
		return d.objects(n, to, d.style(n, s))
	case "TextObject":
		d.text(n, d.matrix(n, to), d.style(n, s))
	case "PathObject":
		return d.path(n, d.matrix(n, to), d.style(n, s))
	case "ImageObject":
		return d.image(n, to, d.style(n, s))
	case "CompositeObject":
		if c := d.body.comps[n.attrs["ResourceID"]]; c != nil {
			return d.objects(c.child("Content"), d.matrix(n, to), d.style(n, s))
		}
	}
	return nil
}

// matrix maps an object's own coordinates to the page: its transformation, then
// the corner of its boundary.
func (d *ofdDrawer) matrix(n *node, to matrix) matrix {
	m, _ := parseCTM(n.attrs["CTM"])
	if b, ok := parseBox(n.attrs["Boundary"]); ok {
		m = m.then(matrix{1, 0, 0, 1, b.x, b.y})
	}
	return m.then(to)
}

func (d *ofdDrawer) annotations(loc string) error {
	root, err := d.doc.pkg.xml(loc)
	if err != nil {
		return nil //nolint:nilerr // an annotation that is missing hides nothing of the page
	}
	for _, a := range root.all("Annot") {
		if !flag(a.attrs["Visible"], true) {
			continue
		}
		look := a.child("Appearance")
		if err := d.objects(look, d.matrix(look, matrix{1, 0, 0, 1, 0, 0}), style{}); err != nil {
			return err
		}
	}
	return nil
}

// resources returns the entries of the page's resource dictionary.
func (d *ofdDrawer) resources() string {
	var b strings.Builder
	b.WriteString("/XObject<<" + d.refs.String() + ">>/ExtGState<<")
	for alpha := range d.states {
		fmt.Fprintf(&b, "/A%d<</ca %s/CA %s>>", alpha, num(float64(alpha)/255), num(float64(alpha)/255))
	}
	return b.String() + ">>"
}

// cm writes a transformation.
func (d *ofdDrawer) cm(m matrix) {
	fmt.Fprintf(&d.out, "%s %s %s %s %s %s cm ", fine(m[0]), fine(m[1]), fine(m[2]), fine(m[3]), num(m[4]), num(m[5]))
}

// fine writes a factor with more digits than num keeps.
func fine(v float64) string { return fmt.Sprintf("%.8f", v) }
