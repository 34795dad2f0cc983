package searchable

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// The text layer needs a font that has every character and draws none: a
// TrueType file of three empty glyphs, for characters one em and half an em wide.
const (
	unitsPerEm = 1000
	wideGlyph  = 1
	halfGlyph  = 2
)

// glyphless is the font file.
func glyphless() []byte {
	be := binary.BigEndian
	u16 := func(v ...int) (b []byte) {
		for _, x := range v {
			b = be.AppendUint16(b, uint16(x))
		}
		return b
	}
	head := append([]byte{0, 1, 0, 0, 0, 1, 0, 0}, make([]byte, 4)...) // checkSumAdjustment follows below
	head = append(head, 0x5F, 0x0F, 0x3C, 0xF5)
	head = append(head, u16(0, unitsPerEm)...)
	head = append(head, make([]byte, 16)...) // created, modified
	head = append(head, u16(0, -200, unitsPerEm, 800, 0, 8, 2, 0, 0)...)
	hhea := append([]byte{0, 1, 0, 0}, u16(800, -200, 0, unitsPerEm, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3)...)
	maxp := append([]byte{0, 1, 0, 0}, u16(3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)...)
	hmtx := u16(unitsPerEm, 0, unitsPerEm, 0, unitsPerEm/2, 0)
	// One character, so that strict readers find a map: a space is glyph 2.
	cmap := append(u16(0, 1, 3, 1), 0, 0, 0, 12)
	cmap = append(cmap, u16(4, 32, 0, 4, 4, 1, 0, 0x20, 0xFFFF, 0, 0x20, 0xFFFF, halfGlyph-0x20, 1, 0, 0)...)
	post := append([]byte{0, 3, 0, 0}, make([]byte, 28)...)
	family := []byte("\x00G\x00l\x00y\x00p\x00h\x00l\x00e\x00s\x00s")
	name := append(u16(0, 1, 6+12, 3, 1, 0x409, 6, len(family), 0), family...)
	os2 := append(u16(4, 750, 400, 5, 0), make([]byte, 68)...)
	copy(os2[len(os2)-10:], u16(800, -200, 0, 800, 200)) // typographic and Windows extents
	os2 = append(os2, make([]byte, 96-len(os2))...)
	return assemble([]table{
		{"OS/2", os2}, {"cmap", cmap}, {"glyf", []byte{0, 0, 0, 0}}, {"head", head}, {"hhea", hhea},
		{"hmtx", hmtx}, {"loca", u16(0, 0, 0, 0)}, {"maxp", maxp}, {"name", name}, {"post", post},
	})
}

type table struct {
	tag  string
	data []byte
}

// assemble makes an sfnt file of tables that are sorted by tag.
func assemble(tables []table) []byte {
	be := binary.BigEndian
	n := len(tables)
	search := 1
	shift := 0
	for search*2 <= n {
		search *= 2
		shift++
	}
	out := []byte{0, 1, 0, 0}
	for _, v := range []int{n, search * 16, shift, (n - search) * 16} {
		out = be.AppendUint16(out, uint16(v))
	}
	offset := 12 + 16*n
	var body []byte
	head := 0
	for _, t := range tables {
		if t.tag == "head" {
			head = offset + len(body)
		}
		out = append(out, t.tag...)
		out = be.AppendUint32(out, sum(t.data))
		out = be.AppendUint32(out, uint32(offset+len(body)))
		out = be.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		body = append(body, make([]byte, (4-len(t.data)%4)%4)...)
	}
	out = append(out, body...)
	be.PutUint32(out[head+8:], 0xB1B0AFBA-sum(out))
	return out
}

// sum is the checksum of sfnt files.
func sum(b []byte) uint32 {
	var s uint32
	for i := 0; i < len(b); i += 4 {
		var word [4]byte
		copy(word[:], b[i:])
		s += binary.BigEndian.Uint32(word[:])
	}
	return s
}

// half reports a character set half an em wide: ASCII and its like.
func half(code uint16) bool { return code >= 0x20 && code <= 0x7E || code >= 0xA0 && code <= 0xFF }

// glyphMap is the CIDToGIDMap: codes are UTF-16 units.
func glyphMap() []byte {
	b := make([]byte, 2*65536)
	for c := range 65536 {
		g := byte(wideGlyph)
		if half(uint16(c)) {
			g = halfGlyph
		}
		b[2*c+1] = g
	}
	return b
}

// toUnicode maps every code to itself: both are UTF-16 units. Ranges must not
// cross a change of the high byte, nor a block have more than a hundred.
func toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	var rows []string
	for high := range 256 {
		if high >= 0xD8 && high <= 0xDF { // halves of pairs stand for nothing by themselves
			continue
		}
		rows = append(rows, fmt.Sprintf("<%02X00> <%02XFF> <%02X00>", high, high, high))
	}
	for len(rows) > 0 {
		n := min(100, len(rows))
		fmt.Fprintf(&b, "%d beginbfrange\n%s\nendbfrange\n", n, strings.Join(rows[:n], "\n"))
		rows = rows[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
