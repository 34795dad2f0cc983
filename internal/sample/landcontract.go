package sample

import "fmt"

// landContract draws 国有建设用地使用权出让合同: a cover, some forty clauses, the
// signature page with the seals of both parties.
func landContract(p Project, d dice) Document {
	doc := Document{Title: "国有建设用地使用权出让合同"}
	f := newPlainFlow()
	f.body, f.leading = style{Serif, pt14, Black, 0}, 9.4
	transferor := doc.same("transferor", p.cityOffice("自然资源和规划局"))
	f.contractCover(p, &doc, transferor)
	f.newPage()
	f.para(fmt.Sprintf("本合同双方当事人：出让人：%s；通讯地址：%s行政中心；受让人：%s；通讯地址：%s；统一社会信用代码：%s。", transferor, p.cityOffice(""), p.Builder.Name, p.Builder.Address, p.Builder.USCC))
	clause := 0
	for _, chapter := range landChapters(p, &doc) {
		f.skip(3)
		f.need(3 * f.leading)
		f.centre(style{Sans, pt16, Black, 0.1}, 11, chapter.title, "")
		for _, c := range chapter.clauses {
			clause++
			f.set(fmt.Sprintf("第%s条　%s", smallNumber(clause), c.text), c.field, 2, f.body)
		}
	}
	f.contractSignatures(p, d, &doc, transferor)
	doc.Pages = f.pages()
	return doc
}

// clause is a sentence of a contract, and the field it holds, if any.
type clause struct{ text, field string }

type chapter struct {
	title   string
	clauses []clause
}

func (f *flow) contractCover(p Project, doc *Document, transferor string) {
	s := f.sheet()
	st := style{Serif, pt14, Black, 0}
	s.right(180, 30, st, "电子监管号："+doc.same("supervision_no", p.Numbers.LandSupervision), "supervision_no")
	s.right(180, 40, st, "合同编号："+doc.same("contract_no", p.Numbers.LandContract), "contract_no")
	s.centre(30, 180, 92, style{SerifBold, pt26, Black, 0.04}, "国有建设用地使用权出让合同", "")
	lines := []pair{{"出让人：", transferor, "transferor"}, {"受让人：", doc.same("builder", p.Builder.Name), "builder"}, {"宗地编号：", doc.same("parcel_no", p.Parcel), "parcel_no"}}
	y := 170.0
	for _, l := range lines {
		s.left(45, y, st, l.label, "")
		s.left(45+st.width(l.label), y, st.fit(l.value, 120), l.value, l.field)
		y += 14
	}
	s.centre(30, 180, 250, style{Serif, pt14, Black, 0}, "湖南省自然资源厅　制", "")
}

// contractSignatures closes the contract on a page of its own.
func (f *flow) contractSignatures(p Project, d dice, doc *Document, transferor string) {
	f.newPage()
	s, st := f.sheet(), f.body
	day := p.Dates.LandContract
	printed := paperDate(day)
	doc.set("sign_date", isoDate(day), printed)
	f.set(fmt.Sprintf("本合同于%s在湖南省%s签订。", printed, p.City), "sign_date", 2, st)
	y := f.y + 24
	for i, side := range []pair{{"出让人（章）：", transferor, ""}, {"受让人（章）：", p.Builder.Name, ""}} {
		x := 34 + float64(i)*78
		s.left(x, y, st, side.label, "")
		s.left(x, y+12, st.fit(side.value, 70), side.value, "")
		s.left(x, y+34, st, "法定代表人（委托代理人）", "")
		s.left(x, y+44, st, "（签字）：", "")
		s.add(scribble(d, x+28, y+46, 26))
		s.add(officeSeal(d, x+34, y+16, side.value, orEmpty(i == 1, "合同专用章")))
	}
	s.left(112, y+70, st, printed, "")
}

