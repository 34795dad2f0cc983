package sample

import "fmt"

// material describes a paper an applicant hands in (申报材料).
type material struct {
	kind   string
	titles []string // one is chosen; %s stands for the project's name
	draw   func(m material, p Project, d dice, title string) Document
	by     func(p Project) string // who writes and seals it
	words  []string               // sentences or row labels of its kind
}

func (m material) maker() maker {
	return maker{m.kind, m.kind, func(p Project, d dice) Document {
		title := named(pick(d, m.titles), p.Name)
		doc := m.draw(m, p, d, title)
		doc.Title = title
		return doc
	}}
}

// drawReport sets a cover and a first chapter, as reports of third parties begin.
func drawReport(m material, p Project, d dice, title string) Document {
	var doc Document
	f := newPlainFlow()
	s := f.sheet()
	if d.chance(0.5) {
		s.centreLines(30, 180, 50, style{Serif, pt18, Black, 0}, 11, doc.same("project_name", p.Name), "project_name")
	} else {
		doc.same("project_name", p.Name)
	}
	y := s.centreLines(30, 180, 88, style{SansBold, pt26, Black, 0.06}, 16, afterName(title, p.Name), "")
	st := style{Serif, pt16, Black, 0}
	day := p.Dates.Preexam.AddDate(0, 0, -d.between(5, 60))
	y = max(y+60, 190)
	for _, l := range []pair{{"建设单位：", doc.same("builder", p.Builder.Name), "builder"}, {"编制单位：", m.by(p), ""}} {
		s.left(45, y, st, l.label, "")
		s.left(45+st.width(l.label), y, st.fit(l.value, 110), l.value, l.field)
		y += 13
	}
	s.centre(30, 180, 244, st, fmt.Sprintf("二〇%s%s年%s月", string([]rune("〇一二三四五六七八九")[day.Year()/10%10]), string([]rune("〇一二三四五六七八九")[day.Year()%10]), smallNumber(int(day.Month()))), "")
	s.add(officeSeal(d, 130, 205, m.by(p), ""))
	f.newPage()
	f.body, f.leading = style{Serif, pt14, Black, 0}, 9
	f.set("第一章　总论", "", 0, style{Sans, pt16, Black, 0})
	f.para(fmt.Sprintf("1.1　项目概况：%s位于%s，总用地面积%s平方米，总建筑面积%s平方米，由%s投资建设。", p.Name, p.Location, number(p.LandArea), number(p.FloorArea), p.Builder.Name))
	for i, w := range m.words {
		f.para(fmt.Sprintf("1.%d　%s", i+2, w))
	}
	f.para("本报告依据国家和湖南省现行法律法规、技术标准以及建设单位提供的资料编制，内容仅供审批使用。")
	doc.Pages = f.pages()
	return doc
}

