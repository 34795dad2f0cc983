package pagesource

import (
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"slices"

	"onewindow/ocr"
)

// Tags that lead to further directories; a page stands without them.
const (
	tagSubDirs = 330
	tagExif    = 34665
	tagGPS     = 34853
)

// cutTIFF copies pages as they are coded: the segments byte by byte, the tags with
// the segments' new places. What the copy cannot say (older JPEG coding, whose
// tables lie anywhere in the file) is not cut.
func cutTIFF(in *input, first, last int, out io.WriteSeeker, limits ocr.Limits) error {
	dirs, err := walkTIFF(in, limits.MaxPages)
	if err != nil {
		return err
	}
	dirs = slices.DeleteFunc(dirs, (*tiffDir).noPage)
	if err := checkRange(first, last, len(dirs)); err != nil {
		return err
	}
	w := &tiffWriter{out: out, order: binary.LittleEndian}
	if dirs[0].order == binary.BigEndian {
		w.order = binary.BigEndian
	}
	w.header()
	for _, d := range dirs[first-1 : last] {
		if d.int(tagCompression, tiffNone) == tiffOldJPEG {
			return &ownError{"cut TIFF", ocr.ErrUncuttable}
		}
		if err := w.page(d); err != nil {
			return err
		}
	}
	return w.err
}

// tiffWriter writes classic TIFF: pages of segments, values, then the directory.
type tiffWriter struct {
	out   io.WriteSeeker
	order binary.AppendByteOrder
	pos   int64 // where the next byte goes
	link  int64 // where the offset of the next directory goes
	err   error // the first of the disk
}

func (w *tiffWriter) header() {
	b := []byte("II*\x00\x00\x00\x00\x00")
	if w.order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*\x00\x00\x00\x00")
	}
	w.pos, w.link = 0, 4
	w.write(b)
}

func (w *tiffWriter) write(b []byte) {
	if w.err != nil {
		return
	}
	if _, err := w.out.Write(b); err != nil {
		w.err = &ownError{"write TIFF", withoutPath(err)}
	}
	w.pos += int64(len(b))
}

// outTag is a tag as it will stand: its values in the file's byte order.
type outTag struct {
	tag, kind uint16
	count     uint32
	raw       []byte
}

func (w *tiffWriter) page(d *tiffDir) error {
	tags, err := w.tags(d)
	if err != nil {
		return err
	}
	for i := range tags {
		if len(tags[i].raw) <= 4 {
			continue
		}
		at := w.pos
		w.write(tags[i].raw)
		w.even()
		tags[i].raw = w.order.AppendUint32(nil, uint32(at))
	}
	if w.pos > math.MaxUint32-1<<20 {
		return &ownError{"cut TIFF", ocr.ErrUncuttable} // beyond what classic TIFF can address
	}
	at := w.pos
	dir := w.order.AppendUint16(nil, uint16(len(tags)))
	for _, t := range tags {
		dir = w.order.AppendUint16(dir, t.tag)
		dir = w.order.AppendUint16(dir, t.kind)
		dir = w.order.AppendUint32(dir, t.count)
		dir = append(dir, append(t.raw, 0, 0, 0, 0)[:4]...)
	}
	w.write(append(dir, 0, 0, 0, 0))
	w.patch(w.link, uint32(at))
	w.link = w.pos - 4
	w.even()
	return w.err
}

// even keeps values and directories on even offsets, as the standard asks.
func (w *tiffWriter) even() {
	if w.pos%2 == 1 {
		w.write([]byte{0})
	}
}

// patch fills in an offset written as zero before.
func (w *tiffWriter) patch(at int64, value uint32) {
	if w.err != nil {
		return
	}
	_, err := w.out.Seek(at, io.SeekStart)
	if err == nil {
		_, err = w.out.Write(w.order.AppendUint32(nil, value))
	}
	if err == nil {
		_, err = w.out.Seek(0, io.SeekEnd)
	}
	if err != nil {
		w.err = &ownError{"write TIFF", withoutPath(err)}
	}
}

// tags copies the segments and returns the page's tags in order.
func (w *tiffWriter) tags(d *tiffDir) ([]outTag, error) {
	var tags []outTag
	for tag, v := range d.values {
		switch tag {
		case tagSubDirs, tagExif, tagGPS, tagJPEGOffset, tagJPEGLength, tagStripOffsets, tagTileOffsets:
			continue
		}
		t, err := w.keep(d, tag, v)
		if err != nil {
			return nil, err
		}
		tags = append(tags, t)
	}
	for _, pair := range [][2]uint16{{tagStripOffsets, tagStripCounts}, {tagTileOffsets, tagTileCounts}} {
		if _, has := d.values[pair[0]]; !has {
			continue
		}
		t, err := w.segments(d, pair[0], pair[1])
		if err != nil {
			return nil, err
		}
		tags = append(tags, t)
	}
	slices.SortFunc(tags, func(a, b outTag) int { return cmp.Compare(a.tag, b.tag) })
	return tags, nil
}

// keep is a tag as it was; the wide numbers of BigTIFF become narrow.
func (w *tiffWriter) keep(d *tiffDir, tag uint16, v tiffValue) (outTag, error) {
	if valueSize[v.kind] == 8 && v.kind >= 16 {
		wide, err := d.ints(tag)
		if err != nil {
			return outTag{}, err
		}
		return w.longs(tag, wide), nil
	}
	raw, err := d.raw(tag)
	return outTag{tag, v.kind, uint32(v.count), raw}, err
}

func (w *tiffWriter) longs(tag uint16, values []int64) outTag {
	const long = 4
	t := outTag{tag: tag, kind: long, count: uint32(len(values))}
	for _, v := range values {
		t.raw = w.order.AppendUint32(t.raw, uint32(min(v, math.MaxUint32)))
	}
	return t
}

// segments copies strips or tiles and returns where they now are.
func (w *tiffWriter) segments(d *tiffDir, offsetTag, countTag uint16) (outTag, error) {
	offsets, err := d.ints(offsetTag)
	if err != nil {
		return outTag{}, err
	}
	counts, err := d.ints(countTag)
	if err != nil {
		return outTag{}, err
	}
	if len(counts) != len(offsets) {
		return outTag{}, &ownError{"cut TIFF", ocr.ErrUncuttable} // old writers left the lengths out
	}
	moved := make([]int64, len(offsets))
	for i, at := range offsets {
		if counts[i] < 0 || at < 0 || at > d.in.size-counts[i] {
			return outTag{}, refuseTruncated("TIFF segment %d beyond the end", i)
		}
		moved[i] = w.pos
		n, err := io.Copy(writerFunc(w.write), io.NewSectionReader(d.in, at, counts[i]))
		if err != nil {
			return outTag{}, err
		}
		if n != counts[i] {
			return outTag{}, refuseTruncated("TIFF segment %d cut short", i)
		}
		if w.err != nil {
			return outTag{}, w.err
		}
		w.even()
	}
	return w.longs(offsetTag, moved), nil
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

// noPage reports directories that are no pages: reduced pictures and masks.
func (d *tiffDir) noPage() bool {
	return d.int(tagSubfile, 0)&5 != 0 || d.int(tagPhotometric, 0) == photoMask
}
