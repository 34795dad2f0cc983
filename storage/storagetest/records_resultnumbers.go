package storagetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
)

func resultNumberTests() []recordsTest {
	return []recordsTest{{"HaveNoGapsAndStayWithTheirItem", resultNumbers}}
}

func resultNumbers(t *testing.T, ctx context.Context, b Bench) {
	const series = "建字第4301002026{n:5}号"
	var crowd sync.WaitGroup
	var mu sync.Mutex
	got := map[string][]int64{}
	for i := range 6 {
		for range 2 { // each item asks twice at once
			crowd.Go(func() {
				item := fmt.Sprintf("ci_%d", i)
				in, n, err := b.TakeResultNumber(ctx, item, "rd-engineering-permit", series)
				if err != nil || in != series {
					t.Errorf("%s: %s %d (%v)", item, in, n, err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				got[item] = append(got[item], n)
			})
		}
	}
	crowd.Wait()
	var all []int64
	for item, list := range got {
		if len(list) != 2 || list[0] != list[1] {
			t.Errorf("%s got %v, want one number twice", item, list)
		}
		all = append(all, list[0])
	}
	slices.Sort(all)
	if !slices.Equal(all, []int64{1, 2, 3, 4, 5, 6}) {
		t.Errorf("numbers %v", all)
	}
	in, n, err := b.TakeResultNumber(ctx, "ci_3", "rd-engineering-permit", "建字第4301002027{n:5}号")
	if err != nil || in != series || n != got["ci_3"][0] {
		t.Errorf("a year later the item has %s %d (%v), want its old number", in, n, err)
	}
	if _, n, err := b.TakeResultNumber(ctx, "ci_3", "rd-planning-verify", "核字第4301002026{n:5}号"); err != nil || n != 1 {
		t.Errorf("another series begins at %d (%v)", n, err)
	}
}
