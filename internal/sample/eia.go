package sample

import "fmt"

// eiaReply draws 关于××建设项目环境影响报告表的批复.
func eiaReply(p Project, d dice) Document {
	var doc Document
	class := doc.same("eia_class", pick(d, []string{"报告表", "报告表", "报告表", "报告书"}))
	issuer := p.City + "生态环境局"
	day := p.Dates.EIA
	h := replyHead{
		issuer: issuer, docNo: doc.same("doc_no", p.Numbers.EIA), numberField: "doc_no", titleField: "title",
		title:     aboutTitle(d, issuer, fmt.Sprintf("%s环境影响%s的批复", p.Name, class)),
		addressee: doc.same("builder", p.Builder.Name),
	}
	r := newReply(p, d, &doc, h)
	doc.same("title", h.title)
	doc.same("project_name", p.Name)
	doc.same("project_code", p.Code)
	doc.set("valid_until", isoDate(day.AddDate(5, 0, 0)), "自批准之日起超过5年")
	r.para(fmt.Sprintf("你单位报送的《%s环境影响%s》（以下简称《%s》）及有关材料收悉。经研究，批复如下：", p.Name, class, class))
	r.section("一、项目基本情况")
	r.item("项目代码", p.Code, "project_code")
	r.para(fmt.Sprintf("该项目位于%s，用地面积%s平方米，总建筑面积%s平方米，主要建设%d栋%s及配套设施。项目总投资%d万元，其中环保投资%d万元。",
		p.Location, number(p.LandArea), number(p.FloorArea), p.Buildings, p.Use, p.Investment, p.Investment*3/200))
	r.para(fmt.Sprintf("根据《%s》的评价结论和专家评审意见，在全面落实《%s》提出的各项生态环境保护措施的前提下，我局原则同意你单位按照《%s》所列项目的性质、规模、地点和环境保护措施进行建设。", class, class, class))
	r.section("二、项目建设和运行中应做好的污染防治工作")
	for _, s := range eiaMeasures(d) {
		r.para(s)
	}
	r.section("三、总量控制")
	r.para(fmt.Sprintf("项目主要污染物排放总量控制指标为：化学需氧量%s吨/年、氨氮%s吨/年，纳入%s污水处理厂统一管理。",
		number(float64(d.between(10, 400))/100), number(float64(d.between(1, 40))/100), p.District))
	r.section("四、其他要求")
	r.para("项目的性质、规模、地点、采用的生产工艺或者防治污染、防止生态破坏的措施发生重大变动的，应当重新报批环境影响评价文件。自批准之日起超过5年方决定该项目开工建设的，其环境影响评价文件应当报我局重新审核。")
	r.para(fmt.Sprintf("项目建成后，你单位应当按规定开展竣工环境保护验收。请%s生态环境保护综合行政执法大队负责该项目的环境保护监督检查工作。", p.City))
	r.sign(issuer, day)
	r.close([]string{"抄送：" + joinHan(p.District+"人民政府", p.cityOffice("自然资源和规划局")) + "。"}, issuer+"办公室", day)
	return r.finish()
}

func eiaMeasures(d dice) []string {
	all := []string{
		"加强施工期环境管理。落实扬尘污染防治“六个百分之百”要求，合理安排施工时间，选用低噪声设备，夜间禁止高噪声作业。",
		"落实水污染防治措施。施工废水经隔油沉淀处理后回用，生活污水经化粪池预处理达到《污水综合排放标准》（GB 8978-1996）三级标准后排入市政污水管网。",
		"落实大气污染防治措施。厨房油烟经油烟净化装置处理达到《饮食业油烟排放标准》（GB 18483-2001）要求后引至屋顶排放。",
		"落实噪声污染防治措施。水泵、风机等设备采取隔声、减振、消声措施，厂（场）界噪声执行《声环境质量标准》（GB 3096-2008）2类标准。",
		"落实固体废物分类收集与处置要求。建筑垃圾运至指定消纳场所，生活垃圾交由环卫部门统一清运，危险废物交有资质的单位处置。",
		"加强环境风险防范，制定突发环境事件应急预案并报我局备案。",
	}
	n := d.between(3, len(all))
	out := all[:n:n]
	for i := range out {
		out[i] = fmt.Sprintf("（%s）%s", smallNumber(i+1), out[i])
	}
	return out
}
