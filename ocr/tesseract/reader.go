package tesseract

import (
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"

	"github.com/otiai10/gosseract/v2"

	"onewindow/ocr/ink"
)

const (
	// recycleAfter is how many pictures one client reads: gosseract does not free
	// the strings and iterators that Tesseract hands it.
	recycleAfter = 64
	// smallest is the least side Tesseract reads; it crashes on less.
	smallest = 10
	// largest is the greatest side Tesseract takes.
	largest = 32767
	// columnMode lets Tesseract expect one column of text of various sizes, which
	// suits letters and forms.
	columnMode = "4"
)

// errNoLanguage is what a missing trained data file comes to.
var errNoLanguage = errors.New("trained data not installed (Debian: tesseract-ocr-<language>)")

// starting guards Tesseract's first call: it parks the stderr of the whole
// process while it loads.
var starting sync.Mutex

// reader is a Tesseract client that is renewed from time to time.
type reader struct {
	languages []string
	client    *gosseract.Client
	started   bool
	reads     int
	encoded   []byte // the picture as PGM
}

// word is a piece of text as Tesseract cuts it, with its place in the layout.
type word struct {
	text             string
	box              image.Rectangle
	confidence       float64 // 0..1
	block, par, line int
}

func (r *reader) open() error {
	if r.client != nil && r.reads < recycleAfter {
		return nil
	}
	r.close()
	quiet()
	c := gosseract.NewClient()
	settings := []error{
		c.SetLanguage(r.languages...),
		// SetPageSegMode is undone when the client loads its data; a variable stays.
		c.SetVariable("tessedit_pageseg_mode", columnMode),
		c.SetVariable("debug_file", "/dev/null"),
		// Sauvola's threshold follows uneven light, the default one is global.
		c.SetVariable("thresholding_method", "2"),
	}
	r.client, r.started, r.reads = c, false, 0
	return errors.Join(settings...)
}

func (r *reader) close() {
	if r.client != nil {
		r.client.Close()
		r.client = nil
	}
}

// read returns the words on p.
func (r *reader) read(p *ink.Plane) (words []word, err error) {
	if min(p.W, p.H) < smallest || max(p.W, p.H) > largest {
		return nil, nil
	}
	err = alone(func() error {
		words, err = r.run(p)
		return err
	})
	return words, err
}

func (r *reader) run(p *ink.Plane) ([]word, error) {
	if err := r.open(); err != nil {
		return nil, fmt.Errorf("open tesseract: %w", err)
	}
	r.encoded = append(r.encoded[:0], fmt.Sprintf("P5\n%d %d\n255\n", p.W, p.H)...)
	r.encoded = append(r.encoded, p.Pix...)
	if err := r.client.SetImageFromBytes(r.encoded); err != nil {
		return nil, fmt.Errorf("give picture to tesseract: %w", err)
	}
	if err := r.client.SetVariable("user_defined_dpi", fmt.Sprint(resolution(p))); err != nil {
		return nil, fmt.Errorf("set resolution: %w", err)
	}
	boxes, err := r.boxes()
	if err != nil {
		return nil, err
	}
	r.reads++
	words := make([]word, 0, len(boxes))
	for _, b := range boxes {
		text := strings.TrimSpace(b.Word)
		if text == "" || b.Box.Empty() {
			continue
		}
		words = append(words, word{text, b.Box, min(max(b.Confidence/100, 0.01), 1), b.BlockNum, b.ParNum, b.LineNum})
	}
	return words, nil
}

func (r *reader) boxes() ([]gosseract.BoundingBox, error) {
	if !r.started {
		starting.Lock()
		defer starting.Unlock()
	}
	boxes, err := r.client.GetBoundingBoxesVerbose()
	if err != nil {
		if strings.Contains(err.Error(), "initialize") {
			err = errNoLanguage
		}
		return nil, fmt.Errorf("read with tesseract %s: %w", strings.Join(r.languages, "+"), err)
	}
	r.started = true
	return boxes, nil
}

// resolution guesses the dots per inch of a page, taken to be A4; Tesseract
// judges the size of print by it and assumes 70 when not told.
func resolution(p *ink.Plane) int {
	const longSideInches = 11.7
	return min(max(int(float64(max(p.W, p.H))/longSideInches), 70), 600)
}
