package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"onewindow/storage"
)

// ErrDenied is returned for a wrong name, password or credential; it never says
// which.
var ErrDenied = errors.New("access denied")

// Records is what the guard keeps.
type Records interface {
	storage.Accounts
	storage.Credentials
}

// Guard knows accounts.
type Guard struct {
	Records Records
	Now     func() time.Time
	// SessionLife is how long a browser session lasts; default 12 hours, a long
	// working day.
	SessionLife time.Duration
}

const defaultSession = 12 * time.Hour

// Login checks a name and password and opens a session. The secret goes into
// the browser's cookie. Errors: ErrDenied.
func (g *Guard) Login(ctx context.Context, name, password string) (secret string, who Who, err error) {
	a, err := g.Records.AccountByName(ctx, name)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return "", Who{}, fmt.Errorf("find account: %w", err)
	}
	// An unknown name takes as long as a wrong password.
	if !checkPassword(a.Password, password) || !a.Active {
		return "", Who{}, ErrDenied
	}
	life := g.SessionLife
	if life == 0 {
		life = defaultSession
	}
	secret, err = g.issue(ctx, a, "session", "", g.Now().Add(life))
	return secret, whoIs(a, false), err
}

// Logout ends a session.
func (g *Guard) Logout(ctx context.Context, secret string) error {
	return g.Records.RemoveCredential(ctx, hashSecret(secret))
}

// IssueToken makes a token for a program acting as an account; life 0 is for
// ever. The secret is shown once and never kept.
func (g *Guard) IssueToken(ctx context.Context, account, label string, life time.Duration) (string, error) {
	a, err := g.Records.AccountByName(ctx, account)
	if err != nil {
		return "", err
	}
	var expires time.Time
	if life > 0 {
		expires = g.Now().Add(life)
	}
	return g.issue(ctx, a, "token", label, expires)
}

func (g *Guard) issue(ctx context.Context, a storage.Account, kind, label string, expires time.Time) (string, error) {
	secret := "ow_" + rand.Text()
	err := g.Records.AddCredential(ctx, storage.Credential{
		Hash: hashSecret(secret), Kind: kind, Account: a.Name, Label: label, Created: g.Now().UTC(), Expires: expires,
	})
	if err != nil {
		return "", fmt.Errorf("keep credential: %w", err)
	}
	return secret, nil
}

// Identify tells who a secret belongs to. Errors: ErrDenied.
func (g *Guard) Identify(ctx context.Context, secret string) (Who, error) {
	if secret == "" {
		return Who{}, ErrDenied
	}
	c, a, err := g.Records.CredentialByHash(ctx, hashSecret(secret), g.Now())
	if errors.Is(err, storage.ErrNotFound) {
		return Who{}, ErrDenied
	}
	if err != nil {
		return Who{}, fmt.Errorf("find credential: %w", err)
	}
	return whoIs(a, c.Kind == "token"), nil
}

// NewAccount describes an account to be made.
type NewAccount struct {
	Name, Password       string
	Roles                []Role
	Unit, Division, Hall string
}

// Create makes an account. Errors: storage.ErrConflict when the name is taken.
func (g *Guard) Create(ctx context.Context, n NewAccount) error {
	hash, err := hashPassword(n.Password)
	if err != nil {
		return err
	}
	return g.create(ctx, n, hash)
}

func (g *Guard) create(ctx context.Context, n NewAccount, hash string) error {
	roles := make([]string, len(n.Roles))
	for i, r := range n.Roles {
		roles[i] = string(r)
	}
	return g.Records.CreateAccount(ctx, storage.Account{
		ID: "acc_" + ulid.Make().String(), Name: n.Name, Password: hash, Roles: roles,
		Unit: n.Unit, Division: n.Division, Hall: n.Hall, Active: true, Created: g.Now().UTC(),
	})
}

// FirstLogin makes the first account when there is none at all, so that nothing
// is ever open without one. made is false when there are accounts already.
func (g *Guard) FirstLogin(ctx context.Context, name, password string) (shown string, made bool, err error) {
	all, err := g.Records.ListAccounts(ctx)
	if err != nil || len(all) > 0 {
		return "", false, err
	}
	if password == "" {
		password = rand.Text()[:16]
	}
	err = g.Create(ctx, NewAccount{Name: name, Password: password, Roles: []Role{Admin, Clerk, Reviewer, Archivist, Supervisor}})
	if errors.Is(err, storage.ErrConflict) { // another process was faster
		return "", false, nil
	}
	return password, err == nil, err
}

func whoIs(a storage.Account, token bool) Who {
	w := Who{Account: a.Name, Unit: a.Unit, Division: a.Division, Hall: a.Hall, Token: token}
	for _, r := range a.Roles {
		w.Roles = append(w.Roles, Role(r))
	}
	return w
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// CreateForPrograms makes an account without a password, for tokens only; one
// that exists already is left as it is.
func (g *Guard) CreateForPrograms(ctx context.Context, n NewAccount) error {
	err := g.create(ctx, n, "")
	if errors.Is(err, storage.ErrConflict) {
		return nil
	}
	return err
}
