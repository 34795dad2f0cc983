package labels

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/internal/fuzzy"
)

// The severities of findings.
const (
	severityInfo    = "info"
	severityWarning = "warning"
	severityError   = "error"
)

// similarEnough is how alike project names must be for a misread or left out
// character not to matter.
const similarEnough = 0.85

// permitDays is how long after the date inside a permit number the permit may be
// issued before a person should look; ten days were seen in practice.
const permitDays = 60

func (w *work) find(code, severity, field, format string, args ...any) {
	w.findings = append(w.findings, document.Finding{Code: code, Severity: severity, Field: field, Message: fmt.Sprintf(format, args...)})
}

// label is the field's name for people.
func label(f catalogue.Field) string { return f.Labels[0] }

// note turns what a parser noticed into findings.
func (w *work) note(f catalogue.Field, notes []string) {
	got := w.fields[f.Key]
	if got.Repaired {
		w.find("repaired", severityInfo, f.Key, "“%s”按校验规则更正为“%s”，请核对。", got.Raw, got.Value)
	}
	for _, n := range notes {
		switch n {
		case noteAmounts:
			w.find("amounts_differ", severityWarning, f.Key, "“%s”的大写金额与数字不一致。", label(f))
		case "inner_check":
			w.find("inner_check", severityInfo, f.Key, "统一社会信用代码中的组织机构代码校验位不符，旧码可能如此，请核对。")
		}
	}
}

var yearsRe = regexp.MustCompile(`([一二三四五六七八九十\d]{1,2})年`)

// derive computes what the catalogue says follows from other fields.
func (w *work) derive() {
	for _, f := range w.typ.Fields {
		got, ok := w.fields[f.Key]
		if ok && got.Valid {
			continue
		}
		from, years := "issue_date", 0
		if f.Rule.Derive != nil {
			from, years = f.Rule.Derive.From, f.Rule.Derive.Years
		}
		if m := yearsRe.FindStringSubmatch(identifier.Fold(got.Raw)); f.Key == "valid_until" && ok && m != nil {
			years = count(m[1]) // 有效期三年
		}
		base, ok := w.fields[from]
		if years == 0 || !ok || !base.Valid {
			continue
		}
		start, err := time.Parse(time.DateOnly, base.Value)
		if err != nil {
			continue
		}
		w.fields[f.Key] = document.Field{
			Value: start.AddDate(years, 0, 0).Format(time.DateOnly), Raw: got.Raw, Confidence: base.Confidence * 0.97, Page: base.Page, Box: base.Box,
			Source: document.FieldDerived, Rule: fmt.Sprintf("%s+%dy", from, years), Valid: true,
		}
	}
	w.deriveMode()
}

// deriveMode fills the way a civil defence shelter is built, which many forms
// tell only by what they charge or build.
func (w *work) deriveMode() {
	f, ok := w.typ.Field("mode")
	if got := w.fields["mode"]; !ok || got.Valid || f.Type != catalogue.TypeEnum {
		return
	}
	for _, by := range []struct{ key, mode string }{{"relocation_fee", "易地建设"}, {"built_area", "修建"}} {
		if b := w.fields[by.key]; b.Valid && positive(b.Value) {
			w.fields["mode"] = document.Field{Value: by.mode, Confidence: b.Confidence * 0.9, Page: b.Page, Box: b.Box, Source: document.FieldDerived, Rule: "from " + by.key, Valid: true}
			return
		}
	}
}

func count(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n, ok := integer([]rune(s))
	if !ok {
		return 0
	}
	return int(n)
}

// check compares the fields with each other and with what is known.
func (w *work) check() {
	for _, f := range w.typ.Fields {
		got, ok := w.fields[f.Key]
		if !ok || got.Value == "" {
			continue
		}
		w.compare(f, got)
		if !got.Valid {
			continue
		}
		w.dates(f, got)
		if f.Rule.Unit && w.typ.External == "" && !w.isUnit(got.Value) {
			w.find("issuer_unknown", severityWarning, f.Key, "“%s”不是目录中的业务单位，请核对发证机关。", got.Value)
		} else if _, named := w.cat.DivisionIn(got.Value); f.Rule.Unit && !named && w.typ.External == "" && !strings.HasSuffix(got.Value, "公司") {
			w.find("issuer_division", severityWarning, f.Key, "“%s”的名称中没有省内的行政区划，可能识别有误，请核对。", got.Value)
		}
		if slices.Contains(f.Rule.Negative, got.Value) {
			w.find("conclusion_negative", severityWarning, f.Key, "结论为“%s”，不能作为后续审批事项的依据。", got.Value)
		}
	}
	w.division()
}

