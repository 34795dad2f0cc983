package learned

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// format is raised when older programs could not read a model.
const format = 1

// maxModel bounds an unpacked model, in bytes.
const maxModel = 256 << 20

// kept is a model as it is stored.
type kept struct {
	Format   int                       `json:"format"`
	Trained  string                    `json:"trained"`
	Examples int                       `json:"examples"`
	Lessons  map[string]int            `json:"lessons"`
	Mistakes map[string]map[string]int `json:"mistakes"`
	Fit      Fit                       `json:"fit"`
	Grams    []string                  `json:"grams"` // in order of their numbers
	IDF      []float32                 `json:"idf"`
	Means    map[string]cells          `json:"means"`
}

// cells are the n-grams of a type and their weights.
type cells struct {
	At []int32   `json:"at"`
	X  []float32 `json:"x"`
}

// least is the weight below which an n-gram of a type is not kept.
const least = 0.004

// Encode makes text of a model: base64 of gzipped JSON.
func (m *Model) Encode() (string, error) {
	k := kept{Format: format, Trained: m.Trained, Examples: m.Examples, Lessons: m.Lessons, Mistakes: m.Mistakes, Fit: m.Fit,
		Grams: make([]string, len(m.gram)), Means: map[string]cells{}}
	for g, at := range m.gram {
		k.Grams[at] = g
	}
	for _, x := range m.idf {
		k.IDF = append(k.IDF, float32(x))
	}
	for code, c := range m.means {
		var out cells
		for at := range k.Grams {
			if x := c[int32(at)]; x >= least {
				out.At, out.X = append(out.At, int32(at)), append(out.X, float32(x))
			}
		}
		k.Means[code] = out
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(k); err != nil {
		return "", fmt.Errorf("encode model: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("encode model: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

var errModel = errors.New("model is damaged or of a newer program")

// Decode reads a model that Encode made. Whatever it is given, it answers with a
// sound model or an error.
func Decode(text string) (*Model, error) {
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader([]byte(text))))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errModel, err)
	}
	var k kept
	if err := json.NewDecoder(io.LimitReader(z, maxModel)).Decode(&k); err != nil {
		return nil, fmt.Errorf("%w: %v", errModel, err)
	}
	if k.Format != format || len(k.IDF) != len(k.Grams)+1 {
		return nil, errModel
	}
	m := &Model{Trained: k.Trained, Examples: k.Examples, Lessons: k.Lessons, Mistakes: k.Mistakes, Fit: k.Fit,
		gram: make(map[string]int32, len(k.Grams)), means: map[string]mean{}}
	for at, g := range k.Grams {
		m.gram[g] = int32(at)
	}
	for _, x := range k.IDF {
		m.idf = append(m.idf, float64(x))
	}
	for code, c := range k.Means {
		if len(c.At) != len(c.X) {
			return nil, errModel
		}
		v := mean{}
		for i, at := range c.At {
			if at < 0 || int(at) >= len(k.Grams) {
				return nil, errModel
			}
			v[at] = float64(c.X[i])
		}
		m.means[code] = v
	}
	return m, nil
}
