package sqlstore

import (
	"context"
	"strings"

	"onewindow/storage"
)

const accountColumns = "id, name, password, roles, unit, division, hall, active, created"

// CreateAccount adds an account. Errors: storage.ErrConflict when the name is taken.
func (s *Store) CreateAccount(ctx context.Context, a storage.Account) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "INSERT INTO accounts ("+accountColumns+") VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
			a.ID, clean(a.Name), a.Password, strings.Join(a.Roles, ","), a.Unit, a.Division, a.Hall, bit(a.Active), msOf(a.Created))
		if err != nil && t.s.dialect.unique(err) {
			return storage.ErrConflict
		}
		t.record(storage.AuditEntry{Actor: "system", Action: "account.create", Object: a.Name})
		return err
	})
	return wrap("create account", err)
}

// AccountByName finds an account. Errors: storage.ErrNotFound.
func (s *Store) AccountByName(ctx context.Context, name string) (a storage.Account, err error) {
	err = s.read(ctx, func(q querier) error {
		a, err = one(ctx, q, scanAccount, "SELECT "+accountColumns+" FROM accounts WHERE name = $1", clean(name))
		return err
	})
	return a, wrap("find account", err)
}

// ListAccounts returns all accounts by name.
func (s *Store) ListAccounts(ctx context.Context) (out []storage.Account, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanAccount, "SELECT "+accountColumns+" FROM accounts ORDER BY name")
		return err
	})
	return out, wrap("list accounts", err)
}

// UpdateAccount replaces password, roles, unit, division, hall and activity.
// Errors: storage.ErrNotFound.
func (s *Store) UpdateAccount(ctx context.Context, a storage.Account) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `UPDATE accounts SET password = $1, roles = $2, unit = $3, division = $4, hall = $5, active = $6
			WHERE name = $7`, a.Password, strings.Join(a.Roles, ","), a.Unit, a.Division, a.Hall, bit(a.Active), clean(a.Name))
		if err == nil && n == 0 {
			return storage.ErrNotFound
		}
		t.record(storage.AuditEntry{Actor: "system", Action: "account.update", Object: a.Name})
		return err
	})
	return wrap("update account", err)
}

func scanAccount(r scanner) (storage.Account, error) {
	var a storage.Account
	var roles string
	var active, created int64
	err := r.Scan(&a.ID, &a.Name, &a.Password, &roles, &a.Unit, &a.Division, &a.Hall, &active, &created)
	if roles != "" {
		a.Roles = strings.Split(roles, ",")
	}
	a.Active, a.Created = active != 0, timeOf(created)
	return a, err
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// AddCopy notes the digest of a traced copy; adding twice is once.
func (s *Store) AddCopy(ctx context.Context, c storage.Copy) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "INSERT INTO copies (result, digest, actor, unit, at) VALUES ($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING",
			c.Result, c.Digest, clean(c.By), c.Unit, msOf(c.At))
		t.record(storage.AuditEntry{Actor: c.By, Action: "result.copy", Object: c.Result, Detail: map[string]string{"digest": c.Digest}})
		return err
	})
	return wrap("add copy", err)
}

// CopyByDigest finds who fetched a copy. Errors: storage.ErrNotFound.
func (s *Store) CopyByDigest(ctx context.Context, result, digest string) (c storage.Copy, err error) {
	err = s.read(ctx, func(q querier) error {
		c, err = one(ctx, q, scanCopy, "SELECT result, digest, actor, unit, at FROM copies WHERE result = $1 AND digest = $2", result, digest)
		return err
	})
	return c, wrap("find copy", err)
}

func scanCopy(r scanner) (storage.Copy, error) {
	var c storage.Copy
	var at int64
	err := r.Scan(&c.Result, &c.Digest, &c.By, &c.Unit, &at)
	c.At = timeOf(at)
	return c, err
}
