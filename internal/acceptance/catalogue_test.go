package acceptance_test

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"onewindow/approval/catalogue"
	"onewindow/casework/catalogues"
)

// city is the embedded catalogue as a city changes it: pairs of old and new text,
// and overrides of divisions.
func city(t *testing.T, overrides string, replace ...string) fstest.MapFS {
	t.Helper()
	own, err := catalogue.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"overrides.yaml": {Data: []byte("{}")}}
	for _, name := range catalogue.Files()[:6] {
		b, err := fs.ReadFile(own, name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		for i := 0; i < len(replace); i += 2 {
			text = strings.Replace(text, replace[i], replace[i+1], 1)
		}
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if overrides != "" {
		folder["overrides.yaml"] = &fstest.MapFile{Data: []byte(overrides)}
	}
	return folder
}

// publish publishes a city's catalogue and starts the service anew with it.
func (w *town) publish(folder fstest.MapFS) {
	w.t.Helper()
	if _, _, err := catalogues.Publish(w.t.Context(), w.records, folder, "operator"); err != nil {
		w.t.Fatal(err)
	}
	library, err := catalogues.Open(w.t.Context(), w.records, w.log)
	if err != nil {
		w.t.Fatal(err)
	}
	w.office.Library = library
}

// TestV1_1_CatalogueIsPublishedWithoutLogin: four stages; each item has a guide
// and a checklist; questions can be searched.
func TestV1_1_CatalogueIsPublishedWithoutLogin(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	all := w.ask("", "GET", "/v1/catalogue", nil).want(http.StatusOK).says("立项用地规划许可", "工程建设许可", "施工许可", "竣工验收", "一窗受理、集成服务")
	if n := len(all.at("stages").([]any)); n != 4 {
		t.Fatalf("%d stages", n)
	}
	items := w.ask("", "GET", "/v1/catalogue/items?stage=S3&project_type=SMALL", nil).want(http.StatusOK).says("施工许可证核发", "供水报装").silent("防雷装置设计审核")
	for _, it := range items.at("items").([]any) {
		code := it.(map[string]any)["code"].(string)
		one := w.ask("", "GET", "/v1/catalogue/items/"+code, nil).want(http.StatusOK).says(`"bases":[{`, `"conditions":["`, `"checklist":[{`, `"steps":["`)
		if len(one.at("checklist").([]any)) == 0 || len(one.at("faq").([]any)) == 0 {
			t.Errorf("%s has no checklist or no questions", code)
		}
	}
	w.ask("", "GET", "/v1/catalogue/items?q="+url.QueryEscape("规划许可证"), nil).want(http.StatusOK).says("HN-S1-08", "HN-S2-02").silent("HN-S3-12")
	w.ask("", "GET", "/v1/catalogue/faq?q="+url.QueryEscape("退回"), nil).want(http.StatusOK).equal("faq.0.question", "事项被退回怎么办？")
	w.ask("", "GET", "/v1/catalogue/items/HN-S9-99", nil).want(http.StatusNotFound)
	w.ask("", "GET", "/v1/catalogue?division=999999", nil).want(http.StatusUnprocessableEntity).says("没有这个行政区划代码")
}

// TestV1_1_ChecklistIsMergedForAnybody: shared material once, conditions by the
// answers, open questions named.
func TestV1_1_ChecklistIsMergedForAnybody(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	path := "/v1/catalogue/checklist?items=HN-S3-11,HN-S3-12,HN-S3-13&project_type=SOC"
	a := w.ask("", "GET", path, nil).want(http.StatusOK).equal("version", "0.1")
	seen := map[string]int{}
	for _, e := range a.at("entries").([]any) {
		entry := e.(map[string]any)
		seen[entry["material"].(string)] = len(entry["consumers"].([]any))
	}
	if seen["utility-load"] != 3 || seen["engineering-permit"] != 2 || seen["legal-rep-id"] != 1 {
		t.Errorf("consumers by material: %v", seen)
	}
	scheme := "/v1/catalogue/checklist?items=HN-S2-01&project_type=SOC"
	w.ask("", "GET", scheme, nil).want(http.StatusOK).says(`"questions":["需批前公示"]`)
	w.ask("", "GET", scheme+"&answers=publicity_required:true", nil).want(http.StatusOK).says(`"questions":[]`, "设计方案公示材料")
	w.ask("", "GET", scheme+"&answers=colour:blue", nil).want(http.StatusUnprocessableEntity).says("申请表中没有这个问题")
}

// TestT2_RunningCaseKeepsItsVersion: a change of the checklist is published with
// a new version; what began before goes on as it began.
func TestT2_RunningCaseKeepsItsVersion(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.publish(city(t, ""))
	w.register(nil)
	old, _ := w.apply("S1", landUse)
	draft := w.draft("S1", landUse)
	before := w.ask("applicant", "GET", "/v1/cases/"+old, nil).equal("catalogue", "0.1").text("case_items.0.limit_workdays")
	w.publish(city(t, "", "version: 0.1", "version: 0.2", "effective_from: 2026-01-01", "effective_from: 2026-12-01",
		"natural_resources: {name: 自然资源和规划局,", "natural_resources: {name: 自然资源局,",
		"name: 建设用地规划许可证核发, kind: approval, unit: natural_resources, stage: S1, scope: main, types: [GOV_B, GOV_M, SOC, SOC_A, IND, SMALL],",
		"name: 建设用地规划许可证核发（新）, kind: approval, unit: natural_resources, stage: S1, scope: main, types: [GOV_B, GOV_M, SOC, SOC_A, IND, SMALL],"))
	w.ask("", "GET", "/v1/catalogue", nil).equal("version", "0.1")
	w.set("2026-12-01 09:00")
	w.ask("", "GET", "/v1/catalogue", nil).equal("version", "0.2").equal("effective_from", "2026-12-01")
	w.ask("", "GET", "/v1/catalogue/versions", nil).want(http.StatusOK).equal("versions.0.version", "0.2").equal("versions.0.current", "true").equal("versions.1.current", "false")
	w.ask("applicant", "GET", "/v1/cases/"+old, nil).equal("catalogue", "0.1").equal("case_items.0.limit_workdays", before)
	w.ask("applicant", "GET", "/v1/cases/"+draft, nil).equal("catalogue", "0.1")
	w.ask("applicant", "GET", "/v1/cases/"+w.draft("S1", landUse), nil).equal("catalogue", "0.2")
	w.ask("", "GET", "/v1/catalogue/items/"+landUse+"?version=0.1", nil).want(http.StatusOK).equal("name", "建设用地规划许可证核发")
	w.ask("", "GET", "/v1/catalogue/diff?from=0.1", nil).want(http.StatusOK).equal("to", "0.2").
		says(`"field":"名称","before":"建设用地规划许可证核发","after":"建设用地规划许可证核发（新）"`)
	w.ask("", "GET", "/v1/catalogue/diff?from=9", nil).want(http.StatusNotFound)
	// Figures and exchange speak of a case as its own edition did, also of what a
	// later one has no more.
	w.ask("supervisor", "GET", "/v1/supervision/figures?by=item", nil).want(http.StatusOK).says("建设用地规划许可证核发（新）")
	exchanged := rowsOf(w.ask("admin", "GET", "/v1/exchange?limit=1000", nil).want(http.StatusOK), "SPGL_XMSPSXBLXXB")
	if len(exchanged) != 1 {
		t.Errorf("%d items exchanged, want the one that was submitted", len(exchanged))
	}
	for _, row := range exchanged {
		if row["spsxbbh"] != "0.1" || row["spbmmc"] != "自然资源和规划局" {
			t.Errorf("exchanged as %v", row)
		}
	}
	w.ask("admin", "GET", "/v1/audit?object=0.2", nil).want(http.StatusOK).says("catalogue.publish", "2026-12-01")
}

// TestT2_PublishedVersionNeverChanges: other contents need another version.
func TestT2_PublishedVersionNeverChanges(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.publish(city(t, ""))
	other := city(t, "", "怎样查询办理进度？", "进度在哪里查？")
	if _, _, err := catalogues.Publish(t.Context(), w.records, other, "operator"); !errors.Is(err, catalogues.ErrTaken) {
		t.Errorf("changed contents under the same version: %v", err)
	}
	if _, fresh, err := catalogues.Publish(t.Context(), w.records, city(t, ""), "operator"); err != nil || fresh {
		t.Errorf("the same again: fresh %v, %v", fresh, err)
	}
}

// TestT1_DivisionsPromiseForThemselves: a city's own limits and units hold for
// its projects, and for no others.
func TestT1_DivisionsPromiseForThemselves(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.publish(city(t, `"430100": {lead_unit: housing, lead_units: {S1: reform}, items: {`+landUse+`: {promise: 2}}, general_officers: {reform: {name: 张敏, telephone: 0731-80000001}}}`))
	w.register(nil)
	_, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK).equal("limit_workdays", "2")
	w.ask("", "GET", "/v1/catalogue/items/"+landUse+"?division=430100", nil).equal("promised_days", "2")
	if w.ask("", "GET", "/v1/catalogue/items/"+landUse+"?division=430200", nil).text("promised_days") == "2" {
		t.Error("another city has the promise of this one")
	}
	w.ask("", "GET", "/v1/catalogue/contacts?division=430100", nil).want(http.StatusOK).equal("lead_unit_name", "住房和城乡建设局").
		equal("stages.0.lead_unit_name", "发展和改革委员会").equal("general_officers.0.officer.name", "张敏").says("没有综合服务专员：水利局")
}
