// Package figure makes a few numbers out of many.
package figure

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Number is what can be sorted and halved.
type Number interface {
	~int | ~int64 | ~float64
}

// Median returns the middle value, 0 of nothing.
func Median[T Number](values []T) T {
	if len(values) == 0 {
		return 0
	}
	s := sorted(values)
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// Percentile returns the value that p percent do not exceed (nearest rank), 0 of
// nothing.
func Percentile[T Number](values []T, p float64) T {
	if len(values) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(values))))
	return sorted(values)[min(max(rank, 1), len(values))-1]
}

// PerMinute is how often something happens in a minute that happened n times in d.
func PerMinute(n int, d time.Duration) float64 { return float64(n) / d.Minutes() }

func sorted[T cmp.Ordered](values []T) []T {
	s := slices.Clone(values)
	slices.Sort(s)
	return s
}
