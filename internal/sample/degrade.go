package sample

import (
	"image"
	"math"

	"onewindow/document"
)

// Damage is one thing that happens to a page between printer and file.
type Damage string

// The kinds of damage. Strength runs from 0 (none) to 1 (as bad as a counter
// still accepts).
const (
	Skew        Damage = "skew"        // turned up to 4 degrees, either way
	Turn90      Damage = "turn90"      // fed sideways; strength does not matter
	Turn180     Damage = "turn180"     // fed upside down
	Turn270     Damage = "turn270"     // fed sideways
	Noise       Damage = "noise"       // sensor grain and specks
	Blur        Damage = "blur"        // out of focus, up to 2.4 px at 300 dpi
	Uneven      Damage = "uneven"      // light falls off, a shadow lies over a part
	LowDPI      Damage = "low-dpi"     // sampled at 300…100 dpi and enlarged again
	Fax         Damage = "fax"         // two colours, ragged edges
	Faint       Damage = "faint"       // toner runs out
	JPEGBlocks  Damage = "jpeg"        // saved too small
	SealOver    Damage = "seal"        // a seal over the text
	Background  Damage = "background"  // tinted, patterned security paper
	Perspective Damage = "perspective" // photographed from an angle on a desk
	Fold        Damage = "fold"        // creases of a folded sheet
)

// Damages are all kinds in the order above.
func Damages() []Damage {
	return []Damage{Skew, Turn90, Turn180, Turn270, Noise, Blur, Uneven, LowDPI, Fax, Faint, JPEGBlocks, SealOver, Background, Perspective, Fold}
}

// Degradation is a kind of damage with its strength, 0…1.
type Degradation struct {
	Kind     Damage
	Strength float64
}

// Degrade returns a damaged copy. The same seed does the same damage. Turns by
// 90 and 270 degrees swap the sides, perspective keeps the size.
func Degrade(img *image.RGBA, kind Damage, strength float64, seed uint64) *image.RGBA {
	strength = min(max(strength, 0), 1)
	d := newDice(seed, string(kind))
	switch kind {
	case Turn90:
		return turned(img, 90)
	case Turn180:
		return turned(img, 180)
	case Turn270:
		return turned(img, 270)
	}
	if strength == 0 {
		return img
	}
	if h, ok := warp(kind, strength, img.Bounds().Size(), seed); ok {
		desk := Paper
		if kind == Perspective {
			desk = Ink{R: 92, G: 74, B: 58, A: 255}
		}
		return project(img, h, desk)
	}
	switch kind {
	case Noise:
		return noise(img, strength, d)
	case Blur:
		return blurred(img, 2.4*strength)
	case Uneven:
		return uneven(img, strength, d)
	case LowDPI:
		return resampled(img, 300-200*strength)
	case Fax:
		return fax(img, strength, d)
	case Faint:
		return faint(img, strength, d)
	case JPEGBlocks:
		return rejpeg(img, int(60-54*strength))
	case SealOver:
		return sealed(img, strength, d)
	case Background:
		return patterned(img, strength, d)
	case Fold:
		return folded(img, strength, d)
	}
	return img
}

// MovedLines returns where the lines of a page of the given size stand after
// the damage. Kinds that move nothing return the boxes as they were.
func MovedLines(lines []document.Line, size image.Point, kind Damage, strength float64, seed uint64) []document.Line {
	h, ok := warp(kind, min(max(strength, 0), 1), size, seed)
	if !ok {
		return lines
	}
	out := make([]document.Line, len(lines))
	for i, l := range lines {
		l.Box = h.box(l.Box)
		out[i] = l
	}
	return out
}

// warp is the map from places on the page to places on the damaged image, for
// the kinds that move things.
func warp(kind Damage, strength float64, size image.Point, seed uint64) (homography, bool) {
	w, h := float64(size.X), float64(size.Y)
	d := newDice(seed, string(kind)+" warp")
	switch kind {
	case Turn90:
		return homography{0, -1, h, 1, 0, 0, 0, 0}, true
	case Turn180:
		return homography{-1, 0, w, 0, -1, h, 0, 0}, true
	case Turn270:
		return homography{0, 1, 0, -1, 0, w, 0, 0}, true
	case Skew:
		a := 4 * math.Pi / 180 * strength * (0.7 + 0.3*d.Float64())
		if d.chance(0.5) {
			a = -a
		}
		s, c := math.Sincos(a)
		cx, cy := w/2, h/2
		return homography{c, -s, cx - c*cx + s*cy, s, c, cy - s*cx - c*cy, 0, 0}, true
	case Perspective:
		jitter := func() float64 { return strength * (0.02 + 0.08*d.Float64()) }
		return quad([4]point{
			{w * jitter(), h * jitter()},
			{w * (1 - jitter()), h * jitter()},
			{w * (1 - jitter()), h * (1 - jitter())},
			{w * jitter(), h * (1 - jitter())},
		}, w, h), true
	}
	return homography{}, false
}
