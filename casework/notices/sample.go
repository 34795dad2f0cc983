package notices

import (
	"strings"

	"onewindow/approval/notice"
)

// caseVariables are those of notices about a case, itemVariables those of notices
// about one of its items besides.
const (
	caseVariables = "applicant project_name project_code contact telephone supervision_telephone date material_list case_no channel"
	itemVariables = caseVariables + " item unit from_unit limit_workdays received_at accepted_at returned_at due_date reason reasons suggested_unit" +
		" committed_materials commit_deadline deadline gaps kind days start"
	footVariables = "contact telephone supervision_telephone "
	giveVariables = footVariables + "item case_no document pickup_code hall mode"
)

// variables are what each kind is issued with; a test issues every kind with a
// template that names all of them.
var variables = map[string]string{
	"material_receipt": caseVariables, "acceptance_notice": itemVariables, "deemed_acceptance": itemVariables, "correction_notice": itemVariables,
	"refusal_notice": itemVariables, "return_notice": itemVariables, "rejection_notice": itemVariables, "special_procedure": itemVariables,
	"inquiry_notice": footVariables + "submitted_at stage project_name project_code lead_unit published_at rows",
	"payment_notice": footVariables + "pay_by fee_name amount amount_cn", "ready_notice": giveVariables, "delivery_receipt": giveVariables,
	"handover_list":      footVariables + "unit hall handed_by time",
	"consultation_reply": footVariables + "no asked_at question unit answer answered_at",
	"complaint_reply":    footVariables + "no received_at subject handling_unit result answered_at",
	"classified_notice":  footVariables + "time",
}

// sampleValues are invented.
var sampleValues = map[string]string{
	"applicant": "湖南星湖置业有限公司", "project_name": "星湖花园一期项目", "project_code": "2404-430100-04-01-123453", "contact": "李某",
	"telephone": "0731-80000000", "supervision_telephone": "0731-80000001", "date": "2026年11月23日", "material_list": "营业执照、土地出让合同、总平面图",
	"case_no": "430100-20261123-0001", "channel": "虚拟窗口", "item": "建设用地规划许可证核发", "unit": "长沙市自然资源和规划局", "from_unit": "长沙市自然资源和规划局",
	"limit_workdays": "3", "received_at": "2026年11月23日10:00", "accepted_at": "2026年11月24日17:30", "returned_at": "2026年11月24日09:00",
	"due_date": "2026年12月3日", "reason": "该地块规划条件由另一单位核定", "reasons": "用地性质不符", "suggested_unit": "长沙市住房和城乡建设局",
	"committed_materials": "营业执照", "commit_deadline": "2026年12月14日", "deadline": "2026年12月14日", "gaps": "", "rows": "", "kind": "专家评审", "days": "15",
	"start": "2026年11月25日", "submitted_at": "2026年11月20日", "stage": "立项用地规划许可", "lead_unit": "长沙市自然资源和规划局", "published_at": "2026年11月23日",
	"pay_by": "2026年12月31日", "fee_name": "防空地下室易地建设费", "amount": "120000.00", "amount_cn": "壹拾贰万元整", "document": "建设用地规划许可证",
	"pickup_code": "8A2K7Q", "hall": "长沙市政务服务大厅", "mode": "窗口领取", "handed_by": "张某", "time": "2026年11月23日10:00",
	"no": "ZX202611230001", "asked_at": "2026年11月20日", "question": "红线图应使用哪个坐标系？", "answer": "请使用 2000 国家大地坐标系。", "answered_at": "2026年11月23日",
	"subject": "施工许可逾期未办", "handling_unit": "长沙市住房和城乡建设局", "result": "经查，该事项已于今日办结。",
}

var sampleTables = map[string]*notice.Table{
	"material_receipt": {Columns: []string{"序号", "材料名称", "来源"}, Rows: [][]string{{"1", "营业执照", "申请人提交"}, {"2", "建设用地规划许可证", "已有审批成果（免提交）"}}},
	"correction_notice": {Columns: []string{"序号", "材料名称", "材料形式", "份数", "补正原因", "备注"}, Rows: [][]string{
		{"1", "营业执照", "复印件", "1", "缺少该材料", ""}, {"2", "授权委托书", "原件", "1", "未签字或未盖章", "须加盖公章"}}},
	"rejection_notice": {Columns: []string{"序号", "不予批准的原因"}, Rows: [][]string{{"1", "用地性质与控制性详细规划不符"}, {"2", "总平面图超出用地红线"}}},
	"inquiry_notice": {Columns: []string{"办理事项", "办理单位", "申报材料清单", "办理时限", "说明"}, Rows: [][]string{
		{"建设用地规划许可证核发", "长沙市自然资源和规划局", "营业执照、土地出让合同", "7个工作日", ""}}},
	"payment_notice": {Columns: []string{"项目", "内容"}, Rows: [][]string{{"办理事项", "人民防空工程建设审批"}, {"缴款单位", "湖南星湖置业有限公司"}}},
	"delivery_receipt": {Columns: []string{"项目", "内容"}, Rows: [][]string{{"许可事项", "建设用地规划许可证核发"}, {"受送达人", "王某"},
		{"送达日期", "2026年12月1日10:00"}, {"送达方式", "窗口领取"}, {"收件人签字或盖章", ""}}},
	"handover_list": {Columns: []string{"序号", "文书名称", "文号", "份数", "页数"}, Rows: [][]string{{"1", "建设用地规划许可证", "地字第430100202600001号", "2", "4"}}},
}

func sampleVars(kind string) map[string]string {
	out := map[string]string{}
	for _, name := range strings.Fields(variables[kind]) {
		out[name] = sampleValues[name]
	}
	return out
}
