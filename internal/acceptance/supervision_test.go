package acceptance_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/storage"
)

func init() {
	staff = append(staff, access.NewAccount{Name: "province", Roles: []access.Role{access.Province}},
		access.NewAccount{Name: "supervisor-elsewhere", Roles: []access.Role{access.Supervisor}, Division: "430200"})
}

// busyTown plays a month with every kind of end.
func busyTown(t *testing.T) *town {
	w := found(t, "2026-11-02 10:00")
	w.register(nil)
	_, a := w.apply("S1", filing, landUse)
	w.act("planner", a[landUse], "accept", nil).want(http.StatusOK)
	w.act("reform", a[filing], "return", map[string]any{"reasons": []string{"不属本单位"}, "suggested_unit": "housing"}).want(http.StatusOK)
	w.act("applicant", a[filing], "reroute", nil).want(http.StatusOK)
	_, b := w.apply("S1", landUse)
	w.set("2026-11-04 09:00")
	w.sweep() // the second land use and the rerouted filing are accepted by time
	w.act("planner", b[landUse], "correct", map[string]any{"gaps": []map[string]any{{"material": "business-licence", "reason": "expired"}}}).want(http.StatusOK)
	id := w.atCounter(landUse)
	w.fillIn("clerk", id)
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK)
	w.set("2026-11-27 10:00")
	w.act("planner", a[landUse], "reject", map[string]any{"reasons": []string{"用地性质不符"}}).want(http.StatusOK)
	return w
}

func TestV3_3_FiguresAreLiveAndEqualTheRecount(t *testing.T) {
	w := busyTown(t)
	all := w.ask("supervisor", "GET", "/v1/supervision/figures", nil).want(http.StatusOK)
	for path, want := range map[string]string{"received": "5", "accepted": "4", "deemed": "2", "returned": "1", "corrected": "1", "rejected": "1", "overdue": "1"} {
		all.equal("lines.0."+path, want)
	}
	for _, by := range []string{"", "division", "unit", "stage", "item", "channel", "hall", "window", "officer"} {
		for _, filter := range []string{"", "&unit=natural_resources", "&from=2026-11-04&to=2026-11-04", "&stage=S1&channel=physical", "&item=" + landUse} {
			both := w.ask("supervisor", "GET", "/v1/supervision/recount?by="+by+filter, nil).want(http.StatusOK)
			if both.at("equal") != true {
				t.Errorf("by %q %s: %s", by, filter, both.body)
			}
		}
	}
	units := w.ask("supervisor", "GET", "/v1/supervision/figures?by=unit", nil).want(http.StatusOK).says("自然资源", "发展和改革")
	// Accepted on Monday the 2nd, rejected on the 27th: nineteen days went by before the close of the 26th.
	for _, line := range units.at("lines").([]any) {
		if f := line.(map[string]any); f["key"] == "natural_resources" && (f["overdue"] != 1.0 || f["average_workdays"] != 18.0) {
			t.Errorf("the planners: %v", f)
		}
	}
	before := w.ask("supervisor", "GET", "/v1/supervision/figures?from=2026-11-01&to=2026-11-03", nil).want(http.StatusOK)
	before.equal("lines.0.received", "4").equal("lines.0.rejected", "0")
	w.ask("supervisor", "GET", "/v1/supervision/figures?by=password&from=yesterday", nil).want(http.StatusUnprocessableEntity).says("没有这个统计维度", "请填写日期")
	w.ask("supervisor", "GET", "/v1/supervision/figures?division=430200", nil).want(http.StatusForbidden)
}

// The recount notices a figure that does not follow from the trail.
func TestV3_3_RecountNoticesWrongFigures(t *testing.T) {
	w := busyTown(t)
	unexplained := storage.CaseChange{Events: []approval.Event{{Type: approval.EventItemState, Data: map[string]string{"action": "complete", "to": "completed_approved",
		"case_item": "ci_X", "case": "case_X", "division": "430100", "unit": "natural_resources", "at": "2026-11-04T01:00:00Z"}}}}
	if err := w.records.ApplyCase(t.Context(), unexplained); err != nil {
		t.Fatal(err)
	}
	if both := w.ask("supervisor", "GET", "/v1/supervision/recount?by=unit", nil).want(http.StatusOK); both.at("equal") != false {
		t.Errorf("a move without a row of the trail was not noticed: %s", both.body)
	}
}

