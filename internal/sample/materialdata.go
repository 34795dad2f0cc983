package sample

// reports are papers of third parties that begin with a cover.
func reports() []material {
	return []material{
		{"application-report", []string{"%s项目申请报告"}, drawReport, byConsultant, []string{"项目单位概况及拟建项目情况。", "资源开发及综合利用分析、节能方案分析。", "经济和社会影响分析。"}},
		{"proposal-report", []string{"%s项目建议书"}, drawReport, byConsultant, []string{"项目提出的背景和建设的必要性。", "建设规模、建设条件和投资匡算。"}},
		{"feasibility-report", []string{"%s可行性研究报告", "可行性研究报告"}, drawReport, byConsultant, []string{"编制依据和研究范围。", "投资估算和资金来源：总投资由建设单位自筹解决。", "研究结论：项目建设必要，技术可行。"}},
		{"site-selection-report", []string{"%s规划选址论证报告", "%s节约集约用地论证分析专章"}, drawReport, byDesign, []string{"选址方案比选。", "与国土空间规划的符合性。"}},
		{"boundary-survey", []string{"土地勘测定界技术报告书"}, drawReport, bySurvey, []string{"界址点坐标成果见附表，坐标系统为2000国家大地坐标系。", "勘测定界面积汇总见附表。"}},
		{"mineral-assessment", []string{"%s压覆重要矿产资源调查评估报告"}, drawReport, bySurvey, []string{"评估范围内矿产资源分布情况。", "结论：未压覆重要矿产资源。"}},
		{"forest-survey", []string{"%s使用林地可行性报告"}, drawReport, byConsultant, []string{"拟使用林地现状及森林植被情况。", "使用林地的必要性。"}},
		{"scenic-report", []string{"%s涉及风景名胜区专题论证报告"}, drawReport, byConsultant, []string{"选址方案对风景资源的影响。"}},
		{"energy-report", []string{"%s节能报告"}, drawReport, byConsultant, []string{"项目年综合能源消费量为1860.5吨标准煤。", "节能措施与能效水平评价。"}},
		{"eia-report", []string{"建设项目环境影响报告表", "%s环境影响报告表"}, drawReport, byConsultant, []string{"建设项目基本情况和工程分析。", "主要污染物产生及预计排放情况。", "拟采取的污染防治措施及预期效果。"}},
		{"eia-public-doc", []string{"%s环境影响评价公众参与说明"}, drawReport, byBuilder, []string{"首次信息公开情况。", "征求意见稿公示情况，公示期间未收到反对意见。"}},
		{"soil-plan", []string{"%s水土保持方案报告书", "%s水土保持方案报告表"}, drawReport, byConsultant, []string{"水土流失防治责任范围和防治目标。", "弃渣去向与临时堆土防护。"}},
		{"flood-report", []string{"%s洪水影响评价报告", "%s防洪评价报告"}, drawReport, byConsultant, []string{"河道演变和防洪标准分析。"}},
		{"heritage-survey", []string{"%s考古调查勘探报告"}, drawReport, byConsultant, []string{"勘探范围、方法和发现。"}},
		{"prelim-design", []string{"%s初步设计说明书", "%s初步设计概算书"}, drawReport, byDesign, []string{"设计依据与设计范围。", "概算编制说明。"}},
		{"seismic-report", []string{"%s超限高层建筑工程抗震设防可行性论证报告"}, drawReport, byDesign, []string{"结构超限情况与抗震性能目标。"}},
		{"survey-report", []string{"%s岩土工程勘察报告（详细勘察阶段）", "岩土工程勘察报告"}, drawReport, bySurvey, []string{"场地地层自上而下为填土、粉质黏土、圆砾、强风化板岩。", "各岩土层承载力特征值见附表。"}},
		{"calc-book", []string{"%s结构计算书", "建筑节能计算书"}, drawReport, byDesign, []string{"计算软件、荷载取值和计算结果。"}},
		{"fire-design-doc", []string{"%s消防设计专篇"}, drawReport, byDesign, []string{"防火分区与安全疏散。", "室内消火栓、自动喷水灭火系统。"}},
		{"civil-defense-design", []string{"%s防空地下室设计说明"}, drawReport, byDesign, []string{"抗力等级、防化等级和平战转换措施。"}},
		{"safety-measures", []string{"%s施工组织设计", "危险性较大的分部分项工程清单及安全管理措施"}, drawReport, byConstruction, []string{"施工部署与总平面布置。", "质量、安全、文明施工保证措施。"}},
		{"road-plan", []string{"%s占道施工方案及交通组织方案"}, drawReport, byConstruction, []string{"占用路段、时间和交通疏解措施。"}},
		{"greenery-plan", []string{"%s树木移植方案"}, drawReport, byConstruction, []string{"移植树种、胸径、数量和养护措施。"}},
		{"waste-plan", []string{"%s建筑垃圾处置方案"}, drawReport, byConstruction, []string{"产生量、运输路线和消纳场所。"}},
		{"pipeline-relocation", []string{"%s供水排水管线迁改方案"}, drawReport, byDesign, []string{"现状管线与迁改路由。"}},
		{"lightning-design", []string{"%s防雷装置设计说明书"}, drawReport, byDesign, []string{"防雷类别与接闪器布置。"}},
		{"utility-load", []string{"用电设备清单", "%s用水量计算书"}, drawReport, byDesign, []string{"负荷统计和管网接口位置。"}},
		{"completion-survey", []string{"%s竣工规划测量成果报告", "%s多测合一成果报告"}, drawReport, bySurvey, []string{"测绘单位对建筑平面位置、高度和面积进行了实测。"}},
		{"completion-report", []string{"%s竣工验收报告", "建设工程竣工验收报告"}, drawReport, byBuilder, []string{"工程实施情况和验收组织形式。", "验收结论：工程质量合格。"}},
		{"fire-test-report", []string{"建筑消防设施检测报告"}, drawReport, byConsultant, []string{"消防设施检测结论：合格。"}},
		{"fire-completion", []string{"%s竣工验收消防查验报告"}, drawReport, byBuilder, []string{"各系统查验情况汇总。"}},
		{"civil-defense-report", []string{"%s人防工程竣工验收报告"}, drawReport, byBuilder, []string{"防护设备安装与密闭性能检测。"}},
		{"lightning-test", []string{"防雷装置检测报告"}, drawReport, byConsultant, []string{"接地电阻实测值满足要求。"}},
		{"quality-supervision", []string{"工程质量监督报告"}, drawReport, byQuality, []string{"监督抽查情况和竣工验收监督意见。"}},
		{"housing-manuals", []string{"住宅质量保证书", "住宅使用说明书"}, drawReport, byBuilder, []string{"保修范围、保修期限和使用注意事项。"}},
		{"design-scheme", []string{"%s规划设计方案", "%s建设工程设计方案"}, drawReport, byDesign, []string{"主要经济技术指标：容积率、建筑密度、绿地率。"}},
	}
}

