package pagesource

import (
	"context"
	"fmt"
	"image"
	"strings"
)

// wrapJPEG puts a JPEG as it is into a one-page PDF, one point a pixel.
func wrapJPEG(in *input, info jpegInfo) ([]byte, error) {
	data, err := in.at(0, int(in.size))
	if err != nil {
		return nil, err
	}
	space, ok := map[int]string{1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}[info.components]
	if !ok || info.precision != 8 {
		return nil, fmt.Errorf("JPEG of %d components, %d bits", info.components, info.precision)
	}
	decode := ""
	if info.components == 4 && info.adobe {
		decode = "/Decode[1 0 1 0 1 0 1 0]"
	}
	b := newPDFBuild()
	x := b.stream(imageDict(info.width, info.height, 8, space)+decode+"/Filter/DCTDecode", data)
	content := fmt.Sprintf("%d 0 0 %d 0 0 cm /I Do", info.width, info.height)
	b.page(float64(info.width), float64(info.height), fmt.Sprintf("/XObject<</I %d 0 R>>", x), []byte(content))
	return b.bytes(), nil
}

// wrapFax puts every strip of a fax-coded page into a one-page PDF.
func (p *tiffPage) wrapFax() ([]byte, error) {
	if p.across != 1 {
		return nil, fmt.Errorf("fax coding in tiles")
	}
	b := newPDFBuild()
	var content, names strings.Builder
	for i := range p.down {
		raw, err := p.in.at(p.offsets[i], int(p.counts[i]))
		if err != nil {
			return nil, err
		}
		if p.fillReversed {
			reverseBits(raw)
		}
		rows := p.segRows(i)
		x := b.stream(imageDict(p.width, rows, 1, "/DeviceGray")+p.faxFilter(rows), raw)
		fmt.Fprintf(&names, "/I%d %d 0 R", i, x)
		fmt.Fprintf(&content, "q %d 0 0 %d 0 %d cm /I%d Do Q\n", p.width, rows, p.height-i*p.segHeight-rows, i)
	}
	b.page(float64(p.width), float64(p.height), "/XObject<<"+names.String()+">>", []byte(content.String()))
	return b.bytes(), nil
}

func (p *tiffPage) faxFilter(rows int) string {
	k, align := 0, "false"
	switch {
	case p.compression == tiffG4:
		k = -1
	case p.compression == tiffG3 && p.t4&1 != 0:
		k = 1
	case p.compression == tiffHuffman:
		align = "true"
	}
	decode := ""
	if p.photometric == blackIsZero {
		decode = "/Decode[1 0]" // runs called white are black here
	}
	return fmt.Sprintf("%s/Filter/CCITTFaxDecode/DecodeParms<</K %d/Columns %d/Rows %d/EncodedByteAlign %s/EndOfBlock false>>",
		decode, k, p.width, rows, align)
}

func imageDict(w, h, bits int, space string) string {
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace%s", w, h, bits, space)
}

// viaPDF has PDFium draw a wrapped frame, pixel for pixel.
func (p *rasterPages) viaPDF(ctx context.Context, f frame) (image.Image, error) {
	data, err := f.asPDF()
	if err != nil {
		return nil, err
	}
	doc, err := p.pdfium.openBytes(ctx, data)
	if err != nil {
		return nil, err
	}
	defer doc.close()
	page, err := doc.load(0)
	if err != nil {
		return nil, err
	}
	defer page.close()
	return page.render(f.width, f.height)
}
