package sample

import "fmt"

// landPreexam draws 建设项目用地预审与选址意见书, valid for three years.
func landPreexam(p Project, d dice) Document {
	doc := Document{Title: "中华人民共和国建设项目用地预审与选址意见书"}
	c := newCertificate(d, certificateGreen)
	c.noRule = true
	c.heading("建设项目用地预审与选址意见书", doc.same("doc_no", p.Numbers.Preexam), "doc_no")
	c.statement(128, "根据《中华人民共和国土地管理法》《中华人民共和国城乡规划法》和国家有关规定，经审核，本建设项目符合国土空间用途管制要求，核发此书。", "")
	c.sign(&doc, "核发机关", "日期", p.cityOffice("自然资源和规划局"), p.Dates.Preexam)
	doc.set("valid_until", isoDate(p.Dates.Preexam.AddDate(3, 0, 0)), "自核发起有效期三年")
	y := c.rows(27, 13, []pair{
		{"项目名称", doc.same("project_name", p.Name), "project_name"},
		{"项目代码", doc.same("project_code", p.Code), "project_code"},
		{"建设单位名称", doc.same("builder", p.Builder.Name), "builder"},
		{"项目建设依据", doc.same("construction_basis", p.basis()), "construction_basis"},
		{"项目拟选位置", doc.same("location", p.Location), "location"},
		{"拟用地面积（含各地类明细）", p.plannedLand(c, &doc), "land_area"},
		{"拟建设规模", doc.same("scale", fmt.Sprintf("总建筑面积约%d平方米", int(p.FloorArea))), "scale"},
	})
	y = c.attachments(y, nil, "附图：项目规划选址范围图\n附件：建设用地要求")
	c.notes(y+5, "遵守事项", []string{
		"一、本书是自然资源主管部门依法审核建设项目用地预审和规划选址的法定凭据。",
		"二、未经依法审核同意，本书的各项内容不得随意变更。",
		"三、本书所需附图及附件由相应权限的机关依法确定，与本书具有同等法律效力，附图指项目规划选址范围图，附件指建设用地要求。",
		"四、本书自核发起有效期三年，如对土地用途、建设项目选址等进行重大调整的，应当重新办理本书。",
	})
	doc.Pages = asScanned(d, c.s.page)
	return doc
}

// basis is the paper a project is built on: a proposal's approval or a filing.
func (p Project) basis() string {
	if p.Government {
		return "《关于" + p.Name + "项目建议书的批复》（" + p.Numbers.Proposal + "）"
	}
	return "企业投资项目备案证明（" + p.Code + "）"
}

// plannedLand prints the area in square metres or in hectares with its classes.
func (p Project) plannedLand(c *certificate, doc *Document) string {
	if c.d.chance(0.5) {
		raw := number(p.LandArea) + "平方米"
		doc.set("land_area", number(p.LandArea), raw)
		return raw
	}
	hectares := fmt.Sprintf("%.4f", p.LandArea/10000)
	farm := fmt.Sprintf("%.4f", p.LandArea/10000*0.25)
	doc.set("land_area", number(mustFloat(hectares)*10000), hectares+"公顷")
	return hectares + "公顷（其中农用地" + farm + "公顷，其余为建设用地）"
}
