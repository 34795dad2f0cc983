package ppocr

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

const (
	angleWidth   = 192 // columns the angle classifier sees: about four characters
	angleVoters  = 12  // lines asked whether they stand on their head
	sureAngle    = 0.7 // from this agreement on the classifier is believed alone
	readVoters   = 5   // lines read both ways when it is not
	leastMargin  = 0.3 // below this a page is not turned
	voterAspect  = 2.0 // a box this much longer than high shows its direction
	readingChars = 8   // length of the piece of line that is read both ways
)

// angler tells whether a line stands on its head.
type angler struct {
	network *network
	crop    plane
	input   []float32
}

func openAngler(threads int) (*angler, error) {
	n, err := openNetwork(angle, threads)
	if err != nil {
		return nil, err
	}
	return &angler{network: n, input: make([]float32, 3*lineHeight*angleWidth)}, nil
}

// overturned is the probability that the text in q stands on its head. It looks
// at the middle of long lines, as squeezing them would deform the characters.
func (a *angler) overturned(p *plane, q quad) (float64, error) {
	share := min(1, angleWidth/lineHeight*q.height()/q.length())
	q = q.part(0.5-share/2, 0.5+share/2)
	p.cropInto(&a.crop, q, min(cropWidth(q), angleWidth))
	a.crop.normalise(a.input, angleWidth)
	out, err := a.network.run(a.input, lineHeight, angleWidth, 1, 2)
	if err != nil {
		return 0, fmt.Errorf("classify angle: %w", err)
	}
	return float64(out[1]), nil
}

// turn returns the clockwise turn that makes p upright and the margin 0..1 by
// which it won, judged by the boxes found on p.
func (e *Engine) turn(ctx context.Context, p *plane, boxes []quad) (int, float64, error) {
	along, across := directions(boxes)
	if len(along)+len(across) == 0 {
		return 0, 0, nil
	}
	voters, base := along, 0
	a, b := totalLength(along), totalLength(across)
	if b > a {
		voters, base = across, 90
	}
	clarity := math.Abs(a-b) / (a + b)
	slices.SortFunc(voters, func(a, b quad) int { return cmp.Compare(b.length(), a.length()) })
	standing, err := e.standing(ctx, p, voters)
	if err != nil {
		return 0, 0, err
	}
	if standing < 0 {
		base += 180
	}
	return base, min(clarity, math.Abs(standing)), nil
}

// directions sorts the boxes that are clearly longer than high by the direction
// of their long side; those across the page are turned to be read upwards, as
// on a page that lacks a clockwise turn of 90 degrees.
func directions(boxes []quad) (along, across []quad) {
	for _, q := range boxes {
		switch ratio := q.length() / q.height(); {
		case ratio >= voterAspect:
			along = append(along, q)
		case ratio <= 1/voterAspect:
			across = append(across, q.turned(270))
		}
	}
	return along, across
}

func totalLength(boxes []quad) float64 {
	var sum float64
	for _, q := range boxes {
		sum += q.length()
	}
	return sum
}

// standing returns how surely the lines stand upright: 1 all do, -1 all stand on
// their head. Longer lines come first in voters.
func (e *Engine) standing(ctx context.Context, p *plane, voters []quad) (float64, error) {
	var sum float64
	n := min(len(voters), angleVoters)
	for _, q := range voters[:n] {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		overturned, err := e.angler.overturned(p, q)
		if err != nil {
			return 0, err
		}
		sum += 1 - 2*overturned
	}
	if s := sum / float64(n); math.Abs(s) >= sureAngle {
		return s, nil
	}
	return e.readBothWays(ctx, p, voters)
}

// readBothWays compares how confidently pieces of the lines are read upright and
// on their head.
func (e *Engine) readBothWays(ctx context.Context, p *plane, voters []quad) (float64, error) {
	var sum, weight float64
	for _, q := range voters[:min(len(voters), readVoters)] {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		q = q.part(0, min(1, readingChars*q.height()/q.length()))
		up, err := e.recognizer.read(p, q)
		if err != nil {
			return 0, err
		}
		down, err := e.recognizer.read(p, q.turned(180))
		if err != nil {
			return 0, err
		}
		sum += up.confidence - down.confidence
		weight += max(up.confidence, down.confidence)
	}
	if weight == 0 {
		return 0, nil
	}
	return sum / weight, nil
}
