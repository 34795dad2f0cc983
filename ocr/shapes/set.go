package shapes

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"onewindow/ocr/ink"
)

// drawnAt is the size in points that characters are drawn at, about that of a line
// cut out for a recognizer.
const drawnAt = 40

// Set is characters as the installed fonts draw them. Safe for concurrent use.
type Set struct {
	mu    sync.Mutex
	faces []font.Face
	drawn map[rune][]feature // by character, one of each font that has it
	among []rune             // the characters Nearest chooses from
}

// Match is a character that a picture may show.
type Match struct {
	Character rune
	Like      float64 // 0..1; the same character of another font is mostly above 0.8
}

// Open opens the fonts for characters that Nearest chooses from; they are drawn when
// it is called first, which takes about half a millisecond each with three fonts. Files are TTF, OTF
// or TTC; of a collection the face for simplified Chinese is taken. Errors: those of
// os.Open, and files that are no fonts.
func Open(files []string, among []rune) (*Set, error) {
	s := &Set{among: among, drawn: map[rune][]feature{}}
	for _, path := range files {
		f, err := openFace(path)
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", filepath.Base(path), err)
		}
		s.faces = append(s.faces, f)
	}
	return s, nil
}

func openFace(path string) (font.Face, error) {
	file, err := os.Open(path) // stays open: glyphs are read as they are needed
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	all, err := sfnt.ParseCollectionReaderAt(file)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	chosen, err := simplified(all)
	if err != nil {
		return nil, fmt.Errorf("choose face: %w", err)
	}
	return opentype.NewFace(chosen, &opentype.FaceOptions{Size: drawnAt, DPI: 72})
}

// simplified is the face of a collection for simplified Chinese, else the first.
func simplified(all *sfnt.Collection) (*sfnt.Font, error) {
	for i := range all.NumFonts() {
		f, err := all.Font(i)
		if err != nil {
			return nil, err
		}
		if name, err := f.Name(nil, sfnt.NameIDFull); err == nil && strings.Contains(name, " SC") {
			return f, nil
		}
	}
	return all.Font(0)
}

// of returns a character's features, drawing it when it is asked for first.
func (s *Set) of(r rune) []feature {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.drawn[r]; ok {
		return f
	}
	var out []feature
	for _, face := range s.faces {
		if f, ok := draw(face, r); ok {
			out = append(out, f)
		}
	}
	s.drawn[r] = out
	return out
}

func draw(face font.Face, r rune) (feature, bool) {
	if _, ok := face.GlyphAdvance(r); !ok {
		return feature{}, false
	}
	canvas := image.NewGray(image.Rect(0, 0, 2*drawnAt, 2*drawnAt))
	d := font.Drawer{Dst: canvas, Src: image.White, Face: face, Dot: fixed.P(drawnAt/2, drawnAt*3/2)}
	d.DrawString(string(r))
	p := ink.Plane{W: canvas.Rect.Dx(), H: canvas.Rect.Dy(), Pix: canvas.Pix}
	for i, v := range p.Pix {
		p.Pix[i] = 255 - v
	}
	return describe(&p, 0, p.W, 0, 255)
}

// Sample is a character cut out of a line, in one way or several.
type Sample struct{ ways []feature }

// Cut describes the print in columns from..to of p, for each pair of them.
// dark and paper are the shades of print and ground.
func Cut(p *ink.Plane, pairs [][2]int, dark, paper int) Sample {
	var s Sample
	for _, w := range pairs {
		if f, ok := describe(p, w[0], w[1], dark, paper); ok {
			s.ways = append(s.ways, f)
		}
	}
	return s
}

// Like is how much a sample is like a character, 0..1; 0 when no font has it.
func (s *Set) Like(a Sample, r rune) float64 {
	best := 0.0
	for _, drawn := range s.of(r) {
		for i := range a.ways {
			best = max(best, a.ways[i].like(&drawn))
		}
	}
	return best
}

// Nearest returns the likest of the characters to choose from, and the next.
func (s *Set) Nearest(a Sample) (first, second Match) {
	for _, r := range s.among {
		m := Match{r, s.Like(a, r)}
		switch {
		case m.Like > first.Like:
			first, second = m, first
		case m.Like > second.Like:
			second = m
		}
	}
	return first, second
}
