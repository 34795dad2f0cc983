package access

import (
	"net/http"
	"strings"
)

// CookieName holds a browser's session.
const CookieName = "onewindow_session"

// Cookie carries a session's secret; secure keeps it off plain HTTP. An empty
// secret takes the cookie away.
func Cookie(secret string, secure bool) http.Cookie {
	c := http.Cookie{Name: CookieName, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: secure, MaxAge: int(defaultSession.Seconds())}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}

// Secret finds what a request proves itself with: a token in Authorization, or
// the session cookie; "" when neither is there.
func Secret(authorization, cookies string) string {
	if token, ok := strings.CutPrefix(authorization, "Bearer "); ok {
		return strings.TrimSpace(token)
	}
	parsed, err := http.ParseCookie(cookies)
	if err != nil {
		return ""
	}
	for _, c := range parsed {
		if c.Name == CookieName {
			return c.Value
		}
	}
	return ""
}

// Foreign reports whether a browser sends a changing request from another site
// (CSRF), with our cookie or without: logging somebody in to a stranger's account
// is an attack too. Programs send neither Sec-Fetch-Site nor Origin and pass.
func Foreign(r *http.Request) bool {
	var protection http.CrossOriginProtection
	return protection.Check(r) != nil
}
