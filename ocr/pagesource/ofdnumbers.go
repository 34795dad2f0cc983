package pagesource

import (
	"math"
	"strconv"
	"strings"
)

// number reads an OFD number, or otherwise.
func number(s string, otherwise float64) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > 1e7 {
		return otherwise
	}
	return v
}

// numbers reads a list of numbers; bad ones are zero.
func numbers(s string) []float64 {
	fields := strings.Fields(s)
	out := make([]float64, 0, len(fields))
	for _, f := range fields {
		out = append(out, number(f, 0))
	}
	return out
}

// box is a rectangle as OFD writes it: left, top, width, height, in millimetres.
type ofdBox struct{ x, y, w, h float64 }

func parseBox(s string) (ofdBox, bool) {
	v := numbers(s)
	if len(v) < 4 {
		return ofdBox{}, false
	}
	return ofdBox{v[0], v[1], v[2], v[3]}, true
}

// parseCTM reads a transformation; ok is false when there is none.
func parseCTM(s string) (matrix, bool) {
	v := numbers(s)
	if len(v) < 6 {
		return matrix{1, 0, 0, 1, 0, 0}, false
	}
	return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}, true
}

// deltas reads the distances between characters (11.3): numbers, or "g n v" for
// n times v. At most limit of them.
func deltas(s string, limit int) []float64 {
	fields := strings.Fields(s)
	var out []float64
	for i := 0; i < len(fields) && len(out) < limit; i++ {
		if fields[i] != "g" {
			out = append(out, number(fields[i], 0))
			continue
		}
		if i+2 >= len(fields) {
			break
		}
		n, v := int(number(fields[i+1], 0)), number(fields[i+2], 0)
		for range min(max(n, 0), limit-len(out)) {
			out = append(out, v)
		}
		i += 2
	}
	return out
}

// flag reads a boolean, or otherwise.
func flag(s string, otherwise bool) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return otherwise
}
