package sqlstore

import (
	"context"
	"fmt"

	"onewindow/approval"
	"onewindow/storage"
)

var _ storage.Catalogues = (*Store)(nil)

// PublishCatalogue keeps a version, with its event and its line in the trail.
func (s *Store) PublishCatalogue(ctx context.Context, p storage.Publication) (fresh bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		files, err := encode(p.Files)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `INSERT INTO catalogues (version, effective_from, digest, published_at, actor, files)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, p.Version, p.Effective, p.Digest, t.now, clean(p.By), clean(files))
		if err != nil {
			return err
		}
		if fresh = n == 1; !fresh {
			return t.sameCatalogue(ctx, p)
		}
		detail := map[string]string{"version": p.Version, "effective_from": p.Effective, "digest": p.Digest, "by": p.By}
		t.announce(approval.Event{Type: approval.EventCatalogue, Data: detail})
		t.record(storage.AuditEntry{Actor: p.By, Action: "catalogue.publish", Object: p.Version, Detail: detail})
		return nil
	})
	return fresh, wrap("publish catalogue", err)
}

// sameCatalogue is storage.ErrConflict unless the version holds the same.
func (t *tx) sameCatalogue(ctx context.Context, p storage.Publication) error {
	var digest string
	if err := t.QueryRowContext(ctx, "SELECT digest FROM catalogues WHERE version = $1", p.Version).Scan(&digest); err != nil {
		return err
	}
	if digest != p.Digest {
		return fmt.Errorf("version %s: %w", p.Version, storage.ErrConflict)
	}
	return nil
}

// Publications lists all versions, the first published first.
func (s *Store) Publications(ctx context.Context) (out []storage.Publication, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanPublication, "SELECT version, effective_from, digest, published_at, actor, files FROM catalogues ORDER BY published_at, version")
		return err
	})
	return out, wrap("list catalogues", err)
}

func scanPublication(row scanner) (p storage.Publication, err error) {
	var at int64
	var files string
	if err := row.Scan(&p.Version, &p.Effective, &p.Digest, &at, &p.By, &files); err != nil {
		return p, err
	}
	p.At = timeOf(at)
	return p, decode(files, &p.Files)
}
