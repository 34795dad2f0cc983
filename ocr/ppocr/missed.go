package ppocr

import "unicode"

const (
	missedPitch = 1.7 // characters this many pitches apart have room for one between them
	missedEdge  = 1.2 // an outermost character this many pitches from the edge has room beside it
	missedInk   = 0.3 // of a pitch at least shows print where a character was passed over
	farSide     = 0.8 // pitches after a character where print is no longer its own
	nearSide    = 0.4 // pitches before a character where print is already its own
)

// missedBefore reports whether a character seems to have been passed over before
// character i. Letters and figures are narrow: beside them the pitch of Chinese
// says nothing. Signs (、：（) keep it.
func (r *recognizer) missedBefore(found []character, i int, pitch float64) bool {
	if pitch == 0 || !r.isHan(found[i]) {
		return false
	}
	to := float64(found[i].step)
	if i == 0 {
		return to >= missedEdge*pitch && r.printed(0, to-nearSide*pitch, pitch)
	}
	from := float64(found[i-1].step)
	return !r.isNarrow(found[i-1]) && to-from >= missedPitch*pitch && r.printed(from+farSide*pitch, to-nearSide*pitch, pitch)
}

// missedAtEnd is missedBefore for the place behind the last character.
func (r *recognizer) missedAtEnd(found []character, pitch float64) bool {
	if pitch == 0 || !r.isHan(found[len(found)-1]) {
		return false
	}
	from, end := float64(found[len(found)-1].step), float64(r.crop.W)/timeStep
	return end-from >= missedEdge*pitch && r.printed(from+farSide*pitch, end, pitch)
}

// isNarrow reports letters and figures of the Latin kind.
func (r *recognizer) isNarrow(c character) bool {
	return !r.isHan(c) && counts(r.text(c)) || r.isSpace(c)
}

func (r *recognizer) isSpace(c character) bool {
	for _, v := range r.text(c) {
		return unicode.IsSpace(v)
	}
	return true
}

// printed reports whether the crop shows print from one step to another, enough
// for a character.
func (r *recognizer) printed(from, to, pitch float64) bool {
	dark, paper := r.crop.shades()
	limit := byte(max(paper-int(blankInk*float64(paper-dark)), 0))
	inked := 0
	for x := max(int(from*timeStep), 0); x < min(int(to*timeStep), r.crop.W); x++ {
		if !r.crop.lightColumn(x, limit) {
			inked++
		}
	}
	return float64(inked) > missedInk*pitch*timeStep
}
