package ink

import (
	"image"
	"slices"
)

// Grade is how well a picture shows its print.
type Grade struct {
	Blur     float64 // width in pixels of the edge between print and paper; 0 without print
	Contrast float64 // of print and paper, 0..1
	Dark     float64 // share of the picture that is clearly darker than its paper
}

const (
	gradeRows   = 400 // rows looked at, spread over the page
	leastRamp   = 24  // a smaller change of shade is grain
	strongRamp  = 0.6 // edges at least this strong, against paper and print, show the blur
	fewRamps    = 60  // edges, below which nothing can be said
	darkerBy    = 60
	gradePapers = 0.6  // paper is the shade below which this share of the pixels lies
	gradePrint  = 0.01 // and print the shade below which this share does
)

// ramp is a stretch of a row that darkens from pixel to pixel.
type ramp struct{ drop, width float64 }

// Measure grades a picture by a sample of its rows. An edge's width is its whole
// change of shade over the largest from one pixel to the next: 1 to 2 as printed,
// 2.5 times the standard deviation of the blur of a blurred one.
func Measure(img image.Image) Grade {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w < 8 || h < 8 {
		return Grade{}
	}
	read := rowsOf(img)
	row, over := make([]byte, w), make([]byte, w)
	var ramps []ramp
	var counts [256]int
	total := 0
	for i := range min(gradeRows, h) {
		read((2*i+1)*h/(2*min(gradeRows, h)), row, over)
		for _, v := range row {
			counts[v]++
		}
		total += w
		ramps = appendRamps(ramps, row)
	}
	paper, print := percentile(counts, int(gradePapers*float64(total))), percentile(counts, int(gradePrint*float64(total)))
	dark := 0
	for v := 0; v < paper-darkerBy; v++ {
		dark += counts[v]
	}
	g := Grade{Dark: float64(dark) / float64(total), Contrast: float64(max(paper-print, 0)) / 255}
	var widths []float64
	for _, r := range ramps {
		if r.drop >= strongRamp*float64(paper-print) {
			widths = append(widths, r.width)
		}
	}
	if len(widths) < fewRamps {
		return g
	}
	slices.Sort(widths)
	g.Blur = widths[len(widths)/2]
	return g
}

// rowsOf reads any picture, grey ones too.
func rowsOf(img image.Image) rows {
	if gray, ok := img.(*image.Gray); ok {
		return func(y int, red, _ []byte) bool {
			copy(red, gray.Pix[y*gray.Stride:])
			return false
		}
	}
	return openRows(img)
}

func appendRamps(out []ramp, row []byte) []ramp {
	for x := 1; x < len(row); x++ {
		if row[x] >= row[x-1] {
			continue
		}
		from, step := row[x-1], byte(0)
		for ; x < len(row) && row[x] < row[x-1]; x++ {
			step = max(step, row[x-1]-row[x])
		}
		if drop := from - row[x-1]; drop >= leastRamp {
			out = append(out, ramp{float64(drop), float64(drop) / float64(step)})
		}
	}
	return out
}
