package pagesource

import (
	"encoding/binary"
	"math"
)

// The TIFF tags that are read (TIFF 6.0, Technical Note 2 for JPEG).
const (
	tagSubfile        = 254
	tagWidth          = 256
	tagHeight         = 257
	tagBits           = 258
	tagCompression    = 259
	tagPhotometric    = 262
	tagFillOrder      = 266
	tagStripOffsets   = 273
	tagOrientation    = 274
	tagSamples        = 277
	tagRowsPerStrip   = 278
	tagStripCounts    = 279
	tagXResolution    = 282
	tagYResolution    = 283
	tagPlanar         = 284
	tagT4Options      = 292
	tagResolutionUnit = 296
	tagPredictor      = 317
	tagColorMap       = 320
	tagTileWidth      = 322
	tagTileHeight     = 323
	tagTileOffsets    = 324
	tagTileCounts     = 325
	tagExtraSamples   = 338
	tagSampleFormat   = 339
	tagJPEGTables     = 347
	tagJPEGOffset     = 513
	tagJPEGLength     = 514
	tagSubsampling    = 530
)

// tiffDir is one directory: the tags of one page.
type tiffDir struct {
	in     *input
	order  binary.ByteOrder
	values map[uint16]tiffValue
}

// tiffValue says where the values of a tag lie.
type tiffValue struct {
	kind  uint16
	count int64
	at    int64 // file offset of the first value
}

// valueSize is the size in bytes of each TIFF type.
var valueSize = [...]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// tiffLayout differs between classic TIFF and BigTIFF.
type tiffLayout struct {
	order      binary.ByteOrder
	big        bool
	countSize  int64
	entrySize  int64
	offsetSize int64
}

// walkTIFF reads the chain of directories, at most limit+1 of them.
func walkTIFF(in *input, limit int) ([]*tiffDir, error) {
	head, err := in.at(0, 16)
	if err != nil {
		return nil, err
	}
	if len(head) < 16 {
		return nil, refuseTruncated("TIFF of %d bytes", len(head))
	}
	l := tiffLayout{order: binary.LittleEndian, countSize: 2, entrySize: 12, offsetSize: 4}
	if head[0] == 'M' {
		l.order = binary.BigEndian
	}
	next := int64(l.order.Uint32(head[4:]))
	if l.order.Uint16(head[2:]) == 43 {
		l.big, l.countSize, l.entrySize, l.offsetSize = true, 8, 20, 8
		next = int64(l.order.Uint64(head[8:]))
	}
	var dirs []*tiffDir
	seen := map[int64]bool{}
	for next != 0 && len(dirs) <= limit {
		if seen[next] {
			return nil, refuseCorrupt("TIFF directories form a ring")
		}
		seen[next] = true
		var dir *tiffDir
		if dir, next, err = l.dir(in, next); err != nil {
			return nil, err
		}
		dirs = append(dirs, dir)
	}
	return dirs, nil
}

// dir reads the directory at off and the offset of the next one.
func (l tiffLayout) dir(in *input, off int64) (*tiffDir, int64, error) {
	b, err := in.at(off, int(l.countSize))
	if err != nil {
		return nil, 0, err
	}
	if int64(len(b)) < l.countSize {
		return nil, 0, refuseTruncated("TIFF directory beyond the end")
	}
	count := int64(l.order.Uint16(b))
	if l.big {
		count = int64(l.order.Uint64(b))
	}
	if count < 1 || count > 4096 {
		return nil, 0, refuseCorrupt("TIFF directory of %d entries", count)
	}
	size := count*l.entrySize + l.offsetSize
	b, err = in.at(off+l.countSize, int(size))
	if err != nil {
		return nil, 0, err
	}
	if int64(len(b)) < size {
		return nil, 0, refuseTruncated("TIFF directory cut short")
	}
	d := &tiffDir{in: in, order: l.order, values: map[uint16]tiffValue{}}
	for i := range count {
		if err := l.entry(d, b[i*l.entrySize:], off+l.countSize+i*l.entrySize); err != nil {
			return nil, 0, err
		}
	}
	return d, l.offset(b[count*l.entrySize:]), nil
}

// entry notes one tag; unknown types are skipped, as the standard asks. Values
// beyond the end tell that the file was cut, whatever the tag.
func (l tiffLayout) entry(d *tiffDir, b []byte, at int64) error {
	v := tiffValue{kind: l.order.Uint16(b[2:])}
	if int(v.kind) >= len(valueSize) || valueSize[v.kind] == 0 {
		return nil
	}
	field := int64(8) // where the value or its offset stands in the entry
	v.count = int64(l.order.Uint32(b[4:]))
	if l.big {
		field = 12
		v.count = int64(l.order.Uint64(b[4:]))
	}
	if v.count < 0 || v.count > d.in.size {
		return refuseTruncated("TIFF tag of %d values in a file of %d bytes", v.count, d.in.size)
	}
	v.at = at + field
	if size := v.count * valueSize[v.kind]; size > l.offsetSize {
		if v.at = l.offset(b[field:]); v.at < 0 || v.at > d.in.size-size {
			return refuseTruncated("TIFF tag beyond the end")
		}
	}
	d.values[l.order.Uint16(b)] = v
	return nil
}

func (l tiffLayout) offset(b []byte) int64 {
	if l.big {
		return int64(l.order.Uint64(b))
	}
	return int64(l.order.Uint32(b))
}

// raw returns the bytes of a tag, or nil.
func (d *tiffDir) raw(tag uint16) ([]byte, error) {
	v, ok := d.values[tag]
	if !ok {
		return nil, nil
	}
	size := v.count * valueSize[v.kind]
	if size > d.in.size {
		return nil, refuseTruncated("TIFF tag %d of %d bytes", tag, size)
	}
	b, err := d.in.at(v.at, int(size))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) < size {
		return nil, refuseTruncated("TIFF tag %d beyond the end", tag)
	}
	return b, nil
}

// ints returns the whole numbers of a tag, or nil.
func (d *tiffDir) ints(tag uint16) ([]int64, error) {
	b, err := d.raw(tag)
	if b == nil || err != nil {
		return nil, err
	}
	v := d.values[tag]
	out := make([]int64, v.count)
	for i := range out {
		switch p := b[int64(i)*valueSize[v.kind]:]; valueSize[v.kind] {
		case 1:
			out[i] = int64(p[0])
		case 2:
			out[i] = int64(d.order.Uint16(p))
		case 4:
			out[i] = int64(d.order.Uint32(p))
		case 8:
			out[i] = int64(d.order.Uint64(p) & math.MaxInt64)
		}
	}
	return out, nil
}

// int returns the first whole number of a tag, or otherwise.
func (d *tiffDir) int(tag uint16, otherwise int64) int64 {
	v, err := d.ints(tag)
	if err != nil || len(v) == 0 {
		return otherwise
	}
	return v[0]
}

// rational returns the first fraction of a tag, or 0.
func (d *tiffDir) rational(tag uint16) float64 {
	b, err := d.raw(tag)
	if err != nil || len(b) < 8 || d.values[tag].kind != 5 {
		return 0
	}
	num, den := d.order.Uint32(b), d.order.Uint32(b[4:])
	if den == 0 {
		return 0
	}
	return float64(num) / float64(den)
}
