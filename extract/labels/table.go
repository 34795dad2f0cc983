package labels

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/document"
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
// elsewhere already; of several that fit none is taken.
func (lt *labelTable) tolerant(s *segment, text []rune, from int, skip func(string) bool) (hit, bool) {
	rest := text[from:]
	size := len(rest)
	if i := slices.Index(rest, ':'); i >= 0 {
		size = i
	}
	var found []hit
	for _, l := range lt.labels {
		if len(l) < 4 || skip(string(l)) {
			continue
		}
		if size >= len(l)-1 && size <= len(l)+1 && fuzzy.Distance(rest[:size], l) <= 1 {
			found = append(found, lt.hit(s, l, text, from+size))
		} else if end, ok := fuzzy.Prefix(rest, l); ok && len(l) <= end { // 建设规銀模15378平方米
			found = append(found, lt.hit(s, l, text, from+end))
		}
	}
	if len(found) != 1 {
		return hit{}, false
	}
	return found[0], true
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

// hits finds all labels of a sheet: first those that stand there exactly, in
// one piece or several, then those with a misread character.
func (lt *labelTable) hits(s *sheet) []hit {
	var out []hit
	taken := map[*segment]bool{}
	keep := func(h hit) {
		out = append(out, h)
		taken[h.seg] = true
		for _, t := range h.tail {
			taken[t] = true
		}
	}
	for _, g := range s.segs {
		if taken[g] {
			continue
		}
		h, ok := lt.find(g, g.text, nil)
		if j, joined := lt.joined(s, g, nil); joined && (!ok || len(j.label) > len(h.label) || unclosed(g.text[min(h.end, len(g.text)):])) {
			h, ok = j, true
		}
		if ok && !lt.stray(h) {
			keep(h)
		}
	}
	known := map[string]bool{}
	for _, h := range out {
		known[h.label] = true
	}
	skip := func(label string) bool { return known[label] }
	for _, g := range s.segs {
		if taken[g] {
			continue
		}
		h, ok := lt.find(g, g.text, skip)
		if j, joined := lt.joined(s, g, skip); joined && !ok {
			h, ok = j, true
		}
		if ok {
			keep(h)
			known[h.label] = true
		}
	}
	slices.SortStableFunc(out, func(a, b hit) int { return a.seg.order - b.seg.order })
	return out
}

// stray reports a short label followed by one or two odd characters, which is
// rather a longer label with a misread one (有效期·自).
func (lt *labelTable) stray(h hit) bool {
	rest := len(h.last().text) - h.end
	if h.colon || len(h.tail) > 0 || rest < 1 || rest > 2 {
		return false
	}
	_, ok := lt.tolerant(h.seg, h.seg.text, 0, func(l string) bool { return len(l) <= len(h.label) })
	return ok
}

// maxPieces is in how many pieces a label may have been read.
const maxPieces = 4

// joined tries g as the first piece of a label that goes on below it or beside
// it. With skip it tolerates a lost character.
func (lt *labelTable) joined(s *sheet, g *segment, skip func(string) bool) (hit, bool) {
	if len(g.text) > 12 || g.box.Height() <= 0 {
		return hit{}, false
	}
	for _, next := range []func(*segment, []*segment) *segment{s.beside, s.below} {
		pieces := []*segment{g}
		text := slices.Clone(g.text)
		for len(pieces) < maxPieces {
			t := next(pieces[len(pieces)-1], pieces)
			if t == nil {
				break
			}
			pieces = append(pieces, t)
			before := len(text)
			text = append(text, t.text...)
			if h, ok := lt.ending(pieces, text, before, skip); ok {
				return h, true
			}
		}
	}
	return hit{}, false
}

// ending reports whether text is a label that ends in the last of the pieces.
func (lt *labelTable) ending(pieces []*segment, text []rune, before int, skip func(string) bool) (hit, bool) {
	first, tail := pieces[0], pieces[1:]
	h, ok := lt.find(first, text, skip)
	if !ok {
		return h, false
	}
	size := len([]rune(h.label))
	if size <= before && !unclosed(first.text[min(size, len(first.text)):]) || h.end <= before {
		return h, false
	}
	if below := tail[0].box[1] > first.box[3]-0.5*first.height(); below && h.end < len(text) {
		return h, false // a second line of a cell holds nothing but label
	}
	h.tail, h.end = tail, h.end-before
	return h, true
}

// below is the piece under g in the same narrow cell.
func (s *sheet) below(g *segment, _ []*segment) *segment {
	for _, b := range s.segs {
		if b == g || b.page != g.page || b.panel != g.panel || len(b.text) > 12 || b.box[1] <= g.box[1] {
			continue
		}
		if gap := b.box[1] - g.box[3]; gap < -0.4*g.height() || gap > 0.7*g.height() {
			continue
		}
		if min(b.box[2], g.box[2])-max(b.box[0], g.box[0]) >= 0.4*min(b.box.Width(), g.box.Width()) {
			return b
		}
	}
	return nil
}

// beside is the next piece in the row of g, if the pieces so far are as short as
// those of a label with wide spaces.
func (s *sheet) beside(g *segment, pieces []*segment) *segment {
	if len(g.text) > 5 {
		return nil
	}
	var best *segment
	for _, b := range s.segs {
		if slices.Contains(pieces, b) || b.page != g.page || b.panel != g.panel || b.box[0] < g.box[2]-0.5*g.height() || overlap(g, b) < 0.5 {
			continue
		}
		if best == nil || b.box[0] < best.box[0] {
			best = b
		}
	}
	if best == nil || best.box[0]-g.box[2] > 7*g.height() {
		return nil
	}
	return best
}

// unclosed reports text that begins with a bracket which the line does not close.
func unclosed(text []rune) bool {
	return len(text) > 0 && text[0] == '(' && !slices.Contains(text, ')')
}

// box is where the whole label stands.
func (h hit) box() document.Box {
	if len(h.tail) == 0 {
		return h.seg.boxOf(h.seg.box, 0, min(h.end, len(h.seg.text)))
	}
	b := h.seg.box
	for _, t := range h.tail[:len(h.tail)-1] {
		b = b.Union(t.box)
	}
	last := h.last()
	return b.Union(last.boxOf(last.box, 0, min(h.end, len(last.text))))
}