// applications are forms filled in by the applicant.
func applications() []material {
	return []material{
		{"unified-form", []string{"湖南省工程建设项目审批统一申请表"}, drawForm, byBuilder, []string{"申请事项（勾选）", "建设规模", "总投资"}},
		{"filing-info-form", []string{"企业投资项目备案信息登记表"}, drawForm, byBuilder, []string{"总投资", "建设性质", "建设规模及内容"}},
		{"registration-form", []string{"不动产登记申请书"}, drawForm, byBuilder, []string{"申请登记事由", "权利人类型", "登记原因证明文件"}},
		{"civil-defense-form", []string{"防空地下室建设申请表", "防空地下室易地建设申请表"}, drawForm, byBuilder, []string{"地上总建筑面积", "应建面积", "防护等级"}},
		{"fire-design-form", []string{"特殊建设工程消防设计审查申请表"}, drawForm, byBuilder, []string{"特殊建设工程情形", "建筑高度", "使用性质"}},
		{"permit-form", []string{"建筑工程施工许可证申请表", "建筑工程施工许可申请表"}, drawForm, byBuilder, []string{"建设规模", "合同价格", "施工单位", "监理单位", "合同工期"}},
		{"qs-form", []string{"建设工程质量安全监督登记表"}, drawForm, byBuilder, []string{"结构类型", "施工单位项目负责人", "总监理工程师"}},
		{"utility-form", []string{"市政公用服务联合报装申请表", "用水报装申请表"}, drawForm, byBuilder, []string{"报装类别", "预计用量", "期望接入时间"}},
		{"fire-accept-form", []string{"特殊建设工程消防验收申请表"}, drawForm, byBuilder, []string{"消防设计审查意见书文号", "竣工日期", "使用性质"}},
		{"joint-form", []string{"建设工程竣工联合验收申请表"}, drawForm, byBuilder, []string{"施工许可证号", "申请联合验收事项", "竣工日期"}},
		{"drain-form", []string{"城镇污水排入排水管网许可申请表"}, drawForm, byBuilder, []string{"排水户类型", "排水量", "污水处理设施"}},
	}
}

