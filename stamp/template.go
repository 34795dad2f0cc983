package stamp

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Template is the configurable look of the mark (watermark.md, "proposed
// standard mark"). Texts hold variables in braces: {system} {project} {unit}
// {unit_short} {document} {number} {page} {pages} {code} {url} {base} {date}
// {time} {trace} {notice}. A part of a band line between double spaces whose
// variables are all empty is left out.
type Template struct {
	ID      string `json:"id" yaml:"id"`
	Version int    `json:"version" yaml:"version"`
	Band    Band   `json:"band" yaml:"band"`
	Tiles   Tiles  `json:"tiles" yaml:"tiles"`
}

// Band is the strip added below the page; it never covers content. Text that
// does not fit wraps, then shrinks to MinFontPt, and only then the band grows.
type Band struct {
	HeightMM  float64  `json:"height_mm" yaml:"height_mm"`
	FontPt    float64  `json:"font_pt" yaml:"font_pt"`
	MinFontPt float64  `json:"min_font_pt,omitempty" yaml:"min_font_pt,omitempty"` // 0 means 5
	QRMM      float64  `json:"qr_mm" yaml:"qr_mm"`                                 // side of the QR code
	Lines     []string `json:"lines" yaml:"lines"`
}

// Tiles is the repeated diagonal text over the whole page, and the pale stripes
// that accompany each row of it.
//
// They darken the page towards Colour by Opacity where it is lighter than Colour,
// channel by channel, and leave alone what is darker: print, signatures and seals
// keep their pixels (W4), and paper that is not quite white takes the mark too. The
// default leaves the red channel alone altogether, which red seals and our own
// recognition live in.
type Tiles struct {
	Text          string  `json:"text" yaml:"text"` // "" draws no tiles and no stripes
	HeightMM      float64 `json:"height_mm" yaml:"height_mm"`
	AngleDeg      float64 `json:"angle_deg" yaml:"angle_deg"` // clockwise as on a screen: -30 climbs to the right
	Colour        string  `json:"colour" yaml:"colour"`       // #RRGGBB, the floor
	Opacity       float64 `json:"opacity" yaml:"opacity"`     // 0..1, of the text
	RowMM         float64 `json:"row_mm" yaml:"row_mm"`
	ColumnMM      float64 `json:"column_mm" yaml:"column_mm"`           // grows to the length of the text
	StripeMM      float64 `json:"stripe_mm" yaml:"stripe_mm"`           // one stripe above and one below each row; 0 draws none
	StripeOpacity float64 `json:"stripe_opacity" yaml:"stripe_opacity"` // 0..1
}

// DefaultTemplate is the standard mark of watermark.md. The stripes are ours: text
// alone inks 2 % of a page, and W5 asks for a change on 20 % of the white.
func DefaultTemplate() Template {
	return Template{
		ID: "standard", Version: 2,
		Band: Band{HeightMM: 12, FontPt: 7, MinFontPt: 5, QRMM: 10, Lines: []string{
			"{system} 审批成果扫描件 · 仅作为{project}后续审批事项依据，他用无效",
			"上传单位：{unit}  上传时间：{time}  文书：{document} {number}  第 {page}/{pages} 页  校验码：{code}  网址：{url}",
		}},
		Tiles: Tiles{
			Text: "仅供工程建设项目审批使用 {unit_short} {date}", HeightMM: 5, AngleDeg: -30,
			Colour: "#FFA0A0", Opacity: 0.21, RowMM: 55, ColumnMM: 90, StripeMM: 8, StripeOpacity: 0.105,
		},
	}
}

// Bounds of W4. Print is below 96/255 and the green and blue of seals below 128,
// so a floor there cannot touch them; a bright seal has a full red channel.
const (
	minFloor   = 128
	maxRedLoss = 8.0
)

// Validate reports everything that is wrong with the template, joined.
func (t Template) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	within := func(name string, v, low, high float64) {
		if math.IsNaN(v) || v < low || v > high {
			bad("%s is %g, want %g to %g", name, v, low, high)
		}
	}
	if t.ID == "" || t.Version < 1 {
		bad("id and version must be set")
	}
	within("band.height_mm", t.Band.HeightMM, 6, 40)
	within("band.font_pt", t.Band.FontPt, 4, 14)
	within("band.min_font_pt", t.Band.minFontPt(), 3, t.Band.FontPt)
	within("band.qr_mm", t.Band.QRMM, 6, t.Band.HeightMM)
	if len(t.Band.Lines) == 0 {
		bad("band.lines is empty: the band must be printed")
	}
	for _, line := range append([]string{t.Tiles.Text}, t.Band.Lines...) {
		if err := checkVariables(line); err != nil {
			errs = append(errs, err)
		}
	}
	if strings.Contains(t.Tiles.Text, "{page}") {
		bad("tiles.text: {page} stands in the band only; tiles are the same on every page")
	}
	if t.Tiles.Text != "" {
		t.Tiles.validate(bad, within)
	}
	if len(errs) > 0 {
		return fmt.Errorf("stamp template %q: %w", t.ID, errors.Join(errs...))
	}
	return nil
}

func (t Tiles) validate(bad func(string, ...any), within func(string, float64, float64, float64)) {
	within("tiles.height_mm", t.HeightMM, 2, 30)
	within("tiles.angle_deg", t.AngleDeg, -90, 90)
	within("tiles.row_mm", t.RowMM, t.HeightMM*2, 500)
	within("tiles.column_mm", t.ColumnMM, 10, 500)
	within("tiles.opacity", t.Opacity, 0, 1)
	within("tiles.stripe_opacity", t.StripeOpacity, 0, 1)
	within("tiles.stripe_mm", t.StripeMM, 0, max(0, (t.RowMM-2*t.HeightMM)/2))
	rgb, err := t.RGB()
	if err != nil {
		bad("tiles.colour: %w", err)
		return
	}
	if floor := min(rgb[0], rgb[1], rgb[2]); floor < minFloor {
		bad("tiles.colour %s is darker than %d/255 and would change print or seals (W4)", t.Colour, minFloor)
	}
	if loss := float64(255-rgb[0]) * max(t.Opacity, t.StripeOpacity); loss > maxRedLoss {
		bad("tiles: colour and opacity take %.1f/255 off the red of seals, at most %g allowed (W4)", loss, maxRedLoss)
	}
}

// RGB reads Colour.
func (t Tiles) RGB() ([3]uint8, error) {
	hex, ok := strings.CutPrefix(t.Colour, "#")
	v, err := strconv.ParseUint(hex, 16, 32)
	if !ok || len(hex) != 6 || err != nil {
		return [3]uint8{}, fmt.Errorf("%q is not #RRGGBB", t.Colour)
	}
	return [3]uint8{uint8(v >> 16), uint8(v >> 8), uint8(v)}, nil
}

func (b Band) minFontPt() float64 {
	if b.MinFontPt == 0 {
		return min(5, b.FontPt)
	}
	return b.MinFontPt
}

// Sizes returns the font sizes to try in points, largest first.
func (b Band) Sizes() []float64 {
	var sizes []float64
	for s := b.FontPt; s > b.minFontPt(); s -= 0.25 {
		sizes = append(sizes, s)
	}
	return append(sizes, b.minFontPt())
}
