package pipeline

import (
	"testing"

	"onewindow/approval/catalogue"
	"onewindow/document"
)

// TestV2_11_OneDoubtfulCharacterIsSeen holds a value to its least sure character.
func TestV2_11_OneDoubtfulCharacterIsSeen(t *testing.T) {
	box := document.Box{100, 100, 900, 150}
	page := func(doubts ...document.Doubt) []document.Page {
		return []document.Page{{Number: 1, Lines: []document.Line{
			{Text: "建设单位：湖南芷岭置业有限公司", Box: box, Confidence: 0.97, Doubts: doubts},
			{Text: "湖南芷岭", Box: document.Box{100, 500, 900, 550}, Doubts: []document.Doubt{{At: 2, Read: "芷", Confidence: 0.1}}},
		}}}
	}
	for _, c := range []struct {
		name   string
		doubts []document.Doubt
		value  string
		want   float64
	}{
		{"in the value", []document.Doubt{{At: 7, Read: "芷", Or: "滘", Confidence: 0.41}}, "湖南芷岭置业有限公司", 0.41 * doubtScale},
		{"first of the value", []document.Doubt{{At: 5, Read: "湖", Confidence: 0.5}}, "湖南芷岭置业有限公司", 0.5 * doubtScale},
		{"last of the value", []document.Doubt{{At: 14, Read: "司", Confidence: 0.5}}, "湖南芷岭置业有限公司", 0.5 * doubtScale},
		{"left out of the value", []document.Doubt{{At: 7, Confidence: 0.5}}, "湖南芷岭置业有限公司", 0.5 * doubtScale},
		{"in the label", []document.Doubt{{At: 1, Read: "设", Confidence: 0.3}}, "湖南芷岭置业有限公司", 0.95},
		{"none", nil, "湖南芷岭置业有限公司", 0.95},
		{"a look-alike", nil, "湖南汨川置业有限公司", lookalikeSure},
		{"another", nil, "湖南语溪置业有限公司", lookalikeSure},
		{"a third", nil, "湖南录荷置业有限公司", lookalikeSure},
		{"in another word of its own", nil, "长沙市档案记录中心", 0.95},
		{"in its own word", nil, "长沙市外国语学校", 0.95},
		{"the name of a city", nil, "汨罗市住房和城乡建设局", 0.95},
		{"beyond the line", []document.Doubt{{At: 99, Read: "芷", Confidence: 0.1}}, "湖南芷岭置业有限公司", 0.95},
	} {
		fields := document.Fields{"builder": {Value: c.value, Raw: c.value, Page: 1, Box: box, Confidence: 0.95, Source: document.FieldOCR}}
		scales{}.weigh(fields, page(c.doubts...))
		if got := fields["builder"].Confidence; got != c.want {
			t.Errorf("%s: confidence %v, want %v", c.name, got, c.want)
		}
	}
}

// TestV2_11_APassedOverCharacterAtTheEdgeOfAValueIsSeen: a brand's first
// character may be missing behind a label, and a last one at the end of a line.
func TestV2_11_APassedOverCharacterAtTheEdgeOfAValueIsSeen(t *testing.T) {
	box := document.Box{100, 100, 900, 150}
	for _, c := range []struct {
		name, line, value string
		at                int
		seen              bool
	}{
		{"behind a label", "工程名称：云滨江广场", "云滨江广场", 5, true},
		{"first of the line", "云滨江广场", "云滨江广场", 0, true},
		{"last of the line", "建设单位湖南云", "湖南云", 7, true},
		{"behind another value", "云滨江广场2024年5月1日，", "云滨江广场", 15, false},
		{"before the label", "工程名称：云滨江广场", "云滨江广场", 0, false},
	} {
		fields := document.Fields{"project_name": {Value: c.value, Raw: c.value, Page: 1, Box: box, Confidence: 0.95, Source: document.FieldOCR}}
		line := document.Line{Text: c.line, Box: box, Doubts: []document.Doubt{{At: c.at, Confidence: 0.5}}}
		scales{}.weigh(fields, []document.Page{{Number: 1, Lines: []document.Line{line}}})
		if got := fields["project_name"].Confidence < 0.95; got != c.seen {
			t.Errorf("%s: seen %v, want %v", c.name, got, c.seen)
		}
	}
}

