package acceptance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onewindow/approval"
	"onewindow/casework/notices"
	"onewindow/document"
	"onewindow/storage"
)

// rewrite gives a kind of notice a template that names every variable it may.
func (w *town) rewrite(kind string) {
	w.t.Helper()
	was := w.ask("admin", "GET", "/v1/notice-templates/"+kind, nil).want(http.StatusOK)
	var all strings.Builder
	for _, v := range notices.Variables(kind) {
		if !w.marks(v) {
			fmt.Fprintf(&all, "{%s?%s为{%s}；}", v, v, v)
		}
	}
	w.ask("admin", "PUT", "/v1/notice-templates/"+kind+"/draft", map[string]any{"title": "新式" + was.text("title"), "body": was.text("body") + "\n" + all.String(),
		"commitment": was.text("commitment"), "footer": "新版页脚"}).want(http.StatusOK)
	w.ask("admin", "POST", "/v1/notice-templates/"+kind+"/publish", map[string]any{}).want(http.StatusOK).equal("version", "1")
}

// marks are variables that stand for the table.
func (w *town) marks(v string) bool { return v == "gaps" || v == "rows" || v == "reasons" }

// paper is one notice as its reader gets it: what it must say.
type paper struct {
	as, id string
	says   []string
}

// Every kind of notice of notices.yaml is issued by the act that calls for it, and
// says what it must; all of them also in the words of a template that names every
// variable.
func TestNotices_AllSixteenKindsAreIssued(t *testing.T) {
	for _, edited := range []bool{false, true} {
		t.Run(fmt.Sprintf("edited=%v", edited), func(t *testing.T) { allKinds(t, edited) })
	}
}

func allKinds(t *testing.T, edited bool) {
	w := found(t, "2026-11-23 10:00")
	w.office.Contact.Person, w.office.Contact.Telephone = "李某", "0731-80000000"
	w.register(map[string]any{"contact": "王某"})
	kinds := w.office.Catalogue.Notices
	if len(kinds) != 16 {
		t.Fatalf("%d kinds in the catalogue, want 16", len(kinds))
	}
	if edited {
		for _, k := range kinds {
			w.rewrite(k.Code)
		}
	}
	got := w.issueAll()
	for _, k := range kinds {
		p, ok := got[k.Code]
		if !ok {
			t.Errorf("nothing issues %s", k.Code)
			continue
		}
		n := w.ask(p.as, "GET", "/v1/notices/"+p.id, nil).want(http.StatusOK)
		says := append([]string{k.Title, n.text("number"), "2026年11月", "扫码核验真伪"}, p.says...)
		want := "0.1"
		if edited {
			says, want = append(says, "新式"+k.Title, "新版页脚"), k.Code+"/1"
		}
		n.equal("template", want).equal("kind", k.Code)
		text := w.paperText(p.as, p.id)
		mustHold(t, text, says...)
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s has a gap:\n%s", k.Code, text)
		}
		w.ask("stranger", "GET", "/v1/notices/"+p.id+"/file", nil).want(http.StatusNotFound)
		w.ask("", "GET", "/v1/verifications/"+n.text("verification_code"), nil).want(http.StatusOK).equal("standing", "valid").
			equal("kind", "notice").says(k.Title).silent("湖南星湖置业有限公司", "星湖花园")
	}
}

// issueAll does whatever brings a notice, once for each kind.
func (w *town) issueAll() map[string]paper {
	out := map[string]paper{}
	of := func(kind, as, caseID string, says ...string) {
		id, _ := w.noticeOf(as, caseID, kind)
		out[kind] = paper{as, id, says}
	}
	caseID, id := w.completed(landUse, "rd-land-use-permit", approval.ModeScanned)
	of("material_receipt", "applicant", caseID, "今收到你单位提交的下列申请材料", "营业执照")
	of("acceptance_notice", "applicant", caseID, "现予受理", "办理时限")
	issue := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	sent := w.handOver(id)
	list := w.ask("planner", "GET", "/v1/handovers?open=true", nil).want(http.StatusOK)
	out["handover_list"] = paper{"planner", list.text("handovers.0.handover.notice_id"), []string{"统一出件", "地字第430100202610001号", "接收人（签字）"}}
	w.ask("clerk", "POST", "/v1/handovers/"+sent+"/receive", nil).want(http.StatusOK)
	of("ready_notice", "applicant", caseID, "已办结", "取件码")
	w.ask("clerk", "POST", "/v1/issuances/"+issue.text("id")+"/collect", collectFor(issue.text("issuance.pickup_code"))).want(http.StatusOK)
	of("delivery_receipt", "clerk", caseID, "受送达人", "王某", "窗口领取")

	caseID, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "correct", map[string]any{"gaps": []map[string]any{{"material": "business-licence", "reason": "illegible"}}}).want(http.StatusOK)
	of("correction_notice", "applicant", caseID, "现一次性告知", "营业执照", "扫描件不清晰")
	caseID, items = w.apply("S1", landUse)
	w.act("planner", items[landUse], "return", map[string]any{"reasons": []string{"不属于本单位"}, "suggested_unit": "housing"}).want(http.StatusOK)
	of("return_notice", "applicant", caseID, "现予退回", "不属于本单位", "长沙市住房和城乡建设局")
	caseID, items = w.apply("S1", landUse)
	w.act("planner", items[landUse], "refuse", map[string]any{"reasons": []string{"不具备申请资格"}}).want(http.StatusOK)
	of("refusal_notice", "applicant", caseID, "决定不予受理", "不具备申请资格", "6个月内")
	caseID, items = w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	w.act("planner", items[landUse], "open-special", map[string]any{"kind": "专家评审", "days": 15}).want(http.StatusOK)
	of("special_procedure", "applicant", caseID, "专家评审", "15个工作日不计入办理时限")
	w.act("planner", items[landUse], "close-special", nil).want(http.StatusOK)
	w.act("planner", items[landUse], "reject", map[string]any{"reasons": []string{"用地性质不符"}}).want(http.StatusOK)
	of("rejection_notice", "applicant", caseID, "不予批准", "用地性质不符")

	w.inquiryPaper(out)
	w.feePaper(out)
	w.replies(out)
	w.classifiedPaper(out)

	caseID, _ = w.apply("S1", landUse)
	w.set("2026-11-25 09:00")
	w.sweep()
	of("deemed_acceptance", "applicant", caseID, "视为受理", "2026年11月24日17:30")
	return out
}

