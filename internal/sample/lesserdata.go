package sample

import (
	"fmt"
	"time"
)

// lessers are the types of the minimal definitions, in catalogue order.
func lessers() []lesser {
	early := func(d Dates) time.Time { return d.Feasibility }
	land := func(d Dates) time.Time { return d.LandUse }
	plan := func(d Dates) time.Time { return d.Scheme }
	build := func(d Dates) time.Time { return d.Permit }
	finish := func(d Dates) time.Time { return d.Joint }
	return []lesser{
		{"rd-approval-reply", baseReply, "关于核准%s的批复", "发展和改革委员会", "发改核", "", early, "经研究，同意核准该项目，现就有关事项批复如下：", []extra{xCode, xInvestment}},
		{"rd-proposal-reply", baseReply, "关于%s项目建议书的批复", "发展和改革委员会", "发改审", "", func(d Dates) time.Time { return d.Proposal }, "经研究，原则同意该项目建议书，现批复如下：", []extra{xCode, xInvestment}},
		{"rd-mineral-reply", baseReply, "关于%s压覆重要矿产资源的审批意见", "自然资源和规划局", "资规矿", "", land, "经审查，现提出审批意见如下：", []extra{text("conclusion", "审批意见", "该项目用地范围未压覆已查明的重要矿产资源")}},
		{"rd-forest-permit", baseReply, "使用林地审核同意书", "林业局", "林地许准", "%.0s湘林地许准〔%d〕%d号", land, "根据《中华人民共和国森林法》的规定，同意%s使用林地，现批复如下：", []extra{xForest, years("valid_until", "有效期至", 2)}},
		{"rd-scenic-reply", baseReply, "关于%s风景名胜区内建设活动审批意见书", "林业局", "林景审", "", early, "经审查，该建设活动符合风景名胜区规划，同意在风景名胜区内建设。", nil},
		{"rd-energy-opinion", baseReply, "关于%s节能报告的审查意见", "发展和改革委员会", "发改节能", "", early, "根据《固定资产投资项目节能审查办法》，原则同意所报节能报告，审查意见如下：", []extra{xEnergy, years("valid_until", "本审查意见有效期至", 2)}},
		{"rd-soil-reply", baseReply, "水土保持方案审批准予行政许可决定书", "水利局", "水许", "", land, "经审查，%s水土保持方案符合法定条件，准予行政许可：", []extra{xSoil, xSoilFee}},
		{"rd-flood-reply", baseReply, "关于%s洪水影响评价审批意见", "水利局", "水洪许", "", land, "经审查，项目对河道行洪和河势稳定影响较小，同意该项目洪水影响评价报告的结论。", nil},
		{"rd-heritage-permit", baseReply, "关于%s文物保护（考古）工作的批复", "文物局", "文物许", "", land, "经考古调查勘探，项目用地范围内未发现地下文物遗存，同意开工建设。", nil},
		{"rd-scheme-opinion", baseReply, "关于%s建设工程设计方案审查意见", "自然资源和规划局", "资规方案", "", plan, "经审查，所报建设工程设计方案符合规划条件，审查意见如下：", []extra{xFloorArea, xPlotRatio}},
		{"rd-prelim-reply", baseReply, "关于%s初步设计的批复", "住房和城乡建设局", "住建初设", "", plan, "经组织专家审查，原则同意所报初步设计，现批复如下：", []extra{xCode, xBudget}},
		{"rd-seismic-opinion", baseReply, "关于%s超限高层建筑工程抗震设防专项审查意见", "住房和城乡建设局", "住建抗震", "", plan, "经超限高层建筑工程抗震设防审查专家委员会审查，抗震设防专项审查通过。", nil},
		{"rd-qs-register", baseForm, "建设工程质量安全监督登记书", "建设工程质量安全监督站", "质安监", "", build, "该工程已办理质量安全监督登记手续，请各责任主体履行法定职责。", []extra{xSupervisionNo, org("construction_unit", "施工单位", func(p Project) string { return p.Construction.Name }), org("supervision_unit", "监理单位", func(p Project) string { return p.Supervision.Name })}},
		{"rd-road-permit", baseForm, "占用、挖掘城市道路许可证", "城市管理和综合执法局", "城管占", "", build, "准予占用、挖掘城市道路，施工期间应当设置围挡和警示标志。", []extra{xRoad, xRoadArea, xFrom, years("valid_until", "有效期至", 1)}},
		{"rd-greenery-permit", baseForm, "城市绿地、树木审批许可", "城市管理和综合执法局", "城管绿", "", build, "准予临时占用城市绿地、迁移树木，施工结束后应当恢复绿地。", []extra{years("valid_until", "有效期至", 1)}},
		{"rd-waste-permit", baseForm, "城市建筑垃圾处置核准证", "城市管理和综合执法局", "城管渣", "", build, "准予处置建筑垃圾，应当按核准的时间、路线运输至指定消纳场。", []extra{xWaste, years("valid_until", "有效期至", 1)}},
		{"rd-pipeline-permit", baseReply, "关于%s供排水设施拆除改动迁移审核意见", "水利局", "水排审", "", build, "经现场踏勘和技术审查，同意所报供水、排水设施改动迁移方案。", nil},
		{"rd-lightning-opinion", baseForm, "防雷装置设计核准意见书", "气象局", "气防雷设", "", build, "防雷装置设计符合国家防雷技术规范，准予核准。", nil},
		{"rd-water-plan", baseLetter, "供水方案答复书", "供水有限公司", "供水", "", build, "经现场勘察，现将供水方案答复如下：", []extra{xPipe, xConnect}},
		{"rd-power-plan", baseForm, "供电方案答复单", "供电公司", "供电", "", build, "同意按本方案供电，请委托有资质的单位设计施工。", []extra{xCapacity, text("voltage", "供电电压", "10千伏"), years("valid_until", "方案有效期至", 1)}},
		{"rd-gas-plan", baseLetter, "供气方案答复书", "燃气有限公司", "燃气", "", build, "经现场勘察，现将供气方案答复如下：", []extra{xGas}},
		{"rd-drain-plan", baseLetter, "排水接入方案意见", "排水事务中心", "排水", "", build, "经审查，同意该项目按雨污分流接入市政排水管网：", []extra{xConnect}},
		{"rd-telecom-plan", baseLetter, "通信接入方案意见", "通信建设管理办公室", "通信建", "", build, "经审查，该项目通信配套设施设计符合光纤到户国家标准，同意接入。", nil},
		{"rd-land-verify", baseForm, "建设用地检查核验意见", "自然资源和规划局", "资规核", "", finish, "经核验，该项目用地范围、用途、开竣工时间符合土地供应合同约定。", nil},
		{"rd-fire-record", baseLetter, "建设工程消防验收备案凭证", "住房和城乡建设局", "", "%s住建消备字〔%d〕第%04d号", finish, "根据《中华人民共和国消防法》的规定，准予消防验收备案：", nil},
		{"rd-civil-defense-accept", baseForm, "人防工程竣工验收备案表", "人民防空办公室", "人防验", "", finish, "经核查，人防工程竣工验收备案资料齐全，准予备案。", []extra{xDefenceArea, text("protection_level", "防护等级", "核6级、常6级")}},
		{"rd-archive-opinion", baseLetter, "建设工程城建档案验收意见书", "城市建设档案馆", "城档验", "", finish, "经验收，工程档案齐全、完整、准确，验收合格。", nil},
		{"rd-lightning-accept", baseForm, "防雷装置验收意见书", "气象局", "气防雷验", "", finish, "防雷装置经检测合格，验收合格。", nil},
		{"rd-drain-permit", baseForm, "城镇污水排入排水管网许可证", "排水事务中心", "排许", "", finish, "准予按许可内容向城镇排水设施排放污水。", []extra{years("valid_until", "有效期至", 5), xDischarge}},
		{"rd-water-connect", baseLetter, "通水证明", "供水有限公司", "供水通", "", finish, "经验收合格，该项目已正式通水，供用水合同已签订。", nil},
		{"rd-power-connect", baseLetter, "送电证明", "供电公司", "供电通", "", finish, "经验收合格，该项目已正式送电，供用电合同已签订。", nil},
		{"rd-gas-connect", baseLetter, "通气证明", "燃气有限公司", "燃气通", "", finish, "经验收合格，该项目已正式通气，供用气合同已签订。", nil},
		{"rd-drain-connect", baseLetter, "排水接驳核验意见", "排水事务中心", "排水接", "", finish, "经现场核验，排水接驳符合雨污分流要求，核验合格。", nil},
		{"rd-telecom-connect", baseLetter, "光纤到户通信设施竣工验收备案意见", "通信建设管理办公室", "通信验", "", finish, "经核查，光纤到户通信设施竣工验收合格，准予备案。", nil},
	}
}

