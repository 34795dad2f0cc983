package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"onewindow/storage"
)

func usageTests() []recordsTest {
	return []recordsTest{
		{"SpendUntilTheDayIsUsedUp", spendUsage},
		{"SpendConcurrently", spendConcurrently},
	}
}

func spendUsage(t *testing.T, ctx context.Context, b Bench) {
	const day = "2026-11-27"
	token := storage.Spending{Subject: "token:tok_a", Documents: 1, Bytes: 60, MostDocuments: 3, MostBytes: 150}
	unit := storage.Spending{Subject: "unit:housing", Documents: 1, Bytes: 60, MostDocuments: 2}
	ok(t, b.Spend(ctx, day, token, unit))
	ok(t, b.Spend(ctx, day, token, unit))
	var e *storage.Exceeded
	if err := b.Spend(ctx, day, token); !errors.As(err, &e) || e.Subject != token.Subject { // bytes
		t.Errorf("third time: %v", err)
	}
	small := token
	small.Bytes = 1
	if err := b.Spend(ctx, day, small, unit); !errors.As(err, &e) || e.Subject != unit.Subject { // and nothing of the token's
		t.Errorf("unit: %v", err)
	}
	want := []storage.Usage{{Subject: "token:tok_a", Documents: 2, Bytes: 120}, {Subject: "unit:housing", Documents: 2, Bytes: 120}}
	if d := diff(want, must(b.UsageOf(ctx, day, 0))(t)); d != "" {
		t.Fatal(d)
	}
	back := token
	back.Documents, back.Bytes = -1, -60
	ok(t, b.Spend(ctx, day, back))
	ok(t, b.Spend(ctx, day, token))
	ok(t, b.Spend(ctx, "2026-11-28", token, unit)) // another day
	if n := len(must(b.UsageOf(ctx, "2026-11-29", 0))(t)); n != 0 {
		t.Errorf("%d senders on a day without any", n)
	}
	ok(t, b.Spend(ctx, day))
}

func spendConcurrently(t *testing.T, ctx context.Context, b Bench) {
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			err := b.Spend(ctx, "2026-11-27", storage.Spending{Subject: "token:a", Documents: 1, MostDocuments: 5}, storage.Spending{Subject: "unit:b", Documents: 1})
			var e *storage.Exceeded
			if err != nil && !errors.As(err, &e) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, u := range must(b.UsageOf(ctx, "2026-11-27", 0))(t) {
		if u.Documents != 5 {
			t.Errorf("counted %+v", u)
		}
	}
}
