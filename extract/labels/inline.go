package labels

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"onewindow/approval/catalogue"
)

// maxInline bounds a value inside a sentence.
const maxInline = 160

// inline finds labels with a colon inside sentences: （地址：…；建筑面积：…）. A
// short label must stand behind a sign, a long one may end a phrase:
// 消防设计审查申请受理凭证文号：.
func (f *flow) inline(lt *labelTable) []candidate {
	var out []candidate
	for i := 1; i < len(f.runes); i++ {
		if f.pos[i] == 0 {
			continue // the grid looks at beginnings of lines
		}
		label, end := f.labelAt(lt, i)
		if label == "" || !strings.ContainsRune("(;,。、:)", f.runes[i-1]) && utf8.RuneCountInString(label) < 6 {
			continue
		}
		j := f.valueEnd(lt, end, ";。", maxInline)
		if j <= end {
			continue
		}
		for _, u := range lt.uses[label] {
			c := candidate{key: u.key, parts: f.spans(end, j), rule: ruleInline, strength: strengths[ruleInline], order: f.segs[i].order}
			if !u.own {
				c.strength -= 0.06
			}
			out = append(out, c)
		}
		i = end
	}
	return out
}

// labelAt returns the label with a colon that begins at rune i, and where its
// value begins.
func (f *flow) labelAt(lt *labelTable, i int) (string, int) {
	for _, l := range lt.labels {
		j := i + len(l)
		if j < len(f.runes) && f.runes[j] == ':' && slices.Equal(f.runes[i:j], l) {
			return string(l), j + 1
		}
	}
	return "", 0
}

// valueEnd is where a value that begins at from ends: at the bracket that closes
// around it, before the next label, at one of the stop signs outside brackets,
// or after limit characters.
func (f *flow) valueEnd(lt *labelTable, from int, stop string, limit int) int {
	depth := 0
	for j := from; j < len(f.runes) && j-from < limit; j++ {
		switch f.runes[j] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return j
			}
		case ';', ',', '、', '。':
			if depth > 0 {
				continue
			}
			if next, _ := f.labelAt(lt, j+1); next != "" || strings.ContainsRune(stop, f.runes[j]) {
				return j
			}
		}
	}
	return min(len(f.runes), from+limit)
}

// parts of a total given inside one value: 建筑面积：地上：8000；地下：2000平方米.
var (
	aboveGround = regexp.MustCompile(`(?:建筑面积|建设规模|建筑规模)[^。]{0,24}?地上(?:建筑面积|部分)?[:：为]?(?:约)?([\d,.]+(?:平方米|m2|㎡)?)`)
	belowGround = regexp.MustCompile(`(?:建筑面积|建设规模|建筑规模)[^。]{0,60}?地下(?:建筑面积|部分)?[:：为]?(?:约)?([\d,.]+(?:平方米|m2|㎡)?)`)
)

// groundAreas finds areas above and below ground inside a sentence.
func (f *flow) groundAreas(t catalogue.ResultType) []candidate {
	var out []candidate
	if _, ok := t.Field("floor_area_above"); ok {
		out = append(out, f.find(aboveGround, 1, "floor_area_above", ruleInline)...)
	}
	if _, ok := t.Field("floor_area_below"); ok {
		out = append(out, f.find(belowGround, 1, "floor_area_below", ruleInline)...)
	}
	return out
}

