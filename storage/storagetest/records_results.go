package storagetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

func resultTests() []recordsTest {
	return []recordsTest{
		{"PublishThroughAStep", publishThroughStep},
		{"PublishTwiceIsOnce", publishTwice},
		{"SameNumberSupersedes", sameNumberSupersedes},
		{"NamedResultIsSuperseded", namedSuperseded},
		{"NoNumberNoLineage", noNumberNoLineage},
		{"ConcurrentPublishersOfOneLineage", publishersOfOneLineage},
		{"RevokeEndsOnce", revokeOnce},
		{"PushIsIdempotent", pushIdempotent},
		{"CodesAreUnique", codesUnique},
		{"ListResultsByKeyset", listResults},
	}
}

// result makes a publishable result; n tells versions of it apart.
func result(number string, n int) approval.Result {
	return approval.Result{
		ID: fmt.Sprintf("res_%s_%02d", number, n), Type: "rd-construction-permit", TypeName: "建筑工程施工许可证",
		Mode: approval.ModePushed, Original: document.DigestOf([]byte(fmt.Sprint(number, n))),
		Delivered: document.DigestOf([]byte("delivered")), Size: 1234, MediaType: "application/pdf", Pages: 2,
		Project: "2111-430102-04-01-100001", ProjectName: "岳麓区某住宅项目", Unit: "430100-zjj", Number: number, Title: "施工许可证",
		IssueDate: "2026-01-02", ValidUntil: approval.NoExpiry, Positive: true,
		Fields:      document.Fields{"builder": {Value: "长沙某某置业有限公司"}, "doc_no": {Value: number}},
		ConfirmedBy: "acct_unit", Code: fmt.Sprintf("CODE%s%02d", number, n),
	}
}

var pushed = storage.AuditEntry{Actor: "token_1", Action: "result.push"}

func publish(t *testing.T, ctx context.Context, r Records, res approval.Result) approval.Result {
	t.Helper()
	out, existed, err := r.PublishResult(ctx, res, "", pushed)
	if err != nil || existed {
		t.Fatalf("publish %s: existed %v, %v", res.ID, existed, err)
	}
	return out
}

func publishThroughStep(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	r := result("N1", 1)
	r.Document, r.Generation, r.Lineage, r.Mode = doc.ID, 1, r.ID, approval.ModeScanned
	state := document.StateDone
	do(t, ctx, b, taskOf(doc, document.StepInspect, 0), storage.Change{Publish: &r, Patch: storage.DocumentPatch{State: &state}})
	kept := must(b.Result(ctx, r.ID))(t)
	want := r
	want.Version, want.Status, want.PublishedAt = 1, approval.StatusPublished, kept.PublishedAt
	if d := diff(want, kept); d != "" {
		t.Fatal(d)
	}
	if byCode := must(b.ResultByCode(ctx, r.Code))(t); byCode.ID != r.ID {
		t.Fatalf("by code: %s", byCode.ID)
	}
	for _, err := range []error{second(b.Result(ctx, "res_none")), second(b.ResultByCode(ctx, "")), second(b.ResultByCode(ctx, "NONE"))} {
		if !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("no such result: %v", err)
		}
	}
	project := must(b.Project(ctx, r.Project))(t)
	if project.Name != r.ProjectName || project.Builder != "长沙某某置业有限公司" || project.Created.IsZero() {
		t.Fatalf("project %+v", project)
	}
	if typesOf(t, ctx, b)[approval.EventPublished] != 1 {
		t.Fatal("no event of the publication")
	}
}

func second[T any](_ T, err error) error { return err }

func publishTwice(t *testing.T, ctx context.Context, b Bench) {
	r := publish(t, ctx, b, result("N1", 1))
	again, existed, err := b.PublishResult(ctx, result("N1", 1), "", pushed)
	if err != nil || !existed || again.Version != r.Version {
		t.Fatalf("again: %+v %v %v", again, existed, err)
	}
	same := result("N1", 1)
	_, _, err = b.Apply(ctx, register(t, ctx, b, "a").ID, 0, storage.Change{Publish: &same})
	ok(t, err)
	if n := typesOf(t, ctx, b)[approval.EventPublished]; n != 1 {
		t.Fatalf("published %d times", n)
	}
}

