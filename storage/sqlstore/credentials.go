package sqlstore

import (
	"context"
	"strings"
	"time"

	"onewindow/storage"
)

const credentialColumns = "hash, kind, account, label, created, expires, actions, used"

// AddCredential keeps a session or token.
func (s *Store) AddCredential(ctx context.Context, c storage.Credential) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "INSERT INTO credentials ("+credentialColumns+") VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
			c.Hash, c.Kind, clean(c.Account), clean(c.Label), msOf(c.Created), msOf(c.Expires),
			strings.Join(c.Actions, ","), msOf(c.Used))
		t.record(storage.AuditEntry{Actor: c.Account, Action: c.Kind + ".open", Object: c.Account})
		return err
	})
	return wrap("add credential", err)
}

// CredentialByHash finds a credential that has not expired, and its account.
// Errors: storage.ErrNotFound, also for an account that is not active.
func (s *Store) CredentialByHash(ctx context.Context, hash string, now time.Time) (c storage.Credential, a storage.Account, err error) {
	err = s.read(ctx, func(q querier) error {
		c, err = one(ctx, q, scanCredential, "SELECT "+credentialColumns+
			" FROM credentials WHERE hash = $1 AND (expires = 0 OR expires > $2)", hash, msOf(now))
		if err != nil {
			return err
		}
		a, err = one(ctx, q, scanAccount, "SELECT "+accountColumns+" FROM accounts WHERE name = $1 AND active = 1", c.Account)
		return err
	})
	return c, a, wrap("find credential", err)
}

// TouchCredential notes when a credential was used; one that is gone is no error.
func (s *Store) TouchCredential(ctx context.Context, hash string, at time.Time) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "UPDATE credentials SET used = $2 WHERE hash = $1", hash, msOf(at))
		return err
	})
	return wrap("touch credential", err)
}

// RemoveCredential ends a session or token; removing twice is no error.
func (s *Store) RemoveCredential(ctx context.Context, hash string) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "DELETE FROM credentials WHERE hash = $1", hash)
		return err
	})
	return wrap("remove credential", err)
}

// ListCredentials returns an account's sessions and tokens, oldest first.
func (s *Store) ListCredentials(ctx context.Context, account string) (out []storage.Credential, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanCredential, "SELECT "+credentialColumns+
			" FROM credentials WHERE account = $1 ORDER BY created, hash", clean(account))
		return err
	})
	return out, wrap("list credentials", err)
}

func scanCredential(r scanner) (storage.Credential, error) {
	var c storage.Credential
	var created, expires, used int64
	var actions string
	err := r.Scan(&c.Hash, &c.Kind, &c.Account, &c.Label, &created, &expires, &actions, &used)
	c.Created, c.Expires, c.Used = timeOf(created), timeOf(expires), timeOf(used)
	if actions != "" {
		c.Actions = strings.Split(actions, ",")
	}
	return c, err
}