// drawForm sets an application form: rows of labels, a declaration, room for the seal.
func drawForm(m material, p Project, d dice, title string) Document {
	var doc Document
	n := newNotice(d, &doc, noticeHead{title: title})
	n.sheet().left(n.x, n.y, style{Serif, pt12, Black, 0}, "申请单位（盖章）："+p.Builder.Name, "")
	n.y += 9
	rows := []pair{
		{"项目名称", doc.same("project_name", p.Name), "project_name"},
		{"项目代码", doc.same("project_code", p.Code), "project_code"},
		{"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"统一社会信用代码", p.Builder.USCC, ""},
		{"法定代表人", p.Builder.Legal, ""},
		{"联系人及电话", p.Contact + "  " + p.Phone, ""},
		{"建设地点", doc.same("location", p.Location), "location"},
	}
	for _, w := range m.words {
		rows = append(rows, pair{w, p.answer(w), ""})
	}
	n.pairTable(46, 10.5, append(rows, pair{"申请单位声明", "本单位对所填内容和提交材料的真实性负责，如有虚假，愿意承担由此产生的一切后果。", ""}))
	n.y += 4
	n.flow.sign(d, &doc, signature{issuer: p.Builder.Name, day: p.Dates.Engineering, mute: true})
	return n.finish()
}

// answer is what an applicant writes into a row of a form.
func (p Project) answer(label string) string {
	known := map[string]string{
		"建设规模": number(p.FloorArea) + "平方米", "建设规模及内容": number(p.FloorArea) + "平方米，" + p.floors(), "总投资": fmt.Sprint(p.Investment) + "万元",
		"建设性质": p.Nature, "地上总建筑面积": number(p.AreaAbove) + "平方米", "应建面积": number(p.DefenceArea) + "平方米", "防护等级": "核6级、常6级",
		"建筑高度": number(p.Height) + "米", "使用性质": p.Use, "合同价格": number(p.ContractPrice) + "万元", "施工单位": p.Construction.Name,
		"监理单位": p.Supervision.Name, "设计单位": p.Design.Name, "合同工期": fmt.Sprintf("%d日历天", p.ContractDays), "结构类型": p.Structure,
		"施工单位项目负责人": p.ConstructionLeader, "总监理工程师": p.ChiefSupervisor, "竣工日期": paperDate(p.Dates.Finish), "施工许可证号": p.Numbers.Permit,
		"消防设计审查意见书文号": p.Numbers.FireDesign, "容积率": number(p.PlotRatio), "用地面积": number(p.LandArea) + "平方米", "土地用途": p.LandUse, "土地取得方式": p.LandMode,
	}
	if v, ok := known[label]; ok {
		return v
	}
	return "详见附件"
}

// drawPromise sets a letter of commitment to an authority.
func drawPromise(m material, p Project, d dice, title string) Document {
	var doc Document
	n := newNotice(d, &doc, noticeHead{title: title})
	n.sheet().left(n.x, n.y, n.body, p.districtOffice("住房和城乡建设局")+"：", "")
	n.y += n.leading
	n.para(fmt.Sprintf("我单位%s负责建设的%s，位于%s，现就有关事项郑重承诺如下：", doc.same("builder", p.Builder.Name), doc.same("project_name", p.Name), p.Location))
	for i, w := range m.words {
		n.para(smallNumber(i+1) + "、" + w)
	}
	n.para("以上承诺是我单位真实意思表示，如有违反，自愿承担相应的法律责任和失信惩戒后果。")
	n.flow.sign(d, &doc, signature{issuer: m.by(p), day: p.Dates.DrawingReview, mute: true})
	return n.finish()
}

// drawProof sets a certificate or confirmation in plain words.
func drawProof(m material, p Project, d dice, title string) Document {
	var doc Document
	n := newNotice(d, &doc, noticeHead{title: title, number: fmt.Sprintf("编号：%s%04d", p.Dates.LandContract.Format("200601"), d.between(1, 9999)), numberRight: true})
	n.para(fmt.Sprintf("兹就%s（项目代码：%s，建设单位：%s）有关事项说明如下：", doc.same("project_name", p.Name), doc.same("project_code", p.Code), doc.same("builder", p.Builder.Name)))
	for _, w := range m.words {
		n.para(named(w, p.Name))
	}
	n.para("特此证明。")
	n.flow.sign(d, &doc, signature{issuer: m.by(p), day: p.Dates.DrawingReview, mute: true})
	return n.finish()
}

// drawContract sets a contract: agreement page with the parties and signatures.
func drawContract(m material, p Project, d dice, title string) Document {
	var doc Document
	f := newPlainFlow()
	f.body, f.leading = style{Serif, pt14, Black, 0}, 9
	f.skip(10)
	f.centre(style{SerifBold, pt22, Black, 0.04}, 13, title, "")
	f.skip(4)
	f.item("发包人（委托人）", doc.same("builder", p.Builder.Name), "builder")
	f.item(m.words[0], m.by(p), "")
	f.para(fmt.Sprintf("根据《中华人民共和国民法典》《中华人民共和国建筑法》及有关法律规定，遵循平等、自愿、公平和诚实信用的原则，双方就%s有关事项协商一致，共同达成如下协议：", doc.same("project_name", p.Name)))
	f.para(fmt.Sprintf("一、工程概况。工程名称：%s；工程地点：%s；工程立项批准文号：%s；资金来源：企业自筹。", p.Name, p.Location, p.Code))
	for i, w := range m.words[1:] {
		f.para(smallNumber(i+2) + "、" + w)
	}
	f.para(fmt.Sprintf("合同金额：人民币（大写）%s（¥%s万元）。", capitalAmount(int64(p.ContractPrice)*10000), fmt.Sprint(int64(p.ContractPrice))))
	f.para("本合同未尽事宜，合同当事人另行签订补充协议，补充协议是合同的组成部分。本合同自双方签字盖章之日起生效。")
	f.need(60)
	y := f.y + 6
	for i, side := range []string{p.Builder.Name, m.by(p)} {
		x := 32 + float64(i)*78
		st := f.body
		s := f.sheet()
		s.left(x, y, st, []string{"发包人：（公章）", "承包人：（公章）"}[i], "")
		s.left(x, y+10, st.fit(side, 70), side, "")
		s.left(x, y+24, st, "法定代表人：", "")
		s.add(scribble(d, x+30, y+27, 26))
		s.left(x, y+36, st, paperDate(p.Dates.DrawingReview), "")
		s.add(officeSeal(d, x+36, y+20, side, "合同专用章"))
	}
	doc.Pages = f.pages()
	return doc
}

func byBuilder(p Project) string      { return p.Builder.Name }
func byDesign(p Project) string       { return p.Design.Name }
func bySurvey(p Project) string       { return p.Survey.Name }
func byConstruction(p Project) string { return p.Construction.Name }
func bySupervision(p Project) string  { return p.Supervision.Name }
func byConsultant(p Project) string {
	return "湖南" + brands[p.Seed%uint64(len(brands))] + "工程咨询有限公司"
}
func byBank(p Project) string     { return p.cityOffice("示例农村商业银行股份有限公司") }
func byExchange(p Project) string { return p.cityOffice("公共资源交易中心") }
func byPlanning(p Project) string { return p.cityOffice("自然资源和规划局") }
func bySocial(p Project) string   { return p.cityOffice("社会保险经办服务中心") }
func byQuality(p Project) string  { return p.cityOffice("建设工程质量安全监督站") }
