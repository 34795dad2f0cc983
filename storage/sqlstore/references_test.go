package sqlstore

import (
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

func TestReferencesNameWhatRecordsRelyOn(t *testing.T) {
	s, err := Open(t.Context(), Options{DSN: "sqlite:" + t.TempDir() + "/records.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	original := document.DigestOf([]byte("原件"))
	if _, _, err := s.Register(t.Context(), storage.NewDocument{Original: original, Size: 6, Filename: "a.pdf"}); err != nil {
		t.Fatal(err)
	}
	copied := document.DigestOf([]byte("副本"))
	if err := s.AddCopy(t.Context(), storage.Copy{Digest: copied.String(), Result: "res_x", By: "张三"}); err != nil {
		t.Fatal(err)
	}
	got := map[storage.Reference]bool{}
	for ref, err := range s.References(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got[ref] = true
	}
	for _, want := range []storage.Reference{{Class: storage.Originals, Digest: original}, {Class: storage.Derived, Digest: copied}} {
		if !got[want] {
			t.Errorf("%v is not referenced: %v", want, got)
		}
	}
}
