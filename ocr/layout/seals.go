package layout

import (
	"image"

	"onewindow/document"
	"onewindow/ocr/ink"
)

// Seals returns the seals found on a picture of the given size as the upright
// page has them, which is the picture turned clockwise.
func Seals(found []ink.Seal, size image.Point, turn int) []document.Seal {
	var out []document.Seal
	for _, s := range found {
		s = s.Turned(size, turn)
		r := s.Frame
		out = append(out, document.Seal{
			Box:      document.Box{float64(r.Min.X), float64(r.Min.Y), float64(r.Max.X), float64(r.Max.Y)},
			Coverage: s.Coverage,
		})
	}
	return out
}
