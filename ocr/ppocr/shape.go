package ppocr

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"onewindow/ocr/shapes"
)

const (
	// compared is how many surely read characters of a line tell how alike its print
	// can be to the drawn one.
	compared       = 5
	sureNeighbour  = 0.97
	leastNeighbour = 0.85 // print less alike than this is not judged by shape

	belowThem    = 0.04  // a character may be this much less alike than its neighbours,
	clearlyLiker = 0.025 // and must be this much more alike than every other it could be

	nearThem = 0.02  // nobody need look at one that is as near to its neighbours,
	farLiker = 0.045 // and as far from every other

	// Print of the same style as a drawn font is about this alike to it, whoever made
	// it (0.975 for sans serif of two makers; other styles reach 0.94). The less alike
	// a line is, the further a character must stand out: strange times what is missing.
	familiar = 0.97
	strange  = 1.0

	byShape      = 0.8  // the probability of a character put in that a person should look at
	settled      = 0.95 // and of one that nobody need
	centreOfStep = 0.6  // steps from where a character is first seen to its middle
)

// simple are characters of so few strokes that their shape tells nothing.
const simple = "一二三丨丶丿十"

// lookAgain looks at what the network doubts, or is known to take for another, as
// pictures of single characters. What it doubts without cause is settled; a
// character it does not know is put in, also where it passed one over.
func (r *recognizer) lookAgain(found []character) []character {
	pitch := r.pitch(found)
	if r.networkOnly || pitch == 0 || !slices.ContainsFunc(found, r.isUnsure) && !r.missesAny(found, pitch) {
		return found
	}
	l := look{r: r, line: found, pitch: pitch}
	l.dark, l.paper = r.crop.shades()
	out := make([]character, 0, len(found)+1)
	for i, c := range found {
		if r.missedBefore(found, i, pitch) {
			out = l.fill(out, r.between(found, i, pitch), c)
		}
		out = append(out, l.judge(c))
	}
	if r.missedAtEnd(found, pitch) {
		last := found[len(found)-1]
		out = l.fill(out, float64(last.step)+pitch, last)
	}
	return out
}

// isUnsure reports a Chinese character to look at again.
func (r *recognizer) isUnsure(c character) bool {
	v := r.rune(c.class)
	return r.isHan(c) && !strings.ContainsRune(simple, v) && (c.p < sureCharacter || len(mistaken()[v]) > 0)
}

// rune is the character of a class, 0 for the blank.
func (r *recognizer) rune(class int) rune {
	for _, v := range r.characters[class] {
		return v
	}
	return 0
}

// missesAny reports whether the network seems to have passed over a character.
func (r *recognizer) missesAny(found []character, pitch float64) bool {
	for i := range found {
		if r.missedBefore(found, i, pitch) {
			return true
		}
	}
	return r.missedAtEnd(found, pitch)
}

// between is the step where the character passed over before character i stands.
func (r *recognizer) between(found []character, i int, pitch float64) float64 {
	to := float64(found[i].step)
	if i == 0 {
		return to - pitch
	}
	return (float64(found[i-1].step) + to) / 2
}

// look judges the characters of one line by their shape.
type look struct {
	r           *recognizer
	line        []character
	pitch       float64
	dark, paper int
	usual       float64 // how alike the line's sure characters are to the drawn ones; 0 until asked for
}

// judge settles the doubt of a character, or puts another in its place.
func (l *look) judge(c character) character {
	if !l.r.isUnsure(c) {
		return c
	}
	s := l.cut(float64(c.step))
	read := l.r.rune(c.class)
	like := l.r.shapes.Like(s, read)
	best, next := l.nearest(s, c, read)
	if p := l.surely(like, best.Like); p == settled {
		c.p = max(c.p, settled)
		return c
	}
	if p := l.surely(best.Like, max(like, next.Like)); p > 0 {
		c.shape, c.p = best.Character, p
	}
	return c
}

// nearest returns the two characters a sample is most like, beside the one read.
// Of a sure reading only what is known to be mistaken for it is tried.
func (l *look) nearest(s shapes.Sample, c character, read rune) (best, next shapes.Match) {
	others := slices.Clone(mistaken()[read])
	if c.p < sureCharacter {
		best, next = l.r.shapes.Nearest(s)
		for _, class := range c.others {
			others = append(others, l.r.rune(class))
		}
	}
	for _, v := range others {
		if !unicode.Is(unicode.Han, v) || v == best.Character || v == next.Character {
			continue
		}
		m := shapes.Match{Character: v, Like: l.r.shapes.Like(s, v)}
		switch {
		case m.Like > best.Like:
			best, next = m, best
		case m.Like > next.Like:
			next = m
		}
	}
	if best.Character == read {
		best = next
	}
	return best, next
}

// fill puts in the character passed over at a step, if its shape tells which. Its
// neighbour seen twice is none: the network saw it late.
func (l *look) fill(out []character, step float64, beside character) []character {
	best, next := l.r.shapes.Nearest(l.cut(step))
	p := l.surely(best.Like, next.Like)
	if p == 0 || string(best.Character) == l.r.text(beside) {
		return out
	}
	return append(out, character{shape: best.Character, p: p, step: int(step)})
}

// surely returns how sure a character is that is so much alike, the next one being
// so much; 0 when the shape does not tell. What is much depends on the line, since
// fonts and scans differ.
func (l *look) surely(like, next float64) float32 {
	if l.usual == 0 {
		l.usual = l.learn()
	}
	apart := strange * max(familiar-l.usual, 0)
	switch {
	case l.usual < leastNeighbour:
		return 0
	case like >= l.usual-nearThem && like >= next+farLiker+apart:
		return settled
	case like >= l.usual-belowThem && like >= next+clearlyLiker+apart:
		return byShape
	}
	return 0
}

// learn returns how alike the line's sure characters usually are to the drawn ones;
// -1 when too few are there.
func (l *look) learn() float64 {
	var all []float64
	for _, c := range l.line {
		if len(all) < compared && c.p >= sureNeighbour && l.r.isHan(c) {
			all = append(all, l.r.shapes.Like(l.cut(float64(c.step)), l.r.rune(c.class)))
		}
	}
	if len(all) < 2 {
		return -1
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// cut takes the character seen at a step out of the crop, in the ways its edges
// may lie: at the lightest columns on either side.
func (l *look) cut(step float64) shapes.Sample {
	center, width := (step+centreOfStep)*timeStep, l.pitch*timeStep
	var pairs [][2]int
	for _, a := range l.r.crop.lightest(int(center-0.8*width), int(center-0.3*width)) {
		for _, b := range l.r.crop.lightest(int(center+0.3*width), int(center+0.8*width)) {
			pairs = append(pairs, [2]int{a, b})
		}
	}
	return shapes.Cut(&l.r.crop.Plane, pairs, l.dark, l.paper)
}

const (
	cuts    = 3 // ways tried on either side of a character
	apartBy = 5 // columns
)

// lightest returns the columns between from and to where a cut takes least print.
func (p *plane) lightest(from, to int) []int {
	from, to = max(from, 0), min(to, p.W)
	if from >= to {
		return []int{min(from, p.W)}
	}
	ink := make([]int, to-from)
	order := make([]int, to-from)
	for i := range ink {
		order[i] = i
		for y := range p.H {
			ink[i] += 255 - int(p.Pix[y*p.W+from+i])
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ink[a], ink[b]) })
	var out []int
	for _, i := range order {
		if !slices.ContainsFunc(out, func(x int) bool { return max(x-from-i, from+i-x) < apartBy }) {
			if out = append(out, from+i); len(out) == cuts {
				break
			}
		}
	}
	return out
}
