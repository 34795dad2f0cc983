package ppocr

import (
	"strings"
	"unicode/utf8"

	"onewindow/document"
)

const (
	widestLine = 2400  // columns the recognizer sees at once: fifty to seventy characters
	widestCrop = 24000 // columns of one line; what is longer is squeezed
)

// readLong recognizes r.crop in parts that the network takes well, cut where
// there is least print.
func (r *recognizer) readLong() (reading, error) {
	whole := r.long
	whole.Reset(r.crop.W, r.crop.H)
	copy(whole.Pix, r.crop.Pix)
	r.long = whole
	var text strings.Builder
	var sum float64
	n, from := 0, 0
	var doubts []document.Doubt
	for _, to := range append(whole.lightColumns(widestLine), whole.W) {
		r.crop.columnsOf(&whole, from, to)
		part, err := r.readCrop()
		if err != nil {
			return reading{}, err
		}
		c := utf8.RuneCountInString(part.text)
		doubts = append(doubts, shifted(part.doubts, utf8.RuneCountInString(text.String()))...)
		text.WriteString(part.text)
		sum += part.confidence * float64(c)
		n += c
		from = to
	}
	if n == 0 {
		return reading{}, nil
	}
	return reading{text.String(), sum / float64(n), doubts}, nil
}

// lightColumns returns where to cut p so that no part is wider than most.
func (p *plane) lightColumns(most int) []int {
	const window = lineHeight // a cut may move by about a character
	parts := (p.W + most - 2*window - 1) / (most - 2*window)
	var out []int
	for i := 1; i < parts; i++ {
		middle := i * p.W / parts
		best, lightest := middle, -1
		for x := middle - window; x <= middle+window; x++ {
			sum := 0
			for y := range p.H {
				row := p.Pix[y*p.W:]
				sum += int(row[x-1]) + int(row[x]) + int(row[x+1])
			}
			if sum > lightest {
				best, lightest = x, sum
			}
		}
		out = append(out, best)
	}
	return out
}

// columnsOf makes p the columns from..to of another plane.
func (p *plane) columnsOf(whole *plane, from, to int) {
	p.Reset(to-from, whole.H)
	for y := range p.H {
		copy(p.Pix[y*p.W:(y+1)*p.W], whole.Pix[y*whole.W+from:])
	}
}
