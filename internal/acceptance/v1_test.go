package acceptance_test

import (
	"net/http"
	"strings"
	"testing"
)

func (w *town) consult(at string) string {
	w.t.Helper()
	return w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "natural_resources", "division": "430100",
		"question": "红线图应使用哪个坐标系？"}).want(http.StatusOK).text("id")
}

func TestV1_2_ConsultationIsInTheUnitsQueueAndNowhereElse(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	doc := w.upload("applicant", "截图.pdf", nil)
	a := w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "natural_resources", "division": "430100",
		"question": "红线图应使用哪个坐标系？", "attachments": []string{doc}}).want(http.StatusOK).equal("number", "ZX202611230001").equal("state", "asked").says(doc)
	id := a.text("id")
	w.ask("planner", "GET", "/v1/consultations?open=true", nil).want(http.StatusOK).says(id, "红线图")
	for _, other := range []string{"housing", "planner-elsewhere", "stranger"} {
		w.ask(other, "GET", "/v1/consultations", nil).want(http.StatusOK).silent(id)
		w.ask(other, "GET", "/v1/consultations/"+id, nil).want(http.StatusNotFound)
	}
	w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "none", "division": "1", "question": " "}).
		want(http.StatusUnprocessableEntity).says("请填写咨询内容", "请选择被咨询的业务单位", "请选择行政区划")
}

func TestV1_3_TwoWorkingDaysToAnswer(t *testing.T) {
	w := found(t, "2026-09-30 10:00")
	id := w.consult("")
	if got := w.ask("applicant", "GET", "/v1/consultations/"+id, nil).want(http.StatusOK).moment("due"); got != "2026-10-09 17:30" {
		t.Errorf("due %s", got)
	}
	w.set("2026-10-10 09:00")
	w.ask("supervisor", "GET", "/v1/consultations/"+id, nil).want(http.StatusOK).equal("overdue", "true")
	w.ask("supervisor", "GET", "/v1/supervision/overdue?from=2026-10-01&to=2026-10-31", nil).want(http.StatusOK).equal("entries.0.entry", id).equal("entries.0.unit", "natural_resources").equal("entries.0.overdue_workdays", "1")
	w.ask("supervisor", "GET", "/v1/supervision/overdue?from=2026-11-01&to=2026-11-30", nil).want(http.StatusOK).silent(id)
	w.ask("planner", "POST", "/v1/consultations/"+id+"/answer", map[string]any{"answer": "使用 CGCS2000。"}).want(http.StatusOK)
	w.ask("applicant", "GET", "/v1/consultations/"+id, nil).want(http.StatusOK).equal("state", "answered").equal("consultation.late", "true").
		says("使用 CGCS2000。").equal("overdue", "false")
	w.ask("supervisor", "GET", "/v1/supervision/overdue?from=2026-10-01&to=2026-10-31", nil).want(http.StatusOK).silent(id)
	w.ask("planner", "POST", "/v1/consultations/"+id+"/answer", map[string]any{"answer": "再答"}).want(http.StatusConflict)
	w.ask("applicant", "POST", "/v1/consultations/"+id+"/rating", map[string]any{"rating": 5}).want(http.StatusOK)
}

func TestP1_1_OfflineConsultationIsRecordedWithItsAnswer(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.ask("clerk", "POST", "/v1/consultations", map[string]any{"division": "430100", "question": "要带哪些材料？", "answer": "见清单。", "window": "3"}).
		want(http.StatusOK).equal("state", "answered").equal("consultation.channel", "physical").equal("hall", "changsha")
}

// TestP1_1_BothWindowsAreCountedAlike: what is asked at the counter stands in the
// same statistics as what is asked online.
func TestP1_1_BothWindowsAreCountedAlike(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.ask("clerk", "POST", "/v1/consultations", map[string]any{"division": "430100", "question": "要带哪些材料？", "answer": "见清单。", "window": "3"}).want(http.StatusOK)
	w.ask("clerk", "POST", "/v1/consultations", map[string]any{"division": "430100", "unit": "housing", "question": "装配率如何计算？", "window": "3"}).want(http.StatusOK)
	online := w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "housing", "division": "430100", "question": "需要几份？"}).want(http.StatusOK).text("id")
	w.ask("housing", "POST", "/v1/consultations/"+online+"/answer", map[string]any{"answer": "两份"}).want(http.StatusOK)
	w.set("2026-11-26 09:00") // the one that went to the unit is late now
	got := w.ask("supervisor", "GET", "/v1/supervision/consultations?from=2026-11-01&to=2026-11-30", nil).want(http.StatusOK)
	got.equal("channels.0.channel", "virtual").equal("channels.0.asked", "1").equal("channels.0.answered", "1").equal("channels.0.answered_at_once", "0").equal("channels.0.late", "0")
	got.equal("channels.1.channel", "physical").equal("channels.1.asked", "2").equal("channels.1.answered", "1").equal("channels.1.answered_at_once", "1").equal("channels.1.late", "1")
	w.ask("supervisor", "GET", "/v1/supervision/consultations?from=2026-10-01&to=2026-10-31", nil).want(http.StatusOK).equal("channels.1.asked", "0")
	w.ask("applicant", "GET", "/v1/supervision/consultations", nil).want(http.StatusForbidden)
	if page := w.look(t, "supervisor", "/supervision/figures?from=2026-11-01&to=2026-11-30"); !strings.Contains(page, `<th scope="row">实体窗口</th><td class="num" data-label="提问数">2</td>`) {
		t.Error("the page does not count what was asked at the counter")
	}
}

