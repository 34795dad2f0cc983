package sample

import (
	"bytes"
	"encoding/binary"
)

// trueType assembles the tables a PDF reader asks of an embedded font.
func trueType(glyphs [][]byte, widths []int) []byte {
	var glyf, loca, hmtx bytes.Buffer
	for i, g := range glyphs {
		put(&loca, uint32(glyf.Len()))
		glyf.Write(g)
		put(&hmtx, uint16(widths[i]))
		put(&hmtx, leftBearing(g))
	}
	put(&loca, uint32(glyf.Len()))
	n := uint16(len(glyphs))
	tables := []struct {
		tag  string
		data []byte
	}{
		{"glyf", glyf.Bytes()},
		{"head", headTable()},
		{"hhea", hheaTable(n)},
		{"hmtx", hmtx.Bytes()},
		{"loca", loca.Bytes()},
		{"maxp", maxpTable(n)},
	}
	var head, body bytes.Buffer
	put(&head, uint32(0x00010000))
	put(&head, []uint16{uint16(len(tables)), 64, 2, uint16(len(tables))*16 - 64})
	offset := 12 + 16*len(tables)
	for _, t := range tables {
		head.WriteString(t.tag)
		put(&head, []uint32{tableSum(t.data), uint32(offset + body.Len()), uint32(len(t.data))})
		body.Write(t.data)
		for body.Len()%4 != 0 {
			body.WriteByte(0)
		}
	}
	return append(head.Bytes(), body.Bytes()...)
}

// leftBearing is the left end of a glyph's box. Readers move a glyph by the
// difference of the two, so they have to agree.
func leftBearing(glyph []byte) int16 {
	if len(glyph) < 4 {
		return 0
	}
	return int16(binary.BigEndian.Uint16(glyph[2:]))
}

func headTable() []byte {
	var b bytes.Buffer
	put(&b, []uint32{0x00010000, 0x00010000, 0, 0x5F0F3CF5})
	put(&b, []uint16{3, emUnits})
	put(&b, []int64{0, 0})                   // created, modified: not told, so that files are reproducible
	put(&b, []int16{-200, -300, 1200, 1200}) // bounds
	put(&b, []int16{0, 8, 2, 1, 0})          // style, smallest size, direction, long loca, glyf format
	return b.Bytes()
}

func hheaTable(glyphs uint16) []byte {
	var b bytes.Buffer
	put(&b, uint32(0x00010000))
	put(&b, []int16{880, -120, 0, emUnits, 0, 0, emUnits, 1, 0, 0, 0, 0, 0, 0, 0})
	put(&b, glyphs)
	return b.Bytes()
}

func maxpTable(glyphs uint16) []byte {
	var b bytes.Buffer
	put(&b, uint32(0x00010000))
	put(&b, []uint16{glyphs, 2000, 200, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0})
	return b.Bytes()
}

func tableSum(b []byte) uint32 {
	var sum uint32
	for len(b)%4 != 0 {
		b = append(b[:len(b):len(b)], 0)
	}
	for i := 0; i < len(b); i += 4 {
		sum += binary.BigEndian.Uint32(b[i:])
	}
	return sum
}
