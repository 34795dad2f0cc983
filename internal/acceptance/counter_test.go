package acceptance_test

import (
	"net/http"
	"strings"
	"testing"
)

// soil is an item with a fee; waterConnection is a utility's.
const (
	soil            = "HN-S1-15" // 生产建设项目水土保持方案审批, water_admin
	waterConnection = "HN-S3-11" // 供水报装
)

// rivers appoints an officer of the water administration.
func (w *town) rivers() {
	w.t.Helper()
	w.newAccount("rivers")
	w.appoint("rivers", officer("water_admin", nil)).want(http.StatusOK)
}

func TestG11_PaymentIsNotifiedForItemsWithAFeeAndPaidWithAVoucher(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.rivers()
	caseID, items := w.apply("S1", soil, landUse)
	bill := map[string]any{"case_item": items[landUse], "amount_fen": 1234560, "pay_by": "2026-12-04", "account": "长沙市非税收入汇缴结算户"}
	w.ask("clerk", "POST", "/v1/payments", bill).want(http.StatusUnprocessableEntity).says("该事项不收费")
	bill["case_item"], bill["amount_fen"], bill["pay_by"] = items[soil], 0, "2026-11-22"
	w.ask("clerk", "POST", "/v1/payments", bill).want(http.StatusUnprocessableEntity).says("amount", "pay_by")
	bill["amount_fen"], bill["pay_by"] = 1234560, "2026-12-04"
	w.ask("planner", "POST", "/v1/payments", bill).want(http.StatusNotFound) // another unit's item
	a := w.ask("clerk", "POST", "/v1/payments", bill).want(http.StatusOK).equal("state", "due").equal("amount", "12345.60").equal("payment.fee_name", "水土保持补偿费")
	id := a.text("id")
	w.ask("rivers", "POST", "/v1/payments", bill).want(http.StatusConflict) // not twice
	if got := a.moment("due"); got != "2026-12-04 17:30" {
		t.Errorf("to be paid until %s", got)
	}
	paper, number := w.noticeOf("applicant", caseID, "payment_notice")
	mustHold(t, w.paperText("applicant", paper), "缴费通知单", number, "湖南星湖置业有限公司", "水土保持补偿费", "壹万贰仟叁佰肆拾伍元陆角整", "¥12345.60", "2026年12月4日", "财综〔2014〕8号",
		"长沙市非税收入汇缴结算户")
	if !strings.HasPrefix(number, "JF") {
		t.Errorf("the notice has number %s, want one of JF", number)
	}
	w.ask("applicant", "GET", "/v1/payments?state=due", nil).want(http.StatusOK).says(id)
	w.ask("stranger", "GET", "/v1/payments/"+id, nil).want(http.StatusNotFound)
	w.ask("applicant", "POST", "/v1/payments/"+id+"/paid", map[string]any{"voucher": "x"}).want(http.StatusForbidden)
	w.ask("clerk", "POST", "/v1/payments/"+id+"/paid", map[string]any{"voucher": "doc_none"}).want(http.StatusUnprocessableEntity).says("缴款凭证")
	voucher := w.upload("clerk", "voucher.pdf", map[string]string{"project": projectCode})
	w.ask("clerk", "POST", "/v1/payments/"+id+"/paid", map[string]any{"voucher": voucher}).want(http.StatusOK).equal("state", "paid").equal("payment.voucher", voucher)
	w.ask("rivers", "POST", "/v1/payments/"+id+"/waive", map[string]any{"reason": "小微企业"}).want(http.StatusConflict)
	w.ask("rivers", "GET", "/v1/payments?state=paid", nil).want(http.StatusOK).says(id, voucher)
	w.ask("applicant", "GET", "/v1/payments?state=due", nil).want(http.StatusOK).silent(id)
}

