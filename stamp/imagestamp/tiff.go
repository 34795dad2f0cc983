package imagestamp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// tags are the TIFF fields that are looked at.
const (
	tagSubfile      = 254
	tagWidth        = 256
	tagHeight       = 257
	tagBits         = 258
	tagCompression  = 259
	tagPhotometric  = 262
	tagFillOrder    = 266
	tagStripOffsets = 273
	tagOrientation  = 274
	tagSamples      = 277
	tagRowsPerStrip = 278
	tagStripBytes   = 279
	tagXResolution  = 282
	tagYResolution  = 283
	tagPlanar       = 284
	tagT4Options    = 292
	tagResolution   = 296
	tagTileWidth    = 322
	tagTileHeight   = 323
	tagTileOffsets  = 324
	tagTileBytes    = 325
	tagJPEGTables   = 347
)

// tiffFile reads the directories of a TIFF file or an EXIF block.
type tiffFile struct {
	source io.ReaderAt
	size   int64
	order  binary.ByteOrder
	first  int64 // offset of the first directory
}

func openTIFF(source io.ReaderAt, size int64) (*tiffFile, error) {
	var head [8]byte
	if _, err := source.ReadAt(head[:], 0); err != nil {
		return nil, fmt.Errorf("read tiff: %w", noEOF(err))
	}
	t := &tiffFile{source: source, size: size, order: binary.LittleEndian}
	switch string(head[:4]) {
	case "II*\x00":
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return nil, errors.New("read tiff: no header")
	}
	t.first = int64(t.order.Uint32(head[4:]))
	return t, nil
}

// directory is one page: its fields, and where the next directory is.
type directory struct {
	at, next int64
	fields   map[uint16][]float64
	raw      map[uint16][]byte // of byte-like fields
}

const (
	maxFields = 512
	maxValues = 1 << 20
)

var valueSizes = map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8}

func (t *tiffFile) directory(at int64) (directory, error) {
	d := directory{at: at, fields: map[uint16][]float64{}, raw: map[uint16][]byte{}}
	var count [2]byte
	if _, err := t.source.ReadAt(count[:], at); err != nil {
		return d, fmt.Errorf("read tiff directory: %w", noEOF(err))
	}
	n := int(t.order.Uint16(count[:]))
	if n == 0 || n > maxFields {
		return d, fmt.Errorf("read tiff directory: %d fields", n)
	}
	entries := make([]byte, n*12+4)
	if _, err := t.source.ReadAt(entries, at+2); err != nil {
		if _, err := t.source.ReadAt(entries[:n*12], at+2); err != nil {
			return d, fmt.Errorf("read tiff directory: %w", noEOF(err))
		}
	}
	for i := range n {
		if err := t.field(d, entries[i*12:i*12+12]); err != nil {
			return d, err
		}
	}
	d.next = int64(t.order.Uint32(entries[n*12:]))
	return d, nil
}

func (t *tiffFile) field(d directory, e []byte) error {
	tag, kind, count := t.order.Uint16(e), t.order.Uint16(e[2:]), t.order.Uint32(e[4:])
	size := valueSizes[kind]
	if size == 0 || count == 0 {
		return nil // unknown to us
	}
	if count > maxValues {
		if tag < tagSubfile || tag > tagJPEGTables {
			return nil // private data of a scanner
		}
		return fmt.Errorf("read tiff directory: field %d has %d values", tag, count)
	}
	b := e[8:12]
	if n := size * int(count); n > 4 {
		b = make([]byte, n)
		if _, err := t.source.ReadAt(b, int64(t.order.Uint32(e[8:]))); err != nil {
			if tag < tagSubfile || tag > tagJPEGTables {
				return nil
			}
			return fmt.Errorf("read tiff field %d: %w", tag, noEOF(err))
		}
	}
	if size == 1 {
		d.raw[tag] = b[:count]
	}
	values := make([]float64, count)
	for i := range values {
		values[i] = t.value(kind, b[i*size:])
	}
	d.fields[tag] = values
	return nil
}

func (t *tiffFile) value(kind uint16, b []byte) float64 {
	switch kind {
	case 3, 8:
		return float64(t.order.Uint16(b))
	case 4, 9:
		return float64(t.order.Uint32(b))
	case 5, 10:
		if below := t.order.Uint32(b[4:]); below != 0 {
			return float64(t.order.Uint32(b)) / float64(below)
		}
		return 0
	}
	return float64(b[0])
}

func (d directory) value(tag uint16, missing int) int {
	if v := d.fields[tag]; len(v) > 0 {
		return int(v[0])
	}
	return missing
}

func (d directory) orientation() orientation { return orientation(d.value(tagOrientation, 1)) }

func (d directory) density() density {
	var r density
	if x, y := d.fields[tagXResolution], d.fields[tagYResolution]; len(x) > 0 && len(y) > 0 {
		r = density{x[0], y[0]}
	}
	switch d.value(tagResolution, 2) {
	case 1: // an aspect, no length
		return density{}
	case 3:
		return density{r.x * 2.54, r.y * 2.54}
	}
	return r
}

// pages lists the directories that are pages, not thumbnails or masks.
func (t *tiffFile) pages(limit int) ([]directory, error) {
	var out []directory
	seen := map[int64]bool{}
	for at := t.first; at != 0; {
		if seen[at] {
			return nil, errors.New("read tiff: directories run in a circle")
		}
		seen[at] = true
		d, err := t.directory(at)
		if err != nil {
			return nil, err
		}
		if kind := d.value(tagSubfile, 0); kind&1 == 0 && kind&4 == 0 || len(out) == 0 && d.next == 0 {
			out = append(out, d)
		}
		if len(out) > limit {
			return nil, fmt.Errorf("%w: more than %d", errTooManyPages, limit)
		}
		at = d.next
	}
	if len(out) == 0 {
		return nil, errors.New("read tiff: no pages")
	}
	return out, nil
}

var errTooManyPages = errors.New("too many pages")
