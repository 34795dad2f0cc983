package ppocr

import "testing"

// TestV2_11_APassedOverCharacterLeavesADoubt: print without a character, between
// two, before the first and behind the last, after a sign as well.
func TestV2_11_APassedOverCharacterLeavesADoubt(t *testing.T) {
	const pitch = 6
	line := []rune("湖南云：电子科技12")
	r := &recognizer{characters: make([]string, len(line)+1)}
	for i, c := range line {
		r.characters[i+1] = string(c)
	}
	// place sets the characters named by index into print of one pitch each; a
	// negative index is print that was not read, slots of blank are -100.
	place := func(slots ...int) []character {
		r.crop.Reset(len(slots)*pitch*timeStep, lineHeight)
		for i := range r.crop.Pix {
			r.crop.Pix[i] = 250
		}
		var found []character
		for i, s := range slots {
			if s == -100 {
				continue
			}
			for x := i*pitch*timeStep + 6; x < (i+1)*pitch*timeStep-6; x++ {
				for y := 8; y < 40; y++ {
					r.crop.Pix[y*r.crop.W+x] = 10
				}
			}
			if s >= 0 {
				found = append(found, character{class: s + 1, p: 1, step: i*pitch + pitch/2})
			}
		}
		return found
	}
	for _, c := range []struct {
		name  string
		slots []int
		at    int // -1: no doubt
	}{
		{"all read", []int{0, 1, 2, 4, 5, 6}, -1},
		{"between two", []int{0, 1, -1, 2, 4, 5, 6}, 2},
		{"before the first", []int{-1, 2, 4, 5, 6, 7}, 0},
		{"behind the last", []int{0, 1, 4, 5, 6, -1}, 5},
		{"after a sign", []int{0, 1, 4, 5, 3, -1, 2, 6}, 5},
		{"blank between two", []int{0, 1, -100, 2, 4, 5, 6}, -1},
		{"blank before the first", []int{-100, 2, 4, 5, 6, 7}, -1},
		{"blank behind the last", []int{0, 1, 4, 5, 6, -100}, -1},
		{"after a figure", []int{0, 1, 4, 5, 8, -1, 2, 6}, -1},
	} {
		got := r.doubts(place(c.slots...))
		if c.at < 0 && len(got) > 0 || c.at >= 0 && (len(got) != 1 || got[0].At != c.at || got[0].Read != "") {
			t.Errorf("%s: doubts %+v, want one at %d", c.name, got, c.at)
		}
	}
}
