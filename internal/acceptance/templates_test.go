package acceptance_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestNotices_TemplatesAreDraftedPreviewedPublishedAndOldNoticesStay(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	caseID, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	old, _ := w.noticeOf("applicant", caseID, "acceptance_notice")
	before := w.ask("applicant", "GET", "/v1/notices/"+old+"/file", nil).want(http.StatusOK)

	const path = "/v1/notice-templates/acceptance_notice"
	list := w.ask("admin", "GET", "/v1/notice-templates", nil).want(http.StatusOK)
	if n := len(list.at("templates").([]any)); n != 16 {
		t.Errorf("%d templates", n)
	}
	was := w.ask("admin", "GET", path, nil).want(http.StatusOK).equal("version", "0").equal("title", "受理通知书").says("limit_workdays")
	for _, as := range []string{"planner", "clerk", "applicant"} {
		w.ask(as, "PUT", path+"/draft", map[string]any{"title": "x", "body": "x"}).want(http.StatusForbidden)
	}
	w.ask("admin", "PUT", path+"/draft", map[string]any{"title": " ", "body": "应于{due_day}前办结{item", "footer": strings.Repeat("长", 5000)}).
		want(http.StatusUnprocessableEntity).says("title", "body", "footer", "可用变量", "due_date")
	w.ask("admin", "PUT", "/v1/notice-templates/return_notice/draft", map[string]any{"title": "退回", "body": "退回", "commitment": "承诺"}).
		want(http.StatusUnprocessableEntity).says("只有受理通知书")
	w.ask("admin", "PUT", "/v1/notice-templates/love_letter/draft", map[string]any{"title": "x", "body": "x"}).want(http.StatusNotFound)
	w.ask("admin", "POST", path+"/publish", map[string]any{}).want(http.StatusNotFound) // nothing drafted

	draft := w.ask("admin", "PUT", path+"/draft", map[string]any{"title": "行政许可申请受理通知书", "body": "你单位“{item}”申请已由{unit}受理，{limit_workdays}个工作日内办结，期限{due_date}。",
		"commitment": was.text("commitment")}).want(http.StatusOK)
	preview := w.ask("admin", "GET", path+"/preview", nil).want(http.StatusOK)
	mustHold(t, pdfText(t, preview.body), "行政许可申请受理通知书", "建设用地规划许可证核发", "期限2026年12月3日", "适用告知承诺制")
	in := w.ask("admin", "GET", path+"/preview?version=0", nil).want(http.StatusOK)
	mustHold(t, pdfText(t, in.body), "现予受理")
	caseID, items = w.apply("S1", landUse) // a draft changes nothing yet
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	paper, _ := w.noticeOf("applicant", caseID, "acceptance_notice")
	w.ask("applicant", "GET", "/v1/notices/"+paper, nil).want(http.StatusOK).equal("template", "0.1").equal("title", "受理通知书")

	w.ask("admin", "PUT", path+"/draft", map[string]any{"title": "受理决定书", "body": "你单位“{item}”申请已受理，期限{due_date}。"}).want(http.StatusOK)
	w.ask("admin", "POST", path+"/publish", map[string]any{"version": draft.at("version")}).want(http.StatusPreconditionFailed) // somebody edited it since
	w.ask("admin", "POST", path+"/publish", map[string]any{}).want(http.StatusOK).equal("version", "1").equal("title", "受理决定书")
	w.ask("admin", "GET", path, nil).want(http.StatusOK).equal("version", "1").silent(`"draft"`)
	w.ask("admin", "GET", "/v1/audit?object=acceptance_notice", nil).want(http.StatusOK).says("notice.template.publish", "受理决定书")

	caseID, items = w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	paper, _ = w.noticeOf("applicant", caseID, "acceptance_notice")
	w.ask("applicant", "GET", "/v1/notices/"+paper, nil).want(http.StatusOK).equal("template", "acceptance_notice/1")
	mustHold(t, w.paperText("applicant", paper), "受理决定书", "申请已受理，期限2026年11月26日")
	after := w.ask("applicant", "GET", "/v1/notices/"+old+"/file", nil).want(http.StatusOK)
	if string(after.body) != string(before.body) {
		t.Error("a notice that was issued before changed with the template")
	}
	w.ask("admin", "GET", path+"?version=0", nil).want(http.StatusOK).equal("title", "受理通知书")
}
