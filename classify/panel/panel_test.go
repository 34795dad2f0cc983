package panel

import (
	"strings"
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/classify/learned"
	"onewindow/document"
)

const (
	power  = "power-of-attorney"
	letter = "commitment-letter"
)

var page = []document.Page{{Number: 1, Lines: []document.Line{{Text: "项目服务联系单"}, {Text: "现委派下列人员办理服务联系事宜"}}}}

// taught is a model that people taught what a form is, so often, after the rules
// had said something of it.
func taught(code, was string, times int) *learned.Model {
	examples := learned.FromCatalogue(catalogue.Default())
	for i := range examples {
		examples[i].Code = Canonical(catalogue.Default(), examples[i].Code)
	}
	for range times {
		examples = append(examples, learned.Example{Code: code, Was: was, Human: true, Sheet: learned.SheetOf(page, "")})
	}
	return learned.Train(examples, time.Unix(0, 0))
}

func ask(t *testing.T, said document.Classification, f InForce, q classify.Question) document.Classification {
	t.Helper()
	q.Pages = page
	p := &Classifier{Rules: classify.Answered(said), Source: Fixed(f), Catalogue: catalogue.Default()}
	c, err := p.Classify(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rules(code string) document.Classification {
	if code == "" {
		return document.Classification{By: "titlerules/1"}
	}
	return document.Classification{Code: code, Name: code, Confidence: 0.8, By: "titlerules/1", Evidence: []string{"标题"}}
}

func TestPanel_WhatEachSaysAndWhatComesOfIt(t *testing.T) {
	material := classify.Question{Role: document.RoleMaterial}
	for _, c := range []struct {
		name  string
		rules string
		model *learned.Model
		q     classify.Question
		want  string
	}{
		{"rules alone", letter, nil, material, letter},
		{"both agree", power, taught(power, "", 5), material, power},
		{"the rules abstain", "", taught(power, "", 5), material, power},
		{"too few decisions", "", taught(power, "", 2), material, ""},
		{"they contradict", letter, taught(power, "", 5), material, ""},
		{"the same mistake was corrected often", letter, taught(power, letter, 3), material, power},
		{"it was not asked for", "", taught(power, "", 5), classify.Question{Role: document.RoleMaterial, Among: []string{letter}}, ""},
		{"it was asked for", "", taught(power, "", 5), classify.Question{Role: document.RoleMaterial, Among: []string{letter, power}}, power},
		{"a material is no result", "", taught(power, "", 5), classify.Question{Role: document.RoleResult}, ""},
		{"of a result type, sent as a material", "", taught("rd-business-licence", "", 5), material, "business-licence"},
		{"of a result type, sent as anything", "", taught("rd-business-licence", "", 5), classify.Question{}, "rd-business-licence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ask(t, rules(c.rules), InForce{Version: 7, Model: c.model}, c.q)
			if got.Code != c.want {
				t.Errorf("%q, want %q: %+v", got.Code, c.want, got)
			}
			if c.model != nil && got.By != "titlerules/1+learned/7" {
				t.Errorf("decided by %q", got.By)
			}
			if got.Recognized() && len(got.Evidence) == 0 {
				t.Error("without evidence")
			}
		})
	}
}

func TestPanel_ContradictionNamesBoth(t *testing.T) {
	got := ask(t, rules(letter), InForce{Version: 7, Model: taught(power, "", 5)}, classify.Question{Role: document.RoleMaterial})
	var names []string
	for _, r := range got.RunnersUp {
		names = append(names, r.Code)
	}
	if len(names) < 2 || names[0] != letter || names[1] != power {
		t.Errorf("runners-up %v", names)
	}
}

func TestPanel_ThresholdsByType(t *testing.T) {
	q := classify.Question{Role: document.RoleMaterial}
	for threshold, want := range map[float64]string{0: letter, 0.8: letter, 0.81: "", 1: ""} {
		got := ask(t, rules(letter), InForce{Thresholds: map[string]float64{letter: threshold}}, q)
		if got.Code != want {
			t.Errorf("at %.2f the answer is %q, want %q", threshold, got.Code, want)
		}
		if want == "" && (len(got.RunnersUp) == 0 || got.RunnersUp[0].Code != letter || !strings.HasPrefix(got.By, "titlerules")) {
			t.Errorf("at %.2f: %+v", threshold, got)
		}
	}
	if got := ask(t, rules(letter), InForce{Thresholds: map[string]float64{power: 1}}, q); got.Code != letter {
		t.Errorf("another type's threshold changed the answer to %q", got.Code)
	}
}
