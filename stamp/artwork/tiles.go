package artwork

import (
	"fmt"
	"math"

	"onewindow/stamp/lettering"
)

const (
	clearance = 0.8  // em between the middle of the words and a stripe
	middle    = 0.38 // em from the baseline to the middle of Chinese characters
	apart     = 3.0  // em between the end of one text and the next
	mostTiles = 3000 // on one page; huge plans get wider spacing
)

type tileWords struct {
	content []byte
	width   float64 // points
}

// TileWords draws the text of a tile from the origin to the right, in the colour
// that is set. Box is left, bottom, right, top.
func (a *Artwork) TileWords() (content []byte, box [4]float64) {
	em := a.tpl.Tiles.HeightMM * MM
	return a.tiles.content, [4]float64{0, -em, a.tiles.width, em}
}

func (a *Artwork) layTile() (tileWords, error) {
	text := a.tpl.TileText(a.mark, a.pages)
	em := a.tpl.Tiles.HeightMM * MM
	width, err := a.font.Width(text)
	if err != nil {
		return tileWords{}, err
	}
	content := scaled(nil, 0, -middle*em, em/lettering.Grid)
	if content, err = a.font.AppendPath(content, text, 0); err != nil {
		return tileWords{}, err
	}
	return tileWords{append(content, "f\nQ\n"...), width * em}, nil
}

// Tiles draws rows of words and stripes over a page of width × height points. It
// needs the resources States and TileWords.
func (a *Artwork) Tiles(width, height float64) ([]byte, error) {
	t := a.tpl.Tiles
	em := t.HeightMM * MM
	row, pitch := t.RowMM*MM, max(t.ColumnMM*MM, a.tiles.width+apart*em)
	if n := width * height / (row * pitch); n > mostTiles {
		row, pitch = row*math.Sqrt(n/mostTiles), pitch*math.Sqrt(n/mostTiles)
	}
	sin, cos := math.Sincos(-t.AngleDeg * math.Pi / 180)
	reach := math.Hypot(width, height) / 2
	rows := int(math.Ceil(reach/row)) + 1

	dst := operator([]byte("q\n"), "re", 0, 0, width, height)
	dst = append(dst, "W n\n"...)
	dst = fmt.Appendf(dst, "%.6f %.6f %.6f %.6f %s %s cm\n", cos, sin, -sin, cos, Number(width/2), Number(height/2))
	rgb, err := t.RGB()
	if err != nil {
		return nil, err
	}
	dst = operator(dst, "rg", float64(rgb[0])/255, float64(rgb[1])/255, float64(rgb[2])/255)
	dst = append(dst, "/"+stateLines+" gs\n"...)
	for j := -rows; j <= rows && t.StripeMM > 0; j++ {
		y, stripe := float64(j)*row, t.StripeMM*MM
		dst = operator(dst, "re", -reach, y+clearance*em, 2*reach, stripe)
		dst = operator(dst, "re", -reach, y-clearance*em-stripe, 2*reach, stripe)
	}
	dst = append(dst, "f\n/"+stateWords+" gs\n"...)
	columns := int(math.Ceil(reach/pitch)) + 1
	for j := -rows; j <= rows; j++ {
		for i := -columns; i <= columns; i++ {
			// Every other row is moved by half, like bricks.
			x, y := (float64(i)+float64(j&1)/2)*pitch-a.tiles.width/2, float64(j)*row
			if touches(x, y, a.tiles.width, em, cos, sin, width, height) {
				dst = fmt.Appendf(dst, "q 1 0 0 1 %s %s cm /%s Do Q\n", Number(x), Number(y), TileWords)
			}
		}
	}
	return append(dst, "Q\n"...), nil
}

// touches reports whether a tile at x, y of the turned grid is on the page.
func touches(x, y, length, em, cos, sin, width, height float64) bool {
	left, right, low, high := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range [4][2]float64{{x, y - em}, {x + length, y - em}, {x, y + em}, {x + length, y + em}} {
		px, py := p[0]*cos-p[1]*sin+width/2, p[0]*sin+p[1]*cos+height/2
		left, right, low, high = min(left, px), max(right, px), min(low, py), max(high, py)
	}
	return right > 0 && left < width && high > 0 && low < height
}
