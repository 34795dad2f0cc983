package sample

import "fmt"

// landAllocation draws 国有建设用地划拨决定书.
func landAllocation(p Project, d dice) Document {
	var doc Document
	issuer := p.cityOffice("自然资源和规划局")
	n := newNotice(d, &doc, noticeHead{title: "国有建设用地划拨决定书", number: "编号：" + doc.same("decision_no", p.Numbers.LandAllocation), numberField: "decision_no", numberRight: true})
	approval := replyNo("湘政地", p.Dates.LandContract.Year(), 100+d.IntN(800))
	n.para(fmt.Sprintf("根据《中华人民共和国土地管理法》《中华人民共和国城市房地产管理法》《划拨用地目录》等规定，经%s批准，准予划拨国有建设用地使用权。本决定书由%s向划拨建设用地使用权人颁发。", p.cityOffice("人民政府"), issuer))
	n.y += 3
	area := number(p.LandArea)
	doc.set("land_area", area, area+"平方米")
	n.pairTable(50, 13, []pair{
		{"划拨建设用地使用权人", doc.same("builder", p.Builder.Name), "builder"},
		{"建设项目名称", doc.same("project_name", p.Name), "project_name"},
		{"宗地编号", p.Parcel, ""},
		{"宗地坐落", doc.same("location", p.Location), "location"},
		{"宗地面积", area + "平方米", "land_area"},
		{"宗地用途", doc.same("land_use", p.LandUse), "land_use"},
		{"批准机关", p.cityOffice("人民政府"), ""},
		{"批准文号", doc.same("approval_no", approval), "approval_no"},
		{"开工日期", paperDate(p.Dates.Permit.AddDate(0, 3, 0)), ""},
		{"竣工日期", paperDate(p.Dates.Completion.AddDate(0, 6, 0)), ""},
	})
	n.newPage()
	n.folio = officialFolio
	for i, text := range []string{
		"划拨建设用地使用权人应当按照本决定书规定的用途和使用条件开发建设和使用土地，不得擅自改变土地用途。",
		"划拨建设用地使用权人应当在本决定书规定的期限内开工和竣工，确需延期的，应当提前三十日提出申请。",
		"划拨建设用地使用权未经批准不得转让、出租；需要转让、出租的，应当依法报批并缴纳土地出让价款。",
		"为公共利益需要使用土地，或者用地单位因迁移、解散、撤销等原因停止使用划拨土地的，由人民政府依法收回。",
		"划拨建设用地使用权人应当依法申请办理国有建设用地使用权登记，领取不动产权证书。",
		"本决定书一式四份，划拨建设用地使用权人一份，颁发机关三份。",
	} {
		n.para(smallNumber(i+1) + "、" + text)
	}
	n.flow.sign(d, &doc, signature{issuer: issuer, day: p.Dates.LandContract})
	return n.finish()
}
