package sample

// completionForm is the filing table as handed in: the same title as the
// record, but the authority has not numbered or sealed it.
func completionForm(p Project, d dice) Document {
	doc := completionRecord(p, d)
	doc.Pages[1] = completionOpinions(p, newDice(p.Seed, "form as filed"), &doc, false)
	kept := doc.Pages[0].Marks[:0:0]
	for _, m := range doc.Pages[0].Marks {
		if t, ok := m.(Text); ok && t.Field == "issue_date" {
			continue
		}
		if t, ok := m.(Text); ok && t.Field == "doc_no" {
			t.String, t.Field = "编号：", ""
			m = t
		}
		kept = append(kept, m)
	}
	doc.Pages[0].Marks = kept
	for _, key := range []string{"doc_no", "issuer", "issue_date"} {
		delete(doc.Truth.Fields, key)
		delete(doc.Truth.Raw, key)
	}
	return doc
}

// blankPage is an empty side, as duplex scanning leaves them.
func blankPage(Project, dice) Document { return Document{Title: "", Pages: []Page{a4().page}} }

// photoPage is a picture without words: what remains of a wrong upload.
func photoPage(p Project, d dice) Document {
	s := a4()
	for range 60 {
		var blob path
		blob.addEllipse(30+d.Float64()*150, 30+d.Float64()*230, 4+d.Float64()*24, 4+d.Float64()*24, false)
		s.add(Shape{blob, Ink{R: uint8(d.IntN(256)), G: uint8(d.IntN(256)), B: uint8(d.IntN(256)), A: 200}})
	}
	return Document{Pages: []Page{s.page}}
}

// signInSheet is 会议签到表: a table of names, nothing to approve.
func signInSheet(p Project, d dice) Document {
	doc := Document{Title: "会议签到表"}
	n := newNotice(d, &doc, noticeHead{title: doc.Title})
	g := &grid{s: n.sheet(), x: n.x, y: n.y, line: 0.3, ink: Black, pad: 2}
	st := style{Serif, pt12, Black, 0}
	g.row(10, cell{"序号", "", 20, st, alignCentre}, cell{"姓名", "", 46, st, alignCentre}, cell{"单位", "", 90, st, alignCentre})
	for i := range 12 {
		g.row(10, cell{smallNumber(i + 1), "", 20, st, alignCentre}, cell{d.person(), "", 46, st, alignCentre}, cell{pick(d, []string{p.Builder.Name, p.Design.Name, p.Supervision.Name}), "", 90, st, alignLeft})
	}
	return n.finish()
}

// auditReport is 年度财务审计报告, a report of another trade.
func auditReport(p Project, d dice) Document {
	doc := Document{Title: "2024年度财务审计报告"}
	n := newNotice(d, &doc, noticeHead{title: doc.Title})
	n.para("我们审计了" + p.Construction.Name + "财务报表，包括资产负债表、利润表、现金流量表和所有者权益变动表。")
	n.para("我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了财务状况、经营成果和现金流量。")
	n.para("我们按照中国注册会计师审计准则的规定执行了审计工作，获取的审计证据是充分、适当的。")
	n.flow.sign(d, &doc, signature{issuer: "湖南" + pick(d, brands) + "会计师事务所", day: p.Dates.Permit, mute: true})
	return n.finish()
}

// confusables look like something and must stay unrecognized, or be told from
// what they resemble.
func confusables() []maker {
	form := func(title string, words ...string) func(Project, dice) Document {
		m := material{titles: []string{title}, by: byBuilder, words: words}
		return func(p Project, d dice) Document {
			doc := drawForm(m, p, d, title)
			doc.Title = title
			return doc
		}
	}
	return []maker{
		{"x-engineering-permit-form", "", form("建设工程规划许可证申请表", "建设规模", "设计单位", "容积率")},
		{"x-land-use-permit-form", "", form("建设用地规划许可证申请表", "用地面积", "土地用途", "土地取得方式")},
		{"x-sign-in", "", signInSheet},
		{"x-audit", "", auditReport},
		{"x-photo", "", photoPage},
		{"x-blank", "", blankPage},
	}
}