func landChapters(p Project, doc *Document) []chapter {
	years := map[string]int{"工业用地": 50, "商务金融用地": 40}[p.LandUse]
	if years == 0 {
		years = 70
	}
	area, price := number(p.LandArea), fmt.Sprint(p.LandPrice)
	doc.set("land_area", area, area+"平方米")
	doc.set("price", price, price+"元")
	doc.same("location", p.Location)
	doc.same("land_use", p.LandUse)
	doc.same("term_years", fmt.Sprintf("%d年", years))
	doc.set("plot_ratio", "不高于"+number(p.PlotRatio), "不高于"+number(p.PlotRatio))
	permit := p.Dates.Permit
	return []chapter{
		{"第一章　总则", []clause{
			{"根据《中华人民共和国民法典》《中华人民共和国土地管理法》《中华人民共和国城市房地产管理法》等法律、有关行政法规及土地供应政策规定，双方本着平等、自愿、有偿、诚实信用的原则，订立本合同。", ""},
			{"出让土地的所有权属中华人民共和国，出让人根据法律的授权出让国有建设用地使用权，地下资源、埋藏物不属于国有建设用地使用权出让范围。", ""},
			{"受让人对依法取得的国有建设用地，在出让期限内享有占有、使用、收益和依法处置的权利，有权利用该土地依法建造建筑物、构筑物及其附属设施。", ""},
		}},
		{"第二章　出让土地的交付与出让价款的缴纳", []clause{
			{fmt.Sprintf("本合同项下出让宗地编号为%s，宗地总面积大写%s，小写%s平方米，其中出让宗地面积为%s平方米。", p.Parcel, "见附件", area, area), "land_area"},
			{fmt.Sprintf("本合同项下的出让宗地坐落于%s。", p.Location), "location"},
			{fmt.Sprintf("本合同项下出让宗地的用途为%s，宗地用途：%s。", p.LandUse, p.LandUse), "land_use"},
			{fmt.Sprintf("出让人同意在%s前将出让宗地交付给受让人，交付土地时宗地达到场地平整和通路、通水、通电。", paperDate(p.Dates.LandUse)), ""},
			{fmt.Sprintf("本合同项下的国有建设用地使用权出让年期为%d年，按交付土地之日起算。", years), "term_years"},
			{fmt.Sprintf("本合同项下宗地的国有建设用地使用权出让价款为人民币大写%s（小写%s元）。", capitalAmount(p.LandPrice), price), "price"},
			{fmt.Sprintf("受让人同意自本合同签订之日起60日内，一次性付清国有建设用地使用权出让价款，定金为人民币%d元，定金抵作土地出让价款。", p.LandPrice/5), ""},
			{"受让人应在按本合同约定付清本宗地全部出让价款后，持本合同和出让价款缴纳凭证等相关证明材料，申请国有建设用地使用权登记。", ""},
		}},
		{"第三章　土地开发建设与利用", []clause{
			{fmt.Sprintf("受让人同意本合同项下宗地开发投资强度按规定执行，项目固定资产总投资不低于人民币%d万元。", p.Investment), ""},
			{fmt.Sprintf("受让人在本合同项下宗地范围内新建建筑物的，应符合规划条件：主体建筑物性质%s；容积率不高于%s；建筑密度不高于35%%；绿地率不低于30%%。", p.Use, number(p.PlotRatio)), "plot_ratio"},
			{fmt.Sprintf("受让人同意本合同项下宗地建设项目在%s之前开工，在%s之前竣工。受让人不能按期开工的，应提前30日向出让人提出延建申请。", paperDate(permit.AddDate(0, 3, 0)), paperDate(p.Dates.Completion.AddDate(0, 6, 0))), ""},
			{"受让人在本合同项下宗地内进行建设时，有关用水、用气、污水及其他设施与宗地外主管线、用电变电站接口和引入工程，应按有关规定办理。", ""},
			{"受让人应当按照本合同约定的土地用途、容积率利用土地，不得擅自改变。在出让期限内需要改变本合同约定的土地用途的，由双方依法办理改变土地用途批准手续。", ""},
			{"政府保留对本合同项下宗地的规划调整权，原规划如有修改，该宗地已有的建筑物不受影响，但在使用期限内改建、翻建、重建或者期限届满申请续期时，必须按届时有效的规划执行。", ""},
		}},
		{"第四章　国有建设用地使用权转让、出租、抵押", []clause{
			{"受让人按照本合同约定支付全部国有建设用地使用权出让价款，领取不动产权证书后，有权将本合同项下的全部或部分国有建设用地使用权转让、出租、抵押。", ""},
			{"国有建设用地使用权的转让、出租及抵押合同，不得违背国家法律、法规规定和本合同约定。", ""},
			{"国有建设用地使用权全部或部分转让后，本合同和土地登记文件中载明的权利、义务随之转移，使用年限为本合同约定的使用年限减去已经使用年限后的剩余年限。", ""},
		}},
		{"第五章　期限届满", []clause{
			{"本合同约定的使用年限届满，土地使用者需要继续使用本合同项下宗地的，应当至迟于届满前一年向出让人提交续期申请书，除根据社会公共利益需要收回的，出让人应当予以批准。", ""},
			{"土地出让期限届满，土地使用者没有申请续期的，由出让人代表国家收回国有建设用地使用权，地上建筑物的归属按照法律、行政法规的规定办理。", ""},
		}},
		{"第六章　不可抗力", []clause{
			{"合同双方当事人任何一方由于不可抗力原因造成的本合同部分或全部不能履行，可以免除责任，但应在条件允许下采取一切必要的补救措施以减少损失。", ""},
			{"遇有不可抗力的一方，应在7日内将不可抗力情况以书面形式通知另一方，并在不可抗力发生后15日内，向另一方提交履行情况报告及证明。", ""},
		}},
		{"第七章　违约责任", []clause{
			{"受让人不能按时支付国有建设用地使用权出让价款的，自滞纳之日起，每日按迟延支付款项的1‰向出让人缴纳违约金，延期付款超过60日，出让人有权解除合同。", ""},
			{"受让人造成土地闲置，闲置满一年不满两年的，应依法缴纳土地闲置费；土地闲置满两年且未开工建设的，出让人有权无偿收回国有建设用地使用权。", ""},
			{"受让人未能按照本合同约定日期开工建设的，每延期一日，应向出让人支付相当于国有建设用地使用权出让价款总额1‰的违约金。", ""},
			{"出让人未按期交付出让土地，延期交付超过6个月的，受让人有权解除合同，出让人应当双倍返还定金，并退还已经支付的其余部分。", ""},
		}},
		{"第八章　适用法律及争议解决", []clause{
			{"本合同订立、效力、解释、履行及争议的解决，适用中华人民共和国法律。", ""},
			{"因履行本合同发生争议，由争议双方协商解决，协商不成的，依法向人民法院起诉。", ""},
		}},
		{"第九章　附则", []clause{
			{"本合同项下宗地出让方案业经有批准权的人民政府批准，本合同自双方签订之日起生效。", ""},
			{"本合同和附件共拾页整，以中文书写为准。本合同的价款、金额、面积等项应当同时以大、小写表示，大小写数额应当一致，不一致的，以大写为准。", ""},
			{"本合同未尽事宜，可由双方约定后作为合同附件，与本合同具有同等法律效力。本合同一式陆份，出让人、受让人各执叁份，具有同等法律效力。", ""},
		}},
	}
}
