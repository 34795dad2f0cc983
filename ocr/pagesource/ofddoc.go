package pagesource

import (
	"context"
	"errors"
	"fmt"

	"onewindow/document"
	"onewindow/ocr"
)

// ofdDoc is an OFD file with its pages found and its resources read.
type ofdDoc struct {
	pkg    *ofdPackage
	ctx    context.Context // of the call under way
	pages  []*ofdPageRef
	signed bool
	active []string
	seals  []ofdSeal
}

// ofdPageRef says where a page lies and what it may use.
type ofdPageRef struct {
	id        string
	loc       string
	body      *ofdBody
	templates map[string]string // template ID to location
	box       ofdBox            // of the document, for pages without one
	annots    []string          // locations of its annotations
}

// ofdBody is the resources of one document in the package.
type ofdBody struct {
	index int
	fonts map[string]*node
	media map[string]string // ID to location
	draw  map[string]*node
	comps map[string]*node // composite graphic units
	base  map[*node]string // where a resource node came from
}

var errNoOFDPage = errors.New("no page")

// readOFD reads everything but the pages themselves.
func readOFD(pkg *ofdPackage, limits ocr.Limits) (*ofdDoc, error) {
	root, err := pkg.xml("ofd.xml")
	if err != nil {
		return nil, refuseOFD("read OFD.xml", err)
	}
	doc := &ofdDoc{pkg: pkg}
	for i, b := range root.all("DocBody") {
		if err := doc.body(i, b); err != nil {
			return nil, refuseOFD("read document", err)
		}
		if len(doc.pages) > limits.MaxPages {
			return nil, refusePages(len(doc.pages), limits.MaxPages)
		}
		if err := doc.signatures(i, b); err != nil {
			return nil, refuseOFD("read signatures", err)
		}
	}
	if len(doc.pages) == 0 {
		return nil, document.Refuse(document.CodeEmpty, sayNoPages, "OFD without pages")
	}
	return doc, nil
}

// refuseOFD keeps refusals and disk errors and turns the rest into one.
func refuseOFD(doing string, err error) error {
	var own *ownError
	if _, ok := document.AsRefusal(err); ok || errors.As(err, &own) {
		return err
	}
	return refuseCorrupt("%s: %v", doing, err)
}

func (d *ofdDoc) body(index int, b *node) error {
	loc := locate("", b.value("DocRoot"))
	root, err := d.pkg.xml(loc)
	if err != nil {
		return err
	}
	body := &ofdBody{index: index, fonts: map[string]*node{}, media: map[string]string{}, draw: map[string]*node{},
		comps: map[string]*node{}, base: map[*node]string{}}
	common := root.child("CommonData")
	for _, kind := range []string{"PublicRes", "DocumentRes"} {
		for _, r := range common.all(kind) {
			d.resources(body, locate(loc, r.text))
		}
	}
	templates := map[string]string{}
	for _, t := range common.all("TemplatePage") {
		templates[t.attrs["ID"]] = locate(loc, t.attrs["BaseLoc"])
	}
	box, ok := parseBox(common.value("PageArea", "PhysicalBox"))
	if !ok {
		box = ofdBox{0, 0, 210, 297}
	}
	annots := d.annotations(locate(loc, root.value("Annotations")), root.value("Annotations") != "")
	for _, p := range root.child("Pages").all("Page") {
		d.pages = append(d.pages, &ofdPageRef{id: p.attrs["ID"], loc: locate(loc, p.attrs["BaseLoc"]),
			body: body, templates: templates, box: box, annots: annots[p.attrs["ID"]]})
	}
	if root.value("Attachments") != "" && d.pkg.has(locate(loc, root.value("Attachments"))) {
		d.active = append(d.active, activeEmbedded)
	}
	if len(root.child("Actions").children) > 0 {
		d.active = append(d.active, activeOpen)
	}
	return nil
}

// resources reads one resource file (7.9). A missing one costs fonts and
// pictures, not the document.
func (d *ofdDoc) resources(body *ofdBody, loc string) {
	root, err := d.pkg.xml(loc)
	if err != nil {
		return
	}
	base := loc
	if b := root.attrs["BaseLoc"]; b != "" {
		base = locate(loc, b) + "/x"
	}
	for _, f := range root.child("Fonts").all("Font") {
		body.fonts[f.attrs["ID"]], body.base[f] = f, base
	}
	for _, m := range root.child("MultiMedias").all("MultiMedia") {
		body.media[m.attrs["ID"]] = locate(base, m.value("MediaFile"))
	}
	for _, p := range root.child("DrawParams").all("DrawParam") {
		body.draw[p.attrs["ID"]] = p
	}
	for _, c := range root.child("CompositeGraphicUnits").all("CompositeGraphicUnit") {
		body.comps[c.attrs["ID"]] = c
	}
}

// annotations maps page IDs to their annotation files.
func (d *ofdDoc) annotations(loc string, present bool) map[string][]string {
	if !present {
		return nil
	}
	root, err := d.pkg.xml(loc)
	if err != nil {
		return nil
	}
	out := map[string][]string{}
	for _, p := range root.all("Page") {
		if f := p.value("FileLoc"); f != "" {
			out[p.attrs["PageID"]] = append(out[p.attrs["PageID"]], locate(loc, f))
		}
	}
	return out
}

// content reads page i.
func (d *ofdDoc) content(i int) (*node, error) {
	p := d.pages[i]
	if !d.pkg.has(p.loc) {
		return nil, errNoOFDPage
	}
	n, err := d.pkg.xml(p.loc)
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	return n, nil
}

// anyPage makes sure that one of the first pages can be read.
func (d *ofdDoc) anyPage() error {
	var first error
	for i := range min(len(d.pages), 20) {
		_, err := d.content(i)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// size returns the physical box of a page.
func (p *ofdPageRef) size(content *node) ofdBox {
	if b, ok := parseBox(content.value("Area", "PhysicalBox")); ok && b.w > 0 && b.h > 0 {
		return b
	}
	return p.box
}
