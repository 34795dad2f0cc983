package hotfolder_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"onewindow/intake/hotfolder"
)

func TestW2_7_WaitingFilesAreCountedByWindow(t *testing.T) {
	inbox := t.TempDir()
	old := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	for path, at := range map[string]time.Time{"changsha/3/a.pdf": old.Add(time.Hour), "changsha/3/2404-430100-04-01-123453/b.pdf": old,
		"changsha/4/c.pdf": old, "d.pdf": old, "changsha/3/.half": old, ".onewindow/done/e.pdf": old} {
		full := filepath.Join(inbox, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(full, at, at); err != nil {
			t.Fatal(err)
		}
	}
	w := &hotfolder.Watcher{Inbox: inbox}
	got, err := w.Waiting()
	if err != nil {
		t.Fatal(err)
	}
	if q := got["changsha/3"]; q.Files != 2 || !q.Oldest.Equal(old) {
		t.Errorf("window 3 has %+v", q)
	}
	if got["changsha/4"].Files != 1 || got[""].Files != 1 || len(got) != 3 {
		t.Errorf("counted %+v", got)
	}
	w.Inbox = filepath.Join(inbox, "gone")
	if _, err := w.Waiting(); err == nil {
		t.Error("a folder that is not there is no trouble")
	}
}
