package hotfolder

import (
	"encoding/binary"
)

// The tags that say where the pixels are.
const (
	tagStripOffsets = 273
	tagStripLengths = 279
	tagTileOffsets  = 324
	tagTileLengths  = 325
)

// tiffBudget bounds how much of a file's directories is looked at, in bytes;
// more is left to those who judge files.
const tiffBudget = 8 << 20

// tiffPart walks the directories of a TIFF of either kind.
type tiffPart struct {
	part
	order  binary.ByteOrder
	big    bool // BigTIFF: offsets of 8 bytes
	budget int64
}

// tiff reports whether the chain of directories ends inside the file and all
// pixels that it tells of are there. Some writers put a directory after its
// pixels, others before.
func (p part) tiff(head []byte) bool {
	t := tiffPart{part: p, order: binary.LittleEndian, budget: tiffBudget}
	if head[0] == 'M' {
		t.order = binary.BigEndian
	}
	if len(head) < 8 {
		return false
	}
	at := int64(t.order.Uint32(head[4:]))
	switch t.order.Uint16(head[2:]) {
	case 42:
	case 43:
		if t.big = true; len(head) < 16 {
			return false
		}
		at = int64(t.order.Uint64(head[8:]))
	default:
		return true // not a TIFF
	}
	for seen := map[int64]bool{}; at != 0 && !seen[at] && t.budget > 0; {
		seen[at] = true
		next, whole := t.directory(at)
		if !whole {
			return false
		}
		at = next
	}
	return true
}

// directory checks one and returns where the next is.
func (t *tiffPart) directory(at int64) (next int64, whole bool) {
	countSize, entrySize, word := int64(2), int64(12), 4
	if t.big {
		countSize, entrySize, word = 8, 20, 8
	}
	b := t.read(at, int(countSize))
	if b == nil {
		return 0, false
	}
	n := t.number(b)
	if n < 0 || n > 65535 {
		return 0, true // broken
	}
	table := t.read(at+countSize, int(n*entrySize)+word)
	if table == nil {
		return 0, false
	}
	t.budget -= int64(len(table)) + 64
	places := map[uint16][]int64{}
	for i := int64(0); i < n; i++ {
		entry := table[i*entrySize : (i+1)*entrySize]
		switch tag := t.order.Uint16(entry); tag {
		case tagStripOffsets, tagStripLengths, tagTileOffsets, tagTileLengths:
			values, there := t.values(entry)
			if !there {
				return 0, false
			}
			places[tag] = values
		}
	}
	if !t.there(places[tagStripOffsets], places[tagStripLengths]) || !t.there(places[tagTileOffsets], places[tagTileLengths]) {
		return 0, false
	}
	return t.number(table[n*entrySize:]), true
}

// there reports whether pieces of the given places and lengths are in the file.
func (t *tiffPart) there(offsets, lengths []int64) bool {
	for i := range min(len(offsets), len(lengths)) {
		if offsets[i] < 0 || lengths[i] < 0 {
			continue // broken
		}
		if offsets[i] > t.size-lengths[i] {
			return false
		}
	}
	return true
}

// values returns the numbers of an entry; there is false when they are stored
// where the file does not reach yet.
func (t *tiffPart) values(entry []byte) (list []int64, there bool) {
	width := map[uint16]int64{3: 2, 4: 4, 16: 8}[t.order.Uint16(entry[2:])]
	count, inline := int64(t.order.Uint32(entry[4:])), entry[8:]
	if t.big {
		count, inline = int64(t.order.Uint64(entry[4:])), entry[12:]
	}
	if width == 0 || count < 0 || count > t.budget/width {
		return nil, true // broken, or more than is worth looking at
	}
	data := inline
	if count*width > int64(len(inline)) {
		if data = t.read(t.number(inline), int(count*width)); data == nil {
			return nil, false
		}
		t.budget -= count * width
	}
	for i := range count {
		list = append(list, t.number(data[i*width:(i+1)*width]))
	}
	return list, true
}

// number reads 2, 4 or 8 bytes.
func (t *tiffPart) number(b []byte) int64 {
	switch len(b) {
	case 2:
		return int64(t.order.Uint16(b))
	case 4:
		return int64(t.order.Uint32(b))
	}
	return int64(t.order.Uint64(b))
}
