package sample

import (
	"fmt"
	"strings"
)

// embeddedFont is a face of a document written into a PDF.
type embeddedFont struct {
	subset subset
	ref    ref
}

// embedded are the faces a document uses.
type embedded map[Face]embeddedFont

// embed writes the characters of all pages as subset fonts.
func (s *Studio) embed(w *pdfWriter, pages []Page) embedded {
	used := usedRunes(pages)
	out := embedded{}
	for f := range faceCount {
		if used[f] != nil {
			sub := s.subsetFont(f, used[f])
			out[f] = embeddedFont{sub, w.font(f, sub)}
		}
	}
	return out
}

// usedRunes tells the characters of each face.
func usedRunes(pages []Page) map[Face]map[rune]bool {
	used := map[Face]map[rune]bool{}
	for _, p := range pages {
		for _, m := range p.Marks {
			t, ok := m.(Text)
			if !ok {
				continue
			}
			if used[t.Face] == nil {
				used[t.Face] = map[rune]bool{}
			}
			for _, r := range t.String {
				used[t.Face][r] = true
			}
		}
	}
	return used
}

func (e embedded) resources() string {
	var b strings.Builder
	for f := range faceCount {
		if font, ok := e[f]; ok {
			fmt.Fprintf(&b, "/F%d %v", f, font.ref)
		}
	}
	return b.String()
}

var postNames = [faceCount]string{"SampleSong", "SampleXiaoBiaoSong", "SampleHei", "SampleHeiBold"}

// font writes the objects of one composite font.
func (w *pdfWriter) font(f Face, s subset) ref {
	name := fmt.Sprintf("OWSMPL+%s", postNames[f])
	file := w.packed(fmt.Sprintf("/Length1 %d", len(s.data)), s.data)
	descriptor := w.add("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[-200 -300 1200 1200]/ItalicAngle 0"+
		"/Ascent 880/Descent -120/CapHeight 730/StemV 80/FontFile2 %v>>", name, file)
	var widths strings.Builder
	for _, n := range s.widths {
		fmt.Fprintf(&widths, "%d ", n)
	}
	cid := w.add("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %v/DW 1000/W[1[%s]]/CIDToGIDMap/Identity>>", name, descriptor, widths.String())
	unicode := w.packed("", toUnicode(s))
	return w.add("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%v]/ToUnicode %v>>", name, cid, unicode)
}

// toUnicode maps glyphs back to characters, at most 100 lines to a block.
func toUnicode(s subset) []byte {
	b := []byte("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n" +
		"1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	for start := 0; start < len(s.runes); start += 100 {
		block := s.runes[start:min(start+100, len(s.runes))]
		b = fmt.Appendf(b, "%d beginbfchar\n", len(block))
		for i, r := range block {
			b = fmt.Appendf(b, "<%04X><", start+i+1)
			for _, u := range utf16Units(string(r)) {
				b = fmt.Appendf(b, "%04X", u)
			}
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap CMapName currentdict/CMap defineresource pop end end\n"...)
}
