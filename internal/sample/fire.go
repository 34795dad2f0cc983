package sample

import "fmt"

const fireLaws = "根据《中华人民共和国建筑法》《中华人民共和国消防法》《建设工程质量管理条例》《建设工程消防设计审查验收管理暂行规定》等有关规定，"

// fireDesignOpinion draws 特殊建设工程消防设计审查意见书.
func fireDesignOpinion(p Project, d dice) Document {
	var doc Document
	issuer := p.cityOffice("住房和城乡建设局")
	n := newNotice(d, &doc, noticeHead{header: issuer, title: "特殊建设工程消防设计审查意见书",
		number: "（文号：" + doc.same("doc_no", p.Numbers.FireDesign) + "）", numberField: "doc_no"})
	n.salutation(doc.same("builder", p.Builder.Name))
	floors := doc.same("floors", p.floors())
	area := number(p.FloorArea)
	doc.set("floor_area", area, area+"平方米")
	doc.set("height", number(p.Height), number(p.Height)+"米")
	n.para(fmt.Sprintf("%s你单位于%s申请%s建设工程（地址：%s；建筑面积：%s平方米；建筑高度：%s米；建筑层数：%s；使用性质：%s）消防设计审查（特殊建设工程消防设计审查申请受理凭证文号：%s）。按照国家工程建设消防技术标准审查，结论如下：",
		fireLaws, paperDate(p.Dates.DrawingReview), doc.same("project_name", p.Name), doc.same("location", p.Location), area, number(p.Height), floors,
		doc.same("use_nature", p.Use), doc.same("acceptance_voucher_no", p.Numbers.FireDesignVoucher)))
	n.verdict(d)
	n.para("如不服本决定，可以在收到本意见书之日起六十日内依法向" + p.cityOffice("人民政府") + "申请行政复议，或者六个月内依法向人民法院提起行政诉讼。")
	n.flow.sign(d, &doc, signature{issuer: issuer, day: p.Dates.FireDesign, purpose: pick(d, []string{"", "消防审验专用章"})})
	n.receipt("备注：本意见书一式两份，一份交建设单位，一份存档。")
	return n.finish()
}

// fireAcceptOpinion draws 特殊建设工程消防验收意见书.
func fireAcceptOpinion(p Project, d dice) Document {
	var doc Document
	issuer := p.cityOffice("住房和城乡建设局")
	n := newNotice(d, &doc, noticeHead{header: issuer, title: "特殊建设工程消防验收意见书",
		number: "（文号：" + doc.same("doc_no", p.Numbers.FireAccept) + "）", numberField: "doc_no"})
	n.salutation(doc.same("builder", p.Builder.Name))
	above, below := number(p.AreaAbove), number(p.AreaBelow)
	doc.set("floor_area_above", above, above)
	doc.set("floor_area_below", below, below+"平方米")
	doc.set("height", number(p.Height), number(p.Height)+"米")
	n.para(fmt.Sprintf("%s你单位于%s申请%s（楼幢名称：%s）建设工程（地址：%s；建筑面积：地上：%s；地下：%s平方米；建筑层数：%s，建筑高度：%s米，使用性质：%s）消防验收（特殊建设工程消防验收申请受理凭证文号：%s）。按照国家工程建设消防技术标准和建设工程消防验收有关规定，根据申请材料及建设工程现场评定情况，结论如下：",
		fireLaws, paperDate(p.Dates.PlanningVerify), doc.same("project_name", p.Name), doc.same("building_name", fmt.Sprintf("1#～%d#栋", p.Buildings+1)),
		doc.same("location", p.Location), above, below, p.floors(), number(p.Height), doc.same("use_nature", p.Use), p.Numbers.FireAcceptVoucher))
	n.verdict(d)
	n.flow.sign(d, &doc, signature{issuer: issuer, day: p.Dates.FireAccept, purpose: pick(d, []string{"", "消防审验专用章"})})
	n.receipt("备注：本凭证一式两份，一份交建设单位，一份存档。")
	return n.finish()
}

// verdict prints 合格 or, one time in eight, 不合格 with what is wrong.
func (n *notice) verdict(d dice) {
	if d.chance(0.125) {
		n.doc.set("conclusion", "不合格", "不合格")
		n.set("□合格。", "", 2, n.body)
		n.set("■不合格。主要存在以下问题：", "conclusion", 2, n.body)
		for i, s := range []string{"部分防火门未按设计文件安装闭门器；", "消防电梯前室正压送风口风量不足。"} {
			n.para(fmt.Sprintf("%d．%s", i+1, s))
		}
		return
	}
	n.doc.set("conclusion", "合格", "合格")
	n.set("合格。", "conclusion", 2, n.body)
}

// receipt sets the line for the builder's signature and the note at the foot.
func (n *notice) receipt(note string) {
	n.need(30)
	y := max(n.y+14, 238)
	s := n.sheet()
	st := style{Serif, pt14, Black, 0}
	s.left(n.x, y, st, "建设单位签收：", "")
	s.hline(n.x+st.width("建设单位签收："), n.x+85, y+st.em(), 0.25, Black)
	s.left(n.x+95, y, st, "年    月    日", "")
	s.left(n.x, y+12, style{Serif, pt12, Black, 0}, note, "")
}

// floors is 地上18层、地下2层.
func (p Project) floors() string {
	return fmt.Sprintf("地上%d层、地下%d层", p.FloorsAbove, p.FloorsBelow)
}
