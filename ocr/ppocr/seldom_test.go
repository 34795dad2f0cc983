//go:build measure

package ppocr

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"onewindow/internal/resources"
)

// TestMeasureSeldom writes seldom.txt and mistaken.txt anew, for another model:
//
//	go test -tags measure ./ocr/ppocr -run MeasureSeldom -timeout 1h
//
// Every character of GB/T 2312 and of names is printed into a name, in each font. Those read
// wrongly in two fonts or more were learned badly; those read surely and wrongly in
// two or more are mistaken for what was read. Divisions and rivers of Hunan that
// one font is enough for stand in kept.
func TestMeasureSeldom(t *testing.T) {
	kept := []string{"语浯", "录渌", "禄渌"}
	e := newEngine(t)
	e.recognizer.networkOnly = true
	fonts, err := resources.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	failed, mistakes := map[rune]int{}, map[string]int{}
	for _, path := range fonts {
		page := printed(t, path, 50)
		for _, c := range append(chineseOf2312(), []rune(inNames)...) {
			want := "湖南" + string(c) + "溪置业有限公司"
			got, err := e.recognizer.read(page(want))
			if err != nil {
				t.Fatal(err)
			}
			if got.text == want {
				continue
			}
			failed[c]++
			if read := []rune(got.text); len(got.doubts) == 0 && len(read) == len([]rune(want)) && unicode.Is(unicode.Han, read[2]) {
				mistakes[string(read[2])+string(c)]++
			}
		}
	}
	var seldom []string
	for _, c := range chineseOf2312() {
		if failed[c] > 1 && slices.Contains(e.recognizer.characters, string(c)) && !strings.ContainsRune(radicals, c) {
			seldom = append(seldom, string(c))
		}
	}
	pairs := kept
	for pair, n := range mistakes {
		if n > 1 && !strings.ContainsAny(pair, radicals) && !slices.Contains(kept, pair) {
			pairs = append(pairs, pair)
		}
	}
	slices.Sort(pairs)
	write(t, "seldom.txt", seldom, "", 40)
	write(t, "mistaken.txt", pairs, " ", 20)
}

func write(t *testing.T, name string, words []string, between string, perLine int) {
	var b strings.Builder
	for line := range slices.Chunk(words, perLine) {
		b.WriteString(strings.Join(line, between) + "\n")
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
