package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"onewindow/storage"
)

// ErrWeak is returned for a password that is too short.
var ErrWeak = errors.New("password too short")

// minPassword is the shortest password in characters.
const minPassword = 8

// ErrDenied is returned for a wrong name, password or credential; it never says
// which.
var ErrDenied = errors.New("access denied")

// Records is what the guard keeps.
type Records interface {
	storage.Accounts
	storage.Credentials
	storage.Audit
}

// Guard knows accounts.
type Guard struct {
	Records Records
	Now     func() time.Time
	// SessionLife is how long a browser session lasts; default 12 hours, a long
	// working day.
	SessionLife time.Duration
	// SessionIdle is how long a browser session lasts without a request; default
	// 2 hours, longer than a lunch.
	SessionIdle time.Duration
	// Provider knows people and programs of another house (OIDC); nil: none.
	Provider Provider
	// Posts knows who is appointed to what; nil: accounts say it all.
	Posts Posts

	// deriving lets one password be checked at a time: each takes 64 MB, and a
	// crowd of guesses must not take all memory.
	deriving sync.Mutex
}

const (
	defaultSession = 12 * time.Hour
	defaultIdle    = 2 * time.Hour
	// touchEvery bounds how often the use of a credential is written down.
	touchEvery = time.Minute
)

// Login checks a name and password and opens a session. The secret goes into
// the browser's cookie. Errors: ErrDenied.
func (g *Guard) Login(ctx context.Context, name, password string) (secret string, who Who, err error) {
	a, err := g.Records.AccountByName(ctx, name)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return "", Who{}, fmt.Errorf("find account: %w", err)
	}
	// An unknown name takes as long as a wrong password.
	if !g.check(a.Password, password) || !a.Active {
		return "", Who{}, g.deny(ctx, a)
	}
	return g.enter(ctx, a)
}

// enter opens a session; the store notes it in the audit trail. Errors: ErrDenied
// for somebody whose appointment has ended or not begun.
func (g *Guard) enter(ctx context.Context, a storage.Account) (secret string, who Who, err error) {
	if _, err := g.appointed(ctx, whoIs(a, storage.Credential{})); errors.Is(err, ErrDenied) {
		return "", Who{}, g.deny(ctx, a)
	} else if err != nil {
		return "", Who{}, err
	}
	life := g.SessionLife
	if life == 0 {
		life = defaultSession
	}
	secret, err = g.issue(ctx, a, storage.Credential{Kind: "session", Expires: g.Now().Add(life)})
	if err != nil {
		return "", Who{}, err
	}
	who, err = g.appointed(ctx, whoIs(a, storage.Credential{Kind: "session"}))
	return secret, who, err
}

func (g *Guard) check(hash, password string) bool {
	g.deriving.Lock()
	defer g.deriving.Unlock()
	return checkPassword(hash, password) && password != ""
}

// deny notes a failed login to an account that exists. A name that does not is
// not kept: people type passwords into the wrong box.
func (g *Guard) deny(ctx context.Context, a storage.Account) error {
	if a.ID == "" {
		return ErrDenied
	}
	if err := g.note(ctx, a.Name, "session.denied", a, nil); err != nil {
		return fmt.Errorf("note failed login: %w", err)
	}
	return ErrDenied
}

// Logout ends a session; one that has ended already is no error.
func (g *Guard) Logout(ctx context.Context, secret string) error {
	hash := hashSecret(secret)
	_, a, err := g.Records.CredentialByHash(ctx, hash, g.Now())
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find session: %w", err)
	}
	if err := g.Records.RemoveCredential(ctx, hash); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return g.note(ctx, a.Name, "session.close", a, nil)
}

// IssueToken makes a token for a program acting as an account; life 0 is for
// ever. With actions it may do nothing else: a scanner's token only sends. The
// secret is shown once and never kept. Errors: storage.ErrNotFound.
func (g *Guard) IssueToken(ctx context.Context, account, label string, life time.Duration, actions ...Action) (string, error) {
	a, err := g.Records.AccountByName(ctx, account)
	if err != nil {
		return "", err
	}
	var expires time.Time
	if life > 0 {
		expires = g.Now().Add(life)
	}
	c := storage.Credential{Kind: "token", Label: label, Expires: expires}
	for _, a := range actions {
		c.Actions = append(c.Actions, string(a))
	}
	return g.issue(ctx, a, c)
}

func (g *Guard) issue(ctx context.Context, a storage.Account, c storage.Credential) (string, error) {
	secret := "ow_" + rand.Text()
	c.Hash, c.Account, c.Created = hashSecret(secret), a.Name, g.Now().UTC()
	if err := g.Records.AddCredential(ctx, c); err != nil {
		return "", fmt.Errorf("keep credential: %w", err)
	}
	return secret, nil
}

