package sqlstore

import (
	"context"
	"fmt"

	"onewindow/approval"
	"onewindow/document"
)

// announce queues an event for the end of the transaction.
func (t *tx) announce(e approval.Event) { t.events = append(t.events, e) }

// announceOf queues an event about a document, filling in what it leaves open.
func (t *tx) announceOf(doc document.Document, e approval.Event) {
	if e.Document == "" {
		e.Document = doc.ID
	}
	if e.Project == "" {
		e.Project = doc.Origin.Project
	}
	if e.Unit == "" {
		e.Unit = doc.Origin.Unit
	}
	t.announce(e)
}

// advance moves a counter on by n and returns its new value, its hash and the
// clock. The row stays locked until the transaction ends, so numbers have no
// gaps and follow the order of commits.
func (t *tx) advance(ctx context.Context, counter string, n int) (value int64, hash string, at int64, err error) {
	err = t.QueryRowContext(ctx,
		"UPDATE counters SET value = value + $2 WHERE name = $1 RETURNING value, hash, "+t.s.dialect.clock,
		counter, n).Scan(&value, &hash, &at)
	if err != nil {
		err = fmt.Errorf("advance %s counter: %w", counter, err)
	}
	return value, hash, at, err
}

func (t *tx) writeEvents(ctx context.Context) error {
	if len(t.events) == 0 {
		return nil
	}
	last, _, at, err := t.advance(ctx, "event", len(t.events))
	if err != nil {
		return err
	}
	rows := make([][]any, len(t.events))
	for i, e := range t.events {
		data, err := encodeMap(e.Data)
		if err != nil {
			return err
		}
		seq := last - int64(len(t.events)-1-i)
		rows[i] = []any{seq, at, e.Type, e.Document, e.Result, clean(e.Project), clean(e.Unit), data}
	}
	err = t.insert(ctx, "INSERT INTO events (seq, at, type, document, result, project, unit, data)", rows, "")
	if err != nil {
		return fmt.Errorf("insert events: %w", err)
	}
	return t.countMoves(ctx, last-int64(len(t.events)-1), t.events)
}

// EventsAfter returns events with Seq > after in order; limit 0 means 100, at
// most 1000.
func (s *Store) EventsAfter(ctx context.Context, after int64, limit int) (out []approval.Event, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanEvent,
			"SELECT "+eventColumns+" FROM events WHERE seq > $1 ORDER BY seq LIMIT $2", after, bounded(limit, 100, 1000))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return out, nil
}

// LastEvent returns the highest Seq, 0 when there is none.
func (s *Store) LastEvent(ctx context.Context) (seq int64, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.QueryRowContext(ctx, "SELECT value FROM counters WHERE name = 'event'").Scan(&seq)
	})
	if err != nil {
		return 0, fmt.Errorf("read event counter: %w", err)
	}
	return seq, nil
}

const eventColumns = "seq, at, type, document, result, project, unit, data"

func scanEvent(r scanner) (approval.Event, error) {
	var e approval.Event
	var at int64
	var data string
	err := r.Scan(&e.Seq, &at, &e.Type, &e.Document, &e.Result, &e.Project, &e.Unit, &data)
	if err != nil {
		return e, err
	}
	e.At = timeOf(at)
	return e, decode(data, &e.Data)
}
