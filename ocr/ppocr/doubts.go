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
		text := r.text(c)
		if r.missedBefore(found, i, pitch) {
			out = append(out, document.Doubt{At: i, Confidence: missedSure})
		}
		if c.p < sureCharacter && counts(text) {
			out = append(out, document.Doubt{At: i, Read: text, Or: r.next(c), Confidence: float64(c.p)})
		}
	}
	if r.missedAtEnd(found, pitch) {
		out = append(out, document.Doubt{At: len(found), Confidence: missedSure})
	}
	return out
}

// text is what a character is read as.
func (r *recognizer) text(c character) string {
	if c.shape != 0 {
		return string(c.shape)
	}
	return r.characters[c.class]
}

// next is the next best reading of a character that is not sure: what the network
// says where the shape overruled it.
func (r *recognizer) next(c character) string {
	switch {
	case c.shape != 0:
		return r.characters[c.class]
	case len(c.others) > 0:
		return r.characters[c.others[0]]
	}
	return ""
}

// counts reports a character that can change a value: letters, figures, Chinese.
func counts(text string) bool {
	for _, c := range text {
		return unicode.IsLetter(c) || unicode.IsDigit(c)
	}
	return false
}

func (r *recognizer) isHan(c character) bool {
	for _, v := range r.text(c) {
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

// runnersUp is how many classes beside the likeliest one are looked at again.
const runnersUp = 4

// nextLikeliest are the classes of the next highest probabilities, likeliest first.
func nextLikeliest(p []float32, best int) []int {
	out := make([]int, 0, runnersUp+1)
	for i, v := range p {
		if i == best || len(out) == runnersUp && v <= p[out[runnersUp-1]] {
			continue
		}
		at := len(out)
		for at > 0 && p[out[at-1]] < v {
			at--
		}
		if out = slices.Insert(out, at, i); len(out) > runnersUp {
			out = out[:runnersUp]
		}
	}
	return out
}

// shifted returns doubts of a part of a line that begins n characters into it.
func shifted(doubts []document.Doubt, n int) []document.Doubt {
	out := slices.Clone(doubts)
	for i := range out {
		out[i].At += n
	}
	return out
}
