package catalogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Form is the template from which a unit generates documents of a result type
// (V2.8). Its texts are drafts with variables as in notices: {key} is a field of
// the type, {key?text} stands only where the field has a value.
type Form struct {
	Style     string   `json:"style"` // FormPanels, FormReply, FormSheet
	Title     string   `json:"title"`
	Number    string   `json:"number"` // pattern of the number, see NumberSeries
	Statement string   `json:"statement"`
	Closing   string   `json:"closing,omitempty"`
	Notes     []string `json:"notes,omitempty"`
	Issuer    string   `json:"issuer_label"` // label before the issuer
	Date      string   `json:"date_label"`
}

// The styles of generated documents.
const (
	FormPanels = "panels" // certificate of two panels on a landscape page: 规划三证, 施工许可证
	FormReply  = "reply"  // 批复 after GB/T 9704: issuing body in red, 发文字号, numbered paragraphs
	FormSheet  = "sheet"  // title, statement and a table of the data
)

// rawForms mirrors result-templates.yaml.
type rawForms struct {
	Styles map[string]rawForm `yaml:"styles"` // by style
	Types  map[string]rawForm `yaml:"types"`  // by result type
}

type rawForm struct {
	Style     string   `yaml:"style"`
	Title     string   `yaml:"title"`
	Number    string   `yaml:"number"`
	Statement string   `yaml:"statement"`
	Closing   string   `yaml:"closing"`
	Notes     []string `yaml:"notes"`
	Issuer    string   `yaml:"issuer_label"`
	Date      string   `yaml:"date_label"`
}

// usual are the styles where the file says nothing else.
var usual = map[string]rawForm{
	FormPanels: {Number: "{division}{yyyy}{n:5}", Statement: "经审查，符合法定条件，准予许可，颁发此证。", Issuer: "发证机关", Date: "日期"},
	FormReply:  {Number: "{mark}{unit}〔{yyyy}〕{n}号", Statement: "你单位报来的申请材料收悉。经审查，符合有关法律、法规和标准的规定，现批复如下：", Closing: "此复。"},
	FormSheet:  {Number: "{mark}{unit}〔{yyyy}〕{n}号", Statement: "经审查，符合有关法律、法规和标准的规定，意见如下：", Issuer: "发证机关", Date: "发证日期"},
}

var styleOf = map[string]string{"certificate_two_panel": FormPanels, "gbt9704_reply": FormReply}

// stampPlace takes the place of a seal out of a label: it has one of its own.
var stampPlace = strings.NewReplacer("（盖章）", "", "（章）", "")

func (r rawForms) fill(c *Catalogue) error {
	known := map[string]bool{}
	for i := range c.ResultTypes {
		t := &c.ResultTypes[i]
		known[t.Code] = true
		own := r.Types[t.Code]
		style := first(own.Style, styleOf[t.Layout.Base], FormSheet)
		general, standard := r.Styles[style], usual[style]
		printed := t.Layout.Statement
		if strings.ContainsAny(printed, "…×") { // a gap that only a draft can fill
			printed = ""
		}
		t.Form = Form{Style: style, Title: first(own.Title, t.Name), Number: first(own.Number, general.Number, standard.Number),
			Statement: first(own.Statement, printed, general.Statement, standard.Statement),
			Closing:   first(own.Closing, general.Closing, standard.Closing), Notes: own.Notes,
			Issuer: first(own.Issuer, stampPlace.Replace(t.Layout.Issuer), general.Issuer, standard.Issuer),
			Date:   first(own.Date, t.Layout.Date, general.Date, standard.Date)}
		if len(t.Form.Notes) == 0 {
			t.Form.Notes = t.Layout.Notes
		}
	}
	for code := range r.Types {
		if !known[code] {
			return fmt.Errorf("template of an unknown result type %s", code)
		}
	}
	return nil
}

// numberPart is one variable of a number pattern.
var numberPart = regexp.MustCompile(`\{(division|mark|name|unit|yyyy|mm|dd|n|n:\d|field)\}`)

// NumberSeries fills in a number pattern but for the running number, which keeps
// its place as "{n}" or "{n:5}" (five digits): what it returns names the series
// that is counted. {division} is the code of the division, {name} its
// name, {mark} the first character of that (湘 for the province), {unit} the short name of the unit,
// {yyyy}, {mm} and {dd} the day of issue. A pattern {field} says that the number is
// another field of the document and not counted.
func (f Form) NumberSeries(d Division, u Unit, day time.Time) string {
	mark := "湘"
	if d.Kind != "province" && d.Name != "" {
		mark = string([]rune(d.Name)[:1])
	}
	return strings.NewReplacer("{division}", d.Code, "{mark}", mark, "{name}", d.Name, "{unit}", u.Short,
		"{yyyy}", day.Format("2006"), "{mm}", day.Format("01"), "{dd}", day.Format("02")).Replace(f.Number)
}

// Counted reports whether documents are numbered here.
func (f Form) Counted() bool { return strings.Contains(f.Number, "{n") }

var running = regexp.MustCompile(`\{n(?::(\d))?\}`)

// NumberIn is the n-th number of a series. Errors: the series is used up.
func NumberIn(series string, n int64) (string, error) {
	m := running.FindStringSubmatch(series)
	if m == nil {
		return "", fmt.Errorf("series %q has no running number", series)
	}
	width, _ := strconv.Atoi(m[1])
	text := fmt.Sprintf("%0*d", width, n)
	if width > 0 && len(text) > width {
		return "", fmt.Errorf("series %q is used up", series)
	}
	return strings.Replace(series, m[0], text, 1), nil
}

// NumberGap is a series with crosses where the running number will stand.
func NumberGap(series string) string {
	return running.ReplaceAllStringFunc(series, func(part string) string {
		width, _ := strconv.Atoi(running.FindStringSubmatch(part)[1])
		return strings.Repeat("×", max(width, 1))
	})
}

// forms checks the templates: every variable is a field of the type.
func (k *checker) forms() {
	variable := regexp.MustCompile(`\{(\w+)`)
	for _, t := range k.c.ResultTypes {
		texts := append([]string{t.Form.Title, t.Form.Statement, t.Form.Closing}, t.Form.Notes...)
		for _, m := range variable.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
			_, ok := t.Field(m[1])
			k.want(ok, "template of %s: no field %s", t.Code, m[1])
		}
		rest := numberPart.ReplaceAllString(t.Form.Number, "")
		k.want(!strings.ContainsAny(rest, "{}"), "template of %s: number %q has an unknown variable", t.Code, t.Form.Number)
	}
}
