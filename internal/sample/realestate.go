package sample

import (
	"fmt"
	"strings"
)

// realEstateCert draws 不动产权证书, a booklet of 260 × 185 mm: cover and
// statement, content with remarks, plan of the parcel.
func realEstateCert(p Project, d dice) Document {
	doc := Document{Title: "中华人民共和国不动产权证书"}
	doc.Pages = []Page{realEstateCover(p, d, &doc), realEstateContent(p, d, &doc), realEstatePlan(p, d)}
	return doc
}

const bookWidth, bookHeight = 260.0, 185.0

func realEstateCover(p Project, d dice, doc *Document) Page {
	s := newSheet(bookWidth, bookHeight)
	cover := Ink{R: 128, G: 20, B: 32, A: 255}
	s.add(Rule{130, 0, 130, bookHeight, cover})
	s.add(Emblem{CX: 195, CY: 50, R: 16})
	st := style{Serif, pt14, Black, 0}
	s.paragraph(para{x: 18, y: 32, w: 98, st: st, indent: 2, leading: 9.5}, "根据《中华人民共和国民法典》等法律法规，为保护不动产权利人合法权益，对不动产权利人申请登记的本证所列不动产权利，经审查核实，准予登记，颁发此证。")
	issuer, day := p.cityOffice("自然资源和规划局"), paperDate(p.Dates.RealEstate)
	s.left(44, 112, st, "登记机构（章）", "")
	s.left(24, 122, st.fit(issuer, 90), issuer, "issuer")
	s.left(56, 134, st, day, "issue_date")
	s.add(officeSeal(d, 76, 124, issuer, "不动产登记专用章"))
	doc.same("issuer", issuer)
	doc.set("issue_date", isoDate(p.Dates.RealEstate), day)
	small := style{Serif, pt12, Black, 0}
	s.left(18, 158, small, "中华人民共和国自然资源部监制", "")
	s.left(18, 167, small, fmt.Sprintf("编号№ 43%09d", d.IntN(999999999)), "")
	s.centre(140, 250, 84, style{SerifBold, pt22, Gold, 0.2}, "中华人民共和国", "") // the right half is read last
	s.centre(140, 250, 106, style{SerifBold, 34, Gold, 0.1}, "不动产权证书", "")
	return s.page
}

func realEstateContent(p Project, d dice, doc *Document) Page {
	s := newSheet(bookWidth, bookHeight)
	s.add(Guilloche{X: 6, Y: 6, W: bookWidth - 12, H: bookHeight - 12, Ink: certificateRed.faint(26), Phase: d.Float64()})
	s.left(16, 10, style{Serif, pt12, Black, 0}, doc.same("doc_no", p.Numbers.RealEstate), "doc_no")
	unit := p.UnitNo
	doc.set("unit_no", strings.ReplaceAll(unit, " ", ""), unit)
	area := number(p.LandArea)
	doc.set("land_area", area, "宗地面积"+area+"㎡")
	start := p.Dates.LandContract
	years := 40 + 10*d.IntN(4)
	term := fmt.Sprintf("国有建设用地使用权 %s起%s止", paperDate(start), paperDate(start.AddDate(years, 0, -1)))
	g := &grid{s: s, x: 14, y: 18, line: 0.3, ink: Black, pad: 1.8}
	st := style{Serif, pt12, Black, 0}
	for _, r := range []pair{
		{"权利人", doc.same("builder", p.Builder.Name), "builder"},
		{"共有情况", doc.same("co_ownership", "单独所有"), "co_ownership"},
		{"坐落", doc.same("location", p.Location), "location"},
		{"不动产单元号", unit, "unit_no"},
		{"权利类型", doc.same("right_type", "国有建设用地使用权"), "right_type"},
		{"权利性质", doc.same("right_nature", p.LandMode), "right_nature"},
		{"用途", doc.same("land_use", p.LandUse), "land_use"},
		{"面积", "宗地面积" + area + "㎡", "land_area"},
		{"使用期限", doc.same("use_term", term), "use_term"},
	} {
		g.row(13, cell{r.label, "", 30, st, alignSpread}, cell{r.value, r.field, 80, st, alignLeft})
	}
	s.frame(14, g.y, 110, 178-g.y, 0.3, Black)
	s.left(16, g.y+3, st, "权利其他状况", "")
	s.left(48, g.y+3, style{Serif, pt105, Black, 0}, "宗地编号："+p.Parcel, "")
	s.centre(136, 246, 12, style{Serif, pt16, Black, 1}, "附记", "")
	s.frame(136, 22, 110, 156, 0.3, Black)
	s.paragraph(para{x: 140, y: 28, w: 102, st: st, leading: 7.5}, "业务编号："+p.Dates.RealEstate.Format("20060102")+fmt.Sprintf("%04d", d.IntN(9999)))
	s.paragraph(para{x: 140, y: 38, w: 102, st: st, leading: 7.5}, "本宗地由"+p.Builder.Name+"依法以"+p.LandMode+"方式取得，开工、竣工期限按土地供应文件执行。")
	return s.page
}

// realEstatePlan draws 宗地图: the parcel with its corners and neighbours.
func realEstatePlan(p Project, d dice) Page {
	s := newSheet(bookWidth, bookHeight)
	s.centre(20, 240, 10, style{Serif, pt16, Black, 0.6}, "宗地图", "")
	s.frame(20, 22, 220, 146, 0.4, Black)
	corners := []point{{70, 50}, {180, 44}, {192, 130}, {64, 138}}
	for i := range corners {
		corners[i].x += d.NormFloat64() * 5
		corners[i].y += d.NormFloat64() * 4
	}
	var line path
	line.addStroke(append(corners, corners[0]), 0.6)
	s.add(Shape{line, Red})
	st := style{Sans, pt9, Black, 0}
	for i, c := range corners {
		var dot path
		dot.addEllipse(c.x, c.y, 1, 1, false)
		s.add(Shape{dot, Red})
		s.left(c.x+1.8, c.y-4, st, fmt.Sprintf("J%d", i+1), "")
	}
	s.left(105, 84, style{Serif, pt12, Black, 0}, number(p.LandArea)+"㎡", "")
	s.left(98, 92, style{Serif, pt12, Black, 0}, p.LandUse, "")
	s.left(214, 28, style{Sans, pt14, Black, 0}, "北", "")
	s.left(24, 161, st, "1:1000  2000国家大地坐标系", "")
	s.right(236, 161, st, "绘图日期："+paperDate(p.Dates.RealEstate), "")
	return s.page
}
