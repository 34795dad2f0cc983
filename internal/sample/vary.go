package sample

import (
	"strings"
	"time"
)

// Vary returns the document as another office might have printed it: other
// labels for the same values, other forms of dates, areas and brackets, another
// face for values, the print a little off its place. Truth.Fields stays (compare
// it without regard to the width of brackets); Raw follows the print. Make draws the forms as published, Vary keeps a reader from
// learning them by heart.
func Vary(d Document, seed uint64) Document {
	v := varier{newDice(seed, "vary "+d.Kind), &d}
	raw := make(map[string]string, len(d.Truth.Raw))
	for k, s := range d.Truth.Raw {
		raw[k] = s
	}
	d.Truth.Raw = raw
	dx, dy := v.NormFloat64()*1.2, v.NormFloat64()*1.2
	swap := v.chance(0.4)
	pages := make([]Page, len(d.Pages))
	for i, p := range d.Pages {
		pages[i] = Page{Width: p.Width, Height: p.Height, Marks: make([]Mark, len(p.Marks))}
		for k, m := range p.Marks {
			if t, ok := m.(Text); ok {
				m = v.text(t, swap)
			}
			pages[i].Marks[k] = shifted(m, dx, dy)
		}
	}
	d.Pages = pages
	return d
}

type varier struct {
	dice
	doc *Document
}

// otherLabels are labels that offices use for the same thing.
var otherLabels = map[string][]string{
	"建设单位":      {"建设单位名称", "申请单位"},
	"建设单位名称":    {"建设单位"},
	"项目名称":      {"建设项目名称", "工程名称"},
	"建设项目名称":    {"项目名称"},
	"建设地点":      {"建设地址", "建设位置"},
	"建设地址":      {"建设地点"},
	"建设位置":      {"建设地址"},
	"项目代码":      {"投资项目代码", "项目统一代码"},
	"发证机关":      {"核发机关"},
	"项目总投资":     {"总投资"},
	"建筑面积":      {"总建筑面积"},
	"主要建设规模及内容": {"建设规模及内容"},
}

// text reprints one run. What grows too wide is set smaller.
func (v varier) text(t Text, swap bool) Text {
	width := t.Width()
	before := t.String
	switch {
	case t.Field == "":
		t.String = v.label(t.String)
	case t.Field == "title" || t.Field == "conclusion":
	default:
		t.String = v.value(t)
		if swap && t.Face == Serif {
			t.Face = Sans
		}
	}
	if t.String != before && t.Tracking > t.Size*0.1 { // a spread label: spread the new one
		t.Tracking = 0
		if n := len([]rune(t.String)); n > 1 && t.Width() < width {
			t.Tracking = (width - t.Width()) / float64(n-1)
		}
	}
	if now := t.Width(); now > width {
		t.Size, t.Tracking = t.Size*width/now, t.Tracking*width/now
	}
	return t
}

func (v varier) label(s string) string {
	name, colon := strings.CutSuffix(s, "：")
	if others := otherLabels[name]; others != nil && v.chance(0.35) {
		name = pick(v.dice, others)
	}
	if colon {
		name += pick(v.dice, []string{"：", "：", ":"})
	}
	return name
}

// value reprints a value in another form and keeps the raw truth in step.
func (v varier) value(t Text) string {
	s := t.String
	normal := v.doc.Truth.Fields[t.Field]
	if day, err := time.Parse(time.DateOnly, normal); err == nil && s == paperDate(day) {
		s = v.date(day)
	} else if s == normal+"平方米" { // a bare number: a text such as 建设规模 is its own truth
		s = v.area(normal)
	} else if v.chance(0.25) {
		s = strings.NewReplacer("（", "(", "）", ")").Replace(s)
	}
	if strings.Contains(s, "〔") && v.chance(0.3) {
		s = strings.NewReplacer("〔", "[", "〕", "]").Replace(s)
	}
	if v.doc.Truth.Raw[t.Field] == t.String {
		v.doc.Truth.Raw[t.Field] = s
	}
	return s
}

func (v varier) date(day time.Time) string {
	return pick(v.dice, []string{paperDate(day), hanziDate(day), day.Format("2006-01-02"), day.Format("2006.1.2"), day.Format("2006 年 1 月 2 日"), day.Format("2006年01月02日")})
}

func (v varier) area(n string) string {
	return pick(v.dice, []string{n + "平方米", n + "㎡", n + "m²", n + " 平方米", thousands(n) + "平方米"})
}

// thousands sets commas, 46,236.01.
func thousands(n string) string {
	whole, rest, dot := strings.Cut(n, ".")
	for _, r := range whole {
		if r < '0' || r > '9' {
			return n
		}
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + rest
	}
	return whole
}

// shifted moves a mark by dx, dy.
func shifted(m Mark, dx, dy float64) Mark {
	m = moved(m, 1, dx)
	switch m := m.(type) {
	case Text:
		m.Y += dy
		return m
	case Rule:
		m.Y += dy
		return m
	case Shape:
		return Shape{m.Path.transform(affine{a: 1, d: 1, f: dy}), m.Ink}
	case Seal:
		m.CY += dy
		return m
	case QR:
		m.Y += dy
		return m
	case Emblem:
		m.CY += dy
		return m
	case Guilloche:
		m.Y += dy
		return m
	}
	return m
}