// letters are commitments, proofs and contracts.
func letters() []material {
	return []material{
		{"commitment-letter", []string{"工程建设项目告知承诺书", "告知承诺书"}, drawPromise, byBuilder, []string{"已经知晓行政审批机关告知的全部内容。", "本单位承诺在规定期限内补齐有关材料，承诺期限为30日。", "所提交的材料真实、合法、有效，无虚假。"}},
		{"fund-commit", []string{"建设资金已落实承诺书", "建设资金已经落实承诺书"}, drawPromise, byBuilder, []string{"本项目建设资金已经落实，能够满足施工需要。", "不拖欠工程款和农民工工资。"}},
		{"site-ready-commit", []string{"施工现场具备施工条件承诺书"}, drawPromise, byBuilder, []string{"施工场地已经基本具备施工条件，通水、通电、通路、场地平整。"}},
		{"five-party-commit", []string{"工程质量终身责任承诺书"}, drawPromise, byConstruction, []string{"本人作为该工程的项目负责人，对设计使用年限内的工程质量承担相应终身责任。"}},
		{"power-of-attorney", []string{"授权委托书", "法定代表人授权委托书"}, drawPromise, byBuilder, []string{"委托人授权受托人办理该项目审批的有关手续。", "委托权限：提交材料、签收文书、查询进度。", "委托期限：自签发之日起一年。"}},
		{"warranty", []string{"房屋建筑工程质量保修书"}, drawPromise, byConstruction, []string{"地基基础工程和主体结构工程的保修期为设计文件规定的合理使用年限。", "屋面防水工程保修期为五年。"}},
		{"funding-proof", []string{"建设资金证明", "项目资金落实情况证明"}, drawProof, byBank, []string{"该单位在我行开立的账户余额不少于人民币5000万元，可用于%s建设。"}},
		{"land-price-payment", []string{"中华人民共和国税收完税证明"}, drawProof, func(p Project) string { return "国家税务总局" + p.cityOffice("税务局") }, []string{"税种：契税、印花税；计税依据：土地出让价款；入库金额见附表。"}},
		{"transaction-confirm", []string{"国有建设用地使用权成交确认书"}, drawProof, byExchange, []string{"经公开挂牌出让，竞得人以最高报价竞得该宗地使用权，成交价见附表，宗地编号见出让公告。"}},
		{"land-handover", []string{"交地确认书"}, drawProof, byPlanning, []string{"出让人已按合同约定将宗地交付受让人，现场界址清楚。"}},
		{"scheme-publicity", []string{"%s设计方案批前公示证明"}, drawProof, byPlanning, []string{"该设计方案已在现场和网站公示，公示期10日，期间无异议。"}},
		{"planning-conditions", []string{"规划条件通知书", "规划设计条件通知书"}, drawProof, byPlanning, []string{"用地性质、容积率、建筑密度、绿地率和建筑高度应当符合控制性详细规划。"}},
		{"civil-defense-fee", []string{"防空地下室易地建设费缴纳凭证"}, drawProof, func(p Project) string { return p.cityOffice("财政局") }, []string{"易地建设费已全额缴入国库。"}},
		{"bid-notice", []string{"中标通知书"}, drawProof, byExchange, []string{"经评标委员会评审，确定施工中标人，中标价和工期见合同，请在30日内签订书面合同。"}},
		{"wage-account", []string{"农民工工资专用账户开户证明"}, drawProof, byBank, []string{"施工总承包单位已在我行开立专用账户，工资保证金已存储。"}},
		{"injury-insurance", []string{"建筑施工企业按项目参加工伤保险证明"}, drawProof, bySocial, []string{"该项目已按项目参加工伤保险，保险费已缴纳。"}},
		{"line-check", []string{"建设工程放线验线记录"}, drawProof, bySurvey, []string{"经现场验线，建筑物角点坐标与规划许可一致。"}},
		{"archive-list", []string{"建设工程竣工档案移交清单"}, drawProof, byBuilder, []string{"移交竣工档案共120卷，其中文字80卷、图纸40卷。"}},
		{"construction-contract", []string{"建设工程施工合同", "建设工程施工合同（示范文本）"}, drawContract, byConstruction, []string{"承包人", "承包范围：施工图纸及工程量清单范围内的全部内容。", "合同工期：以开工通知载明的日期起算。", "质量标准：合格。", "签约合同价与合同价格形式：固定单价。"}},
		{"supervision-contract", []string{"建设工程监理合同", "建设工程监理合同（示范文本）"}, drawContract, bySupervision, []string{"监理人", "监理范围：施工阶段和保修阶段监理。", "总监理工程师由监理人派驻现场。", "监理酬金按进度支付。"}},
	}
}
