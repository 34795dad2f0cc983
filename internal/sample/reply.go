package sample

import (
	"strings"
	"time"
)

// reply is an official letter of GB/T 9704-2012: red heading, number, red line,
// title, body, signature under a round seal, and the record of copies.
type reply struct {
	*flow
	d   dice
	doc *Document
	p   Project
}

// replyHead is what stands above the body.
type replyHead struct {
	issuer, docNo, title, addressee string
	numberField                     string // "doc_no"
	titleField                      string // "title" where the type has one
	secrecy                         string // 机密★10年, "" for none
	copyNo                          string // 份号, on classified papers
	urgency                         string
}

func newReply(p Project, d dice, doc *Document, h replyHead) *reply {
	r := &reply{flow: newFlow(), d: d, doc: doc, p: p}
	doc.Title = h.title
	s := r.sheet()
	if d.chance(0.25) {
		r.letterhead(s, h)
		r.marking(57, h) // below the double line (GB/T 9704, 10.1)
	} else {
		r.marking(r.top, h)
		r.heading(s, h)
	}
	r.y += 14
	r.y = s.centreLines(r.x+6, r.x+r.w-6, r.y, style{SerifBold, pt22, Black, 0}, 12.4, afterName(h.title, p.Name), h.titleField) + 4
	if h.addressee != "" {
		r.addressee(h.addressee)
	}
	return r
}

// marking sets copy number, secrecy and urgency at the top left (7.2.1–7.2.3).
func (r *reply) marking(y float64, h replyHead) {
	st := style{Sans, pt16, Black, 0}
	for _, line := range []string{h.copyNo, h.secrecy, h.urgency} {
		if line != "" {
			r.sheet().left(r.x, y, st, line, "")
			y += 8.5
		}
	}
	r.doc.Truth.Secrecy = h.secrecy
}

// heading is the form with 文件: name in red, number below, red line.
func (r *reply) heading(s *sheet, h replyHead) {
	name := h.issuer
	if r.d.chance(0.6) {
		name += "文件"
	}
	s.centre(r.x, r.x+r.w, 66, style{SerifBold, 44, Red, 0.08}, name, "")
	s.centre(r.x, r.x+r.w, 96, style{Serif, pt16, Black, 0}, h.docNo, h.numberField)
	s.hline(r.x, r.x+r.w, 107, 0.7, Red)
	r.y = 107
}

// letterhead is the letter form (信函格式): name, double red line, number at the right.
func (r *reply) letterhead(s *sheet, h replyHead) {
	s.centre(20, 190, 30, style{SerifBold, 40, Red, 0.06}, h.issuer, "")
	s.hline(20, 190, 51, 1.1, Red)
	s.hline(20, 190, 52.6, 0.35, Red)
	s.right(r.x+r.w, 57, style{Serif, pt16, Black, 0}, h.docNo, h.numberField)
	s.hline(20, 190, 276, 0.35, Red)
	s.hline(20, 190, 277.6, 1.1, Red)
	r.y = 66
	r.folio = func(s *sheet, page int) {
		if page > 1 {
			officialFolio(s, page)
		}
	}
}

// addressee sets who the letter is to, from the left edge, with a colon.
func (r *reply) addressee(name string) {
	st := r.body
	r.sheet().left(r.x, r.y, st, name+"：", "builder")
	r.y += r.leading
}

// section sets 一、… in 黑体.
func (r *reply) section(text string) {
	r.set(text, "", 2, style{Sans, pt16, Black, 0})
}

// close sets the remark （此件公开）and the record of copies at the foot.
func (r *reply) close(copies []string, office string, day time.Time) {
	r.y += 4
	if r.y+10 < 225 {
		r.sheet().left(r.x+2*r.body.em(), r.y+6, r.body, "（此件主动公开）", "")
	} else {
		r.newPage()
	}
	s := r.sheet()
	st := style{Serif, pt14, Black, 0}
	y := 262.0 - 8.4*float64(1+len(copies))
	s.hline(r.x, r.x+r.w, y, 0.35, Black)
	for _, c := range copies {
		s.left(r.x+st.em(), y+1.8, st.fit(c, r.w-2*st.em()), c, "")
		y += 8.4
		s.hline(r.x, r.x+r.w, y, 0.25, Black)
	}
	s.left(r.x+st.em(), y+1.8, st, office, "")
	s.right(r.x+r.w-st.em(), y+1.8, st, paperDate(day)+"印发", "")
	s.hline(r.x, r.x+r.w, y+8.4, 0.35, Black)
}

// finish hands the pages to the document.
func (r *reply) finish() Document {
	r.doc.Pages = r.pages()
	return *r.doc
}

// aboutTitle is 关于…的批复 with the issuer's name in front, as titles are set.
func aboutTitle(d dice, issuer, matter string) string {
	if d.chance(0.35) {
		return issuer + "关于" + matter
	}
	return "关于" + matter
}

// joinHan joins with the enumeration comma.
func joinHan(words ...string) string { return strings.Join(words, "、") }
