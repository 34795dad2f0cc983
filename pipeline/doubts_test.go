package pipeline

import (
	"testing"

	"onewindow/document"
)

// TestV2_11_OneDoubtfulCharacterIsSeen holds a value to its least sure character.
func TestV2_11_OneDoubtfulCharacterIsSeen(t *testing.T) {
	box := document.Box{100, 100, 900, 150}
	page := func(doubts ...document.Doubt) []document.Page {
		return []document.Page{{Number: 1, Lines: []document.Line{
			{Text: "建设单位：湖南语岭置业有限公司", Box: box, Confidence: 0.97, Doubts: doubts},
			{Text: "湖南语岭", Box: document.Box{100, 500, 900, 550}, Doubts: []document.Doubt{{At: 2, Read: "语", Confidence: 0.1}}},
		}}}
	}
	for _, c := range []struct {
		name   string
		doubts []document.Doubt
		value  string
		want   float64
	}{
		{"in the value", []document.Doubt{{At: 7, Read: "语", Or: "滘", Confidence: 0.41}}, "湖南语岭置业有限公司", 0.41 * doubtScale},
		{"first of the value", []document.Doubt{{At: 5, Read: "湖", Confidence: 0.5}}, "湖南语岭置业有限公司", 0.5 * doubtScale},
		{"last of the value", []document.Doubt{{At: 14, Read: "司", Confidence: 0.5}}, "湖南语岭置业有限公司", 0.5 * doubtScale},
		{"left out of the value", []document.Doubt{{At: 7, Confidence: 0.5}}, "湖南语岭置业有限公司", 0.5 * doubtScale},
		{"in the label", []document.Doubt{{At: 1, Read: "设", Confidence: 0.3}}, "湖南语岭置业有限公司", 0.95},
		{"none", nil, "湖南语岭置业有限公司", 0.95},
		{"a look-alike", nil, "湖南汨川置业有限公司", lookalikeSure},
		{"the name of a city", nil, "汨罗市住房和城乡建设局", 0.95},
		{"beyond the line", []document.Doubt{{At: 99, Read: "语", Confidence: 0.1}}, "湖南语岭置业有限公司", 0.95},
	} {
		fields := document.Fields{"builder": {Value: c.value, Raw: c.value, Page: 1, Box: box, Confidence: 0.95, Source: document.FieldOCR}}
		weighDoubts(fields, page(c.doubts...))
		if got := fields["builder"].Confidence; got != c.want {
			t.Errorf("%s: confidence %v, want %v", c.name, got, c.want)
		}
	}
}
