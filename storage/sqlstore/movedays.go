package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/storage"
)

// addedUp names the counter of the last event whose move is in move_days.
const addedUp = "moves_added_up"

// addBatch is how many events one transaction adds up at most.
const addBatch = 50_000

// dayLength and chinaAhead make days of China out of milliseconds.
const (
	dayLength  = int64(24 * time.Hour / time.Millisecond)
	chinaAhead = int64(8 * time.Hour / time.Millisecond)
)

// sums are what is counted of moves, one by one.
const sums = `COUNT(*), CAST(SUM(CASE WHEN used >= 0 THEN late ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN used >= 0 THEN used ELSE 0 END) AS BIGINT),
	SUM(CASE WHEN used >= 0 THEN 1 ELSE 0 END), CAST(SUM(overridden) AS BIGINT)`

// AddUpMoves adds up the moves that are not yet, if there are so many. Events are
// numbered in the order of their transactions, so none comes later with a smaller
// number; a move that is dated back only changes the sums of its day.
func (s *Store) AddUpMoves(ctx context.Context, least int) error {
	for {
		from, last, err := s.notAddedUp(ctx)
		if err != nil || last-from < int64(max(least, 1)) {
			return wrap("look for moves to add up", err)
		}
		if err := s.addUp(ctx, from, min(last, from+addBatch)); err != nil {
			return wrap("add up moves", err)
		}
		if last-from <= addBatch {
			return nil
		}
	}
}

func (s *Store) notAddedUp(ctx context.Context) (from, last int64, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.QueryRowContext(ctx, "SELECT (SELECT value FROM counters WHERE name = $1), COALESCE(MAX(seq), 0) FROM moves", addedUp).Scan(&from, &last)
	})
	return from, last, err
}

// addUp adds up the moves of the events after from, unless another process did.
func (s *Store) addUp(ctx context.Context, from, to int64) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, "UPDATE counters SET value = $3 WHERE name = $1 AND value = $2", addedUp, from, to)
		if err != nil || n == 0 {
			return err
		}
		_, err = t.exec(ctx, fmt.Sprintf(`INSERT INTO move_days (division, day, unit, stage, channel, action, moves, late, used, measured, overridden)
			SELECT division, (at + %d) / %d, unit, stage, channel, action, %s FROM moves WHERE seq > $1 AND seq <= $2 GROUP BY 1, 2, 3, 4, 5, 6
			ON CONFLICT (division, day, unit, stage, channel, action) DO UPDATE SET moves = move_days.moves + excluded.moves,
				late = move_days.late + excluded.late, used = move_days.used + excluded.used,
				measured = move_days.measured + excluded.measured, overridden = move_days.overridden + excluded.overridden`,
			chinaAhead, dayLength, sums), from, to)
		return err
	})
}

// byDay reports whether days that were added up can answer.
func byDay(q storage.MoveQuery) bool {
	whole := func(t time.Time) bool { return t.IsZero() || (msOf(t)+chinaAhead)%dayLength == 0 }
	return q.Item == "" && q.Hall == "" && q.Officer == "" && whole(q.From) && whole(q.To) && slices.Contains(
		[]storage.Dimension{storage.ByNothing, storage.ByDivision, storage.ByUnit, storage.ByStage, storage.ByChannel}, q.By)
}

// countDays counts like countEach, from the days that were added up and the moves
// since.
func countDays(ctx context.Context, r querier, q storage.MoveQuery, column string) ([]storage.MoveCount, error) {
	var from int64
	if err := r.QueryRowContext(ctx, "SELECT value FROM counters WHERE name = $1", addedUp).Scan(&from); err != nil {
		return nil, err
	}
	var days conditions
	days.add(q.Division == "", "division = ?", q.Division)
	days.add(q.Unit == "", "unit = ?", q.Unit)
	days.add(q.Stage == "", "stage = ?", q.Stage)
	days.add(q.Channel == "", "channel = ?", q.Channel)
	days.add(q.From.IsZero(), "day >= ?", (msOf(q.From)+chinaAhead)/dayLength)
	days.add(q.To.IsZero(), "day < ?", (msOf(q.To)+chinaAhead)/dayLength)
	since := conditions{args: days.args}
	since.add(false, "seq > ?", from)
	whereMoves(&since, q)
	// The few moves since are found by their numbers: every other index holds all.
	rest := strings.NewReplacer("division =", "division || '' =", "unit =", "unit || '' =", " at ", " at + 0 ").Replace(since.text())
	return collect(ctx, r, scanMoveCount, `SELECT key, action, CAST(SUM(n) AS BIGINT), CAST(SUM(late) AS BIGINT), CAST(SUM(used) AS BIGINT),
			CAST(SUM(measured) AS BIGINT), CAST(SUM(overridden) AS BIGINT) FROM (
		SELECT `+column+` AS key, action, moves AS n, late, used, measured, overridden FROM move_days`+days.text()+`
		UNION ALL SELECT `+column+`, action, `+sums+` FROM moves`+rest+` GROUP BY 1, 2) AS both_of_them GROUP BY 1, 2 ORDER BY 1, 2`, since.args...)
}
