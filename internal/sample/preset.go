package sample

import (
	"image"

	"onewindow/document"
)

// Preset is a way papers reach the window, for evaluations that want names
// instead of numbers.
type Preset struct {
	Name    string
	Options ScanOptions
}

// Presets are the ways met in practice, from best to worst.
func Presets() []Preset {
	return []Preset{
		{"clean-300", ScanOptions{DPI: 300}},
		{"feeder-300", ScanOptions{DPI: 300, Damage: []Degradation{{Skew, 0.25}, {Noise, 0.15}}}},
		{"feeder-200-gray", ScanOptions{DPI: 200, Gray: true, Damage: []Degradation{{Skew, 0.3}, {Noise, 0.2}}, Quality: 70}},
		{"bilevel-300", ScanOptions{DPI: 300, Codec: G4}},
		{"security-paper", ScanOptions{DPI: 300, Damage: []Degradation{{Background, 1}, {SealOver, 1}}}},
		{"old-copy", ScanOptions{DPI: 300, Damage: []Degradation{{Faint, 0.8}, {Fold, 0.8}, {Noise, 0.6}, {Skew, 0.6}}}},
		{"document-camera", ScanOptions{DPI: 200, Damage: []Degradation{{Uneven, 0.8}, {Blur, 0.5}, {JPEGBlocks, 0.7}}}},
		{"sideways", ScanOptions{DPI: 300, Damage: []Degradation{{Turn90, 1}, {Noise, 0.15}}}},
		{"upside-down", ScanOptions{DPI: 300, Damage: []Degradation{{Turn180, 1}, {Noise, 0.15}}}},
		{"phone", ScanOptions{DPI: 200, Damage: []Degradation{{Perspective, 0.9}, {Uneven, 0.9}, {Blur, 0.5}, {Noise, 0.3}, {JPEGBlocks, 0.8}}}},
		{"low-150", ScanOptions{DPI: 150, Damage: []Degradation{{Noise, 0.2}}, Quality: 60}},
		{"low-120", ScanOptions{DPI: 120, Damage: []Degradation{{Noise, 0.3}, {Skew, 0.4}}, Quality: 50}},
		{"low-96", ScanOptions{DPI: 96, Damage: []Degradation{{Noise, 0.3}}, Quality: 40}},
		{"worst-120", ScanOptions{DPI: 120, Damage: []Degradation{{SealOver, 1}, {Uneven, 0.8}, {Faint, 0.4}, {Noise, 0.2}}, Quality: 60}},
		{"fax", ScanOptions{DPI: 300, Codec: G4, Damage: []Degradation{{Fax, 0.8}, {Skew, 0.5}}}},
	}
}

// LinesAfter returns where the lines of a page stand in the image that Shots
// makes of it with the same options. number counts pages from 1.
func (o ScanOptions) LinesAfter(p Page, number int) []document.Line {
	o = o.filled()
	lines := p.Lines(o.DPI)
	w, h := p.Pixels(o.DPI)
	size := image.Pt(w, h)
	for _, g := range o.Damage {
		lines = MovedLines(lines, size, g.Kind, g.Strength, o.Seed+uint64(number-1))
		if g.Kind == Turn90 || g.Kind == Turn270 {
			size.X, size.Y = size.Y, size.X
		}
	}
	return lines
}
