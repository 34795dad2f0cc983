package pagesource

import (
	"os"
	"sync"

	"golang.org/x/image/font/sfnt"
)

// ofdFonts are the fonts of an open OFD file, embedded ones and the installed
// Chinese font for the others.
type ofdFonts struct {
	doc  *ofdDoc
	path string // of the installed font

	once     sync.Once
	fallback *face
	file     *os.File
	err      error
	faces    map[*node]*face
}

// ofdFace draws the characters of one font of the file.
type ofdFace struct {
	own      *face // nil when the file does not carry it, or it cannot be read
	fallback *face
}

// ready opens the installed font; without it nothing would be drawn.
func (f *ofdFonts) ready() error {
	f.once.Do(func() { f.fallback, f.file, f.err = openFallback(f.path) })
	return f.err
}

func (f *ofdFonts) close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// face returns the font of a resource ID.
func (f *ofdFonts) face(body *ofdBody, id string) *ofdFace {
	out := &ofdFace{fallback: f.fallback}
	n := body.fonts[id]
	if n == nil {
		return out
	}
	if f.faces == nil {
		f.faces = map[*node]*face{}
	}
	own, ok := f.faces[n]
	if !ok {
		own = f.embedded(body, n)
		f.faces[n] = own
	}
	out.own = own
	return out
}

func (f *ofdFonts) embedded(body *ofdBody, n *node) *face {
	file := n.value("FontFile")
	if file == "" {
		return nil
	}
	b, err := f.doc.pkg.read(locate(body.base[n], file))
	if err != nil {
		return nil
	}
	font, err := sfnt.Parse(b)
	if err != nil {
		return nil // bare CFF and damaged subsets: the installed font is drawn instead
	}
	return newFace(font)
}

// look returns the outline of a character, and whether it is that of the file's
// own font. given is the glyph the file names for it, 0 for none.
func (f *ofdFace) look(c rune, given sfnt.GlyphIndex) (o outline, own bool) {
	if f.own != nil {
		i := given
		if i == 0 {
			i = f.own.index(c)
		}
		if i != 0 {
			if o := f.own.outline(i); o.path != "" || o.advance > 0 {
				return o, true
			}
		}
	}
	return f.fallback.outline(f.fallback.index(c)), false
}
