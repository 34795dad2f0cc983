package shapes_test

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"onewindow/internal/resources"
	"onewindow/ocr/ink"
	"onewindow/ocr/shapes"
)

// strangers are characters as names use them, with those that look like them.
const strangers = "浯岵渌汩洎潕浈溆酃邡鄱垸坌埠岘峤崮嶷嵝幞庑泐洄浔涠淦湫滍漷潏澧瀣燚玢珺琯瑀璟畲砀硚硖禛筼箬篁籀翀耒芈芷苎茆荪菡萸葳蒗蓥蓼蔺薮藁蘅虔蜇衢襄觐訚诩谌豸赟趵郓郗郧酆釜鎏镡闾阆陂隰雩靓鞑韫颍飏馗骐鬯鱇鲎鸠麂黟黢鼋龛"

// TestV2_11_CharactersAreToldByTheirShape: print of fonts that are not among those
// compared with is read too, as no office prints with ours.
func TestV2_11_CharactersAreToldByTheirShape(t *testing.T) {
	fonts, err := resources.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	if len(fonts) < 3 {
		t.Fatalf("only %d fonts are installed, need sans, serif and regular script", len(fonts))
	}
	for i, path := range fonts {
		others := append(append([]string{}, fonts[:i]...), fonts[i+1:]...)
		set, err := shapes.Open(others, []rune(strangers))
		if err != nil {
			t.Fatal(err)
		}
		right, asked := 0, 0
		print := open(t, path)
		for _, c := range strangers {
			p, ok := draw(print, c)
			if !ok {
				continue
			}
			asked++
			best, next := set.Nearest(shapes.Cut(p, [][2]int{{0, p.W}}, 0, 255))
			if best.Character == c && best.Like > next.Like {
				right++
			}
		}
		if t.Logf("%s: %d of %d", path, right, asked); asked < 80 || right < asked-2 {
			t.Errorf("font %d by the others: %d of %d characters told", i, right, asked)
		}
	}
}

// TestV2_11_NoPrintIsNoCharacter: blank paper, and columns outside the picture.
func TestV2_11_NoPrintIsNoCharacter(t *testing.T) {
	fonts, err := resources.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	set, err := shapes.Open(fonts[:1], []rune("浯岵"))
	if err != nil {
		t.Fatal(err)
	}
	blank := &ink.Plane{W: 40, H: 48, Pix: make([]byte, 40*48)}
	for i := range blank.Pix {
		blank.Pix[i] = 250
	}
	for _, pair := range [][2]int{{0, 40}, {30, 20}, {-10, 0}, {40, 90}} {
		if best, _ := set.Nearest(shapes.Cut(blank, [][2]int{pair}, 0, 255)); best.Like != 0 {
			t.Errorf("columns %v: %c, like %.2f", pair, best.Character, best.Like)
		}
	}
}

// TestShapes_WhatIsNoFontIsNamed: whoever installed it must find it.
func TestShapes_WhatIsNoFontIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "仿宋.ttf")
	if err := os.WriteFile(path, []byte("no font"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, path + ".gone"} {
		if _, err := shapes.Open([]string{p}, []rune("浯")); err == nil || !strings.Contains(err.Error(), "仿宋.ttf") {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func open(t *testing.T, path string) font.Face {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all, err := opentype.ParseCollection(b)
	if err != nil {
		t.Fatal(err)
	}
	f, err := all.Font(min(2, all.NumFonts()-1))
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 37, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	return face
}

// draw returns one character as print, wider than it was made, as lines come to
// the recognizer.
func draw(face font.Face, c rune) (*ink.Plane, bool) {
	if _, ok := face.GlyphAdvance(c); !ok {
		return nil, false
	}
	img := image.NewGray(image.Rect(0, 0, 60, 60))
	d := font.Drawer{Dst: img, Src: image.White, Face: face, Dot: fixed.P(8, 45)}
	d.DrawString(string(c))
	for i, v := range img.Pix {
		img.Pix[i] = 255 - v
	}
	var wide ink.Plane
	(&ink.Plane{W: 60, H: 60, Pix: img.Pix}).ShrinkInto(&wide, 72, 60)
	return &wide, true
}