// dates checks the order of dates.
func (w *work) dates(f catalogue.Field, got document.Field) {
	if before, ok := w.fields[f.Rule.NotBefore]; ok && before.Valid && got.Value < before.Value {
		w.find("date_order", severityWarning, f.Key, "“%s”（%s）早于它应当晚于的日期（%s）。", label(f), got.Value, before.Value)
	}
	if f.Key == "valid_until" && got.Value < w.now.Format(time.DateOnly) {
		w.find("expired", severityWarning, f.Key, "有效期至%s，已经过期。", got.Value)
	}
	if f.Key == "issue_date" && w.fields["acceptance_date"].Valid && got.Value < w.fields["acceptance_date"].Value {
		w.find("date_order", severityWarning, f.Key, "备案日期（%s）早于竣工验收日期（%s）。", got.Value, w.fields["acceptance_date"].Value)
	}
	if f.Rule.PermitDateIn == "" {
		return
	}
	inside, ok := identifier.PermitDate(w.fields[f.Rule.PermitDateIn].Value)
	issued, err := time.Parse(time.DateOnly, got.Value)
	if !ok || err != nil {
		return
	}
	switch days := int(issued.Sub(inside).Hours() / 24); {
	case days < 0:
		w.find("permit_date_after_issue", severityWarning, f.Key, "发证日期（%s）早于证号中的日期（%s）。", got.Value, inside.Format(time.DateOnly))
	case days > permitDays:
		w.find("permit_date_gap", severityWarning, f.Key, "发证日期（%s）比证号中的日期（%s）晚%d天。", got.Value, inside.Format(time.DateOnly), days)
	}
}

// compare compares a value with the project's or an earlier result's.
func (w *work) compare(f catalogue.Field, got document.Field) {
	want, ok := w.known[f.Key]
	if !ok || want == "" {
		return
	}
	code := f.Key + "_differs"
	switch {
	case f.Rule.Project == "similar":
		if s := similarity(got.Value, want); s < similarEnough {
			w.find(code, severityWarning, f.Key, "“%s”与已知的“%s”不一致（相似度%.0f%%）。", got.Value, want, 100*s)
		}
	case f.Type == catalogue.TypeOrg:
		if orgKey(got.Value) != orgKey(want) {
			w.find(code, severityWarning, f.Key, "%s“%s”与已知的“%s”不一致。", label(f), got.Value, want)
		}
	case f.Type == catalogue.TypeCode, f.Type == catalogue.TypeDocNo:
		if identifier.Fold(got.Value) != identifier.Fold(want) {
			severity := severityWarning
			if f.Key == "project_code" {
				severity = severityError
			}
			w.find(code, severity, f.Key, "%s“%s”与已知的“%s”不一致。", label(f), got.Value, want)
		}
	case f.Type == catalogue.TypeDate, f.Type == catalogue.TypeArea, f.Type == catalogue.TypeMoney, f.Type == catalogue.TypeNumber:
		if got.Value != want {
			w.find(code, severityInfo, f.Key, "%s“%s”与已知的“%s”不同。", label(f), got.Value, want)
		}
	}
}

// similarity compares names after folding; a works name often is the project
// name with a part added (…一期, …1#楼), which counts as the same project.
func similarity(a, b string) float64 {
	x, y := nameKey(a), nameKey(b)
	if p, q := phase.FindString(x), phase.FindString(y); p != q && p != "" && q != "" {
		return min(0.5, fuzzy.Similarity(x, y)) // 二期 is not 三期, however alike the rest
	}
	if len([]rune(x)) > len([]rune(y)) {
		x, y = y, x
	}
	if len([]rune(x)) >= 6 && strings.Contains(y, x) {
		return max(similarEnough, fuzzy.Similarity(x, y))
	}
	return fuzzy.Similarity(x, y)
}

var phase = regexp.MustCompile(`[一二三四五六七八九十\d]{1,3}(?:期|标段)`)

var nameNoise = strings.NewReplacer("(", "", ")", "", "“", "", "”", "", "\"", "", "《", "", "》", "", ",", "", "、", "", "·", "")

func nameKey(s string) string { return nameNoise.Replace(identifier.Fold(s)) }

// orgKey is the comparable form of an organisation's name.
func orgKey(s string) string { return identifier.Fold(s) }

// division checks that the number was given by an authority of its own division.
func (w *work) division() {
	no, issuer := w.fields["doc_no"], w.fields["issuer"]
	f, ok := w.typ.Field("doc_no")
	if !ok || !no.Valid || !issuer.Valid || f.Validator != identifier.PermitNo {
		return
	}
	d, _, known := w.cat.Division(no.Value[:6])
	by, named := w.cat.DivisionIn(issuer.Value)
	switch {
	case strings.HasPrefix(no.Value, "43") && !known:
		w.find("division_unknown", severityWarning, "doc_no", "证号中的行政区划代码%s不存在。", no.Value[:6])
	case known && named && d.Code != by.Code && d.City != by.Code && by.Kind != "province" && by.City != d.Code:
		w.find("division_differs", severityWarning, "doc_no", "证号中的区划为%s，发证机关属于%s。", d.Name, by.Name)
	}
}
