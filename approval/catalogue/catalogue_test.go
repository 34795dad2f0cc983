package catalogue

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// broken is the embedded data with one replacement in one file.
func broken(t *testing.T, file, old, new string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range Files()[:6] {
		b, err := embedded.ReadFile("data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if name == file {
			if !strings.Contains(text, old) {
				t.Fatalf("%s does not hold %q", file, old)
			}
			text = strings.Replace(text, old, new, 1)
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestDefault_counts(t *testing.T) {
	c := Default()
	minimal := 0
	for _, r := range c.ResultTypes {
		if r.Minimal {
			minimal++
		}
	}
	got := map[string]int{
		"stages": len(c.Stages), "units": len(c.Units), "materials": len(c.Materials), "items": len(c.Items),
		"full results": len(c.ResultTypes) - minimal, "minimal results": minimal,
		"divisions": len(c.Divisions), "flags": len(c.Flags), "notices": len(c.Notices),
	}
	want := map[string]int{
		"stages": 4, "units": 20, "materials": 121, "items": 52, "full results": 18, "minimal results": 34,
		"divisions": 165, "flags": 23, "notices": 16,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c.Version == "" || !strings.HasPrefix(c.Digest, "sha256-") {
		t.Errorf("version %q, digest %q", c.Version, c.Digest)
	}
}

// TestV1_1_fourStages: the stages are those of the guideline, in order, with items.
func TestV1_1_fourStages(t *testing.T) {
	c := Default()
	var names []string
	for _, s := range c.Stages {
		names = append(names, s.Name)
		if len(c.ItemsOf(s.Code, "")) == 0 {
			t.Errorf("stage %s has no items", s.Code)
		}
	}
	if diff := cmp.Diff([]string{"立项用地规划许可", "工程建设许可", "施工许可", "竣工验收"}, names); diff != "" {
		t.Error(diff)
	}
}

// TestG9_utilities: each of the five kinds of utility has a unit and items.
func TestG9_utilities(t *testing.T) {
	c := Default()
	for _, kind := range []string{"water", "power", "gas", "drainage", "telecom"} {
		i := slices.IndexFunc(c.Units, func(u Unit) bool { return u.Utility == kind })
		if i < 0 || c.Units[i].Type != "utility" {
			t.Errorf("no utility of kind %s", kind)
			continue
		}
		if !slices.ContainsFunc(c.Items, func(it Item) bool { return it.Unit == c.Units[i].Code }) {
			t.Errorf("%s has no items", c.Units[i].Code)
		}
	}
}

// TestLoad_refusesBrokenData: every kind of mistake a city can make is found.
func TestLoad_refusesBrokenData(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{fileCatalogue, "unit: reform, stage: S1", "unit: reforms, stage: S1", `unit "reforms" is unknown`},
		{fileCatalogue, "{m: filing-info-form,", "{m: filing-form,", `material "filing-form" is unknown`},
		{fileCatalogue, "when: needs_new_land", "when: needs_old_land", `unknown flag "needs_old_land"`},
		{fileCatalogue, "project_type in [GOV_B, GOV_M] and", "project_type in [GOV_X, GOV_M] and", `"GOV_X" is no value`},
		{fileCatalogue, "project_type in [GOV_B, GOV_M] and", "project_type in [GOV_B GOV_M] and", "parse condition"},
		{fileCatalogue, "results: [rd-filing-cert]", "results: [rd-filing]", `"rd-filing"`},
		{fileCatalogue, "result_doc: rd-land-preexam", "result_doc: rd-preexam", `result type "rd-preexam" is unknown`},
		{fileCatalogue, "fields_of: rd-completion-record", "fields_of: rd-completion", `fields_of "rd-completion" is unknown`},
		{fileCatalogue, "gate: HN-S3-03", "gate: HN-S9-03", `item "HN-S9-03" is unknown`},
		{fileCatalogue, "toler: 5", "tolerance: 5", "tolerance"},
		{fileResults, "validator: permit_no", "validator: permit", `validator "permit" is unknown`},
		{fileResults, "not_before: start_date", "not_before: begin_date", `unknown field "begin_date"`},
		{fileResults, "item: HN-S1-04, material: land-preexam", "item: HN-S1-03, material: land-preexam", "does not take it"},
		{fileResults, "uses: [doc_no, land_area, valid_until]", "uses: [doc_no, surface]", `unknown field "surface"`},
		{fileDivisions, `"430122": "430112"`, `"430122": "430199"`, "became unknown 430199"},
		{fileNotices, "title: 受理通知书", "titel: 受理通知书", "titel"},
	} {
		_, err := Load(broken(t, c.file, c.old, c.new))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: got %v, want %q", c.new, c.old, err, c.want)
		}
	}
}

func TestLoad_digestTellsCopiesApart(t *testing.T) {
	other, err := Load(broken(t, fileCatalogue, "promise: 10", "promise: 9"))
	if err != nil {
		t.Fatal(err)
	}
	if other.Digest == Default().Digest {
		t.Error("changed data has the same digest")
	}
}

// TestV2_13_consumers: a land use permit is the basis of the engineering permit,
// an any_of entry is reached through its member, and the fields are named.
func TestV2_13_consumers(t *testing.T) {
	c := Default()
	got := c.ConsumersOf("rd-land-contract")
	want := []Consumer{
		{Item: "HN-S1-08", Material: "land-source", Via: "land-contract", Uses: []string{"contract_no", "builder", "land_area", "land_use"}},
		{Item: "HN-S1-09", Material: "land-source-primary", Via: "land-contract", Uses: []string{"contract_no", "price"}},
		{Item: "HN-S2-01", Material: "land-source", Via: "land-contract", Uses: []string{"plot_ratio"}},
		{Item: "HN-S2-02", Material: "land-source", Via: "land-contract", Uses: []string{"contract_no"}},
		{Item: "HN-S3-03", Material: "land-source", Via: "land-contract", Uses: []string{"contract_no"}},
		{Item: "HN-S3-12", Material: "land-source", Via: "land-contract", Uses: []string{"location"}},
		{Item: "HN-S4-02", Material: "land-source", Via: "land-contract", Uses: []string{"land_area", "plot_ratio", "price"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	gates := c.ConsumersOf("rd-eia-reply")
	if len(gates) != 1 || !gates[0].Gate || gates[0].Item != "HN-S3-03" {
		t.Errorf("consumers of the EIA reply: %+v", gates)
	}
	if c.ConsumersOf("rd-nothing") != nil {
		t.Error("an unknown type has consumers")
	}
}

// TestV2_13_edgesAgree: what consumers say and what checklists say is the same
// relation, and every edge pre-fills fields the result has.
func TestV2_13_edgesAgree(t *testing.T) {
	c := Default()
	edges := map[[3]string]bool{}
	for _, r := range c.ResultTypes {
		for _, e := range c.ConsumersOf(r.Code) {
			if !e.Gate {
				edges[[3]string{r.Code, e.Item, e.Material}] = true
			}
			if len(e.Uses) == 0 {
				t.Errorf("%s as basis of %s pre-fills nothing", r.Code, e.Item)
			}
			for _, key := range e.Uses {
				if _, ok := r.Field(key); !ok {
					t.Errorf("%s has no field %s for %s", r.Code, key, e.Item)
				}
			}
		}
	}
	count := 0
	for _, it := range c.Items {
		for _, b := range c.BasisEntries(it.Code) {
			for _, code := range b.ResultTypes {
				count++
				if !edges[[3]string{code, it.Code, b.Material}] {
					t.Errorf("checklist of %s takes %s as %s, but it is no consumer", it.Code, code, b.Material)
				}
			}
		}
	}
	if count != len(edges) || count < 60 {
		t.Errorf("%d checklist edges, %d consumer edges", count, len(edges))
	}
}

func TestBasisEntries(t *testing.T) {
	var got []string
	for _, b := range Default().BasisEntries("HN-S2-02") {
		got = append(got, b.Material+" <- "+strings.Join(b.ResultTypes, "|"))
	}
	want := []string{
		"project-basis <- rd-filing-cert|rd-approval-reply|rd-proposal-reply|rd-feasibility-reply",
		"land-use-permit <- rd-land-use-permit",
		"land-source <- rd-land-contract|rd-land-allocation|rd-realestate-cert",
		"scheme-opinion <- rd-scheme-opinion",
		"civil-defense-opinion <- rd-civil-defense-opinion",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if Default().BasisEntries("HN-X") != nil {
		t.Error("an unknown item has basis entries")
	}
}

func TestMaterialsOf(t *testing.T) {
	c := Default()
	if diff := cmp.Diff([]string{"filing-cert", "project-basis", "project-basis-early"}, c.MaterialsOf("rd-filing-cert")); diff != "" {
		t.Error(diff)
	}
	if !c.Satisfies("fire-record", "fire-final") || c.Satisfies("fire-design-opinion", "fire-final") || !c.Satisfies("bid-notice", "bid-notice") {
		t.Error("Satisfies is wrong")
	}
}

// TestResultType_fields: the common definitions are merged by key, own labels
// first.
func TestResultType_fields(t *testing.T) {
	c := Default()
	permit, _ := c.ResultType("rd-construction-permit")
	name, _ := permit.Field("project_name")
	if diff := cmp.Diff([]string{"工程名称"}, name.Labels); diff != "" {
		t.Error(diff)
	}
	if !slices.Contains(name.OtherLabels, "项目名称") || name.Rule.Project != "similar" || name.Max != 300 || !name.Required {
		t.Errorf("project_name: %+v", name)
	}
	no, _ := permit.Field("doc_no")
	if no.Validator != "permit_no" || no.Type != TypeCode {
		t.Errorf("doc_no: %+v", no)
	}
	date, _ := permit.Field("issue_date")
	if date.Rule.PermitDateIn != "doc_no" || !date.Rule.NotFuture {
		t.Errorf("issue_date: %+v", date.Rule)
	}
	pre, _ := c.ResultType("rd-land-preexam")
	until, _ := pre.Field("valid_until")
	if until.Rule.Derive == nil || *until.Rule.Derive != (Derive{"issue_date", 3}) {
		t.Errorf("valid_until: %+v", until.Rule)
	}
	forest, _ := c.ResultType("rd-forest-permit")
	if f, ok := forest.Field("forest_area"); !ok || f.Type != TypeArea || f.Required {
		t.Errorf("forest_area: %+v", f)
	}
	if f, _ := forest.Field("issuer"); !f.Required {
		t.Error("issuer of a minimal type is not required")
	}
}

func TestNegative(t *testing.T) {
	fire, _ := Default().ResultType("rd-fire-accept-opinion")
	for conclusion, want := range map[string]bool{"合格": false, "不合格": true, "": false} {
		if got := fire.Negative(map[string]string{"conclusion": conclusion}); got != want {
			t.Errorf("%q: got %v", conclusion, got)
		}
	}
}

// TestNumberPatterns: the documented examples match the patterns of their type.
func TestNumberPatterns(t *testing.T) {
	for code, examples := range map[string][]string{
		"rd-filing-cert":           {"2404-430100-04-01-123453", "2020-451421-88-03-016343"},
		"rd-land-preexam":          {"用字第430100202100012号", "用字第4301042024XS0012345号"},
		"rd-land-use-permit":       {"地字第430112202310076号", "地字第4403062023YG0053374号"},
		"rd-engineering-permit":    {"建字第4403032025GG0002535号", "建字第330402202000098号"},
		"rd-realestate-cert":       {"湘（2024）冷水江市不动产权第0001351号"},
		"rd-construction-permit":   {"430102202403150101", "340102202506090101"},
		"rd-fire-design-opinion":   {"高新住建消审字（2023）第0001号", "长住建消审字〔2024〕第0012号"},
		"rd-civil-defense-opinion": {"长人防审〔2024〕12号"},
		"rd-eia-reply":             {"长环评（岳麓）〔2023〕25号", "湘环评〔2022〕8号"},
		"rd-feasibility-reply":     {"长发改〔2024〕88号", "普发改规划〔2024〕16号"},
		"rd-fire-accept-opinion":   {"长住建消验字〔2026〕第0008号"},
		"rd-planning-verify":       {"核字第430102202600021号"},
		"rd-forest-permit":         {"湘林地许准〔2024〕123号"},
	} {
		r, ok := Default().ResultType(code)
		if !ok {
			t.Fatalf("no %s", code)
		}
		for _, ex := range examples {
			if !slices.ContainsFunc(r.Number.Patterns, func(re *regexp.Regexp) bool { return re.MatchString(ex) }) {
				t.Errorf("%s: no pattern matches %q", code, ex)
			}
		}
	}
}
