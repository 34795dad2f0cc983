package web

import (
	"container/list"
	"context"
	"sync"

	"golang.org/x/sync/singleflight"

	"onewindow/document"
)

// pictures keeps the pages drawn last in memory, and draws a page once however
// many ask for it. Nothing is written to disk (G.8).
type pictures struct {
	flights singleflight.Group
	mu      sync.Mutex
	order   *list.List // of *picture, used last in front
	byTag   map[string]*list.Element
	bytes   int
}

type picture struct {
	tag   string
	doc   document.ID
	bytes []byte
}

// picturesLimit bounds what is kept, in bytes.
const picturesLimit = 64 << 20

func newPictures() *pictures {
	return &pictures{order: list.New(), byTag: map[string]*list.Element{}}
}

func (p *pictures) get(ctx context.Context, doc document.ID, tag string, draw func(context.Context) ([]byte, error)) ([]byte, error) {
	if b, ok := p.kept(tag); ok {
		return b, nil
	}
	v, err, _ := p.flights.Do(tag, func() (any, error) {
		// Whoever asked first may leave; the others still wait for it.
		b, err := draw(context.WithoutCancel(ctx))
		if err == nil {
			p.keep(&picture{tag, doc, b})
		}
		return b, err
	})
	if err != nil {
		return nil, err
	}
	return v.([]byte), nil
}

func (p *pictures) kept(tag string) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.byTag[tag]
	if !ok {
		return nil, false
	}
	p.order.MoveToFront(e)
	return e.Value.(*picture).bytes, true
}

func (p *pictures) keep(pic *picture) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.byTag[pic.tag]; ok || len(pic.bytes) > picturesLimit {
		return
	}
	p.byTag[pic.tag] = p.order.PushFront(pic)
	for p.bytes += len(pic.bytes); p.bytes > picturesLimit; {
		p.drop(p.order.Back())
	}
}

// forget drops every picture of a document that may not be shown any more.
func (p *pictures) forget(doc document.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for e := p.order.Front(); e != nil; {
		next := e.Next()
		if e.Value.(*picture).doc == doc {
			p.drop(e)
		}
		e = next
	}
}

func (p *pictures) drop(e *list.Element) {
	pic := p.order.Remove(e).(*picture)
	delete(p.byTag, pic.tag)
	p.bytes -= len(pic.bytes)
}
