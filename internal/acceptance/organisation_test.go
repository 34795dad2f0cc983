package acceptance_test

import (
	"net/http"
	"slices"
	"testing"

	"onewindow/access"
)

// openHall describes the hall of the town with its windows and scanner.
func (w *town) openHall() {
	w.t.Helper()
	w.ask("admin", "PUT", "/v1/halls/changsha", map[string]any{"name": "长沙市政务服务中心", "division": "430100", "telephone": "0731-80000001"}).want(http.StatusOK)
	w.ask("admin", "PUT", "/v1/halls/zhuzhou", map[string]any{"name": "株洲市政务服务中心", "division": "430200"}).want(http.StatusOK)
	for _, number := range []string{"3", "4"} {
		w.ask("admin", "PUT", "/v1/halls/changsha/windows/"+number, map[string]any{"name": "工程建设项目综合窗口"}).want(http.StatusOK)
	}
	w.ask("admin", "PUT", "/v1/devices/scanner-3", map[string]any{"kind": "scanner", "hall": "changsha", "window": "3", "folder": "changsha/3"}).want(http.StatusOK)
}

// appoint appoints somebody of the town, as a clerk of window 3 unless said
// otherwise.
func (w *town) appoint(account string, changes map[string]any) *answer {
	w.t.Helper()
	w.token(account)
	body := map[string]any{"name": "人员" + account, "division": "430100", "roles": []string{"clerk"}, "hall": "changsha", "window": "3"}
	for k, v := range changes {
		body[k] = v
	}
	return w.ask("admin", "PUT", "/v1/staff/"+account, body)
}

// officer is an appointment in a unit.
func officer(unit string, changes map[string]any) map[string]any {
	out := map[string]any{"roles": []string{"reviewer"}, "unit": unit, "hall": "", "window": ""}
	for k, v := range changes {
		out[k] = v
	}
	return out
}

func TestG10_IntakeHappensAtAConfiguredWindowWithItsDevice(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.openHall()
	paper := map[string]any{"project": projectCode, "stage": "S1", "items": []string{landUse}, "answers": w.answersOf(), "channel": "physical",
		"window": "9", "device": "scanner-9", "paper_reason": "elderly", "applicant": "applicant"}
	w.ask("clerk", "POST", "/v1/cases", paper).want(http.StatusUnprocessableEntity).says("该政务大厅没有这个窗口", "该窗口没有这台设备")
	w.appoint("clerk", nil).want(http.StatusOK)
	delete(paper, "window")
	delete(paper, "device")
	id := w.ask("clerk", "POST", "/v1/cases", paper).want(http.StatusOK).text("id")
	w.ask("clerk", "GET", "/v1/cases/"+id, nil).want(http.StatusOK).equal("hall", "changsha").equal("window", "3").equal("device", "scanner-3")
	w.ask("clerk", "GET", "/v1/halls", nil).want(http.StatusOK).equal("halls.0.name", "长沙市政务服务中心").says(`"folder":"changsha/3"`)
}

func TestG10_RightsFollowTheAppointmentAndEndWithIt(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.openHall()
	// The account was made as a clerk of Zhuzhou; the appointment decides.
	w.appoint("clerk-elsewhere", map[string]any{"from": "2026-11-24", "until": "2026-11-27"}).want(http.StatusOK).equal("in_force", "false")
	w.ask("clerk-elsewhere", "GET", "/v1/session", nil).want(http.StatusUnauthorized)
	w.set("2026-11-24 09:00")
	w.ask("clerk-elsewhere", "GET", "/v1/session", nil).want(http.StatusOK).equal("hall", "changsha").equal("division", "430100")
	w.set("2026-11-27 23:59")
	w.ask("clerk-elsewhere", "GET", "/v1/session", nil).want(http.StatusOK)
	w.set("2026-11-28 00:00")
	w.ask("clerk-elsewhere", "GET", "/v1/session", nil).want(http.StatusUnauthorized)
}

func TestG10_AnotherHallOnlyWhileGranted(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.openHall()
	w.ask("admin", "PUT", "/v1/halls/zhuzhou/windows/1", map[string]any{}).want(http.StatusOK)
	w.appoint("clerk", nil).want(http.StatusOK)
	paper := map[string]any{"project": projectCode, "stage": "S1", "channel": "physical", "hall": "zhuzhou", "window": "1", "paper_reason": "elderly"}
	w.ask("clerk", "POST", "/v1/cases", paper).want(http.StatusForbidden)
	w.appoint("clerk", map[string]any{"loans": []map[string]any{{"hall": "zhuzhou", "until": "2026-11-24", "reason": ""}}}).want(http.StatusUnprocessableEntity).says("借调原因")
	w.appoint("clerk", map[string]any{"loans": []map[string]any{{"hall": "zhuzhou", "until": "2026-11-24", "reason": "支援高峰"}}}).want(http.StatusOK)
	w.ask("clerk", "POST", "/v1/cases", paper).want(http.StatusOK).equal("hall", "zhuzhou")
	w.set("2026-11-25 10:00")
	w.ask("clerk", "POST", "/v1/cases", paper).want(http.StatusForbidden)
}

func TestW2_1_RulesAreOneVersionedConfigurationForAllToRead(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.ask("", "GET", "/v1/window-rules", nil).want(http.StatusOK).equal("version", "0").says("原则上不受理纸质材料", "老年人", "建筑工程施工许可证核发", "材料补齐补正通知", `"09:00–12:00"`)
	rules := map[string]any{"paper_reasons": []string{"elderly"}, "complaint_workdays": 3, "collect_workdays": 4, "coordination_workdays": 5,
		"kiosk_idle_seconds": 30, "articles": []map[string]any{{"title": "首问负责制", "text": "首位接待人员负责到底。"}}, "version": 0}
	w.ask("clerk", "PUT", "/v1/window-rules", rules).want(http.StatusForbidden)
	bad := map[string]any{"paper_reasons": []string{"lazy"}, "complaint_workdays": 0, "collect_workdays": 4, "coordination_workdays": 5,
		"kiosk_idle_seconds": 5, "articles": []map[string]any{{"title": "", "text": "x"}}, "version": 0}
	w.ask("admin", "PUT", "/v1/window-rules", bad).want(http.StatusUnprocessableEntity).says("paper_reasons.0", "complaint_workdays", "kiosk_idle_seconds", "articles.0")
	w.ask("admin", "PUT", "/v1/window-rules", rules).want(http.StatusOK).equal("version", "1").equal("by", "admin")
	w.ask("admin", "PUT", "/v1/window-rules", rules).want(http.StatusPreconditionFailed)
	w.ask("reform", "GET", "/v1/window-rules", nil).want(http.StatusOK).says("首位接待人员负责到底")
	// They are not only shown: what they say holds.
	w.ask("clerk", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1", "channel": "physical", "paper_reason": "original_check"}).
		want(http.StatusUnprocessableEntity).says("窗口运行规则不允许")
	w.ask("clerk", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1", "channel": "physical", "paper_reason": "elderly"}).want(http.StatusOK)
	c := w.ask("applicant", "POST", "/v1/complaints", map[string]any{"kind": "complaint", "division": "430100", "text": "窗口排队太久"}).want(http.StatusOK)
	if got := c.moment("due"); got != "2026-11-26 17:30" {
		t.Errorf("the complaint is due %s, want three working days later", got)
	}
}

func TestW2_3_DeactivatedStaffCannotLogIn(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.openHall()
	if err := w.guard.Create(t.Context(), access.NewAccount{Name: "zhang", Password: "a good password"}); err != nil {
		t.Fatal(err)
	}
	login := map[string]any{"name": "zhang", "password": "a good password"}
	w.appoint("zhang", map[string]any{"name": "张某", "window": "8"}).want(http.StatusUnprocessableEntity).says("该政务大厅没有这个窗口")
	w.appoint("zhang", map[string]any{"name": "张某"}).want(http.StatusOK).equal("in_force", "true")
	w.ask("", "POST", "/v1/sessions", login).want(http.StatusOK)
	w.ask("zhang", "GET", "/v1/consultations", nil).want(http.StatusOK)
	w.ask("admin", "POST", "/v1/staff/zhang/relieve", map[string]any{"reason": ""}).want(http.StatusUnprocessableEntity)
	w.ask("admin", "POST", "/v1/staff/zhang/relieve", map[string]any{"reason": "调离"}).want(http.StatusOK).equal("state", "closed")
	w.ask("admin", "POST", "/v1/staff/zhang/relieve", map[string]any{"reason": "调离"}).want(http.StatusConflict)
	w.ask("", "POST", "/v1/sessions", login).want(http.StatusUnauthorized)
	w.ask("zhang", "GET", "/v1/consultations", nil).want(http.StatusUnauthorized) // the session it had is no use either
	w.ask("admin", "GET", "/v1/audit?object=stf_zhang", nil).want(http.StatusOK).says("staff.appoint", "staff.relieve", "调离")
}

func TestW2_3_DutyRosterDecidesWhoGetsATask(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.openHall()
	for _, name := range []string{"he", "wu", "liu"} {
		w.newAccount(name)
	}
	w.appoint("planner", officer("natural_resources", map[string]any{"name": "何某", "specialist_of": []string{landUse}, "deputy": "wu",
		"away": []map[string]any{{"from": "2026-11-25", "until": "2026-11-25"}}})).want(http.StatusOK)
	w.appoint("wu", officer("natural_resources", map[string]any{"name": "吴某", "shift": map[string]any{"days": []int{1, 2, 3, 4, 5}, "from": "09:00", "to": "12:00"}})).want(http.StatusOK)
	w.appoint("liu", officer("natural_resources", map[string]any{"name": "刘某", "general_officer": true})).want(http.StatusOK)
	_, items := w.apply("S1", landUse)
	id := items[landUse]
	w.item("supervisor", id).equal("assigned.name", "何某").equal("assigned.why", "specialist")
	w.ask("planner", "GET", "/v1/case-items?mine=true", nil).want(http.StatusOK).says(id)
	w.ask("wu", "GET", "/v1/case-items?mine=true", nil).want(http.StatusOK).silent(id)
	w.set("2026-11-25 10:00") // the specialist is away, the deputy stands in
	w.item("supervisor", id).equal("assigned.name", "吴某").equal("assigned.why", "deputy")
	w.ask("wu", "GET", "/v1/case-items?mine=true", nil).want(http.StatusOK).says(id)
	w.ask("clerk", "GET", "/v1/duty", nil).want(http.StatusOK).says(`"account":"planner"`, `"away":true`)
	w.appoint("wu", officer("natural_resources", map[string]any{"until": "2026-11-24"})).want(http.StatusOK)
	w.item("supervisor", id).equal("assigned.name", "刘某").equal("assigned.why", "general")
	// W4.2: the supervisor's list of clocks names the same person.
	w.ask("supervisor", "GET", "/v1/supervision/clocks", nil).want(http.StatusOK).says(`"officers":["liu"]`)
	w.act("liu", id, "start", nil).want(http.StatusOK)
	w.item("supervisor", id).equal("assigned.account", "liu").equal("assigned.why", "acting")
}

// newAccount makes an account that only its appointment gives rights to.
func (w *town) newAccount(name string) {
	w.t.Helper()
	if err := w.guard.CreateForPrograms(w.t.Context(), access.NewAccount{Name: name}); err != nil {
		w.t.Fatal(err)
	}
}

func TestW2_4_MissingOfficersAreWarnedOf(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.openHall()
	gaps := w.ask("admin", "GET", "/v1/organisation/gaps?division=430100", nil).want(http.StatusOK).
		says("没有确定改革工作牵头单位", "没有综合服务专员：自然资源和规划局", "没有专业服务专员：建设用地规划许可证核发")
	items, units := 0, 0
	for _, g := range gaps.at("gaps").([]any) {
		switch g.(map[string]any)["kind"] {
		case "specialist_officer":
			items++
		case "general_officer":
			units++
		}
	}
	if items != len(w.office.Catalogue.Items) || units == 0 {
		t.Errorf("%d items without a specialist and %d units without an officer, want all", items, units)
	}
	w.appoint("planner", officer("natural_resources", map[string]any{"general_officer": true, "specialist_of": []string{landUse}})).want(http.StatusOK)
	w.ask("admin", "GET", "/v1/organisation/gaps?division=430100", nil).want(http.StatusOK).
		silent("没有综合服务专员：自然资源和规划局", "没有专业服务专员：建设用地规划许可证核发")
	// Whoever's period has ended fills no gap.
	w.appoint("planner", officer("natural_resources", map[string]any{"general_officer": true, "until": "2026-11-22"})).want(http.StatusOK)
	w.ask("supervisor", "GET", "/v1/organisation/gaps", nil).want(http.StatusOK).says("没有综合服务专员：自然资源和规划局")
}

// TestW2_5_OfficersMayDoWhatTheirRoleUnitItemsAndActionsAllow; every route for
// every role is asked by api.TestAccess_MatrixOfRoutesAndRoles.
func TestW2_5_OfficersMayDoWhatTheirRoleUnitItemsAndActionsAllow(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.newAccount("narrow")
	w.newAccount("reader")
	w.appoint("narrow", officer("natural_resources", map[string]any{"specialist_of": []string{"HN-S1-03"}, "limited_to_items": true})).want(http.StatusOK)
	w.appoint("reader", officer("natural_resources", map[string]any{"actions": []string{"case.read"}})).want(http.StatusOK)
	w.appoint("reader", officer("natural_resources", map[string]any{"actions": []string{"house.burn"}})).want(http.StatusUnprocessableEntity).says("没有这种权限")
	_, items := w.apply("S1", landUse)
	w.act("narrow", items[landUse], "accept", nil).want(http.StatusNotFound) // another specialist's item
	w.item("reader", items[landUse])
	w.act("reader", items[landUse], "accept", nil).want(http.StatusForbidden)
	w.act("reform", items[landUse], "accept", nil).want(http.StatusNotFound) // another unit
	w.appoint("narrow", officer("natural_resources", map[string]any{"specialist_of": []string{landUse}, "limited_to_items": true})).want(http.StatusOK)
	w.act("narrow", items[landUse], "accept", nil).want(http.StatusOK).equal("state", "accepted")
}

// TestW2_5_PolicyGrantsEachActionToTheRolesDocumented asks every role for every
// action, and the policy for nothing beyond.
func TestW2_5_PolicyGrantsEachActionToTheRolesDocumented(t *testing.T) {
	must := map[access.Action][]access.Role{
		access.ItemDecide: {access.Reviewer, access.System}, access.CaseApply: {access.Applicant, access.Clerk},
		access.HandoverReceive: {access.Clerk}, access.IssuanceHandOut: {access.Clerk}, access.DocumentRelease: {access.Security},
		access.AccountsManage: {access.Admin}, access.OrganisationManage: {access.Admin}, access.SupervisionUrge: {access.Lead, access.Supervisor},
	}
	for action, roles := range must {
		for _, role := range access.Roles() {
			who := access.Who{Account: "x", Roles: []access.Role{role}}
			if who.May(action) != slices.Contains(roles, role) {
				t.Errorf("%s may %s: %v", role, action, who.May(action))
			}
		}
	}
}

func TestW2_7_DevicesTellTheirHealthAndBacklog(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.openHall()
	if err := w.guard.CreateForPrograms(t.Context(), access.NewAccount{Name: "scanner-account", Roles: []access.Role{access.System}}); err != nil {
		t.Fatal(err)
	}
	w.ask("admin", "PUT", "/v1/devices/scanner-4", map[string]any{"kind": "scanner", "hall": "changsha", "window": "4"}).want(http.StatusUnprocessableEntity).says("热文件夹")
	w.ask("admin", "PUT", "/v1/devices/scanner-4", map[string]any{"kind": "scanner", "hall": "changsha", "window": "4", "account": "scanner-account"}).want(http.StatusOK).equal("lamp", "red")
	w.ask("scanner-account", "POST", "/v1/devices/scanner-3/report", map[string]any{"backlog": 2}).want(http.StatusNotFound) // another's token
	w.ask("scanner-account", "POST", "/v1/devices/scanner-4/report", map[string]any{"backlog": 7}).want(http.StatusOK).equal("lamp", "green")
	w.ask("supervisor", "GET", "/v1/devices", nil).want(http.StatusOK).equal("backlog", "7")
	w.set("2026-11-23 10:10")
	w.ask("clerk", "GET", "/v1/devices", nil).want(http.StatusOK).says(`"lamp":"yellow"`)
	w.ask("scanner-account", "POST", "/v1/devices/scanner-4/report", map[string]any{"backlog": 9, "problem": "卡纸"}).want(http.StatusOK).equal("lamp", "red")
	w.ask("admin", "GET", "/v1/audit?object=dev_scanner-4", nil).want(http.StatusOK).says("device.health", "卡纸")
	// What the scanner sends comes from its window.
	doc := w.upload("scanner-account", "scan.pdf", nil)
	w.ask("clerk", "GET", "/v1/documents/"+doc, nil).want(http.StatusOK).says(`"hall":"changsha"`, `"window":"4"`, `"channel":"physical"`)
}

func TestW3_2_LeadUnitsAndResponsiblePersonsAreSettledAndShown(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.ask("", "GET", "/v1/leadership/430100", nil).want(http.StatusNotFound)
	half := map[string]any{"lead": map[string]any{"unit": "housing", "name": ""}, "stages": map[string]any{"S1": map[string]any{"unit": "natural_resources", "name": "赵某"}}, "responsibilities": []any{}}
	w.ask("admin", "PUT", "/v1/leadership/430100", half).want(http.StatusUnprocessableEntity).says("lead.name", "stages.S2.unit", "stages.S3.unit", "stages.S4.name").silent("stages.S1.")
	whole := map[string]any{"lead": map[string]any{"unit": "housing", "name": "钱某", "telephone": "0731-80000002"}, "stages": map[string]any{},
		"responsibilities": []map[string]any{{"unit": "natural_resources", "name": "孙某", "duty": "立项用地规划许可阶段的统筹协调"}}}
	for _, stage := range []string{"S1", "S2", "S3", "S4"} {
		whole["stages"].(map[string]any)[stage] = map[string]any{"unit": "natural_resources", "name": "赵某" + stage}
	}
	w.ask("clerk", "PUT", "/v1/leadership/430100", whole).want(http.StatusForbidden)
	w.ask("admin", "PUT", "/v1/leadership/430100", whole).want(http.StatusOK)
	w.appoint("planner", officer("natural_resources", map[string]any{"name": "周某", "general_officer": true, "telephone": "0731-80000003"})).want(http.StatusOK)
	w.ask("", "GET", "/v1/leadership/430100", nil).want(http.StatusOK).equal("lead.unit_name", "长沙市住房和城乡建设局").equal("lead.name", "钱某").
		equal("stages.3.name", "赵某S4").says("立项用地规划许可阶段的统筹协调", "孙某", "周某", "综合服务专员", "0731-80000003")
	w.ask("admin", "GET", "/v1/organisation/gaps?division=430100", nil).want(http.StatusOK).silent("没有确定改革工作牵头单位")
}
