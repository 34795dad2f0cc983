package figure_test

import (
	"testing"
	"time"

	"onewindow/internal/bench/figure"
)

func TestMedianAndPercentile(t *testing.T) {
	twenty := make([]int, 20)
	for i := range twenty {
		twenty[i] = 20 - i
	}
	for _, c := range []struct{ got, want int }{
		{figure.Median([]int{9, 1, 5}), 5},
		{figure.Median([]int{9, 1, 5, 7}), 6},
		{figure.Median([]int(nil)), 0},
		{figure.Percentile(twenty, 95), 19},
		{figure.Percentile(twenty, 100), 20},
		{figure.Percentile([]int{7}, 95), 7},
		{figure.Percentile([]int(nil), 95), 0},
	} {
		if c.got != c.want {
			t.Errorf("got %d, want %d", c.got, c.want)
		}
	}
	if got := figure.PerMinute(30, 20*time.Second); got != 90 {
		t.Errorf("30 in 20 s are %v a minute", got)
	}
}
