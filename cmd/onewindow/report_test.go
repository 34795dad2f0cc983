package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"onewindow/storage"
	"onewindow/storage/sqlstore"
)

// TestWatch_ReportAddsUpToEverythingSeen over more than a page, one line a file.
func TestWatch_ReportAddsUpToEverythingSeen(t *testing.T) {
	records, err := sqlstore.Open(t.Context(), sqlstore.Options{DSN: "sqlite:" + t.TempDir() + "/records.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	var seen []storage.Arrival
	for i := range reportPage + 3 {
		seen = append(seen, storage.Arrival{Inbox: "i", Path: fmt.Sprintf("厅/1/%d.pdf", i), Hall: "厅", Outcome: storage.OutcomeWaiting, Code: "writing", Reason: "文件还在变化"})
	}
	seen = append(seen, storage.Arrival{Inbox: "i", Path: "厅/1/换\n行.pdf", Outcome: storage.OutcomeIgnored, Code: "hidden", Reason: "隐藏文件"})
	if _, err := records.NoteArrivals(t.Context(), seen); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&report{list: records, out: &out}).print(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if want := len(seen) + 3; len(lines) != want { // with a head, a blank line and the sum
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	if sum := lines[len(lines)-1]; sum != "共 504 个文件：  等待 503  忽略 1" {
		t.Errorf("the sum is %q", sum)
	}
	if !strings.Contains(lines[1], `"厅/1/换\n行.pdf"`) || !strings.Contains(lines[1], "忽略") {
		t.Errorf("the newest line is %q", lines[1])
	}
	out.Reset()
	if err := (&report{list: records, out: &out, json: true}).print(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for dec := json.NewDecoder(&out); dec.More(); n++ {
		var a storage.Arrival
		if err := dec.Decode(&a); err != nil || a.Path == "" || a.Outcome == "" {
			t.Fatal(a, err)
		}
	}
	if n != len(seen) {
		t.Errorf("%d objects, want %d", n, len(seen))
	}
}
