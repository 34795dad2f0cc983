package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/storage"
)

func caseTests() []recordsTest {
	return []recordsTest{
		{"RegistrationIsKeptOnce", caseRegistration},
		{"NumbersHaveNoGaps", caseNumbers},
		{"ChangesAreWholeOrNothing", caseWhole},
		{"StaleChangesAreRefused", caseStale},
		{"OneOfManyMovesAnItem", caseRace},
		{"ItemsComeByUrgency", caseUrgency},
		{"FilingsStandOnce", caseFilings},
		{"CursorsMoveOn", caseCursors},
	}
}

// caseDay is noon of a working day.
var caseDay = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

func newCase(id string) *approval.Case {
	return &approval.Case{ID: "case_" + id, Code: "ABCD2345", Project: "2404-430100-04-01-123453", Stage: "S1", Division: "430100",
		Channel: approval.ChannelVirtual, Applicant: "wang", Items: []string{"HN-S1-08"}, Answers: map[string]string{"has_agent": "false"}, Created: caseDay}
}

func newItem(id, kase string, due time.Time) *approval.CaseItem {
	return &approval.CaseItem{ID: "ci_" + id, Case: "case_" + kase, Project: "2404-430100-04-01-123453", Item: "HN-S1-08", Stage: "S1",
		Unit: "natural_resources", Division: "430100", Channel: approval.ChannelVirtual, State: progress.Submitted, ReceivedAt: caseDay,
		Clocks: []clock.Clock{clock.New(clock.KindReturn, 1, caseDay, "收到申请", "wang")}, Due: due, DueKind: clock.KindReturn}
}

func caseRegistration(t *testing.T, ctx context.Context, b Bench) {
	r := approval.Registration{Code: "2404-430100-04-01-123453", Name: "星湖花园一期项目", Division: "430100", Builder: "湖南星湖置业有限公司", By: "wang", At: caseDay}
	audit := storage.AuditEntry{Actor: "wang", Action: "project.register", Object: r.Code}
	kept := must(b.RegisterProject(ctx, r, audit))(t)
	if kept.Version != 1 {
		t.Errorf("version %d, want 1", kept.Version)
	}
	if _, err := b.RegisterProject(ctx, r, audit); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("registered twice: %v", err)
	}
	kept.Name = "星湖花园项目"
	must(b.RegisterProject(ctx, kept, audit))(t)
	if _, err := b.RegisterProject(ctx, kept, audit); !errors.Is(err, storage.ErrStale) {
		t.Errorf("changed on an old version: %v", err)
	}
	if got := must(b.Registration(ctx, r.Code))(t); got.Name != "星湖花园项目" || got.Version != 2 || !got.At.Equal(caseDay) {
		t.Errorf("kept %+v", got)
	}
	if p := must(b.Project(ctx, r.Code))(t); p.Builder != r.Builder {
		t.Errorf("results know the project as %+v", p)
	}
	if rows := must(b.AuditTrail(ctx, r.Code, 0, 10))(t); len(rows) != 2 {
		t.Errorf("%d rows of the trail, want 2: refused changes leave none", len(rows))
	}
	if list := must(b.Registrations(ctx, storage.ProjectQuery{Division: "430200"}))(t); len(list) != 0 {
		t.Errorf("another division lists %v", list)
	}
	if list := must(b.Registrations(ctx, storage.ProjectQuery{Member: "wang"}))(t); len(list) != 1 {
		t.Errorf("whoever registered it lists %v", list)
	}
}

func caseNumbers(t *testing.T, ctx context.Context, b Bench) {
	var crowd sync.WaitGroup
	for _, id := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
		crowd.Go(func() {
			if err := b.ApplyCase(ctx, storage.CaseChange{Case: newCase(id)}); err != nil {
				t.Error(err)
			}
			// The second fails and must give its number back.
			if err := b.ApplyCase(ctx, storage.CaseChange{Case: newCase("x" + id), Rely: []approval.Reliance{{Result: "res_none"}}}); err == nil {
				t.Error("a reliance on nothing was kept")
			}
		})
	}
	crowd.Wait()
	seen := map[string]bool{}
	for _, k := range must(b.ListCases(ctx, storage.CaseQuery{}))(t) {
		seen[k.Number] = true
	}
	for _, want := range []string{"BJ430100202611230001", "BJ430100202611230008"} {
		if !seen[want] {
			t.Errorf("no case has number %s: %v", want, seen)
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d numbers for 8 cases", len(seen))
	}
	k := must(b.Case(ctx, "BJ430100202611230001"))(t)
	if again := must(b.Case(ctx, k.ID))(t); again.Number != k.Number || again.Code != "ABCD2345" || again.Answers["has_agent"] != "false" {
		t.Errorf("by ID %+v, by number %+v", again, k)
	}
}

