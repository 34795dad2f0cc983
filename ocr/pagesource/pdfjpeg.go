package pagesource

import (
	"context"
	"image"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"

	"onewindow/ocr"
	"onewindow/ocr/pagesource/turbojpeg"
)

// jpegUse says how the JPEG pictures of one size stand in a PDF.
type jpegUse int

const (
	jpegPlain jpegUse = iota + 1 // the file's samples are the picture's
	jpegOther                    // one at least is inverted, packed again or has settings
)

// noteJPEG remembers a picture that is stored as a JPEG file and nothing else.
// PDFium's programming interface does not tell of inverted samples and settings
// of the filter (ISO 32000-1, 8.9.5.2 and 7.4.8).
func (s *pdfScan) noteJPEG(d dict, size [2]int) {
	filters := slices.Concat(d["Filter"].names(), d["F"].names())
	use := jpegPlain
	_, inverted := d["Decode"]
	if inverted || len(filters) != 1 || filters[0] != "DCTDecode" || !usualColours(d["DecodeParms"]) {
		use = jpegOther
	}
	s.jpegs[size] = max(s.jpegs[size], use)
}

// usualColours reports settings of the filter that say what a JPEG file says
// without them: brightness and two colours.
func usualColours(parms value) bool {
	switch parms.kind {
	case tokenEOF: // none
		return true
	case tokenDictOpen:
		return len(parms.dict) == 0 || len(parms.dict) == 1 && parms.dict.int("ColorTransform", 0) == 1
	}
	return false
}

// jpegFile returns the JPEG file of a picture, nil when it is not an ordinary
// one or its samples are not what the page shows.
func (p *pdfPage) jpegFile(pic picture) (file []byte, grey bool) {
	if !pic.jpeg {
		return nil, false
	}
	raw, err := p.doc.inst.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: pic.ref})
	if err != nil || len(raw.Data) > mostInMemory {
		return nil, false
	}
	size, grey, err := turbojpeg.Header(raw.Data)
	if err != nil || size != image.Pt(pic.width, pic.height) || !slices.Contains(coloursOf(grey), pic.colours) {
		return nil, false
	}
	return raw.Data, grey
}

// jpegPixels decodes a picture stored as an ordinary JPEG file four times as
// fast as PDFium does; decoding was a seventh of the work on a scanned page. nil
// when the picture is not ordinary: PDFium knows every other kind.
func (p *pdfPage) jpegPixels(pic picture, maxPixels int64) image.Image {
	file, _ := p.jpegFile(pic)
	if file == nil {
		return nil
	}
	img, err := turbojpeg.Decode(file, maxPixels)
	if err != nil {
		return nil
	}
	return img
}

// Stored implements ocr.PicturePages.
func (p *pdfPages) Stored(ctx context.Context, n int) (out ocr.StoredPicture, ok bool, err error) {
	err = p.with(ctx, n, func(page *pdfPage) error {
		l, err := page.survey()
		if err != nil || !l.scanLike(p.limits.RenderPixels) {
			return err
		}
		if ok, err := p.embeddable(l); !ok {
			return err
		}
		f, fits := fit(*l.cover, page.width, page.height, p.limits.RenderPixels)
		if !fits || f.turn != turnNone || !f.whole(image.Pt(l.cover.width, l.cover.height)) {
			return nil
		}
		out = ocr.StoredPicture{Width: l.cover.width, Height: l.cover.height, DPI: f.scale * 72}
		out.JPEG, out.Grey = page.jpegFile(*l.cover)
		ok = out.JPEG != nil
		return nil
	})
	return out, ok, err
}

// coloursOf are the colour spaces in which PDFium shows the samples of a picture
// as they are, or nearly.
func coloursOf(grey bool) []enums.FPDF_COLORSPACE {
	if grey {
		return []enums.FPDF_COLORSPACE{enums.FPDF_COLORSPACE_DEVICEGRAY, enums.FPDF_COLORSPACE_CALGRAY, enums.FPDF_COLORSPACE_ICCBASED}
	}
	return []enums.FPDF_COLORSPACE{enums.FPDF_COLORSPACE_DEVICERGB, enums.FPDF_COLORSPACE_CALRGB, enums.FPDF_COLORSPACE_ICCBASED}
}
