package artwork

import (
	"strings"
	"unicode"

	"onewindow/stamp/lettering"
)

// gap stands between the parts of a line: an ideographic space, one em.
const gap = "\u3000"

// wrap breaks a band line into printed lines of at most limit em: first between
// the parts that double spaces separate, then between characters, where Chinese
// and the middle of Latin words are told apart.
func wrap(font *lettering.Font, line string, limit float64) ([]string, error) {
	w := wrapper{font: font, limit: limit}
	for _, part := range strings.Split(line, "  ") {
		if w.now != "" {
			if w.fits(w.now + gap + part) {
				w.now += gap + part
				continue
			}
			w.flush()
		}
		for _, atom := range atoms(part) {
			w.add(atom)
		}
	}
	w.flush()
	return w.lines, w.err
}

type wrapper struct {
	font  *lettering.Font
	limit float64
	now   string
	lines []string
	err   error
}

func (w *wrapper) fits(text string) bool {
	width, err := w.font.Width(text)
	if err != nil && w.err == nil {
		w.err = err
	}
	return width <= w.limit
}

func (w *wrapper) flush() {
	if s := strings.TrimRight(w.now, " "+gap); s != "" {
		w.lines = append(w.lines, s)
	}
	w.now = ""
}

func (w *wrapper) add(atom string) {
	if w.fits(w.now + atom) {
		w.now += atom
		return
	}
	w.flush()
	if atom = strings.TrimLeft(atom, " "); w.fits(atom) {
		w.now = atom
		return
	}
	for _, r := range atom { // a word longer than the line, e.g. an address
		if w.now != "" && !w.fits(w.now+string(r)) {
			w.flush()
		}
		w.now += string(r)
	}
}

// noStart must not begin a line; noEnd must not end one.
const (
	noStart = "，。、：；！？）》」』】〕〉”’·…/%"
	noEnd   = "（《「『【〔〈“‘"
)

// atoms splits a part where a line may break.
func atoms(part string) []string {
	var out []string
	var previous rune
	for _, r := range part {
		glued := previous != 0 && (strings.ContainsRune(noStart, r) || strings.ContainsRune(noEnd, previous) ||
			narrow(previous) && narrow(r))
		if glued {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		previous = r
	}
	return out
}

// narrow characters form words: letters, digits and signs of Latin text, and the
// placeholder of the page number.
func narrow(r rune) bool {
	return r == lettering.AnyDigit || r != ' ' && r < 0x2E80 && !unicode.IsSpace(r)
}
