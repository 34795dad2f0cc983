package labels

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/internal/fuzzy"
)

// use is a field a label may stand for.
type use struct {
	key string
	own bool // the type's own label, not one that other documents use
}

// labelTable knows the labels of a type, longest first. A label without uses
// only tells where the value before it ends.
type labelTable struct {
	labels [][]rune
	uses   map[string][]use
}

// stops are labels of no field that end a value.
var stops = []string{
	"备注", "注意事项", "遵守事项", "附图及附件名称", "附件", "附图", "抄送", "联系人", "联系电话", "主要内容如下", "资质等级", "经办人", "特发此证",
	"法定代表人", "建设单位签收", "申请受理凭证文号", "项目单位声明", "主送", "印发", "此件公开", "资金来源", "建设性质", "结构类型", "工程等级", "审查人员",
	"施工单位项目负责人", "设计单位项目负责人", "勘察单位项目负责人", "总监理工程师", "工程总承包单位项目经理", "合同工期", "审批机关", "审查机构",
}

func newLabelTable(t catalogue.ResultType) *labelTable {
	lt := &labelTable{uses: map[string][]use{}}
	for _, f := range t.Fields {
		for _, l := range f.Labels {
			lt.add(l, use{f.Key, true})
		}
	}
	for _, label := range []struct{ text, key string }{{t.Layout.Issuer, "issuer"}, {t.Layout.Date, "issue_date"}} {
		if _, ok := t.Field(label.key); ok && label.text != "" {
			lt.add(label.text, use{label.key, true})
		}
	}
	for _, f := range t.Fields {
		for _, l := range f.OtherLabels {
			if len(lt.uses[foldLabel(l)]) == 0 || !lt.uses[foldLabel(l)][0].own {
				lt.add(l, use{f.Key, false})
			}
		}
	}
	for _, l := range append(slices.Clone(t.Layout.Labels), stops...) {
		lt.add(l)
	}
	slices.SortStableFunc(lt.labels, func(a, b []rune) int { return cmp.Compare(len(b), len(a)) })
	return lt
}

var noteInLabel = regexp.MustCompile(`\([^()]*\)`)

// foldLabel is the comparable form of a label, without what stands in brackets:
// 建筑面积（m²）, 发证机关（章）.
func foldLabel(l string) string {
	return noteInLabel.ReplaceAllString(identifier.Fold(l), "")
}

func (lt *labelTable) add(label string, uses ...use) {
	l := foldLabel(label)
	if l == "" || strings.ContainsAny(l, "/、,") && len(uses) == 0 {
		return
	}
	if _, ok := lt.uses[l]; !ok {
		lt.uses[l] = nil
		lt.labels = append(lt.labels, []rune(l))
	}
	for _, u := range uses {
		if !slices.Contains(lt.uses[l], u) {
			lt.uses[l] = append(lt.uses[l], u)
		}
	}
}

// hit is a label found at the beginning of a segment.
type hit struct {
	seg   *segment
	below *segment // second line of a label broken in two, or nil
	label string
	uses  []use
	exact bool
	colon bool
	note  string // what stood in brackets behind the label: a unit
	end   int    // where the value begins in seg.text; len(seg.text) if it stands elsewhere
}

// bare reports whether nothing but the label stands in its segment.
func (h hit) bare() bool { return h.end >= len(h.seg.text) }

