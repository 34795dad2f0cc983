package ppocr

import (
	"slices"
	"unicode"

	"onewindow/document"
)

const (
	// sureCharacter is the probability from which a character is taken as read. Of
	// those below, three in four are wrong on synthetic papers; of those above, one
	// in a thousand.
	sureCharacter = 0.9
	missedSure    = 0.5 // the confidence of what seems to have been left out
	fewPitches    = 3   // distances needed to know the pitch
)

// doubts are the characters that were not read surely, and the places where a
// character seems to be missing: rare ones that the network does not know are
// passed over without a word, also as the first or last of a line.
func (r *recognizer) doubts(found []character) []document.Doubt {
	var out []document.Doubt
	pitch := r.pitch(found)
	for i, c := range found {
		text := r.characters[c.class]
		if r.missedBefore(found, i, pitch) {
			out = append(out, document.Doubt{At: i, Confidence: missedSure})
		}
		if c.p < sureCharacter && counts(text) {
			out = append(out, document.Doubt{At: i, Read: text, Or: r.characters[c.second], Confidence: float64(c.p)})
		}
	}
	if r.missedAtEnd(found, pitch) {
		out = append(out, document.Doubt{At: len(found), Confidence: missedSure})
	}
	return out
}

// counts reports a character that can change a value: letters, figures, Chinese.
func counts(text string) bool {
	for _, c := range text {
		return unicode.IsLetter(c) || unicode.IsDigit(c)
	}
	return false
}

func (r *recognizer) isHan(c character) bool {
	for _, v := range r.characters[c.class] {
		return unicode.Is(unicode.Han, v)
	}
	return false
}

// pitch is the usual distance of Chinese characters, in steps; 0 when too few
// stand side by side.
func (r *recognizer) pitch(found []character) float64 {
	var all []int
	for i := 1; i < len(found); i++ {
		if r.isHan(found[i]) && r.isHan(found[i-1]) {
			all = append(all, found[i].step-found[i-1].step)
		}
	}
	if len(all) < fewPitches {
		return 0
	}
	slices.Sort(all)
	return float64(all[len(all)/2])
}

// nextLikeliest is the class of second highest probability.
func nextLikeliest(p []float32, best int) int {
	second := 0
	if best == 0 {
		second = 1
	}
	for i, v := range p {
		if i != best && v > p[second] {
			second = i
		}
	}
	return second
}

// shifted returns doubts of a part of a line that begins n characters into it.
func shifted(doubts []document.Doubt, n int) []document.Doubt {
	out := slices.Clone(doubts)
	for i := range out {
		out[i].At += n
	}
	return out
}