func TestW4_1_FiguresAreExportedAsCSVAndPDF(t *testing.T) {
	w := busyTown(t)
	sheet := w.ask("supervisor", "GET", "/v1/supervision/report?by=unit&from=2026-11-01&to=2026-11-30", nil).want(http.StatusOK)
	if !strings.HasPrefix(string(sheet.body), "\uFEFF业务单位,接件,受理,视为受理,") || !regexp.MustCompile(`(?m)^[^,]*自然资源[^,]*,3,3,1,0,0,1,0,1,1,18\.0\r?$`).Match(sheet.body) {
		t.Errorf("the sheet says\n%s", sheet.body)
	}
	paper := w.ask("supervisor", "GET", "/v1/supervision/report?by=unit&format=pdf&from=2026-11-01&to=2026-11-30", nil).want(http.StatusOK)
	path := filepath.Join(t.TempDir(), "report.pdf")
	if keep := os.Getenv("ONEWINDOW_KEEP_NOTICES"); keep != "" {
		path = filepath.Join(keep, "report.pdf")
	}
	if err := os.WriteFile(path, paper.body, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	mustHold(t, regexp.MustCompile(`\s+`).ReplaceAllString(string(text), ""), "长沙市", "工程建设项目审批效能统计表", "2026年11月1日至2026年11月30日", "视为受理", "18.0")
	w.ask("admin", "GET", "/v1/audit?object=by%3Dunit%26from%3D2026-11-01%26to%3D2026-11-30", nil).want(http.StatusOK).says("supervision.export")
}

func TestW4_2_EveryOverdueHasItsUnitAndPerson(t *testing.T) {
	w := busyTown(t)
	w.token("housing") // what time accepted falls to everybody of the unit
	list := w.ask("supervisor", "GET", "/v1/supervision/overdue", nil).want(http.StatusOK)
	ended, open := 0, 0
	for _, line := range list.at("items").([]any) {
		d := line.(map[string]any)
		if len(d["officers"].([]any)) == 0 || d["unit_name"] == "" || d["overdue_workdays"].(float64) < 1 || d["light"] != "red" {
			t.Errorf("overdue without unit, person or days: %v", d)
		}
		if d["ended_at"] == nil {
			open++
		} else {
			ended++
		}
	}
	if ended != 1 || open < 1 {
		t.Errorf("%d ended late and %d are late: %s", ended, open, list.body)
	}
	id := ""
	for _, line := range list.at("items").([]any) {
		if d := line.(map[string]any); d["ended_at"] == nil {
			id = d["case_item"].(string)
		}
	}
	w.ask("supervisor", "POST", "/v1/supervision/urges", map[string]any{"case_item": id, "text": " "}).want(http.StatusUnprocessableEntity).says("督办意见")
	w.ask("supervisor-elsewhere", "POST", "/v1/supervision/urges", map[string]any{"case_item": id, "text": "请尽快"}).want(http.StatusNotFound)
	w.ask("supervisor", "POST", "/v1/supervision/urges", map[string]any{"case_item": id, "text": "请于两日内办结"}).want(http.StatusOK)
	w.ask("supervisor", "GET", "/v1/supervision/overdue", nil).says("请于两日内办结")
	w.ask("admin", "GET", "/v1/events?limit=1000", nil).says("case_item.urged")
}

func TestW4_2_MilestonesSayWhoIsLate(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.ask("supervisor", "POST", "/v1/supervision/milestones", map[string]any{"title": "", "unit": "nobody", "person": "", "due": "soon"}).
		want(http.StatusUnprocessableEntity).says("阶段性目标", "责任单位", "责任人", "日期")
	goal := func(id, title, due, done string) string {
		return w.ask("supervisor", "POST", "/v1/supervision/milestones", map[string]any{"id": id, "title": title, "unit": "housing", "person": "张某", "due": due, "done": done}).
			want(http.StatusOK).text("id")
	}
	late := goal("", "综合窗口设立", "2026-10-31", "")
	goal("", "事项全部进驻", "2026-12-31", "")
	list := w.ask("lead", "GET", "/v1/supervision/milestones", nil).want(http.StatusOK)
	list.equal("milestones.0.state", "late").equal("milestones.0.person", "张某").equal("milestones.1.state", "open").says("长沙市住房和城乡建设局"[9:])
	goal(late, "综合窗口设立", "2026-10-31", "2026-11-20")
	w.ask("lead", "GET", "/v1/supervision/milestones", nil).equal("milestones.0.state", "done_late")
	w.ask("supervisor-elsewhere", "GET", "/v1/supervision/milestones", nil).silent("综合窗口设立")
	w.ask("supervisor-elsewhere", "POST", "/v1/supervision/milestones", map[string]any{"id": late, "title": "x", "unit": "housing", "person": "y", "due": "2026-10-31"}).want(http.StatusNotFound)
}

func TestP6_3_AssessmentIsReproducedFromTheTrail(t *testing.T) {
	w := busyTown(t)
	ask := "/v1/supervision/assessment?from=2026-11-01&to=2026-11-30"
	first := w.ask("supervisor", "GET", ask, nil).want(http.StatusOK)
	// The planners ended one item, late (50), and of three acceptances time made one (10/3).
	for _, line := range first.at("scores").([]any) {
		if s := line.(map[string]any); s["key"] == "natural_resources" && fmt.Sprint(s["points"]) != "46.67" {
			t.Errorf("the planners have %v points: %v", s["points"], s["lost"])
		}
	}
	w.ask("admin", "PUT", "/v1/supervision/weights", map[string]any{"version": 0, "late": 50, "deemed": 0, "returned": 0, "further_corrections": 0, "revoked": 0}).
		want(http.StatusUnprocessableEntity).says("之和应为 100")
	w.ask("admin", "PUT", "/v1/supervision/weights", map[string]any{"version": 0, "late": 100, "deemed": 0, "returned": 0, "further_corrections": 0, "revoked": 0}).want(http.StatusOK).equal("version", "1")
	w.ask("admin", "PUT", "/v1/supervision/weights", map[string]any{"version": 0, "late": 20, "deemed": 80, "returned": 0, "further_corrections": 0, "revoked": 0}).want(http.StatusOK).equal("version", "2")
	strict := w.ask("supervisor", "GET", ask+"&weights_version=1", nil).want(http.StatusOK).equal("weights.late", "100")
	w.set("2027-03-01 10:00") // a later month changes nothing in the report of this one
	w.apply("S1", landUse)
	again := w.ask("supervisor", "GET", ask+"&weights_version=1", nil).want(http.StatusOK)
	if string(again.body) != string(strict.body) {
		t.Errorf("the same period and weights gave\n%s\nand\n%s", strict.body, again.body)
	}
}

func TestW2_2_RunningClocksShowTheirLight(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	green := w.ask("supervisor", "GET", "/v1/supervision/clocks", nil).want(http.StatusOK)
	green.equal("items.0.light", "green").equal("items.0.kind", "limit")
	limit := int(green.at("items.0.limit_workdays").(float64))
	w.set(w.office.Calendar.AddWorkdays(w.clock(), limit).Day.Format("2006-01-02") + " 10:00")
	w.ask("supervisor", "GET", "/v1/supervision/clocks?light=yellow", nil).want(http.StatusOK).equal("items.0.left_workdays", "1")
	w.set(w.office.Calendar.AddWorkdays(w.clock(), 3).Day.Format("2006-01-02") + " 18:00")
	w.ask("supervisor", "GET", "/v1/supervision/clocks?light=red", nil).want(http.StatusOK).equal("items.0.overdue_workdays", "3").equal("items.0.officers.0", "planner")
	w.ask("supervisor-elsewhere", "GET", "/v1/supervision/clocks", nil).want(http.StatusOK).silent(items[landUse])
}

// TestW2_2_TheTableListsEveryKindOfClock: the return window and the limit of items,
// replies to inquiries, consultations and complaints, each on the page that shows it.
func TestW2_2_TheTableListsEveryKindOfClock(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse, filing)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "housing", "division": "430100", "question": "需要几份？"}).want(http.StatusOK)
	w.ask("applicant", "POST", "/v1/complaints", map[string]any{"kind": "complaint", "division": "430100", "about_unit": "housing", "subject": "逾期", "text": "施工许可逾期未办"}).want(http.StatusOK)
	w.inquire("S3")
	seen := map[string]string{}
	all := w.ask("supervisor", "GET", "/v1/supervision/clocks", nil).want(http.StatusOK)
	for _, list := range []string{"items", "entries"} {
		for _, row := range all.at(list).([]any) {
			seen[row.(map[string]any)["kind"].(string)] = row.(map[string]any)["light"].(string)
		}
	}
	for _, kind := range []string{"return", "limit", "consultation", "inquiry", "complaint"} {
		if seen[kind] == "" {
			t.Errorf("no clock of kind %s among %v", kind, seen)
		}
	}
	w.ask("supervisor", "GET", "/v1/supervision/clocks?light=red", nil).want(http.StatusOK).says(`"entries":[]`)
	w.set("2026-11-26 09:00")
	w.ask("supervisor", "GET", "/v1/supervision/clocks?light=red&unit=housing", nil).want(http.StatusOK).says(`"kind":"consultation"`, `"kind":"inquiry"`, "住房和城乡建设局").silent(`"kind":"complaint"`)
	w.ask("supervisor-elsewhere", "GET", "/v1/supervision/clocks", nil).want(http.StatusOK).says(`"entries":[]`)
	page := w.look(t, "supervisor", "/supervision/clocks")
	ways := regexp.MustCompile(`class="main" href="(/(?:consultations|complaints|inquiries)/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if want := len(all.at("entries").([]any)); len(ways) != want {
		t.Errorf("the page has %d ways to %d entries", len(ways), want)
	}
	for _, way := range ways {
		w.look(t, "supervisor", way[1])
	}
}

func TestW2_7_CapacityCountsWindowsByHour(t *testing.T) {
	w := busyTown(t)
	hours := w.ask("supervisor", "GET", "/v1/supervision/capacity?channel=physical", nil).want(http.StatusOK)
	hours.equal("hours.0.hall", "changsha").equal("hours.0.hour", "9").equal("hours.0.cases", "1")
	w.ask("supervisor", "GET", "/v1/supervision/capacity?channel=virtual", nil).equal("hours.0.hour", "10").equal("hours.0.items", "4")
}

func TestW3_3_ProvinceSeesAllDivisionsButNoDocuments(t *testing.T) {
	w := busyTown(t)
	w.ask("applicant", "POST", "/v1/projects", map[string]any{"code": "2404-430200-04-01-200003", "name": "株洲项目", "type": "SOC", "division": "430200", "builder": "某公司"})
	lines := w.ask("province", "GET", "/v1/supervision/figures?by=division", nil).want(http.StatusOK).says("长沙市")
	lines.equal("lines.0.received", "5")
	w.ask("province", "GET", "/v1/supervision/figures?division=430200", nil).want(http.StatusOK)
	w.ask("province", "GET", "/v1/supervision/figures?by=officer", nil).want(http.StatusForbidden)
	w.ask("province", "GET", "/v1/supervision/overdue", nil).want(http.StatusForbidden)
	w.ask("province", "GET", "/v1/cases", nil).want(http.StatusForbidden)
	w.ask("province", "GET", "/v1/documents", nil).want(http.StatusForbidden)
	w.ask("supervisor-elsewhere", "GET", "/v1/supervision/figures", nil).want(http.StatusOK).silent("natural_resources").silent(`"received":5`)
}
