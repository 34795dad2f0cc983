package labels

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/document"
	"onewindow/extract"
	"onewindow/internal/sample"
)

// today is the day the tests judge documents on; all samples are older.
var today = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func newExtractor() *Extractor {
	e := New(catalogue.Default())
	e.Now = func() time.Time { return today }
	return e
}

func take(t testing.TB, r extract.Request) extract.Extraction {
	t.Helper()
	x, err := newExtractor().Extract(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// plain compares texts as people do: spaces and the width of signs do not count.
func plain(s string) string {
	return strings.NewReplacer(" ", "", "　", "", "（", "(", "）", ")", "，", ",", "：", ":", "；", ";").Replace(s)
}

// TestExtract_samples: every field of every synthetic document comes out of its
// own lines exactly, at two resolutions, and nothing is invented.
func TestExtract_samples(t *testing.T) {
	cat := catalogue.Default()
	docs, values := 0, 0
	for _, kind := range sample.Kinds() {
		for seed := uint64(1); seed <= 6; seed++ {
			d := sample.Make(kind, sample.NewProject(seed), seed)
			typ, ok := cat.ResultType(d.Type)
			if !ok {
				continue
			}
			docs++
			dpi := []float64{150, 300}[seed%2]
			x := take(t, extract.Request{Type: d.Type, Pages: d.Read(dpi)})
			for key, want := range d.Truth.Fields {
				values++
				got := x.Fields[key]
				if plain(got.Value) != plain(want) || !got.Valid {
					t.Errorf("%s %d %s: got %q (%s, %s), want %q, printed %q", kind, seed, key, got.Value, got.Rule, got.Error, want, d.Truth.Raw[key])
				}
				if got.Source != document.FieldDerived && (got.Page == 0 || got.Box.Height() <= 0 || got.Raw == "" || got.Rule == "" || got.Confidence < 0.5) {
					t.Errorf("%s %d %s: provenance %+v", kind, seed, key, got)
				}
			}
			for key, got := range x.Fields {
				if _, ok := d.Truth.Fields[key]; !ok && got.Source != document.FieldDerived {
					t.Errorf("%s %d %s: %q (%s) does not stand there", kind, seed, key, got.Value, got.Rule)
				}
			}
			for _, key := range x.Missing {
				t.Errorf("%s %d: %s of %s is missing", kind, seed, key, typ.Name)
			}
			for _, f := range x.Findings {
				if !slices.Contains([]string{"expired", "conclusion_negative"}, f.Code) {
					t.Errorf("%s %d: finding %+v", kind, seed, f)
				}
			}
		}
	}
	if docs < 250 || values < 2000 {
		t.Errorf("only %d documents, %d values", docs, values)
	}
}

// TestExtract_sampleBoxes: a value's box is where the sample printed it.
func TestExtract_sampleBoxes(t *testing.T) {
	const dpi = 200
	far, total := 0, 0
	for _, kind := range sample.Results() {
		d := sample.Make(kind, sample.NewProject(3), 3)
		x := take(t, extract.Request{Type: d.Type, Pages: d.Read(dpi)})
		for key, place := range d.Places() {
			got, ok := x.Fields[key]
			if !ok || got.Source == document.FieldDerived {
				continue
			}
			total++
			want := place.Box
			for i := range want {
				want[i] *= dpi / 25.4
			}
			across := min(got.Box[2], want[2]) - max(got.Box[0], want[0])
			down := min(got.Box[3], want[3]) - max(got.Box[1], want[1])
			if got.Page != place.Page || across <= 0 || down <= 0 {
				far++
				t.Logf("%s %s: page %d %v, printed on page %d %v (%s)", kind, key, got.Page, got.Box, place.Page, want, got.Rule)
			}
		}
	}
	// A value that stands twice may be read at either place.
	if total < 200 || far*25 > total {
		t.Errorf("%d of %d boxes are elsewhere", far, total)
	}
}
