package access

import (
	"context"
	"fmt"
	"strings"

	"onewindow/storage"
)

// AccountChange holds new values of an account; nil leaves a value as it is.
type AccountChange struct {
	Password             *string
	Roles                *[]string
	Unit, Division, Hall *string
	Active               *bool
}

// Change changes an account. A new password or being switched off ends all its
// browser sessions. Errors: storage.ErrNotFound, ErrWeak.
func (g *Guard) Change(ctx context.Context, name, by string, c AccountChange) (storage.Account, error) {
	a, err := g.Records.AccountByName(ctx, name)
	if err != nil {
		return a, err
	}
	var what []string
	set(&a.Unit, c.Unit, "unit", &what)
	set(&a.Division, c.Division, "division", &what)
	set(&a.Hall, c.Hall, "hall", &what)
	set(&a.Roles, c.Roles, "roles", &what)
	set(&a.Active, c.Active, "active", &what)
	if c.Password != nil {
		if a.Password, err = g.hash(*c.Password); err != nil {
			return a, err
		}
		what = append(what, "password")
	}
	if err := g.Records.UpdateAccount(ctx, a); err != nil {
		return a, fmt.Errorf("update account: %w", err)
	}
	if c.Password != nil || !a.Active {
		if err := g.endSessions(ctx, name); err != nil {
			return a, err
		}
	}
	return a, g.note(ctx, by, "account.change", a, map[string]string{"changed": strings.Join(what, ",")})
}

func set[T any](to *T, from *T, name string, what *[]string) {
	if from != nil {
		*to = *from
		*what = append(*what, name)
	}
}

// ChangePassword lets people change their own password. Errors: ErrDenied when
// the old one is wrong, ErrWeak.
func (g *Guard) ChangePassword(ctx context.Context, name, old, password string) error {
	a, err := g.Records.AccountByName(ctx, name)
	if err != nil {
		return err
	}
	if !g.check(a.Password, old) {
		return g.deny(ctx, a)
	}
	_, err = g.Change(ctx, name, name, AccountChange{Password: &password})
	return err
}

func (g *Guard) endSessions(ctx context.Context, account string) error {
	all, err := g.Records.ListCredentials(ctx, account)
	if err != nil {
		return fmt.Errorf("list sessions: %w", err)
	}
	for _, c := range all {
		if c.Kind != "session" {
			continue
		}
		if err := g.Records.RemoveCredential(ctx, c.Hash); err != nil {
			return fmt.Errorf("end session: %w", err)
		}
	}
	return nil
}
