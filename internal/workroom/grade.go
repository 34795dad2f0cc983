package workroom

import (
	"image"
	"math"
	"slices"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/ocr/ink"
)

// Codes among document.Page.Warnings.
const (
	// warningLowResolution marks a page too coarse to be relied on: scan again.
	warningLowResolution = "low_resolution"
	// warningCoarse marks a page below the resolution asked for.
	warningCoarse = "coarse"
	warningBlur   = "blurred"
	warningPale   = "low_contrast"
	warningEdges  = "clipped"
	// warningNoText marks a page that shows something, but no text.
	warningNoText = "no_text"
)

const (
	wantedDPI   = 200
	leastDPI    = 150
	sharpEdge   = 3.0  // pixels; wider edges take away from the resolution
	blurredEdge = 5.0  // pixels
	palePrint   = 0.18 // contrast
	blankDark   = 0.02 // share of a page without text above which it is not blank

	paperShort  = 210 / 25.4 // inches: A4, when the file does not say how large the paper is
	paperAspect = 1.414
	aspectSlack = 0.12
	largestA2   = 420 / 25.4 // inches: a page larger than A2 on its short side is most likely a statement without meaning
	screenDPI   = 96.5       // and so is a resolution of screens
)

// grade measures the picture a page was read from and warns of what makes it
// hard to read.
func grade(page *document.Page, img image.Image, content ocr.PageContent) {
	g := ink.Measure(img)
	scan := document.Scan{DPI: paperDPI(img.Bounds().Size(), content.DPI), Blur: round2(g.Blur), Contrast: round2(g.Contrast)}
	if g.Blur > sharpEdge {
		scan.DPI *= sharpEdge / g.Blur
	}
	scan.DPI = math.Round(scan.DPI)
	if page.Blank {
		if g.Dark > blankDark {
			page.Blank = false
			page.Warnings = append(page.Warnings, warningNoText)
		}
		page.Scan = &scan
		return
	}
	scan.Clipped = clipped(*page)
	page.Scan = &scan
	page.Warnings = append(page.Warnings, warnings(scan, smallPrint(*page))...)
}

// warnings are the codes for a page with text.
func warnings(s document.Scan, small bool) []string {
	var out []string
	switch {
	case s.DPI > 0 && s.DPI < leastDPI, small:
		out = append(out, warningLowResolution)
	case s.DPI > 0 && s.DPI < wantedDPI:
		out = append(out, warningCoarse)
	}
	if s.Blur > blurredEdge {
		out = append(out, warningBlur)
	}
	if s.Contrast < palePrint {
		out = append(out, warningPale)
	}
	if len(s.Clipped) > 0 {
		out = append(out, warningEdges)
	}
	return out
}

// paperDPI is the resolution of a picture of a page: the stated one where it is
// credible, else that of a sheet of A4 of this shape, else 0.
func paperDPI(size image.Point, stated float64) float64 {
	short, long := float64(min(size.X, size.Y)), float64(max(size.X, size.Y))
	if short == 0 {
		return 0
	}
	if stated > screenDPI && short/stated <= largestA2 {
		return stated
	}
	if math.Abs(long/short/paperAspect-1) <= aspectSlack {
		return short / paperShort
	}
	return 0
}

// leastLineHeight is the height in pixels of a line below which engines start
// to guess: 12 pt print at 100 dpi.
const leastLineHeight = 16

// smallPrint reports a page whose typical line is too low to be read well,
// whatever its resolution.
func smallPrint(p document.Page) bool {
	if len(p.Lines) == 0 {
		return false
	}
	heights := make([]float64, len(p.Lines))
	for i, l := range p.Lines {
		heights[i] = min(l.Box.Width(), l.Box.Height())
	}
	slices.Sort(heights)
	return heights[len(heights)/2] < leastLineHeight
}

const (
	edgePixels = 2 // a line this near to the edge runs off it
	edgeLines  = 2 // so many lines must, on one side; a speck may look like one
	sureLine   = 0.6
)

// clipped returns the edges where lines run off the page.
func clipped(p document.Page) []string {
	counts := map[string]int{}
	for _, l := range p.Lines {
		if l.Confidence < sureLine || len([]rune(l.Text)) < 2 {
			continue
		}
		if l.Box[0] <= edgePixels {
			counts["left"]++
		}
		if l.Box[2] >= float64(p.Width-edgePixels) {
			counts["right"]++
		}
		// One line is all that can stand on the upper or lower edge.
		if l.Box[1] <= edgePixels {
			counts["top"] += edgeLines
		}
		if l.Box[3] >= float64(p.Height-edgePixels) {
			counts["bottom"] += edgeLines
		}
	}
	var out []string
	for _, side := range []string{"left", "right", "top", "bottom"} {
		if counts[side] >= edgeLines {
			out = append(out, side)
		}
	}
	return out
}

func round2(f float64) float64 { return math.Round(100*f) / 100 }
