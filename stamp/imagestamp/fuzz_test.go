package imagestamp_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"

	"onewindow/document"
	"onewindow/stamp/stamptest"
)

// TestW10_MutatedPictures breaks small pictures of all kinds: each gives a marked
// copy or a refusal, never a panic and never a file without a mark.
func TestW10_MutatedPictures(t *testing.T) {
	scan := stamptest.Scan(t, 20)
	fax := writePNG(t, stamptest.Bilevel(scan))
	colour := writePNG(t, scan)
	var seeds [][]byte
	for _, path := range []string{
		colour, fax, convert(t, colour, "a.jpg"), convert(t, colour, "a.webp"), convert(t, colour, "a.bmp"), convert(t, colour, "a.gif"),
		convert(t, fax, "a.tif", "-monochrome", "-compress", "Group4"), convert(t, colour, "a.tif", "-compress", "LZW"),
	} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, b)
	}
	dice := rand.New(rand.NewPCG(9, 10))
	stamped := 0
	for i := range 160 {
		b := bytes.Clone(seeds[i%len(seeds)])
		for range 1 + dice.IntN(4) {
			switch at := dice.IntN(len(b)); dice.IntN(3) {
			case 0:
				b[at] = byte(dice.IntN(256))
			case 1:
				b[dice.IntN(min(len(b), 200))] ^= byte(1 << dice.IntN(8)) // headers
			case 2:
				b = b[:max(1, at)]
			}
		}
		_, err := stampPicture(t, writeFile(t, "mutated", b))
		if err == nil {
			stamped++
		} else if _, refused := document.AsRefusal(err); !refused {
			t.Errorf("mutation %d: %v, want a refusal", i, err)
		}
	}
	if stamped < 20 || stamped > 150 {
		t.Errorf("%d of 160 were stamped: this shows little", stamped)
	}
}
