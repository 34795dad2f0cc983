package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/casework"
	"onewindow/internal/sample"
	"onewindow/storage"
)

// basis is what results of the project offer to an entry of an item's checklist.
func (h *house) basis(t *testing.T, item, material string) casework.BasisEntry {
	t.Helper()
	return h.basisOf(t, project.Code, item, material)
}

func (h *house) basisOf(t *testing.T, code, item, material string) casework.BasisEntry {
	t.Helper()
	var b struct{ Entries []casework.BasisEntry }
	h.get("planner", "/v1/projects/"+code+"/basis?item="+item).want(http.StatusOK).into(&b)
	for _, e := range b.Entries {
		if e.Material == material {
			return e
		}
	}
	t.Fatalf("%s has no basis entry %s", item, material)
	return casework.BasisEntry{}
}

func (h *house) stored(t *testing.T, id string) approval.Result {
	t.Helper()
	r, err := h.records.Result(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pushed publishes a certificate of a type with these values.
func (h *house) pushed(t *testing.T, typ, key string, values map[string]string) approval.Result {
	t.Helper()
	var r approval.Result
	parts := certificate(t, ecertID, certificateBytes+key, values)
	parts[0] = field("type", typ)
	h.do(h.form("system", "/v1/certificates", key, parts...)).want(http.StatusCreated).into(&r)
	return r
}

func TestV2_13_ValidResultIsOfferedWithPrefilledFields(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	e := h.basis(t, "HN-S4-09", "construction-permit")
	if !e.Satisfied || len(e.Offers) != 1 || e.Offers[0].Result != id || e.Offers[0].Version != 1 || len(e.Unusable) != 0 {
		t.Fatalf("entry %+v", e)
	}
	want := permitFields()
	for _, key := range []string{"doc_no", "project_name", "location", "scale", "construction_unit", "supervision_unit"} {
		if e.Offers[0].Prefill[key] != want[key] {
			t.Errorf("%s is prefilled with %q, want %q", key, e.Offers[0].Prefill[key], want[key])
		}
	}
	if other := h.basisOf(t, "2404-430100-04-01-123453", "HN-S4-09", "construction-permit"); other.Satisfied || len(other.Offers) != 0 {
		t.Errorf("offered to another project: %+v", other)
	}
	h.get("planner", "/v1/projects/"+project.Code+"/basis?item=NO").want(http.StatusUnprocessableEntity)
	h.get("planner", "/v1/projects/"+project.Code+"/basis").want(http.StatusUnprocessableEntity)
	if h.audits(project.Code, "basis.read") != 1 {
		t.Error("reading the basis is not in the trail")
	}
}

func TestV2_13_UnusableResultsAreNotOffered(t *testing.T) {
	h := openHouse(t)
	permit := paper("rd-fire-design-opinion").Truth.Fields
	negative := h.pushed(t, "rd-fire-design-opinion", "neg", with(permit, "conclusion", "不合格"))
	e := h.basis(t, "HN-S3-03", "fire-design-opinion")
	if e.Satisfied || len(e.Unusable) != 1 || e.Unusable[0].Why != "negative" || e.Unusable[0].Result != negative.ID {
		t.Errorf("negative: %+v", e)
	}
	positive := h.pushed(t, "rd-fire-design-opinion", "pos", with(permit, "conclusion", "合格")) // same number: supersedes
	e = h.basis(t, "HN-S3-03", "fire-design-opinion")
	if !e.Satisfied || len(e.Offers) != 1 || e.Offers[0].Result != positive.ID || len(e.Unusable) != 1 || e.Unusable[0].Why != "superseded" {
		t.Errorf("superseded: %+v", e)
	}
	h.ask("reviewer", "POST", "/v1/results/"+positive.ID+"/revoke", map[string]any{"reason": "发证有误"}).want(http.StatusOK)
	e = h.basis(t, "HN-S3-03", "fire-design-opinion")
	if e.Satisfied || len(e.Offers) != 0 || len(e.Unusable) != 2 {
		t.Errorf("revoked: %+v", e)
	}
}

func TestV2_13_ExpiredResultIsNotOffered(t *testing.T) {
	h := openHouse(t)
	r := h.pushed(t, "rd-land-preexam", "exp", paper("rd-land-preexam").Truth.Fields)
	until, err := time.ParseInLocation(time.DateOnly, r.ValidUntil, time.FixedZone("", 8*3600))
	if err != nil || r.ValidUntil == approval.NoExpiry {
		t.Fatalf("valid until %q", r.ValidUntil)
	}
	h.now = func() time.Time { return until.Add(24*time.Hour - time.Second) } // the last second of its last day
	if e := h.basis(t, "HN-S1-04", "land-preexam"); !e.Satisfied {
		t.Errorf("not offered on its last day: %+v", e)
	}
	h.now = func() time.Time { return until.Add(24 * time.Hour) }
	e := h.basis(t, "HN-S1-04", "land-preexam")
	if e.Satisfied || len(e.Unusable) != 1 || e.Unusable[0].Why != "expired" {
		t.Errorf("entry %+v", e)
	}
	r2 := h.ask("reviewer", "POST", "/v1/results/"+r.ID+"/reliances", map[string]any{"item": "HN-S1-04", "material": "land-preexam"}).want(http.StatusConflict)
	if !strings.Contains(string(r2.body), "不能作为依据") {
		t.Errorf("answer %s", r2.body)
	}
}

func TestV2_13_RelianceRecordsTheVersion(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	path := "/v1/results/" + id + "/reliances"
	for _, c := range []map[string]any{
		{"item": "HN-NO", "material": "construction-permit"},
		{"item": "HN-S4-09", "material": "site-plan"},
		{"item": "HN-S1-01", "material": "construction-permit"},
	} {
		h.ask("planner", "POST", path, c).want(http.StatusUnprocessableEntity)
	}
	var first, again approval.Reliance
	body := map[string]any{"item": "HN-S4-09", "material": "construction-permit", "case": "C1"}
	h.ask("planner", "POST", path, body).want(http.StatusOK).into(&first)
	h.ask("planner", "POST", path, body).want(http.StatusOK).into(&again)
	if first.ID != again.ID || first.Version != 1 || first.Project != project.Code || first.By != "planner" || first.At.IsZero() {
		t.Errorf("reliances %+v and %+v", first, again)
	}
	h.ask("planner", "POST", "/v1/results/res_none/reliances", body).want(http.StatusNotFound)
	if h.audits(id, "basis.rely") != 1 {
		t.Error("the reliance is not once in the trail")
	}
}

func TestV2_13_RevokeFlagsDependantsAndTellsThem(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	h.ask("planner", "POST", "/v1/results/"+id+"/reliances", map[string]any{"item": "HN-S4-09", "material": "construction-permit"}).want(http.StatusOK)
	revoke := "/v1/results/" + id + "/revoke"
	h.ask("planner", "POST", revoke, map[string]any{"reason": "x"}).want(http.StatusForbidden) // not its result
	if r := h.ask("reviewer", "POST", revoke, map[string]any{"reason": "  "}).want(http.StatusUnprocessableEntity); r.wrong()["reason"] == "" {
		t.Errorf("no reason answered %s", r.body)
	}
	h.ask("reviewer", "POST", revoke, map[string]any{"reason": "发证有误"}).want(http.StatusOK)
	h.ask("reviewer", "POST", revoke, map[string]any{"reason": "again"}).want(http.StatusConflict)
	r := h.stored(t, id)
	if r.Status != approval.StatusRevoked || r.EndedBy != "reviewer" || r.EndReason != "发证有误" || r.EndedAt == nil {
		t.Errorf("revoked result %+v", r)
	}
	h.flagged(t, id, "revoked")
	h.ask("planner", "POST", "/v1/results/"+id+"/reliances", map[string]any{"item": "HN-S4-09", "material": "construction-permit", "case": "new"}).want(http.StatusConflict)
}

// flagged checks that who relied on a result is flagged and an event says so.
func (h *house) flagged(t *testing.T, id, flag string) {
	t.Helper()
	var list struct{ Reliances []approval.Reliance }
	h.get("planner", "/v1/results/"+id+"/reliances").want(http.StatusOK).into(&list)
	if len(list.Reliances) != 1 || list.Reliances[0].Flag != flag || list.Reliances[0].FlagAt == nil {
		t.Errorf("reliances %+v", list.Reliances)
	}
	var feed struct{ Events []approval.Event }
	h.get("system", "/v1/events?limit=1000").want(http.StatusOK).into(&feed)
	seen := map[string]int{}
	for _, e := range feed.Events {
		if e.Result == id {
			seen[e.Type]++
		}
	}
	if seen[approval.EventFlagged] != 1 || seen["result."+flag] != 1 || seen[approval.EventRelied] != 1 {
		t.Errorf("events of the result: %v", seen)
	}
}

func TestV2_13_SameNumberSupersedes(t *testing.T) {
	h := openHouse(t)
	old := h.permit()
	h.ask("planner", "POST", "/v1/results/"+old+"/reliances", map[string]any{"item": "HN-S4-09", "material": "construction-permit"}).want(http.StatusOK)
	fresh := h.publish("reviewer", paper("rd-construction-permit"), field("project", project.Code))
	a, b := h.stored(t, old), h.stored(t, fresh)
	if a.Status != approval.StatusSuperseded || a.Successor != fresh || b.Version != 2 || b.Supersedes != old || b.Lineage != a.Lineage || a.Code == b.Code {
		t.Errorf("old %s %s, new %d %s", a.Status, a.Successor, b.Version, b.Supersedes)
	}
	h.flagged(t, old, "superseded")
	e := h.basis(t, "HN-S4-09", "construction-permit")
	if len(e.Offers) != 1 || e.Offers[0].Result != fresh || e.Offers[0].Version != 2 {
		t.Errorf("entry %+v", e)
	}
}

func TestV2_13_NamedResultIsSuperseded(t *testing.T) {
	h := openHouse(t)
	old := h.permit()
	other := paper("rd-fire-design-opinion") // another number, another type: only the name ties them
	h.do(h.form("planner", "/v1/documents", "", field("supersede", old), file("a.pdf", scan(t, other)))).want(http.StatusUnprocessableEntity)
	fresh := h.publish("reviewer", other, field("project", project.Code), field("supersede", old))
	if a, b := h.stored(t, old), h.stored(t, fresh); a.Status != approval.StatusSuperseded || b.Version != 2 {
		t.Errorf("old %s, new version %d", a.Status, b.Version)
	}
}

func TestV2_13_ResultWithoutProjectIsLinked(t *testing.T) {
	h := openHouse(t)
	blank := withoutCode(paper("rd-construction-permit"))
	id := h.publish("reviewer", blank)
	if r := h.stored(t, id); r.Project != "" {
		t.Fatalf("the permit has project %q", r.Project)
	}
	path := "/v1/results/" + id + "/project"
	h.ask("planner", "POST", path, map[string]any{"project": project.Code}).want(http.StatusForbidden)
	if r := h.ask("clerk", "POST", path, map[string]any{"project": "12"}).want(http.StatusUnprocessableEntity); r.wrong()["project"] == "" {
		t.Errorf("a wrong code answered %s", r.body)
	}
	h.ask("clerk", "POST", path, map[string]any{"project": project.Code}).want(http.StatusOK)
	if e := h.basis(t, "HN-S4-09", "construction-permit"); !e.Satisfied || e.Offers[0].Result != id {
		t.Errorf("not offered after linking: %+v", e)
	}
	h.ask("clerk", "POST", path, map[string]any{"project": "2404-430100-04-01-123453"}).want(http.StatusConflict)
	if h.audits(id, "result.link") != 1 {
		t.Error("linking is not in the trail")
	}
	// The name is known now: the next paper that carries it finds its project.
	next := blank
	h.ask("reviewer", "POST", "/v1/results/"+id+"/revoke", map[string]any{"reason": "换证"}).want(http.StatusOK)
	again := h.publish("reviewer", next)
	if r := h.stored(t, again); r.Project != project.Code {
		t.Errorf("the second permit of that name has project %q", r.Project)
	}
}

func TestV2_13_ListsAreOfOneProject(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	for query, want := range map[string]int{"": 1, "?project=" + project.Code: 1, "?project=other": 0, "?type=rd-construction-permit": 1,
		"?type=x": 0, "?unit=housing": 1, "?number=" + permitFields()["doc_no"]: 1, "?status=revoked": 0, "?before=" + id: 0} {
		var list struct{ Results []struct{ ID string } }
		h.get("planner", "/v1/results"+query).want(http.StatusOK).into(&list)
		if len(list.Results) != want {
			t.Errorf("%q lists %d, want %d", query, len(list.Results), want)
		}
	}
	if rs, err := h.records.ListResults(t.Context(), storage.ResultQuery{}); err != nil || len(rs) != 1 {
		t.Errorf("%d results, %v", len(rs), err)
	}
}

// withoutCode is a paper on which the 项目代码 does not stand.
func withoutCode(d sample.Document) sample.Document {
	for i, p := range d.Pages {
		d.Pages[i].Marks = slices.DeleteFunc(slices.Clone(p.Marks), func(m sample.Mark) bool {
			text, ok := m.(sample.Text)
			return ok && strings.Contains(text.String, project.Code)
		})
	}
	d.Truth.Fields = with(d.Truth.Fields, "remarks", "")
	return d
}

// TestV2_13_CodeAmongTheRemarksNamesTheProject: permits have no field for it.
func TestV2_13_CodeAmongTheRemarksNamesTheProject(t *testing.T) {
	h := openHouse(t)
	d := paper("rd-construction-permit")
	d.Truth.Fields = with(d.Truth.Fields, "remarks", "项目代码："+project.Code)
	if r := h.stored(t, h.publish("reviewer", d)); r.Project != project.Code {
		t.Errorf("the permit has project %q", r.Project)
	}
	d.Truth.Fields = with(d.Truth.Fields, "remarks", "项目代码："+project.Code+"，原 2404-430100-04-01-123453")
	d = withoutName(d)
	if r := h.stored(t, h.publish("reviewer", d)); r.Project != "" {
		t.Errorf("two codes gave project %q", r.Project)
	}
}

func withoutName(d sample.Document) sample.Document {
	d.Truth.Fields = with(d.Truth.Fields, "project_name", "另一个名字的工程")
	return d
}
