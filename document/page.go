package document

import "strings"

// Source says where the text of a page came from.
type Source string

// The sources of a page's text.
const (
	SourceTextLayer Source = "text_layer" // a sound text layer of the file itself
	SourceOCR       Source = "ocr"        // recognized from the page image
	SourceMixed     Source = "mixed"      // both, merged
)

// Box is a rectangle x0,y0,x1,y1 in pixels of the upright page image (see
// Page.Width and Page.Height), origin top left, x1 and y1 exclusive.
type Box [4]float64

// Width returns x1-x0.
func (b Box) Width() float64 { return b[2] - b[0] }

// Height returns y1-y0.
func (b Box) Height() float64 { return b[3] - b[1] }

// Union returns the smallest box around b and c. The zero Box is empty.
func (b Box) Union(c Box) Box {
	if b == (Box{}) {
		return c
	}
	if c == (Box{}) {
		return b
	}
	return Box{min(b[0], c[0]), min(b[1], c[1]), max(b[2], c[2]), max(b[3], c[3])}
}

// Line is one run of text as it stands on the page: a printed line, or the part
// of one that belongs to one table cell or column.
type Line struct {
	Text       string  `json:"text"`
	Raw        string  `json:"raw,omitempty"` // as read, when Text was repaired
	Box        Box     `json:"box"`
	Confidence float64 `json:"confidence"` // 0..1, the mean of the characters
	Doubts     []Doubt `json:"doubts,omitempty"`
}

// Doubt is a character that was not read surely, however sure the rest of its line.
type Doubt struct {
	At         int     `json:"at"`           // index among the characters of the line as read
	Read       string  `json:"read"`         // "" where something seems to stand that was not read
	Or         string  `json:"or,omitempty"` // the next best reading
	Confidence float64 `json:"confidence"`   // 0..1
}

// Seal is a red seal or stamp on a page, evidence for checklist entries that
// must be stamped (加盖公章). Two that touch are one.
type Seal struct {
	Box      Box     `json:"box"`
	Coverage float64 `json:"coverage"` // share of Box that is red print, 0..1
}

// Scan is how well the picture of a page was made.
type Scan struct {
	// DPI is the effective resolution: less than the stored one where the picture
	// is blurred or was enlarged. 0 when unknown.
	DPI      float64  `json:"dpi"`
	Blur     float64  `json:"blur"`              // width in pixels of the edge between print and paper; 1 to 3 is sharp
	Contrast float64  `json:"contrast"`          // of print and paper, 0..1
	Clipped  []string `json:"clipped,omitempty"` // edges where print runs off: "left", "right", "top", "bottom"
}

// Page is one page as read. Width and Height are those of the upright page in
// pixels; Rotation is the clockwise turn in degrees (0, 90, 180, 270) that made
// the source upright.
type Page struct {
	Number     int      `json:"number"` // from 1
	Width      int      `json:"width"`
	Height     int      `json:"height"`
	Rotation   int      `json:"rotation"`
	DPI        float64  `json:"dpi,omitempty"` // effective resolution; 0 when unknown
	Source     Source   `json:"source"`
	Lines      []Line   `json:"lines,omitempty"` // in reading order
	Confidence float64  `json:"confidence"`
	Blank      bool     `json:"blank,omitempty"`
	Engine     string   `json:"engine,omitempty"`   // name and version of the OCR engine, "" for a text layer
	Warnings   []string `json:"warnings,omitempty"` // codes, e.g. "low_resolution"
	Seals      []Seal   `json:"seals,omitempty"`
	Scan       *Scan    `json:"scan,omitempty"` // nil for a page that is text of the file itself
}

// Text returns the lines in reading order, one per line.
func (p Page) Text() string {
	var b strings.Builder
	for i, l := range p.Lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.Text)
	}
	return b.String()
}
