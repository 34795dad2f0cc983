package labels

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/extract"
	"onewindow/internal/sample"
)

// at is a line of text in a box of the usual height.
func at(x, y float64, text string) document.Line {
	w := width([]rune(text)) * 16
	return document.Line{Text: text, Box: document.Box{x, y, x + w, y + 34}, Confidence: 0.98}
}

func page(lines ...document.Line) []document.Page {
	return []document.Page{{Number: 1, Width: 1654, Height: 2339, Source: document.SourceOCR, Lines: lines}}
}

func permitLines() []document.Line {
	return []document.Line{
		at(500, 200, "建筑工程施工许可证"), at(600, 300, "编号 430104202403150101"),
		at(200, 500, "建设单位"), at(500, 500, "湖南星辰置业有限公司"),
		at(200, 600, "工程名称"), at(500, 600, "岳麓科创园一期项目"),
		at(200, 700, "建设地址"), at(500, 700, "长沙市岳麓区枫桥大道以南"),
		at(200, 800, "建设规模"), at(500, 800, "45786.57平方米"), at(900, 800, "合同价格"), at(1200, 800, "15059.2万元"),
		at(200, 900, "设计单位"), at(500, 900, "湖南湘江设计研究院有限公司"),
		at(200, 1000, "施工单位"), at(500, 1000, "湖南湘江建设集团有限公司"),
		at(800, 1800, "发证机关"), at(1000, 1800, "长沙市岳麓区住房和城乡建设局"),
		at(800, 1900, "日期"), at(1000, 1900, "2024年3月15日"),
	}
}

func permit(t *testing.T, known map[string]string, change func([]document.Line) []document.Line) extract.Extraction {
	t.Helper()
	lines := permitLines()
	if change != nil {
		lines = change(lines)
	}
	return take(t, extract.Request{Type: "rd-construction-permit", Pages: page(lines...), Known: known})
}

// replace changes the text of the line that says old.
func replace(old, new string) func([]document.Line) []document.Line {
	return func(lines []document.Line) []document.Line {
		for i, l := range lines {
			if l.Text == old {
				lines[i].Text = new
			}
		}
		return lines
	}
}

// TestV2_11_constructionPermit: number, units and dates of a permit are filled
// with value, place, rule and confidence.
func TestV2_11_constructionPermit(t *testing.T) {
	x := permit(t, nil, nil)
	for key, want := range map[string]string{
		"doc_no": "430104202403150101", "builder": "湖南星辰置业有限公司", "project_name": "岳麓科创园一期项目", "location": "长沙市岳麓区枫桥大道以南",
		"scale": "45786.57平方米", "contract_price": "15059.2", "design_unit": "湖南湘江设计研究院有限公司", "construction_unit": "湖南湘江建设集团有限公司",
		"issuer": "长沙市岳麓区住房和城乡建设局", "issue_date": "2024-03-15",
	} {
		if got := x.Fields[key]; got.Value != want || !got.Valid || got.Source != document.FieldOCR || got.Rule == "" || got.Confidence < 0.8 {
			t.Errorf("%s: %+v, want %q", key, got, want)
		}
	}
	if len(x.Missing)+len(x.Findings) != 0 || x.Fields["contract_price"].Unit != "万元" {
		t.Errorf("missing %v, findings %v, unit %q", x.Missing, x.Findings, x.Fields["contract_price"].Unit)
	}
}

func codes(x extract.Extraction) []string {
	var out []string
	for _, f := range x.Findings {
		out = append(out, f.Code)
		if f.Message == "" || !slices.Contains([]string{"info", "warning", "error"}, f.Severity) {
			out = append(out, "unreadable finding")
		}
	}
	return out
}

