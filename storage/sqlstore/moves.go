package sqlstore

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"onewindow/approval"
	"onewindow/storage"
)

var (
	_ storage.Supervision = (*Store)(nil)
	_ storage.Settings    = (*Store)(nil)
)

const moveColumns = "seq, at, case_id, case_item, action, state, division, unit, stage, item, channel, hall, counter, officer, late, used, overridden"

// moveRow is the row that counts an event, nil for events that are no move.
func moveRow(seq int64, e approval.Event) []any {
	if e.Type != approval.EventItemState {
		return nil
	}
	d := e.Data
	at, err := time.Parse(time.RFC3339Nano, d["at"])
	if err != nil {
		at = e.At
	}
	used, err := strconv.ParseInt(d["used"], 10, 64)
	if err != nil {
		used = -1
	}
	return []any{seq, msOf(at), d["case"], d["case_item"], d["action"], d["to"], d["division"], d["unit"], d["stage"], d["item"], d["channel"],
		clean(d["hall"]), clean(d["window"]), clean(d["by"]), bit(d["late"] == "true"), used, bit(d["override"] == "true")}
}

// countMoves keeps the moves among events that were just numbered.
func (t *tx) countMoves(ctx context.Context, first int64, events []approval.Event) error {
	var rows [][]any
	for i, e := range events {
		if row := moveRow(first+int64(i), e); row != nil {
			rows = append(rows, row)
		}
	}
	return wrap("count moves", t.insert(ctx, "INSERT INTO moves ("+moveColumns+")", rows, ""))
}

// movesSince is the schema that counts moves; casesSince the one that makes them.
const movesSince, casesSince = 20, 10