func caseWhole(t *testing.T, ctx context.Context, b Bench) {
	k := newCase("A")
	change := storage.CaseChange{Case: k, Items: []storage.ItemWrite{{Item: newItem("A", "A", caseDay)}}, Actor: "wang", Key: "k1",
		Events: []approval.Event{{Type: approval.EventCaseSubmitted, Project: k.Project}},
		Audit:  []storage.AuditEntry{{Actor: "wang", Action: "case.submit", Object: k.ID}}}
	bad := change
	bad.Case, bad.Key = newCase("B"), "k2"
	bad.Items = []storage.ItemWrite{{Item: newItem("B", "B", caseDay)}, {Item: &approval.CaseItem{ID: "ci_none", Version: 7}, From: progress.Accepted}}
	if err := b.ApplyCase(ctx, bad); !errors.Is(err, storage.ErrStale) {
		t.Fatalf("a change of a missing item: %v", err)
	}
	if _, err := b.Case(ctx, "case_B"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("half of a change stayed: %v", err)
	}
	if err := b.ApplyCase(ctx, change); err != nil {
		t.Fatal(err)
	}
	if k.Version != 1 || k.Number == "" || change.Items[0].Item.Version != 1 {
		t.Errorf("versions after the change: %+v", k)
	}
	change.Case = newCase("C")
	if err := b.ApplyCase(ctx, change); !errors.Is(err, storage.ErrDone) {
		t.Errorf("the same key again: %v", err)
	}
	if rows := must(b.AuditTrail(ctx, k.ID, 0, 10))(t); len(rows) != 1 {
		t.Errorf("%d rows of the trail, want 1", len(rows))
	}
}

func caseStale(t *testing.T, ctx context.Context, b Bench) {
	k, item := newCase("A"), newItem("A", "A", caseDay)
	if err := b.ApplyCase(ctx, storage.CaseChange{Case: k, Items: []storage.ItemWrite{{Item: item}}}); err != nil {
		t.Fatal(err)
	}
	old, oldItem := *k, *item
	k.Hall = "changsha"
	item.State = progress.Accepted
	if err := b.ApplyCase(ctx, storage.CaseChange{Case: k, Items: []storage.ItemWrite{{Item: item, From: progress.Submitted}}}); err != nil {
		t.Fatal(err)
	}
	if err := b.ApplyCase(ctx, storage.CaseChange{Case: &old}); !errors.Is(err, storage.ErrStale) {
		t.Errorf("an old version of a case: %v", err)
	}
	oldItem.State = progress.Returned
	if err := b.ApplyCase(ctx, storage.CaseChange{Items: []storage.ItemWrite{{Item: &oldItem, From: progress.Submitted}}}); !errors.Is(err, storage.ErrStale) {
		t.Errorf("an old version of an item: %v", err)
	}
	if got := must(b.CaseItem(ctx, item.ID))(t); got.State != progress.Accepted || got.Version != 2 || len(got.Clocks) != 1 {
		t.Errorf("kept %+v", got)
	}
}

