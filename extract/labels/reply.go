package labels

import (
	"regexp"
	"slices"
	"strings"

	"onewindow/approval/catalogue"
)

// reply reads what stands in fixed places of letters (GB/T 9704-2012): the
// issuing mark, the title, the salutation, the signature.
type reply struct {
	sheet *sheet
	typ   catalogue.ResultType
	grid  *grid
	units func(string) bool // names a business unit
}

func (r reply) candidates() []candidate {
	out := append(r.signature(), r.dispatchNo()...)
	out = append(out, r.header()...)
	title, end := r.title()
	if len(title) > 0 {
		out = append(out, r.fromTitle(title)...)
	}
	if s := r.salutation(end); s != nil {
		out = append(out, *s)
	}
	return out
}

// first returns the segments of the first page with text.
func (r reply) first() []*segment {
	if len(r.sheet.segs) == 0 {
		return nil
	}
	page := r.sheet.segs[0].page
	i := slices.IndexFunc(r.sheet.segs, func(s *segment) bool { return s.page != page })
	if i < 0 {
		return r.sheet.segs
	}
	return r.sheet.segs[:i]
}

var (
	titleEnd  = regexp.MustCompile(`(?:的批复|批复|的意见|审查意见|审批意见|意见书|同意书|决定书|的函|的通知|备案证明|答复书|答复单)$`)
	titleHead = regexp.MustCompile(`^(?:.{2,30}(?:局|厅|委员会|政府|办公室|中心|机构|委))?关于`)
	sealMark  = regexp.MustCompile(`(?:文件|函)$`)
)

// maxTitle is how many lines a title has at most.
const maxTitle = 5

// title returns the lines of the title, and the index of the segment behind it.
// It begins with 关于, or is one line that ends as titles do.
func (r reply) title() ([]span, int) {
	segs := r.first()
	for i, s := range segs {
		if !titleHead.MatchString(string(s.text)) {
			continue
		}
		var parts []span
		var text strings.Builder
		for j := i; j < len(segs) && j < i+maxTitle; j++ {
			t := segs[j]
			if j > i && (strings.HasSuffix(string(t.text), ":") || t.height() < 0.7*s.height() || t.height() > 1.45*s.height()) {
				break
			}
			parts = append(parts, span{t, 0, len(t.text)})
			text.WriteString(string(t.text))
			if titleEnd.MatchString(text.String()) {
				return parts, j + 1
			}
		}
	}
	for i, s := range segs[:min(len(segs), 8)] {
		if titleEnd.MatchString(string(s.text)) && r.grid.labelOf[s] == nil && len(s.text) >= 6 {
			return []span{{s, 0, len(s.text)}}, i + 1
		}
	}
	return nil, 0
}

// object is what a reply is about.
var object = regexp.MustCompile(`关于(?:同意|核准|批准|印发)?(?:《)?(.+?)(?:》)?(?:可行性研究报告|项目建议书|初步设计(?:及概算|\(含概算\)|和概算|概算)?|环境影响报告[书表](?:\(报批稿\))?|水土保持方案(?:报告[书表])?|节能报告|洪水影响评价(?:报告)?|项目申请报告|设计方案|压覆(?:重要)?矿产资源|使用林地|风景名胜区|核准|备案|文物保护|考古|防空地下室|抗震设防)`)

// wholeObject is the rest: 关于核准××项目的批复.
var wholeObject = regexp.MustCompile(`关于(?:同意|核准|批准|印发)?(.+?)(?:建设)?的(?:批复|函|意见|通知|审查意见|审批意见)$`)

// fromTitle takes title, project name and kind out of the title of a reply.
func (r reply) fromTitle(parts []span) []candidate {
	var segs []*segment
	for _, p := range parts {
		segs = append(segs, p.seg)
	}
	f := newFlow(segs)
	var out []candidate
	if _, ok := r.typ.Field("title"); ok {
		out = append(out, candidate{key: "title", parts: parts, rule: ruleTitle, strength: 0.95, order: segs[0].order})
	}
	about := f.find(object, 1, "project_name", ruleTitle)
	if len(about) == 0 {
		about = f.find(wholeObject, 1, "project_name", ruleTitle)
	}
	out = append(out, about...)
	if _, ok := r.typ.Field("eia_class"); ok {
		for _, c := range f.find(regexp.MustCompile(`环境影响(报告[书表])`), 1, "eia_class", ruleTitle) {
			c.strength = 0.97
			out = append(out, c)
		}
	}
	return out
}

var dispatchLine = regexp.MustCompile(`^\(?(?:文号|发文字号)?:?(\p{Han}[\p{Han}()]{1,18}[〔\[(【{](?:19|20)\d{2}[〕\])】}](?:第)?\d{1,5}号)\)?(?:签发人.*)?$`)

// dispatchNo is the 发文字号 that stands on a line of its own below the issuing
// mark.
func (r reply) dispatchNo() []candidate {
	if _, ok := r.typ.Field("doc_no"); !ok {
		return nil
	}
	segs := r.first()
	for _, s := range segs[:min(len(segs), 8)] {
		f := newFlow([]*segment{s})
		if c := f.find(dispatchLine, 1, "doc_no", ruleNumber); len(c) > 0 {
			c[0].strength -= 0.02 // a pattern of the type itself is better
			return c[:1]
		}
	}
	return nil
}