// statements are sentences whose parts are fields.
var statements = []struct {
	key string
	re  *regexp.Regexp // group 1 is the value
}{
	{"project_name", regexp.MustCompile(`(?:项目概况:|工程概况:|兹就|兹有|负责建设的)([^。:,;()]{3,80}?(?:\([^()]{1,12}\)[^。:,;()]{0,30})?)(?:,?位于|,?坐落|\(项目代码)`)},
	{"builder", regexp.MustCompile(`我(?:单位|公司)([^。:,;]{4,40}?)(?:负责|承担|实施|申请)建设`)},
	{"project_name", regexp.MustCompile(`(?:日|期|单位)申请(?:的)?(.{2,80}?)(?:建设工程)?\((?:楼幢名称|地址|工程地址|建设地址)[:：]`)},
	{"project_name", regexp.MustCompile(`(?:^|[。:：书明证])([^。:：]{2,90}?)(?:已于|于)\d{4}年\d{1,2}月\d{1,2}日(?:在|通过|,)[^。]{0,40}(?:备案|平台)`)},
	{"project_name", regexp.MustCompile(`报(?:来|送|批)的?《?(?:贵单位)?关于(?:报批|申请|审批|请求审批|要求审批|申报|呈报|要求批复)?(.{3,80}?)(?:可行性研究报告|项目建议书|初步设计|环境影响报告|水土保持|节能报告|申请报告|的申请|的请示|的报告|的函)`)},
	{"conclusion", regexp.MustCompile(`结论如下[:：]?(.{2,30})`)},
	{"conclusion", regexp.MustCompile(`(?:验收|审查)(?:综合)?(?:结论|评定)(?:为|[:：])[“"]?(合格|不合格|通过|不通过)`)},
	{"total_investment", regexp.MustCompile(`(?:项目)?(?:总投资|投资估算|估算总投资)(?:额)?(?:约|为|[:：])*(?:约|人民币)?([\d,.]+(?:万元|亿元|元))`)},
	{"budget_estimate", regexp.MustCompile(`(?:总概算|概算总投资|概算投资|核定概算|工程总概算)(?:约|为|核定为|[:：])*(?:人民币)?([\d,.]+(?:万元|亿元|元))`)},
	{"land_area", regexp.MustCompile(`宗地(?:总)?面积[^。]{0,30}?(?:小写)?([\d][\d,.]*(?:平方米|公顷|m2))`)},
	{"location", regexp.MustCompile(`宗地坐落于(.{4,80}?)[。;]`)},
	{"price", regexp.MustCompile(`出让价款为((?:人民币|大写).{4,60}?元[^。;]{0,30}?)[。;]`)},
	{"sign_date", regexp.MustCompile(`本合同于(\d{4}年\d{1,2}月\d{1,2}日)`)},
	{"sign_date", regexp.MustCompile(`(?:签订日期|签订时间|签订于)[:：]?(\d{4}年\d{1,2}月\d{1,2}日)`)},
	{"term_years", regexp.MustCompile(`出让年期(?:为|[:：])?(\d{1,3}年)`)},
	{"floor_area", regexp.MustCompile(`(?:总建筑面积|[^上下]建筑面积|总面积)(?:约|为|共|[:：])*([\d,.]+(?:平方米|m2|万平方米))`)},
	{"plot_ratio", regexp.MustCompile(`容积率((?:不大于|不高于|不超过|≤|<)?[\d.]+(?:[-~至]+[\d.]+)?)`)},
	{"forest_area", regexp.MustCompile(`(?:使用林地|林地面积)[^。]{0,12}?([\d,.]+(?:公顷|平方米|亩))`)},
	{"responsibility_area", regexp.MustCompile(`防治责任范围(?:面积)?(?:为|[:：])?([\d,.]+(?:公顷|平方米|hm2))`)},
	{"compensation_fee", regexp.MustCompile(`水土保持补偿费(?:为|[:：])?(?:人民币)?([\d,.]+(?:万元|元))`)},
	{"annual_energy_tce", regexp.MustCompile(`年综合能(?:源消费量|耗)[^。\d]{0,20}([\d,.]+)(?:万)?吨标准煤`)},
	{"eia_class", regexp.MustCompile(`环境影响(报告书|报告表)`)},
}

// statements finds fields in the sentences of a type.
func (f *flow) statements(t catalogue.ResultType) []candidate {
	var out []candidate
	for _, s := range statements {
		if _, ok := t.Field(s.key); ok {
			out = append(out, f.find(s.re, 1, s.key, ruleStatement)...)
		}
	}
	return out
}
