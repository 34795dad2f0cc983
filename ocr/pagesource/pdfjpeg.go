package pagesource

import (
	"image"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"

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

// jpegPixels decodes a picture stored as an ordinary JPEG file three times as
// fast as PDFium does; decoding was a seventh of the work on a scanned page. nil
// when the picture is not ordinary: PDFium knows every other kind.
func (p *pdfPage) jpegPixels(pic picture, maxPixels int64) image.Image {
	if !pic.jpeg {
		return nil
	}
	raw, err := p.doc.inst.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: pic.ref})
	if err != nil || len(raw.Data) > mostInMemory {
		return nil
	}
	img, err := turbojpeg.Decode(raw.Data, maxPixels)
	if err != nil || img.Bounds() != image.Rect(0, 0, pic.width, pic.height) {
		return nil
	}
	if _, grey := img.(*image.Gray); !slices.Contains(coloursOf(grey), pic.colours) {
		return nil
	}
	return img
}

// coloursOf are the colour spaces in which PDFium shows the samples of a picture
// as they are, or nearly.
func coloursOf(grey bool) []enums.FPDF_COLORSPACE {
	if grey {
		return []enums.FPDF_COLORSPACE{enums.FPDF_COLORSPACE_DEVICEGRAY, enums.FPDF_COLORSPACE_CALGRAY, enums.FPDF_COLORSPACE_ICCBASED}
	}
	return []enums.FPDF_COLORSPACE{enums.FPDF_COLORSPACE_DEVICERGB, enums.FPDF_COLORSPACE_CALRGB, enums.FPDF_COLORSPACE_ICCBASED}
}
