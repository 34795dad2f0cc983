package sample

import "image"

// encodeG4 packs a page of two colours as ITU-T T.6 (fax group 4), the usual
// compression of black and white scans. Pixels darker than half are black.
func encodeG4(img *image.Gray) []byte {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	var out bitWriter
	ref := []int{w, w, w, w}
	for y := range h {
		line := changes(img.Pix[y*img.Stride:y*img.Stride+w], w)
		encodeLine(&out, ref, line, w)
		ref = line
	}
	out.write("000000000001000000000001") // end of block
	return out.flush()
}

// changes lists where the colour of a row changes, starting from white, with
// the width as sentinel.
func changes(row []uint8, w int) []int {
	var out []int
	black := false
	for x, v := range row {
		if (v < 128) != black {
			out = append(out, x)
			black = !black
		}
	}
	return append(out, w, w, w, w)
}

var verticalCodes = map[int]string{0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}

// encodeLine codes one row against the row above it. i counts the changes of
// the row already coded, so its parity is the present colour.
func encodeLine(out *bitWriter, ref, line []int, w int) {
	a0, i := -1, 0
	for a0 < w {
		b := above(ref, a0, i)
		b1, b2 := ref[b], ref[b+1]
		a1, a2 := line[i], line[i+1]
		switch code, near := verticalCodes[a1-b1]; {
		case b2 < a1: // pass
			out.write("0001")
			a0 = b2
		case near:
			out.write(code)
			a0 = a1
			i++
		default: // horizontal
			out.write("001")
			out.run(a1-max(a0, 0), i%2 == 1)
			out.run(a2-a1, i%2 == 0)
			a0 = a2
			i += 2
		}
	}
}

// above finds the first change of the row above right of a0 towards the other
// colour: an even index turns black, an odd one white.
func above(ref []int, a0, i int) int {
	b := i % 2
	for ref[b] <= a0 && ref[b] < ref[len(ref)-1] {
		b += 2
	}
	return b
}

// bitWriter packs bits, most significant first.
type bitWriter struct {
	out  []byte
	cur  uint8
	bits int
}

func (b *bitWriter) write(code string) {
	for _, c := range []byte(code) {
		b.cur = b.cur<<1 | (c - '0')
		if b.bits++; b.bits == 8 {
			b.out = append(b.out, b.cur)
			b.cur, b.bits = 0, 0
		}
	}
}

// run writes the length of a run in make-up and terminating codes.
func (b *bitWriter) run(n int, black bool) {
	codes := whiteRuns
	if black {
		codes = blackRuns
	}
	for n >= 2560+64 {
		b.write(codes[64+39])
		n -= 2560
	}
	if n >= 64 {
		b.write(codes[63+n/64])
		n %= 64
	}
	b.write(codes[n])
}

func (b *bitWriter) flush() []byte {
	for b.bits != 0 {
		b.write("0")
	}
	return b.out
}
