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
		scales{typ, words}.weigh(fields, []document.Page{{Number: 1, Lines: []document.Line{{Text: c.line, Box: box, Doubts: []document.Doubt{c.doubt}}}}})
		if got := fields[c.key].Confidence == 0.95; got != c.settled {
			t.Errorf("%s: settled %v, want %v", c.name, got, c.settled)
		}
	}
}
