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
)

var loadDefault = sync.OnceValues(func() (*Catalogue, error) {
	data, err := fs.Sub(embedded, "data")
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

// Load reads a catalogue from the four files catalogue.yaml,
// result-documents.yaml, hunan-divisions.yaml and notices.yaml in the root of
// fsys. Unknown keys and dangling references are errors: a city that edits the
// data learns at start, not in the middle of a case.
func Load(fsys fs.FS) (*Catalogue, error) {
	var (
		all  bytes.Buffer
		raw  rawCatalogue
		docs rawResults
		divs rawDivisions
		nots rawNotices
	)
	for _, f := range []struct {
		name string
		into any
	}{{fileCatalogue, &raw}, {fileResults, &docs}, {fileDivisions, &divs}, {fileNotices, &nots}} {
		b, err := fs.ReadFile(fsys, f.name)
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		all.Write(b)
		dec := yaml.NewDecoder(bytes.NewReader(b))
		dec.KnownFields(true)
		if err := dec.Decode(f.into); err != nil {
			return nil, fmt.Errorf("decode %s: %w", f.name, err)
		}
	}
	c := &Catalogue{Version: raw.Version, Digest: document.DigestOf(all.Bytes()).String()}
	raw.fill(c)
	divs.fill(c)
	nots.fill(c)
	if err := docs.fill(c); err != nil {
		return nil, fmt.Errorf("read result types: %w", err)
	}
	c.build()
	if problems := c.Check(); len(problems) > 0 {
		return nil, fmt.Errorf("check catalogue: %w", errors.Join(problems...))
	}
	return c, nil
}
