package stamp_test

import (
	"math"
	"strings"
	"testing"

	"onewindow/stamp"
)

func TestDefaultTemplateIsValid(t *testing.T) {
	tpl := stamp.DefaultTemplate()
	if err := tpl.Validate(); err != nil {
		t.Error(err)
	}
	tpl.Tiles = stamp.Tiles{} // no tiles at all
	if err := tpl.Validate(); err != nil {
		t.Error(err)
	}
}

func TestTemplateValidateSaysWhatIsWrong(t *testing.T) {
	for want, change := range map[string]func(*stamp.Template){
		"id and version":      func(t *stamp.Template) { t.ID = "" },
		"band.height_mm":      func(t *stamp.Template) { t.Band.HeightMM = 2 },
		"band.font_pt":        func(t *stamp.Template) { t.Band.FontPt = math.NaN() },
		"band.min_font_pt":    func(t *stamp.Template) { t.Band.MinFontPt = 9 },
		"band.qr_mm":          func(t *stamp.Template) { t.Band.QRMM = 13 },
		"band.lines is empty": func(t *stamp.Template) { t.Band.Lines = nil },
		"{nonsense}":          func(t *stamp.Template) { t.Band.Lines[0] += "{nonsense}" },
		"{open":               func(t *stamp.Template) { t.Band.Lines[0] += "{open" },
		"tiles.text":          func(t *stamp.Template) { t.Tiles.Text += "{page}" },
		"tiles.angle_deg":     func(t *stamp.Template) { t.Tiles.AngleDeg = 120 },
		"tiles.stripe_mm":     func(t *stamp.Template) { t.Tiles.StripeMM = 40 },
		"tiles.row_mm":        func(t *stamp.Template) { t.Tiles.RowMM = 3 },
		"#RRGGBB":             func(t *stamp.Template) { t.Tiles.Colour = "red" },
		"would change print":  func(t *stamp.Template) { t.Tiles.Colour = "#FF6060" },
		"the red of seals":    func(t *stamp.Template) { t.Tiles.Colour = "#A0A0A0" },
	} {
		tpl := stamp.DefaultTemplate()
		change(&tpl)
		if err := tpl.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Validate = %v, want mention of %s", err, want)
		}
	}
}
