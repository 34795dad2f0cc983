package pipeline_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/storage"
)

// table lays sheets and blanks at pages of every file, and cuts the files of these
// tests.
type table struct {
	sheets  map[int]document.Sheet
	blanks  []int
	fixed   bool // cannot be cut
	cutting func(first int) error
}

func (b table) LookForSheets(_ context.Context, _ string, first, last int, _ ocr.OpenOptions) ([]ocr.Seen, error) {
	var out []ocr.Seen
	for n := first; n <= last; n++ {
		seen := ocr.Seen{Blank: slices.Contains(b.blanks, n)}
		if s, ok := b.sheets[n]; ok {
			seen.Sheet = &s
		}
		out = append(out, seen)
	}
	return out, nil
}

func (b table) CutPages(_ context.Context, path string, first, last int, out string, _ ocr.OpenOptions) (bool, error) {
	if b.fixed {
		return false, nil
	}
	if b.cutting != nil {
		if err := b.cutting(first); err != nil {
			return false, err
		}
	}
	_, name, err := fileAt(path)
	if err != nil {
		return false, err
	}
	return true, os.WriteFile(out, fmt.Appendf(nil, "pages=%d of %s from %d", last-first+1, name, first), 0o600)
}

var scanned = document.Origin{Channel: document.ChannelPhysical, Door: "hotfolder", Hall: "大厅", Case: "BJ7", Material: "commitment-letter"}

