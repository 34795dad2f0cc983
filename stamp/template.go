package stamp

// Template is the configurable look of the mark (watermark.md, "proposed
// standard mark"). Texts hold variables in braces: {system} {project} {unit}
// {unit_short} {document} {number} {page} {pages} {code} {base} {date} {time}
// {trace} {notice}.
type Template struct {
	ID      string `json:"id" yaml:"id"`
	Version int    `json:"version" yaml:"version"`
	Band    Band   `json:"band" yaml:"band"`
	Tiles   Tiles  `json:"tiles" yaml:"tiles"`
}

// Band is the strip added below the page; it never covers content.
type Band struct {
	HeightMM float64  `json:"height_mm" yaml:"height_mm"`
	FontPt   float64  `json:"font_pt" yaml:"font_pt"`
	QRMM     float64  `json:"qr_mm" yaml:"qr_mm"` // side of the QR code
	Lines    []string `json:"lines" yaml:"lines"`
}

// Tiles is the repeated diagonal text over the whole page.
type Tiles struct {
	Text     string  `json:"text" yaml:"text"` // "" draws no tiles
	HeightMM float64 `json:"height_mm" yaml:"height_mm"`
	AngleDeg float64 `json:"angle_deg" yaml:"angle_deg"`
	Grey     uint8   `json:"grey" yaml:"grey"`       // 0 black … 255 white
	Opacity  float64 `json:"opacity" yaml:"opacity"` // 0..1
	RowMM    float64 `json:"row_mm" yaml:"row_mm"`
	ColumnMM float64 `json:"column_mm" yaml:"column_mm"`
}

// DefaultTemplate is the standard mark of watermark.md.
func DefaultTemplate() Template {
	return Template{
		ID: "standard", Version: 1,
		Band: Band{HeightMM: 12, FontPt: 7, QRMM: 10, Lines: []string{
			"{system} 审批成果扫描件 · 仅作为{project}后续审批事项依据，他用无效",
			"上传单位：{unit}  上传时间：{time}  文书：{document} {number}  第 {page}/{pages} 页  校验码：{code}  网址：{base}/v/{code}",
		}},
		Tiles: Tiles{Text: "仅供工程建设项目审批使用 {unit_short} {date}", HeightMM: 5, AngleDeg: -30, Grey: 128, Opacity: 0.12, RowMM: 55, ColumnMM: 90},
	}
}
