package ppocr

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"unicode/utf8"

	"onewindow/document"
	"onewindow/ocr/ink"
	"onewindow/ocr/layout"
)

// Name is what pages read by this engine carry.
const Name = "ppocr/PP-OCRv4-mobile"

// Options tune an Engine. Zero fields mean the default.
type Options struct {
	// Threads each network uses inside one operation; default 1. Two engines of
	// one thread read more pages than one engine of two.
	Threads int
	// DetectSide is the least long side in pixels of the picture the detector sees;
	// default 960. Larger finds smaller print and costs time in proportion.
	DetectSide int
	// LeastConfidence drops lines read with less; default 0.5.
	LeastConfidence float64
}

// Engine is an ocr.Engine and an ocr.Orientation. It is used by one goroutine at
// a time and keeps its buffers from page to page.
type Engine struct {
	options    Options
	detector   *detector
	angler     *angler
	recognizer *recognizer
	ink        ink.Converter
	page       plane
	turned     plane
}

// New loads the models. It fails with resources.ErrMissing inside when they are
// not installed. Close the engine when done.
func New(options Options) (*Engine, error) {
	options = withDefaults(options)
	if err := startRuntime(); err != nil {
		return nil, err
	}
	e := &Engine{options: options}
	var err error
	if e.detector, err = openDetector(options.Threads, options.DetectSide); err == nil {
		if e.angler, err = openAngler(options.Threads); err == nil {
			e.recognizer, err = openRecognizer(options.Threads)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open ppocr: %w", err), e.Close())
	}
	return e, nil
}

func withDefaults(o Options) Options {
	if o.Threads <= 0 {
		o.Threads = 1
	}
	if o.DetectSide <= 0 {
		o.DetectSide = 960
	}
	if o.LeastConfidence <= 0 {
		o.LeastConfidence = 0.5
	}
	return o
}

// Name returns the engine's name and version.
func (e *Engine) Name() string { return Name }

// Close frees the models.
func (e *Engine) Close() error {
	var errs []error
	if e.detector != nil {
		errs = append(errs, e.detector.network.close())
	}
	if e.angler != nil {
		errs = append(errs, e.angler.network.close())
	}
	if e.recognizer != nil {
		errs = append(errs, e.recognizer.network.close())
	}
	return errors.Join(errs...)
}

// Upright tells the clockwise turn that makes img upright, see ocr.Orientation.
func (e *Engine) Upright(ctx context.Context, img image.Image) (int, float64, error) {
	e.ink.Convert(&e.page.Plane, img)
	boxes, err := e.detector.detect(ctx, &e.page)
	if err != nil {
		return 0, 0, err
	}
	return e.turn(ctx, &e.page, boxes)
}

// Recognize reads a page image of any orientation, see ocr.Engine.
func (e *Engine) Recognize(ctx context.Context, img image.Image) (document.Page, error) {
	e.ink.Convert(&e.page.Plane, img)
	p, boxes, turn, err := e.upright(ctx)
	if err != nil {
		return document.Page{}, err
	}
	page := document.Page{Width: p.W, Height: p.H, Rotation: turn, Source: document.SourceOCR, Engine: Name}
	page.Seals = layout.Seals(e.ink.Seals(), img.Bounds().Size(), turn)
	var lines []document.Line
	for _, l := range cells(p, boxes) {
		if err := ctx.Err(); err != nil {
			return document.Page{}, err
		}
		line, err := e.line(p, l)
		if err != nil {
			return document.Page{}, err
		}
		if line.Text != "" && line.Confidence >= e.least(l) {
			lines = append(lines, line)
		}
	}
	page.Lines = layout.Order(lines, p.W, p.H, skew(boxes))
	page.Confidence = layout.Confidence(page.Lines)
	page.Blank = len(page.Lines) == 0
	return page, nil
}

// least is how surely a line must be read to be kept.
func (e *Engine) least(l line) float64 {
	if l.sought {
		return max(leastSought, e.options.LeastConfidence)
	}
	return e.options.LeastConfidence
}

// upright returns the page in e.page turned upright, and the boxes on it.
func (e *Engine) upright(ctx context.Context) (*plane, []quad, int, error) {
	boxes, err := e.detector.detect(ctx, &e.page)
	if err != nil {
		return nil, nil, 0, err
	}
	turn, margin, err := e.turn(ctx, &e.page, boxes)
	if err != nil {
		return nil, nil, 0, err
	}
	if turn == 0 || margin < leastMargin {
		return &e.page, boxes, 0, nil
	}
	e.page.TurnInto(&e.turned.Plane, turn)
	// The detector finds upright text best: look again.
	boxes, err = e.detector.detect(ctx, &e.turned)
	return &e.turned, boxes, turn, err
}

// line reads the text of one line.
func (e *Engine) line(p *plane, l line) (document.Line, error) {
	read, err := e.recognizer.readLine(p, l)
	if err != nil {
		return document.Line{}, err
	}
	raw := strings.TrimSpace(read.text)
	line := document.Line{Text: repaired(raw), Box: l.bounds(p.W, p.H), Confidence: read.confidence, Doubts: read.doubts}
	if lead := utf8.RuneCountInString(read.text) - utf8.RuneCountInString(strings.TrimLeft(read.text, " \u3000")); lead > 0 {
		line.Doubts = shifted(line.Doubts, -lead)
	}
	if line.Text != raw {
		line.Raw = raw
	}
	return line, nil
}

// skew is the slope of the page's lines in radians: the median, by length, of
// the boxes that show a direction.
func skew(boxes []quad) float64 {
	along, _ := directions(boxes)
	slices.SortFunc(along, func(a, b quad) int { return cmp.Compare(a.angle(), b.angle()) })
	half := totalLength(along) / 2
	for _, q := range along {
		if half -= q.length(); half <= 0 {
			return q.angle()
		}
	}
	return 0
}