func (h *house) partsOf(id document.ID) []document.Document {
	h.t.Helper()
	parts, err := h.records.PartsOf(context.Background(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return parts
}

func TestP3_3_BatchIsTakenApartAtItsSheets(t *testing.T) {
	h := newHouse(t)
	h.sheets = table{sheets: map[int]document.Sheet{
		3: {Case: "BJ8", Material: "BUSINESS-LICENCE", Pages: 2}, 7: {Separator: true}, 9: {Case: "BJ9"}, 10: {Case: "BJ9", Pages: 1}, 12: {Case: "BJ9"},
	}, blanks: []int{4, 6, 13}}
	h.start(2)
	id := h.receive(13, scanned)
	whole := h.rest(id)
	if whole.State != document.StateSplit || whole.Pages != 13 || !told(whole, "split", "4 份") {
		t.Fatalf("whole %+v", whole)
	}
	type got struct {
		first, last, pages int
		kase, material     string
		counted            bool // more or fewer pages than the sheet says
	}
	want := []got{
		{1, 2, 2, "BJ7", "commitment-letter", false}, // before the first sheet the folder holds
		{5, 6, 2, "BJ8", "business-licence", false},  // the back of the sheet went with it
		{8, 8, 1, "BJ7", "commitment-letter", false},
		{11, 11, 1, "BJ9", "", false},
	} // page 13 is the back of the last sheet: nothing lies behind it
	for i, p := range h.partsOf(id) {
		doc := h.rest(p.ID)
		b := doc.Origin.Batch
		g := got{b.First, b.Last, doc.Pages, doc.Origin.Case, doc.Origin.Material, told(doc, "page_count", "")}
		if i >= len(want) || g != want[i] {
			t.Errorf("part %d: %+v", i, g)
		}
		if b.Document != id || b.Original != whole.Original || b.Receipt != whole.Receipt || doc.Origin.Hall != "大厅" || doc.Receipt == whole.Receipt {
			t.Errorf("part %d comes from %+v", i, b)
		}
	}
	if n := len(h.partsOf(id)); n != len(want) {
		t.Errorf("%d parts, want %d", n, len(want))
	}
	if len(h.tasks(id)) != 1 {
		t.Errorf("the whole went on: %+v", h.tasks(id))
	}
}

func TestP3_3_WrongCountOfPagesIsToldAndSeenByAPerson(t *testing.T) {
	for pages, wrong := range map[int]bool{2: false, 3: false, 4: true, 1: true} { // three pages, one of them blank
		h := newHouse(t)
		h.sheets = table{sheets: map[int]document.Sheet{1: {Case: "BJ8", Pages: pages}}, blanks: []int{3}}
		h.start(1)
		id := h.receive(4, scanned)
		h.rest(id)
		doc := h.rest(h.partsOf(id)[0].ID)
		if told(doc, "page_count", fmt.Sprintf("注明 %d 页，实际扫描 3 页（其中空白 1 页）", pages)) != wrong {
			t.Errorf("%d announced: %+v", pages, doc.Findings)
		}
		if want := map[bool]document.State{true: document.StateNeedsReview, false: document.StateDone}[wrong]; doc.State != want {
			t.Errorf("%d announced: %s, want %s", pages, doc.State, want)
		}
	}
}

// Only what people scan holds sheets; what cannot be cut is kept whole and shown
// to a person; sheets alone are refused.
func TestBatch_WhatIsNotTakenApart(t *testing.T) {
	cover := map[int]document.Sheet{1: {Case: "BJ8"}}
	h := newHouse(t)
	h.sheets = table{sheets: cover}
	h.start(1)
	if doc := h.rest(h.receive(2, document.Origin{Channel: document.ChannelVirtual, Role: document.RoleMaterial})); doc.State != document.StateDone {
		t.Errorf("an upload ended %s", doc.State)
	}
	if doc := h.rest(h.receive(1, scanned)); doc.State != document.StateRefused || doc.Refusal.Code != document.CodeEmpty {
		t.Errorf("a sheet alone ended %s %+v", doc.State, doc.Refusal)
	}
	whole := newHouse(t)
	whole.sheets = table{sheets: cover, fixed: true}
	whole.start(1)
	doc := whole.rest(whole.receive(3, scanned))
	if doc.State != document.StateNeedsReview || doc.Origin.Case != "BJ8" || !told(doc, "uncut", "") {
		t.Errorf("what cannot be cut ended %s in %q: %+v", doc.State, doc.Origin.Case, doc.Findings)
	}
}

// A step that fails half way, and is done again, makes no part twice.
func TestBatch_FailingHalfWayMakesEachPartOnce(t *testing.T) {
	h := newHouse(t)
	tries := 0
	h.sheets = table{sheets: map[int]document.Sheet{1: {Case: "BJ1"}, 3: {Case: "BJ2"}, 5: {Case: "BJ3"}}, cutting: func(first int) error {
		if tries++; first == 4 && tries < 6 {
			return fmt.Errorf("trouble of our own")
		}
		return nil
	}}
	h.start(1)
	id := h.receive(6, scanned)
	h.rest(id)
	if n := len(h.partsOf(id)); n != 3 || tries < 6 {
		t.Errorf("%d parts after %d cuts", n, tries)
	}
	h.exactlyOnce(id)
}

// TestG8_WholeOfAClassifiedPartIsQuarantined: it shows the same pages.
func TestG8_WholeOfAClassifiedPartIsQuarantined(t *testing.T) {
	h := newHouse(t)
	h.sheets = table{sheets: map[int]document.Sheet{1: {Case: "BJ1"}, 3: {Case: "BJ2"}}}
	h.room.read = func(_ context.Context, file string, n int) (document.Page, error) {
		if bytes.HasSuffix([]byte(file), []byte("from 4")) {
			return page(n, "机密★10年"), nil
		}
		return page(n, "营业执照"), nil
	}
	h.start(2)
	id := h.receive(4, scanned)
	h.state(id, document.StateQuarantined, limit)
	waitDone(h, id, document.StepErase)
	states := map[document.State]int{}
	for _, p := range h.partsOf(id) {
		states[h.rest(p.ID).State]++
	}
	if states[document.StateQuarantined] != 1 || len(h.partsOf(id)) != 2 {
		t.Errorf("parts ended %v", states)
	}
	h.noWord(id, "机密")
}

func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestArchive_EachFileIsADocument over HTTP as in the hot folder.
func TestArchive_EachFileIsADocument(t *testing.T) {
	h := newHouse(t)
	h.start(2)
	body := zipped(t, "business-licence/执照.pdf", "pages=1 a", "rd-construction-permit/证.pdf", "pages=1 b", "同一份.pdf", "pages=1 a",
		"Thumbs.db", "x", "空.pdf", "", "里面.zip", zipped(t, "深.pdf", "pages=1 deep"))
	id := h.take(body, document.Origin{Channel: document.ChannelVirtual, Door: "http", Role: document.RoleMaterial, Project: "2301-430105-04-01-123456"})
	whole := h.rest(id)
	if whole.State != document.StateSplit || whole.MediaType != "application/zip" || !told(whole, "split", "5 个文件") {
		t.Fatalf("whole %+v", whole)
	}
	byName := map[string]document.Document{}
	for _, p := range h.partsOf(id) {
		byName[p.Origin.Batch.Entry] = h.rest(p.ID)
	}
	licence, permit := byName["business-licence/执照.pdf"], byName["rd-construction-permit/证.pdf"]
	if licence.State != document.StateDone || licence.Filename != "执照.pdf" || licence.Origin.Material != "business-licence" || licence.Origin.Project != whole.Origin.Project {
		t.Errorf("licence %+v", licence)
	}
	if permit.Origin.Role != document.RoleMaterial || permit.Publication != nil {
		t.Errorf("a folder made a material a result: %+v", permit)
	}
	if same := byName["同一份.pdf"]; same.State != document.StateDone || same.Original != licence.Original {
		t.Errorf("the same bytes under another name: %+v", same)
	}
	if empty := byName["空.pdf"]; empty.State != document.StateRefused || empty.Refusal.Code != document.CodeEmpty {
		t.Errorf("an empty file: %+v", empty)
	}
	if inner := byName["里面.zip"]; inner.State == document.StateSplit || len(h.partsOf(inner.ID)) != 0 {
		t.Errorf("an archive in an archive was unpacked: %+v", inner)
	}
	if len(byName) != 5 {
		t.Errorf("%d parts", len(byName))
	}
	pushed := h.take(body, document.Origin{Door: "push"})
	if doc := h.rest(pushed); doc.State == document.StateSplit {
		t.Error("an archive that was pushed was unpacked")
	}
	again, _, err := h.records.Apply(t.Context(), id, 0, storage.Change{NewGeneration: true, Patch: storage.DocumentPatch{State: ptr(document.StateReceived)},
		Next: []storage.NextTask{{Step: document.StepInspect}}})
	if err != nil || again.Generation != 2 {
		t.Fatal(err)
	}
	if doc := h.rest(id); doc.State != document.StateSplit || len(h.partsOf(id)) != 5 {
		t.Errorf("again: %s with %d parts", doc.State, len(h.partsOf(id)))
	}
}

func ptr[T any](v T) *T { return &v }
