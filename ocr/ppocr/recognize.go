package ppocr

import (
	"fmt"
	"math"
	"strings"

	"onewindow/document"
	"onewindow/ocr/shapes"
)

const (
	timeStep  = 8  // columns of the crop behind one output of the recognizer
	widthStep = 32 // crops are padded to a multiple, for fewer shapes in the runtime
	// stretch widens lines for the recognizer. Measured on synthetic permits: a
	// fifth more takes an eighth of the errors away and costs a seventh more time.
	stretch     = 1.2
	sureReading = 0.9 // a column read so well is not tried on its side
	leastWidth  = 192 // short crops are padded to this, as in training
	widestGap   = 16  // columns kept of the blank between pieces of a line
)

// reading is what the recognizer made of one crop.
type reading struct {
	text       string
	confidence float64 // mean probability of the characters, 0 without any
	doubts     []document.Doubt
}

// recognizer reads one line at a time.
type recognizer struct {
	network     *network
	characters  []string    // by class
	shapes      *shapes.Set // of characters the network does not know
	networkOnly bool        // for measuring: no second look at characters
	crop        plane
	column      plane
	long        plane
	input       []float32
	found       []character
}

func openRecognizer(threads int) (*recognizer, error) {
	characters, err := openDictionary()
	if err != nil {
		return nil, err
	}
	n, err := openNetwork(recognition, threads)
	if err != nil {
		return nil, err
	}
	set, err := openShapes(characters)
	if err != nil {
		return nil, err
	}
	return &recognizer{network: n, characters: characters, shapes: set, input: make([]float32, 3*lineHeight*widestLine)}, nil
}

// cropWidth is the width of the crop of q at the networks' height.
func cropWidth(q quad) int {
	return max(int(math.Round(q.length()*lineHeight/max(q.height(), 1))), 8)
}

// lineWidth is the width of the crop of a line for the recognizer.
func lineWidth(q quad) int { return int(stretch * float64(cropWidth(q))) }

// read recognizes the text in q, which must not be wider than widestLine.
func (r *recognizer) read(p *plane, q quad) (reading, error) {
	p.cropInto(&r.crop, q, min(lineWidth(q), widestLine))
	return r.readCrop()
}

// readLine recognizes a line. Wide gaps between its pieces are left out of the
// crop: there the recognizer would invent characters.
func (r *recognizer) readLine(p *plane, l line) (reading, error) {
	switch {
	case l.column:
		return r.readColumn(p, l.pieces)
	case isTall(l.quad):
		return r.readTall(p, l.quad)
	}
	w := min(lineWidth(l.quad), widestCrop)
	p.cropInto(&r.crop, l.quad, w)
	u := l.u.scale(1 / (2 * l.u.norm() * l.u.norm())) // d.dot(u)+0.5 is the place of d as a fraction of the line
	for i := len(l.pieces) - 1; i > 0; i-- {
		a, b := l.pieces[i-1], l.pieces[i]
		end := a.c.minus(l.c).dot(u) + 0.5 + a.length()/l.length()/2
		start := b.c.minus(l.c).dot(u) + 0.5 - b.length()/l.length()/2
		r.crop.squeeze(int(end*float64(w)), int(start*float64(w)), widestGap)
	}
	r.crop.clearBlanks()
	if r.crop.W > widestLine {
		return r.readLong()
	}
	return r.readCrop()
}

// readTall recognizes a tall box as a column and as text on its side, either way
// up, and takes what reads best.
func (r *recognizer) readTall(p *plane, q quad) (reading, error) {
	best, err := r.readColumn(p, p.characters(q))
	if err != nil || best.confidence >= sureReading {
		return best, err
	}
	for _, degrees := range []int{90, 270} {
		side, err := r.read(p, q.turned(degrees))
		if err != nil {
			return reading{}, err
		}
		if side.confidence > best.confidence {
			best = side
		}
	}
	return best, nil
}

// readCrop recognizes the text in r.crop.
func (r *recognizer) readCrop() (reading, error) {
	w := max((r.crop.W+widthStep-1)/widthStep*widthStep, leastWidth)
	r.crop.normalise(r.input, w)
	steps, classes := w/timeStep, len(r.characters)
	out, err := r.network.run(r.input, lineHeight, w, 1, int64(steps), int64(classes))
	if err != nil {
		return reading{}, fmt.Errorf("recognize line: %w", err)
	}
	return r.reading(r.lookAgain(r.decode(out, classes))), nil
}

// character is one character as the network gave it.
type character struct {
	class  int
	others []int // the next likeliest classes, of one that is not sure
	shape  rune  // what it is by its shape, where the network does not know it
	p      float32
	step   int // of the crop, where it was seen first
}

// decode takes the likeliest class of each step, merges repeats and drops blanks.
func (r *recognizer) decode(out []float32, classes int) []character {
	r.found = r.found[:0]
	last := 0
	for step := 0; len(out) >= classes; step++ {
		class, p := likeliest(out[:classes])
		if class != 0 && class != last {
			c := character{class: class, p: p, step: step}
			if p < sureCharacter {
				c.others = nextLikeliest(out[:classes], class)
			}
			r.found = append(r.found, c)
		}
		last = class
		out = out[classes:]
	}
	return r.found
}

// reading puts characters together and notes the doubtful ones.
func (r *recognizer) reading(found []character) reading {
	if len(found) == 0 {
		return reading{}
	}
	var text strings.Builder
	var sum float64
	for _, c := range found {
		text.WriteString(r.text(c))
		sum += float64(c.p)
	}
	return reading{text.String(), sum / float64(len(found)), r.doubts(found)}
}

// likeliest returns the class of highest probability. Probabilities add up to
// one, so the search ends at the first above a half: mostly the blank.
func likeliest(p []float32) (int, float32) {
	class := 0
	for i, v := range p {
		if v > 0.5 {
			return i, v
		}
		if v > p[class] {
			class = i
		}
	}
	return class, p[class]
}
