package ppocr

const (
	wideBlank = 40  // columns of a crop without print that make a gap, about a character
	blankInk  = 0.4 // print is darker than this share of the way from paper to the darkest
)

// clearBlanks wipes wide gaps between words: in the pale lines of a patterned
// ground there the recognizer would see a 一.
func (p *plane) clearBlanks() {
	if p.W < 2*wideBlank || len(p.Pix) == 0 {
		return
	}
	dark, paper := p.shades()
	limit := byte(paper - int(blankInk*float64(paper-dark)))
	from := -1
	for x := range p.W + 1 {
		if x < p.W && p.lightColumn(x, limit) {
			if from < 0 {
				from = x
			}
			continue
		}
		if from >= 0 && x-from >= wideBlank {
			p.wipe(from, x, byte(paper))
		}
		from = -1
	}
}

// shades returns the shade of the darkest fiftieth of the crop and that of its paper.
func (p *plane) shades() (dark, paper int) {
	var count [256]int
	for _, v := range p.Pix {
		count[v]++
	}
	at := func(share float64) int {
		left := int(share * float64(len(p.Pix)))
		for v, n := range count {
			if left -= n; left < 0 {
				return v
			}
		}
		return 255
	}
	return at(0.02), at(0.75)
}

// lightColumn reports whether a column has nothing darker than limit.
func (p *plane) lightColumn(x int, limit byte) bool {
	for y := range p.H {
		if p.Pix[y*p.W+x] < limit {
			return false
		}
	}
	return true
}

// wipe fills the columns from, …, to-1 with one shade.
func (p *plane) wipe(from, to int, shade byte) {
	for y := range p.H {
		row := p.Pix[y*p.W+from : y*p.W+to]
		for i := range row {
			row[i] = shade
		}
	}
}
