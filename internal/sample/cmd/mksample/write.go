package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"onewindow/internal/sample"
)

// options say what to write where.
type options struct {
	out    string
	kinds  []string
	forms  []string
	damage []sample.Degradation
	seed   uint64
	count  int
	dpi    float64
	vary   bool
}

// label is one line of labels.jsonl.
type label struct {
	File    string            `json:"file"`
	Group   string            `json:"group,omitempty"`
	Kind    string            `json:"kind"`
	Type    string            `json:"type"`
	Project string            `json:"project"`
	Pages   int               `json:"pages"`
	Secrecy string            `json:"secrecy,omitempty"`
	Fields  map[string]string `json:"fields"`
	Text    []string          `json:"text"` // a page each
}

// form is one way to write a document as files.
type form struct {
	name, ext string
	write     func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error)
}

var forms = []form{
	{"pdf", ".pdf", func(s *sample.Studio, d sample.Document, _ sample.ScanOptions) ([]byte, error) { return s.PDF(d), nil }},
	{"scan", ".scan.pdf", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) { return s.Scan(d, o) }},
	{"fax", ".fax.pdf", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) {
		o.Codec = sample.G4
		return s.Scan(d, o)
	}},
	{"tiff", ".tiff", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) {
		return sample.EncodeTIFF(s.Shots(d, o), o.DPI, sample.TIFFLZW)
	}},
	{"jpeg", ".jpg", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) {
		return sample.EncodeJPEG(s.Shots(firstPage(d), o)[0], o.DPI, 88)
	}},
	{"png", ".png", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) {
		return sample.EncodePNG(s.Shots(firstPage(d), o)[0], o.DPI)
	}},
	{"webp", ".webp", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) {
		return sample.EncodeWebP(s.Shots(firstPage(d), o)[0])
	}},
	{"bmp", ".bmp", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) {
		return sample.EncodeBMP(s.Shots(firstPage(d), o)[0])
	}},
	{"photo", ".photo.jpg", func(s *sample.Studio, d sample.Document, o sample.ScanOptions) ([]byte, error) {
		return sample.EncodePhoto(s.Shots(firstPage(d), o)[0], 6, 85)
	}},
	{"ofd", ".ofd", func(s *sample.Studio, d sample.Document, _ sample.ScanOptions) ([]byte, error) {
		return s.OFD(d, sample.OFDOptions{Template: true, Embed: true})
	}},
	{"signed", ".signed.pdf", func(s *sample.Studio, d sample.Document, _ sample.ScanOptions) ([]byte, error) {
		return s.PDFWith(d, sample.Extras{Signed: true})
	}},
}

// firstPage is the document as a file of one image shows it.
func firstPage(d sample.Document) sample.Document {
	d.Pages = d.Pages[:1]
	return d
}

func formNames() []string {
	var out []string
	for _, f := range forms {
		out = append(out, f.name)
	}
	return out
}

func damageNames() string {
	var out []string
	for _, k := range sample.Damages() {
		out = append(out, string(k))
	}
	return strings.Join(out, ", ")
}

// parseDamage reads kind:strength,kind:strength.
func parseDamage(s string) ([]sample.Degradation, error) {
	var out []sample.Degradation
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' }) {
		kind, strength, _ := strings.Cut(part, ":")
		if !slices.Contains(sample.Damages(), sample.Damage(kind)) {
			return nil, fmt.Errorf("unknown damage %q", kind)
		}
		f := 0.5
		if strength != "" {
			var err error
			if f, err = strconv.ParseFloat(strength, 64); err != nil {
				return nil, fmt.Errorf("strength of %s: %w", kind, err)
			}
		}
		out = append(out, sample.Degradation{Kind: sample.Damage(kind), Strength: f})
	}
	return out, nil
}

func run(o options) error {
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
	for n := range o.count {
		p := sample.NewProject(o.seed + uint64(n))
		for _, kind := range o.kinds {
			if err := one(studio, lines, o, p, kind); err != nil {
				return fmt.Errorf("write %s: %w", kind, err)
			}
		}
	}
	return labels.Close()
}

// one writes a document in every form asked for.
func one(studio *sample.Studio, lines *json.Encoder, o options, p sample.Project, kind string) error {
	if !sample.Has(kind) {
		return errors.New("unknown kind (see -list)")
	}
	d := sample.Make(kind, p, p.Seed)
	if o.vary {
		d = sample.Vary(d, p.Seed)
	}
	for _, name := range o.forms {
		i := slices.IndexFunc(forms, func(f form) bool { return f.name == name })
		if i < 0 {
			return fmt.Errorf("unknown form %q", name)
		}
		data, err := forms[i].write(studio, d, sample.ScanOptions{DPI: o.dpi, Damage: o.damage, Seed: p.Seed})
		if err != nil {
			return err
		}
		file := fmt.Sprintf("%s-%d%s", strings.ReplaceAll(kind, ":", "-"), p.Seed, forms[i].ext)
		if err := os.WriteFile(filepath.Join(o.out, file), data, 0o644); err != nil {
			return err
		}
		if err := lines.Encode(labelOf(file, d, p)); err != nil {
			return err
		}
	}
	return nil
}

func labelOf(file string, d sample.Document, p sample.Project) label {
	l := label{File: file, Kind: d.Kind, Type: d.Type, Project: p.Code, Pages: len(d.Pages), Secrecy: d.Truth.Secrecy, Fields: d.Truth.Fields}
	for _, page := range d.Read(300) {
		l.Text = append(l.Text, page.Text())
	}
	return l
}
