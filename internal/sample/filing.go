package sample

import "fmt"

// filingCert draws 企业投资项目备案证明.
func filingCert(p Project, d dice) Document {
	var doc Document
	title := pick(d, []string{"企业投资项目备案证明", "湖南省企业投资项目备案证明", p.Name + "备案证明"})
	issuer := p.districtOffice(pick(d, []string{"发展和改革局", "行政审批服务局"}))
	n := newNotice(d, &doc, noticeHead{title: title})
	if d.chance(0.5) {
		n.sheet().add(QR{X: 168, Y: 12, Side: 22, Content: p.Code})
	}
	scale := fmt.Sprintf("项目用地面积%s平方米，总建筑面积%s平方米，主要建设%d栋%s、地下停车场及室外配套工程", number(p.LandArea), number(p.FloorArea), p.Buildings, p.Use)
	investment := fmt.Sprint(p.Investment)
	doc.set("total_investment", investment, investment+"万元")
	n.para(fmt.Sprintf("%s已于%s在湖南省投资项目在线审批监管平台备案，项目代码：%s，主要内容如下：", p.Name, paperDate(p.Dates.Filing), p.Code))
	n.y += 3
	n.pairTable(46, 12, []pair{
		{"项目代码", doc.same("project_code", p.Code), "project_code"},
		{"项目单位", doc.same("builder", p.Builder.Name), "builder"},
		{"统一社会信用代码", doc.same("builder_uscc", p.Builder.USCC), "builder_uscc"},
		{"项目名称", doc.same("project_name", p.Name), "project_name"},
		{"建设地点", doc.same("location", p.Location), "location"},
		{"建设性质", p.Nature, ""},
		{"主要建设规模及内容", doc.same("scale_and_content", scale), "scale_and_content"},
		{"项目总投资", investment + "万元", "total_investment"},
		{"资金来源", "企业自筹及银行贷款", ""},
		{"项目单位声明", "本单位承诺备案信息真实、合法、完整，项目符合国家产业政策，并对所填信息承担法律责任。", ""},
	})
	n.y += 5
	n.flow.sign(d, &doc, signature{issuer: issuer, day: p.Dates.Filing})
	note := "注：备案信息由项目单位通过在线平台告知，本证明不作为项目开工建设的依据。"
	n.sheet().left(n.x, 272, style{Serif, pt9, Black, 0}, note, "")
	return n.finish()
}