// TestV2_11_ARepairedCharacterIsNoDoubtButItsNeighbourIs: context decided one
// character of the line; another that was read in doubt still counts.
func TestV2_11_ARepairedCharacterIsNoDoubtButItsNeighbourIs(t *testing.T) {
	box := document.Box{100, 100, 900, 150}
	for at, want := range map[int]float64{3: 0.95, 6: 0.4 * doubtScale, 2: 0.4 * doubtScale} {
		const raw, text = "株洲市禄口区芷荷路5号", "株洲市渌口区芷荷路5号"
		fields := document.Fields{"location": {Value: text, Raw: text, Page: 1, Box: box, Confidence: 0.95, Source: document.FieldOCR}}
		line := document.Line{Text: text, Raw: raw, Box: box, Doubts: []document.Doubt{{At: at, Read: string([]rune(raw)[at]), Confidence: 0.4}}}
		scales{}.weigh(fields, []document.Page{{Number: 1, Lines: []document.Line{line}}})
		if got := fields["location"].Confidence; got != want {
			t.Errorf("doubt at %d: confidence %v, want %v", at, got, want)
		}
	}
}

// TestV2_11_DoubtsThatAreSettled: words, figures and check digits answer doubts
// that would only cost a person's time; brand names and figures stay in doubt.
func TestV2_11_DoubtsThatAreSettled(t *testing.T) {
	cat := catalogue.Default()
	permit, _ := cat.ResultType("rd-construction-permit")
	land, _ := cat.ResultType("rd-land-use-permit")
	words := newLexicon(cat)
	box := document.Box{100, 100, 900, 150}
	for _, c := range []struct {
		name, key, line, value string
		doubt                  document.Doubt
		settled                bool
	}{
		{"a word", "project_name", "浏阳市潇棠第三中学新校区建设项目", "浏阳市潇棠第三中学新校区建设项目", document.Doubt{At: 15, Read: "目", Or: "自", Confidence: 0.5}, true},
		{"a brand", "project_name", "芙蓉区沅澜文化体育中心建设项目", "芙蓉区沅澜文化体育中心建设项目", document.Doubt{At: 3, Read: "沅", Confidence: 0.5}, false},
		{"a brand before a common word", "builder", "湖南语岭置业有限公司", "湖南语岭置业有限公司", document.Doubt{At: 3, Read: "岭", Or: "铃", Confidence: 0.5}, false},
		{"passed over", "builder", "湖南云置业有限公司", "湖南云置业有限公司", document.Doubt{At: 2, Confidence: 0.5}, false},
		{"a unit", "land_area", "135563.96m2", "135563.96", document.Doubt{At: 9, Read: "m", Or: "㎡", Confidence: 0.5}, true},
		{"a speck before a date", "issue_date", "產2024年1月16日", "2024-01-16", document.Doubt{At: 0, Read: "產", Confidence: 0.3}, true},
		{"a figure of a date", "issue_date", "2024年1月16日", "2024-01-16", document.Doubt{At: 7, Read: "1", Or: "7", Confidence: 0.6}, false},
		{"a figure without a check digit", "doc_no", "430104202403150101", "430104202403150101", document.Doubt{At: 9, Read: "3", Or: "8", Confidence: 0.6}, false},
	} {
		fields := document.Fields{c.key: {Value: c.value, Raw: c.line, Page: 1, Box: box, Confidence: 0.95, Valid: true, Source: document.FieldOCR}}
		typ := permit
		if c.key == "land_area" {
			typ = land
		}
		scales{typ: typ, words: words}.weigh(fields, []document.Page{{Number: 1, Lines: []document.Line{{Text: c.line, Box: box, Doubts: []document.Doubt{c.doubt}}}}})
		if got := fields[c.key].Confidence == 0.95; got != c.settled {
			t.Errorf("%s: settled %v, want %v", c.name, got, c.settled)
		}
	}
}

