package sqlstore

import (
	"context"
	"time"

	"onewindow/storage"
)

// prunable is the condition of lines that nothing more happens to. What is ignored
// and still lies in a folder (no token) would only be noted anew.
const prunable = "token <> '' AND outcome IN ('received', 'duplicate', 'unpacked', 'ignored', 'removed') OR token = '' AND outcome = 'removed'"

// PruneArrivals drops old lines and counts them.
func (s *Store) PruneArrivals(ctx context.Context, age time.Duration, limit int) (n int, err error) {
	type row struct{ hall, outcome string }
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		gone, err := collect(ctx, t, func(r scanner) (x row, err error) { return x, r.Scan(&x.hall, &x.outcome) },
			`DELETE FROM arrivals WHERE id IN (SELECT id FROM arrivals WHERE changed < $1 AND (`+prunable+`) ORDER BY changed LIMIT $2)
			RETURNING hall, outcome`, t.now-age.Milliseconds(), bounded(limit, 500, 5000))
		if err != nil {
			return err
		}
		n = len(gone)
		sums := map[row]int{}
		for _, g := range gone {
			sums[g]++
		}
		for g, files := range sums {
			_, err := t.exec(ctx, `INSERT INTO arrivals_pruned (hall, outcome, files) VALUES ($1, $2, $3)
				ON CONFLICT (hall, outcome) DO UPDATE SET files = arrivals_pruned.files + excluded.files`, g.hall, g.outcome, files)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, wrap("prune arrivals", err)
}

// PrunedArrivals counts what was dropped.
func (s *Store) PrunedArrivals(ctx context.Context, halls []string) (map[storage.Outcome]int, error) {
	where, args := ofHalls(halls, 1)
	return s.countOutcomes(ctx, "count pruned arrivals", "SELECT outcome, SUM(files) FROM arrivals_pruned WHERE "+where+" GROUP BY outcome", args...)
}
