package stamp_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"onewindow/stamp"
)

// asked notes that it was asked.
type asked struct{ err error }

func (a asked) Stamp(context.Context, string, string, stamp.Mark, stamp.Template) (stamp.Report, error) {
	return stamp.Report{}, a.err
}

func TestByContentLooksAtTheBytes(t *testing.T) {
	pdf, picture := errors.New("pdf"), errors.New("picture")
	s := stamp.ByContent{PDF: asked{pdf}, Image: asked{picture}}
	for name, tt := range map[string]struct {
		content []byte
		want    error
	}{
		"a.jpg": {[]byte("%PDF-1.4 under a wrong name"), pdf},
		"b.pdf": {[]byte("\xff\xd8\xff\xe0 a picture under a wrong name"), picture},
		"c.pdf": {append(bytes.Repeat([]byte("@PJL\r\n"), 50), "%PDF-1.4"...), pdf},
		"d":     {nil, picture},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, tt.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Stamp(t.Context(), path, path+".out", mark(), stamp.DefaultTemplate()); !errors.Is(err, tt.want) {
			t.Errorf("%s went to %v, want %v", name, err, tt.want)
		}
	}
	if _, err := s.Stamp(t.Context(), filepath.Join(t.TempDir(), "missing"), "out", mark(), stamp.DefaultTemplate()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}