func TestP1_4_EscalatedConsultationComesBackToTheWindow(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	id := w.ask("clerk", "POST", "/v1/consultations", map[string]any{"division": "430100", "unit": "housing", "question": "装配率如何计算？", "window": "3"}).
		want(http.StatusOK).equal("state", "asked").text("id")
	w.ask("housing", "GET", "/v1/consultations?open=true", nil).says(id, `"window":"3"`)
	w.ask("housing", "POST", "/v1/consultations/"+id+"/answer", map[string]any{"answer": "按省标计算。"}).want(http.StatusOK)
	w.ask("clerk", "GET", "/v1/consultations/"+id, nil).want(http.StatusOK).says("按省标计算。")
}

// inquire opens an inquiry for the stage and returns its ID.
func (w *town) inquire(stage string) string {
	w.t.Helper()
	return w.ask("applicant", "POST", "/v1/inquiries", map[string]any{"project": projectCode, "stage": stage, "answers": w.answersOf()}).
		want(http.StatusOK).text("id")
}

// reply answers an inquiry for a unit's person.
func (w *town) reply(as string, concerned bool, needs ...map[string]any) *answer {
	w.t.Helper()
	id := w.ask(as, "GET", "/v1/inquiry-replies?open=true", nil).want(http.StatusOK).text("replies.0.id")
	body := map[string]any{"concerned": concerned}
	if needs != nil {
		body["needs"] = needs
	}
	return w.ask(as, "POST", "/v1/inquiry-replies/"+id+"/answer", body)
}

func need(item, unit string, materials ...string) map[string]any {
	return map[string]any{"item": item, "unit": unit, "materials": materials}
}

func TestV1_4_OneInquiryPerProjectAndStageIsOpen(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.inquire("S1")
	w.ask("applicant", "POST", "/v1/inquiries", map[string]any{"project": projectCode, "stage": "S1", "answers": w.answersOf()}).want(http.StatusConflict)
	w.inquire("S3")
}

func TestV1_5_InquiryWantsTheForm(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.ask("applicant", "POST", "/v1/inquiries", map[string]any{"project": projectCode, "stage": "S1", "answers": map[string]string{}}).
		want(http.StatusUnprocessableEntity).says("answers.has_agent", "请回答")
}

