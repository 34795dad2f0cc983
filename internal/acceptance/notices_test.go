package acceptance_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// paperText downloads a notice and returns its text as a reader finds it.
func (w *town) paperText(as, id string) string {
	w.t.Helper()
	file := w.ask(as, "GET", "/v1/notices/"+id+"/file", nil).want(http.StatusOK)
	path := filepath.Join(w.t.TempDir(), "notice.pdf")
	if err := os.WriteFile(path, file.body, 0o600); err != nil {
		w.t.Fatal(err)
	}
	if keep := os.Getenv("ONEWINDOW_KEEP_NOTICES"); keep != "" {
		if err := os.WriteFile(filepath.Join(keep, id+".pdf"), file.body, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return regexp.MustCompile(`\s+`).ReplaceAllString(string(out), "")
}

// noticeOf returns the notice of a kind of a case.
func (w *town) noticeOf(as, caseID, kind string) (id, number string) {
	w.t.Helper()
	list := w.ask(as, "GET", "/v1/notices?case="+caseID+"&kind="+kind, nil).want(http.StatusOK)
	return list.text("notices.0.id"), list.text("notices.0.number")
}

func mustHold(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("the paper does not say %q:\n%s", p, text)
		}
	}
}

func TestP3_6_AcceptanceNoticeIsPrintedWithEveryField(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.office.Contact.Supervision = "0731-88950406"
	w.register(nil)
	id := w.atCounter(landUse)
	w.fillIn("clerk", id)
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK)
	paper, number := w.noticeOf("clerk", id, "acceptance_notice")
	if number != "SL202611230001" {
		t.Errorf("number %s", number)
	}
	mustHold(t, w.paperText("applicant", paper), "受理通知书", number, "湖南星湖置业有限公司：", "建设用地规划许可证核发", "营业执照", "行政许可法",
		"长沙市工程建设项目审批综合窗口", "2026年11月23日", "0731-88950406", "第1页共1页", "行政审批专用章")
	w.ask("admin", "GET", "/v1/audit?object="+paper, nil).want(http.StatusOK).says("notice.issue", "notice.read")
	w.ask("stranger", "GET", "/v1/notices/"+paper+"/file", nil).want(http.StatusNotFound)
}

func TestP3_7_AcceptanceNoticeHasTheCommitmentBlock(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	w.fillExcept("clerk", id, "business-licence")
	signed := w.upload("clerk", "signed.pdf", map[string]string{"project": projectCode})
	w.ask("clerk", "POST", "/v1/cases/"+id+"/promises", map[string]any{"material": "business-licence", "kind": "commitment", "signature": signed}).
		want(http.StatusOK)
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK)
	paper, _ := w.noticeOf("clerk", id, "acceptance_notice")
	mustHold(t, w.paperText("clerk", paper), "适用告知承诺制", "营业执照，承诺于2026年12月14日前补齐", "法定代表人或委托代理人（签字）")
}

func TestP3_9_CorrectionNoticeListsEachMaterialWithItsReason(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "correct",
		"defects": []map[string]any{{"material": "power-of-attorney", "reason": "unsigned", "note": "须加盖公章"}}}).want(http.StatusOK)
	paper, number := w.noticeOf("clerk", id, "correction_notice")
	mustHold(t, w.paperText("clerk", paper), "材料补齐补正通知书", number, "营业执照", "缺少该材料", "授权委托书", "未签字或未盖章", "须加盖公章",
		"补正期间不计入办理时限", "2026年12月14日前补正")
}

func TestV2_6_ApplicantIsToldOfDeemedAcceptance(t *testing.T) {
	w := found(t, "2026-02-13 15:00")
	w.register(nil)
	id, _ := w.apply("S1", landUse)
	w.set("2026-02-24 09:00")
	w.sweep()
	paper, number := w.noticeOf("applicant", id, "deemed_acceptance")
	if !strings.HasPrefix(number, "SL20260214") {
		t.Errorf("number %s, want that of the closing day", number)
	}
	mustHold(t, w.paperText("applicant", paper), "视为受理", "1个工作日内未予退回", "2026年2月14日17:30")
}

func TestV2_4_ReturnNoticeGivesReasonAndUnit(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "return", map[string]any{"reasons": []string{"该地块规划由住建部门核定"}, "suggested_unit": "housing"}).want(http.StatusOK)
	paper, number := w.noticeOf("applicant", id, "return_notice")
	mustHold(t, w.paperText("applicant", paper), "退回告知书", number, "该地块规划由住建部门核定", "长沙市住房和城乡建设局")
}

func TestV2_16_RejectionNoticeListsAllReasonsAndRemedies(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	w.act("planner", items[landUse], "reject", map[string]any{"reasons": []string{"用地性质不符", "超出红线"}}).want(http.StatusOK)
	paper, _ := w.noticeOf("applicant", id, "rejection_notice")
	mustHold(t, w.paperText("applicant", paper), "不予许可", "用地性质不符", "超出红线", "全部原因", "60日内依法申请行政复议")
}

func TestV2_1_ReceiptListsWhatWasHandedIn(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id, _ := w.apply("S1", filing, landUse)
	paper, number := w.noticeOf("applicant", id, "material_receipt")
	mustHold(t, w.paperText("applicant", paper), "申请材料接收凭证", number, "营业执照", "申请人提交", "湖南星湖置业有限公司")
}

// Numbers have no gaps and no doubles, whoever decides at the same time.
func TestNotices_NumbersHaveNoGapsUnderACrowd(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	var ids []string
	for range 6 {
		_, items := w.apply("S1", landUse)
		ids = append(ids, items[landUse])
	}
	w.token("planner")
	var crowd sync.WaitGroup
	for _, id := range ids {
		for range 2 { // twice: one of them must fail and take no number
			crowd.Go(func() { w.act("planner", id, "accept", nil) })
		}
	}
	crowd.Wait()
	seen := map[string]bool{}
	for _, id := range ids {
		number := w.ask("planner", "GET", "/v1/notices?case="+w.item("planner", id).text("case_id")+"&kind=acceptance_notice", nil).text("notices.0.number")
		seen[number] = true
	}
	for i := range ids {
		if want := "SL20261123000" + string(rune('1'+i)); !seen[want] {
			t.Errorf("no notice has number %s: %v", want, seen)
		}
	}
}

func TestNotices_ServingIsNotedAndTheSameBytesCome(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	paper, _ := w.noticeOf("planner", id, "acceptance_notice")
	first := w.ask("planner", "GET", "/v1/notices/"+paper+"/file", nil).want(http.StatusOK)
	w.ask("planner", "POST", "/v1/notices/"+paper+"/serve", map[string]any{"mode": "window", "receiver": ""}).want(http.StatusUnprocessableEntity)
	w.ask("planner", "POST", "/v1/notices/"+paper+"/serve", map[string]any{"mode": "window", "receiver": "王某"}).want(http.StatusOK).says("王某")
	n, err := w.records.Notice(t.Context(), paper)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.notices.Printer.Print(n, "http://onewindow.test/v/"+n.Code)
	if err != nil || string(again) != string(first.body) {
		t.Errorf("printed again it differs (%v)", err)
	}
}
