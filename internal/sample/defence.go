package sample

import "fmt"

// defenceOpinion draws 人民防空工程建设审批意见书, or that for building elsewhere.
func defenceOpinion(p Project, d dice) Document {
	var doc Document
	issuer := p.cityOffice("人民防空办公室")
	elsewhere := d.chance(0.25)
	title := "人民防空工程建设审批意见书"
	if elsewhere {
		title = "防空地下室易地建设审批意见书"
	}
	n := newNotice(d, &doc, noticeHead{header: issuer, red: true, title: title, number: doc.same("doc_no", p.Numbers.DefenceOpinion), numberField: "doc_no"})
	area := func(key string, v float64) pair {
		doc.set(key, number(v), number(v)+"平方米")
		return pair{"", number(v) + "平方米", key}
	}
	label := func(l string, p pair) pair { p.label = l; return p }
	rows := []pair{
		{"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"项目名称", doc.same("project_name", p.Name), "project_name"},
		{"建设地点", doc.same("location", p.Location), "location"},
		{"地上总建筑面积", number(p.AreaAbove) + "平方米", ""},
		label("应建防空地下室面积", area("required_area", p.DefenceArea)),
	}
	if elsewhere {
		fee := int(p.DefenceArea) * 1600
		doc.set("relocation_fee", fmt.Sprint(fee), fmt.Sprintf("%d元", fee))
		rows = append(rows,
			pair{"建设方式", doc.same("mode", "易地建设"), "mode"},
			pair{"易地建设面积", number(p.DefenceArea) + "平方米", ""},
			pair{"易地建设费", doc.Truth.Raw["relocation_fee"], "relocation_fee"})
	} else {
		rows = append(rows,
			label("实建防空地下室面积", area("built_area", round2(p.DefenceArea*1.02))),
			pair{"建设方式", doc.same("mode", "修建"), "mode"},
			pair{"防护等级", doc.same("protection_level", pick(d, []string{"核6级、常6级", "甲类核6级", "核5级、常5级"})), "protection_level"},
			pair{"战时用途", "二等人员掩蔽所、物资库", ""},
			pair{"平时用途", "汽车库", ""})
	}
	rows = append(rows, pair{"审批意见", "经审查，该项目人民防空工程建设方案符合《中华人民共和国人民防空法》和湖南省有关规定，同意按上述内容建设。请依法办理后续手续，并接受人民防空工程质量监督。", ""})
	n.pairTable(48, 13, rows)
	n.y += 6
	n.flow.sign(d, &doc, signature{issuer: issuer, day: p.Dates.DefenceOpinion})
	return n.finish()
}
