package certificates

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/document"
	"onewindow/stamp/verifycode"
)

// Paper is what stands on a generated document.
type Paper struct {
	Style     string // catalogue.FormPanels, FormReply, FormSheet
	Title     string
	Number    string
	Addressee string // of a reply
	Statement string
	Rows      []Row
	Terms     []string
	Closing   string
	Notes     []string
	Issuer    string
	Date      string // 2026年11月23日
	// IssuerLabel and DateLabel stand before them where the style has labels.
	IssuerLabel, DateLabel string
	Code                   string // grouped for people; "" makes a preview
	VerifyURL              string
}

// Row is one line of the data.
type Row struct{ Label, Value string }

// job is one document being made.
type job struct {
	cat    *catalogue.Catalogue
	t      catalogue.ResultType
	fields document.Fields
	terms  []string
	by     string
	at     time.Time
	wrong  map[string]string
}

// begin joins what is known with what the unit says.
func (o *Office) begin(ctx context.Context, item approval.CaseItem, order Order) (*job, error) {
	cat, t, err := o.template(item, order.Type)
	if err != nil {
		return nil, err
	}
	values, sources, err := o.known(ctx, cat, t, item)
	if err != nil {
		return nil, err
	}
	j := &job{cat: cat, t: t, fields: document.Fields{}, by: order.By, at: o.Now().UTC().Truncate(time.Millisecond), wrong: map[string]string{}}
	for key, value := range values {
		j.set(key, value)
		if f := j.fields[key]; strings.HasPrefix(sources[key], "res_") {
			f.Source, f.Rule = document.FieldBasis, sources[key]
			j.fields[key] = f
		}
	}
	for key, value := range order.Values {
		if _, has := t.Field(key); !has {
			j.wrong["fields."+key] = "这种文书没有这个数据项"
			continue
		}
		if value = strings.TrimSpace(value); value == "" {
			delete(j.fields, key)
		} else if value != j.fields.Value(key) {
			j.set(key, value)
		}
	}
	j.derive()
	j.takeTerms(order.Terms)
	return j, nil
}

// derive computes the dates that the catalogue says follow from others, such as
// the end of three years.
func (j *job) derive() {
	for _, f := range j.t.Fields {
		rule := f.Rule.Derive
		if rule == nil || j.fields.Value(f.Key) != "" {
			continue
		}
		from, err := time.Parse(time.DateOnly, j.fields.Value(rule.From))
		if err != nil {
			continue
		}
		j.set(f.Key, from.AddDate(rule.Years, 0, 0).Format(time.DateOnly))
		got := j.fields[f.Key]
		got.Source, got.Rule, got.Valid = document.FieldDerived, fmt.Sprintf("%s+%dy", rule.From, rule.Years), true
		j.fields[f.Key] = got
	}
}

func (j *job) takeTerms(terms []string) {
	if len(terms) > maxTerms {
		j.wrong["terms"] = fmt.Sprintf("许可条件和要求最多 %d 条", maxTerms)
		return
	}
	for _, text := range terms {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if utf8.RuneCountInString(text) > maxTerm {
			j.wrong["terms"] = fmt.Sprintf("每条要求最多 %d 个字", maxTerm)
		}
		j.terms = append(j.terms, text)
	}
}

func (j *job) set(key, value string) {
	at := j.at
	j.fields[key] = document.Field{Value: value, Raw: value, Confidence: 1, Source: document.FieldManual, Rule: "template", ConfirmedBy: j.by, ConfirmedAt: &at}
}

// judge says of every required value what is wrong with it, and of every other
// that does not hold.
func (j *job) judge(missing []string) {
	required := map[string]bool{}
	for _, key := range missing {
		required[key] = true
	}
	for _, f := range j.t.Fields {
		got, given := j.fields[f.Key]
		switch label := j.cat.FieldLabel(j.t.Code, f.Key); {
		case required[f.Key] && got.Value == "":
			j.wrong["fields."+f.Key] = "请填写" + label
		case required[f.Key] || given && !got.Valid:
			j.wrong["fields."+f.Key] = label + "未通过校验，请核对"
		}
	}
}

// paper sets the texts of the template.
func (j *job) paper(code, url string) (Paper, error) {
	form := j.t.Form
	p := Paper{Style: form.Style, Number: j.fields.Value(numberField(j.t)), Terms: j.terms, IssuerLabel: form.Issuer, DateLabel: form.Date,
		Issuer: j.shown("issuer", "review_body", "transferor"), Date: j.shown("issue_date", "sign_date"), VerifyURL: url}
	if code != "" {
		p.Code = verifycode.Format(code)
	}
	if form.Style == catalogue.FormReply {
		p.Addressee = j.fields.Value("builder")
	}
	vars := map[string]string{}
	for _, f := range j.t.Fields {
		vars[f.Key] = j.text(f)
	}
	for _, part := range []struct {
		draft string
		into  *string
	}{{form.Title, &p.Title}, {form.Statement, &p.Statement}, {form.Closing, &p.Closing}} {
		text, err := notice.Expand(part.draft, vars)
		if err != nil {
			return p, fmt.Errorf("template of %s: %w", j.t.Code, err)
		}
		*part.into = text
	}
	for _, draft := range form.Notes {
		text, err := notice.Expand(draft, vars)
		if err != nil {
			return p, fmt.Errorf("template of %s: %w", j.t.Code, err)
		}
		p.Notes = append(p.Notes, text)
	}
	p.Rows = j.rows()
	return p, nil
}

// elsewhere are fields that have a place of their own on the paper.
var elsewhere = map[string]bool{"doc_no": true, "issuer": true, "issue_date": true, "title": true, "transferor": true, "review_body": true, "sign_date": true}

func (j *job) rows() (rows []Row) {
	for _, f := range j.t.Fields {
		if f.Key == "builder" && j.t.Form.Style == catalogue.FormReply {
			continue // a reply is addressed to it
		}
		if elsewhere[f.Key] || f.Key == numberField(j.t) && f.Key != "project_code" || j.fields.Value(f.Key) == "" {
			continue
		}
		rows = append(rows, Row{Label: f.Labels[0], Value: j.text(f)})
	}
	return rows
}

func (j *job) shown(keys ...string) string {
	for _, key := range keys {
		if f, has := j.t.Field(key); has && j.fields.Value(key) != "" {
			return j.text(f)
		}
	}
	return ""
}

// text is a value as papers write it: areas in square metres, money with its
// unit, dates in characters.
func (j *job) text(f catalogue.Field) string {
	value := j.fields.Value(f.Key)
	if value == "" {
		return ""
	}
	switch f.Type {
	case catalogue.TypeDate:
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return day.Format("2006年1月2日")
		}
	case catalogue.TypeArea:
		return value + "平方米"
	case catalogue.TypeMoney, catalogue.TypeNumber:
		if len(f.Units) > 0 {
			return value + f.Units[0]
		}
	}
	return value
}
