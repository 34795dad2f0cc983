package bad_test

import (
	"bytes"
	"image"
	_ "image/gif"
	_ "image/png"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"onewindow/internal/sample"
	"onewindow/internal/sample/bad"
)

func goodPDF(t *testing.T) []byte {
	t.Helper()
	s, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	return s.PDF(sample.Make("rd-joint-opinion", sample.NewProject(1), 1))
}

// TestBadFilesAreBad: a bad file that a reader takes without a word tests nothing.
func TestBadFilesAreBad(t *testing.T) {
	good := goodPDF(t)
	files, err := bad.All(good)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range files {
		if names[f.Name] {
			t.Errorf("%s twice", f.Name)
		}
		names[f.Name] = true
		if bytes.Equal(f.Data, good) {
			t.Errorf("%s is the good file", f)
		}
		if len(f.Data) > 4<<20 {
			t.Errorf("%s weighs %d bytes", f, len(f.Data))
		}
	}
}

func TestEncryptedNeedsItsPassword(t *testing.T) {
	good := goodPDF(t)
	locked, err := bad.Encrypted(good, "secret")
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Validate(bytes.NewReader(locked), nil); err == nil {
		t.Error("opened without a password")
	}
	free, err := bad.OwnerLocked(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Validate(bytes.NewReader(free), nil); err != nil {
		t.Errorf("a PDF with an owner's password only does not open: %v", err)
	}
}

func TestPixelBombDeclaresItsSize(t *testing.T) {
	data, err := bad.PixelBomb(30000, 20000)
	if err != nil {
		t.Fatal(err)
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "png" || cfg.Width != 30000 || cfg.Height != 20000 {
		t.Errorf("%s %d × %d, %v", format, cfg.Width, cfg.Height, err)
	}
	if len(data) > 200<<10 {
		t.Errorf("%d bytes are too many for a bomb", len(data))
	}
}

func TestManyPagesIsSound(t *testing.T) {
	if n, err := api.PageCount(bytes.NewReader(bad.ManyPages(300)), nil); err != nil || n != 300 {
		t.Errorf("%d pages, %v", n, err)
	}
}

func TestStreamBombIsSmall(t *testing.T) {
	data, err := bad.StreamBomb(64 << 20)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 8<<10 {
		t.Errorf("%d bytes", len(data))
	}
}
