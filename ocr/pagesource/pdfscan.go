package pagesource

import (
	"context"
	"slices"

	"onewindow/document"
	"onewindow/ocr"
)

// pdfScan reads the objects of a PDF as they stand in the file, without
// following the index: an index can hide objects, and building it is where
// parsers hang. It collects what a file could do beyond showing pages, and
// refuses what would explode. Memory stays small whatever the file.
type pdfScan struct {
	in     *input
	limits ocr.Limits

	objects   int
	signed    bool
	encrypted bool
	active    map[string]bool

	actions map[int]bool // objects that are actions other than going to a page
	opens   []int        // objects named by an open action
	bad     int          // streams that did not inflate
	// masked holds the sizes of pictures with a mask, which PDFium's programming
	// interface does not tell.
	masked map[[2]int]bool
	jpegs  map[[2]int]jpegUse // by size
	window []byte
}

// The kinds of active content, in the order of ocr.Facts.
const (
	activeJavaScript = "javascript"
	activeEmbedded   = "embedded_files"
	activeLaunch     = "launch"
	activeOpen       = "open_action"
	activeXFA        = "xfa"
)

var activeKinds = []string{activeJavaScript, activeEmbedded, activeLaunch, activeOpen, activeXFA}

// list returns the kinds that were found.
func (s *pdfScan) list() []string {
	for _, n := range s.opens {
		if s.actions[n] {
			s.active[activeOpen] = true
		}
	}
	var out []string
	for _, k := range activeKinds {
		if s.active[k] {
			out = append(out, k)
		}
	}
	return out
}

func scanPDF(ctx context.Context, in *input, limits ocr.Limits) (*pdfScan, error) {
	s := &pdfScan{in: in, limits: limits, active: map[string]bool{}, actions: map[int]bool{}, masked: map[[2]int]bool{},
		jpegs: map[[2]int]jpegUse{}}
	l := newLexer(in.reader(), 0)
	var prev [2]token // the two tokens before this one
	var last dict     // the dictionary a stream may follow
	number := 0
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		switch {
		case t.kind == tokenEOF:
			return s, ctx.Err()
		case t.kind == tokenWord && t.text == "obj":
			if number = int(prev[0].num); prev[0].kind != tokenNumber || prev[1].kind != tokenNumber {
				number = 0
			}
			if err := s.count(1); err != nil {
				return nil, err
			}
			last = nil
		case t.kind == tokenDictOpen:
			if last, err = l.dict(); err != nil {
				return nil, err
			}
			s.examine(last, number, 0)
		case t.kind == tokenArrayOpen:
			items, err := l.array()
			if err != nil {
				return nil, err
			}
			s.examineAll(items)
		case t.kind == tokenWord && t.text == "stream" && last != nil:
			if err := s.stream(l, last); err != nil {
				return nil, err
			}
			last = nil
		}
		prev[0], prev[1] = prev[1], t
	}
}

func (s *pdfScan) count(n int) error {
	if s.objects += n; s.objects > s.limits.MaxObjects {
		return document.Refuse(document.CodeTooLarge, sayObjects, "more than %d objects", s.limits.MaxObjects)
	}
	return nil
}

// pageActions are the kinds of action that do more than move through the document.
var pageActions = []string{"JavaScript", "Launch", "URI", "SubmitForm", "ImportData", "GoToR", "GoToE",
	"Rendition", "Movie", "Sound", "RichMediaExecute", "Hide", "Named", "SetOCGState"}

// examine looks at one dictionary and those inside it. number is that of its
// object, 0 for inner ones.
func (s *pdfScan) examine(d dict, number, depth int) {
	if slices.Contains(pageActions, d["S"].name) && number > 0 {
		s.actions[number] = true
	}
	_, js := d["JS"]
	_, jsTree := d["JavaScript"]
	if d["S"].name == "JavaScript" || js || jsTree {
		s.active[activeJavaScript] = true
	}
	if d["S"].name == "Launch" {
		s.active[activeLaunch] = true
	}
	_, embedded := d["EmbeddedFiles"]
	if embedded || d["Type"].name == "EmbeddedFile" || d["Subtype"].name == "FileAttachment" {
		s.active[activeEmbedded] = true
	}
	if _, ok := d["XFA"]; ok {
		s.active[activeXFA] = true
	}
	if _, ok := d["Encrypt"]; ok {
		s.encrypted = true
	}
	if _, ok := d["ByteRange"]; ok && d["Contents"].kind == tokenString {
		s.signed = true
	}
	s.examineOpen(d)
	if depth < maxNesting {
		for _, v := range d {
			if v.dict != nil {
				s.examine(v.dict, 0, depth+1)
			}
			s.examineAll(v.items)
		}
	}
}

func (s *pdfScan) examineAll(items []value) {
	for _, v := range items {
		if v.dict != nil {
			s.examine(v.dict, 0, 1)
		}
		s.examineAll(v.items)
	}
}

// examineOpen looks for what runs when the document or a page is opened. Going
// to a page on opening is harmless and common.
func (s *pdfScan) examineOpen(d dict) {
	if open, ok := d["OpenAction"]; ok {
		if slices.Contains(pageActions, open.dict["S"].name) {
			s.active[activeOpen] = true
		}
		if open.ref > 0 && len(s.opens) < 1000 {
			s.opens = append(s.opens, open.ref)
		}
	}
	if _, ok := d["AA"]; ok && (d["Type"].name == "Catalog" || d["Type"].name == "Page") {
		s.active[activeOpen] = true
	}
}