func TestG11_OnlyTheUnitWaivesItsFeeAndSaysWhy(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.rivers()
	_, items := w.apply("S1", soil)
	id := w.ask("rivers", "POST", "/v1/payments", map[string]any{"case_item": items[soil], "amount_fen": 500, "pay_by": "2026-12-04", "account": "账户"}).
		want(http.StatusOK).text("id")
	w.ask("clerk", "POST", "/v1/payments/"+id+"/waive", map[string]any{"reason": "小微企业"}).want(http.StatusForbidden)
	w.ask("rivers", "POST", "/v1/payments/"+id+"/waive", map[string]any{"reason": " "}).want(http.StatusUnprocessableEntity).says("减免的理由")
	w.ask("rivers", "POST", "/v1/payments/"+id+"/waive", map[string]any{"reason": "小微企业免征"}).want(http.StatusOK).equal("state", "waived")
	w.ask("applicant", "GET", "/v1/payments/"+id, nil).want(http.StatusOK).equal("payment.waived_because", "小微企业免征")
}

// TestG11_AllSixFunctionsAreReachableFromTheCounter asks each as the clerk.
func TestG11_AllSixFunctionsAreReachableFromTheCounter(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	for path, list := range map[string]string{"/v1/consultations": "consultations", "/v1/trainings": "trainings", "/v1/assistances": "assistances",
		"/v1/payments": "payments", "/v1/coordination-matters": "matters", "/v1/complaints": "complaints"} {
		if got, ok := w.ask("clerk", "GET", path, nil).want(http.StatusOK).at(list).([]any); !ok || len(got) != 0 {
			t.Errorf("%s gives %v, want an empty list", path, got)
		}
	}
}

func TestP5_1_AssistanceIsForSocialAndIndustrialInvestmentOnly(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"type": "GOV_B"})
	w.ask("applicant", "POST", "/v1/assistances", map[string]any{"project": projectCode}).want(http.StatusUnprocessableEntity).
		says("只适用于社会投资和工业投资类", "政府投资房屋建筑类")
	w.ask("clerk", "GET", "/v1/assistances", nil).want(http.StatusOK).silent(projectCode)

	w = found(t, "2026-11-23 10:00")
	w.register(nil)
	w.ask("stranger", "POST", "/v1/assistances", map[string]any{"project": projectCode}).want(http.StatusNotFound)
	a := w.ask("applicant", "POST", "/v1/assistances", map[string]any{"project": projectCode, "wish": "首次报建，请协助"}).want(http.StatusOK).
		equal("state", "requested").equal("assistance.project_type", "SOC")
	w.ask("applicant", "POST", "/v1/assistances", map[string]any{"project": projectCode}).want(http.StatusConflict)
	w.ask("clerk", "GET", "/v1/assistances?open=true", nil).want(http.StatusOK).says(a.text("number"), "星湖花园一期项目", "首次报建")
	w.ask("clerk-elsewhere", "GET", "/v1/assistances", nil).want(http.StatusOK).silent(a.text("number"))
}

