package sample

// jointOpinion draws 建设工程竣工联合验收意见书.
func jointOpinion(p Project, d dice) Document {
	var doc Document
	issuer := p.districtOffice("住房和城乡建设局")
	n := newNotice(d, &doc, noticeHead{title: "建设工程竣工联合验收意见书",
		number: "编号：" + doc.same("doc_no", p.Numbers.Joint), numberField: "doc_no", numberRight: true})
	n.pairTable(42, 11.5, []pair{
		{"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"工程名称", doc.same("project_name", p.Works), "project_name"},
		{"项目代码", doc.same("project_code", p.Code), "project_code"},
		{"工程地点", p.Location, ""},
		{"施工许可证号", doc.same("construction_permit_no", p.Numbers.Permit), "construction_permit_no"},
	})
	g := &grid{s: n.sheet(), x: n.x, y: n.y, line: 0.3, ink: Black, pad: 2}
	st := style{Serif, pt12, Black, 0}
	head := style{Sans, pt12, Black, 0}
	g.row(10, cell{"专项验收", "", 42, head, alignCentre}, cell{"验收部门", "", 76, head, alignCentre}, cell{"结论", "", n.w - 118, head, alignCentre})
	conclusion := doc.same("conclusion", pick(d, []string{"通过", "合格", "通过", "不通过"}))
	for i, row := range [][2]string{{"规划核实", "自然资源和规划局"}, {"土地核验", "自然资源和规划局"}, {"消防验收", "住房和城乡建设局"}, {"人防验收", "人民防空办公室"}, {"档案验收", "城市建设档案馆"}, {"质量监督", "建设工程质量安全监督站"}} {
		result := "合格"
		if conclusion == "不通过" && i == 2 {
			result = "不合格"
		}
		g.row(10, cell{row[0], "", 42, st, alignCentre}, cell{p.cityOffice(row[1]), "", 76, st, alignCentre}, cell{result, "", n.w - 118, st, alignCentre})
	}
	g.row(24, cell{"联合验收结论", "", 42, head, alignCentre}, cell{conclusion, "conclusion", n.w - 42, style{Sans, pt16, Black, 0}, alignCentre})
	n.y = g.y + 6
	n.flow.sign(d, &doc, signature{issuer: issuer, day: p.Dates.Joint, purpose: "联合验收专用章"})
	return n.finish()
}
