package sample

// encodeLZW packs data as TIFF does: most significant bit first, the code
// width growing one code early, which compress/lzw does not write.
func encodeLZW(data []byte) []byte {
	const clearCode, endCode, first, last = 256, 257, 258, 4094
	var out lzwBits
	table := map[uint32]int{}
	next, width := first, 9
	reset := func() {
		out.write(clearCode, width)
		clear(table)
		next, width = first, 9
	}
	reset()
	prefix := -1
	for _, c := range data {
		if prefix < 0 {
			prefix = int(c)
			continue
		}
		key := uint32(prefix)<<8 | uint32(c)
		if code, ok := table[key]; ok {
			prefix = code
			continue
		}
		out.write(prefix, width)
		table[key] = next
		next++
		prefix = int(c)
		switch {
		case next > last:
			reset()
		case next == 1<<width:
			width++
		}
	}
	if prefix >= 0 {
		out.write(prefix, width)
		if next == 1<<width-1 && width < 12 { // the reader has caught up by one entry
			width++
		}
	}
	out.write(endCode, width)
	return out.flush()
}

// lzwBits packs codes of 9 to 12 bits.
type lzwBits struct {
	out  []byte
	cur  uint32
	bits int
}

func (b *lzwBits) write(code, width int) {
	b.cur = b.cur<<width | uint32(code)
	b.bits += width
	for b.bits >= 8 {
		b.bits -= 8
		b.out = append(b.out, byte(b.cur>>b.bits))
	}
}

func (b *lzwBits) flush() []byte {
	if b.bits > 0 {
		b.out = append(b.out, byte(b.cur<<(8-b.bits)))
	}
	return b.out
}
