package sample

import (
	"hash/fnv"
	"math/rand/v2"
)

// dice is a source of chance that follows from a seed and a purpose, so that a
// new roll in one place does not change what is rolled in another.
type dice struct{ *rand.Rand }

func newDice(seed uint64, purpose string) dice {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }
