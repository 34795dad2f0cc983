package pagesource

import (
	"encoding/binary"
	"image"

	"onewindow/ocr"
)

// tiffPage is one page of a TIFF, understood but not decoded.
type tiffPage struct {
	in            *input
	width, height int
	bits          int // per sample
	samples       int // per pixel
	compression   int64
	photometric   int64
	planar        bool // one plane after the other
	predictor     int64
	fillReversed  bool
	t4            int64
	extra         int64 // kind of the first extra sample: 1 premultiplied alpha, 2 straight
	palette       []int64
	tables        []byte // JPEG tables shared by all segments
	subsampling   [2]int
	segWidth      int // size of a strip or tile
	segHeight     int
	across        int // segments side by side
	down          int
	offsets       []int64
	counts        []int64
	xres, yres    float64
	bigEndian     bool
	decoded       bool // the canvas holds colours already, mix must leave them
}

// Compression schemes that are read.
const (
	tiffNone     = 1
	tiffHuffman  = 2
	tiffG3       = 3
	tiffG4       = 4
	tiffLZW      = 5
	tiffOldJPEG  = 6
	tiffJPEG     = 7
	tiffDeflate  = 8
	tiffPackBits = 32773
	tiffDeflate2 = 32946
)

// Photometric interpretations that are read.
const (
	whiteIsZero  = 0
	blackIsZero  = 1
	photoRGB     = 2
	photoPalette = 3
	photoMask    = 4
	photoCMYK    = 5
	photoYCbCr   = 6
)

// probeTIFF reads all directories and checks that every strip or tile lies
// inside the file. Previews and masks are no pages.
func probeTIFF(in *input, limits ocr.Limits) (raster, error) {
	dirs, err := walkTIFF(in, limits.MaxPages)
	if err != nil {
		return raster{}, err
	}
	var r raster
	for _, d := range dirs {
		if d.noPage() {
			continue
		}
		f, err := probeTIFFPage(in, d, limits)
		if err != nil {
			return raster{}, err
		}
		r.frames = append(r.frames, f)
	}
	if len(r.frames) == 0 {
		return raster{}, refuseCorrupt("TIFF without pages")
	}
	return r, nil
}

func probeTIFFPage(in *input, d *tiffDir, limits ocr.Limits) (frame, error) {
	p := &tiffPage{in: in, bigEndian: d.order == binary.BigEndian}
	if err := p.readShape(d, limits); err != nil {
		return frame{}, err
	}
	if err := p.readColour(d); err != nil {
		return frame{}, err
	}
	if err := p.readSegments(d); err != nil {
		return frame{}, err
	}
	p.readResolution(d)
	f := frame{
		width: p.width, height: p.height, dpi: credibleDPI(max(p.xres, p.yres)),
		turn:   turn(d.int(tagOrientation, 1)),
		decode: func() (image.Image, error) { return p.decode() },
	}
	f.square = p.square
	if p.fax() {
		f.asPDF = p.wrapFax
	}
	return f, nil
}

// fax reports the codings of fax machines and document scanners.
func (p *tiffPage) fax() bool {
	return p.compression == tiffHuffman || p.compression == tiffG3 || p.compression == tiffG4
}

func (p *tiffPage) readShape(d *tiffDir, limits ocr.Limits) error {
	w, h := d.int(tagWidth, 0), d.int(tagHeight, 0)
	if w < 1 || h < 1 || w > 1<<24 || h > 1<<24 {
		return refuseCorrupt("TIFF page of %d x %d pixels", w, h)
	}
	if err := checkPixels(int(w), int(h), limits.MaxPixels); err != nil {
		return err
	}
	p.width, p.height = int(w), int(h)
	p.compression = d.int(tagCompression, tiffNone)
	p.predictor = d.int(tagPredictor, 1)
	p.fillReversed = d.int(tagFillOrder, 1) == 2
	p.t4 = d.int(tagT4Options, 0)
	p.planar = d.int(tagPlanar, 1) == 2
	return nil
}

// tiffAdvice is for codings nobody here can read.
const tiffAdvice = "系统不读取这种编码的 TIFF 图片。请以 LZW、G4 或 JPEG 方式另存，或另存为 PDF 后上传。"

func (p *tiffPage) readColour(d *tiffDir) error {
	p.photometric = d.int(tagPhotometric, whiteIsZero)
	p.samples = int(d.int(tagSamples, 1))
	bits, err := d.ints(tagBits)
	if err != nil {
		return err
	}
	p.bits = 1
	for i, b := range bits {
		if i > 0 && b != bits[0] {
			return refuseUnsupported(tiffAdvice, "TIFF samples of different depth")
		}
		p.bits = int(b)
	}
	want := map[int64]int{whiteIsZero: 1, blackIsZero: 1, photoRGB: 3, photoPalette: 1, photoCMYK: 4, photoYCbCr: 3}[p.photometric]
	switch {
	case want == 0 || p.samples < want || p.samples > want+4:
		return refuseUnsupported(tiffAdvice, "TIFF photometric %d with %d samples", p.photometric, p.samples)
	case p.bits != 1 && p.bits != 2 && p.bits != 4 && p.bits != 8 && p.bits != 16, want > 1 && p.bits < 8:
		return refuseUnsupported(tiffAdvice, "TIFF photometric %d with %d bits", p.photometric, p.bits)
	case d.int(tagSampleFormat, 1) != 1 && d.int(tagSampleFormat, 1) != 4:
		return refuseUnsupported(tiffAdvice, "TIFF sample format %d", d.int(tagSampleFormat, 1))
	case p.predictor != 1 && (p.predictor != 2 || p.bits < 8):
		return refuseUnsupported(tiffAdvice, "TIFF predictor %d with %d bits", p.predictor, p.bits)
	case p.fax() && (p.bits != 1 || p.samples != 1):
		return refuseCorrupt("TIFF fax coding with %d bits", p.bits*p.samples)
	}
	if p.samples > want {
		p.extra = d.int(tagExtraSamples, 0)
	}
	return p.readTables(d)
}

func (p *tiffPage) readTables(d *tiffDir) error {
	var err error
	if p.photometric == photoPalette {
		if p.palette, err = d.ints(tagColorMap); err != nil {
			return err
		}
		if len(p.palette) < 3 || p.bits > 8 {
			return refuseCorrupt("TIFF palette of %d values", len(p.palette))
		}
	}
	if p.tables, err = d.raw(tagJPEGTables); err != nil {
		return err
	}
	p.subsampling = [2]int{2, 2}
	if s, err := d.ints(tagSubsampling); err == nil && len(s) == 2 {
		p.subsampling = [2]int{int(s[0]), int(s[1])}
	}
	switch p.compression {
	case tiffNone, tiffHuffman, tiffG3, tiffG4, tiffLZW, tiffDeflate, tiffDeflate2, tiffPackBits:
		return nil
	case tiffJPEG, tiffOldJPEG:
		if p.bits != 8 || p.predictor != 1 || p.planar && p.photometric == photoYCbCr {
			return refuseUnsupported(tiffAdvice, "TIFF JPEG with %d bits", p.bits)
		}
		return nil
	}
	return refuseUnsupported(tiffAdvice, "TIFF compression %d", p.compression)
}

func (p *tiffPage) readResolution(d *tiffDir) {
	p.xres, p.yres = d.rational(tagXResolution), d.rational(tagYResolution)
	if d.int(tagResolutionUnit, 2) == 3 {
		p.xres, p.yres = p.xres*2.54, p.yres*2.54
	}
}
