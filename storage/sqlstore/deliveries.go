package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"onewindow/approval"
	"onewindow/storage"
)

const (
	fanBatch = 200
	// keepDelivered is how long calls that went well are kept to look at.
	keepDelivered = 7 * 24 * time.Hour
)

// FanOut notes a delivery for each further event that is wanted. Errors:
// storage.ErrFenced.
func (s *Store) FanOut(ctx context.Context, id, owner string, wanted func(approval.Event) bool) (more bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		position, err := t.leased(ctx, id, owner)
		if err != nil {
			return err
		}
		events, err := collect(ctx, t, scanEvent, "SELECT "+eventColumns+" FROM events WHERE seq > $1 ORDER BY seq LIMIT $2", position, fanBatch)
		if err != nil || len(events) == 0 {
			more = false
			return err
		}
		var rows [][]any
		for _, e := range events {
			if wanted(e) {
				rows = append(rows, []any{id, e.Seq, lineOf(e), string(storage.DeliveryDue), t.now})
			}
		}
		if err := t.insert(ctx, "INSERT INTO deliveries (webhook, seq, line, state, due_at)", rows, " ON CONFLICT DO NOTHING"); err != nil {
			return err
		}
		if _, err := t.exec(ctx, "DELETE FROM deliveries WHERE webhook = $1 AND state = 'done' AND ended_at < $2",
			id, t.now-keepDelivered.Milliseconds()); err != nil {
			return err
		}
		more = len(events) == fanBatch
		_, err = t.exec(ctx, "UPDATE webhooks SET position = $2 WHERE id = $1", id, events[len(events)-1].Seq)
		return err
	})
	return more, wrap("fan out events", err)
}

// lineOf names what an event must stay in order with.
func lineOf(e approval.Event) string {
	switch {
	case e.Project != "":
		return clean(e.Project)
	case e.Document != "":
		return string(e.Document)
	}
	return e.Result
}

// leased returns the position of a subscription whose sender owner still is, and
// keeps others from taking over until the transaction ends.
func (t *tx) leased(ctx context.Context, id, owner string) (position int64, err error) {
	err = t.QueryRowContext(ctx, `UPDATE webhooks SET lease_owner = lease_owner
		WHERE id = $1 AND lease_owner = $2 AND lease_until >= $3 RETURNING position`, id, owner, t.now).Scan(&position)
	if errors.Is(err, sql.ErrNoRows) {
		err = storage.ErrFenced
	}
	return position, err
}

const deliveryColumns = "d.webhook, d.line, d.state, d.attempt, d.due_at, d.status, d.problem, d.ended_at, " +
	"e.seq, e.at, e.type, e.document, e.result, e.project, e.unit, e.data"

func scanDelivery(r scanner) (storage.Delivery, error) {
	var d storage.Delivery
	var due, ended, at int64
	var data string
	e := &d.Event
	err := r.Scan(&d.Webhook, &d.Line, &d.State, &d.Attempt, &due, &d.Status, &d.Problem, &ended,
		&e.Seq, &at, &e.Type, &e.Document, &e.Result, &e.Project, &e.Unit, &data)
	if err != nil {
		return d, err
	}
	d.Due, d.Ended, e.At = timeOf(due), timeOf(ended), timeOf(at)
	return d, decode(data, &e.Data)
}

// DueDeliveries lists what may be sent now, oldest first.
func (s *Store) DueDeliveries(ctx context.Context, id string, limit int) (out []storage.Delivery, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanDelivery, "SELECT "+deliveryColumns+` FROM deliveries d JOIN events e ON e.seq = d.seq
			WHERE d.webhook = $1 AND d.state = 'due' AND d.due_at <= `+s.dialect.clock+`
			AND NOT EXISTS (SELECT 1 FROM deliveries f WHERE f.webhook = d.webhook AND f.line = d.line AND f.state = 'due' AND f.seq < d.seq)
			ORDER BY d.seq LIMIT $2`, id, bounded(limit, 50, 500))
		return err
	})
	return out, wrap("list due deliveries", err)
}

// SettleDelivery records a try. Errors: storage.ErrFenced.
func (s *Store) SettleDelivery(ctx context.Context, owner string, o storage.DeliveryOutcome) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		if _, err := t.leased(ctx, o.Webhook, owner); err != nil {
			return err
		}
		ended := int64(0)
		if o.State != storage.DeliveryDue {
			ended = t.now
		}
		_, err := t.exec(ctx, `UPDATE deliveries SET state = $3, attempt = attempt + 1, due_at = $4, status = $5, problem = $6, ended_at = $7
			WHERE webhook = $1 AND seq = $2 AND state = 'due'`,
			o.Webhook, o.Seq, string(o.State), t.now+o.Retry.Milliseconds(), o.Status, clean(o.Problem), ended)
		return err
	})
	return wrap("settle delivery", err)
}

// ListDeliveries pages through deliveries, newest first.
func (s *Store) ListDeliveries(ctx context.Context, id string, state storage.DeliveryState, before int64, limit int) (out []storage.Delivery, err error) {
	if before <= 0 {
		before = never
	}
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanDelivery, "SELECT "+deliveryColumns+` FROM deliveries d JOIN events e ON e.seq = d.seq
			WHERE d.webhook = $1 AND ($2 = '' OR d.state = $2) AND d.seq < $3 ORDER BY d.seq DESC LIMIT $4`,
			clean(id), clean(string(state)), before, bounded(limit, 50, 500))
		return err
	})
	return out, wrap("list deliveries", err)
}

// ReplayDelivery makes a delivery due again. Errors: storage.ErrNotFound,
// storage.ErrConflict when it is due already.
func (s *Store) ReplayDelivery(ctx context.Context, id string, seq int64, by string) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `UPDATE deliveries SET state = 'due', attempt = 0, due_at = $3, ended_at = 0
			WHERE webhook = $1 AND seq = $2 AND state <> 'due'`, clean(id), seq, t.now)
		if err != nil {
			return err
		}
		if n == 0 {
			return t.whyNotReplayed(ctx, id, seq)
		}
		t.record(storage.AuditEntry{Actor: by, Action: "webhook.replay", Object: id, Detail: map[string]string{"event": strconv.FormatInt(seq, 10)}})
		return nil
	})
	return wrap("replay delivery", err)
}

func (t *tx) whyNotReplayed(ctx context.Context, id string, seq int64) error {
	var n int
	if err := t.QueryRowContext(ctx, "SELECT COUNT(*) FROM deliveries WHERE webhook = $1 AND seq = $2", clean(id), seq).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return storage.ErrNotFound
	}
	return storage.ErrConflict
}

// CountDeliveries counts deliveries by state.
func (s *Store) CountDeliveries(ctx context.Context) (map[storage.DeliveryState]int, error) {
	out := map[storage.DeliveryState]int{}
	type count struct {
		state storage.DeliveryState
		n     int
	}
	err := s.read(ctx, func(q querier) error {
		all, err := collect(ctx, q, func(r scanner) (c count, err error) { err = r.Scan(&c.state, &c.n); return c, err },
			"SELECT state, COUNT(*) FROM deliveries GROUP BY state")
		clear(out)
		for _, c := range all {
			out[c.state] = c.n
		}
		return err
	})
	return out, wrap("count deliveries", err)
}
