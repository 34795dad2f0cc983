package pdfstamp_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/disintegration/imaging"

	"onewindow/stamp/stamptest"
)

// TestW1_WordsCanBeRead reads the band and the tiles with Tesseract: they are drawn
// and not written, so this is the only way to know that they say the right thing.
func TestW1_WordsCanBeRead(t *testing.T) {
	const fine = 300
	in, out, _ := stampFile(t, newStamper(t), stamptest.PDF(stamptest.Page{Media: stamptest.A4()}, stamptest.Page{Media: stamptest.A4()}))
	before, after := stamptest.Render(t, in, fine), stamptest.Render(t, out, fine)
	for i := range after {
		page := after[i]
		band := stamptest.Part(page, image.Rect(0, before[i].Rect.Dy(), page.Rect.Dx()*9/10, page.Rect.Dy()))
		text := squeeze(stamptest.OCR(t, imaging.Resize(band, band.Rect.Dx()*2, 0, imaging.Lanczos), 2*fine))
		for _, want := range []string{
			"湖南省工程建设项目审批管理系统", "审批成果扫描件", "示例市高新区科技创新中心", "后续审批事项依据", "他用无效",
			"示例市住房和城乡建设局", "2026-11-2310:03:04", "建筑工程施工许可证", "430199202601010101", "第" + string(rune('1'+i)) + "/2页", "2345-6789-ABC4", "/v/23456789ABC4",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("page %d: band reads %q, want %q in it", i+1, text, want)
			}
		}
	}
	tiles := squeeze(stamptest.OCR(t, tilesAlone(before[0], after[0]), 150))
	for _, want := range []string{"工程建设项目审批使用", "市住建局", "20261123"} {
		if !strings.Contains(tiles, want) {
			t.Errorf("tiles read %q, want %q in them", tiles, want)
		}
	}
}

// squeeze takes out spaces and unifies what OCR confuses in punctuation.
func squeeze(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\f", "", "：", ":", "，", ",", "|", "/").Replace(s)
}

// tilesAlone is what the mark took off the page, turned level, in black on white.
// Stripes take half as much as words and are left out.
func tilesAlone(a, c *image.RGBA) image.Image {
	out := image.NewGray(a.Rect)
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			d := int(a.RGBAAt(x, y).G) - int(c.RGBAAt(x, y).G)
			out.SetGray(x, y, color.Gray{Y: byte(255 - min(255, max(0, d-10)*25))})
		}
	}
	level := imaging.Rotate(out, -30, color.White)
	return imaging.Resize(level, level.Bounds().Dx()/2, 0, imaging.Lanczos)
}
