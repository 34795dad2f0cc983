package sample

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// openPDFium starts the reader the project reads PDFs with; its compiled code
// is kept between runs.
func openPDFium(t *testing.T) pdfium.Pdfium {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = t.TempDir()
	}
	cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "onewindow-test", "pdfium"))
	if err != nil {
		t.Fatal(err)
	}
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling
	pool, err := webassembly.Init(webassembly.Config{MaxTotal: 1, Context: context.Background(),
		RuntimeConfig: wazero.NewRuntimeConfig().WithCoreFeatures(features).WithCompilationCache(cache)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	inst, err := pool.GetInstanceWithContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

func TestTextLayersReadBack(t *testing.T) {
	engine := openPDFium(t)
	s := openStudio(t)
	d := Make("rd-eia-reply", NewProject(2), 2)
	sound, err := s.Scan(d, ScanOptions{DPI: 60, Layer: SoundLayer})
	if err != nil {
		t.Fatal(err)
	}
	turned, err := s.Scan(d, ScanOptions{DPI: 60, Layer: SoundLayer, Turn: 90})
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"born": s.PDF(d), "scan with text": sound, "turned scan with text": turned} {
		if got, want := squeezed(readText(t, engine, file)), squeezed(d.Pages[0].Truth(1, 72).Text()); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	bare, err := s.Scan(d, ScanOptions{DPI: 60})
	if err != nil {
		t.Fatal(err)
	}
	if got := readText(t, engine, bare); got != "" {
		t.Errorf("a scan without a layer reads %q", got)
	}
	garbage, err := s.Scan(d, ScanOptions{DPI: 60, Layer: GarbageLayer})
	if err != nil {
		t.Fatal(err)
	}
	if got := readText(t, engine, garbage); got == "" || strings.ContainsAny(got, "批复项目") {
		t.Errorf("a garbage layer reads %q", got)
	}
}

func readText(t *testing.T, engine pdfium.Pdfium, file []byte) string {
	t.Helper()
	doc, err := engine.OpenDocument(&requests.OpenDocument{File: &file})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc.Document})
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: 0}}
	text, err := engine.GetPageText(&requests.GetPageText{Page: page})
	if err != nil {
		t.Fatal(err)
	}
	return text.Text
}

// squeezed leaves spaces and line ends out: readers guess them.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }
