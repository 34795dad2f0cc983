package acceptance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// rowsOf lists the rows of a table of a batch.
func rowsOf(a *answer, table string) []map[string]any {
	a.t.Helper()
	var out []map[string]any
	for _, r := range a.at("tables." + table).([]any) {
		out = append(out, r.(map[string]any))
	}
	return out
}

func TestG5_CasesAreExportedAsTheMinistrysTables(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"investment": 12000.5})
	caseID, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	w.act("planner", items[landUse], "open-special", map[string]any{"kind": "专家评审", "days": 5}).want(http.StatusOK)
	w.act("planner", items[landUse], "close-special", nil).want(http.StatusOK)
	w.act("planner", items[landUse], "reject", map[string]any{"reasons": []string{"用地性质不符"}}).want(http.StatusOK)
	batch := w.ask("admin", "GET", "/v1/exchange?limit=1000", nil).want(http.StatusOK)
	if failed := batch.at("failed").([]any); len(failed) > 0 {
		t.Fatalf("failed: %v", failed)
	}
	projects, rows, steps, specials := rowsOf(batch, "SPGL_XMJBXXB"), rowsOf(batch, "SPGL_XMSPSXBLXXB"), rowsOf(batch, "SPGL_XMSPSXBLXXXXB"), rowsOf(batch, "SPGL_XMSPSXBLTBCXXXB")
	if len(projects) != 1 || projects[0]["xmdm"] != projectCode || projects[0]["jsdwdm"] != "91430100DEM0TE0102" || projects[0]["ztze"] != "12000.5" {
		t.Errorf("projects: %v", projects)
	}
	number := w.ask("applicant", "GET", "/v1/cases/"+caseID, nil).text("number")
	if len(rows) != 1 || rows[0]["spsxslbm"] != items[landUse] || rows[0]["blspslbm"] != number || rows[0]["slfs"] != "1" || rows[0]["dybzspjdxh"] != "1" {
		t.Errorf("items: %v", rows)
	}
	states := ""
	for _, s := range steps {
		states += fmt.Sprint(s["blzt"], " ")
		if s["blsj"] != "2026-11-23 10:00:00" || s["gcdm"] != projects[0]["gcdm"] {
			t.Errorf("step %v", s)
		}
	}
	if states != "1 3 9 10 13 " {
		t.Errorf("办理状态 %s", states)
	}
	if len(specials) != 1 || specials[0]["tbcxmc"] != "专家评审" || specials[0]["tbcxsx"] != "5" || specials[0]["tbcx"] != "8" {
		t.Errorf("special procedures: %v", specials)
	}
	// Asked again after the last number there is nothing; then only what is new.
	next := "/v1/exchange?after=" + fmt.Sprintf("%.0f", batch.at("next"))
	if again := w.ask("admin", "GET", next, nil).want(http.StatusOK); len(rowsOf(again, "SPGL_XMSPSXBLXXXXB")) != 0 {
		t.Errorf("nothing happened, but: %s", again.body)
	}
	w.apply("S1", landUse)
	if news := rowsOf(w.ask("admin", "GET", next, nil), "SPGL_XMSPSXBLXXXXB"); len(news) != 1 || news[0]["blzt"] != "1" {
		t.Errorf("news: %v", news)
	}
	sheet := w.ask("admin", "GET", "/v1/exchange/SPGL_XMSPSXBLXXXXB", nil).want(http.StatusOK)
	if !strings.HasPrefix(string(sheet.body), "\uFEFFdfsjzj,xzqhdm,gcdm,spsxslbm,blcs,blr,blzt,blyj,blsj,") || strings.Count(string(sheet.body), "\n") != 7 {
		t.Errorf("sheet:\n%s", sheet.body)
	}
}

func TestG5_RowsThatWouldBeRefusedAreReportedNotSent(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"builder_uscc": ""})
	_, items := w.apply("S1", landUse)
	batch := w.ask("admin", "GET", "/v1/exchange", nil).want(http.StatusOK).says("jsdwdm", "必填项为空", "所属的项目或事项记录未通过校验")
	for _, table := range []string{"SPGL_XMJBXXB", "SPGL_XMSPSXBLXXB", "SPGL_XMSPSXBLXXXXB"} {
		if rows := rowsOf(batch, table); len(rows) != 0 {
			t.Errorf("%s would send %v although its project is not valid", table, rows)
		}
	}
	if failed := batch.at("failed").([]any); len(failed) != 3 || !strings.Contains(string(batch.body), items[landUse]) {
		t.Errorf("failed: %v", failed)
	}
}
