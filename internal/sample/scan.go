package sample

import (
	"fmt"
	"image"
)

// Codec is how the page images of a scan are packed.
type Codec string

// The codecs scanners use.
const (
	JPEG  Codec = "jpeg"  // DCTDecode, colour or grey
	G4    Codec = "g4"    // CCITTFaxDecode, black and white
	Flate Codec = "flate" // FlateDecode, lossless
)

// Layer is the text behind the page images of a scan.
type Layer string

// The layers met in practice.
const (
	NoLayer      Layer = ""        // images only
	SoundLayer   Layer = "sound"   // invisible text of good recognition
	GarbageLayer Layer = "garbage" // invisible text of recognition in the wrong language
)

// ScanOptions say how a paper was scanned. The zero value is 300 dpi, colour,
// JPEG of quality 85, no text layer.
type ScanOptions struct {
	DPI     float64
	Gray    bool
	Codec   Codec
	Quality int           // JPEG, 1…100
	Damage  []Degradation // what paper and scanner do, applied in order
	Seed    uint64        // of the damage
	Layer   Layer
	Turn    int // 0, 90, 180, 270: /Rotate of the pages, the images turned back so that they show upright
}

func (o ScanOptions) filled() ScanOptions {
	if o.DPI == 0 {
		o.DPI = 300
	}
	if o.Quality == 0 {
		o.Quality = 85
	}
	if o.Codec == "" {
		o.Codec = JPEG
	}
	return o
}

// Scan prints a document, scans it and returns the PDF.
func (s *Studio) Scan(d Document, o ScanOptions) ([]byte, error) {
	o = o.filled()
	w := &pdfWriter{}
	hidden := hiddenPages(d, o)
	fonts := s.embed(w, hidden)
	pages := w.reserve()
	kids := make([]string, len(d.Pages))
	for i, p := range d.Pages {
		img := s.shoot(p, o, uint64(i))
		picture, err := w.picture(turned(img, -o.Turn), o)
		if err != nil {
			return nil, fmt.Errorf("scan page %d: %w", i+1, err)
		}
		c := &pdfCanvas{studio: s, fonts: fonts, height: p.Height, hidden: true}
		width, height := p.Width*ptPerMM, p.Height*ptPerMM
		if sidewaysIn(p, img) { // fed sideways: the scanner takes the sheet for a wide one
			width, height = height, width
		}
		if o.Turn%180 != 0 {
			width, height = height, width
		}
		fmt.Fprintf(&c.out, "q %.2f 0 0 %.2f 0 0 cm /Im Do Q\n", width, height)
		if hidden != nil {
			fmt.Fprintf(&c.out, "q %s", upright(o.Turn, width, height))
			for _, m := range hidden[i].Marks {
				m.draw(c)
			}
			c.out.WriteString("Q\n")
		}
		body := w.packed("", c.out.Bytes())
		kids[i] = w.add("<</Type/Page/Parent %v/MediaBox[0 0 %.2f %.2f]/Rotate %d/Resources<</XObject<</Im %v>>/Font<<%s>>>>/Contents %v>>",
			pages, width, height, o.Turn, picture, fonts.resources(), body).String()
	}
	return w.tree(pages, kids, ""), nil
}

// sidewaysIn reports whether the image shows the page lying on its side.
func sidewaysIn(p Page, img *image.RGBA) bool {
	return (p.Width > p.Height) != (img.Rect.Dx() > img.Rect.Dy()) && p.Width != p.Height
}

// upright is the transformation that lays text on a page of the given size
// (points, before /Rotate) so that it shows upright.
func upright(turn int, width, height float64) string {
	switch turn {
	case 90:
		return fmt.Sprintf("0 1 -1 0 %.2f 0 cm ", width)
	case 180:
		return fmt.Sprintf("-1 0 0 -1 %.2f %.2f cm ", width, height)
	case 270:
		return fmt.Sprintf("0 -1 1 0 0 %.2f cm ", height)
	}
	return ""
}

// Shots returns the page images a scanner would deliver.
func (s *Studio) Shots(d Document, o ScanOptions) []*image.RGBA {
	o = o.filled()
	out := make([]*image.RGBA, len(d.Pages))
	for i, p := range d.Pages {
		out[i] = s.shoot(p, o, uint64(i))
	}
	return out
}

// shoot renders one page with the damage of its scan.
func (s *Studio) shoot(p Page, o ScanOptions, page uint64) *image.RGBA {
	img := s.Image(p, o.DPI)
	for _, g := range o.Damage {
		img = Degrade(img, g.Kind, g.Strength, o.Seed+page)
	}
	return img
}

// picture adds a page image.
func (w *pdfWriter) picture(img *image.RGBA, o ScanOptions) (ref, error) {
	size := img.Bounds().Size()
	head := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d", size.X, size.Y)
	switch o.Codec {
	case G4:
		data := encodeG4(Bilevel(img))
		return w.stream(head+fmt.Sprintf("/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d>>", size.X, size.Y), data), nil
	case Flate:
		if o.Gray {
			return w.packed(head+"/ColorSpace/DeviceGray/BitsPerComponent 8", Gray(img).Pix), nil
		}
		return w.packed(head+"/ColorSpace/DeviceRGB/BitsPerComponent 8", rgbBytes(img)), nil
	case JPEG:
		space, src := "DeviceRGB", image.Image(img)
		if o.Gray {
			space, src = "DeviceGray", Gray(img)
		}
		data, err := EncodeJPEG(src, o.DPI, o.Quality)
		if err != nil {
			return 0, err
		}
		return w.stream(head+fmt.Sprintf("/ColorSpace/%s/BitsPerComponent 8/Filter/DCTDecode", space), data), nil
	}
	return 0, fmt.Errorf("unknown codec %q", o.Codec)
}

// hiddenPages are the text behind the images, nil for none.
func hiddenPages(d Document, o ScanOptions) []Page {
	if o.Layer == NoLayer {
		return nil
	}
	dice := newDice(o.Seed, "garbage layer")
	out := make([]Page, len(d.Pages))
	for i, p := range d.Pages {
		out[i] = Page{Width: p.Width, Height: p.Height}
		for _, m := range p.Marks {
			t, ok := m.(Text)
			if !ok {
				continue
			}
			if o.Layer == GarbageLayer {
				t.String = dice.garbage(len([]rune(t.String)))
			}
			t.Face = Sans
			out[i].Marks = append(out[i].Marks, t)
		}
	}
	return out
}

// garbage is what recognition in a Latin language makes of Chinese print.
func (d dice) garbage(n int) string {
	marks := []rune("fiJj1lI|~^'`*.,;:-_=+<>/\\%&$#@tTrRmMuUxXEF#ZzS5")
	out := make([]rune, 0, n)
	for range n {
		if d.chance(0.15) {
			out = append(out, ' ')
			continue
		}
		out = append(out, pick(d, marks))
	}
	return string(out)
}
