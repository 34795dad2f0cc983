package acceptance_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onewindow/approval"
)

// textOfPDF is what a reader finds in a PDF, without spaces.
func textOfPDF(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

func TestP1_2_HandoutIsTheVersionPublishedOnline(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.ask("", "GET", "/v1/catalogue/handout?items=none", nil).want(http.StatusUnprocessableEntity).says("没有这个办理事项")
	w.ask("", "GET", "/v1/catalogue/handout", nil).want(http.StatusUnprocessableEntity).says("items")
	query := "?items=" + landUse + "," + filing + "&division=430100&project_type=SOC"
	pdf := w.ask("clerk", "GET", "/v1/catalogue/handout"+query, nil).want(http.StatusOK)
	paper := textOfPDF(t, pdf.body)
	online := w.ask("", "GET", "/v1/catalogue/checklist"+query, nil).want(http.StatusOK)
	mustHold(t, paper, "统一受理材料清单及办事指南", "长沙市", "目录版本"+online.text("version"), online.text("effective_from"), "2026年11月23日",
		"建设用地规划许可证核发", "企业投资项目备案", "个工作日", "受理条件", "收费")
	// Every line of the published checklist, and not one more.
	entries := online.at("entries").([]any)
	for _, e := range entries {
		if name := e.(map[string]any)["name"].(string); !strings.Contains(paper, strings.Join(strings.Fields(name), "")) {
			t.Errorf("the paper lacks %s", name)
		}
	}
	if !strings.Contains(paper, "必要") || len(entries) < 4 {
		t.Errorf("%d entries; the paper reads %s", len(entries), paper)
	}
	size, err := exec.Command("pdfinfo", keepFile(t, pdf.body)).Output()
	if err != nil || !strings.Contains(string(size), "(A4)") {
		t.Errorf("the paper is no A4: %s %v", size, err)
	}
}

func keepFile(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestG3_BothWindowsEndInTheSameStatesAndChecklist applies for the same item
// online and at the counter.
func TestG3_BothWindowsEndInTheSameStatesAndChecklist(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	virtual := w.draft("S1", landUse)
	physical := w.atCounter(landUse)
	lists := map[string][]string{}
	for id, as := range map[string]string{virtual: "applicant", physical: "clerk"} {
		w.fillIn(as, id)
		list := w.ask(as, "GET", "/v1/cases/"+id+"/checklist", nil).want(http.StatusOK).equal("complete", "true")
		for _, e := range list.at("entries").([]any) {
			entry := e.(map[string]any)
			lists[id] = append(lists[id], entry["material"].(string)+"/"+entry["needed"].(string)+"/"+map[bool]string{true: "filled", false: "empty"}[entry["satisfied"].(bool)])
		}
	}
	if !slices.Equal(lists[virtual], lists[physical]) || len(lists[virtual]) == 0 {
		t.Errorf("online %v, at the counter %v", lists[virtual], lists[physical])
	}
	online := itemsOf(w.ask("applicant", "POST", "/v1/cases/"+virtual+"/submit", map[string]any{}).want(http.StatusOK))[landUse]
	counter := itemsOf(w.ask("clerk", "POST", "/v1/cases/"+physical+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK))[landUse]
	w.act("planner", online, "accept", nil).want(http.StatusOK)
	for _, id := range []string{online, counter} {
		w.item("planner", id).equal("state", "accepted")
		w.act("planner", id, "start", nil).want(http.StatusOK)
		w.finish("planner", id, "rd-land-use-permit", approval.ModePushed)
		w.item("planner", id).equal("state", "completed_approved").equal("mode", "pushed")
	}
	w.ask("applicant", "GET", "/v1/cases/"+virtual, nil).equal("channel", "virtual")
	w.ask("applicant", "GET", "/v1/cases/"+physical, nil).equal("channel", "physical")
	w.ask("supervisor", "GET", "/v1/supervision/figures?by=channel", nil).want(http.StatusOK).says(`"key":"physical"`, `"key":"virtual"`)
}

// TestG6_VirtualWindowOffersAllFive walks the five functions as an applicant, and
// supervision as who supervises.
func TestG6_VirtualWindowOffersAllFive(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	// Consultation.
	w.consult("")
	w.ask("applicant", "GET", "/v1/consultations", nil).want(http.StatusOK).says("红线图应使用哪个坐标系")
	// Intake.
	item, kind := w.printable()
	caseID, id := w.completed(item, kind, approval.ModePushed)
	// Real-time query, with and without a login.
	k := w.ask("applicant", "GET", "/v1/cases/"+caseID, nil).want(http.StatusOK).equal("case_items.0.state", "completed_approved")
	w.ask("", "GET", "/v1/progress?number="+k.text("number")+"&code="+k.text("query_code"), nil).want(http.StatusOK).says("已办结")
	// Issuance.
	issue := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "self_print"}).want(http.StatusOK).text("id")
	w.ask("applicant", "POST", "/v1/issuances/"+issue+"/print", nil).want(http.StatusOK).equal("state", "printed")
	// Efficiency supervision.
	w.ask("supervisor", "GET", "/v1/supervision/figures", nil).want(http.StatusOK).equal("lines.0.received", "1").equal("lines.0.completed", "1")
}