// replies are the answers to a consultation and to a complaint.
func (w *town) replies(out map[string]paper) {
	id := w.consult("")
	a := w.ask("planner", "POST", "/v1/consultations/"+id+"/answer", map[string]any{"answer": "使用 CGCS2000。"}).want(http.StatusOK)
	out["consultation_reply"] = paper{"applicant", a.text("consultation.notice_id"), []string{"红线图应使用哪个坐标系？", "现答复如下", "使用CGCS2000。", "长沙市自然资源和规划局"}}
	w.ask("applicant", "GET", "/v1/notices", nil).want(http.StatusOK).says(a.text("consultation.notice_id"))
	w.ask("housing", "GET", "/v1/notices/"+a.text("consultation.notice_id"), nil).want(http.StatusNotFound)

	id = w.ask("applicant", "POST", "/v1/complaints", map[string]any{"kind": "complaint", "division": "430100", "about_unit": "housing",
		"subject": "逾期", "text": "施工许可逾期未办"}).want(http.StatusOK).text("id")
	w.ask("supervisor", "POST", "/v1/complaints/"+id+"/assign", map[string]any{"unit": "housing"}).want(http.StatusOK)
	a = w.ask("housing", "POST", "/v1/complaints/"+id+"/answer", map[string]any{"answer": "已于今日办结。"}).want(http.StatusOK)
	out["complaint_reply"] = paper{"applicant", a.text("matter.notice_id"), []string{"事由：逾期", "处理结果如下", "已于今日办结。", "长沙市住房和城乡建设局"}}
}

// classifiedPaper is what the sender of a quarantined file gets (G.8).
func (w *town) classifiedPaper(out map[string]paper) {
	w.t.Helper()
	doc := w.upload("applicant", "绝密-某某工程总图.pdf", map[string]string{"project": projectCode})
	d, err := w.records.Document(w.t.Context(), document.ID(doc))
	if err != nil {
		w.t.Fatal(err)
	}
	state := document.StateQuarantined
	if _, _, err := w.records.Apply(w.t.Context(), d.ID, d.Version, storage.Change{Patch: storage.DocumentPatch{State: &state},
		Events: []approval.Event{{Type: approval.EventQuarantined, Document: d.ID}}}); err != nil {
		w.t.Fatal(err)
	}
	for range 2 { // heard again after a crash it is still one notice
		w.sweep()
	}
	list := w.ask("applicant", "GET", "/v1/notices?kind=classified_notice", nil).want(http.StatusOK)
	if n := len(list.at("notices").([]any)); n != 1 {
		w.t.Fatalf("%d notices on classified papers, want 1", n)
	}
	list.silent("某某工程", "星湖花园", projectCode)
	out["classified_notice"] = paper{"applicant", list.text("notices.0.id"), []string{"可能涉及国家秘密", "线下办理", "李某"}}
	text := w.paperText("applicant", list.text("notices.0.id"))
	for _, not := range []string{"某某工程", "星湖花园", "总图"} {
		if strings.Contains(text, not) {
			w.t.Errorf("the notice on classified papers says %q", not)
		}
	}
}

func (w *town) inquiryPaper(out map[string]paper) {
	id := w.inquire("S1")
	w.reply("planner", true, need(landUse, "natural_resources", "unified-form", "business-licence")).want(http.StatusOK)
	w.ask("lead", "POST", "/v1/inquiries/"+id+"/publish", map[string]any{"override": "其余单位电话确认不涉及"}).want(http.StatusOK)
	list := w.ask("applicant", "GET", "/v1/notices?kind=inquiry_notice", nil).want(http.StatusOK)
	out["inquiry_notice"] = paper{"applicant", list.text("notices.0.id"), []string{"一次性告知如下", "建设用地规划许可证核发", "营业执照", "个工作日"}}
}

func (w *town) feePaper(out map[string]paper) {
	caseID, items := w.apply("S1", soil)
	w.ask("clerk", "POST", "/v1/payments", map[string]any{"case_item": items[soil], "amount_fen": 1234560, "pay_by": "2026-12-31", "account": "长沙市财政专户 1234"}).want(http.StatusOK)
	id, _ := w.noticeOf("applicant", caseID, "payment_notice")
	out["payment_notice"] = paper{"applicant", id, []string{"2026年12月31日前缴纳", "水土保持补偿费", "12345.60", "壹万贰仟叁佰肆拾伍元陆角"}}
}
