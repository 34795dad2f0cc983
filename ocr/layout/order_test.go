package layout

import (
	"math"
	"slices"
	"strings"
	"testing"

	"onewindow/document"
)

// line makes a line of text at x, y with characters of 40 pixels.
func line(x, y float64, text string) document.Line {
	n := float64(len([]rune(text)))
	return document.Line{Text: text, Box: document.Box{x, y, x + 40*n, y + 44}, Confidence: 1}
}

func at(text string, x0, y0, x1, y1 float64) document.Line {
	return document.Line{Text: text, Box: document.Box{x0, y0, x1, y1}, Confidence: 1}
}

func texts(lines []document.Line) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Text
	}
	return strings.Join(out, "|")
}

func TestRowsAreReadAcross(t *testing.T) {
	lines := []document.Line{
		line(900, 305, "湖南示范置业有限公司"), line(200, 300, "建设单位"),
		line(200, 400, "工程名称"), line(900, 396, "示范新城"), line(1500, 402, "一期"),
		line(600, 100, "施工许可证"),
	}
	want := "施工许可证|建设单位|湖南示范置业有限公司|工程名称|示范新城|一期"
	if got := texts(Order(lines, 2480, 3508, 0)); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}

// A label centred beside the two lines of its value comes first.
func TestLabelBesideTwoLines(t *testing.T) {
	lines := []document.Line{line(3254, 348, "地下建筑面积"), line(2762, 325, "建设规模"), line(3260, 301, "总建筑面积")}
	if got := texts(Order(lines, 4961, 3508, 0)); got != "建设规模|总建筑面积|地下建筑面积" {
		t.Errorf("order %s", got)
	}
}

// A crooked scan: the value of a row stands lower than the label of the next.
func TestSkewIsTakenOut(t *testing.T) {
	const skew = 0.035 // 2 degrees
	slide := func(l document.Line) document.Line {
		x := (l.Box[0] + l.Box[2]) / 2
		dy := x * math.Tan(skew)
		grow := l.Box.Width() * math.Sin(skew) / 2
		l.Box[1] += dy - grow
		l.Box[3] += dy + grow
		return l
	}
	lines := []document.Line{
		slide(line(1900, 380, "乙值")), slide(line(200, 380, "乙项")), slide(line(1900, 300, "甲值")), slide(line(200, 300, "甲项")),
	}
	if got := texts(Order(lines, 2480, 3508, skew)); got != "甲项|甲值|乙项|乙值" {
		t.Errorf("order %s", got)
	}
	if got := texts(Order(lines, 2480, 3508, 0)); got == "甲项|甲值|乙项|乙值" {
		t.Error("the order is right without the skew: the test proves nothing")
	}
}

// A certificate on an A3 sheet: words on the left, a table on the right.
func TestPanelsAreReadOneAfterTheOther(t *testing.T) {
	left := []document.Line{
		line(660, 505, "中华人民共和国"), line(1200, 886, "建设用地规划许可证"), line(1087, 1239, "地字第430681号"),
		line(599, 1508, "根据《中华人民共和国土地管理法》"), line(459, 1633, "人民共和国城乡规划法和国家有关规定"),
		line(445, 1750, "核，本建设用地符合"), line(966, 2542, "发证机关汨罗市"), line(977, 2793, "日"), line(1154, 2774, "期二〇二四年"),
	}
	right := []document.Line{
		line(2752, 347, "用地单位"), line(3256, 350, "湖南示范有限公司"),
		line(2754, 506, "项目"), line(2995, 499, "名称"), line(3251, 507, "示范一期"),
		line(2760, 664, "批准用地机关"), line(3257, 664, "湖南省人民政府"),
		line(2760, 815, "批准用地文号"), line(3256, 815, "湘政地号"),
		line(2757, 963, "用地位置"), line(3252, 963, "汨罗市枫桥大道以南"),
		line(3520, 2162, "遵守事项"), line(2856, 2289, "本证是经自然资源主管部门依法审核"),
	}
	want := texts(append(append([]document.Line{}, left...), right...))
	var mixed []document.Line
	for i := range right {
		mixed = append(mixed, right[i])
		if i < len(left) {
			mixed = append(mixed, left[i])
		}
	}
	if got := texts(Order(mixed, 4961, 3508, 0)); got != want {
		t.Errorf("order\n%s\nwant\n%s", got, want)
	}
}

// A table with a wide gap between label and value columns is no pair of columns.
func TestTableStaysWhole(t *testing.T) {
	var lines []document.Line
	var want []string
	for i, label := range []string{"建设单位", "工程名称", "建设地址", "建设规模", "合同工期", "勘察单位", "设计单位"} {
		y := 300 + 120*float64(i)
		lines = append(lines, line(1400, y, strings.Repeat("值", 4+2*i)), line(200, y, label))
		want = append(want, label, strings.Repeat("值", 4+2*i))
	}
	for _, size := range [][2]int{{2480, 3508}, {2480, 1754}} {
		if got := texts(Order(lines, size[0], size[1], 0)); got != strings.Join(want, "|") {
			t.Errorf("%v: order %s", size, got)
		}
	}
}

