package ppocr

import (
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/internal/resources"
)

// TestV2_11_RareCharactersAreReadByTheirShape: names of Hunan's rivers and hills
// that the network does not know, in print of three styles; and words that look
// like them stay.
func TestV2_11_RareCharactersAreReadByTheirShape(t *testing.T) {
	e := newEngine(t)
	fonts, err := resources.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	for i, font := range fonts {
		page := printed(t, font, 50)
		names := []string{
			"湖南浯溪置业有限公司", "长沙市岵云工程勘察院", "株洲市渌口区澄溪路以西",
			"湖南鄱酃建设投资有限公司", "法定代表人王彧堃：李祎先生", "浈阳房地产开发有限公司",
			"汨罗市住房和城乡建设局", "汉语言文学学院建设项目", "建筑工程施工许可目录",
		}
		if i > 0 { // in sans serif the 曰 of 汩 is as wide as the 日 of 汨: a person looks at either
			names = append(names, "湖南汩川生物医药有限公司")
		}
		for _, want := range names {
			if got, err := e.recognizer.read(page(want)); err != nil || got.text != want {
				t.Errorf("font %d: read %q (%v), want %q", i, got.text, err, want)
			}
		}
	}
}

// TestV2_11_AShapeThatDoesNotTellLeavesTheDoubt: a character that no font has stays
// what the network made of it, in doubt.
func TestV2_11_AShapeThatDoesNotTellLeavesTheDoubt(t *testing.T) {
	e := newEngine(t)
	fonts, err := resources.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	p, q := printed(t, fonts[0], 50)("湖南语溪置业有限公司")
	// A blot over the left half of 语: neither 语 nor 浯.
	for y := 4; y < 60; y++ {
		for x := 108; x < 128; x++ {
			p.Pix[y*p.W+x] = 0
		}
	}
	got, err := e.recognizer.read(p, q)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.text, "浯") {
		t.Errorf("read %q from a blot", got.text)
	}
	if !hasDoubt(got.doubts, 2) {
		t.Errorf("read %q without a doubt: %+v", got.text, got.doubts)
	}
}

func hasDoubt(doubts []document.Doubt, at int) bool {
	for _, d := range doubts {
		if d.At == at {
			return true
		}
	}
	return false
}

// TestV2_11_MeasuredCharactersAreOnesOfTheStandard keeps the two lists what they say.
func TestV2_11_MeasuredCharactersAreOnesOfTheStandard(t *testing.T) {
	standard := string(chineseOf2312())
	if n := len([]rune(standard)); n != 6763 {
		t.Fatalf("GB/T 2312 has 6763 characters, got %d", n)
	}
	dictionary, err := openDictionary()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[rune]bool{}
	for _, c := range rare(dictionary) {
		if !strings.ContainsRune(standard+inNames, c) || seen[c] {
			t.Errorf("%c is not of the standard or a name, or twice in the list", c)
		}
		seen[c] = true
	}
	for read, meant := range mistaken() {
		for _, c := range meant {
			if c == read || !strings.ContainsRune(standard+inNames, c) {
				t.Errorf("%c for %c", read, c)
			}
		}
	}
}