// text is a value printed as it is.
func text(key, label, value string) extra {
	return extra{key, label, func(Project, dice, time.Time) (string, string) { return value, value }}
}

func org(key, label string, of func(Project) string) extra {
	return extra{key, label, func(p Project, _ dice, _ time.Time) (string, string) { return of(p), of(p) }}
}

// years is a date some years after the day of issue.
func years(key, label string, n int) extra {
	return extra{key, label, func(_ Project, _ dice, day time.Time) (string, string) {
		t := day.AddDate(n, 0, 0)
		return isoDate(t), paperDate(t)
	}}
}

// measure is a number with its unit.
func measure(key, label, unit string, of func(p Project, d dice) float64) extra {
	return extra{key, label, func(p Project, d dice, _ time.Time) (string, string) {
		s := number(of(p, d))
		return s, s + unit
	}}
}

var (
	xCode       = org("project_code", "项目代码", func(p Project) string { return p.Code })
	xInvestment = measure("total_investment", "项目总投资", "万元", func(p Project, _ dice) float64 { return float64(p.Investment) })
	xBudget     = measure("budget_estimate", "核定概算", "万元", func(p Project, _ dice) float64 { return float64(p.Investment) * 0.96 })
	xFloorArea  = measure("floor_area", "总建筑面积", "平方米", func(p Project, _ dice) float64 { return p.FloorArea })
	xPlotRatio  = org("plot_ratio", "容积率", func(p Project) string { return number(p.PlotRatio) })
	xEnergy     = measure("annual_energy_tce", "年综合能源消费量", "吨标准煤", func(p Project, d dice) float64 { return float64(d.between(60000, 400000)) / 100 })
	xSoil       = hectares("responsibility_area", "水土流失防治责任范围", 1)
	xSoilFee    = measure("compensation_fee", "水土保持补偿费", "元", func(p Project, _ dice) float64 { return round2(p.LandArea) })
	xForest     = hectares("forest_area", "使用林地面积", 0.3)
	xRoad       = org("road", "占用道路名称", func(p Project) string { return streets[p.Seed%uint64(len(streets))] })
	xRoadArea   = measure("area", "占用面积", "平方米", func(_ Project, d dice) float64 { return float64(d.between(20, 900)) })
	xFrom       = years("valid_from", "有效期自", 0)
	xWaste      = measure("volume_m3", "核准处置量", "立方米", func(_ Project, d dice) float64 { return float64(d.between(20, 900) * 100) })
	xPipe       = extra{"pipe_diameter", "接水管径", func(_ Project, d dice, _ time.Time) (string, string) {
		s := pick(d, []string{"DN100", "DN150", "DN200", "DN300"})
		return s, s
	}}
	xConnect     = org("connection_point", "接入点", func(p Project) string { return streets[p.Seed%uint64(len(streets))] + "市政管网预留井" })
	xCapacity    = measure("capacity_kva", "供电容量", "千伏安", func(_ Project, d dice) float64 { return float64(d.between(4, 80) * 100) })
	xGas         = measure("gas_load_m3h", "用气负荷", "立方米/小时", func(_ Project, d dice) float64 { return float64(d.between(40, 900)) })
	xDefenceArea = measure("built_area", "人防建筑面积", "平方米", func(p Project, _ dice) float64 { return round2(p.DefenceArea * 1.02) })
	xDischarge   = extra{"discharge_volume", "准予排水量", func(_ Project, d dice, _ time.Time) (string, string) {
		s := fmt.Sprintf("%d立方米/日", d.between(20, 900))
		return s, s
	}}

	xSupervisionNo = extra{"supervision_no", "监督登记号", func(p Project, d dice, day time.Time) (string, string) {
		s := fmt.Sprintf("%s%s%03d", p.Division, day.Format("2006"), d.between(1, 400))
		return s, s
	}}
)

// hectares prints a share of the land in hectares; its value is in m².
func hectares(key, label string, share float64) extra {
	return extra{key, label, func(p Project, _ dice, _ time.Time) (string, string) {
		raw := fmt.Sprintf("%.4f", p.LandArea*share/10000)
		return number(mustFloat(raw) * 10000), raw + "公顷"
	}}
}
