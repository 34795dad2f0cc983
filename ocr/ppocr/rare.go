package ppocr

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"

	"onewindow/internal/resources"
	"onewindow/ocr/shapes"
)

// The characters of GB/T 2312 that the network does not read although its
// dictionary has them (in two or three of three fonts, in a line without blemish),
// and those that it surely reads where another stands: pairs of what is read and
// what stands there. Measured, see seldom_test.go.
var (
	//go:embed seldom.txt
	seldomText string
	//go:embed mistaken.txt
	mistakenText string
)

// mistaken are, by what is read, the characters that may stand there.
var mistaken = sync.OnceValue(func() map[rune][]rune {
	out := map[rune][]rune{}
	for _, pair := range strings.Fields(mistakenText) {
		p := []rune(pair)
		out[p[0]] = append(out[p[0]], p[1])
	}
	return out
})

// radicals are parts of characters that the standard lists; no name holds one.
const radicals = "阝亻刂讠氵忄扌犭纟钅饣彳冫亠宀冖囗辶廴艹屮巛彡攵攴爿疒衤礻丶丨丿乚凵匚冂厶勹罒灬肀丬亍彐夂夊卩尢氕"

// inNames are characters of given names and places beyond GB/T 2312.
const inNames = "堃喆玥珺旸祎彧垚骉燚烜翾芃沄湉璟琤玙瑄珩贇頔昳邨昇勍铄甦炘燊珏菂苡潆婳嫣翀堉峣"

// rare are the characters that the network does not know: those of GB/T 2312 and of
// names that its dictionary lacks, and those it learned badly.
func rare(dictionary []string) []rune {
	known := map[string]bool{}
	for _, c := range dictionary {
		known[c] = true
	}
	out := []rune(strings.Join(strings.Fields(seldomText), ""))
	for _, c := range append(chineseOf2312(), []rune(inNames)...) {
		if !known[string(c)] && !strings.ContainsRune(radicals, c) {
			out = append(out, c)
			known[string(c)] = true
		}
	}
	return out
}

// chineseOf2312 are the Chinese characters of GB/T 2312, rows 16 to 87.
func chineseOf2312() []rune {
	var out []rune
	decoder := simplifiedchinese.GBK.NewDecoder()
	for row := byte(0xB0); row <= 0xF7; row++ {
		for cell := byte(0xA1); cell <= 0xFE; cell++ {
			s, err := decoder.String(string([]byte{row, cell}))
			if c := []rune(s); err == nil && len(c) == 1 && unicode.Is(unicode.Han, c[0]) {
				out = append(out, c[0])
			}
		}
	}
	return out
}

// openShapes opens the installed fonts to compare characters with.
func openShapes(dictionary []string) (*shapes.Set, error) {
	files, err := resources.Fonts()
	if err != nil {
		return nil, fmt.Errorf("find fonts: %w", err)
	}
	return shapes.Open(files, rare(dictionary))
}
