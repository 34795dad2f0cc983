// Package oidc knows people and programs through an OpenID Connect provider
// (G.4): authorization code with PKCE for browsers, JWTs for programs.
package oidc