// TestExtract_findings: what contradicts itself or the project is told.
func TestExtract_findings(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		known          map[string]string
		want           string // code of the only finding, "" for none
	}{
		{"same project", "", "", map[string]string{"project_name": "岳麓科创园一期项目", "builder": "湖南星辰置业有限公司"}, ""},
		{"a works of the project", "岳麓科创园一期项目", "岳麓科创园一期项目1#厂房", map[string]string{"project_name": "岳麓科创园一期项目"}, ""},
		{"another project", "", "", map[string]string{"project_name": "天心第三中学改扩建工程"}, "project_name_differs"},
		{"another phase", "岳麓科创园一期项目", "岳麓科创园二期", map[string]string{"project_name": "岳麓科创园三期"}, "project_name_differs"},
		{"brackets of another width", "湖南星辰置业有限公司", "湖南星辰(长沙)置业有限公司", map[string]string{"builder": "湖南星辰（长沙）置业有限公司"}, ""},
		{"another builder", "", "", map[string]string{"builder": "湖南月桂置业有限公司"}, "builder_differs"},
		{"misread builder", "湖南星辰置业有限公司", "湖南星晨置业有限公司", map[string]string{"builder": "湖南星辰置业有限公司"}, "repaired"},
		{"another number", "", "", map[string]string{"doc_no": "430104202403150201"}, "doc_no_differs"},
		{"dated before its number", "2024年3月15日", "2024年3月1日", nil, "permit_date_after_issue"},
		{"dated long after its number", "2024年3月15日", "2024年7月15日", nil, "permit_date_gap"},
		{"ten days after its number", "2024年3月15日", "2024年3月25日", nil, ""},
		{"number of another division", "编号 430104202403150101", "编号 430202202403150101", nil, "division_differs"},
		{"misread authority", "长沙市岳麓区住房和城乡建设局", "长沙市岳麓区住房和城多建设局", nil, "repaired"},
		{"unknown authority", "长沙市岳麓区住房和城乡建设局", "长沙市岳麓区园林绿化局", nil, "issuer_unknown"},
		{"authority of nowhere", "长沙市岳麓区住房和城乡建设局", "阳市住房和城乡建设局", nil, "issuer_division"},
		{"repaired number", "编号 430104202403150101", "编号 43O1O42O24O315O1O1", nil, "repaired"},
	} {
		x := permit(t, c.known, replace(c.old, c.new))
		want := []string{c.want}
		if c.want == "" {
			want = nil
		}
		if got := codes(x); !slices.Equal(got, want) {
			t.Errorf("%s: findings %v, want %v", c.name, x.Findings, want)
		}
	}
	x := permit(t, nil, replace("编号 430104202403150101", "编号 43O1O42O24O315O1O1"))
	if got := x.Fields["doc_no"]; !got.Repaired || got.Value != "430104202403150101" || got.Raw == got.Value {
		t.Errorf("repaired number: %+v", got)
	}
}

// TestExtract_missing: required keys without a valid value, in catalogue order.
func TestExtract_missing(t *testing.T) {
	x := permit(t, nil, func(lines []document.Line) []document.Line {
		return slices.DeleteFunc(lines, func(l document.Line) bool {
			return strings.Contains(l.Text, "15059") || strings.Contains(l.Text, "4301042024") || strings.Contains(l.Text, "设计研究院")
		})
	})
	if want := []string{"doc_no", "contract_price", "design_unit"}; !slices.Equal(x.Missing, want) {
		t.Errorf("missing %v, want %v", x.Missing, want)
	}
	x = permit(t, nil, replace("2024年3月15日", "2024年13月45日"))
	if got := x.Fields["issue_date"]; got.Valid || got.Error != "date" || !slices.Contains(x.Missing, "issue_date") {
		t.Errorf("an impossible date: %+v, missing %v", got, x.Missing)
	}
}

