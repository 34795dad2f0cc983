package api_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/access"
	"onewindow/document"
	"onewindow/intake/hotfolder"
	"onewindow/storage"
)

// scanInto drops a file into a real hot folder and returns its document.
func (h *house) scanInto(t *testing.T, path, content string) document.Document {
	t.Helper()
	inbox := filepath.Join(h.dir, "inbox")
	to := filepath.Join(inbox, path)
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, []byte(content), 0o644)); err != nil {
		t.Fatal(err)
	}
	w := &hotfolder.Watcher{Inbox: inbox, Receiver: h.server.Receiver, Documents: h.records, Ledger: h.records, Log: slog.New(slog.DiscardHandler),
		Quiet: 20 * time.Millisecond, Every: 10 * time.Millisecond, Patience: 100 * time.Millisecond, // what this room reads has no end mark
		Binder: hotfolder.Binder{Division: "430100", Case: func(ctx context.Context, number string) (string, bool, error) {
			k, err := h.records.Case(ctx, number)
			if errors.Is(err, storage.ErrNotFound) {
				return "", false, nil
			}
			return k.Project, err == nil, err
		}}}
	if err := w.Prepare(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if err := w.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := h.records.ListArrivals(t.Context(), storage.ArrivalQuery{Outcome: storage.OutcomeReceived, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 1 && all[0].Path == path {
			h.work()
			return h.document(all[0].Document)
		}
	}
	t.Fatalf("%s was not received", path)
	return document.Document{}
}

// TestTray_ScanForACaseThatDoesNotExistWaitsForAClerk: it was in no case and in no
// tray either.
func TestTray_ScanForACaseThatDoesNotExistWaitsForAClerk(t *testing.T) {
	h := openHouse(t)
	clerk := h.browse(t, access.NewAccount{Name: "c", Roles: []access.Role{access.Clerk}, Hall: "changsha"})
	other := h.browse(t, access.NewAccount{Name: "o", Roles: []access.Role{access.Clerk}, Hall: "yueyang"})
	doc := h.scanInto(t, "changsha/1/SL430100202699999/规划许可证.pdf", scan(t, paper("rd-construction-permit")))
	if doc.Origin.Case != "" || doc.Origin.Folder != "SL430100202699999" {
		t.Errorf("it belongs to %+v", doc.Origin)
	}
	said := ""
	for _, f := range doc.Findings {
		if f.Code == "unknown_case" {
			said = f.Message
		}
	}
	if !strings.Contains(said, "SL430100202699999") || !strings.Contains(said, "没有这个编号的办件") {
		t.Errorf("the finding says %q", said)
	}
	if page := clerk.see("/counter", http.StatusOK); !strings.Contains(page, "规划许可证.pdf") || !strings.Contains(page, said) {
		t.Error("the tray does not show it with its folder")
	}
	if strings.Contains(other.see("/counter", http.StatusOK), "规划许可证.pdf") {
		t.Error("another hall's tray shows it")
	}
}

// TestTray_RecognizedMaterialStaysUntilItIsFiled: being recognized is not belonging.
func TestTray_RecognizedMaterialStaysUntilItIsFiled(t *testing.T) {
	h := openHouse(t)
	clerk := h.browse(t, access.NewAccount{Name: "c", Roles: []access.Role{access.Clerk}, Hall: "changsha"})
	doc := h.scanInto(t, "changsha/1/勘察报告.pdf", scan(t, paper("rd-construction-permit")))
	done := document.StateDone
	if _, _, err := h.records.Apply(t.Context(), doc.ID, 0, storage.Change{Patch: storage.DocumentPatch{State: &done}, CancelTasks: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(clerk.see("/counter", http.StatusOK), "勘察报告.pdf") {
		t.Error("a material that no case has is not in the tray")
	}
}
