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
	short  map[string]bool // keys whose values are one number, date or amount
}

// stops are labels of no field that end a value.
var stops = []string{
	"备注", "注意事项", "遵守事项", "附图及附件名称", "附件", "附图", "抄送", "联系人", "联系电话", "主要内容如下", "资质等级", "经办人", "特发此证",
	"法定代表人", "建设单位签收", "申请受理凭证文号", "项目单位声明", "主送", "印发", "此件公开", "资金来源", "建设性质", "结构类型", "工程等级", "审查人员",
	"施工单位项目负责人", "设计单位项目负责人", "勘察单位项目负责人", "总监理工程师", "工程总承包单位项目经理", "合同工期", "审批机关", "审查机构",
}

func newLabelTable(t catalogue.ResultType) *labelTable {
	lt := &labelTable{uses: map[string][]use{}, short: map[string]bool{}}
	for _, f := range t.Fields {
		switch f.Type {
		case catalogue.TypeText, catalogue.TypeOrg, catalogue.TypeEnum:
		default:
			lt.short[f.Key] = true
		}
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

// hit is a label found at the beginning of a segment. It may go on in further
// segments: below, in narrow cells, or beside, where its characters stand far
// apart (坐　　落).
type hit struct {
	seg   *segment
	tail  []*segment
	label string
	uses  []use
	exact bool
	colon bool
	note  string // what stood in brackets behind the label: a unit
	end   int    // where the value begins in the last segment; its length if the value stands elsewhere
}

// last is the segment the label ends in.
func (h hit) last() *segment {
	if n := len(h.tail); n > 0 {
		return h.tail[n-1]
	}
	return h.seg
}

// bare reports whether no value stands in the segments of the label.
func (h hit) bare() bool { return h.end >= len(h.last().text) }

// has reports whether s is part of the label.
func (h hit) has(s *segment) bool { return s == h.seg || slices.Contains(h.tail, s) }

// ordinal is what may precede a label: 一、 （二） 3. ① and bullet signs.
var ordinal = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}[、.,:]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)](?:\d[^\d])?|[*·●■◆▪-])`)

// find looks for a label at the beginning of s; exactly, or with one misread
// character if tolerant.
func (lt *labelTable) find(s *segment, text []rune, skip func(string) bool) (hit, bool) {
	from := 0
	if m := ordinal.FindString(string(text)); m != "" {
		from = len([]rune(m))
	}
	for i := 0; i < 2 && from < len(text) && strings.ContainsRune("([【", text[from]); i++ {
		from++
	}
	if skip == nil {
		return lt.exact(s, text, from)
	}
	return lt.tolerant(s, text, from, skip)
}

func (lt *labelTable) exact(s *segment, text []rune, from int) (hit, bool) {
	rest := text[from:]
	for _, l := range lt.labels {
		if len(rest) < len(l) || !slices.Equal(rest[:len(l)], l) {
			continue
		}
		h := lt.hit(s, l, text, from+len(l))
		h.exact = true
		if h.end < len(text) && !h.colon && strings.ContainsRune(",。、;.)的应须", text[h.end]) {
			continue // the words of a sentence, not a label
		}
		return h, true
	}
	return hit{}, false
}

// tolerant accepts one misread or lost character in a label of at least four
// that fills its segment or ends at a colon. skip names labels that stand
// elsewhere already; of several that fit and mean different fields none is taken.
func (lt *labelTable) tolerant(s *segment, text []rune, from int, skip func(string) bool) (hit, bool) {
	rest := text[from:]
	size := len(rest)
	if i := slices.Index(rest, ':'); i >= 0 {
		size = i
	}
	var found []hit
	for _, l := range lt.labels {
		if skip(string(l)) {
			continue
		}
		if end, ok := speckled(rest, l); ok {
			return lt.hit(s, l, text, from+end), true
		}
		if len(l) < 4 {
			continue
		}
		if size >= len(l)-1 && size <= len(l)+1 && fuzzy.Distance(rest[:size], l) <= 1 {
			found = append(found, lt.hit(s, l, text, from+size))
		} else if end, ok := fuzzy.Prefix(rest, l); ok && len(l) <= end { // 建设规銀模15378平方米
			found = append(found, lt.hit(s, l, text, from+end))
		}
	}
	for _, h := range found {
		if !sameUse(h, found[0]) {
			return hit{}, false
		}
	}
	if len(found) == 0 {
		return hit{}, false
	}
	return found[0], true
}

// sameUse reports whether two labels stand for the same field: 建设地点, 建设地址.
func sameUse(a, b hit) bool {
	return len(a.uses) > 0 && len(b.uses) > 0 && a.uses[0].key == b.uses[0].key || a.label == b.label
}

// specks are what engines read where the characters of a label stand far apart.
const specks = "一-|丨·.~<>「」『』〇〈〉_=^'\"\\、產銀劵關冊間"

// speckled reports whether text begins with the label but for specks between its
// characters, and where the value begins: 建一设单-位|湖南.
func speckled(text, label []rune) (end int, ok bool) {
	i, noise := 0, 0
	for k, r := range label {
		for k > 0 && i < len(text) && text[i] != r && strings.ContainsRune(specks, text[i]) && noise < len(label) {
			i, noise = i+1, noise+1
		}
		if i >= len(text) || text[i] != r {
			return 0, false
		}
		i++
	}
	return i, noise > 0
}

func (lt *labelTable) hit(s *segment, label, text []rune, i int) hit {
	h := hit{seg: s, label: string(label), uses: lt.uses[string(label)]}
	h.end, h.colon, h.note = afterLabel(text, i)
	return h
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
