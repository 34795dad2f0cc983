package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oklog/ulid/v2"

	"onewindow/storage"
)

// Identity is whom another house vouches for, as the rules of this one map it.
type Identity struct {
	Name                 string // unique and lasting at the provider
	Roles                []Role
	Unit, Division, Hall string
}

// Provider knows people and programs of another house (OIDC).
type Provider interface {
	// Begin gives the address where a person logs in, and what their browser must
	// bring back.
	Begin(ctx context.Context) (address, memory string, err error)
	// Finish takes what the browser brought back. Errors: ErrDenied.
	Finish(ctx context.Context, memory, state, code string) (Identity, error)
	// Verify checks a token of the provider. Errors: ErrDenied.
	Verify(ctx context.Context, token string) (Identity, error)
}

// foreignPrefix keeps names of the provider apart from local ones, which have no
// slash: nobody there can become somebody here by a name.
const foreignPrefix = "sso/"

// Enter opens a session for a person whom the provider vouches for. Their account
// is made or brought up to date with every login: rights taken away there are
// taken away here. Errors: ErrDenied, also for an account that was switched off
// here or has no role.
func (g *Guard) Enter(ctx context.Context, id Identity) (secret string, who Who, err error) {
	a, err := g.foreignAccount(ctx, id)
	if err != nil {
		return "", Who{}, err
	}
	known := a.ID != ""
	if !known {
		a.ID, a.Created = "acc_"+ulid.Make().String(), g.Now().UTC()
		err = g.Records.CreateAccount(ctx, a)
	} else {
		err = g.Records.UpdateAccount(ctx, a)
	}
	if err != nil && !(errors.Is(err, storage.ErrConflict) && !known) { // two first logins at once
		return "", Who{}, fmt.Errorf("keep account: %w", err)
	}
	if err := g.note(ctx, a.Name, "session.provider", a, map[string]string{"roles": strings.Join(a.Roles, ",")}); err != nil {
		return "", Who{}, err
	}
	return g.enter(ctx, a)
}

// identifyForeign tells who a token of the provider belongs to.
func (g *Guard) identifyForeign(ctx context.Context, token string) (Who, error) {
	id, err := g.Provider.Verify(ctx, token)
	if err != nil {
		return Who{}, err
	}
	a, err := g.foreignAccount(ctx, id)
	if err != nil {
		return Who{}, err
	}
	return g.appointed(ctx, whoIs(a, storage.Credential{Kind: "token"}))
}

// foreignAccount is the account of an identity, known or new, with the rights it
// has at the provider now.
func (g *Guard) foreignAccount(ctx context.Context, id Identity) (storage.Account, error) {
	if id.Name == "" || len(id.Roles) == 0 {
		return storage.Account{}, ErrDenied
	}
	a, err := g.Records.AccountByName(ctx, foreignPrefix+id.Name)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return a, fmt.Errorf("find account: %w", err)
	}
	if err == nil && !a.Active {
		return a, ErrDenied
	}
	a.Name, a.Active, a.Roles = foreignPrefix+id.Name, true, nil
	for _, r := range id.Roles {
		a.Roles = append(a.Roles, string(r))
	}
	a.Unit, a.Division, a.Hall = id.Unit, id.Division, id.Hall
	return a, nil
}

// Revoke ends a token or session by its ID. Errors: storage.ErrNotFound.
func (g *Guard) Revoke(ctx context.Context, account, id, by string) error {
	a, err := g.Records.AccountByName(ctx, account)
	if err != nil {
		return err
	}
	all, err := g.Records.ListCredentials(ctx, account)
	if err != nil {
		return fmt.Errorf("list credentials: %w", err)
	}
	at := slices.IndexFunc(all, func(c storage.Credential) bool { return c.ID() == id })
	if at < 0 {
		return storage.ErrNotFound
	}
	if err := g.Records.RemoveCredential(ctx, all[at].Hash); err != nil {
		return fmt.Errorf("end credential: %w", err)
	}
	return g.note(ctx, by, all[at].Kind+".revoke", a, map[string]string{"id": id, "label": all[at].Label})
}