func sameNumberSupersedes(t *testing.T, ctx context.Context, b Bench) {
	first := publish(t, ctx, b, result("N1", 1))
	relied := must(b.Rely(ctx, reliance(first.ID, "HN-S3-01", "case-1"), "2026-05-01"))(t)
	_ = publish(t, ctx, b, result("N2", 1)) // another number is another result
	proposal := result("N1", 2)
	proposal.Lineage, proposal.Version = proposal.ID, 1 // what a publisher that knows no better proposes
	next := publish(t, ctx, b, proposal)
	if next.Lineage != first.ID || next.Version != 2 || next.Supersedes != first.ID {
		t.Fatalf("second version %+v", next)
	}
	old := must(b.Result(ctx, first.ID))(t)
	if old.Status != approval.StatusSuperseded || old.Successor != next.ID || old.EndedAt == nil || old.EndedBy != "acct_unit" || old.EndReason == "" {
		t.Fatalf("first version %+v", old)
	}
	flagged := must(b.ReliancesOn(ctx, first.ID))(t)
	if len(flagged) != 1 || flagged[0].ID != relied.ID || flagged[0].Flag != "superseded" || flagged[0].FlagAt == nil {
		t.Fatalf("reliances %+v", flagged)
	}
	events := typesOf(t, ctx, b)
	if events[approval.EventSuperseded] != 1 || events[approval.EventFlagged] != 1 || events[approval.EventPublished] != 3 {
		t.Fatalf("events %v", events)
	}
	third := publish(t, ctx, b, result("N1", 3))
	if third.Version != 3 || third.Lineage != first.ID || third.Supersedes != next.ID {
		t.Fatalf("third version %+v", third)
	}
}

func namedSuperseded(t *testing.T, ctx context.Context, b Bench) {
	first := publish(t, ctx, b, result("N1", 1))
	other := result("N2", 1)
	other.Supersedes = first.ID
	if next := publish(t, ctx, b, other); next.Lineage != first.ID || next.Version != 2 {
		t.Fatalf("named by result: %+v", next)
	}
	third := result("N3", 1)
	third.Lineage = first.Lineage
	if next := publish(t, ctx, b, third); next.Version != 3 || next.Supersedes != other.ID {
		t.Fatalf("named by lineage: %+v", next)
	}
	for _, wrong := range []approval.Result{{ID: "res_x", Supersedes: "res_none"}, {ID: "res_y", Lineage: "res_none"}} {
		if _, _, err := b.PublishResult(ctx, wrong, "", pushed); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%+v: %v", wrong.ID, err)
		}
	}
}

func noNumberNoLineage(t *testing.T, ctx context.Context, b Bench) {
	for i := range 2 {
		r := result("", i)
		if kept := publish(t, ctx, b, r); kept.Version != 1 || kept.Lineage != r.ID {
			t.Fatalf("without number: %+v", kept)
		}
		r = result("N", i)
		r.ID, r.Project, r.Code = r.ID+"p", "", r.Code+"P"
		if kept := publish(t, ctx, b, r); kept.Version != 1 || kept.Lineage != r.ID {
			t.Fatalf("without project: %+v", kept)
		}
	}
}

// publishersOfOneLineage race by number, which the project's lock decides, and
// by name without a project, which only the lineage's lock can decide.
func publishersOfOneLineage(t *testing.T, ctx context.Context, b Bench) {
	const n = 8
	for number, byName := range map[string]bool{"N1": false, "N2": true} {
		first := publish(t, ctx, b, result(number, 0))
		together(n, func(i int) {
			r := result(number, i+1)
			if byName {
				r.Lineage, r.Project = first.Lineage, ""
			}
			if _, _, err := b.PublishResult(ctx, r, "", pushed); err != nil {
				t.Error(err)
			}
		})
		versions, published := map[int]bool{}, 0
		for _, r := range must(b.ListResults(ctx, storage.ResultQuery{Lineage: first.Lineage}))(t) {
			versions[r.Version] = true
			if r.Status == approval.StatusPublished {
				published++
			}
		}
		if len(versions) != n+1 || published != 1 {
			t.Errorf("%s: %d versions, %d of them published", number, len(versions), published)
		}
	}
}

