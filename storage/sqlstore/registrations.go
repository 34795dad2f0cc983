package sqlstore

import (
	"context"
	"fmt"

	"onewindow/approval"
	"onewindow/storage"
)

// RegisterProject keeps a project as registered; its name and builder are known to
// results from then on.
func (s *Store) RegisterProject(ctx context.Context, r approval.Registration, audit storage.AuditEntry) (out approval.Registration, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		out = r
		out.Version++
		data, err := encode(out)
		if err != nil {
			return err
		}
		if r.Version == 0 {
			err = t.newRegistration(ctx, out, data)
		} else {
			err = unstale(t.exec(ctx, "UPDATE registrations SET division = $3, version = version + 1, data = $4 WHERE code = $1 AND version = $2",
				out.Code, r.Version, out.Division, clean(data)))
		}
		if err != nil {
			return err
		}
		t.record(audit)
		return t.keepName(ctx, out.Code, out.Name)
	})
	return out, wrap("register project", err)
}

func (t *tx) newRegistration(ctx context.Context, r approval.Registration, data string) error {
	n, err := t.exec(ctx, `INSERT INTO registrations (code, division, actor, version, data) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, r.Code, r.Division, clean(r.By), r.Version, clean(data))
	if err != nil {
		return err
	}
	if n == 0 {
		return storage.ErrConflict
	}
	_, err = t.exec(ctx, `INSERT INTO projects (code, name, builder, created) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		r.Code, clean(r.Name), clean(r.Builder), t.now)
	return wrap("insert project", err)
}

// Registration returns a project as registered.
func (s *Store) Registration(ctx context.Context, code string) (r approval.Registration, err error) {
	err = s.read(ctx, func(q querier) error {
		r, err = one(ctx, q, scanRegistration, "SELECT data FROM registrations WHERE code = $1", clean(code))
		return err
	})
	return r, wrap("read project", err)
}

// Registrations lists projects by code.
func (s *Store) Registrations(ctx context.Context, q storage.ProjectQuery) (out []approval.Registration, err error) {
	var w conditions
	w.add(q.Division == "", "division = ?", q.Division)
	w.add(q.Member == "", "(actor = ? OR code IN (SELECT project FROM project_members WHERE account = ?))", q.Member, q.Member)
	w.add(q.After == "", "code > ?", q.After)
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, scanRegistration, fmt.Sprintf("SELECT data FROM registrations%s ORDER BY code LIMIT %d",
			w.text(), bounded(q.Limit, 50, 500)), w.args...)
		return err
	})
	return out, wrap("list projects", err)
}

func scanRegistration(row scanner) (r approval.Registration, err error) {
	var data string
	if err := row.Scan(&data); err != nil {
		return r, err
	}
	return r, decode(data, &r)
}
