package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"onewindow/internal/sample"
)

// Seeds of evaluation sets. What is tuned is tuned on the first; figures that
// are published come from the second, which nobody looks at while tuning.
const (
	tuneSeed   = 1_000
	reportSeed = 900_000
)

// group is one way papers come, and how many of them the set holds.
type group struct {
	name  string
	form  string
	scan  sample.ScanOptions
	whole bool // every kind once instead of a sample of them
}

// groups are the ways of an evaluation set: digital, the presets, and every
// damage by itself in three strengths.
func groups() []group {
	out := []group{
		{name: "born-digital", form: "pdf", whole: true},
		{name: "ofd", form: "ofd"},
	}
	for _, p := range sample.Presets() {
		form := "scan"
		if p.Name == "phone" || p.Name == "document-camera" {
			form = "jpeg"
		}
		out = append(out, group{name: p.Name, form: form, scan: p.Options, whole: p.Name == "clean-300"})
	}
	for _, d := range sample.Damages() {
		for _, strength := range []float64{0.3, 0.6, 0.9} {
			if strings.HasPrefix(string(d), "turn") {
				strength = 1
			}
			g := group{name: fmt.Sprintf("%s-%.1f", d, strength), form: "scan",
				scan: sample.ScanOptions{DPI: 300, Damage: []sample.Degradation{{Kind: d, Strength: strength}}}}
			if !slices.ContainsFunc(out, func(o group) bool { return o.name == g.name }) {
				out = append(out, g)
			}
		}
	}
	return out
}

// writeSet writes a labelled folder. Each group but the whole ones takes size
// documents; which kinds those are moves on from group to group, so that every
// kind meets many ways. Half of the papers are printed in other words than the
// published forms. Kinds that are named are taken instead of all.
func writeSet(o options, size int, only string) error {
	studio, err := sample.OpenStudio()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	labels, err := os.Create(filepath.Join(o.out, "labels.jsonl"))
	if err != nil {
		return fmt.Errorf("create labels: %w", err)
	}
	lines := json.NewEncoder(labels)
	lines.SetEscapeHTML(false)
	wanted := strings.FieldsFunc(only, func(r rune) bool { return r == ',' })
	kinds := o.kinds
	if len(kinds) == 0 {
		kinds = rotation()
	}
	next := 0
	for _, g := range groups() {
		count := size
		if g.whole {
			count = max(size, min(len(kinds), 18*size))
		}
		for n := range count {
			kind := kinds[(next+n)%len(kinds)]
			if len(wanted) > 0 && !slices.Contains(wanted, g.name) {
				continue
			}
			if err := writeOne(studio, lines, o, g, kind, o.seed+uint64(next+n)); err != nil {
				return fmt.Errorf("write %s of %s: %w", kind, g.name, err)
			}
		}
		next += count
	}
	return labels.Close()
}

// rotation is the order in which kinds are taken: the eighteen defined types
// come three times as often as what is not among them.
func rotation() []string {
	main := sample.MainResults()
	var out, rest []string
	for _, k := range sample.Kinds() {
		if !slices.Contains(main, k) {
			rest = append(rest, k)
		}
	}
	for i := 0; len(rest) > 0; i++ {
		out = append(out, main[i%len(main)])
		if i%3 == 2 {
			// Far apart in the list, so that a small set has some of each sort.
			at := (i * 7) % len(rest)
			out, rest = append(out, rest[at]), slices.Delete(rest, at, at+1)
		}
	}
	return out
}

func writeOne(studio *sample.Studio, lines *json.Encoder, o options, g group, kind string, seed uint64) error {
	p := sample.NewProject(seed)
	d := sample.Make(kind, p, seed)
	if seed%2 == 1 {
		d = sample.Vary(d, seed)
	}
	i := slices.IndexFunc(forms, func(f form) bool { return f.name == g.form })
	if i < 0 {
		return errors.New("unknown form")
	}
	g.scan.Seed = seed
	data, err := forms[i].write(studio, d, g.scan)
	if err != nil {
		return err
	}
	file := fmt.Sprintf("%s_%s_%d%s", g.name, kind, seed, forms[i].ext)
	if err := os.WriteFile(filepath.Join(o.out, file), data, 0o644); err != nil {
		return err
	}
	if g.form == "jpeg" {
		d = shownFirst(d)
	}
	l := labelOf(file, d, p)
	l.Group = g.name
	return lines.Encode(l)
}

// shownFirst is the truth of a document of whose pages only the first was kept.
func shownFirst(d sample.Document) sample.Document {
	if len(d.Pages) == 1 {
		return d
	}
	fields := map[string]string{}
	for key, at := range d.Places() {
		if v, ok := d.Truth.Fields[key]; ok && at.Page == 1 {
			fields[key] = v
		}
	}
	d.Truth.Fields = fields
	return firstPage(d)
}
