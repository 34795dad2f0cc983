package pagesource

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"image"
	"image/draw"
	"strings"

	"onewindow/document"
)

// ofdSeal is an electronic seal and where it stands.
type ofdSeal struct {
	body int // document in the package
	page string
	box  ofdBox
	kind string // of the picture: "png", "ofd", …
	data []byte
}

// signatures reads the list of signatures (18) and the seals they show.
func (d *ofdDoc) signatures(body int, b *node) error {
	loc := b.value("Signatures")
	if loc == "" {
		return nil
	}
	list := locate("", loc)
	root, err := d.pkg.xml(list)
	if err != nil {
		return nil //nolint:nilerr // a missing list is no reason to refuse the pages
	}
	for _, s := range root.all("Signature") {
		d.signed = true
		at := locate(list, s.attrs["BaseLoc"])
		sig, err := d.pkg.xml(at)
		if err != nil {
			continue
		}
		d.seal(body, at, sig)
	}
	return nil
}

func (d *ofdDoc) seal(body int, at string, sig *node) {
	info := sig.child("SignedInfo")
	var kind string
	var data []byte
	for _, loc := range []string{info.value("Seal", "BaseLoc"), sig.value("SignedValue")} {
		if loc == "" {
			continue
		}
		if b, err := d.pkg.read(locate(at, loc)); err == nil {
			if kind, data = sealPicture(b, 0); data != nil {
				break
			}
		}
	}
	for _, s := range info.all("StampAnnot") {
		if box, ok := parseBox(s.attrs["Boundary"]); ok && data != nil && len(d.seals) < 1000 {
			d.seals = append(d.seals, ofdSeal{body: body, page: s.attrs["PageRef"], box: box, kind: kind, data: data})
		}
	}
}

// sealPicture looks for the picture in a seal or signed value (GB/T 38540): a
// sequence of kind, bytes, width and height, however deep it lies.
func sealPicture(der []byte, depth int) (kind string, data []byte) {
	if depth > 12 {
		return "", nil
	}
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return "", nil
		}
		der = rest
		if !v.IsCompound {
			continue
		}
		if kind, data := pictureInfo(v.Bytes); data != nil {
			return kind, data
		}
		if kind, data := sealPicture(v.Bytes, depth+1); data != nil {
			return kind, data
		}
	}
	return "", nil
}

func pictureInfo(b []byte) (string, []byte) {
	var kind, data asn1.RawValue
	rest, err := asn1.Unmarshal(b, &kind)
	if err != nil || kind.IsCompound || kind.Tag != asn1.TagIA5String && kind.Tag != asn1.TagUTF8String && kind.Tag != asn1.TagPrintableString {
		return "", nil
	}
	if _, err = asn1.Unmarshal(rest, &data); err != nil || data.Tag != asn1.TagOctetString {
		return "", nil
	}
	name := strings.ToLower(string(kind.Bytes))
	if !isPicture(name) && name != "ofd" {
		return "", nil
	}
	return name, data.Bytes
}

// seals draws the seals of a page over everything else.
func (d *ofdDrawer) seals(page *ofdPageRef) error {
	for _, s := range d.doc.seals {
		if s.page != page.id || s.body != page.body.index {
			continue
		}
		err := d.sealOn(s)
		if r := refusal(err); r != nil {
			return r
		}
	}
	return nil
}

func (d *ofdDrawer) sealOn(s ofdSeal) error {
	if s.kind != "ofd" {
		name, err := d.embed(s.data)
		if err != nil {
			return err
		}
		d.place(name, matrix{s.box.w, 0, 0, s.box.h, s.box.x, s.box.y}, style{alpha: 254})
		return nil
	}
	return d.nested(s)
}

// nested draws a seal that is an OFD page itself, scaled into its place. Its
// text belongs to the page.
func (d *ofdDrawer) nested(s ofdSeal) error {
	if d.depth > 2 {
		return errors.New("seals within seals")
	}
	pkg, err := openOFDPackage(bytes.NewReader(s.data), int64(len(s.data)))
	if err != nil {
		return err
	}
	inner, err := readOFD(pkg, d.limits)
	if err != nil {
		return err
	}
	inner.ctx = d.doc.ctx
	content, err := inner.content(0)
	if err != nil {
		return err
	}
	box := inner.pages[0].size(content)
	if box.w <= 0 || box.h <= 0 {
		return errors.New("seal without size")
	}
	return d.within(inner, content, matrix{s.box.w / box.w, 0, 0, s.box.h / box.h,
		s.box.x - box.x*s.box.w/box.w, s.box.y - box.y*s.box.h/box.h})
}

// within draws the objects of another package's page through a map.
func (d *ofdDrawer) within(inner *ofdDoc, content *node, to matrix) error {
	doc, fonts, body, names := d.doc, d.fonts, d.body, d.names
	defer func() { d.doc, d.fonts, d.body, d.names = doc, fonts, body, names }()
	d.doc, d.body, d.names = inner, inner.pages[0].body, map[string]string{}
	d.fonts = &ofdFonts{doc: inner, fallback: fonts.fallback}
	d.depth++
	defer func() { d.depth-- }()
	for _, l := range content.child("Content").children {
		if err := d.objects(l, to, d.style(l, style{})); err != nil {
			return err
		}
	}
	return nil
}

// refusal returns what must end the page: limits and disk errors. A picture
// that is merely damaged is left out.
func refusal(err error) error {
	var own *ownError
	if errors.As(err, &own) {
		return err
	}
	if r, ok := document.AsRefusal(err); ok && r.Code == document.CodeTooLarge {
		return err
	}
	return nil
}

// drawOver copies src onto dst.
func drawOver(dst draw.Image, src image.Image) {
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Src)
}
