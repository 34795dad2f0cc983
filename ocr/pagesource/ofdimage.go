package pagesource

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"strings"
)

// image draws an ImageObject (10): a unit square, top left at the origin.
func (d *ofdDrawer) image(n *node, to matrix, s style) error {
	if s.invisible {
		return nil
	}
	loc, ok := d.body.media[n.attrs["ResourceID"]]
	if !ok {
		return nil
	}
	name, err := d.media(loc)
	if err != nil || name == "" {
		return err
	}
	b, _ := parseBox(n.attrs["Boundary"])
	m, given := parseCTM(n.attrs["CTM"])
	if !given {
		m = matrix{b.w, 0, 0, b.h, 0, 0}
	}
	d.place(name, m.then(matrix{1, 0, 0, 1, b.x, b.y}).then(to), s)
	return nil
}

// place draws a picture resource on the image of the unit square.
func (d *ofdDrawer) place(name string, m matrix, s style) {
	d.out.WriteString("q ")
	d.paint(s)
	d.cm(matrix{1, 0, 0, -1, 0, 1}.then(m)) // PDF counts rows from below
	d.out.WriteString("/" + name + " Do Q\n")
	x0, y0, x1, y1 := m.box(0, 0, 1, 1)
	w, h := min(x1, d.box.x+d.box.w)-max(x0, d.box.x), min(y1, d.box.y+d.box.h)-max(y0, d.box.y)
	if w > 0 && h > 0 && w*h >= coverShare*d.box.w*d.box.h && s.alpha == 0 {
		d.buried = 0
		for _, g := range d.glyphs {
			if !g.blank && !g.breaks {
				d.buried++
			}
		}
	}
}

// media returns the resource name of a picture of the package, "" when it
// cannot be read: the rest of the page can.
func (d *ofdDrawer) media(loc string) (string, error) {
	if name, ok := d.names[loc]; ok {
		return name, nil
	}
	b, err := d.doc.pkg.read(loc)
	name := ""
	if err == nil {
		name, err = d.embed(b)
	}
	d.names[loc] = name
	if r := refusal(err); r != nil {
		return "", r
	}
	return name, nil
}

// embed adds a picture to the PDF.
func (d *ofdDrawer) embed(b []byte) (string, error) {
	n, err := d.xobject(b)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("I%d", n)
	fmt.Fprintf(&d.refs, "/%s %d 0 R", name, n)
	return name, nil
}

func (d *ofdDrawer) xobject(b []byte) (int, error) {
	if bytes.HasPrefix(b, jbig2Magic) || jbig2Size(b) != (image.Point{}) {
		return d.jbig2(b)
	}
	in := memoryInput(d.doc.ctx, b)
	k := signature(b[:min(len(b), sniffBytes)])
	switch k {
	case 0, kindPDF:
		return 0, errors.New("unknown kind of picture")
	case kindJPEG:
		info, err := walkJPEG(bufio.NewReader(in.reader()))
		if err == nil && info.precision == 8 && (info.components == 1 || info.components == 3) {
			if err := checkPixels(info.width, info.height, d.limits.MaxPixels); err != nil {
				return 0, err
			}
			space := map[int]string{1: "/DeviceGray", 3: "/DeviceRGB"}[info.components]
			return d.build.stream(imageDict(info.width, info.height, 8, space)+"/Filter/DCTDecode", b), nil
		}
	}
	r, err := probe(k, in, d.limits)
	if err != nil {
		return 0, err
	}
	img, err := r.frames[0].decode()
	if err != nil {
		return 0, err
	}
	return d.pixels(img), nil
}

// pixels adds a decoded picture, with its transparency.
func (d *ofdDrawer) pixels(img image.Image) int {
	b := img.Bounds()
	if g, ok := img.(*image.Gray); ok && g.Rect.Min == (image.Point{}) && g.Stride == b.Dx() {
		return d.build.stream(imageDict(b.Dx(), b.Dy(), 8, "/DeviceGray")+"/Filter/FlateDecode", packed(g.Pix))
	}
	straight := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	drawOver(straight, img)
	rgb := make([]byte, 0, 3*b.Dx()*b.Dy())
	alpha := make([]byte, 0, b.Dx()*b.Dy())
	for i := 0; i < len(straight.Pix); i += 4 {
		rgb = append(rgb, straight.Pix[i:i+3]...)
		alpha = append(alpha, straight.Pix[i+3])
	}
	mask := ""
	if !straight.Opaque() {
		mask = fmt.Sprintf("/SMask %d 0 R", d.build.stream(imageDict(b.Dx(), b.Dy(), 8, "/DeviceGray")+"/Filter/FlateDecode", packed(alpha)))
	}
	return d.build.stream(imageDict(b.Dx(), b.Dy(), 8, "/DeviceRGB")+mask+"/Filter/FlateDecode", packed(rgb))
}

// packed deflates, fast: the result is read back at once.
func packed(b []byte) []byte {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestSpeed)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil // a bytes.Buffer does not fail
	}
	return out.Bytes()
}

var jbig2Magic = []byte("\x97JB2\r\n\x1a\n")

// jbig2 adds a JBIG2 picture; PDF wants it without its file header.
func (d *ofdDrawer) jbig2(b []byte) (int, error) {
	if bytes.HasPrefix(b, jbig2Magic) && len(b) > 13 {
		skip := 13
		if b[8]&2 != 0 { // the number of pages is not known
			skip = 9
		}
		b = b[skip:]
	}
	size := jbig2Size(b)
	if err := checkPixels(size.X, size.Y, d.limits.MaxPixels); err != nil {
		return 0, err
	}
	return d.build.stream(imageDict(size.X, size.Y, 1, "/DeviceGray")+"/Filter/JBIG2Decode", b), nil
}

// jbig2Size reads the page information segment that begins a JBIG2 stream.
func jbig2Size(b []byte) image.Point {
	if bytes.HasPrefix(b, jbig2Magic) && len(b) > 13 {
		b = b[13:]
	}
	// Number, type 48, no references, page 1, length 19.
	if len(b) < 30 || b[4]&0x3f != 48 || b[5] != 0 || binary.BigEndian.Uint32(b[7:]) != 19 {
		return image.Point{}
	}
	return image.Pt(be31(b[11:]), be31(b[15:]))
}

// isPicture reports a kind of seal picture that can be drawn.
func isPicture(kind string) bool {
	switch strings.ToLower(strings.Trim(kind, ". ")) {
	case "png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp":
		return true
	}
	return false
}