func caseRace(t *testing.T, ctx context.Context, b Bench) {
	item := newItem("A", "A", caseDay)
	if err := b.ApplyCase(ctx, storage.CaseChange{Case: newCase("A"), Items: []storage.ItemWrite{{Item: item}}}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	moved := 0
	var crowd sync.WaitGroup
	for range 6 {
		crowd.Go(func() {
			own := *item
			own.State = progress.Accepted
			err := b.ApplyCase(ctx, storage.CaseChange{Items: []storage.ItemWrite{{Item: &own, From: progress.Submitted}}})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				moved++
			case !errors.Is(err, storage.ErrStale):
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	if moved != 1 {
		t.Errorf("the item was moved %d times", moved)
	}
}

func caseUrgency(t *testing.T, ctx context.Context, b Bench) {
	late, soon, idle := newItem("A", "A", caseDay.Add(48*time.Hour)), newItem("B", "A", caseDay), newItem("C", "A", time.Time{})
	ended := newItem("D", "A", time.Time{})
	ended.State = progress.Returned
	change := storage.CaseChange{Case: newCase("A")}
	for _, it := range []*approval.CaseItem{late, soon, idle, ended} {
		change.Items = append(change.Items, storage.ItemWrite{Item: it})
	}
	if err := b.ApplyCase(ctx, change); err != nil {
		t.Fatal(err)
	}
	var got []string
	q := storage.ItemQuery{Unit: "natural_resources", Division: "430100", Open: true, Limit: 1}
	for range 4 {
		page := must(b.ListCaseItems(ctx, q))(t)
		if len(page) == 0 {
			break
		}
		got = append(got, page[0].ID)
		q.After = storage.ItemMark{Due: page[0].Due, ID: page[0].ID}
	}
	if len(got) != 3 || got[0] != "ci_B" || got[1] != "ci_A" || got[2] != "ci_C" {
		t.Errorf("open items in order %v", got)
	}
	if due := must(b.ListCaseItems(ctx, storage.ItemQuery{DueBefore: caseDay.Add(time.Hour)}))(t); len(due) != 1 || due[0].ID != "ci_B" {
		t.Errorf("due within the hour: %v", due)
	}
	if due := must(b.ListCaseItems(ctx, storage.ItemQuery{Open: true, DueFrom: caseDay.Add(time.Hour)}))(t); len(due) != 2 || due[0].ID != "ci_A" || due[1].ID != "ci_C" {
		t.Errorf("due later, or never: %v", due)
	}
	some := must(b.CaseItems(ctx, []string{"ci_B", "ci_none", "ci_A"}))(t)
	if len(some) != 2 || some["ci_B"].ID != "ci_B" || some["ci_A"].Case != "case_A" {
		t.Errorf("items by their IDs: %v", some)
	}
	place := some["ci_A"]
	for _, division := range []string{place.Division, ""} {
		desk := must(b.CountDesks(ctx, division, caseDay.Add(time.Hour)))(t)[place.Unit]
		if desk.States[progress.Submitted] != 3 || desk.States[progress.Returned] != 1 || desk.Late != 1 {
			t.Errorf("on the desk in %q: %+v", division, desk)
		}
	}
	if other := must(b.CountDesks(ctx, "999999", caseDay))(t); len(other) != 0 {
		t.Errorf("on desks elsewhere: %v", other)
	}
	counts := must(b.CountItems(ctx, storage.ItemQuery{Case: "case_A"}))(t)
	if len(counts) != 2 || counts[progress.Submitted] != 3 || counts[progress.Returned] != 1 {
		t.Errorf("counted %v", counts)
	}
	few := must(b.CountItems(ctx, storage.ItemQuery{Case: "case_A", CountTo: 2}))(t)
	if len(few) != 2 || few[progress.Submitted] != 2 || few[progress.Returned] != 1 {
		t.Errorf("counted up to two: %v", few)
	}
	over := must(b.ListCaseItems(ctx, storage.ItemQuery{Case: "case_A", States: []progress.State{progress.Returned, progress.Refused}}))(t)
	both := must(b.ListCaseItems(ctx, storage.ItemQuery{Case: "case_A", States: []progress.State{progress.Returned, progress.Submitted}}))(t)
	if len(over) != 1 || len(both) != 4 {
		t.Errorf("%d ended and %d of both kinds", len(over), len(both))
	}
}

func caseFilings(t *testing.T, ctx context.Context, b Bench) {
	f := approval.Filing{ID: "fil_A", Case: "case_A", Material: "unified-form", Source: approval.SourceUpload, Document: "doc_1", By: "wang", At: caseDay}
	again := f
	again.ID = "fil_B"
	change := storage.CaseChange{Case: newCase("A"), File: []approval.Filing{f, again}}
	if err := b.ApplyCase(ctx, change); err != nil {
		t.Fatal(err)
	}
	if list := must(b.Filings(ctx, "case_A", false))(t); len(list) != 1 || list[0].ID != "fil_A" || !list[0].At.Equal(caseDay) {
		t.Fatalf("filed %+v", list)
	}
	if list := must(b.FilingsOfDocument(ctx, "doc_1"))(t); len(list) != 1 {
		t.Errorf("the document stands in %v", list)
	}
	if err := b.ApplyCase(ctx, storage.CaseChange{Remove: []string{"fil_A"}, File: []approval.Filing{again}}); err != nil {
		t.Fatal(err)
	}
	if list := must(b.Filings(ctx, "case_A", false))(t); len(list) != 1 || list[0].ID != "fil_B" {
		t.Errorf("after the move %+v", list)
	}
	if list := must(b.Filings(ctx, "case_A", true))(t); len(list) != 2 || list[0].Removed.IsZero() {
		t.Errorf("the trail of the entry is %+v", list)
	}
}

func caseCursors(t *testing.T, ctx context.Context, b Bench) {
	if got := must(b.Cursor(ctx, "cases"))(t); got != 0 {
		t.Errorf("a new follower stands at %d", got)
	}
	if err := b.MoveCursor(ctx, "cases", 0, 7); err != nil {
		t.Fatal(err)
	}
	for _, from := range []int64{0, 3} {
		if err := b.MoveCursor(ctx, "cases", from, 9); !errors.Is(err, storage.ErrStale) {
			t.Errorf("moved from %d: %v", from, err)
		}
	}
	if err := b.MoveCursor(ctx, "cases", 7, 9); err != nil {
		t.Fatal(err)
	}
	if got := must(b.Cursor(ctx, "cases"))(t); got != 9 {
		t.Errorf("stands at %d, want 9", got)
	}
}
