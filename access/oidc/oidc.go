package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"onewindow/access"
)

// Config says who the provider is and what its claims mean here.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string // "" for a public client
	RedirectURL  string // …/v1/oidc/callback
	Audience     string // of tokens that programs bring; default ClientID
	Scopes       []string
	// NameClaim must be unique and never given to another person; default "sub".
	NameClaim string
	// RolesClaim holds roles or groups as a list or one text; default "roles".
	RolesClaim string
	// Roles maps its values to roles of this house; "*" is for everybody.
	Roles map[string]access.Role
}

// callTime bounds calls to the provider.
const callTime = 10 * time.Second

// Provider is an OpenID Connect provider. It is found out about when it is first
// needed: a service starts without it.
type Provider struct {
	cfg    Config
	client *http.Client
	mu     sync.Mutex
	found  *oidc.Provider
}

var _ access.Provider = (*Provider)(nil)

// New makes a provider.
func New(c Config) *Provider {
	if c.NameClaim == "" {
		c.NameClaim = "sub"
	}
	if c.RolesClaim == "" {
		c.RolesClaim = "roles"
	}
	if c.Audience == "" {
		c.Audience = c.ClientID
	}
	return &Provider{cfg: c, client: &http.Client{Timeout: callTime}}
}

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// Its keys are fetched later with this context, which must not end.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("reach login provider: %w", err)
	}
	p.found = found
	return found, nil
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.cfg.RedirectURL, Scopes: append([]string{oidc.ScopeOpenID}, p.cfg.Scopes...)}
}

// Begin gives the address of the login and what the browser keeps meanwhile.
func (p *Provider) Begin(ctx context.Context) (address, memory string, err error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	address = p.oauth(found).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	return address, strings.Join([]string{state, nonce, verifier}, "."), nil
}

// Finish exchanges the code for who it is. Errors: access.ErrDenied.
func (p *Provider) Finish(ctx context.Context, memory, state, code string) (access.Identity, error) {
	parts := strings.SplitN(memory, ".", 3)
	if len(parts) != 3 || subtle.ConstantTimeCompare([]byte(parts[0]), []byte(state)) != 1 {
		return access.Identity{}, fmt.Errorf("%w: login was begun elsewhere", access.ErrDenied)
	}
	found, err := p.discover(ctx)
	if err != nil {
		return access.Identity{}, err
	}
	token, err := p.oauth(found).Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(parts[2]))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) {
			return access.Identity{}, fmt.Errorf("%w: provider refuses the code", access.ErrDenied)
		}
		return access.Identity{}, fmt.Errorf("exchange code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.cfg.ClientID}).Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(parts[1])) != 1 {
		return access.Identity{}, fmt.Errorf("%w: identity token does not hold", access.ErrDenied)
	}
	return p.identity(id)
}

// Verify checks a JWT that a program brings. Errors: access.ErrDenied.
func (p *Provider) Verify(ctx context.Context, token string) (access.Identity, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return access.Identity{}, err
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.cfg.Audience}).Verify(ctx, token)
	if err != nil {
		return access.Identity{}, fmt.Errorf("%w: token does not hold", access.ErrDenied)
	}
	return p.identity(id)
}

// identity maps claims by the rules of the configuration.
func (p *Provider) identity(id *oidc.IDToken) (access.Identity, error) {
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return access.Identity{}, fmt.Errorf("%w: claims cannot be read", access.ErrDenied)
	}
	out := access.Identity{Name: text(claims[p.cfg.NameClaim]), Unit: text(claims["unit"]),
		Division: text(claims["division"]), Hall: text(claims["hall"])}
	seen := map[access.Role]bool{}
	for _, value := range append(list(claims[p.cfg.RolesClaim]), "*") {
		if role, ok := p.cfg.Roles[value]; ok && !seen[role] {
			seen[role] = true
			out.Roles = append(out.Roles, role)
		}
	}
	return out, nil
}

func text(v any) string { s, _ := v.(string); return s }

func list(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Fields(v)
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			out = append(out, text(e))
		}
		return out
	}
	return nil
}

// ParseRoles reads "claim=role,other=role". Errors name the wrong part.
func ParseRoles(rules string) (map[string]access.Role, error) {
	out := map[string]access.Role{}
	for rule := range strings.SplitSeq(rules, ",") {
		if rule = strings.TrimSpace(rule); rule == "" {
			continue
		}
		value, role, ok := strings.Cut(rule, "=")
		if !ok || !known(access.Role(role)) {
			return nil, fmt.Errorf("%q is not claim=role", rule)
		}
		out[value] = access.Role(role)
	}
	return out, nil
}

func known(role access.Role) bool {
	for _, r := range access.Roles() {
		if r == role {
			return true
		}
	}
	return false
}