func TestP5_2_NamedAgentActsForUtilitiesAndOnlyHelpsWithApprovals(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.ask("applicant", "POST", "/v1/assistances", map[string]any{"project": projectCode}).want(http.StatusOK).text("id")
	w.token("clerk")
	w.token("reform")
	agent := map[string]any{"agent": "clerk", "name": "郑某", "scope": []string{"assist", "act_on_behalf"}}
	w.ask("clerk", "POST", "/v1/assistances/"+id+"/assign", agent).want(http.StatusUnprocessableEntity).says("授权委托书")
	agent["authorisation"] = w.upload("applicant", "authorisation.pdf", map[string]string{"project": projectCode})
	agent["agent"] = "reform"
	w.ask("clerk", "POST", "/v1/assistances/"+id+"/assign", agent).want(http.StatusUnprocessableEntity).says("实体窗口的在岗人员")
	agent["agent"] = "clerk"

	utility, approval := w.draft("S3", waterConnection), w.draft("S1", landUse)
	for _, c := range []string{utility, approval} {
		w.fillIn("clerk", c)
	}
	// Before the appointment the agent may submit neither.
	w.ask("clerk", "POST", "/v1/cases/"+utility+"/submit", map[string]any{}).want(http.StatusForbidden).says("须由申请单位确认")
	w.ask("clerk", "POST", "/v1/assistances/"+id+"/assign", agent).want(http.StatusOK).equal("state", "assigned").equal("assistance.agent_name", "郑某").
		equal("assistance.authorisation", agent["authorisation"].(string))
	w.ask("clerk", "POST", "/v1/cases/"+utility+"/submit", map[string]any{}).want(http.StatusOK).equal("case_items.0.unit", "water_supply")
	w.ask("clerk", "POST", "/v1/cases/"+approval+"/submit", map[string]any{}).want(http.StatusForbidden).says("代办人员只能代为提交市政公用服务事项")
	w.ask("clerk", "POST", "/v1/assistances/"+id+"/notes", map[string]any{"text": "陪同踏勘现场"}).want(http.StatusOK).says("陪同踏勘现场")
	w.ask("applicant", "GET", "/v1/assistances/"+id, nil).want(http.StatusOK).equal("assistance.agent", "clerk").says("陪同踏勘现场")
	w.ask("applicant", "POST", "/v1/assistances/"+id+"/end", map[string]any{"reason": "项目已建成"}).want(http.StatusOK).equal("state", "ended")
	more := w.draft("S3", waterConnection)
	w.fillIn("clerk", more)
	w.ask("clerk", "POST", "/v1/cases/"+more+"/submit", map[string]any{}).want(http.StatusForbidden)
}

func TestP1_3_FormFilledInByTheClerkIsSubmittedByItsApplicant(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.draft("S1", landUse)
	w.ask("clerk", "PATCH", "/v1/cases/"+id, map[string]any{"items": []string{landUse, filing}, "answers": w.answersOf()}).want(http.StatusOK).equal("assisted_by", "clerk")
	w.fillIn("clerk", id)
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{}).want(http.StatusForbidden).says("须由申请单位确认并提交")
	w.ask("applicant", "GET", "/v1/cases/"+id, nil).want(http.StatusOK).equal("assisted_by", "clerk").equal("submitted", "false").says(filing)
	w.ask("applicant", "POST", "/v1/cases/"+id+"/submit", map[string]any{}).want(http.StatusOK).equal("submitted", "true")
	w.ask("admin", "GET", "/v1/audit?object="+id, nil).want(http.StatusOK).says(`"assisted_by":"clerk"`)
}