// Identify tells who a secret belongs to. Errors: ErrDenied.
func (g *Guard) Identify(ctx context.Context, secret string) (Who, error) {
	if secret == "" {
		return Who{}, ErrDenied
	}
	if g.Provider != nil && strings.Count(secret, ".") == 2 {
		return g.identifyForeign(ctx, secret)
	}
	c, a, err := g.Records.CredentialByHash(ctx, hashSecret(secret), g.Now())
	if errors.Is(err, storage.ErrNotFound) {
		return Who{}, ErrDenied
	}
	if err != nil {
		return Who{}, fmt.Errorf("find credential: %w", err)
	}
	if c.Kind == kioskKind {
		return Who{}, ErrDenied // opens one issuance at a terminal, and no account
	}
	if err := g.use(ctx, c); err != nil {
		return Who{}, err
	}
	return g.appointed(ctx, whoIs(a, c))
}

// Account tells what an account may do now. Errors: storage.ErrNotFound, ErrDenied
// for one that may not log in.
func (g *Guard) Account(ctx context.Context, name string) (Who, error) {
	a, err := g.Records.AccountByName(ctx, name)
	if err != nil {
		return Who{}, err
	}
	if !a.Active {
		return Who{}, ErrDenied
	}
	return g.appointed(ctx, whoIs(a, storage.Credential{}))
}

// use ends a session that nobody used for long, and notes the use of the others.
func (g *Guard) use(ctx context.Context, c storage.Credential) error {
	last, now, idle := c.Used, g.Now(), g.SessionIdle
	if last.IsZero() {
		last = c.Created
	}
	if idle == 0 {
		idle = defaultIdle
	}
	if c.Kind == "session" && now.Sub(last) > idle {
		if err := g.Records.RemoveCredential(ctx, c.Hash); err != nil {
			return fmt.Errorf("end idle session: %w", err)
		}
		return ErrDenied
	}
	if c.Used.IsZero() || now.Sub(c.Used) >= touchEvery {
		if err := g.Records.TouchCredential(ctx, c.Hash, now.UTC()); err != nil {
			return fmt.Errorf("note use of credential: %w", err)
		}
	}
	return nil
}

// NewAccount describes an account to be made.
type NewAccount struct {
	Name, Password       string
	Roles                []Role
	Unit, Division, Hall string
	By                   string // who makes it, "" for the house itself
}

// Create makes an account; one without a password can only be used by tokens.
// Errors: storage.ErrConflict when the name is taken, ErrWeak.
func (g *Guard) Create(ctx context.Context, n NewAccount) error {
	if n.Password == "" {
		return g.create(ctx, n, "")
	}
	hash, err := g.hash(n.Password)
	if err != nil {
		return err
	}
	return g.create(ctx, n, hash)
}

func (g *Guard) hash(password string) (string, error) {
	if utf8.RuneCountInString(password) < minPassword {
		return "", fmt.Errorf("%w: at least %d characters", ErrWeak, minPassword)
	}
	g.deriving.Lock()
	defer g.deriving.Unlock()
	return hashPassword(password)
}

func (g *Guard) create(ctx context.Context, n NewAccount, hash string) error {
	roles := make([]string, len(n.Roles))
	for i, r := range n.Roles {
		roles[i] = string(r)
	}
	a := storage.Account{
		ID: "acc_" + ulid.Make().String(), Name: n.Name, Password: hash, Roles: roles,
		Unit: n.Unit, Division: n.Division, Hall: n.Hall, Active: true, Created: g.Now().UTC(),
	}
	if err := g.Records.CreateAccount(ctx, a); err != nil {
		return err
	}
	if n.By == "" {
		return nil
	}
	return g.note(ctx, n.By, "account.create", a, map[string]string{"roles": strings.Join(roles, ",")})
}

// note writes an audit entry about an account.
func (g *Guard) note(ctx context.Context, by, action string, a storage.Account, detail map[string]string) error {
	if by == "" {
		by = "system"
	}
	if detail == nil {
		detail = map[string]string{}
	}
	detail["account"] = a.Name
	return g.Records.Record(ctx, storage.AuditEntry{Actor: by, Action: action, Object: a.ID, Detail: detail})
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

func whoIs(a storage.Account, c storage.Credential) Who {
	w := Who{Account: a.Name, Unit: a.Unit, Division: a.Division, Hall: a.Hall, Token: c.Kind == "token"}
	if c.Hash != "" { // a JWT of the provider has none
		w.Credential = c.ID()
	}
	for _, action := range c.Actions {
		w.Actions = append(w.Actions, Action(action))
	}
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
