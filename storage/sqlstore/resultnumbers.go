package sqlstore

import (
	"context"
	"fmt"

	"onewindow/storage"
)

var _ storage.ResultNumbers = (*Store)(nil)

// TakeResultNumber gives an item's document its place in a series. The row of the
// series stays locked until the place is kept: of two that ask at once for one
// item, the second finds the place of the first and counts nothing.
func (s *Store) TakeResultNumber(ctx context.Context, caseItem, resultType, series string) (in string, n int64, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, "INSERT INTO result_series (series, issued) VALUES ($1, 0) ON CONFLICT (series) DO UPDATE SET issued = result_series.issued",
			clean(series)); err != nil {
			return err
		}
		kept := t.QueryRowContext(ctx, "SELECT series, n FROM result_numbers WHERE case_item = $1 AND type = $2", caseItem, resultType).Scan(&in, &n)
		if !isNoRows(kept) {
			return kept
		}
		in = series
		if err := t.QueryRowContext(ctx, "UPDATE result_series SET issued = issued + 1 WHERE series = $1 RETURNING issued", clean(series)).Scan(&n); err != nil {
			return err
		}
		return t.insert(ctx, "INSERT INTO result_numbers (case_item, type, series, n, at)", [][]any{{caseItem, resultType, clean(series), n, t.now}}, "")
	})
	if err != nil {
		return "", 0, fmt.Errorf("number result: %w", err)
	}
	return in, n, nil
}
