package imagestamp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math/bits"
	"os"

	cmyk "github.com/hhrutter/tiff" // pdfcpu's fork: x/image/tiff plus CMYK
	"golang.org/x/image/tiff"

	"onewindow/document"
	"onewindow/stamp/scanpdf"
)

// Compressions that can stay as they are.
const (
	huffman = 2
	group3  = 3
	group4  = 4
	jpegNew = 7
)

func (s *Stamper) addTIFF(ctx context.Context, source *os.File, w *scanpdf.Writer) error {
	info, err := source.Stat()
	if err != nil {
		return err
	}
	t, err := openTIFF(source, info.Size())
	if err != nil {
		return err
	}
	pages, err := t.pages(s.opts.MaxPages)
	if errors.Is(err, errTooManyPages) {
		return document.Refuse(document.CodeTooLarge, fmt.Sprintf("文件超过%d页，请拆分后分别上传。", s.opts.MaxPages), "%v", err)
	}
	if err != nil {
		return err
	}
	for i, d := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := s.tiffPage(t, d)
		if err != nil {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
		if err := w.Add(p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stamper) tiffPage(t *tiffFile, d directory) (scanpdf.Page, error) {
	if err := s.checkPixels(d.value(tagWidth, 0), d.value(tagHeight, 0)); err != nil {
		return scanpdf.Page{}, err
	}
	rotate, enough := d.orientation().rotation()
	if pictures, ok := t.embed(d); ok && enough {
		w, h := d.density().points(d.value(tagWidth, 0), d.value(tagHeight, 0))
		for i := range pictures { // from pixels, y down, to points, y up
			b := &pictures[i].Box
			sx, sy := w/float64(d.value(tagWidth, 0)), h/float64(d.value(tagHeight, 0))
			*b = [4]float64{b[0] * sx, h - b[3]*sy, b[2] * sx, h - b[1]*sy}
		}
		return scanpdf.Page{Width: w, Height: h, Rotate: rotate, Pictures: pictures}, nil
	}
	img, err := t.decode(d)
	if err != nil {
		return scanpdf.Page{}, err
	}
	p, err := scanpdf.Lossless(d.orientation().upright(img))
	if err != nil {
		return scanpdf.Page{}, err
	}
	return fullPage(p, d.density().turned(d.orientation()), 0), nil
}

// decode decodes one page. Decoders know the first page only, so they are shown a
// file whose first page this is.
func (t *tiffFile) decode(d directory) (image.Image, error) {
	view := &pageView{source: t.source, head: make([]byte, 8)}
	if _, err := t.source.ReadAt(view.head, 0); err != nil {
		return nil, fmt.Errorf("read tiff: %w", noEOF(err))
	}
	t.order.PutUint32(view.head[4:], uint32(d.at))
	const separated = 5
	decode := tiff.Decode
	if d.value(tagPhotometric, 0) == separated {
		decode = cmyk.Decode
	}
	img, err := decode(view)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return img, nil
}

// pageView is a TIFF file with another first page.
type pageView struct {
	source io.ReaderAt
	head   []byte
	at     int64
}

func (v *pageView) ReadAt(b []byte, at int64) (int, error) {
	n, err := v.source.ReadAt(b, at)
	if at < int64(len(v.head)) {
		copy(b[:n], v.head[at:])
	}
	return n, err
}

func (v *pageView) Read(b []byte) (int, error) {
	n, err := v.ReadAt(b, v.at)
	v.at += int64(n)
	return n, err
}

// embed takes fax and JPEG data over as they are: one picture a strip or tile, its
// Box in pixels with y down.
func (t *tiffFile) embed(d directory) ([]scanpdf.Picture, bool) {
	var describe func(scanpdf.Picture, io.Reader) (scanpdf.Picture, bool)
	switch c := d.value(tagCompression, 1); {
	case c == huffman, c == group3, c == group4:
		describe = d.faxPicture
	case c == jpegNew && d.value(tagPlanar, 1) == 1:
		describe = d.jpegPicture
	default:
		return nil, false
	}
	var out []scanpdf.Picture
	for _, part := range d.parts() {
		if part.offset+part.length > t.size {
			return nil, false // cut off: decoding will say so
		}
		b := part.box
		p := scanpdf.Picture{Box: b, Width: int(b[2] - b[0]), Height: int(b[3] - b[1])}
		p, ok := describe(p, io.NewSectionReader(t.source, part.offset, part.length))
		if !ok {
			return nil, false
		}
		out = append(out, p)
	}
	return out, len(out) > 0
}

// part is a strip or a tile.
type part struct {
	offset, length int64
	box            [4]float64
}

func (d directory) parts() []part {
	width, height := d.value(tagWidth, 0), d.value(tagHeight, 0)
	offsets, lengths := d.fields[tagStripOffsets], d.fields[tagStripBytes]
	across, down := width, d.value(tagRowsPerStrip, height)
	tiled := d.fields[tagTileOffsets] != nil
	if tiled {
		offsets, lengths = d.fields[tagTileOffsets], d.fields[tagTileBytes]
		across, down = d.value(tagTileWidth, 0), d.value(tagTileHeight, 0)
	}
	if down > height && !tiled {
		down = height
	}
	if across <= 0 || down <= 0 || len(offsets) != len(lengths) {
		return nil
	}
	columns, rows := (width+across-1)/across, (height+down-1)/down
	if len(offsets) != columns*rows {
		return nil
	}
	var out []part
	for i := range offsets {
		x, y := i%columns*across, i/columns*down
		bottom := y + down
		if !tiled { // the last strip is shorter; tiles are always whole
			bottom = min(bottom, height)
		}
		out = append(out, part{int64(offsets[i]), int64(lengths[i]), [4]float64{float64(x), float64(y), float64(x + across), float64(bottom)}})
	}
	return out
}

func (d directory) faxPicture(p scanpdf.Picture, data io.Reader) (scanpdf.Picture, bool) {
	if d.value(tagBits, 1) != 1 || d.value(tagSamples, 1) != 1 || d.value(tagPhotometric, 0) > 1 {
		return p, false
	}
	k, align := 0, false
	switch options := d.value(tagT4Options, 0); d.value(tagCompression, 1) {
	case group4:
		k = -1
	case group3:
		k, align = options&1, options&4 != 0
	case huffman:
		align = true
	}
	p.Bits, p.Space, p.Filter, p.Data = 1, "DeviceGray", "CCITTFaxDecode", data
	p.Parms = fmt.Sprintf("<</K %d/Columns %d/Rows %d/BlackIs1 %t/EncodedByteAlign %t>>",
		k, p.Width, p.Height, d.value(tagPhotometric, 0) == 1, align)
	if d.value(tagFillOrder, 1) == 2 {
		p.Data = reversed{data}
	}
	return p, true
}

// reversed turns the bits of every byte round.
type reversed struct{ io.Reader }

func (r reversed) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	for i := range b[:n] {
		b[i] = bits.Reverse8(b[i])
	}
	return n, err
}

// jpegPicture joins the tables all parts share with the data of one.
func (d directory) jpegPicture(p scanpdf.Picture, data io.Reader) (scanpdf.Picture, bool) {
	const rgb, ycbcr, grey = 2, 6, 1
	p.Bits, p.Filter = 8, "DCTDecode"
	switch d.value(tagPhotometric, 0) {
	case rgb:
		p.Space, p.Parms = "DeviceRGB", "<</ColorTransform 0>>"
	case ycbcr:
		p.Space = "DeviceRGB"
	case grey:
		p.Space = "DeviceGray"
	default:
		return p, false
	}
	if d.value(tagBits, 8) != 8 {
		return p, false
	}
	tables := d.raw[tagJPEGTables]
	if len(tables) > 4 {
		var start [2]byte
		if _, err := io.ReadFull(data, start[:]); err != nil || start != [2]byte{0xFF, 0xD8} {
			return p, false
		}
		data = io.MultiReader(bytes.NewReader(bytes.TrimSuffix(tables, []byte{0xFF, 0xD9})), data)
	}
	p.Data = data
	return p, true
}
