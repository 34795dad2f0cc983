package sample

import "fmt"

// landUsePermit draws 建设用地规划许可证.
func landUsePermit(p Project, d dice) Document {
	doc := Document{Title: "中华人民共和国建设用地规划许可证"}
	c := newCertificate(d, certificateGreen)
	c.noRule = true
	issuer := p.cityOffice("自然资源和规划局")
	c.heading("建设用地规划许可证", doc.same("doc_no", p.Numbers.LandUse), "doc_no")
	c.statement(128, "根据《中华人民共和国土地管理法》《中华人民共和国城乡规划法》和国家有关规定，经审核，本建设用地符合国土空间规划和用途管制要求，颁发此证。", "")
	c.sign(&doc, "发证机关", "日期", issuer, p.Dates.LandUse)
	approval := replyNo("湘政地", p.Dates.LandContract.Year(), 100+d.IntN(800))
	unit := c.areaUnit()
	doc.set("land_area", number(p.LandArea), number(p.LandArea)+unit)
	y := c.rows(27, 13, []pair{
		{"用地单位", doc.same("builder", p.Builder.Name), "builder"},
		{"项目名称", doc.same("project_name", p.Name), "project_name"},
		{"批准用地机关", doc.same("land_approval_body", "湖南省人民政府"), "land_approval_body"},
		{"批准用地文号", doc.same("land_approval_no", approval), "land_approval_no"},
		{"用地位置", doc.same("location", p.Location), "location"},
		{"用地面积", number(p.LandArea) + unit, "land_area"},
		{"土地用途", doc.same("land_use", p.LandUse), "land_use"},
		{"建设规模", doc.same("scale", fmt.Sprintf("容积率不大于%s，计容建筑面积不大于%s平方米", number(p.PlotRatio), number(round2(p.LandArea*p.PlotRatio)))), "scale"},
		{"土地取得方式", doc.same("land_mode", p.LandMode), "land_mode"},
	})
	y = c.attachments(y, &doc, "附图：建设用地规划许可红线图\n附件：规划条件")
	c.notes(y+5, "遵守事项", []string{
		"一、本证是经自然资源主管部门依法审核，建设用地符合国土空间规划和用途管制要求，准予使用土地的法律凭证。",
		"二、未取得本证而占用土地的，属违法行为。",
		"三、未经发证机关审核同意，本证的各项规定不得随意变更。",
		"四、本证所需附图及附件由发证机关依法确定，与本证具有同等法律效力。",
	})
	doc.Pages = asScanned(d, c.s.page)
	return doc
}

// engineeringPermit draws 建设工程规划许可证.
func engineeringPermit(p Project, d dice) Document {
	doc := Document{Title: "中华人民共和国建设工程规划许可证"}
	c := newCertificate(d, certificateBlue)
	c.noRule = true
	c.heading("建设工程规划许可证", doc.same("doc_no", p.Numbers.Engineering), "doc_no")
	c.statement(128, "根据《中华人民共和国土地管理法》《中华人民共和国城乡规划法》和国家有关规定，经审核，本建设工程符合国土空间规划和用途管制要求，颁发此证。", "")
	c.sign(&doc, "发证机关", "日期", p.cityOffice("自然资源和规划局"), p.Dates.Engineering)
	scale := fmt.Sprintf("总建筑面积%s平方米，其中地上建筑面积%s平方米，地下建筑面积%s平方米",
		number(p.FloorArea), number(p.AreaAbove), number(p.AreaBelow))
	doc.set("floor_area", number(p.FloorArea), number(p.FloorArea)+"平方米")
	y := c.rows(27, 15, []pair{
		{"建设单位（个人）", doc.same("builder", p.Builder.Name), "builder"},
		{"建设项目名称", doc.same("project_name", p.Name), "project_name"},
		{"建设位置", doc.same("location", p.Location), "location"},
		{"建设规模", doc.same("scale", scale), "scale"},
	})
	y = c.attachments(y, &doc, "附图：建设工程规划总平面图\n附件：建设工程规划许可证附表")
	c.notes(y+5, "遵守事项", []string{
		"一、本证是经自然资源主管部门依法审核，建设工程符合国土空间规划和用途管制要求的法律凭证。",
		"二、未取得本证或不按本证规定进行建设的，均属违法行为。",
		"三、未经发证机关审核同意，本证的各项规定不得随意变更。",
		"四、自然资源主管部门依法有权查验本证，建设单位（个人）有责任提交查验。",
		"五、本证所需附图及附件由发证机关依法确定，与本证具有同等法律效力。",
	})
	doc.Pages = asScanned(d, c.s.page)
	return doc
}

// attachments sets the box 附图及附件名称 below the table and returns its foot.
// doc is nil where the type has no such field.
func (c *certificate) attachments(y float64, doc *Document, text string) float64 {
	field := ""
	if doc != nil {
		field = "attachments"
		doc.set(field, text, text)
	}
	s := c.s
	s.frame(panelX, y, panelW, 32, 0.35, c.accent)
	s.centre(panelX, panelX+panelW, y+3, style{Serif, pt14, Black, 0}, "附图及附件名称", "")
	st := style{Serif, pt12, Black, 0}
	line := y + 12
	for _, part := range splitLines(text) {
		s.left(panelX+5, line, st, part, field)
		line += 7
	}
	return y + 32
}
