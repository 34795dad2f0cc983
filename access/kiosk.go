package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/storage"
)

// kioskKind marks the credentials of people at a self-print terminal. They open
// one issuance and nothing else: Identify does not know them.
const kioskKind = "kiosk"

// kioskLife is how long somebody may stand at a terminal, busy or not.
const kioskLife = 15 * time.Minute

// OpenKiosk lets whoever stands at a terminal see one issuance (P4.7). account is
// the terminal's.
func (g *Guard) OpenKiosk(ctx context.Context, account, issuance string) (secret string, err error) {
	return g.issue(ctx, storage.Account{Name: account}, storage.Credential{Kind: kioskKind, Label: issuance, Expires: g.Now().Add(kioskLife), Used: g.Now().UTC()})
}

// Kiosk tells which issuance a secret opens at a terminal. Errors: ErrDenied when
// it was opened at another, has ended or was not used for idle: then it is gone.
func (g *Guard) Kiosk(ctx context.Context, secret, account string, idle time.Duration) (issuance string, err error) {
	now := g.Now()
	c, a, err := g.Records.CredentialByHash(ctx, hashSecret(secret), now)
	if errors.Is(err, storage.ErrNotFound) {
		return "", ErrDenied
	}
	if err != nil {
		return "", fmt.Errorf("find kiosk session: %w", err)
	}
	if c.Kind != kioskKind || a.Name != account {
		return "", ErrDenied
	}
	if now.Sub(c.Used) > idle {
		return "", errors.Join(ErrDenied, g.Records.RemoveCredential(ctx, c.Hash))
	}
	return c.Label, g.Records.TouchCredential(ctx, c.Hash, now.UTC())
}

// CloseKiosk ends what stands open at a terminal; ended already is no error.
func (g *Guard) CloseKiosk(ctx context.Context, secret string) error {
	return g.Records.RemoveCredential(ctx, hashSecret(secret))
}
