package sample

// completionRecord draws 房屋建筑工程和市政基础设施工程竣工验收备案表: the works on
// the first page, opinions and the record of the authority on the second.
func completionRecord(p Project, d dice) Document {
	doc := Document{Title: "房屋建筑工程和市政基础设施工程竣工验收备案表"}
	doc.Pages = []Page{completionWorks(p, d, &doc), completionOpinions(p, d, &doc, true)}
	return doc
}

func completionWorks(p Project, d dice, doc *Document) Page {
	s := a4()
	s.centreLines(25, 185, 24, style{SerifBold, pt22, Black, 0}, 11, "房屋建筑工程和市政基础设施工程\n竣工验收备案表", "")
	st := style{Serif, pt12, Black, 0}
	s.right(185, 50, st, "编号："+doc.same("doc_no", p.Numbers.Completion), "doc_no")
	g := &grid{s: s, x: 25, y: 58, line: 0.3, ink: Black, pad: 1.8}
	const lw = 38.0
	wide := func(label, value, field string) {
		g.row(11, cell{label, "", lw, st.fit(label, lw-3.6), alignCentre}, cell{value, field, 160 - lw, st, alignLeft})
	}
	half := func(l1, v1, f1, l2, v2, f2 string) {
		g.row(11, cell{l1, "", lw, st.fit(l1, lw-3.6), alignCentre}, cell{v1, f1, 50, st, alignLeft},
			cell{l2, "", 28, st.fit(l2, 24.4), alignCentre}, cell{v2, f2, 160 - lw - 78, st.fit(v2, 160-lw-82), alignLeft})
	}
	date := func(key string, iso, raw string) string { doc.set(key, iso, raw); return raw }
	doc.set("floor_area", number(p.FloorArea), number(p.FloorArea)+"㎡")
	grade := func() string { return pick(d, []string{"甲级", "乙级", "壹级", "综合甲级"}) }
	half("建设单位名称", doc.same("builder", p.Builder.Name), "builder", "备案日期", date("issue_date", isoDate(p.Dates.Completion), paperDate(p.Dates.Completion)), "issue_date")
	wide("建设单位联系人电话", p.Contact+"  "+p.Phone, "")
	wide("工程名称", doc.same("project_name", p.Works), "project_name")
	wide("工程地点", doc.same("location", p.Location), "location")
	half("建筑面积（m²）", number(p.FloorArea)+"㎡", "floor_area", "工程用途", doc.same("use_nature", p.Use), "use_nature")
	wide("结构类型及层次", doc.same("structure", p.Structure+"，"+p.floors()), "structure")
	half("开工日期", date("start_date", isoDate(p.Dates.Start), paperDate(p.Dates.Start)), "start_date", "竣工验收日期", date("acceptance_date", isoDate(p.Dates.Joint), paperDate(p.Dates.Joint)), "acceptance_date")
	wide("施工许可证号", doc.same("construction_permit_no", p.Numbers.Permit), "construction_permit_no")
	wide("施工图审查合格书", doc.same("drawing_review_no", p.Numbers.DrawingReview), "drawing_review_no")
	half("勘察单位名称", doc.same("survey_unit", p.Survey.Name), "survey_unit", "资质等级", grade(), "")
	half("设计单位名称", doc.same("design_unit", p.Design.Name), "design_unit", "资质等级", grade(), "")
	half("施工单位名称", doc.same("construction_unit", p.Construction.Name), "construction_unit", "资质等级", grade(), "")
	half("监理单位名称", doc.same("supervision_unit", p.Supervision.Name), "supervision_unit", "资质等级", grade(), "")
	wide("工程质量监督机构名称", doc.same("quality_supervisor", p.cityOffice("建设工程质量安全监督站")), "quality_supervisor")
	return s.page
}

// completionOpinions sets the opinions; recorded is false on the form as filed,
// before the authority has written and sealed its part.
func completionOpinions(p Project, d dice, doc *Document, recorded bool) Page {
	s := a4()
	st := style{Serif, pt12, Black, 0}
	y := 24.0
	s.frame(25, y, 160, 176, 0.3, Black)
	s.left(28, y+3, style{Sans, pt12, Black, 0}, "竣工验收意见", "")
	for i, part := range []struct{ title, unit, words string }{
		{"勘察单位意见", p.Survey.Name, "工程地基与勘察报告相符，同意验收。"},
		{"设计单位意见", p.Design.Name, "工程符合设计文件要求，同意验收。"},
		{"施工单位意见", p.Construction.Name, "已按合同和设计文件完成全部内容，自评合格。"},
		{"监理单位意见", p.Supervision.Name, "工程质量符合验收标准，同意验收。"},
		{"建设单位意见", p.Builder.Name, "工程符合国家标准，验收合格，同意备案。"},
	} {
		top := y + 12 + float64(i)*32.6
		s.hline(25, 185, top, 0.3, Black)
		s.left(28, top+4, st, part.title+"："+part.words, "")
		s.left(28, top+16, st, "项目负责人：", "")
		s.add(scribble(d, 56, top+19, 20))
		s.right(150, top+24, style{Serif, pt105, Black, 0}, "（公章）"+paperDate(p.Dates.Joint), "")
		s.add(officeSeal(d, 132+float64(i%2)*28, top+17, part.unit, ""))
	}
	y += 176
	s.frame(25, y, 160, 68, 0.3, Black)
	s.left(28, y+4, style{Sans, pt12, Black, 0}, "备案意见", "")
	if !recorded {
		s.left(28, y+40, st, "备案机关（章）：", "")
		s.left(120, y+52, st, "年    月    日", "")
		return s.page
	}
	issuer := p.districtOffice("住房和城乡建设局")
	s.paragraph(para{x: 28, y: y + 13, w: 154, st: st, indent: 2, leading: 7}, "该工程的竣工验收备案文件已于"+paperDate(p.Dates.Completion)+"收讫，文件齐全，同意备案。")
	s.left(28, y+34, st, "备案机关负责人：", "")
	s.add(scribble(d, 64, y+37, 20))
	s.left(28, y+46, st, "备案经手人：", "")
	s.add(scribble(d, 56, y+49, 20))
	s.left(100, y+34, st, "备案机关：", "")
	x := 100 + st.width("备案机关：")
	s.left(x, y+34, st.fit(issuer, 183-x), issuer, "issuer")
	s.left(x, y+46, st, paperDate(p.Dates.Completion), "issue_date")
	s.add(officeSeal(d, 152, y+42, issuer, "竣工验收备案专用章"))
	doc.same("issuer", issuer)
	return s.page
}
