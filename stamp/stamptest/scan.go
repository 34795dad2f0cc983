package stamptest

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// ScanText is what is printed on a Scan, line by line.
var ScanText = []string{
	"中华人民共和国",
	"建筑工程施工许可证",
	"编号：430199202601010101",
	"根据《中华人民共和国建筑法》第八条规定，经审查，",
	"本建筑工程符合施工条件，准予施工。特发此证。",
	"建设单位：示例市城市建设投资开发有限公司",
	"工程名称：科技创新中心一期工程及配套设施",
	"建设地址：示例市高新区麓谷大道北侧",
	"建设规模：地上建筑面积45678平方米",
	"合同价格：12345万元　合同工期：720日历天",
	"勘察单位：示例省勘测设计院有限公司",
	"设计单位：示例市建筑设计研究院有限公司",
	"施工单位：示例建工集团第三工程有限公司",
	"监理单位：示例工程建设监理咨询有限公司",
	"发证机关：示例市住房和城乡建设局",
	"发证日期：2026年1月1日",
}

// Scan draws an A4 page as a scanner gives it: paper that is not quite white, a
// little noise, Chinese print, a red seal over it.
func Scan(t testing.TB, dpi int) *image.RGBA {
	t.Helper()
	width, height := int(210/25.4*float64(dpi)+0.5), int(297/25.4*float64(dpi)+0.5)
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	dice := rand.New(rand.NewPCG(7, 8))
	for i := 0; i < len(img.Pix); i += 4 {
		v := 250 - byte(dice.IntN(6))
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = v, v, v-2, 255
	}
	drawSeal(img, float64(width)*0.62, float64(height)*0.72, 20/25.4*float64(dpi), dpi)
	face := scanFace(t, 14, dpi)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.RGBA{35, 35, 38, 255}), Face: face}
	for i, line := range ScanText {
		d.Dot = fixed.P(width/8, height/10+i*height/20)
		d.DrawString(line)
	}
	return img
}

func scanFace(t testing.TB, points float64, dpi int) font.Face {
	t.Helper()
	b, err := os.ReadFile(Font)
	if err != nil {
		t.Fatal(err)
	}
	faces, err := opentype.ParseCollection(b)
	if err != nil {
		t.Fatal(err)
	}
	f, err := faces.Font(2) // simplified Chinese
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: float64(dpi)})
	if err != nil {
		t.Fatal(err)
	}
	return face
}

// drawSeal multiplies a ring and a star of seal red onto the page.
func drawSeal(img *image.RGBA, cx, cy, radius float64, dpi int) {
	line := 1.2 / 25.4 * float64(dpi)
	for y := int(cy - radius - 2); y < int(cy+radius+2); y++ {
		for x := int(cx - radius - 2); x < int(cx+radius+2); x++ {
			dx, dy := float64(x)-cx, float64(y)-cy
			r := math.Hypot(dx, dy)
			if ring := math.Abs(r-radius) < line/2; !ring && !inStar(dx, dy, radius*0.35) {
				continue
			}
			i := img.PixOffset(x, y)
			for k, v := range []float64{222, 30, 36} {
				img.Pix[i+k] = byte(float64(img.Pix[i+k]) * v / 255)
			}
		}
	}
}

func inStar(x, y, radius float64) bool {
	angle := math.Mod(math.Atan2(x, -y)+4*math.Pi, 2*math.Pi/5) - math.Pi/5
	inner := radius * 0.382
	// The edge between an outer and an inner corner, in the turned frame.
	px, py := math.Hypot(x, y)*math.Cos(angle), math.Abs(math.Hypot(x, y)*math.Sin(angle))
	ax, ay := inner, 0.0
	bx, by := radius*math.Cos(math.Pi/5), radius*math.Sin(math.Pi/5)
	return (bx-ax)*(py-ay)-(by-ay)*(px-ax) >= 0 && px <= bx+1
}

// Grey converts a picture to grey.
func Grey(img image.Image) *image.Gray {
	out := image.NewGray(img.Bounds())
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// Bilevel converts a picture to black and white.
func Bilevel(img image.Image) *image.Gray {
	out := Grey(img)
	for i, v := range out.Pix {
		out.Pix[i] = 0
		if v > 128 {
			out.Pix[i] = 255
		}
	}
	return out
}

// ErrorRate is the share of characters of want that got lacks or has wrong, after
// taking out spaces.
func ErrorRate(want, got string) float64 {
	strip := strings.NewReplacer(" ", "", "\n", "", "\u3000", "", "\f", "")
	a, b := []rune(strip.Replace(want)), []rune(strip.Replace(got))
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return float64(row[len(b)]) / float64(max(1, len(a)))
}