func TestP2_1_SessionsAreAnnouncedEnrolledInAndAttended(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	session := map[string]any{"kind": "session", "title": "施工许可报建讲解", "begins_at": "2026-11-23T01:00:00Z", "ends_at": "2026-11-23T00:00:00Z"}
	w.ask("applicant", "POST", "/v1/trainings", session).want(http.StatusForbidden)
	w.ask("clerk", "POST", "/v1/trainings", session).want(http.StatusUnprocessableEntity).says("place", "begins_at", "ends_at", "seats")
	session["place"], session["begins_at"], session["ends_at"], session["seats"] = "长沙市政务服务中心三楼", "2026-11-30T01:00:00Z", "2026-11-30T03:00:00Z", 2
	id := w.ask("clerk", "POST", "/v1/trainings", session).want(http.StatusOK).equal("seats_left", "2").text("id")
	w.ask("clerk", "POST", "/v1/trainings", map[string]any{"kind": "video", "title": "一窗受理怎么办", "link": "javascript:alert(1)"}).want(http.StatusUnprocessableEntity).says("https")
	w.ask("clerk", "POST", "/v1/trainings", map[string]any{"kind": "video", "title": "一窗受理怎么办", "link": "https://video.example/1"}).want(http.StatusOK)
	w.ask("clerk", "POST", "/v1/trainings", map[string]any{"kind": "board", "title": "导览板", "text": "先取号，再到三号窗口。"}).want(http.StatusOK)
	w.ask("", "GET", "/v1/trainings?division=430100", nil).want(http.StatusOK).says("施工许可报建讲解", "长沙市政务服务中心三楼", "2026-11-30T01:00:00Z", "一窗受理怎么办", "先取号")

	place := map[string]any{"name": "王某", "company": "湖南星湖置业有限公司", "telephone": "0731-80000000"}
	enrolled := w.ask("applicant", "POST", "/v1/trainings/"+id+"/enrolments", place).want(http.StatusOK).text("id")
	w.ask("applicant", "POST", "/v1/trainings/"+id+"/enrolments", place).want(http.StatusConflict)
	w.ask("clerk", "POST", "/v1/trainings/"+id+"/enrolments", map[string]any{"name": "=李某", "guest": true}).want(http.StatusOK)
	w.ask("stranger", "POST", "/v1/trainings/"+id+"/enrolments", map[string]any{"name": "陈某"}).want(http.StatusConflict).says("名额已满")
	w.ask("clerk", "POST", "/v1/enrolments/"+enrolled+"/attendance", map[string]any{"attended": true}).want(http.StatusConflict) // not begun
	w.set("2026-11-30 09:05")
	w.ask("clerk", "POST", "/v1/enrolments/"+enrolled+"/attendance", map[string]any{"attended": true}).want(http.StatusOK).equal("enrolment.attended", "true")
	w.ask("clerk-elsewhere", "GET", "/v1/trainings/"+id+"/attendance", nil).want(http.StatusNotFound)
	csv := w.ask("clerk", "GET", "/v1/trainings/"+id+"/attendance", nil).want(http.StatusOK).
		says("施工许可报建讲解,王某,湖南星湖置业有限公司,0731-80000000,2026-11-23 10:00,是", "'=李某", "未登记")
	if !strings.HasPrefix(string(csv.body), "\ufeff") {
		t.Error("the export has no byte order mark: spreadsheets would not read it as UTF-8")
	}
}

func TestW2_6_TrainingsForStaffAreKeptInTheSameRegister(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	id := w.ask("lead", "POST", "/v1/trainings", map[string]any{"kind": "session", "title": "窗口人员业务培训", "audience": "staff", "place": "会议室",
		"begins_at": "2026-11-30T01:00:00Z", "ends_at": "2026-11-30T03:00:00Z", "seats": 20}).want(http.StatusOK).text("id")
	w.ask("applicant", "POST", "/v1/trainings/"+id+"/enrolments", map[string]any{"name": "王某"}).want(http.StatusNotFound)
	w.ask("clerk", "POST", "/v1/trainings/"+id+"/enrolments", map[string]any{"name": "郑某"}).want(http.StatusOK)
	w.ask("", "GET", "/v1/trainings?audience=applicants", nil).want(http.StatusOK).silent("窗口人员业务培训")
	w.ask("lead", "GET", "/v1/trainings/"+id+"/attendance", nil).want(http.StatusOK).says("窗口人员业务培训,郑某")
}

