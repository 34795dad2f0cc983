package acceptance_test

import (
	"net/http"
	"testing"
)

// The project that most tests are about.
const projectCode = "2404-430100-04-01-123453"

// register registers the project for the applicant, with changes.
func (w *town) register(changes map[string]any) {
	w.t.Helper()
	body := map[string]any{"code": projectCode, "name": "星湖花园一期项目", "type": "SOC", "division": "430100",
		"builder": "湖南星湖置业有限公司", "builder_uscc": "91430100DEM0TE0102", "telephone": "0731-80000000"}
	for k, v := range changes {
		body[k] = v
	}
	w.ask("applicant", "POST", "/v1/projects", body).want(http.StatusOK)
}

// answersOf answers every question of the form with no.
func (w *town) answersOf() map[string]string {
	out := map[string]string{}
	for _, f := range w.office.Catalogue.Flags {
		switch {
		case f.Code == "project_type":
		case f.Enum != nil:
			out[f.Code] = f.Enum[0]
		default:
			out[f.Code] = "false"
		}
	}
	return out
}

// draft starts an application and returns the case's ID.
func (w *town) draft(stage string, items ...string) string {
	w.t.Helper()
	return w.ask("applicant", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": stage, "items": items,
		"answers": w.answersOf()}).want(http.StatusOK).text("id")
}

// fillIn uploads a file for every entry that is needed and empty.
func (w *town) fillIn(as, caseID string) {
	w.t.Helper()
	list := w.ask(as, "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK)
	for _, e := range list.at("entries").([]any) {
		entry := e.(map[string]any)
		if entry["needed"] != "true" || entry["satisfied"] == true {
			continue
		}
		material := entry["material"].(string)
		doc := w.upload(as, material+".pdf", map[string]string{"project": projectCode})
		w.ask(as, "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": material}).want(http.StatusOK)
	}
}

// apply registers, fills in and submits one application and returns its items'
// IDs by item code.
func (w *town) apply(stage string, items ...string) (caseID string, ids map[string]string) {
	w.t.Helper()
	caseID = w.draft(stage, items...)
	w.fillIn("applicant", caseID)
	a := w.ask("applicant", "POST", "/v1/cases/"+caseID+"/submit", map[string]any{}).want(http.StatusOK)
	return caseID, itemsOf(a)
}

func itemsOf(a *answer) map[string]string {
	a.t.Helper()
	ids := map[string]string{}
	for _, it := range a.at("case_items").([]any) {
		item := it.(map[string]any)
		ids[item["item"].(string)] = item["id"].(string)
	}
	return ids
}

// item asks for an item.
func (w *town) item(as, id string) *answer {
	w.t.Helper()
	return w.ask(as, "GET", "/v1/case-items/"+id, nil).want(http.StatusOK)
}

// act does an action on an item.
func (w *town) act(as, id, action string, body map[string]any) *answer {
	w.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	return w.ask(as, "POST", "/v1/case-items/"+id+"/"+action, body)
}

// codes of items in stage one that different units handle.
func TestMain_CatalogueHasTheItemsUsedHere(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	for _, code := range []string{landUse, filing} {
		if _, ok := w.office.Catalogue.Item(code); !ok {
			t.Errorf("the catalogue has no item %s", code)
		}
	}
}
