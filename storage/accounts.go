package storage

import (
	"context"
	"time"
)

// Account is a person or a program that may log in.
type Account struct {
	ID       string    `json:"id"` // "acc_…"
	Name     string    `json:"name"`
	Password string    `json:"-"` // argon2id hash, "" when only tokens are used
	Roles    []string  `json:"roles"`
	Unit     string    `json:"unit,omitempty"`     // business unit code
	Division string    `json:"division,omitempty"` // GB/T 2260
	Hall     string    `json:"hall,omitempty"`
	Active   bool      `json:"active"`
	Created  time.Time `json:"created_at"`
}

// Credential is a session of a browser or a token of a program. Only the hash
// of its secret is kept.
type Credential struct {
	Hash    string    `json:"-"`    // SHA-256 of the secret, hex
	Kind    string    `json:"kind"` // "session" or "token"
	Account string    `json:"account"`
	Label   string    `json:"label,omitempty"`
	Created time.Time `json:"created_at"`
	Expires time.Time `json:"expires_at,omitzero"` // zero: never
	Actions []string  `json:"actions,omitempty"`   // what a token may do; none: all its account may
	Used    time.Time `json:"used_at,omitzero"`    // last time, to the minute; zero: never
}

// ID names a credential without giving it away.
func (c Credential) ID() string { return "tok_" + c.Hash[:min(16, len(c.Hash))] }

// Accounts keeps who may log in.
type Accounts interface {
	// CreateAccount adds an account. Errors: ErrConflict when the name is taken.
	CreateAccount(ctx context.Context, a Account) error
	// AccountByName finds an account. Errors: ErrNotFound.
	AccountByName(ctx context.Context, name string) (Account, error)
	// ListAccounts returns all accounts by name.
	ListAccounts(ctx context.Context) ([]Account, error)
	// UpdateAccount replaces password, roles, unit, hall and activity.
	UpdateAccount(ctx context.Context, a Account) error
}

// Credentials keeps sessions and tokens.
type Credentials interface {
	AddCredential(ctx context.Context, c Credential) error
	// CredentialByHash finds a credential that has not expired, with its account.
	// Errors: ErrNotFound, also when the account is not active.
	CredentialByHash(ctx context.Context, hash string, now time.Time) (Credential, Account, error)
	// TouchCredential notes when a credential was used.
	TouchCredential(ctx context.Context, hash string, at time.Time) error
	// RemoveCredential ends a session or token; removing twice is no error.
	RemoveCredential(ctx context.Context, hash string) error
	ListCredentials(ctx context.Context, account string) ([]Credential, error)
}

// Copy is a copy of a delivered file that carries the trace of one fetch.
type Copy struct {
	Digest string    `json:"digest"` // "sha256-…"
	Result string    `json:"result_id"`
	By     string    `json:"by"`
	Unit   string    `json:"unit,omitempty"`
	At     time.Time `json:"at"`
}

// Copies keeps the digests of traced copies, so that a leaked page can be traced
// and is still verified as genuine.
type Copies interface {
	AddCopy(ctx context.Context, c Copy) error
	// CopyByDigest finds who fetched a copy. Errors: ErrNotFound.
	CopyByDigest(ctx context.Context, result, digest string) (Copy, error)
}

// Post is what somebody may do today because they are appointed to it (W2.3).
type Post struct {
	Active                       bool // false: appointed, but not for today
	Roles                        []string
	Unit, Division, Hall, Window string
	Halls                        []string // further ones, for a time (G.10)
	Items                        []string // the only ones they decide about; nil: all of the unit
	Actions                      []string // the only ones allowed; nil: all of the roles
}