func TestP6_1_CoordinationMattersHaveParticipantsResultAndDueDate(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	caseID, _ := w.apply("S1", landUse)
	w.ask("clerk", "POST", "/v1/coordination-matters", map[string]any{"title": "", "units": []string{"nobody"}, "due_by": "2026-11-20"}).
		want(http.StatusUnprocessableEntity).says("title", "units.0", "due_by")
	a := w.ask("clerk", "POST", "/v1/coordination-matters", map[string]any{"title": "用地红线与规划道路冲突", "text": "需两家单位会商", "cases": []string{caseID},
		"units": []string{"natural_resources", "housing"}}).want(http.StatusOK).equal("state", "open").equal("matter.cases.0", caseID)
	id := a.text("id")
	if got := a.moment("due"); got != "2026-11-30 17:30" {
		t.Errorf("due %s, want five working days later", got)
	}
	w.ask("housing", "GET", "/v1/coordination-matters/"+id, nil).want(http.StatusOK).says("用地红线与规划道路冲突")
	w.ask("ecology", "GET", "/v1/coordination-matters/"+id, nil).want(http.StatusNotFound)
	w.ask("housing", "POST", "/v1/coordination-matters/"+id+"/meetings", map[string]any{"participants": []string{"何某", "吴某"}, "result": "道路中线东移三米"}).
		want(http.StatusOK).equal("matter.meetings.0.result", "道路中线东移三米").equal("matter.meetings.0.by", "housing")
	w.ask("supervisor", "GET", "/v1/coordination-matters?overdue=true", nil).want(http.StatusOK).equal("overdue", "0").silent(id)
	w.set("2026-12-01 09:00")
	w.ask("supervisor", "GET", "/v1/coordination-matters?overdue=true", nil).want(http.StatusOK).equal("overdue", "1").says(id, `"overdue":true`)
	w.ask("clerk", "POST", "/v1/coordination-matters/"+id+"/close", map[string]any{"conclusion": ""}).want(http.StatusUnprocessableEntity)
	w.ask("lead", "POST", "/v1/coordination-matters/"+id+"/close", map[string]any{"conclusion": "按会商结果修改方案"}).want(http.StatusOK).
		equal("state", "closed").equal("matter.late", "true")
	w.ask("lead", "POST", "/v1/coordination-matters/"+id+"/close", map[string]any{"conclusion": "再"}).want(http.StatusConflict)
}

func TestW3_1_CoordinationIsKeptByDivision(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	id := w.ask("supervisor", "POST", "/v1/coordination-matters", map[string]any{"title": "联席会议", "units": []string{"housing"}}).want(http.StatusOK).
		equal("division", "430100").text("id")
	w.ask("supervisor", "POST", "/v1/coordination-matters", map[string]any{"title": "联席会议", "units": []string{"housing"}, "division": "430200"}).want(http.StatusForbidden)
	w.ask("clerk-elsewhere", "GET", "/v1/coordination-matters", nil).want(http.StatusOK).silent(id)
	w.ask("clerk", "GET", "/v1/coordination-matters?open=true", nil).want(http.StatusOK).says("联席会议")
}

func TestW3_3_DifficultiesReachTheProvinceAndItsReplyComesBack(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.newAccount("province")
	w.ask("admin", "PUT", "/v1/staff/province", map[string]any{"name": "省级人员", "roles": []string{"province"}}).want(http.StatusOK)
	id := w.ask("lead", "POST", "/v1/issues", map[string]any{"title": "水土保持方案承诺制口径不一", "text": "建议全省统一"}).want(http.StatusOK).text("id")
	w.ask("lead", "POST", "/v1/issues/"+id+"/reply", map[string]any{"reply": "我"}).want(http.StatusForbidden)
	w.ask("province", "GET", "/v1/issues", nil).want(http.StatusOK).says("水土保持方案承诺制口径不一", "430100")
	w.ask("province", "GET", "/v1/cases", nil).want(http.StatusForbidden)
	w.ask("lead", "POST", "/v1/issues/"+id+"/close", nil).want(http.StatusConflict) // not answered
	w.ask("province", "POST", "/v1/issues/"+id+"/reply", map[string]any{"reply": "将发文统一"}).want(http.StatusOK).equal("state", "answered")
	w.ask("clerk-elsewhere", "GET", "/v1/issues", nil).want(http.StatusOK).silent(id)
	w.ask("lead", "GET", "/v1/issues", nil).want(http.StatusOK).says("将发文统一")
	w.ask("lead", "POST", "/v1/issues/"+id+"/close", nil).want(http.StatusOK).equal("state", "closed")
}
