package sample

import (
	"reflect"
	"testing"
)

func TestVaryKeepsTheTruth(t *testing.T) {
	changed := 0
	for _, kind := range Results() {
		for seed := range uint64(4) {
			d := Make(kind, NewProject(seed), seed)
			v := Vary(d, seed)
			if !reflect.DeepEqual(v.Truth.Fields, d.Truth.Fields) {
				t.Errorf("%s: the values changed", kind)
			}
			if !reflect.DeepEqual(v, Vary(d, seed)) {
				t.Errorf("%s differs between two runs of one seed", kind)
			}
			if !reflect.DeepEqual(d, Make(kind, NewProject(seed), seed)) {
				t.Errorf("%s: the original changed", kind)
			}
			if !reflect.DeepEqual(v.Truth.Raw, d.Truth.Raw) {
				changed++
			}
			for n, p := range v.Pages {
				for _, l := range p.Lines(mmPerInch) {
					if l.Box[0] < 1 || l.Box[1] < 1 || l.Box[2] > p.Width-1 || l.Box[3] > p.Height-1 {
						t.Errorf("%s page %d: %q leaves the page", kind, n+1, l.Text)
					}
				}
			}
		}
	}
	if changed < 40 {
		t.Errorf("only %d documents were printed in another way", changed)
	}
}

func TestChainsBelongToOneProject(t *testing.T) {
	for seed := range uint64(6) {
		p := NewProject(seed)
		last := ""
		for _, d := range Chain(p, seed) {
			if b := d.Truth.Fields["builder"]; b != p.Builder.Name {
				t.Errorf("%s names the builder %q, not %q", d.Kind, b, p.Builder.Name)
			}
			day := d.Truth.Fields["issue_date"]
			if day == "" {
				day = d.Truth.Fields["sign_date"]
			}
			if day < last {
				t.Errorf("%s of %s follows a paper of %s", d.Kind, day, last)
			}
			last = day
		}
	}
	bound := Bind(true, Chain(NewProject(1), 1)[:2]...)
	if n := len(bound.Pages); n < 4 || len(bound.Pages[n-1].Marks) != 0 {
		t.Errorf("a stack of two papers with backs has %d pages", n)
	}
}

func TestPresetsMoveTheirLines(t *testing.T) {
	s := openStudio(t)
	d := Make("rd-joint-opinion", NewProject(1), 1)
	for _, preset := range Presets() {
		o := preset.Options
		o.DPI, o.Seed = 80, 3
		img := s.Shots(d, o)[0]
		lines := o.LinesAfter(d.Pages[0], 1)
		if len(lines) != len(d.Pages[0].Lines(80)) {
			t.Fatalf("%s: %d lines", preset.Name, len(lines))
		}
		size := img.Bounds().Size()
		for _, l := range lines {
			if l.Box[2] > float64(size.X)+2 || l.Box[3] > float64(size.Y)+2 || l.Box[0] < -2 || l.Box[1] < -2 {
				t.Errorf("%s: %q stands at %v on %v", preset.Name, l.Text, l.Box, size)
			}
		}
	}
}
