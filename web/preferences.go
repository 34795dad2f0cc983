package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Cookies that keep how somebody likes the pages; they say nothing about who.
const (
	langCookie  = "onewindow_lang"
	themeCookie = "onewindow_theme"
)

var (
	languages = []string{chinese, english}
	themes    = []string{"auto", "light", "dark", "contrast"}
)

// langOf is the language asked for; Chinese unless somebody chose otherwise.
func langOf(r *http.Request) string { return chosen(r, langCookie, languages) }

func themeOf(r *http.Request) string { return chosen(r, themeCookie, themes) }

// chosen is a cookie's value if it is one of the choices, else the first.
func chosen(r *http.Request, cookie string, choices []string) string {
	if c, err := r.Cookie(cookie); err == nil && slices.Contains(choices, c.Value) {
		return c.Value
	}
	return choices[0]
}

// prefer keeps language and colours and goes back to where the wish came from.
func (s *pages) prefer(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	for cookie, choices := range map[string][]string{langCookie: languages, themeCookie: themes} {
		if v := r.PostFormValue(strings.TrimPrefix(cookie, "onewindow_")); slices.Contains(choices, v) {
			http.SetCookie(w, &http.Cookie{Name: cookie, Value: v, Path: "/", MaxAge: 365 * 24 * 3600,
				HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.Secure})
		}
	}
	http.Redirect(w, r, local(r.PostFormValue("to")), http.StatusSeeOther)
}

// local is a path of this house, "/" for anything else: nobody may use us to
// send people elsewhere.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}
