package catalogue

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"gopkg.in/yaml.v3"

	"onewindow/document"
)

//go:embed data/*.yaml
var embedded embed.FS

// The files of a catalogue.
const (
	fileCatalogue = "catalogue.yaml"
	fileResults   = "result-documents.yaml"
	fileDivisions = "hunan-divisions.yaml"
	fileNotices   = "notices.yaml"
	fileGuides    = "guides.yaml"
	fileFAQ       = "faq.yaml"
	fileOverrides = "overrides.yaml"        // may be missing: no division does anything differently
	fileTemplates = "result-templates.yaml" // may be missing: every template is the usual one of its layout
)

// Files lists the files of a catalogue; the last two may be missing.
func Files() []string {
	return []string{fileCatalogue, fileResults, fileDivisions, fileNotices, fileGuides, fileFAQ, fileOverrides, fileTemplates}
}

// Embedded returns the files that the binary carries, for a city to start from.
func Embedded() (fs.FS, error) { return fs.Sub(embedded, "data") }

var loadDefault = sync.OnceValues(func() (*Catalogue, error) {
	data, err := Embedded()
	if err != nil {
		return nil, err
	}
	return Load(data)
})

// Default returns the catalogue the binary carries, loaded once. It panics if
// the embedded data does not load, which the tests of this package rule out.
func Default() *Catalogue {
	c, err := loadDefault()
	if err != nil {
		panic(fmt.Sprintf("embedded catalogue: %v", err))
	}
	return c
}

// Load reads a catalogue from its files in the root of fsys. Unknown keys and
// dangling references are errors: a city that edits the data learns at start, not
// in the middle of a case.
func Load(fsys fs.FS) (*Catalogue, error) {
	var (
		all   bytes.Buffer
		raw   rawCatalogue
		docs  rawResults
		divs  rawDivisions
		nots  rawNotices
		gds   rawGuides
		faq   rawFAQ
		over  map[string]Override
		forms rawForms
	)
	into := []any{&raw, &docs, &divs, &nots, &gds, &faq, &over, &forms}
	for i, name := range Files() {
		b, err := fs.ReadFile(fsys, name)
		if (name == fileOverrides || name == fileTemplates) && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		all.Write(b)
		dec := yaml.NewDecoder(bytes.NewReader(b))
		dec.KnownFields(true)
		if err := dec.Decode(into[i]); err != nil {
			return nil, fmt.Errorf("decode %s: %w", name, err)
		}
	}
	c := &Catalogue{Version: raw.Version, Effective: raw.Effective, Digest: document.DigestOf(all.Bytes()).String(), Overrides: over, Questions: faq.Questions}
	raw.fill(c)
	divs.fill(c)
	nots.fill(c)
	gds.fill(c)
	if err := docs.fill(c); err != nil {
		return nil, fmt.Errorf("read result types: %w", err)
	}
	if err := forms.fill(c); err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	c.build()
	if problems := c.Check(); len(problems) > 0 {
		return nil, fmt.Errorf("check catalogue: %w", errors.Join(problems...))
	}
	c.localize()
	return c, nil
}