func TestColumnsOfRunningText(t *testing.T) {
	var lines []document.Line
	var left, right []string
	title := line(700, 100, "两栏公告的标题横跨两栏")
	for i := range 8 {
		y := 300 + 80*float64(i)
		l, r := strings.Repeat("左", 24), strings.Repeat("右", 24)
		lines = append(lines, line(150, y, l), line(1300, y, r))
		left, right = append(left, l), append(right, r)
	}
	lines = append(lines, title)
	want := strings.Join(append(append([]string{title.Text}, left...), right...), "|")
	if got := texts(Order(lines, 2480, 3508, 0)); got != want {
		t.Errorf("order %s", got)
	}
}

func TestConfidenceCountsCharacters(t *testing.T) {
	got := Confidence([]document.Line{{Text: "一二三", Confidence: 1}, {Text: "四", Confidence: 0.6}})
	if math.Abs(got-0.9) > 1e-9 {
		t.Errorf("confidence %v, want 0.9", got)
	}
	if Confidence(nil) != 0 || Order(nil, 10, 10, 0) == nil {
		t.Error("no lines: want confidence 0 and an empty order")
	}
}

// TestCellsOfSeveralLinesStayTogether reads a table whose middle cell holds a
// name on two lines, centred beside single lines.
func TestCellsOfSeveralLinesStayTogether(t *testing.T) {
	lines := []document.Line{
		at("勘察单位名称", 370, 1907, 670, 1957), at("湖南芷溪岩土工程勘察", 765, 1875, 1265, 1925), at("有限公司", 765, 1940, 965, 1990),
		at("资质等级", 1400, 1907, 1600, 1957), at("壹级", 1687, 1907, 1787, 1957),
		at("设计单位名称", 370, 2063, 670, 2113), at("湖南砚池建筑规划设计院", 765, 2063, 1265, 2113),
	}
	got := texts(Order(slices.Clone(lines), 2480, 3508, 0))
	if want := texts(lines); got != want {
		t.Errorf("read %v, want %v", got, want)
	}
}

// TestOpenBookletIsReadPageByPage has a cover with two lines only on its right.
func TestOpenBookletIsReadPageByPage(t *testing.T) {
	lines := []document.Line{
		at("根据民法典等法律", 329, 378, 1370, 436), at("法规，为保护不动产权利人", 213, 490, 1370, 548),
		at("登记机构（章）", 520, 1323, 928, 1381), at("2024年4月17日", 661, 1583, 1058, 1641),
		at("中华人民共和国", 1927, 380, 2679, 450), at("不动产权证书", 1843, 1252, 2764, 1394),
	}
	got := texts(Order(slices.Clone(lines), 3071, 2185, 0))
	if want := texts(lines); got != want {
		t.Errorf("read %v, want %v", got, want)
	}
	// A heading across the fold makes it one page, read in rows.
	lines = append(lines, at("标题横跨两页居中", 1200, 100, 1900, 180))
	if got := texts(Order(lines, 3071, 2185, 0)); !strings.HasPrefix(got, "标题横跨两页居中|") {
		t.Errorf("read %v", got)
	}
}

// TestLicenceIsReadColumnByColumn has two columns of labels and values on a
// landscape page, so close that a long value almost meets the next label.
func TestLicenceIsReadColumnByColumn(t *testing.T) {
	lines := []document.Line{
		at("营业执照", 1296, 614, 2212, 781),
		at("名称", 295, 980, 603, 1054), at("湖南栾屿置业有限公司", 638, 980, 1162, 1054),
		at("类型", 295, 1112, 603, 1186), at("有限责任公司（国有独资）", 638, 1112, 1262, 1186),
		at("法定代表人", 295, 1245, 603, 1319), at("易宇怡", 638, 1245, 812, 1319),
		at("经营范围", 295, 1377, 603, 1451), at("房地产开发经营；建设工程施工；工程管理服务；", 638, 1377, 1807, 1451),
		at("注册资本", 1854, 980, 2162, 1054), at("人民币10900万元整", 2197, 980, 2656, 1054),
		at("成立日期", 1854, 1112, 2162, 1186), at("2014年1月9日", 2197, 1112, 2529, 1186),
		at("住所", 1854, 1245, 2162, 1319), at("长沙市雨花区澄溪路287号", 2197, 1245, 2987, 1319),
		at("市场主体应当于每年1月1日至6月30日报送", 1394, 2232, 2317, 2270),
	}
	got := texts(Order(slices.Clone(lines), 3508, 2480, 0))
	if want := texts(lines); got != want {
		t.Errorf("read %v,\nwant %v", got, want)
	}
}