// salutation is the line that ends with a colon at the left margin before the
// text: the builder a reply speaks to.
func (r reply) salutation(from int) *candidate {
	f, ok := r.typ.Field("builder")
	if !ok || r.typ.Layout.Base == noLayout { // what an applicant writes speaks to the office
		return nil
	}
	segs := r.first()
	for _, s := range segs[min(from, len(segs)):] {
		n := len(s.text)
		if n < 5 || n > 45 || s.text[n-1] != ':' {
			continue
		}
		if h := r.grid.labelOf[s]; h != nil && h.bare() {
			continue
		}
		name := string(s.text[:n-1])
		if strings.ContainsAny(name, ":。;,《》") || strings.HasSuffix(name, "如下") || !orgEnd.MatchString(fullBrackets(name)) && !r.speaks(f) {
			continue
		}
		return &candidate{key: "builder", parts: []span{{s, 0, n - 1}}, rule: ruleSalute, strength: strengths[ruleSalute], order: s.order}
	}
	return nil
}

// speaks reports types that address the builder: replies and letters.
func (r reply) speaks(f catalogue.Field) bool {
	return r.typ.Layout.Base == "gbt9704_reply" || r.typ.Layout.Base == "letter" || slices.Contains(f.Labels, "主送机关")
}

var (
	dateOnly = regexp.MustCompile(`^((?:日.{0,2}期)?[^\d\p{Han}]{0,2}.?)(?:` + figureDate + `|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)$`)
	dateEnd  = regexp.MustCompile(`^(.{4,30}?)(` + figureDate + `)$`)
	issuerRe = regexp.MustCompile(`(?:局|厅|委员会|人民政府|办公室|中心|机构|馆|委|站|所|公司)(?:\((?:印章|盖章|公章|章)\))?$`)
)

// figureDate is a date in figures, as offices sign: 2024年6月10日, 2024.6.10,
// 2024-06-10, 2024/6/10.
const figureDate = `(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|[-./]\d{1,2}[-./]\d{1,2}日?)`

// signature is the last line that is only a date, and the issuer above it. The
// imprint (印发机关 印发日期) below it is none.
func (r reply) signature() []candidate {
	var out []candidate
	segs := r.sheet.segs
	for i := len(segs) - 1; i >= 0; i-- {
		s := segs[i]
		if h := r.grid.labelOf[s]; h != nil && !h.bare() {
			continue
		}
		if m := dateEnd.FindStringSubmatch(string(s.text)); m != nil && issuerRe.MatchString(m[1]) {
			n := len([]rune(m[1]))
			out = append(out,
				candidate{key: "issuer", parts: []span{{s, 0, n}}, rule: ruleSignature, strength: strengths[ruleSignature], order: s.order},
				candidate{key: "issue_date", parts: []span{{s, n, len(s.text)}}, rule: ruleSignature, strength: strengths[ruleSignature], order: s.order})
			return r.known(out)
		}
		m := dateOnly.FindStringSubmatch(string(s.text))
		if m == nil || r.valueOfOther(i) {
			continue
		}
		from := len([]rune(m[1])) // 日　期 with specks between
		out = append(out, candidate{key: "issue_date", parts: []span{{s, from, len(s.text)}}, rule: ruleSignature, strength: strengths[ruleSignature] - 0.02*float64(from), order: s.order})
		if a := r.signer(s); a != nil {
			out = append(out, candidate{key: "issuer", parts: []span{{a, 0, len(a.text)}}, rule: ruleSignature, strength: strengths[ruleSignature], order: a.order})
		}
		return r.known(out)
	}
	return nil
}

// valueOfOther reports a date that stands beside a label of another field.
func (r reply) valueOfOther(i int) bool {
	s := r.sheet.segs[i]
	for _, h := range r.grid.hits {
		if !h.bare() || h.seg.page != s.page || h.seg.panel != s.panel || overlap(h.seg, s) < 0.4 || h.seg.box[0] > s.box[0] {
			continue
		}
		return !slices.ContainsFunc(h.uses, func(u use) bool { return u.key == "issue_date" })
	}
	return false
}

// signer is the nearest line above a date that names an authority.
func (r reply) signer(date *segment) *segment {
	var best *segment
	for _, t := range r.sheet.segs {
		if t.page != date.page || t.panel != date.panel || t == date {
			continue
		}
		gap := date.box[1] - t.box[3]
		if gap < -0.5*date.height() || gap > 3.5*date.height() && date.box.Height() > 0 {
			continue
		}
		if date.box.Height() <= 0 && (t.order >= date.order || date.order-t.order > 2) {
			continue
		}
		name := string(t.text)
		if h := r.grid.labelOf[t]; h != nil && !h.bare() || !issuerRe.MatchString(name) || len(t.text) > 32 || len(t.text) < 4 || strings.ContainsAny(name, ",。;:") {
			continue
		}
		if best == nil || t.box[3] > best.box[3] || t.box[3] == best.box[3] && t.order > best.order {
			best = t
		}
	}
	return best
}

// header is the authority whose name stands above the title: 长沙市生态环境局文件.
func (r reply) header() []candidate {
	segs := r.first()
	for _, s := range segs[:min(len(segs), 4)] {
		name := string(s.text)
		end := len(s.text)
		if m := sealMark.FindString(name); m != "" {
			end -= len([]rune(m))
		}
		name = string(s.text[:end])
		if r.grid.labelOf[s] != nil || !issuerRe.MatchString(name) || !r.units(name) || len(name) > 90 || titleHead.MatchString(name) {
			continue
		}
		return r.known([]candidate{{key: "issuer", parts: []span{{s, 0, end}}, rule: ruleHeader, strength: strengths[ruleHeader], order: s.order}})
	}
	return nil
}

// known keeps the candidates of fields the type has.
func (r reply) known(list []candidate) []candidate {
	return slices.DeleteFunc(list, func(c candidate) bool { _, ok := r.typ.Field(c.key); return !ok })
}
