package sample

import (
	"fmt"
	"time"
)

// lesser describes a result type of which only the minimal definition is known:
// a title, an agency, a few values of its own.
type lesser struct {
	kind   string
	base   lesserBase
	title  string // %s stands for the project's name
	office string
	agency string // letters of the document number after the city's
	number string // format of the number with city letter, year, serial; "" for 〔年〕号
	when   func(Dates) time.Time
	body   string // what is decided; %s stands for the project's name
	extras []extra
}

// lesserBase is the layout of a lesser type.
type lesserBase uint8

const (
	baseReply  lesserBase = iota // GB/T 9704 letter
	baseLetter                   // plain letter with values as lines
	baseForm                     // table
)

// extra is a value beyond the common ones.
type extra struct {
	key, label string
	value      func(p Project, d dice, day time.Time) (value, raw string)
}

func (l lesser) maker() maker {
	return maker{l.kind, l.kind, func(p Project, d dice) Document { return l.draw(p, d) }}
}

func (l lesser) draw(p Project, d dice) Document {
	var doc Document
	day := l.when(p.Dates)
	issuer := p.cityOffice(l.office)
	no := replyNo(p.place.short+l.agency, day.Year(), d.between(3, 300))
	if l.number != "" {
		no = fmt.Sprintf(l.number, p.place.short, day.Year(), d.between(1, 900))
	}
	doc.same("doc_no", no)
	doc.same("builder", p.Builder.Name)
	doc.same("project_name", p.Name)
	var pairs []pair
	for _, e := range l.extras {
		value, raw := e.value(p, d, day)
		doc.set(e.key, value, raw)
		pairs = append(pairs, pair{e.label, raw, e.key})
	}
	title, body := named(l.title, p.Name), named(l.body, p.Name)
	if l.base == baseReply {
		return l.reply(p, d, &doc, issuer, title, body, pairs, day)
	}
	n := newNotice(d, &doc, noticeHead{header: orEmpty(l.base == baseLetter, issuer), title: title, number: no, numberField: "doc_no", numberRight: l.base == baseForm})
	if l.base == baseLetter {
		n.salutation(p.Builder.Name)
		n.para("你单位报来的" + p.Name + "有关材料收悉。" + body)
		n.item("工程名称", p.Name, "project_name")
		n.item("工程地点", p.Location, "")
		for _, x := range pairs {
			n.item(x.label, x.value, x.field)
		}
		n.para("请按照有关规定和本文件要求组织实施，如有变更应当重新办理。")
	} else {
		rows := append([]pair{{"建设单位", p.Builder.Name, "builder"}, {"工程名称", p.Name, "project_name"}, {"工程地点", p.Location, ""}}, pairs...)
		n.pairTable(48, 13, append(rows, pair{"审批意见", body, ""}))
		n.y += 5
	}
	n.flow.sign(d, &doc, signature{issuer: issuer, day: day})
	return n.finish()
}

func (l lesser) reply(p Project, d dice, doc *Document, issuer, title, body string, pairs []pair, day time.Time) Document {
	r := newReply(p, d, doc, replyHead{issuer: issuer, docNo: doc.Truth.Fields["doc_no"], numberField: "doc_no", title: title, addressee: p.Builder.Name})
	r.para(fmt.Sprintf("你单位报来的关于%s的申请及有关材料收悉。%s", p.Name, body))
	for i, x := range pairs {
		r.item(smallNumber(i+1)+"、"+x.label, x.value, x.field)
	}
	r.para(fmt.Sprintf("项目位于%s，用地面积%s平方米，总建筑面积%s平方米。请你单位严格按照批准的内容组织实施，不得擅自变更；确需变更的，应当按程序重新报批。", p.Location, number(p.LandArea), number(p.FloorArea)))
	r.para("各有关部门应当加强事中事后监管，督促建设单位落实各项要求。")
	r.sign(issuer, day)
	r.close([]string{"抄送：" + joinHan(p.cityOffice("人民政府办公室"), p.cityOffice("住房和城乡建设局")) + "。"}, issuer+"办公室", day)
	return r.finish()
}

// named puts the project's name where the format asks for it.
func named(format, project string) string {
	if n := countVerbs(format); n == 1 {
		return fmt.Sprintf(format, project)
	}
	return format
}

func countVerbs(format string) int {
	n := 0
	for i := range len(format) - 1 {
		if format[i] == '%' && format[i+1] == 's' {
			n++
		}
	}
	return n
}
