package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/internal/config"
	"onewindow/stamp/stamptest"
)

func TestP3_3_CoversheetPrintsAListOfSheets(t *testing.T) {
	dir := t.TempDir()
	list, out := filepath.Join(dir, "list.csv"), filepath.Join(dir, "sheets.pdf")
	text := "# 今天的封面\nBJ430100202611270001,HN-S1-08,business-licence,3\nBJ430100202611270002\nseparator\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{cfg: config.Default()}
	cmd := root(a)
	cmd.SetArgs([]string{"coversheet", "--list", list, "--out", out})
	var said strings.Builder
	cmd.SetOut(&said)
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	want := []document.Sheet{{Case: "BJ430100202611270001", Item: "HN-S1-08", Material: "BUSINESS-LICENCE", Pages: 3},
		{Case: "BJ430100202611270002"}, {Separator: true}}
	pages := stamptest.Render(t, out, 150)
	if len(pages) != len(want) {
		t.Fatalf("%d pages for %d sheets", len(pages), len(want))
	}
	for i, img := range pages {
		if got, ok := document.ParseSheet(stamptest.ZXing(t, img)); !ok || got != want[i] {
			t.Errorf("sheet %d: %+v (%v), want %+v", i+1, got, ok, want[i])
		}
	}
	if !strings.Contains(said.String(), "3 张") {
		t.Errorf("said %q", said.String())
	}
}

func TestCoversheet_RefusesWhatCouldNeverBeBound(t *testing.T) {
	for _, args := range [][]string{
		{}, {"--case", "办件"}, {"--case", "BJ1", "--item", "no-such"}, {"--case", "BJ1", "--material", "no-such"}, {"--case", "BJ1", "--pages", "-2"},
	} {
		out := filepath.Join(t.TempDir(), "x.pdf")
		cmd := root(&app{cfg: config.Default()})
		cmd.SetArgs(append([]string{"coversheet", "--out", out}, args...))
		err := cmd.Execute()
		var told exitError
		if !errors.As(err, &told) || told.code != exitUsage {
			t.Errorf("%v: %v, want a mistake in the command", args, err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%v left a file", args)
		}
	}
}
