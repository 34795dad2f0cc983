package sqlstore

import (
	"context"

	"onewindow/storage"
)

var _ storage.Usages = (*Store)(nil)

// Spend counts in one transaction, so that many at once cannot take more than
// there is.
func (s *Store) Spend(ctx context.Context, day string, all ...storage.Spending) error {
	if len(all) == 0 {
		return nil
	}
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, sp := range all {
			var documents, bytes int64
			err := t.QueryRowContext(ctx, `INSERT INTO usage_days (day, subject, documents, bytes) VALUES ($1, $2, $3, $4)
				ON CONFLICT (day, subject) DO UPDATE SET documents = usage_days.documents + excluded.documents,
					bytes = usage_days.bytes + excluded.bytes RETURNING documents, bytes`,
				day, clean(sp.Subject), sp.Documents, sp.Bytes).Scan(&documents, &bytes)
			if err != nil {
				return wrap("count usage", err)
			}
			if over(documents, sp.Documents, sp.MostDocuments) || over(bytes, sp.Bytes, sp.MostBytes) {
				return &storage.Exceeded{Spending: sp}
			}
		}
		return nil
	})
}

// over reports whether adding took a sum beyond the most; giving back never does.
func over(sum, added, most int64) bool { return most > 0 && added > 0 && sum > most }

// UsageOf lists the senders of a day.
func (s *Store) UsageOf(ctx context.Context, day string, limit int) (out []storage.Usage, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, func(r scanner) (u storage.Usage, err error) {
			err = r.Scan(&u.Subject, &u.Documents, &u.Bytes)
			return u, err
		}, "SELECT subject, documents, bytes FROM usage_days WHERE day = $1 ORDER BY documents DESC, subject LIMIT $2", day, bounded(limit, 100, 1000))
		return err
	})
	return out, wrap("list usage", err)
}
