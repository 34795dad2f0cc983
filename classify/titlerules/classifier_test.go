package titlerules

import (
	"context"
	"errors"
	"strings"
	"testing"

	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/document"
	"onewindow/internal/sample"
)

func resultOf(t *testing.T, pages ...document.Page) document.Classification {
	t.Helper()
	return ask(t, classify.Question{Pages: pages, Role: document.RoleResult})
}

// TestClassify_damagedTitles: titles as recognition hands them over.
func TestClassify_damagedTitles(t *testing.T) {
	for want, pages := range map[string][]document.Page{
		"rd-construction-permit": {
			titlePage("中华人民共和国", "建筑工程施工许可证"),
			titlePage("建筑工程施工午可证"),
			titlePage("建 筑 工 程 施 工 许 可 证"),
			titlePage("建筑工程", "施工许可证"),
			pieces("建筑", "工程", "施工", "许可证"),
		},
		"rd-feasibility-reply": {
			titlePage("长沙市发展和改革委员会文件", "关于岳麓科创园一期项目可行性研究", "报告的批复"),
			titlePage("关于岳麓科创园一期项目可行性研", "究报告的批复"),
			titlePage("关于岳麓科创园一期项目可行性硏究报告的批复"),
		},
		"rd-engineering-permit": {titlePage("建设工程规刬许可证"), titlePage("中华人民共和国", "建设工程规划许可证")},
		"rd-land-use-permit":    {titlePage("建设用地规划许可证", "地字第430112202310076号")},
		"rd-realestate-cert":    {titlePage("中华人民共和国", "不动产权证书")},
		"rd-fire-design-opinion": {
			titlePage("长沙市住房和城乡建设局", "特殊建设工程消防设计审查意见书"),
			titlePage("特殊建设工程消防", "设计审查意见书"),
		},
	} {
		for _, p := range pages {
			if got := resultOf(t, p); got.Code != want {
				t.Errorf("%v: got %q %.2f, want %s; others %v", p.Lines[:2], got.Code, got.Confidence, want, got.RunnersUp)
			}
		}
	}
}

// pieces is a letter-spaced title read as several lines side by side.
func pieces(parts ...string) document.Page {
	p := titlePage()
	x := 500.0
	for _, s := range parts {
		w := float64(len([]rune(s))) * 60
		p.Lines = append(p.Lines, document.Line{Text: s, Box: document.Box{x, 300, x + w, 360}, Confidence: 1})
		x += w + 50
	}
	return p
}

// TestClassify_abstains: mentions in running text, forms and foreign papers are
// not results.
func TestClassify_abstains(t *testing.T) {
	mention := titlePage("会议纪要")
	mention.Lines = append(mention.Lines, document.Line{Text: "请尽快办理建筑工程施工许可证和建设工程规划许可证", Box: document.Box{200, 900, 1400, 932}, Confidence: 1})
	for name, p := range map[string]document.Page{
		"mention": mention, "form": titlePage("建筑工程施工许可证申请表"), "notice": titlePage("关于领取施工许可证的情况说明"),
		"empty": {Number: 1, Width: 100, Height: 100}, "meeting": titlePage("关于召开项目推进会的通知"),
		"sample": titlePage("建设用地规划许可证样本"),
	} {
		if got := resultOf(t, p); got.Recognized() {
			t.Errorf("%s: got %q %.2f %v", name, got.Code, got.Confidence, got.Evidence)
		} else if Explain(got) == "" {
			t.Errorf("%s: no explanation", name)
		}
	}
	if got := resultOf(t); got.Recognized() || len(got.RunnersUp) != 0 {
		t.Errorf("no pages: %+v", got)
	}
}

// TestClassify_confusables: what the catalogue calls regularly confused.
func TestClassify_confusables(t *testing.T) {
	record := titlePage("房屋建筑工程和市政基础设施工程", "竣工验收备案表")
	form := titlePage("房屋建筑工程和市政基础设施工程", "竣工验收备案表")
	record.Lines = append(record.Lines, document.Line{Text: "编号：430102-2026-0045", Box: document.Box{1000, 480, 1400, 510}, Confidence: 1})
	form.Lines = append(form.Lines, document.Line{Text: "编号：", Box: document.Box{1000, 480, 1100, 510}, Confidence: 1})
	for _, c := range []struct {
		name string
		page document.Page
		role document.Role
		want string
	}{
		{"record", record, document.RoleResult, "rd-completion-record"},
		{"record as material", record, document.RoleMaterial, "completion-record"},
		{"blank form", form, document.RoleMaterial, "completion-form"},
		{"blank form as result", form, document.RoleResult, ""},
		{"blank form, role unknown", form, document.RoleAuto, "completion-form"},
		{"licence, role unknown", titlePage("营业执照"), document.RoleAuto, "rd-business-licence"},
		{"licence as material", titlePage("营业执照"), document.RoleMaterial, "business-licence"},
		{"fire record", titlePage("建设工程竣工验收消防备案凭证"), document.RoleAuto, "rd-fire-record"},
	} {
		if got := ask(t, classify.Question{Pages: []document.Page{c.page}, Role: c.role}); got.Code != c.want {
			t.Errorf("%s: got %q %.2f, want %q; others %v", c.name, got.Code, got.Confidence, c.want, got.RunnersUp)
		}
	}
}