func TestP3_13_UnitsHaveTheirTasksOnceTheClerkConfirms(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse, filing)
	w.fillIn("clerk", id)
	for _, unit := range []string{"planner", "reform"} {
		if list := w.ask(unit, "GET", "/v1/case-items?open=true", nil).want(http.StatusOK).at("items").([]any); len(list) != 0 {
			t.Errorf("%s has %d tasks before the clerk confirmed", unit, len(list))
		}
	}
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK)
	w.ask("planner", "GET", "/v1/case-items?open=true", nil).want(http.StatusOK).equal("items.0.item", landUse).equal("items.0.channel", "physical").silent(filing)
	w.ask("reform", "GET", "/v1/case-items?open=true", nil).want(http.StatusOK).equal("items.0.item", filing).silent(landUse)
	// The papers came with them.
	w.ask("planner", "GET", "/v1/cases/"+id+"/checklist", nil).want(http.StatusOK).says(`"source":"upload"`, "land-source")
}

func TestP4_3_NothingIsReleasedWithoutASignatureAndTheReceiptIsKept(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	caseID, id := w.completed(landUse, "rd-land-use-permit", approval.ModeScanned)
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	issue := choice.text("id")
	w.ask("clerk", "POST", "/v1/handovers/"+w.handOver(id)+"/receive", nil).want(http.StatusOK)
	shown := collectFor(choice.text("issuance.pickup_code"))
	shown["signature"] = "  "
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", shown).want(http.StatusUnprocessableEntity).says("请领取人签字")
	w.ask("clerk", "GET", "/v1/issuances/"+issue, nil).equal("state", "ready") // nothing half done
	list := w.ask("clerk", "GET", "/v1/notices?case="+caseID+"&kind=delivery_receipt", nil).want(http.StatusOK)
	if n := len(list.at("notices").([]any)); n != 0 {
		t.Errorf("%d receipts were issued for nothing", n)
	}
	shown["signature"] = "doc_never_was"
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", shown).want(http.StatusUnprocessableEntity).says("签字文件")
	shown["signature"] = w.upload("clerk", "signature.png", nil)
	w.set("2026-11-24 15:20")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", shown).want(http.StatusOK).equal("issuance.receiver.signature", shown["signature"].(string)).equal("issuance.by", "clerk")
	paper, number := w.noticeOf("clerk", caseID, "delivery_receipt")
	mustHold(t, w.paperText("applicant", paper), "送达回证", number, "受送达人", "王某", "送达人", "clerk", "2026年11月24日15:20", "窗口领取", "收件人签字或盖章", "已签字")
	w.ask("admin", "GET", "/v1/notices/"+paper, nil).want(http.StatusOK).says(`"file":"sha256-`)
}

func TestP4_5_UnitHearsOfTheDeliveryAtOnce(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	_, id := w.completed(landUse, "rd-land-use-permit", approval.ModePushed)
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "mail", "address": "长沙市岳麓区某路1号", "phone": "0731-80000000"}).want(http.StatusOK)
	issue := choice.text("id")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/mail", map[string]any{"tracking": "EA123456785CN"}).want(http.StatusOK)
	w.ask("planner", "GET", "/v1/issuances", nil).want(http.StatusOK).says(`"state":"mailed"`).silent(`"state":"delivered"`)
	w.set("2026-11-26 09:30")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/arrival", map[string]any{"delivered": true, "receiver": "前台"}).want(http.StatusOK)
	// On the next request, with time, mode and receiver; and as an event of the unit.
	a := w.ask("planner", "GET", "/v1/issuances/"+issue, nil).want(http.StatusOK).equal("state", "delivered").equal("issuance.mode", "mail").equal("issuance.tracking", "EA123456785CN")
	if got := a.moment("issuance.delivered_at"); got != "2026-11-26 09:30" {
		t.Errorf("delivered at %s", got)
	}
	events := w.ask("admin", "GET", "/v1/events?after=0&limit=500", nil).want(http.StatusOK)
	told := slices.ContainsFunc(events.at("events").([]any), func(x any) bool {
		e := x.(map[string]any)
		data, _ := e["data"].(map[string]any)
		return e["unit"] == "natural_resources" && data["action"] == "delivered" && data["case_item"] == id && data["mode"] == "mail" && data["receiver"] == "前台"
	})
	if !told {
		t.Errorf("no event tells the unit: %s", events.body)
	}
	w.ask("planner-elsewhere", "GET", "/v1/issuances/"+issue, nil).want(http.StatusNotFound)
}