// countOldMoves counts what happened before the schema counted moves.
func (s *Store) countOldMoves(ctx context.Context) error {
	for after := int64(0); ; {
		events, err := s.EventsAfter(ctx, after, 1000)
		if err != nil || len(events) == 0 {
			return err
		}
		err = s.write(ctx, func(ctx context.Context, t *tx) error {
			for _, e := range events {
				if row := moveRow(e.Seq, e); row != nil {
					if err := t.insert(ctx, "INSERT INTO moves ("+moveColumns+")", [][]any{row}, " ON CONFLICT DO NOTHING"); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		after = events[len(events)-1].Seq
	}
}

// dimensions are the columns that figures can be split by.
var dimensions = map[storage.Dimension]string{
	storage.ByNothing: "''", storage.ByDivision: "division", storage.ByUnit: "unit", storage.ByStage: "stage", storage.ByItem: "item",
	storage.ByChannel: "channel", storage.ByHall: "hall", storage.ByWindow: "hall || '/' || counter", storage.ByOfficer: "officer",
}

func moveWhere(q storage.MoveQuery) (w conditions) {
	whereMoves(&w, q)
	return w
}

func whereMoves(w *conditions, q storage.MoveQuery) {
	w.add(q.Division == "", "division = ?", q.Division)
	w.add(q.Unit == "", "unit = ?", q.Unit)
	w.add(q.Stage == "", "stage = ?", q.Stage)
	w.add(q.Item == "", "item = ?", q.Item)
	w.add(q.Channel == "", "channel = ?", q.Channel)
	w.add(q.Hall == "", "hall = ?", q.Hall)
	w.add(q.Officer == "", "officer = ?", q.Officer)
	w.add(q.From.IsZero(), "at >= ?", msOf(q.From))
	w.add(q.To.IsZero(), "at < ?", msOf(q.To))
}

// CountMoves counts the moves of a period.
func (s *Store) CountMoves(ctx context.Context, q storage.MoveQuery) (out []storage.MoveCount, err error) {
	column, ok := dimensions[q.By]
	if !ok {
		return nil, fmt.Errorf("count moves by %q: no such dimension", q.By)
	}
	count := countEach
	if byDay(q) {
		count = countDays
	}
	err = s.retry(ctx, func() error {
		return s.at(ctx, func(r querier) error {
			out, err = count(ctx, r, q, column)
			return err
		})
	})
	return out, wrap("count moves", err)
}

// countEach counts moves one by one.
func countEach(ctx context.Context, r querier, q storage.MoveQuery, column string) ([]storage.MoveCount, error) {
	w := moveWhere(q)
	return collect(ctx, r, scanMoveCount, "SELECT "+column+", action, "+sums+" FROM moves"+w.text()+" GROUP BY 1, 2 ORDER BY 1, 2", w.args...)
}

func scanMoveCount(row scanner) (c storage.MoveCount, err error) {
	return c, row.Scan(&c.Key, &c.Action, &c.Count, &c.Late, &c.Used, &c.Measured, &c.Overridden)
}

// CountHours counts what windows received by hour of the day. China has one zone
// and no summer time, so the hour is plain arithmetic.
func (s *Store) CountHours(ctx context.Context, q storage.MoveQuery) (out []storage.HourCount, err error) {
	w := moveWhere(q)
	w.add(false, "action = 'submit'")
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, func(row scanner) (c storage.HourCount, err error) {
			return c, row.Scan(&c.Hall, &c.Window, &c.Hour, &c.Cases, &c.Items)
		}, `SELECT hall, counter, (at / 3600000 + 8) % 24, COUNT(DISTINCT case_id), COUNT(*)
			FROM moves`+w.text()+` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, w.args...)
		return err
	})
	return out, wrap("count hours", err)
}

// LateMoves lists what ended after its limit.
func (s *Store) LateMoves(ctx context.Context, q storage.MoveQuery, limit int) (out []storage.Move, err error) {
	w := moveWhere(q)
	w.add(false, "late = 1 AND used >= 0")
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, func(row scanner) (m storage.Move, err error) {
			var at int64
			err = row.Scan(&at, &m.CaseItem, &m.Action, &m.Unit, &m.Officer, &m.Division)
			m.At = timeOf(at)
			return m, err
		}, fmt.Sprintf("SELECT at, case_item, action, unit, officer, division FROM moves%s ORDER BY seq DESC LIMIT %d",
			w.text(), bounded(limit, 100, 1000)), w.args...)
		return err
	})
	return out, wrap("list late items", err)
}

// KeepMilestone keeps a goal.
func (s *Store) KeepMilestone(ctx context.Context, m storage.Milestone, audit storage.AuditEntry) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		data, err := encode(m)
		if err != nil {
			return err
		}
		t.record(audit)
		return t.insert(ctx, "INSERT INTO milestones (id, division, due, data)", [][]any{{m.ID, m.Division, m.Due, clean(data)}},
			" ON CONFLICT (id) DO UPDATE SET division = excluded.division, due = excluded.due, data = excluded.data")
	})
	return wrap("keep milestone", err)
}

// Milestones lists goals by date.
func (s *Store) Milestones(ctx context.Context, division string) (out []storage.Milestone, err error) {
	var w conditions
	w.add(division == "", "division = ?", division)
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, func(row scanner) (m storage.Milestone, err error) {
			var data string
			if err := row.Scan(&data); err != nil {
				return m, err
			}
			return m, decode(data, &m)
		}, "SELECT data FROM milestones"+w.text()+" ORDER BY due, id", w.args...)
		return err
	})
	return out, wrap("list milestones", err)
}

// Setting returns a version of a setting.
func (s *Store) Setting(ctx context.Context, name string, version int64) (out storage.Setting, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = one(ctx, q, scanSetting, `SELECT name, version, actor, at, data FROM settings
			WHERE name = $1 AND ($2 = 0 OR version = $2) ORDER BY version DESC LIMIT 1`, name, version)
		return err
	})
	return out, wrap("read setting", err)
}

// SaveSetting adds the next version of a setting.
func (s *Store) SaveSetting(ctx context.Context, v storage.Setting, audit storage.AuditEntry) (out storage.Setting, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		t.record(audit)
		out, err = one(ctx, t, scanSetting, `INSERT INTO settings (name, version, actor, at, data)
			VALUES ($1, (SELECT COALESCE(MAX(version), 0) + 1 FROM settings WHERE name = $1), $2, $3, $4)
			RETURNING name, version, actor, at, data`, v.Name, clean(v.By), t.now, clean(v.Data))
		return err
	})
	return out, wrap("save setting", err)
}

func scanSetting(row scanner) (v storage.Setting, err error) {
	var at int64
	err = row.Scan(&v.Name, &v.Version, &v.By, &at, &v.Data)
	v.At = timeOf(at)
	return v, err
}
