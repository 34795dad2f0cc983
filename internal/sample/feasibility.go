package sample

import "fmt"

// feasibilityReply draws 关于××项目可行性研究报告的批复.
func feasibilityReply(p Project, d dice) Document {
	var doc Document
	issuer := p.cityOffice("发展和改革委员会")
	day := p.Dates.Feasibility
	title := aboutTitle(d, issuer, p.Name+"可行性研究报告的批复")
	r := newReply(p, d, &doc, replyHead{
		issuer: issuer, docNo: doc.same("doc_no", p.Numbers.Feasibility), numberField: "doc_no",
		title: title, addressee: doc.same("builder", p.Builder.Name),
	})
	r.para(fmt.Sprintf("你单位报来《关于报批%s可行性研究报告的请示》及有关材料收悉。经组织专家评审，现批复如下：", p.Name))
	r.para(fmt.Sprintf("一、为完善城市公共服务功能，改善民生条件，原则同意建设%s。", doc.same("project_name", p.Name)))
	r.item("二、项目代码", doc.same("project_code", p.Code), "project_code")
	r.item("三、建设地点", doc.same("location", p.Location), "location")
	scale := fmt.Sprintf("项目用地面积%s平方米，总建筑面积%s平方米，其中地上建筑面积%s平方米，地下建筑面积%s平方米", number(p.LandArea), number(p.FloorArea), number(p.AreaAbove), number(p.AreaBelow))
	r.item("四、建设内容及规模", doc.same("scale_and_content", scale), "scale_and_content")
	investment := fmt.Sprint(p.Investment)
	doc.set("total_investment", investment, investment+"万元")
	r.item("五、总投资及资金来源", fmt.Sprintf("项目总投资%s万元，资金来源为财政性资金和专项债券", investment), "total_investment")
	r.para(fmt.Sprintf("六、建设工期：%d个月。", p.ContractDays/30+6))
	r.para("七、招标方案：勘察、设计、施工、监理均采用公开招标方式，招标组织形式为委托招标，应当在依法设立的公共资源交易平台进行。")
	r.para("八、节能：项目应严格执行国家和省有关节能法律法规和标准，选用节能设备和材料。")
	r.para("请据此批复抓紧开展初步设计等前期工作，落实各项建设条件。本批复自印发之日起有效期2年。")
	r.sign(issuer, day)
	r.close([]string{"抄送：" + joinHan(p.cityOffice("财政局"), p.cityOffice("自然资源和规划局"), p.cityOffice("住房和城乡建设局")) + "。"}, issuer+"办公室", day)
	return r.finish()
}