// ordinal is what may precede a label: 一、 （二） 3. ① and bullet signs.
var ordinal = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}[、.,:]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)](?:\d[^\d])?|[*·●■◆▪-])`)

// find looks for a label at the beginning of s.
func (lt *labelTable) find(s *segment) (hit, bool) {
	from := 0
	if m := ordinal.FindString(string(s.text)); m != "" {
		from = len([]rune(m))
	}
	for i := 0; i < 2 && from < len(s.text) && strings.ContainsRune("([【", s.text[from]); i++ {
		from++
	}
	rest := s.text[from:]
	if h, ok := lt.exact(s, rest, from); ok {
		return h, true
	}
	return lt.tolerant(s, rest, from)
}

func (lt *labelTable) exact(s *segment, rest []rune, from int) (hit, bool) {
	for _, l := range lt.labels {
		if len(rest) < len(l) || !slices.Equal(rest[:len(l)], l) {
			continue
		}
		h := hit{seg: s, label: string(l), uses: lt.uses[string(l)], exact: true}
		h.end, h.colon, h.note = afterLabel(s.text, from+len(l))
		if !h.bare() && !h.colon && strings.ContainsRune(",。、;.)的应须", s.text[h.end]) {
			continue // the words of a sentence, not a label
		}
		return h, true
	}
	return hit{}, false
}

// tolerant accepts one misread character in a label of at least four that fills
// its segment or ends at a colon.
func (lt *labelTable) tolerant(s *segment, rest []rune, from int) (hit, bool) {
	size := len(rest)
	if i := slices.Index(rest, ':'); i >= 0 {
		size = i
	}
	for _, l := range lt.labels {
		if len(l) < 4 || size < len(l)-1 || size > len(l)+1 || fuzzy.Distance(rest[:size], l) > 1 {
			continue
		}
		h := hit{seg: s, label: string(l), uses: lt.uses[string(l)]}
		h.end, h.colon, h.note = afterLabel(s.text, from+size)
		return h, true
	}
	return hit{}, false
}

// afterLabel skips a note in brackets and a colon.
func afterLabel(text []rune, i int) (end int, colon bool, note string) {
	if i < len(text) && text[i] == '(' {
		if j := slices.Index(text[i:], ')'); j >= 0 && j <= 16 {
			k := i + j + 1
			if k >= len(text) || text[k] == ':' || isNote(string(text[i+1:i+j])) {
				note, i = string(text[i+1:i+j]), k
			}
		}
	}
	for i < len(text) && (text[i] == ':' || text[i] == ';' && !colon) {
		i, colon = i+1, true
	}
	return i, colon, note
}

// isNote tells the notes printed behind labels from values in brackets.
func isNote(s string) bool {
	switch s {
	case "章", "盖章", "签章", "印章", "公章", "个人", "m2", "平方米", "万元", "元", "公顷", "米", "m", "km", "亩", "含各地类明细", "副本", "正本":
		return true
	}
	return false
}

// hits finds all labels of a sheet, joining labels broken over two lines.
func (lt *labelTable) hits(s *sheet) []hit {
	var out []hit
	taken := map[*segment]bool{}
	for _, g := range s.segs {
		if taken[g] {
			continue
		}
		h, ok := lt.find(g)
		if j, joined := lt.joined(s, g); joined && (!ok || len(j.label) > len(h.label) || unclosed(g.text[min(h.end, len(g.text)):])) {
			taken[j.below] = true
			h, ok = j, true
		}
		if ok {
			out = append(out, h)
		}
	}
	return out
}

// joined tries g as the first line of a label whose rest stands right below.
func (lt *labelTable) joined(s *sheet, g *segment) (hit, bool) {
	if len(g.text) < 2 || len(g.text) > 10 || g.box.Height() <= 0 {
		return hit{}, false
	}
	for _, b := range s.segs {
		if b == g || b.page != g.page || b.panel != g.panel || len(b.text) > 10 {
			continue
		}
		gap := b.box[1] - g.box[3]
		if gap < -0.4*g.height() || gap > 0.7*g.height() || b.box[1] <= g.box[1] {
			continue
		}
		if min(b.box[2], g.box[2])-max(b.box[0], g.box[0]) < 0.4*min(b.box.Width(), g.box.Width()) {
			continue
		}
		text := slices.Concat(g.text, b.text)
		for _, l := range lt.labels {
			if len(text) < len(l) || !slices.Equal(text[:len(l)], l) {
				continue
			}
			if len(l) <= len(g.text) && !unclosed(g.text[len(l):]) {
				continue
			}
			if end, _, _ := afterLabel(text, len(l)); end < len(text) {
				continue
			}
			return hit{seg: g, below: b, label: string(l), uses: lt.uses[string(l)], exact: true, end: len(g.text)}, true
		}
	}
	return hit{}, false
}

// unclosed reports text that begins with a bracket which the line does not close.
func unclosed(text []rune) bool {
	return len(text) > 0 && text[0] == '(' && !slices.Contains(text, ')')
}

// box is where the whole label stands.
func (h hit) box() [4]float64 {
	b := h.seg.boxOf(0, min(h.end, len(h.seg.text)))
	if h.below != nil {
		b = b.Union(h.below.box)
	}
	return b
}