// TestClassify_among: the checklist limits the answer; a choice stands for its
// members; a paper that is clearly something else is not forced into it.
func TestClassify_among(t *testing.T) {
	for _, c := range []struct {
		title string
		among []string
		role  document.Role
		want  string
	}{
		{"企业投资项目备案证明", []string{"project-basis", "land-source"}, document.RoleMaterial, "filing-cert"},
		{"国有建设用地划拨决定书", []string{"project-basis", "land-source"}, document.RoleMaterial, "land-allocation"},
		{"建设工程施工合同", []string{"bid-notice", "construction-contract"}, document.RoleMaterial, "construction-contract"},
		{"建筑工程施工许可证", []string{"bid-notice", "construction-contract"}, document.RoleMaterial, ""},
		{"建设工程监理合同", []string{"construction-contract"}, document.RoleMaterial, ""},
		{"建筑工程施工许可证", []string{"rd-construction-permit"}, document.RoleResult, "rd-construction-permit"},
		{"建设用地规划许可证", []string{"land-use-permit"}, document.RoleAuto, "land-use-permit"},
		{"建设用地规划许可证", []string{"no-such-code"}, document.RoleAuto, ""},
	} {
		got := ask(t, classify.Question{Pages: []document.Page{titlePage(c.title)}, Role: c.role, Among: c.among})
		if got.Code != c.want {
			t.Errorf("%s among %v: got %q, want %q; others %v", c.title, c.among, got.Code, c.want, got.RunnersUp)
		}
		if c.want == "" && len(got.RunnersUp) == 0 {
			t.Errorf("%s among %v: no runners-up", c.title, c.among)
		}
	}
}

// TestClassify_hiddenTitle: a seal hides the title, the number still names it.
func TestClassify_hiddenTitle(t *testing.T) {
	p := titlePage()
	for i, s := range []string{"建字第430102202410023号", "建设单位（个人）", "建设项目名称", "建设位置", "建设规模", "附图及附件名称"} {
		y := 300 + 60*float64(i)
		p.Lines = append(p.Lines, document.Line{Text: s, Box: document.Box{200, y, 600, y + 32}, Confidence: 1})
	}
	got := resultOf(t, p)
	if got.Code != "rd-engineering-permit" || got.Confidence > 0.8 {
		t.Errorf("got %q %.2f; others %v", got.Code, got.Confidence, got.RunnersUp)
	}
}

// TestClassify_secondPage: a blank or foreign cover sheet does not hide the
// paper behind it.
func TestClassify_secondPage(t *testing.T) {
	blank := document.Page{Number: 1, Width: 1654, Height: 2339, Blank: true}
	permit := titlePage("建筑工程施工许可证")
	permit.Number = 2
	if got := resultOf(t, blank, permit); got.Code != "rd-construction-permit" || !strings.Contains(got.Evidence[0], "第2页") {
		t.Errorf("after a blank page: %+v", got)
	}
	notes := titlePage("注意事项")
	if got := resultOf(t, notes, permit); got.Code != "rd-construction-permit" {
		t.Errorf("after another page: %+v", got)
	}
}

func TestClassify_cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(catalogue.Default(), Options{}).Classify(ctx, classify.Question{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestClassify_samples: every synthetic document is recognized from its own
// lines, in its role and without one; confusables stay unrecognized.
func TestClassify_samples(t *testing.T) {
	cat := catalogue.Default()
	for _, kind := range sample.Kinds() {
		for seed := uint64(1); seed <= 3; seed++ {
			d := sample.Make(kind, sample.NewProject(seed), seed)
			if d.Truth.Secrecy != "" {
				continue // quarantined before anybody classifies it
			}
			pages := d.Read(200)
			got := ask(t, classify.Question{Pages: pages, Filename: "scan.pdf"})
			if got.Code != d.Type {
				t.Errorf("%s %d %q: got %q %.2f %v, want %q; others %v", kind, seed, d.Title, got.Code, got.Confidence, got.Evidence, d.Type, got.RunnersUp)
			}
			if _, ok := cat.ResultType(d.Type); ok {
				if got := resultOf(t, pages...); got.Code != d.Type {
					t.Errorf("%s %d as result: got %q", kind, seed, got.Code)
				}
			}
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	c := New(catalogue.Default(), Options{})
	pages := sample.Make("rd-land-contract", sample.NewProject(1), 1).Read(200)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Classify(context.Background(), classify.Question{Pages: pages}); err != nil {
			b.Fatal(err)
		}
	}
}
