package sample

import (
	"fmt"
	"time"
)

// idCard draws a copy of both sides of an identity card on A4. The number is
// valid and never issued (region 430000, sequence 000); the portrait is an oval.
func idCard(p Project, d dice) Document {
	doc := Document{Title: "中华人民共和国居民身份证"}
	s := a4()
	o := p.Builder
	s.idFront(62, 50, o, d)
	s.idBack(62, 140, p)
	s.left(62, 215, style{Serif, pt12, Black, 0}, "仅供办理工程建设项目审批使用", "")
	doc.Pages = []Page{s.page}
	return doc
}

func (s *sheet) idFront(x, y float64, o Organisation, d dice) {
	s.add(Rule{x, y, 85.6, 54, Ink{R: 225, G: 236, B: 244, A: 255}})
	s.frame(x, y, 85.6, 54, 0.3, Grey)
	label, value := style{Sans, pt9, Blue, 0}, style{Sans, pt105, Black, 0}
	lines := []pair{{"姓名", o.Legal, ""}, {"性别", "男    民族  汉", ""}, {"出生", o.LegalBorn.Format("2006 年 1 月 2 日"), ""}, {"住址", "湖南省" + pick(d, []string{"长沙市", "株洲市", "湘潭市"}) + pick(d, streets) + "12号", ""}}
	for i, l := range lines {
		s.left(x+5, y+6+float64(i)*8, label, l.label, "")
		s.left(x+14, y+5.6+float64(i)*8, value, l.value, "")
	}
	s.left(x+5, y+45, label, "公民身份号码", "")
	s.left(x+30, y+44.4, style{Sans, pt12, Black, 0.08}, citizenID(o.LegalBorn), "")
	var face path
	face.addEllipse(x+70, y+17, 7, 9, false)
	face.addEllipse(x+70, y+34, 11, 6.5, false)
	s.add(Shape{face, Grey})
}

func (s *sheet) idBack(x, y float64, p Project) {
	s.add(Rule{x, y, 85.6, 54, Ink{R: 225, G: 236, B: 244, A: 255}})
	s.frame(x, y, 85.6, 54, 0.3, Grey)
	s.add(Emblem{CX: x + 14, CY: y + 14, R: 9})
	s.centre(x+25, x+82, y+7, style{SerifBold, pt14, Black, 0.15}, "中华人民共和国", "")
	s.centre(x+25, x+82, y+15, style{SerifBold, pt18, Black, 0.3}, "居民身份证", "")
	st := style{Sans, pt9, Black, 0}
	s.left(x+20, y+36, st, "签发机关  "+p.place.long()+"公安局", "")
	from := time.Date(2016, 3, 15, 0, 0, 0, 0, time.UTC)
	s.left(x+20, y+44, st, fmt.Sprintf("有效期限  %s-%s", from.Format("2006.01.02"), from.AddDate(20, 0, 0).Format("2006.01.02")), "")
}
