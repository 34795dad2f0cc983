package labels

import (
	"testing"

	"onewindow/document"
	"onewindow/extract"
)

// TestExtract_papers: how offices and applicants really write: dates signed in
// figures, labels torn by line ends and by lost characters, values of two lines,
// names in prose.
func TestExtract_papers(t *testing.T) {
	fire := []document.Line{
		at(400, 200, "汨罗市住房和城乡建设局"), at(400, 300, "特殊建设工程消防验收意见书"), at(450, 380, "（文号：岳住建消验字〔2026〕第0114号）"),
		at(200, 460, "湖南栾屿智能装备制造有限公司："),
		at(250, 520, "你单位申请的项目消防验收（特殊建设工程消防验收申请受理凭证"),
		at(200, 580, "文号：岳住建消验凭字〔2026〕第0236号），结论如下："), at(250, 640, "合格。"),
		at(900, 1000, "汨罗市住房和城乡建设局"), at(950, 1060, "2026-3-6"),
	}
	plan := []document.Line{
		at(300, 200, "建设工程规划许可证"), at(200, 420, "建"), at(460, 420, "模"),
		at(700, 400, "总建筑面积30536.51平方米，其中地上建筑面积"), at(700, 440, "20861.82平方米，地下建筑面积9674.69平方米"),
		at(200, 500, "建设位置"), at(700, 500, "郴州市苏仙区云栖路以南"),
	}
	report := []document.Line{
		at(500, 300, "可行性研究报告"), at(300, 1200, "建设单位：湖南芷溪房地产开发有限公司"), at(300, 1240, "编制单位：岳阳市工程咨询院"),
		at(300, 1400, "1.1项目概况：滨江广场（一期）项目位于岳阳市望澜路以东。"),
	}
	letter := []document.Line{
		at(500, 200, "告知承诺书"), at(200, 300, "益阳市赫山区住房和城乡建设局："),
		at(250, 360, "我单位湖南澧棠城市建设投资有限公司负责建设的榉原滨江广场项目，位于益阳市砚池大道以东，现承诺如下："),
	}
	for _, c := range []struct {
		name, typ string
		lines     []document.Line
		want      map[string]string
	}{
		{"date in figures, torn label", "rd-fire-accept-opinion", fire, map[string]string{
			"issue_date": "2026-03-06", "issuer": "汨罗市住房和城乡建设局", "doc_no": "岳住建消验字〔2026〕第0114号", "builder": "湖南栾屿智能装备制造有限公司"}},
		{"label with lost characters", "rd-engineering-permit", plan, map[string]string{
			"scale": "总建筑面积30536.51平方米，其中地上建筑面积20861.82平方米，地下建筑面积9674.69平方米"}},
		{"prose of a report", "feasibility-report", report, map[string]string{
			"project_name": "滨江广场（一期）项目", "builder": "湖南芷溪房地产开发有限公司"}},
		{"letter of an applicant", "commitment-letter", letter, map[string]string{
			"project_name": "榉原滨江广场项目", "builder": "湖南澧棠城市建设投资有限公司"}},
	} {
		x := take(t, extract.Request{Type: c.typ, Pages: page(c.lines...)})
		for key, want := range c.want {
			if got := x.Fields[key]; got.Value != want {
				t.Errorf("%s: %s is %q, want %q", c.name, key, got.Value, want)
			}
		}
	}
}

// TestExtract_fieldsOfAForm: the application form of a result shows its fields,
// and none is asked for.
func TestExtract_fieldsOfAForm(t *testing.T) {
	x := take(t, extract.Request{Type: "completion-form", Pages: page(
		at(500, 200, "竣工验收备案表"), at(200, 400, "施工许可证号"), at(600, 400, "431202202403180301"),
		at(200, 500, "监理单位名称"), at(600, 500, "湖南栾屿工程监理有限公司"))})
	if x.Fields["construction_permit_no"].Value != "431202202403180301" || x.Fields["supervision_unit"].Value != "湖南栾屿工程监理有限公司" || len(x.Missing) != 0 {
		t.Errorf("fields %v, missing %v", x.Fields.Values(), x.Missing)
	}
}
