package labels

import (
	"strings"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/document"
)

// choose parses all candidates of a field and keeps the best: a valid value
// before an invalid one, then the trust in the rule and in the reading. What
// several rules agree on is trusted more.
func (w *work) choose(f catalogue.Field, list []candidate) (best document.Field, notes []string, ok bool) {
	score, order := -1.0, 0
	agree := map[string]map[string]bool{}
	for _, c := range list {
		printed := c.printed()
		v := w.mend(f, parse(f, printed, c.unit, w.now))
		if v.text == "" || !v.valid && len([]rune(v.text)) < 2 || !w.plausible(f, c, v) {
			continue
		}
		page, box, conf, source := c.place()
		s := w.worth(f, c, v, conf)
		if v.valid {
			if agree[v.text] == nil {
				agree[v.text] = map[string]bool{}
			}
			agree[v.text][c.rule] = true
		}
		if s < score || s == score && c.order >= order {
			continue
		}
		score, order, ok, notes = s, c.order, true, v.notes
		best = document.Field{
			Value: v.text, Raw: printed, Unit: v.unit, Confidence: w.confidence(f, c, v, conf), Page: page, Box: box,
			Source: source, Rule: c.rule, Valid: v.valid, Error: v.err, Repaired: v.repaired,
		}
	}
	if rules := len(agree[best.Value]); rules > 1 {
		best.Confidence = min(0.99, best.Confidence+0.02*float64(rules-1))
	}
	best.Confidence = float64(int(best.Confidence*1000+0.5)) / 1000
	return best, notes, ok
}

// worth orders candidates.
func (w *work) worth(f catalogue.Field, c candidate, v value, conf float64) float64 {
	s := c.strength * (0.6 + 0.4*conf)
	if !v.valid {
		return s * 0.3
	}
	if v.repaired {
		s *= 0.95
	}
	switch {
	case (f.Type == catalogue.TypeArea || f.Type == catalogue.TypeMoney) && v.unit == "":
		s *= 0.85
	case f.Rule.Unit && !w.isUnit(v.text):
		s *= 0.8
	case f.Type == catalogue.TypeOrg && !orgEnd.MatchString(v.text):
		s *= 0.85
	}
	return s
}

// confidence is what the field says: how well the characters were read and how
// sure the rule is. A passed check digit proves the characters, and so does what
// is known of the project; names that nothing confirms stay doubtful, because
// engines are as sure of a rare character they got wrong as of any other.
func (w *work) confidence(f catalogue.Field, c candidate, v value, conf float64) float64 {
	s := c.strength * conf
	switch {
	case !v.valid || v.repaired:
	case proves(f.Validator, v), w.known[f.Key] == v.text:
		s = c.strength * max(conf, 0.985)
	case f.Type == catalogue.TypeOrg, f.Type == catalogue.TypePerson, f.Type == catalogue.TypeText,
		f.Type == catalogue.TypeCode && (f.Validator == "" || f.Validator == identifier.FreeDocNo):
		if _, _, _, source := c.place(); source == document.FieldOCR {
			s *= 0.95
		}
	}
	if v.repaired {
		s *= 0.9
	}
	if !v.valid {
		s *= 0.5
	}
	return min(s, 0.99)
}

// proves reports validators with a check digit.
func proves(validator string, v value) bool {
	return identifier.HasCheckDigit(validator) || validator == identifier.ProjectCode && len(v.notes) == 0 // the older scheme has none
}

// plausible refuses values a rule must not give: text that ran into a label
// without any sign between them is taken only if it is complete in itself.
func (w *work) plausible(f catalogue.Field, c candidate, v value) bool {
	if c.rule == ruleScan || c.rule == ruleNumber {
		return v.valid
	}
	if c.rule == ruleRunIn {
		switch f.Type {
		case catalogue.TypeOrg:
			return orgEnd.MatchString(v.text) && !strings.ContainsAny(v.text, "，、应须")
		case catalogue.TypeText, catalogue.TypeEnum, catalogue.TypePerson:
			return len([]rune(v.text)) <= 40 && !strings.HasPrefix(v.text, "的") && !strings.ContainsAny(v.text, "。；")
		}
	}
	if f.Type == catalogue.TypeArea && f.Key == "floor_area" && v.unit == "" {
		return false
	}
	return true
}
