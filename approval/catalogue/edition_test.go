package catalogue

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// changed is the embedded data with replacements, and overrides if not "".
func changed(t *testing.T, overrides string, replace ...string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range Files()[:6] {
		b, err := embedded.ReadFile("data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		for i := 0; i < len(replace); i += 2 {
			text = strings.Replace(text, replace[i], replace[i+1], 1)
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if overrides != "" {
		files[fileOverrides] = &fstest.MapFile{Data: []byte(overrides)}
	}
	return files
}

func load(t *testing.T, folder fs.FS) *Catalogue {
	t.Helper()
	c, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestT2_everyItemRestsOnALaw: version, effective date and a legal basis.
func TestT2_everyItemRestsOnALaw(t *testing.T) {
	c := Default()
	if c.Version == "" || c.Effective != "2026-01-01" {
		t.Errorf("version %q from %q", c.Version, c.Effective)
	}
	for _, it := range c.Items {
		g := c.Guide(it.Code)
		if len(g.Bases) == 0 || g.Bases[0].No == "" || len(g.Conditions) == 0 || len(g.Steps) == 0 || g.Fee == "" || g.Who == "" {
			t.Errorf("%s %s has no whole guide: %+v", it.Code, it.Name, g)
		}
	}
}

func TestT2_runningCasesKeepTheirVersion(t *testing.T) {
	first := load(t, changed(t, ""))
	second := load(t, changed(t, "", "version: 0.1", "version: 0.2", "effective_from: 2026-01-01", "effective_from: 2026-12-01"))
	l, err := NewLibrary(second, first)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2025-06-01": "0.1", "2026-11-30": "0.1", "2026-12-01": "0.2", "2027-01-01": "0.2"} {
		if got := l.On(day).Version; got != want {
			t.Errorf("on %s version %s is in effect, want %s", day, got, want)
		}
	}
	if c, ok := l.Version("0.1"); !ok || c != first {
		t.Error("the old version is gone")
	}
	if _, err := NewLibrary(first, first.As("0.2"), second); err == nil {
		t.Error("two catalogues of one version were taken")
	}
}

// TestT2_aLaterVersionDoesNotForgetNames: figures and lists reach back to items
// that a later version does not have any more.
func TestT2_aLaterVersionDoesNotForgetNames(t *testing.T) {
	first := load(t, changed(t, ""))
	dropped := first.Items[len(first.Items)-1]
	second := *first
	second.Version, second.Effective = "0.2", "2026-12-01"
	second.Items = first.Items[:len(first.Items)-1]
	delete(copyIndex(&second), dropped.Code)
	second.Items[0].Name += "（新）"
	l, err := NewLibrary(first, &second)
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Name(dropped.Code); got != dropped.Name {
		t.Errorf("the dropped item is called %q, want %q", got, dropped.Name)
	}
	if got := l.Name(second.Items[0].Code); got != second.Items[0].Name {
		t.Errorf("the renamed item is called %q, want %q", got, second.Items[0].Name)
	}
	if got := l.Name("HN-S9-99"); got != "" {
		t.Errorf("what never was is called %q", got)
	}
}

// copyIndex gives a catalogue its own index of items.
func copyIndex(c *Catalogue) map[string]int {
	c.index.items = maps.Clone(c.index.items)
	c.Items = slices.Clone(c.Items)
	return c.index.items
}

func TestDiff_saysWhatChanges(t *testing.T) {
	from := load(t, changed(t, ""))
	if got := Diff(from, from); len(got) != 0 {
		t.Errorf("nothing changes, and yet: %+v", got)
	}
	to := load(t, changed(t, "", "days: {legal: 7, legal_ev: mh, promise: 3,", "days: {legal: 7, legal_ev: mh, promise: 2,",
		"{m: utility-load, toler: 10}", "{m: utility-load, toler: 20}", "怎样查询办理进度？", "进度在哪里查？", "name: 城市管理和综合执法局", "name: 城市管理局"))
	got := Diff(from, to)
	for _, want := range []Change{
		{"unit", "urban_mgmt", "城市管理局", "changed", "名称", "城市管理和综合执法局", "城市管理局"},
		{"item", "HN-S3-03", "建筑工程施工许可证核发", "changed", "承诺时限（工作日）", "3", "2"},
		{"item", "HN-S3-12", "供电报装（用电报装）", "changed", "材料：用水（电、气）负荷清单及总平面管网图", "必要，原件或复印件，容缺10个工作日", "必要，原件或复印件，容缺20个工作日"},
		{"faq", "进度在哪里查？", "进度在哪里查？", "added", "", "", ""},
		{"faq", "怎样查询办理进度？", "怎样查询办理进度？", "removed", "", "", ""},
	} {
		if !slices.Contains(got, want) {
			t.Errorf("the difference lacks %+v:\n%+v", want, got)
		}
	}
}

// TestLoad_unreachable: an item whose checklist asks for a result that nobody
// can produce before it is found, for the project types it concerns.
func TestLoad_unreachable(t *testing.T) {
	for name, replace := range map[string][2]string{
		"a circle": {"materials: [{m: unified-form, f: electronic}, {m: construction-drawing, f: electronic}",
			"materials: [{m: unified-form, f: electronic}, {m: construction-permit}, {m: construction-drawing, f: electronic}"},
		"a producer of other types": {"results: [rd-lightning-opinion],\n     materials: [", "results: [rd-lightning-opinion],\n     materials: [{m: prelim-reply}, "},
	} {
		_, err := Load(changed(t, "", replace[0], replace[1]))
		if err == nil || !strings.Contains(err.Error(), "nobody can produce before it") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const overrides = `
"430100":
  lead_unit: housing
  lead_units: {S1: reform}
  items: {HN-S3-03: {promise: 2}, HN-S2-02: {promise: 5}}
  general_officers: {housing: {name: 张敏, telephone: 0731-80000001}}
  specialist_officers: {HN-S3-03: {name: 李强}}
"430104":
  items: {HN-S2-02: {promise: 4, unit: housing, printable: false}}
`

func TestOverrides_ofCitiesHoldForTheirCounties(t *testing.T) {
	c := load(t, changed(t, overrides))
	for _, want := range []struct {
		division, item string
		promise        int
		unit           string
		printable      bool
	}{
		{"430100", "HN-S3-03", 2, "housing", true}, {"430100", "HN-S2-02", 5, "natural_resources", true},
		{"430104", "HN-S3-03", 2, "housing", true}, {"430104", "HN-S2-02", 4, "housing", false},
		{"430102", "HN-S2-02", 5, "natural_resources", true}, {"430200", "HN-S2-02", 7, "natural_resources", true},
	} {
		it, _ := c.For(want.division).Item(want.item)
		if it.Days.Promise != want.promise || it.Unit != want.unit || it.Printable != want.printable {
			t.Errorf("%s in %s: %d days, %s, printable %v; want %+v", want.item, want.division, it.Days.Promise, it.Unit, it.Printable, want)
		}
	}
	if s, _ := c.For("430104").Stage("S1"); s.LeadUnit != "reform" {
		t.Errorf("stage one of 430104 is led by %s", s.LeadUnit)
	}
	if s, _ := c.Stage("S1"); s.LeadUnit != "natural_resources" {
		t.Errorf("the override reached the province: %s", s.LeadUnit)
	}
	own := c.For("430102")
	if own.LeadUnit != "housing" || own.General["housing"].Name != "张敏" || own.Specialists["HN-S3-03"].Name != "李强" {
		t.Errorf("lead unit and officers: %q %+v %+v", own.LeadUnit, own.General, own.Specialists)
	}
	if own.Version != c.Version {
		t.Error("an override made another version")
	}
}

// TestW2_4_missingOfficersAreWarnings: everybody who is not named is listed.
func TestW2_4_missingOfficersAreWarnings(t *testing.T) {
	c := load(t, changed(t, overrides))
	gaps := c.For("430100").Gaps()
	for text, want := range map[string]bool{
		"没有综合服务专员：住房和城乡建设局": false, "没有综合服务专员：水利局": true, "没有专业服务专员：建筑工程施工许可证核发": false,
		"没有专业服务专员：企业投资项目备案": true, "没有确定改革工作牵头单位": false,
	} {
		if slices.Contains(gaps, text) != want {
			t.Errorf("%s: want %v", text, want)
		}
	}
	if !slices.Contains(c.For("430200").Gaps(), "没有确定改革工作牵头单位") {
		t.Error("a division without a lead unit is not told of")
	}
}

func TestLoad_refusesBrokenOverridesAndGuides(t *testing.T) {
	for text, want := range map[string]string{
		`"430199": {}`: "unknown division", `"430100": {lead_unit: nobody}`: `lead unit "nobody"`,
		`"430100": {items: {HN-S9-99: {promise: 1}}}`:  `item "HN-S9-99" is unknown`,
		`"430100": {items: {HN-S3-03: {promise: 8}}}`:  "longer than the law's",
		`"430100": {items: {HN-S3-03: {promise: 0}}}`:  "a promise of 0 days",
		`"430100": {items: {HN-S3-03: {promises: 3}}}`: "promises",
	} {
		if _, err := Load(changed(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, c := range [][3]string{
		{"HN-S4-16: {bases: [realty-rules]", "HN-S4-16: {bases: []", "has no legal basis"},
		{"HN-S4-16: {bases: [realty-rules]", "HN-S4-16: {bases: [realty]", `legal basis "realty" is unknown`},
		{"  HN-S4-16: {bases", "  HN-S4-99: {bases", "no guide"}, {"stage: S4, items: [HN-S4-09]", "stage: S5, items: [HN-S4-09]", `stage "S5" is unknown`},
		{"effective_from: 2026-01-01", "effective_from: soon", "want a version and a day"},
	} {
		if _, err := Load(changed(t, "", c[0], c[1])); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s: %v", c[1], err)
		}
	}
}

func TestV1_1_questionsAreFound(t *testing.T) {
	c := Default()
	for text, want := range map[string]string{
		"退回": "事项被退回怎么办？", "容缺": "什么是告知承诺和容缺受理？", "进度": "怎样查询办理进度？", "涉密": "涉密项目怎样申报？", "OFD": "上传的文件有什么要求？",
		"事项退回了该怎么处理": "事项被退回怎么办？", "快递 EMS": "怎样领取结果？", "报装": "水电气报装什么时候申请？",
	} {
		got := c.Search(text, c.QuestionsOn("", ""))
		if len(got) == 0 || got[0].Question != want {
			t.Errorf("%q finds %+v, want first %s", text, got, want)
		}
	}
	if got := c.Search("火星探测", c.QuestionsOn("", "")); len(got) != 0 {
		t.Errorf("found %+v", got)
	}
	if own := c.QuestionsOn("", "HN-S3-03"); own[0].Question != "施工许可证和质量安全监督手续要分别申请吗？" || slices.ContainsFunc(own, func(q Question) bool { return q.Stage == "S1" }) {
		t.Errorf("questions of the permit: %+v", own[:2])
	}
}