// TestV2_11_WhatTheProjectIsKnownByNeedsNoLook: a value that the registration or
// an earlier result has too is beyond doubt, however it was read.
func TestV2_11_WhatTheProjectIsKnownByNeedsNoLook(t *testing.T) {
	known := acquaintance{said: map[string][]string{"builder": {"湖南浯溪置业有限公司", "湖南汨川置业有限公司"}, "land_use": {"商业"}}}
	box := document.Box{100, 100, 900, 150}
	for value, want := range map[string]float64{
		"湖南汨川置业有限公司": agreedSure,    // a look-alike
		"湖南汩川置业有限公司": lookalikeSure, // and the other one
		"湖南语溪置业有限公司": lookalikeSure,
	} {
		fields := document.Fields{"builder": {Value: value, Raw: value, Page: 1, Box: box, Confidence: 0.95, Valid: true, Source: document.FieldOCR}}
		scales{acquainted: known}.weigh(fields, nil)
		if got := fields["builder"].Confidence; got != want {
			t.Errorf("%s: confidence %v, want %v", value, got, want)
		}
	}
	short := document.Fields{"land_use": {Value: "商业", Raw: "商业", Confidence: 0.3, Valid: true, Source: document.FieldOCR}}
	scales{acquainted: known}.weigh(short, nil)
	if short["land_use"].Confidence != 0.3 {
		t.Error("a word that many documents have settles nothing")
	}
}

// TestV2_11_MisreadNamesAreFilledInAsKnown: where a name differs from the known
// one in doubtful characters only, the known one is offered; a person looks.
func TestV2_11_MisreadNamesAreFilledInAsKnown(t *testing.T) {
	permit, _ := catalogue.Default().ResultType("rd-construction-permit")
	box := document.Box{100, 100, 900, 150}
	for _, c := range []struct {
		name, key, read string
		known           []string
		doubt           document.Doubt
		want            string
	}{
		{"a look-alike", "builder", "湖南语溪置业有限公司", []string{"湖南浯溪置业有限公司"}, document.Doubt{}, "湖南浯溪置业有限公司"},
		{"a doubted one", "builder", "湖南帖岭置业有限公司", []string{"湖南岵岭置业有限公司"}, document.Doubt{At: 2, Read: "帖", Confidence: 0.5}, "湖南岵岭置业有限公司"},
		{"no doubt", "builder", "湖南帖岭置业有限公司", []string{"湖南岵岭置业有限公司"}, document.Doubt{}, "湖南帖岭置业有限公司"},
		{"either of two", "builder", "湖南语溪置业有限公司", []string{"湖南浯溪置业有限公司", "湖南梧溪置业有限公司"}, document.Doubt{}, "湖南语溪置业有限公司"},
		{"another phase", "project_name", "滨江花园二期项目", []string{"滨江花园一期项目"}, document.Doubt{At: 4, Read: "二", Or: "一", Confidence: 0.5}, "滨江花园二期项目"},
		{"another company", "builder", "湖南语溪建设有限公司", []string{"湖南浯溪置业有限公司"}, document.Doubt{}, "湖南语溪建设有限公司"},
		{"one character more", "builder", "湖南语溪置业有限公司", []string{"湖南浯溪大置业有限公司"}, document.Doubt{}, "湖南语溪置业有限公司"},
	} {
		fields := document.Fields{c.key: {Value: c.read, Raw: c.read, Page: 1, Box: box, Confidence: 0.95, Valid: true, Source: document.FieldOCR}}
		line := document.Line{Text: c.read, Box: box}
		if c.doubt.Read != "" {
			line.Doubts = []document.Doubt{c.doubt}
		}
		differs := document.Finding{Code: c.key + "_differs", Severity: "warning", Field: c.key}
		findings := acquaintance{said: map[string][]string{c.key: c.known}}.mend(fields, permit, []document.Page{{Number: 1, Lines: []document.Line{line}}}, []document.Finding{differs})
		mended := c.want != c.read
		if got := fields[c.key]; got.Value != c.want || got.Repaired != mended || got.Raw != c.read {
			t.Errorf("%s: %+v, want %s", c.name, got, c.want)
		}
		if len(findings) != 1 || (findings[0].Code == "known_name") != mended {
			t.Errorf("%s: findings %+v", c.name, findings)
		}
	}
}
