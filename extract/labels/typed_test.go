package labels

import (
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/document"
)

func TestV2_11_TypedValuesAreJudgedByTheirType(t *testing.T) {
	e := New(catalogue.Default())
	fields := document.Fields{
		"doc_no":         {Value: "430102202403150101", Source: document.FieldManual},
		"contract_price": {Value: "15091.43", Source: document.FieldManual},
		"issue_date":     {Value: "二〇二四年六月二十四日", Source: document.FieldManual},
		"builder":        {Value: "湖南某某置业有限公司", Source: document.FieldOCR, Valid: true},
	}
	missing := e.Check("rd-construction-permit", fields)
	if f := fields["issue_date"]; !f.Valid || f.Value != "2024-06-24" {
		t.Errorf("typed date is %+v", f)
	}
	if f := fields["contract_price"]; !f.Valid || f.Value != "15091.43" {
		t.Errorf("typed price is %+v", f)
	}
	want := map[string]bool{"project_name": true, "location": true, "scale": true, "design_unit": true, "construction_unit": true, "issuer": true}
	for _, key := range missing {
		if !want[key] {
			t.Errorf("%s is said to be missing", key)
		}
		delete(want, key)
	}
	for key := range want {
		t.Errorf("%s is missing and was not said", key)
	}
}

func TestV2_11_WrongTypedNumberIsMissing(t *testing.T) {
	e := New(catalogue.Default())
	fields := document.Fields{"doc_no": {Value: "43010220240315", Source: document.FieldManual, Valid: true}}
	missing := e.Check("rd-construction-permit", fields)
	if len(missing) == 0 || missing[0] != "doc_no" || fields["doc_no"].Valid {
		t.Errorf("a permit number of 14 digits passed: %+v, missing %v", fields["doc_no"], missing)
	}
}

// TestV2_11_DatesAreJudgedByTheDayInChina: at night a paper of today was refused as
// one of the future, where the machine's clock was still on the day before.
func TestV2_11_DatesAreJudgedByTheDayInChina(t *testing.T) {
	e := New(catalogue.Default())
	e.Now = func() time.Time { return time.Date(2026, 11, 27, 18, 0, 0, 0, time.UTC) } // two in the morning of the 28th
	for day, want := range map[string]bool{"2026-11-28": true, "2026-11-29": false} {
		fields := document.Fields{"issue_date": {Value: day, Source: document.FieldManual}}
		e.Check("rd-construction-permit", fields)
		if got := fields["issue_date"]; got.Valid != want {
			t.Errorf("%s is %+v", day, got)
		}
	}
}