func revokeOnce(t *testing.T, ctx context.Context, b Bench) {
	r := publish(t, ctx, b, result("N1", 1))
	_ = must(b.Rely(ctx, reliance(r.ID, "HN-S3-01", "case-1"), "2026-05-01"))(t)
	end := storage.ResultEnd{ID: r.ID, By: "acct_unit", Reason: "发证有误"}
	var mu sync.Mutex
	won := 0
	together(4, func(int) {
		ended, err := b.EndResult(ctx, end)
		mu.Lock()
		defer mu.Unlock()
		if err == nil && ended.Status == approval.StatusRevoked && ended.EndReason == end.Reason {
			won++
		} else if !errors.Is(err, storage.ErrConflict) {
			t.Error(ended.Status, err)
		}
	})
	if won != 1 {
		t.Fatalf("revoked %d times", won)
	}
	if flagged := must(b.ReliancesOn(ctx, r.ID))(t); flagged[0].Flag != "revoked" {
		t.Fatalf("reliances %+v", flagged)
	}
	events := typesOf(t, ctx, b)
	if events[approval.EventRevoked] != 1 || events[approval.EventFlagged] != 1 {
		t.Fatalf("events %v", events)
	}
	trail := must(b.AuditTrail(ctx, r.ID, 0, 0))(t)
	if last := trail[len(trail)-1]; last.Action != "result.revoke" || last.Actor != "acct_unit" || last.Detail["reason"] != end.Reason {
		t.Fatalf("audit %+v", last)
	}
	if _, err := b.EndResult(ctx, storage.ResultEnd{ID: "res_none"}); !errors.Is(err, storage.ErrNotFound) {
		t.Fatal(err)
	}
	if next := publish(t, ctx, b, result("N1", 2)); next.Version != 1 || next.Lineage != next.ID {
		t.Fatalf("after a revocation the number starts anew: %+v", next)
	}
}

func pushIdempotent(t *testing.T, ctx context.Context, b Bench) {
	r := result("N1", 1)
	r.ID = ""
	var mu sync.Mutex
	ids, fresh := map[string]bool{}, 0
	together(6, func(int) {
		kept, existed, err := b.PublishResult(ctx, r, "k", pushed)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Error(err)
		}
		ids[kept.ID] = true
		if !existed {
			fresh++
		}
	})
	if len(ids) != 1 || fresh != 1 {
		t.Fatalf("%d results, %d of them new", len(ids), fresh)
	}
	r.Original = document.DigestOf([]byte("other"))
	if _, _, err := b.PublishResult(ctx, r, "k", pushed); !errors.Is(err, storage.ErrConflict) {
		t.Fatalf("key used for other bytes: %v", err)
	}
}

func codesUnique(t *testing.T, ctx context.Context, b Bench) {
	publish(t, ctx, b, result("N1", 1))
	r := result("N2", 1)
	r.Code = result("N1", 1).Code
	if _, _, err := b.PublishResult(ctx, r, "k", pushed); !errors.Is(err, storage.ErrConflict) {
		t.Fatalf("code taken: %v", err)
	}
	if _, err := b.Result(ctx, r.ID); !errors.Is(err, storage.ErrNotFound) {
		t.Fatalf("a refused publication left its mark: %v", err)
	}
	r.Code = "OTHER"
	if _, existed, err := b.PublishResult(ctx, r, "k", pushed); err != nil || existed {
		t.Fatalf("the key of a refused publication: %v %v", existed, err)
	}
}

func listResults(t *testing.T, ctx context.Context, b Bench) {
	var ids []string
	for i := range 5 {
		ids = append([]string{publish(t, ctx, b, result("N1", i)).ID}, ids...)
	}
	other := result("X", 9)
	other.Type, other.Unit, other.Project = "rd-other", "u2", "p2"
	publish(t, ctx, b, other)
	var seen []string
	for before := ""; ; {
		page := must(b.ListResults(ctx, storage.ResultQuery{Number: "N1", Before: before, Limit: 2}))(t)
		for _, r := range page {
			seen = append(seen, r.ID)
		}
		if len(page) < 2 {
			break
		}
		before = page[1].ID
	}
	if d := diff(ids, seen); d != "" {
		t.Fatal(d)
	}
	for name, c := range map[string]struct {
		q    storage.ResultQuery
		want int
	}{
		"all": {storage.ResultQuery{}, 6}, "project": {storage.ResultQuery{Project: "p2"}, 1}, "type": {storage.ResultQuery{Type: "rd-other"}, 1},
		"unit": {storage.ResultQuery{Unit: "u2"}, 1}, "published": {storage.ResultQuery{Status: approval.StatusPublished}, 2},
		"superseded": {storage.ResultQuery{Status: approval.StatusSuperseded, Type: "rd-construction-permit"}, 4},
	} {
		if found := must(b.ListResults(ctx, c.q))(t); len(found) != c.want {
			t.Errorf("%s: %d results, want %d", name, len(found), c.want)
		}
	}
}
