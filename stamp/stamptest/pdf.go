// Package stamptest makes synthetic files to stamp, renders what was stamped with
// programs of other people, and measures it. For tests only.
package stamptest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// Font is the font of the Debian package fonts-noto-cjk.
const Font = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

// Page is a page of a synthetic PDF. Zero fields are left out of the file.
type Page struct {
	Media, Crop *[4]float64
	Rotate      int
	UserUnit    float64
	Extra       string // further entries of the page dictionary
	Content     string
}

// Box makes a rectangle.
func Box(x0, y0, x1, y1 float64) *[4]float64 { return &[4]float64{x0, y0, x1, y1} }

// A4 is an upright sheet.
func A4() *[4]float64 { return Box(0, 0, 595.276, 841.89) }

// Dict is the page dictionary without Parent and Contents.
func (p Page) dict() string {
	var b strings.Builder
	b.WriteString("/Type/Page")
	for _, box := range []struct {
		name string
		v    *[4]float64
	}{{"MediaBox", p.Media}, {"CropBox", p.Crop}} {
		if box.v != nil {
			fmt.Fprintf(&b, "/%s[%g %g %g %g]", box.name, box.v[0], box.v[1], box.v[2], box.v[3])
		}
	}
	if p.Rotate != 0 {
		fmt.Fprintf(&b, "/Rotate %d", p.Rotate)
	}
	if p.UserUnit != 0 {
		fmt.Fprintf(&b, "/UserUnit %g", p.UserUnit)
	}
	return b.String() + p.Extra
}

// PDF makes a file of pages. All share one resource dictionary with the font /F.
func PDF(pages ...Page) []byte {
	var f File
	catalog, tree := f.Add(""), f.Add("")
	resources := f.Add("<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>")
	var kids strings.Builder
	for _, p := range pages {
		content := f.AddStream("", []byte(p.Content))
		n := f.Add(fmt.Sprintf("<<%s/Parent %d 0 R/Resources %d 0 R/Contents %d 0 R>>", p.dict(), tree, resources, content))
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	f.Set(catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R>>", tree))
	f.Set(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), kids.String()))
	return f.Bytes()
}

// File is a PDF put together object by object; object 1 is the catalog.
type File struct {
	objects [][]byte
	// Trailer holds further entries of the trailer, e.g. "/Info 3 0 R".
	Trailer string
}

// Add adds an object and returns its number.
func (f *File) Add(text string) int {
	f.objects = append(f.objects, []byte(text))
	return len(f.objects)
}

// AddStream adds a compressed stream; dict holds further entries.
func (f *File) AddStream(dict string, data []byte) int {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return f.AddRaw(dict+"/Filter/FlateDecode", b.Bytes())
}

// AddRaw adds a stream as it is.
func (f *File) AddRaw(dict string, data []byte) int {
	return f.Add(fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
}

// Set replaces object n.
func (f *File) Set(n int, text string) { f.objects[n-1] = []byte(text) }

// Bytes writes the file.
func (f *File) Bytes() []byte {
	var b, table bytes.Buffer
	b.WriteString("%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
	for i, o := range f.objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.objects)+1, table.String(), len(f.objects)+1, f.Trailer, start)
	return b.Bytes()
}

// Form is the content of a page like those that are stamped: black print, a grey
// table, red seals of several reds, one of them pure.
const Form = `q 0 g BT /F 12 Tf 60 740 Td 16 TL
(Construction permit 430199202601010101) Tj T* (Builder: Example Development Co. Ltd) Tj T*
(Floor area 12345.67 m2, price 8901.23) Tj T* (The quick brown fox jumps over the lazy dog 0123456789) Tj ET
0.35 G 0.8 w 60 400 400 200 re S 60 500 m 460 500 l S
0.1 0.1 0.12 rg 80 420 120 40 re f
0.85 0.1 0.12 RG 4 w 300 560 m 300 593 273 620 240 620 c 207 620 180 593 180 560 c 180 527 207 500 240 500 c 273 500 300 527 300 560 c s
1 0 0 rg 340 520 80 60 re f
0.95 0.45 0.45 rg 430 520 40 60 re f
0.784 0.118 0.118 rg 340 440 80 60 re f Q
`
