package sample

// drawingReviewCert draws 湖南省房屋建筑工程施工图设计文件审查合格书.
func drawingReviewCert(p Project, d dice) Document {
	var doc Document
	n := newNotice(d, &doc, noticeHead{title: "湖南省房屋建筑工程\n施工图设计文件审查合格书",
		number: "编号：" + doc.same("doc_no", p.Numbers.DrawingReview), numberField: "doc_no", numberRight: true})
	n.para("根据《建设工程质量管理条例》《房屋建筑和市政基础设施工程施工图设计文件审查管理办法》，本工程施工图设计文件经审查合格。")
	n.y += 3
	doc.set("floor_area", number(p.FloorArea), number(p.FloorArea)+"平方米")
	n.pairTable(42, 11.5, []pair{
		{"工程名称", doc.same("project_name", p.Name), "project_name"},
		{"工程地址", p.Location, ""},
		{"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"勘察单位", doc.same("survey_unit", p.Survey.Name), "survey_unit"},
		{"设计单位", doc.same("design_unit", p.Design.Name), "design_unit"},
		{"审查机构", doc.same("review_body", p.Review.Name), "review_body"},
		{"工程等级", pick(d, []string{"一级", "二级", "大型", "中型"}), ""},
		{"建设规模", p.floors() + "，共" + smallNumber(p.Buildings) + "栋", ""},
		{"建筑面积", number(p.FloorArea) + "平方米", "floor_area"},
		{"结构类型", p.Structure, ""},
		{"消防审查结论", "符合国家工程建设消防技术标准", ""},
		{"人防审查结论", "符合人民防空工程防护要求", ""},
		{"节能审查结论", "符合建筑节能强制性标准", ""},
		{"审查人员", d.person() + "  " + d.person() + "  " + d.person(), ""},
	})
	n.y += 2
	s := n.sheet()
	y := max(n.y+10, 232)
	st := style{Serif, pt14, Black, 0}
	printed := paperDate(p.Dates.DrawingReview)
	s.left(88, y, st, "审查机构（盖章）：", "")
	s.left(88, y+12, st, "签发日期：", "")
	s.left(88+st.width("签发日期："), y+12, st, printed, "issue_date")
	doc.set("issue_date", isoDate(p.Dates.DrawingReview), printed)
	s.add(officeSeal(d, 150, y+8, p.Review.Name, "施工图审查专用章"))
	s.add(QR{X: 30, Y: y - 2, Side: 26, Content: "https://sgt.example.invalid/" + p.Numbers.DrawingReview})
	return n.finish()
}
