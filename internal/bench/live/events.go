package live

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"onewindow/document"
)

// event is one line of the feed.
type event struct {
	Seq      int64
	At       time.Time
	Type     string
	Document string `json:"document_id"`
	Data     map[string]string
}

// Course is what became of one document, by the service's own clock.
type Course struct {
	Received time.Time
	Rested   time.Time // nothing more happens by itself; zero before
	State    document.State
	Steps    []Step // done so far, in order
}

// Step is one finished step.
type Step struct {
	Name string
	At   time.Time
}

// Took is the time from receipt to rest.
func (c Course) Took() time.Duration { return c.Rested.Sub(c.Received) }

// Feed reads the event feed from where it stood when it was opened.
type Feed struct {
	service *Service
	after   int64
	courses map[string]*Course
}

// Feed opens the feed at its end.
func (s *Service) Feed(ctx context.Context) (*Feed, error) {
	f := &Feed{service: s, courses: map[string]*Course{}}
	for {
		n, err := f.read(ctx)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			f.courses = map[string]*Course{}
			return f, nil
		}
	}
}

// feedPage is how many events are asked for at once.
const feedPage = 1000

func (f *Feed) read(ctx context.Context) (int, error) {
	url := fmt.Sprintf("http://%s/v1/events?after=%d&limit=%d", f.service.addr, f.after, feedPage)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, fmt.Errorf("read events: %w", err)
	}
	var page struct{ Events []event }
	if err := f.service.ask(req, &page); err != nil {
		return 0, err
	}
	for _, e := range page.Events {
		f.after = e.Seq
		f.note(e)
	}
	return len(page.Events), nil
}

func (f *Feed) note(e event) {
	c := f.courses[e.Document]
	if c == nil {
		c = &Course{}
		f.courses[e.Document] = c
	}
	switch e.Type {
	case "document.received":
		c.Received = e.At
	case "step.done":
		c.Steps = append(c.Steps, Step{Name: e.Data["step"], At: e.At})
	case "document.state":
		c.State = document.State(e.Data["to"])
		if c.State.Final() || c.State == document.StateNeedsReview {
			c.Rested = e.At
		}
	}
}

// lookEvery is the time between two looks at the feed: what is measured is read
// from the events' own times, and asking costs the service something.
const lookEvery = 100 * time.Millisecond

// AwaitRest waits until n documents that came since the feed was opened rest,
// and returns them by ID.
func (f *Feed) AwaitRest(ctx context.Context, n int) (map[string]*Course, error) {
	for {
		if _, err := f.read(ctx); err != nil {
			return nil, err
		}
		if resting := f.resting(); resting >= n {
			return f.courses, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for %d documents, %d rest: %w; the service said: %s",
				n, f.resting(), context.Cause(ctx), f.service.said())
		case <-time.After(lookEvery):
		}
	}
}

// AwaitDocument waits until one document rests.
func (f *Feed) AwaitDocument(ctx context.Context, id string) (Course, error) {
	for {
		if _, err := f.read(ctx); err != nil {
			return Course{}, err
		}
		if c := f.courses[id]; c != nil && !c.Rested.IsZero() {
			return *c, nil
		}
		select {
		case <-ctx.Done():
			return Course{}, fmt.Errorf("wait for document: %w; the service said: %s", context.Cause(ctx), f.service.said())
		case <-time.After(lookEvery):
		}
	}
}

// PagesRead is how many pages were read by all documents since the feed was
// opened.
func (f *Feed) PagesRead(ctx context.Context) (int, error) {
	if _, err := f.read(ctx); err != nil {
		return 0, err
	}
	pages := 0
	for _, c := range f.courses {
		for _, s := range c.Steps {
			if s.Name == string(document.StepScreen) || s.Name == string(document.StepRecognize) {
				pages++
			}
		}
	}
	return pages, nil
}

func (f *Feed) resting() int {
	n := 0
	for _, c := range f.courses {
		if !c.Rested.IsZero() {
			n++
		}
	}
	return n
}

// AwaitNext waits until the document that was received after the given moment,
// and none before it, rests. It is for an idle service with one file.
func (f *Feed) AwaitNext(ctx context.Context, after time.Time) (Course, error) {
	for {
		if _, err := f.read(ctx); err != nil {
			return Course{}, err
		}
		for _, c := range f.courses {
			if !c.Received.Before(after) && !c.Rested.IsZero() {
				return *c, nil
			}
		}
		select {
		case <-ctx.Done():
			return Course{}, fmt.Errorf("wait for document: %w; the service said: %s", context.Cause(ctx), f.service.said())
		case <-time.After(lookEvery):
		}
	}
}
