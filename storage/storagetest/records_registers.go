package storagetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"onewindow/storage"
)

func registerTests() []recordsTest {
	return []recordsTest{
		{"EntriesAreNumberedAndFound", registerEntries},
		{"StaleEntriesAreRefused", registerStale},
		{"UrgentComesFirst", registerUrgent},
	}
}

func newEntry(id, unit string) *storage.Entry {
	return &storage.Entry{ID: "con_" + id, Register: "consultation", Prefix: "ZX", State: "asked", Open: true, Division: "430100", Unit: unit,
		Hall: "changsha", Owner: "wang", Project: "2404-430100-04-01-123453", Parent: "inq_1", Due: caseDay, Created: caseDay, Body: json.RawMessage(`{"question":"问"}`)}
}

func registerEntries(t *testing.T, ctx context.Context, b Bench) {
	a, c := newEntry("A", "housing"), newEntry("B", "reform")
	if err := b.ApplyEntries(ctx, storage.RegisterChange{Entries: []*storage.Entry{a, c}, Actor: "wang", Key: "k",
		Audit: []storage.AuditEntry{{Actor: "wang", Action: "consultation.ask", Object: a.ID}}}); err != nil {
		t.Fatal(err)
	}
	if a.Number != "ZX202611230001" || c.Number != "ZX202611230002" || a.Version != 1 {
		t.Errorf("numbered %s and %s, version %d", a.Number, c.Number, a.Version)
	}
	if err := b.ApplyEntries(ctx, storage.RegisterChange{Entries: []*storage.Entry{newEntry("C", "reform")}, Actor: "wang", Key: "k"}); !errors.Is(err, storage.ErrDone) {
		t.Errorf("the same key again: %v", err)
	}
	if err := b.ApplyEntries(ctx, storage.RegisterChange{Entries: []*storage.Entry{newEntry("A", "reform")}}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("the same ID again: %v", err)
	}
	got := must(b.Entry(ctx, "consultation", "ZX202611230001"))(t)
	if got.ID != a.ID || string(got.Body) != `{"question":"问"}` || !got.Due.Equal(caseDay) || !got.Open || got.Parent != "inq_1" {
		t.Errorf("kept %+v", got)
	}
	if _, err := b.Entry(ctx, "complaint", a.ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("another register has it: %v", err)
	}
	for name, q := range map[string]storage.EntryQuery{
		"unit": {Unit: "housing"}, "owner and unit": {Owner: "wang", Unit: "housing"}, "parent": {Parent: "inq_1", Before: c.ID}, "state": {States: []string{"asked", "x"}, Unit: "housing"},
		"due": {DueBefore: caseDay.Add(time.Second), Unit: "housing"},
	} {
		if list := must(b.ListEntries(ctx, q))(t); len(list) != 1 || list[0].ID != a.ID {
			t.Errorf("by %s: %v", name, list)
		}
	}
	if list := must(b.ListEntries(ctx, storage.EntryQuery{DueBefore: caseDay}))(t); len(list) != 0 {
		t.Errorf("due before its time: %v", list)
	}
}

func registerStale(t *testing.T, ctx context.Context, b Bench) {
	a := newEntry("A", "housing")
	if err := b.ApplyEntries(ctx, storage.RegisterChange{Entries: []*storage.Entry{a}}); err != nil {
		t.Fatal(err)
	}
	old := *a
	a.State, a.Open, a.Due, a.Hall, a.Division = "answered", false, time.Time{}, "yuelu", "430104"
	if err := b.ApplyEntries(ctx, storage.RegisterChange{Entries: []*storage.Entry{a}}); err != nil {
		t.Fatal(err)
	}
	other := newEntry("B", "reform")
	if err := b.ApplyEntries(ctx, storage.RegisterChange{Entries: []*storage.Entry{other, &old}}); !errors.Is(err, storage.ErrStale) {
		t.Errorf("an old version: %v", err)
	}
	if _, err := b.Entry(ctx, "consultation", other.ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("half of a change stayed: %v", err)
	}
	if got := must(b.Entry(ctx, "consultation", a.ID))(t); got.State != "answered" || got.Hall != "yuelu" || got.Division != "430104" || got.Open || !got.Due.IsZero() || got.Version != 2 {
		t.Errorf("kept %+v", got)
	}
}

func registerUrgent(t *testing.T, ctx context.Context, b Bench) {
	late, soon, idle := newEntry("A", "housing"), newEntry("B", "housing"), newEntry("C", "housing")
	late.Due, idle.Due = caseDay.Add(time.Hour), time.Time{}
	if err := b.ApplyEntries(ctx, storage.RegisterChange{Entries: []*storage.Entry{late, soon, idle}}); err != nil {
		t.Fatal(err)
	}
	list := must(b.ListEntries(ctx, storage.EntryQuery{Register: "consultation", Open: true, Urgent: true}))(t)
	if len(list) != 3 || list[0].ID != soon.ID || list[1].ID != late.ID || list[2].ID != idle.ID {
		t.Errorf("in order %v", list)
	}
}
