package sheets_test

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"onewindow/approval/notice"
	"onewindow/casework/notices/noticepdf"
	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/ocr/sheets"
	"onewindow/stamp/stamptest"
)

var longest = document.Sheet{Case: "BJ430100202611270001", Item: "HN-S1-08", Material: "CONSTRUCTION-DRAWINGS-REVIEW", Pages: 120}

// printed renders a cover sheet as a scanner sees it.
func printed(t *testing.T, s document.Sheet, dpi int) *image.RGBA {
	t.Helper()
	p, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.Covers([]notice.Cover{{Sheet: s, Project: "星湖片区安置房建设项目（一期）", Applies: "建设用地规划许可证核发", Title: "施工图审查合格书"}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "c.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return stamptest.Render(t, path, dpi)[0]
}

// bilevel is the page as a black and white scanner sends it.
func bilevel(img image.Image) *image.Paletted {
	out := image.NewPaletted(img.Bounds(), color.Palette{color.White, color.Black})
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y < 140 {
				out.SetColorIndex(x, y, 1)
			}
		}
	}
	return out
}

func TestP3_3_CoverSheetIsReadThroughBadScans(t *testing.T) {
	var f sheets.Finder
	turns := []sample.Damage{sample.Turn90, "", sample.Turn180, sample.Turn270}
	for _, dpi := range []int{150, 200, 300} {
		clean := printed(t, longest, dpi)
		turned := map[sample.Damage]*image.RGBA{"": clean}
		for _, turn := range turns {
			if turn != "" {
				turned[turn] = sample.Degrade(clean, turn, 1, 1)
			}
			if seen := f.Look(bilevel(turned[turn])); seen.Sheet == nil || *seen.Sheet != longest {
				t.Errorf("%d dpi %s, black and white: read %+v", dpi, turn, seen)
			}
		}
		for i, damage := range []sample.Damage{sample.Noise, sample.Skew, sample.Blur, sample.Uneven, sample.Fax, sample.JPEGBlocks, sample.LowDPI} {
			turn := turns[(i+dpi/50)%len(turns)]
			img := sample.Degrade(turned[turn], damage, 0.8, uint64(dpi))
			if seen := f.Look(img); seen.Sheet == nil || *seen.Sheet != longest {
				t.Errorf("%d dpi %s %s: read %+v", dpi, turn, damage, seen)
			}
		}
	}
}

func TestSeparatorIsASheetOfItsOwn(t *testing.T) {
	var f sheets.Finder
	if seen := f.Look(printed(t, document.Sheet{Separator: true}, 200)); seen.Sheet == nil || !seen.Sheet.Separator {
		t.Errorf("read %+v", seen)
	}
}

// The back of a sheet is paper with grain, the print of its front showing through,
// and a dark rim where the lid ends. A page with a word, or a seal, is no blank.
func TestBlankPages(t *testing.T) {
	var f sheets.Finder
	paper := func() *image.RGBA {
		img := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
		for i := range img.Pix {
			img.Pix[i] = 246
		}
		return img
	}
	fill := func(img *image.RGBA, r image.Rectangle, c color.RGBA) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				img.SetRGBA(x, y, c)
			}
		}
	}
	grain := sample.Degrade(paper(), sample.Noise, 0.6, 7)
	if seen := f.Look(grain); !seen.Blank || seen.Sheet != nil {
		t.Errorf("grain: %+v", seen)
	}
	through := paper()
	front := printed(t, longest, 200)
	for i := range min(len(through.Pix), len(front.Pix)) {
		if i%4 != 3 {
			through.Pix[i] = 246 - (255-front.Pix[i])/10
		}
	}
	fill(through, image.Rect(0, 0, 1654, 20), color.RGBA{30, 30, 30, 255})
	if seen := f.Look(through); !seen.Blank {
		t.Errorf("print showing through: %+v", seen)
	}
	for name, mark := range map[string]color.RGBA{"a black word": {20, 20, 20, 255}, "a red remark": {200, 30, 40, 255}, "a blue signature": {20, 40, 160, 255}} {
		img := paper()
		for i := range 4 {
			fill(img, image.Rect(400+40*i, 500, 408+40*i, 540), mark)
			fill(img, image.Rect(400+40*i, 520, 430+40*i, 526), mark)
		}
		if seen := f.Look(img); seen.Blank {
			t.Errorf("%s counts as blank", name)
		}
	}
}

func TestOtherPagesAreNoSheets(t *testing.T) {
	var f sheets.Finder
	// The mark of a published result carries a QR code too.
	other := image.NewRGBA(image.Rect(0, 0, 1240, 1754))
	for i := range other.Pix {
		other.Pix[i] = 255
	}
	if seen := f.Look(other); seen.Sheet != nil || !seen.Blank {
		t.Errorf("white paper: %+v", seen)
	}
	if seen := f.Look(image.NewGray(image.Rect(0, 0, 1, 1))); seen.Sheet != nil {
		t.Errorf("a pixel: %+v", seen)
	}
}
