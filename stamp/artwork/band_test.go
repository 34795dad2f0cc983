package artwork_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"onewindow/stamp"
	"onewindow/stamp/artwork"
	"onewindow/stamp/lettering"
	"onewindow/stamp/stamptest"
)

func mark() stamp.Mark {
	return stamp.Mark{
		System: "湖南省工程建设项目审批管理系统", ProjectName: "示例市高新区科技创新中心一期工程建设项目及配套设施",
		UnitName: "示例市住房和城乡建设局", UnitShort: "市住建局", DocumentName: "建筑工程施工许可证", DocumentNo: "430199202601010101",
		UploadedAt: time.Date(2026, 11, 23, 2, 3, 4, 0, time.UTC), Code: "23456789ABC4", BaseURL: "https://spgl.example.gov.cn",
	}
}

func compose(t testing.TB, m stamp.Mark, tpl stamp.Template, pages int) *artwork.Artwork {
	t.Helper()
	font, err := lettering.Open(stamptest.Font)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { font.Close() })
	a, err := artwork.Compose(font, m, tpl, pages)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const standardHeight = 71 * 0.48 // 12 mm in whole 1/150 inch

// extent runs the operators of a drawing and returns what it fills.
func extent(t *testing.T, content []byte) (left, bottom, right, top float64) {
	t.Helper()
	type matrix [6]float64
	m := matrix{1, 0, 0, 1, 0, 0}
	var stack []matrix
	var args []float64
	left, bottom, right, top = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	point := func(x, y float64) {
		px, py := m[0]*x+m[2]*y+m[4], m[1]*x+m[3]*y+m[5]
		left, right, bottom, top = min(left, px), max(right, px), min(bottom, py), max(top, py)
	}
	for _, token := range strings.Fields(string(content)) {
		if v, err := strconv.ParseFloat(token, 64); err == nil {
			args = append(args, v)
			continue
		}
		switch token {
		case "q":
			stack = append(stack, m)
		case "Q":
			m, stack = stack[len(stack)-1], stack[:len(stack)-1]
		case "cm":
			n := matrix(args)
			m = matrix{
				n[0]*m[0] + n[1]*m[2], n[0]*m[1] + n[1]*m[3], n[2]*m[0] + n[3]*m[2], n[2]*m[1] + n[3]*m[3],
				n[4]*m[0] + n[5]*m[2] + m[4], n[4]*m[1] + n[5]*m[3] + m[5],
			}
		case "m", "l", "c":
			for i := 0; i < len(args); i += 2 {
				point(args[i], args[i+1])
			}
		case "re":
			point(args[0], args[1])
			point(args[0]+args[2], args[1]+args[3])
		}
		args = args[:0]
	}
	if len(stack) != 0 {
		t.Errorf("%d states left saved", len(stack))
	}
	return left, bottom, right, top
}

func TestBandIsTwelveMillimetresOnOfficePaper(t *testing.T) {
	a := compose(t, mark(), stamp.DefaultTemplate(), 1000)
	for _, width := range []float64{595.276, 841.89, 1190.55, 3370} {
		for digits := 1; digits <= 4; digits++ {
			b, err := a.Band(width, digits)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(b.Height-standardHeight) > 1e-9 {
				t.Errorf("width %g: height %g, want %g", width, b.Height, standardHeight)
			}
			if len(b.Numbers) != 1 || b.Numbers[0].Size < 5 {
				t.Errorf("width %g: page number at %+v", width, b.Numbers)
			}
		}
	}
}

// Whatever the texts and the paper, nothing leaves the band and nothing is lost.
func TestBandNeverOverflows(t *testing.T) {
	flood := mark()
	flood.UnitName = strings.Repeat("某某市自然资源和规划局", 10)
	flood.DocumentName, flood.DocumentNo = strings.Repeat("关于批复的函", 12), strings.Repeat("0123456789", 9)
	flood.Notice, flood.TraceLine = strings.Repeat("原件带有数字签名，", 15), strings.Repeat("W", 190)
	for name, m := range map[string]stamp.Mark{"usual": mark(), "flood": flood} {
		a := compose(t, m, stamp.DefaultTemplate(), 12345)
		for _, width := range []float64{10, 60, 144, 220, 298, 420, 595, 842, 2400} {
			b, err := a.Band(width, 5)
			if err != nil {
				t.Fatal(err)
			}
			left, bottom, right, top := extent(t, b.Content)
			if left < -1e-6 || right > width+1e-6 || bottom < -b.Height-1e-6 || top > 1e-6 {
				t.Errorf("%s, width %g: drawn %g…%g × %g…%g beyond %g × %g", name, width, left, right, bottom, top, width, b.Height)
			}
			for _, p := range b.Numbers {
				if p.X < 0 || p.X+5*p.Size > width || p.Y > 0 || p.Y < -b.Height {
					t.Errorf("%s, width %g: page number at %+v", name, width, p)
				}
			}
		}
	}
}

