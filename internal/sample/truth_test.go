package sample_test

import (
	"strconv"
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/internal/sample"
)

// TestTruthPassesTheValidators: what a sample says of itself must be what the
// catalogue asks of a document of its type, in the catalogue's normal form.
func TestTruthPassesTheValidators(t *testing.T) {
	known := catalogue.Default()
	for _, kind := range sample.Results() {
		typ, ok := known.ResultType(kind)
		if !ok {
			t.Errorf("%s is not a result type of the catalogue", kind)
			continue
		}
		t.Run(kind, func(t *testing.T) {
			for seed := range uint64(10) {
				doc := sample.Make(kind, sample.NewProject(seed), seed)
				for _, f := range typ.Fields {
					checkField(t, f, doc.Truth)
				}
				for key := range doc.Truth.Fields {
					if _, ok := typ.Field(key); !ok {
						t.Errorf("truth holds %s, which the catalogue does not know", key)
					}
				}
				if no := typ.Number; len(no.Patterns) > 0 && doc.Truth.Fields[no.Field] == "" {
					t.Errorf("no number in %s", no.Field)
				}
			}
		})
	}
}

func checkField(t *testing.T, f catalogue.Field, truth sample.Truth) {
	t.Helper()
	v, ok := truth.Fields[f.Key]
	if !ok {
		if f.Required {
			t.Errorf("required field %s has no truth", f.Key)
		}
		return
	}
	switch f.Type {
	case catalogue.TypeDate:
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			t.Errorf("%s: %v", f.Key, err)
		}
	case catalogue.TypeArea, catalogue.TypeMoney, catalogue.TypeNumber:
		if n, err := strconv.ParseFloat(v, 64); err != nil || n <= 0 {
			t.Errorf("%s = %q is not a positive number", f.Key, v)
		}
	case catalogue.TypeEnum:
		if !contains(f.Values, v) {
			t.Errorf("%s = %q is none of %v", f.Key, v, f.Values)
		}
	}
	if f.Pattern != nil && !f.Pattern.MatchString(v) {
		t.Errorf("%s = %q does not match %v", f.Key, v, f.Pattern)
	}
	if f.Validator != "" && identifier.Known(f.Validator) {
		if got := identifier.Validate(f.Validator, v); !got.Valid || got.Value != v {
			t.Errorf("%s = %q: %s says %+v", f.Key, v, f.Validator, got)
		}
	}
}

func contains(list []string, v string) bool {
	for _, s := range list {
		if s == v {
			return true
		}
	}
	return false
}

// TestCodesOfAllProjectsAreValid tries many seeds, since check digits go wrong
// one time in ten.
func TestCodesOfAllProjectsAreValid(t *testing.T) {
	for seed := range uint64(300) {
		p := sample.NewProject(seed)
		for name, values := range map[string][]string{
			identifier.ProjectCode:    {p.Code},
			identifier.USCC:           {p.Builder.USCC, p.Survey.USCC, p.Design.USCC, p.Construction.USCC, p.Supervision.USCC, p.Review.USCC},
			identifier.PermitNo:       {p.Numbers.Permit},
			identifier.PlanningNo:     {p.Numbers.Preexam, p.Numbers.LandUse, p.Numbers.Engineering},
			identifier.RealEstateUnit: {p.UnitNo},
			identifier.RealEstateCert: {p.Numbers.RealEstate},
			identifier.DocNo:          {p.Numbers.EIA, p.Numbers.Feasibility, p.Numbers.Proposal},
			identifier.Division:       {p.Division},
			identifier.ECertID:        {p.CertificateID()},
		} {
			for _, v := range values {
				if got := identifier.Validate(name, v); !got.Valid {
					t.Errorf("seed %d: %s %q: %s", seed, name, v, got.Error)
				}
			}
		}
	}
}

// TestAProjectsDatesAreInOrder keeps chains of documents plausible.
func TestAProjectsDatesAreInOrder(t *testing.T) {
	for seed := range uint64(100) {
		d := sample.NewProject(seed).Dates
		order := []time.Time{d.Filing, d.Preexam, d.Feasibility, d.LandContract, d.LandUse, d.EIA, d.RealEstate, d.Scheme, d.DefenceOpinion,
			d.Engineering, d.DrawingReview, d.FireDesign, d.Permit, d.Start, d.Finish, d.PlanningVerify, d.FireAccept, d.Joint, d.Completion}
		for i := 1; i < len(order); i++ {
			if !order[i].After(order[i-1]) {
				t.Errorf("seed %d: milestone %d is not after the one before it", seed, i)
			}
		}
		if d.Completion.Year() > 2026 {
			t.Errorf("seed %d ends in %v", seed, d.Completion)
		}
	}
}

// TestG8_MarkedPapersAreSuspectedAndOthersAreNot: a perfect reader must
// quarantine all marked papers and no other.
func TestG8_MarkedPapersAreSuspectedAndOthersAreNot(t *testing.T) {
	marked := map[string]bool{}
	for _, kind := range sample.Classified() {
		marked[kind] = true
	}
	for _, kind := range sample.Kinds() {
		for seed := range uint64(4) {
			doc := sample.Make(kind, sample.NewProject(seed), seed)
			var lines []string
			for _, l := range doc.Pages[0].Lines(100) {
				lines = append(lines, l.Text)
			}
			if got := identifier.ScreenLines(lines); got.Suspected != marked[kind] {
				t.Errorf("%s seed %d: suspected %v, first lines %q", kind, seed, got.Suspected, lines[:min(3, len(lines))])
			}
			if (doc.Truth.Secrecy != "") != marked[kind] {
				t.Errorf("%s says of itself %q", kind, doc.Truth.Secrecy)
			}
		}
	}
}

// TestMaterialsAreThoseOfTheCatalogue: every material an applicant brings can be made.
func TestMaterialsAreThoseOfTheCatalogue(t *testing.T) {
	have := map[string]bool{}
	for _, kind := range sample.Materials() {
		have[kind] = true
		if _, ok := catalogue.Default().Material(kind); !ok {
			t.Errorf("%s is not a material", kind)
		}
	}
	for _, m := range catalogue.Default().Materials {
		if m.ResultDoc == "" && len(m.AnyOf) == 0 && !have[m.Code] {
			t.Errorf("no sample of %s %s", m.Code, m.Name)
		}
	}
	for _, r := range catalogue.Default().ResultTypes {
		if !sample.Has(r.Code) {
			t.Errorf("no sample of %s %s", r.Code, r.Name)
		}
	}
}