func TestV1_5_AnswersOfTheInquiryStandInTheApplication(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	asked := map[string]string{}
	for key, value := range w.answersOf() {
		asked[key] = value
	}
	asked["has_agent"] = "true"
	id := w.ask("applicant", "POST", "/v1/inquiries", map[string]any{"project": projectCode, "stage": "S1", "answers": asked}).
		want(http.StatusOK).text("id")

	// Before the list is there only the answers are known; what is typed now counts more.
	draft := map[string]any{"project": projectCode, "stage": "S1", "answers": map[string]string{"has_agent": "false"}}
	first := w.ask("applicant", "POST", "/v1/cases", draft).want(http.StatusOK).equal("answers.has_agent", "false")
	for key, value := range asked {
		if key != "has_agent" {
			first.equal("answers."+key, value)
		}
	}
	if items, _ := first.at("items").([]any); len(items) != 0 {
		t.Errorf("ticked before anybody replied: %v", items)
	}

	w.reply("planner", true, need(landUse, "natural_resources", "unified-form")).want(http.StatusOK)
	w.ask("lead", "POST", "/v1/inquiries/"+id+"/publish", map[string]any{"override": "按已反馈汇总"}).want(http.StatusOK)
	told := w.ask("applicant", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1"}).
		want(http.StatusOK).equal("answers.has_agent", "true").equal("items.0", landUse)
	w.ask("applicant", "GET", "/v1/cases/"+told.text("id")+"/checklist", nil).want(http.StatusOK).says("unified-form")

	// Another stage was not asked about, and another's answers are nobody else's.
	w.ask("applicant", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S3"}).want(http.StatusOK).silent("has_agent")
	w.ask("clerk", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1"}).want(http.StatusOK).silent("has_agent")
}

func TestV1_6_EveryUnitOfTheDivisionIsAskedByItself(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.inquire("S1")
	for _, unit := range []string{"reform", "planner", "ecology"} {
		w.ask(unit, "GET", "/v1/inquiry-replies?open=true", nil).want(http.StatusOK).says(id)
	}
	w.ask("planner-elsewhere", "GET", "/v1/inquiry-replies?open=true", nil).want(http.StatusOK).silent(id)
	w.ask("applicant", "GET", "/v1/inquiries/"+id, nil).want(http.StatusOK).equal("replied", "0").silent(`"replies"`)
}

func TestV1_7_ReplyHasThreePartsOrIsNotConcerned(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.inquire("S1")
	w.reply("planner", true).want(http.StatusUnprocessableEntity).says("不涉及")
	w.reply("planner", true, need(landUse, "nobody")).want(http.StatusUnprocessableEntity).says("请明确办理单位", "请明确申报材料")
	w.reply("planner", true, need(landUse, "natural_resources", "unified-form", "business-licence")).want(http.StatusOK).equal("state", "replied")
	w.reply("ecology", false).want(http.StatusOK)
	w.ask("lead", "GET", "/v1/inquiries/"+id, nil).want(http.StatusOK).equal("replied", "2").says("business-licence")
	if got := w.ask("reform", "GET", "/v1/inquiry-replies?open=true", nil).moment("replies.0.due"); got != "2026-11-25 17:30" {
		t.Errorf("due %s", got)
	}
}

func TestV1_8_OverdueRepliesAreUrgedOnceAndDoubtReopens(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.inquire("S1")
	first := w.reply("planner", true, need(landUse, "natural_resources", "unified-form")).want(http.StatusOK).text("id")
	w.ask("lead", "POST", "/v1/inquiry-replies/"+first+"/doubt", map[string]any{"question": "是否需要用地预审？"}).want(http.StatusOK).equal("state", "doubted")
	w.ask("planner", "GET", "/v1/inquiry-replies?open=true", nil).says("是否需要用地预审？")
	w.set("2026-11-25 17:31")
	w.sweep()
	w.sweep()
	tasks := w.ask("lead", "GET", "/v1/coordination?open=true", nil).want(http.StatusOK)
	units := map[string]int{}
	for _, x := range tasks.at("tasks").([]any) {
		units[x.(map[string]any)["task"].(map[string]any)["unit"].(string)]++
	}
	if units["reform"] != 1 || units["ecology"] != 1 {
		t.Errorf("urged %v, want each late unit once", units)
	}
	w.ask("admin", "GET", "/v1/audit?object="+first, nil).says("inquiry_reply.doubt")
	w.ask("lead", "GET", "/v1/inquiries/"+id, nil).want(http.StatusOK)
}

func TestV1_9_SharedMaterialsStandOnceAndMissingRepliesHoldItUp(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.inquire("S1")
	w.reply("planner", true, need(landUse, "natural_resources", "unified-form", "business-licence")).want(http.StatusOK)
	w.reply("reform", true, need(filing, "reform", "filing-info-form", "business-licence")).want(http.StatusOK)
	w.ask("lead", "POST", "/v1/inquiries/"+id+"/publish", map[string]any{}).want(http.StatusUnprocessableEntity).says("尚未反馈", "生态环境局")
	a := w.ask("lead", "POST", "/v1/inquiries/"+id+"/publish", map[string]any{"override": "其余单位电话确认不涉及"}).want(http.StatusOK).equal("state", "published")
	n := 0
	for _, m := range a.at("inquiry.list.materials").([]any) {
		if material := m.(map[string]any); material["material"] == "business-licence" {
			n++
			if items := material["items"].([]any); len(items) != 2 {
				t.Errorf("the licence has consumers %v", items)
			}
		}
	}
	if n != 1 {
		t.Errorf("the licence stands %d times", n)
	}
}

func TestV1_10_ToldAtOnceInOfficeHoursElseAtOpening(t *testing.T) {
	for _, c := range []struct{ published, seen string }{
		{"2026-11-24 10:00", "2026-11-24 10:00"},
		{"2026-11-24 20:00", "2026-11-25 09:00"},
	} {
		t.Run(c.published, func(t *testing.T) {
			w := found(t, "2026-11-23 10:00")
			w.register(nil)
			id := w.inquire("S1")
			w.reply("planner", true, need(landUse, "natural_resources", "unified-form")).want(http.StatusOK)
			w.set(c.published)
			w.ask("lead", "POST", "/v1/inquiries/"+id+"/publish", map[string]any{"override": "按已反馈汇总"}).want(http.StatusOK)
			if c.seen != c.published {
				w.ask("applicant", "GET", "/v1/inquiries/"+id, nil).want(http.StatusOK).equal("state", "open").silent("natural_resources\",\"materials")
			}
			w.set(c.seen)
			w.ask("applicant", "GET", "/v1/inquiries/"+id, nil).want(http.StatusOK).equal("state", "published").says(landUse, "unified-form")
		})
	}
}