func TestPageNumberStandsWhereItsRoomIs(t *testing.T) {
	tpl := stamp.DefaultTemplate()
	tpl.Band.Lines = []string{"{page}/{pages}", "第 {page} 页"}
	a := compose(t, mark(), tpl, 250)
	one, err := a.Band(595, 1)
	if err != nil {
		t.Fatal(err)
	}
	three, err := a.Band(595, 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(one.Numbers) != 2 || len(three.Numbers) != 2 {
		t.Fatalf("places %v, %v", one.Numbers, three.Numbers)
	}
	if one.Numbers[0].X != three.Numbers[0].X || one.Numbers[1].X <= one.Numbers[0].X || one.Numbers[1].Y >= one.Numbers[0].Y {
		t.Errorf("places %v, %v", one.Numbers, three.Numbers)
	}
	if string(one.Content) == string(three.Content) {
		t.Error("what follows a longer number is not moved")
	}
}

func TestTilesCoverThePageAndStopAtItsEdge(t *testing.T) {
	a := compose(t, mark(), stamp.DefaultTemplate(), 1)
	for _, size := range [][2]float64{{595, 842}, {1191, 842}, {200, 300}, {14400, 14400}} {
		content, err := a.Tiles(size[0], size[1])
		if err != nil {
			t.Fatal(err)
		}
		clip := fmt.Sprintf("q\n0 0 %g %g re\nW n\n", size[0], size[1])
		if !strings.HasPrefix(string(content), clip) {
			t.Errorf("%v: not clipped to the page: %.60q", size, content)
		}
		n := len(regexp.MustCompile(`/T Do`).FindAll(content, -1))
		if n < 1 || n > 4000 {
			t.Errorf("%v: %d tiles", size, n)
		}
	}
}

func TestTilesDoNotRunIntoEachOther(t *testing.T) {
	m := mark()
	m.UnitShort = "示例市自然资源和规划局某某分局"
	a := compose(t, m, stamp.DefaultTemplate(), 1)
	_, box := a.TileWords()
	content, err := a.Tiles(1191, 842)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]float64{}
	for _, place := range regexp.MustCompile(`1 0 0 1 (\S+) (\S+) cm`).FindAllSubmatch(content, -1) {
		x, _ := strconv.ParseFloat(string(place[1]), 64)
		if last, ok := rows[string(place[2])]; ok && x-last < box[2]+5 {
			t.Fatalf("tiles of %g points stand %g apart", box[2], x-last)
		}
		rows[string(place[2])] = x
	}
	if len(rows) < 3 {
		t.Errorf("only %d rows", len(rows))
	}
}

func TestComposeRefusesBadMarks(t *testing.T) {
	font, err := lettering.Open(stamptest.Font)
	if err != nil {
		t.Fatal(err)
	}
	defer font.Close()
	bad := mark()
	bad.Code = ""
	if _, err := artwork.Compose(font, bad, stamp.DefaultTemplate(), 1); err == nil {
		t.Error("a mark without code is drawn")
	}
	if _, err := artwork.Compose(font, mark(), stamp.Template{}, 1); err == nil {
		t.Error("an empty template is drawn")
	}
}

func BenchmarkCompose(b *testing.B) {
	font, err := lettering.Open(stamptest.Font)
	if err != nil {
		b.Fatal(err)
	}
	defer font.Close()
	for b.Loop() {
		a, err := artwork.Compose(font, mark(), stamp.DefaultTemplate(), 1)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.Band(595, 1); err != nil {
			b.Fatal(err)
		}
		if _, err := a.Tiles(595, 842); err != nil {
			b.Fatal(err)
		}
	}
}
