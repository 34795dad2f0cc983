package sample

// planningVerify draws 建设工程规划核实合格证.
func planningVerify(p Project, d dice) Document {
	var doc Document
	issuer := p.cityOffice("自然资源和规划局")
	title := pick(d, []string{"建设工程规划核实合格证", "建设工程规划核实合格证", "建设工程规划条件核实意见书"})
	n := newNotice(d, &doc, noticeHead{title: title, number: doc.same("doc_no", p.Numbers.PlanningVerify), numberField: "doc_no", numberRight: true})
	n.para("根据《中华人民共和国城乡规划法》第四十五条规定，经核实，本建设工程符合规划条件和建设工程规划许可的内容。")
	n.y += 3
	area := func(label, key string, v float64) pair {
		doc.set(key, number(v), number(v)+"平方米")
		return pair{label, number(v) + "平方米", key}
	}
	survey := p.Dates.Finish
	doc.set("survey_date", isoDate(survey), paperDate(survey))
	n.pairTable(52, 13, []pair{
		{"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"建设项目名称", doc.same("project_name", p.Name), "project_name"},
		{"项目编号", p.Code, ""},
		{"建设项目位置", doc.same("location", p.Location), "location"},
		area("建设规模地上", "floor_area_above", p.AreaAbove),
		area("建设规模地下", "floor_area_below", p.AreaBelow),
		{"建设工程规划许可证编号", doc.same("engineering_permit_no", p.Numbers.Engineering), "engineering_permit_no"},
		{"竣工实测成果编制单位", doc.same("survey_org", "湖南"+brands[(d.IntN(len(brands)))]+"测绘地理信息有限公司"), "survey_org"},
		{"实测时间", paperDate(survey), "survey_date"},
	})
	s := n.sheet()
	st := style{Serif, pt14, Black, 0}
	y := max(n.y+20, 222)
	printed := paperDate(p.Dates.PlanningVerify)
	s.left(90, y, st, "发证机关：", "")
	x := 90 + st.width("发证机关：")
	s.left(x, y, st.fit(issuer, 184-x), issuer, "issuer")
	s.left(90, y+14, st, "发证日期：", "")
	s.left(x, y+14, st, printed, "issue_date")
	s.add(officeSeal(d, 148, y+8, issuer, pick(d, []string{"", "规划核实专用章"})))
	doc.same("issuer", issuer)
	doc.set("issue_date", isoDate(p.Dates.PlanningVerify), printed)
	return n.finish()
}
