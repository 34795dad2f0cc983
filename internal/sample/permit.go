package sample

import "fmt"

// constructionPermit draws 建筑工程施工许可证.
func constructionPermit(p Project, d dice) Document {
	doc := Document{Title: "中华人民共和国建筑工程施工许可证"}
	c := newCertificate(d, certificateRed)
	c.heading("建筑工程施工许可证", doc.same("doc_no", p.Numbers.Permit), "doc_no")
	c.statement(128, "根据《中华人民共和国建筑法》第八条规定，经审查，本建筑工程符合施工条件，准予施工。", "特发此证")
	c.sign(&doc, "发证机关", "日期", p.districtOffice("住房和城乡建设局"), p.Dates.Permit)
	if d.chance(0.6) {
		c.s.add(QR{X: 28, Y: 236, Side: 36, Content: "https://zjt.example.invalid/sgxk/" + p.Numbers.Permit})
	}
	table := permitTable
	if d.chance(0.2) {
		table = oldPermitTable
	}
	bottom := table(c, p, &doc)
	c.notes(max(bottom+4, 172), "注意事项", []string{
		"一、本证放置施工现场，作为准予施工的凭证。",
		"二、未经发证机关许可，本证的各项内容不得变更。",
		"三、建设行政主管部门可以对本证进行查验。",
		"四、本证自核发之日起三个月内应予施工，逾期应办理延期手续，不办理延期或延期次数、时间超过法定时间的，本证自行废止。",
		"五、凡未取得本证擅自施工的属违法建设，将按《中华人民共和国建筑法》的规定予以处罚。",
	})
	doc.Pages = asScanned(d, c.s.page)
	return doc
}

// scaleAndPrice records what both forms of the table print.
func scaleAndPrice(c *certificate, p Project, doc *Document) (scale, price pair) {
	doc.same("scale", number(p.FloorArea)+c.areaUnit())
	doc.set("contract_price", number(p.ContractPrice), number(p.ContractPrice)+"万元")
	return pair{"建设规模", doc.Truth.Raw["scale"], "scale"}, pair{"合同价格", doc.Truth.Raw["contract_price"], "contract_price"}
}

// oldPermitTable sets the table of the form before 2018, still met on
// extensions: fewer parties, dates instead of a period.
func oldPermitTable(c *certificate, p Project, doc *Document) float64 {
	scale, price := scaleAndPrice(c, p, doc)
	end := p.Dates.Start.AddDate(0, 0, p.ContractDays)
	doc.set("contract_start", isoDate(p.Dates.Start), paperDate(p.Dates.Start))
	doc.set("contract_end", isoDate(end), paperDate(end))
	return c.rows(24, 12.5, []pair{
		{"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"工程名称", doc.same("project_name", p.Works), "project_name"},
		{"建设地址", doc.same("location", p.Location), "location"},
		scale, price,
		{"设计单位", doc.same("design_unit", p.Design.Name), "design_unit"},
		{"施工单位", doc.same("construction_unit", p.Construction.Name), "construction_unit"},
		{"监理单位", doc.same("supervision_unit", p.Supervision.Name), "supervision_unit"},
		{"合同开工日期", paperDate(p.Dates.Start), "contract_start"},
		{"合同竣工日期", paperDate(end), "contract_end"},
		{"备注", doc.same("remarks", "项目代码："+p.Code), "remarks"},
	})
}

// permitTable sets the table of the form in use since 2018 and returns its foot.
func permitTable(c *certificate, p Project, doc *Document) float64 {
	scale, price := scaleAndPrice(c, p, doc)
	doc.set("contract_period", fmt.Sprintf("%d日历天", p.ContractDays), fmt.Sprintf("%d日历天", p.ContractDays))
	y := c.rows(24, 10.5, []pair{
		{"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"工程名称", doc.same("project_name", p.Works), "project_name"},
		{"建设地址", doc.same("location", p.Location), "location"},
		scale, price,
		{"勘察单位", doc.same("survey_unit", p.Survey.Name), "survey_unit"},
		{"设计单位", doc.same("design_unit", p.Design.Name), "design_unit"},
		{"施工单位", doc.same("construction_unit", p.Construction.Name), "construction_unit"},
		{"监理单位", doc.same("supervision_unit", p.Supervision.Name), "supervision_unit"},
		{"工程总承包单位", "/", ""},
	})
	g := &grid{s: c.s, x: panelX, y: y, line: 0.35, ink: c.accent, pad: 1.6}
	st := style{Serif, pt12, Black, 0}
	two := func(l1, v1, f1, l2, v2, f2 string) {
		small := style{Serif, 10.5, Black, 0}
		g.row(9.5, cell{l1, "", 47, small, alignCentre}, cell{v1, f1, 36, st, alignCentre},
			cell{l2, "", 47, small, alignCentre}, cell{v2, f2, 36, st, alignCentre})
	}
	two("勘察单位项目负责人", doc.same("survey_leader", p.SurveyLeader), "survey_leader",
		"设计单位项目负责人", doc.same("design_leader", p.DesignLeader), "design_leader")
	two("施工单位项目负责人", doc.same("construction_leader", p.ConstructionLeader), "construction_leader",
		"总监理工程师", doc.same("chief_supervisor", p.ChiefSupervisor), "chief_supervisor")
	two("工程总承包单位项目经理", "/", "", "合同工期", doc.Truth.Raw["contract_period"], "contract_period")
	remark := doc.same("remarks", "项目代码："+p.Code)
	g.row(9.5, cell{"备注", "", 47, st, alignCentre}, cell{remark, "remarks", panelW - 47, style{Serif, 10.5, Black, 0}, alignLeft})
	return g.y
}

// areaUnit is how this document writes square metres.
func (c *certificate) areaUnit() string { return pick(c.d, []string{"平方米", "平方米", "㎡"}) }
