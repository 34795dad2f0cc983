package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"onewindow/approval"
	"onewindow/storage"
)

func relianceTests() []recordsTest {
	return []recordsTest{
		{"RelyRecordsTheVersion", relyRecords},
		{"RelyTwiceIsOnce", relyTwice},
		{"OnlyUsableResults", onlyUsable},
		{"RelyingWhileRevoking", relyingWhileRevoking},
	}
}

func reliance(result, item, number string) approval.Reliance {
	return approval.Reliance{Result: result, Item: item, Material: "project-basis", Case: number, By: "acct_unit"}
}

func relyRecords(t *testing.T, ctx context.Context, b Bench) {
	r := publish(t, ctx, b, result("N1", 1))
	x := must(b.Rely(ctx, reliance(r.ID, "HN-S3-01", "case-1"), "2026-05-01"))(t)
	if x.ID == "" || x.Version != 1 || x.Project != r.Project || x.At.IsZero() || x.Flag != "" {
		t.Fatalf("reliance %+v", x)
	}
	y := must(b.Rely(ctx, reliance(r.ID, "HN-S3-02", "case-1"), "2026-05-01"))(t)
	for name, c := range map[string]struct{ got, want []approval.Reliance }{
		"on":      {must(b.ReliancesOn(ctx, r.ID))(t), []approval.Reliance{x, y}},
		"of item": {must(b.ReliancesOf(ctx, r.Project, "HN-S3-02"))(t), []approval.Reliance{y}},
		"of all":  {must(b.ReliancesOf(ctx, r.Project, ""))(t), []approval.Reliance{x, y}},
		"none":    {must(b.ReliancesOn(ctx, "res_none"))(t), nil},
	} {
		if d := diff(c.want, c.got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if n := typesOf(t, ctx, b)[approval.EventRelied]; n != 2 {
		t.Fatalf("%d events", n)
	}
	if _, err := b.Project(ctx, "none"); !errors.Is(err, storage.ErrNotFound) {
		t.Fatal(err)
	}
}

func relyTwice(t *testing.T, ctx context.Context, b Bench) {
	r := publish(t, ctx, b, result("N1", 1))
	var mu sync.Mutex
	ids := map[string]bool{}
	together(6, func(int) {
		x, err := b.Rely(ctx, reliance(r.ID, "HN-S3-01", "case-1"), "2026-05-01")
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Error(err)
		}
		ids[x.ID] = true
	})
	if len(ids) != 1 || len(must(b.ReliancesOn(ctx, r.ID))(t)) != 1 {
		t.Fatalf("%d reliances", len(ids))
	}
}

func onlyUsable(t *testing.T, ctx context.Context, b Bench) {
	expired, negative, revoked := result("N1", 1), result("N2", 1), result("N3", 1)
	expired.ValidUntil, negative.Positive = "2026-04-30", false
	for _, r := range []approval.Result{expired, negative, revoked} {
		publish(t, ctx, b, r)
	}
	_ = must(b.EndResult(ctx, storage.ResultEnd{ID: revoked.ID, By: "x", Reason: "y"}))(t)
	for _, id := range []string{expired.ID, negative.ID, revoked.ID} {
		if _, err := b.Rely(ctx, reliance(id, "HN-S3-01", ""), "2026-05-01"); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("rely on %s: %v", id, err)
		}
	}
	if _, err := b.Rely(ctx, reliance(expired.ID, "HN-S3-01", ""), "2026-04-30"); err != nil {
		t.Errorf("rely on the last day: %v", err)
	}
	if _, err := b.Rely(ctx, reliance("res_none", "HN-S3-01", ""), "2026-05-01"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("rely on nothing: %v", err)
	}
}

// relyingWhileRevoking: whoever managed to rely before the end is flagged.
func relyingWhileRevoking(t *testing.T, ctx context.Context, b Bench) {
	r := publish(t, ctx, b, result("N1", 1))
	together(9, func(i int) {
		if i == 4 {
			if _, err := b.EndResult(ctx, storage.ResultEnd{ID: r.ID, By: "x", Reason: "y"}); err != nil {
				t.Error(err)
			}
			return
		}
		_, err := b.Rely(ctx, reliance(r.ID, string(rune('A'+i)), ""), "2026-05-01")
		if err != nil && !errors.Is(err, storage.ErrConflict) {
			t.Error(err)
		}
	})
	for _, x := range must(b.ReliancesOn(ctx, r.ID))(t) {
		if x.Flag != "revoked" {
			t.Errorf("%s relied on a revoked result and was not told", x.Item)
		}
	}
}
