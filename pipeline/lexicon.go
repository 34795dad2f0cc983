package pipeline

import (
	"slices"
	"strings"
	"unicode"

	"onewindow/approval/catalogue"
	"onewindow/document"
)

// lexicon knows the pairs of characters that the words of construction approval
// are made of: labels, names of documents, units, places and the common parts of
// names. Brand names, which nothing confirms, are not in it.
type lexicon map[[2]rune]bool

// commonWords are parts of names and values that the catalogue does not print.
const commonWords = "有限公司 有限责任公司 股份公司 集团公司 分公司 房地产开发 置业 建筑工程 建设工程 工程设计 设计研究院 勘察设计院 测绘 咨询管理 监理 " +
	"建设项目 项目一期 项目二期 一期项目 二期项目 主体工程 综合楼 教学楼 住宅小区 中心小学 幼儿园 中学 新校区 人民医院 卫生院 文化体育中心 社区 养老服务中心 " +
	"产业园 科创园 工业园 生产线 智能制造 智能装备 生物医药 医用耗材 新能源汽车 电驱总成 精密结构件 新材料 电子科技 建设事务中心 建设管理中心 建设投资 城市建设 教育投资 城市公用设施 " +
	"工业厂房 框架结构 剪力墙结构 地上 地下室 建筑面积 平方米 大道以南 大道以北 大道以东 大道以西 路与 交汇处 东南角 西南角 东北角 西北角 栋及地下室 " +
	"关于 可行性研究报告 项目建议书 初步设计 环境影响报告书 环境影响报告表 水土保持方案 的批复 的意见 竣工验收 备案证明 核准 划拨 出让 使用权"

func newLexicon(c *catalogue.Catalogue) lexicon {
	l := lexicon{}
	l.add(strings.Fields(commonWords)...)
	for _, m := range c.Materials {
		l.add(slices.Concat([]string{m.Name}, m.Aliases, m.TitlePhrases)...)
	}
	for _, u := range c.Units {
		l.add(u.Name)
	}
	for _, d := range c.Divisions {
		l.add(d.Name)
	}
	for _, t := range c.ResultTypes {
		l.add(t.Name)
		for _, f := range t.Fields {
			l.add(slices.Concat(f.Labels, f.OtherLabels, f.Values)...)
		}
	}
	return l
}

func (l lexicon) add(words ...string) {
	for _, w := range words {
		rs := []rune(w)
		for i := 1; i < len(rs); i++ {
			if unicode.Is(unicode.Han, rs[i-1]) && unicode.Is(unicode.Han, rs[i]) {
				l[[2]rune{rs[i-1], rs[i]}] = true
			}
		}
	}
}

// settles reports a doubt that what stands around decides: the character makes a
// known word with a neighbour, and the next best reading makes none (项目, not
// 项自). Figures, and characters passed over, are never settled so.
func (l lexicon) settles(d document.Doubt, line []rune) bool {
	read := []rune(d.Read)
	if len(read) != 1 || !unicode.Is(unicode.Han, read[0]) || isFigure(read[0]) {
		return false
	}
	if or := []rune(d.Or); len(or) > 0 && (isFigure(or[0]) || l.word(or[0], d.At, line)) {
		return false
	}
	return l.word(read[0], d.At, line)
}

// word reports whether r at a place of a line makes a known word.
func (l lexicon) word(r rune, at int, line []rune) bool {
	return at > 0 && l[[2]rune{line[at-1], r}] || at+1 < len(line) && l[[2]rune{r, line[at+1]}]
}

// figures are the characters amounts and dates are written with, and what they
// are misread as.
const figures = "0123456789〇○零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟元角分oOlIZSB|.,"

func isFigure(r rune) bool { return strings.ContainsRune(figures, r) }

// onlyFigures reports fields of which nothing but figures matters, so that a
// doubtful unit or a speck beside them is none of theirs.
func onlyFigures(t catalogue.FieldType) bool {
	switch t {
	case catalogue.TypeDate, catalogue.TypeArea, catalogue.TypeMoney, catalogue.TypeNumber:
		return true
	}
	return false
}
