package sample

import "fmt"

// businessLicence draws 营业执照（副本）of the builder, form of 2019.
func businessLicence(p Project, d dice) Document { return licenceOf(p, d, companyOf(p)) }

// companyOf is the builder if it is a company; a public institution has no
// business licence, so its contractor's is drawn.
func companyOf(p Project) Organisation {
	if p.Builder.Public {
		return p.Construction
	}
	return p.Builder
}

func licenceOf(p Project, d dice, o Organisation) Document {
	doc := Document{Title: "营业执照"}
	s := newSheet(297, 210)
	frame := Ink{R: 190, G: 150, B: 80, A: 255}
	s.add(Guilloche{X: 14, Y: 14, W: 269, H: 182, Ink: Gold.faint(40), Phase: d.Float64()})
	s.frame(9, 9, 279, 192, 1.4, frame)
	s.frame(12, 12, 273, 186, 0.4, frame)
	s.add(Emblem{CX: 148.5, CY: 34, R: 13})
	st := style{Serif, pt12, Black, 0}
	s.left(24, 30, st, "统一社会信用代码", "")
	s.left(24, 37, style{Sans, pt14, Black, 0.02}, doc.same("uscc", o.USCC), "uscc")
	s.centre(100, 197, 52, style{SerifBold, 40, Black, 0.5}, "营业执照", "")
	s.centre(100, 197, 69, style{Serif, pt14, Black, 0}, "（副　本）", "")
	s.add(QR{X: 238, Y: 22, Side: 24, Content: "http://www.gsxt.example.invalid/" + o.USCC})
	s.left(230, 49, style{Serif, pt9, Black, 0}, "扫描二维码登录", "")
	s.left(230, 53.5, style{Serif, pt9, Black, 0}, "“国家企业信用信息公示系统”", "")

	kind := doc.same("company_type", pick(d, []string{"有限责任公司（自然人投资或控股）", "有限责任公司（国有独资）", "其他有限责任公司"}))
	capital := doc.same("registered_capital", fmt.Sprintf("人民币%d万元整", o.Capital))
	doc.set("established", isoDate(o.Established), paperDate(o.Established))
	left := []pair{
		{"名称", doc.same("name", o.Name), "name"},
		{"类型", kind, "company_type"},
		{"法定代表人", doc.same("legal_representative", o.Legal), "legal_representative"},
		{"经营范围", "房地产开发经营；建设工程施工；工程管理服务；物业管理；非居住房地产租赁。（依法须经批准的项目，经相关部门批准后方可开展经营活动）", ""},
	}
	right := []pair{
		{"注册资本", capital, "registered_capital"},
		{"成立日期", paperDate(o.Established), "established"},
	}
	if d.chance(0.6) {
		right = append(right, pair{"营业期限", doc.same("business_term", pick(d, []string{"长期", paperDate(o.Established) + "至" + paperDate(o.Established.AddDate(30, 0, 0))})), "business_term"})
	}
	right = append(right, pair{"住所", doc.same("address", o.Address), "address"})
	s.licenceColumn(26, 84, 126, left)
	s.licenceColumn(158, 84, 116, right)

	issuer := p.cityOffice("市场监督管理局")
	day := o.Established.AddDate(1, 2, 3)
	s.left(168, 158, style{Serif, pt14, Black, 0}, "登记机关", "")
	s.left(192, 158, style{Serif, pt14, Black, 0}.fit(issuer, 84), issuer, "issuer")
	s.left(208, 172, style{Serif, pt14, Black, 0}, paperDate(day), "issue_date")
	s.add(officeSeal(d, 226, 164, issuer, ""))
	doc.same("issuer", issuer)
	doc.set("issue_date", isoDate(day), paperDate(day))
	foot := style{Serif, pt9, Black, 0}
	s.left(20, 189, foot, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", "")
	s.left(118, 189, foot, "市场主体应当于每年1月1日至6月30日报送公示年度报告", "")
	s.right(276, 189, foot, "国家市场监督管理总局监制", "")
	doc.Pages = []Page{s.page}
	return doc
}

// licenceColumn sets spread labels with values that wrap beside them.
func (s *sheet) licenceColumn(x, y, w float64, pairs []pair) {
	label, value := style{Sans, pt12, Black, 0}, style{Serif, pt12, Black, 0}
	for _, p := range pairs {
		s.spread(x, y, 24, label, p.label)
		end := s.paragraph(para{x: x + 29, y: y, w: w - 29, st: value, leading: 6.2, field: p.field}, p.value)
		y = max(end, y+6) + 5
	}
}