// TestExtract_layouts: the places a value may stand in, as OCR hands them over.
func TestExtract_layouts(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []document.Line
		want  string
	}{
		{"behind a colon", []document.Line{at(200, 500, "建设单位：湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"behind a space", []document.Line{at(200, 500, "建设单位 湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"without any sign", []document.Line{at(200, 500, "建设单位湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"letter-spaced label", []document.Line{at(200, 500, "建 设 单 位"), at(600, 500, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"label in pieces", []document.Line{at(200, 500, "建设"), at(330, 500, "单位"), at(600, 500, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"label in single characters", []document.Line{at(200, 500, "建"), at(270, 500, "设"), at(340, 500, "单"), at(410, 500, "位"), at(600, 500, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"label in pieces, value run in", []document.Line{at(200, 500, "建设单"), at(360, 500, "位湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"specks in a spaced label", []document.Line{at(200, 500, "建一设单-位|湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"specks before the value", []document.Line{at(200, 500, "建设单位產湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"rules of a table", []document.Line{at(200, 500, "| 建设单位 | 湖南星辰置业有限公司 | 工程名称 | 某工程 |")}, "湖南星辰置业有限公司"},
		{"label over two lines", []document.Line{at(200, 500, "建设"), at(200, 538, "单位"), at(600, 519, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"misread label", []document.Line{at(200, 500, "建没单位"), at(600, 500, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"misread last character", []document.Line{at(200, 500, "建设单氮：湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"lost character", []document.Line{at(200, 500, "建单位"), at(600, 500, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"note behind the label", []document.Line{at(200, 500, "建设单位（个人）"), at(600, 500, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"below", []document.Line{at(200, 500, "建设单位"), at(200, 540, "湖南星辰置业有限公司")}, "湖南星辰置业有限公司"},
		{"two lines beside a centred label", []document.Line{at(600, 480, "湖南星辰置业"), at(200, 500, "建设单位"), at(600, 520, "有限公司")}, "湖南星辰置业有限公司"},
		{"two lines beside a top label", []document.Line{at(200, 500, "建设单位"), at(600, 500, "湖南星辰置业"), at(600, 545, "有限公司"), at(200, 620, "工程名称"), at(600, 620, "某工程")}, "湖南星辰置业有限公司"},
		{"next label in the row", []document.Line{at(200, 500, "建设单位"), at(500, 500, "湖南星辰置业有限公司"), at(900, 500, "施工单位"), at(1200, 500, "湖南湘江建设有限公司")}, "湖南星辰置业有限公司"},
		{"empty cell", []document.Line{at(200, 500, "建设单位"), at(900, 500, "施工单位"), at(1200, 500, "湖南湘江建设有限公司")}, ""},
		{"struck cell", []document.Line{at(200, 500, "建设单位"), at(600, 500, "/")}, ""},
		{"words of a sentence", []document.Line{at(200, 500, "建设单位应当按照许可内容施工。")}, ""},
		{"several in one line", []document.Line{at(200, 500, "工程名称：某工程；建设单位：湖南星辰置业有限公司；施工单位：湖南湘江建设有限公司")}, "湖南星辰置业有限公司"},
	} {
		x := take(t, extract.Request{Type: "rd-construction-permit", Pages: page(c.lines...)})
		if got := x.Fields["builder"].Value; got != c.want {
			t.Errorf("%s: got %q (%s), want %q", c.name, got, x.Fields["builder"].Rule, c.want)
		}
	}
}

// TestExtract_bareText: pages without boxes, as some text layers are.
func TestExtract_bareText(t *testing.T) {
	var lines []document.Line
	for _, l := range permitLines() {
		lines = append(lines, document.Line{Text: l.Text, Confidence: 1})
	}
	p := document.Page{Number: 1, Source: document.SourceTextLayer, Lines: lines}
	x := take(t, extract.Request{Type: "rd-construction-permit", Pages: []document.Page{p}})
	if got := x.Fields["builder"]; got.Value != "湖南星辰置业有限公司" || got.Source != document.FieldTextLayer {
		t.Errorf("builder: %+v", got)
	}
	if len(x.Missing) != 0 {
		t.Errorf("missing %v", x.Missing)
	}
}

// TestExtract_ownBandIsIgnored: a marked copy that comes back does not read its
// own footer.
func TestExtract_ownBandIsIgnored(t *testing.T) {
	band := at(100, 2280, "上传单位：住建局 文书：建筑工程施工许可证 编号：430999202401010101 第1/1页 校验码：2345-6789-ABCD")
	x := permit(t, nil, func(lines []document.Line) []document.Line { return append(lines, band) })
	if got := x.Fields["doc_no"].Value; got != "430104202403150101" {
		t.Errorf("doc_no %q", got)
	}
}

// TestExtract_material: a material that is a result gives its fields, any other
// what ties it to the project.
func TestExtract_material(t *testing.T) {
	x := take(t, extract.Request{Type: "construction-permit", Pages: page(permitLines()...)})
	if x.Fields.Value("doc_no") != "430104202403150101" {
		t.Errorf("as material: %v", x.Fields.Values())
	}
	x = take(t, extract.Request{Type: "bid-notice", Pages: page(at(500, 200, "中标通知书"), at(200, 500, "工程名称：岳麓科创园一期项目"), at(200, 560, "项目代码：2404-430100-04-01-123453"))})
	if x.Fields.Value("project_name") != "岳麓科创园一期项目" || x.Fields.Value("project_code") != "2404-430100-04-01-123453" || len(x.Missing) != 0 {
		t.Errorf("bid notice: %v, missing %v", x.Fields.Values(), x.Missing)
	}
}

func TestExtract_errors(t *testing.T) {
	e := newExtractor()
	if _, err := e.Extract(context.Background(), extract.Request{Type: "no-such"}); err == nil {
		t.Error("an unknown type was extracted")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.Extract(ctx, extract.Request{Type: "rd-construction-permit"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	x := take(t, extract.Request{Type: "rd-construction-permit"})
	if len(x.Fields) != 0 || len(x.Missing) == 0 {
		t.Errorf("no pages: %+v", x)
	}
}

// TestExtract_derived: validity follows from the date of issue, as printed or by
// rule.
func TestExtract_derived(t *testing.T) {
	reply := func(validity string) extract.Extraction {
		return take(t, extract.Request{Type: "rd-energy-opinion", Pages: page(
			at(300, 300, "长发改节能〔2026〕12号"), at(300, 500, "关于岳麓科创园一期项目节能报告的审查意见"), at(200, 600, "湖南星辰置业有限公司："),
			at(260, 700, validity), at(900, 1500, "长沙市发展和改革委员会"), at(950, 1560, "2026年3月15日"))})
	}
	for text, want := range map[string]string{"现批复如下。": "2028-03-15", "有效期：三年": "2029-03-15", "有效期至：2027年12月31日": "2027-12-31"} {
		x := reply(text)
		if got := x.Fields["valid_until"]; got.Value != want || !got.Valid {
			t.Errorf("%s: %+v, want %s", text, got, want)
		}
	}
	if got := reply("现批复如下。").Fields["valid_until"]; got.Source != document.FieldDerived {
		t.Errorf("source %q", got.Source)
	}
}

// FuzzExtract: no page makes the extractor panic, and every field it gives has
// provenance and a confidence between 0 and 1.
func FuzzExtract(f *testing.F) {
	var text []string
	for _, l := range permitLines() {
		text = append(text, l.Text)
	}
	f.Add("rd-construction-permit", strings.Join(text, "\n"), uint16(7))
	f.Add("rd-fire-design-opinion", "申请某项目建设工程（地址：甲；建筑面积：1平方米）", uint16(3))
	e := newExtractor()
	f.Fuzz(func(t *testing.T, typ, text string, shuffle uint16) {
		if len(text) > 4000 {
			return
		}
		var lines []document.Line
		for i, s := range strings.Split(text, "\n") {
			n := float64((i*int(shuffle) + i) % 97)
			lines = append(lines, at(20*float64(int(n)%7)*10, n*24, s))
		}
		x, err := e.Extract(context.Background(), extract.Request{Type: typ, Pages: page(lines...)})
		if err != nil {
			return
		}
		for key, got := range x.Fields {
			if got.Confidence < 0 || got.Confidence > 1 || got.Rule == "" || got.Valid != (got.Error == "") {
				t.Fatalf("%s: %+v", key, got)
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	e := newExtractor()
	for _, kind := range []string{"rd-construction-permit", "rd-land-contract"} {
		d := sample.Make(kind, sample.NewProject(1), 1)
		r := extract.Request{Type: d.Type, Pages: d.Read(200)}
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Extract(context.Background(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestExtract_hostilePage: a page of nothing but labels costs seconds to minutes, not
// hours, and a cancelled context ends it.
func TestExtract_hostilePage(t *testing.T) {
	var lines []document.Line
	for i := range 20000 {
		lines = append(lines, at(float64(i%20)*80, float64(i/20)*9, []string{"建设单位", "工程名称", "建设", "单位", "日期", "湖南"}[i%6]))
	}
	var pages []document.Page
	for n := range 40 {
		pages = append(pages, document.Page{Number: n + 1, Width: 1654, Height: 2339, Lines: lines})
	}
	start := time.Now()
	take(t, extract.Request{Type: "rd-construction-permit", Pages: pages})
	if d := time.Since(start); d > 3*time.Minute {
		t.Errorf("took %v", d)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start = time.Now()
	_, err := newExtractor().Extract(ctx, extract.Request{Type: "rd-construction-permit", Pages: pages})
	if d := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || d > time.Minute {
		t.Errorf("cancelled after %v: %v", d, err)
	}
}
