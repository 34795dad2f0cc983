package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/access"
	"onewindow/access/oidc"
	"onewindow/internal/testserver"
)

// provided is a house whose people log in at a real provider.
func provided(t *testing.T) (h *house, issuer string) {
	t.Helper()
	h = openHouse(t)
	callback := h.http.URL + "/v1/oidc/callback"
	issuer = testserver.OIDC(t, callback)
	roles, err := oidc.ParseRoles("hall-window=clerk, reviewing=reviewer, system=system")
	if err != nil {
		t.Fatal(err)
	}
	cfg := oidc.Config{Issuer: issuer, ClientID: "onewindow", ClientSecret: "client secret", RedirectURL: callback, Roles: roles,
		Audience: "https://onewindow.test/api"}
	h.guard.Provider = oidc.New(cfg)
	return h, issuer
}

// surfer follows redirects and keeps cookies, but not to the pages of the house.
func surfer(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if via[len(via)-1].URL.Path == "/v1/oidc/callback" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

var formAction = regexp.MustCompile(`action="([^"]+)"`)

// logIn goes through the provider's pages as a person does and returns the answer
// of the callback.
func logIn(t *testing.T, c *http.Client, start, name string) *http.Response {
	t.Helper()
	resp, err := c.Get(start)
	for step := 0; ; step++ {
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.Request.URL.Path == "/v1/oidc/callback" || step > 4 {
			return resp
		}
		action := formAction.FindSubmatch(body)
		if action == nil {
			t.Fatalf("no form at %s (%d): %s", resp.Request.URL, resp.StatusCode, body)
		}
		form := url.Values{"prompt": {"consent"}}
		if strings.Contains(string(body), `name="login"`) {
			form = url.Values{"prompt": {"login"}, "login": {name}, "password": {"any"}}
		}
		to, err2 := resp.Request.URL.Parse(string(action[1]))
		if err2 != nil {
			t.Fatal(err2)
		}
		resp, err = c.PostForm(to.String(), form)
	}
}

func whoIs(t *testing.T, h *house, c *http.Client) (w access.Who) {
	t.Helper()
	resp, err := c.Get(h.http.URL + "/v1/session")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&w); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestG4_PeopleLogInAtTheProvider(t *testing.T) {
	h, _ := provided(t)
	c := surfer(t)
	resp := logIn(t, c, h.http.URL+"/v1/oidc/login?to=/documents", "window")
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/documents" {
		t.Fatalf("came back with %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	w := whoIs(t, h, c)
	if w.Account != "sso/window" || !slices.Equal(w.Roles, []access.Role{access.Clerk}) || w.Hall != "changsha" || w.Division != "430100" || w.Token {
		t.Errorf("the provider's person is %+v", w)
	}
	a, err := h.records.AccountByName(t.Context(), "sso/window")
	if err != nil || a.Password != "" || h.audits(a.ID, "session.provider") != 1 {
		t.Errorf("account %+v, %v, %d logins in the trail", a, err, h.audits(a.ID, "session.provider"))
	}
	// Switched off here, whatever the provider says.
	off := false
	if _, err := h.guard.Change(t.Context(), "sso/window", "admin", access.AccountChange{Active: &off}); err != nil {
		t.Fatal(err)
	}
	if w := whoIs(t, h, c); w.Account != "" {
		t.Errorf("still logged in as %+v", w)
	}
	if resp := logIn(t, surfer(t), h.http.URL+"/v1/oidc/login", "window"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a switched-off account got %d", resp.StatusCode)
	}
	// Known there, but with no role here.
	if resp := logIn(t, surfer(t), h.http.URL+"/v1/oidc/login", "stranger"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("somebody without a role got %d", resp.StatusCode)
	}
}

func TestG4_LoginBegunElsewhereIsRefused(t *testing.T) {
	h, _ := provided(t)
	c := surfer(t)
	for _, q := range []string{"", "?state=x&code=y", "?code=y"} {
		resp, err := c.Get(h.http.URL + "/v1/oidc/callback" + q)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized || len(resp.Cookies()) != 0 {
			t.Errorf("%q got %d and %v", q, resp.StatusCode, resp.Cookies())
		}
	}
	if got := h.get("", "/v1/oidc/login?to=//evil.example"); got.status != http.StatusSeeOther || strings.Contains(got.header.Get("Set-Cookie"), "evil") {
		t.Errorf("a login leads elsewhere: %v", got.header)
	}
}

func TestG4_SystemsBringTokensOfTheProvider(t *testing.T) {
	h, issuer := provided(t)
	r, err := http.NewRequest("POST", issuer+"/token", strings.NewReader(url.Values{"grant_type": {"client_credentials"}, "scope": {"api"},
		"resource": {"https://onewindow.test/api"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("unit-system", "system+secret")
	var token struct {
		Access string `json:"access_token"`
	}
	got := h.do(r)
	if err := json.Unmarshal(got.body, &token); err != nil || token.Access == "" {
		t.Fatalf("the provider gives %d %s", got.status, got.body)
	}
	ask := func(secret string) reply {
		r := h.request("", "GET", "/v1/session", nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		return h.do(r)
	}
	var w access.Who
	ask(token.Access).want(http.StatusOK).into(&w)
	if w.Account != "sso/unit-system" || !slices.Equal(w.Roles, []access.Role{access.System}) || w.Unit != "housing" || !w.Token {
		t.Errorf("the system is %+v", w)
	}
	parts := strings.Split(token.Access, ".")
	for name, secret := range map[string]string{
		"another signature": parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])),
		"no signature":      "eyJhbGciOiJub25lIn0." + parts[1] + ".",
		"nonsense":          "a.b.c",
	} {
		if got := ask(secret); got.status != http.StatusUnauthorized {
			t.Errorf("%s got %d", name, got.status)
		}
	}
}

func TestG4_WithoutItsProviderTheHouseStands(t *testing.T) {
	h := openHouse(t)
	h.get("", "/v1/oidc/login").want(http.StatusNotFound)
	h.guard.Provider = oidc.New(oidc.Config{Issuer: "http://127.0.0.1:9", ClientID: "x"})
	h.get("", "/v1/oidc/login").want(http.StatusServiceUnavailable)
	h.get("admin", "/v1/session").want(http.StatusOK)
}

func TestTokens_DoOnlyWhatTheyAreFor(t *testing.T) {
	h := openHouse(t)
	h.token("clerk")
	var made struct{ Token string }
	h.ask("admin", "POST", "/v1/accounts/clerk/tokens", map[string]any{"label": "扫描仪", "actions": []string{"document.send"}}).want(http.StatusOK).into(&made)
	as := func(method, path string) reply {
		r := h.request("", method, path, nil)
		r.Header.Set("Authorization", "Bearer "+made.Token)
		return h.do(r)
	}
	if got := as("POST", "/v1/documents"); got.status == http.StatusForbidden || got.status == http.StatusUnauthorized {
		t.Errorf("a scanner's token may not send: %d", got.status)
	}
	as("GET", "/v1/documents").want(http.StatusForbidden)
	as("GET", "/v1/results").want(http.StatusForbidden)
	h.ask("admin", "POST", "/v1/accounts/clerk/tokens", map[string]any{"label": "x", "actions": []string{"document.burn"}}).want(http.StatusUnprocessableEntity)
	var list struct {
		Tokens []struct {
			ID, Label string
			Actions   []string
			Used      time.Time `json:"used_at"`
		}
	}
	r := h.get("admin", "/v1/accounts/clerk/tokens").want(http.StatusOK)
	if strings.Contains(string(r.body), made.Token) {
		t.Error("the secret is shown again")
	}
	r.into(&list)
	id := ""
	for _, c := range list.Tokens {
		if c.Label == "扫描仪" {
			id = c.ID
			if c.Used.IsZero() || !slices.Equal(c.Actions, []string{"document.send"}) {
				t.Errorf("token %+v", c)
			}
		}
	}
	h.ask("admin", "DELETE", "/v1/accounts/clerk/tokens/"+id, nil).want(http.StatusNoContent)
	as("POST", "/v1/documents").want(http.StatusUnauthorized)
	h.ask("admin", "DELETE", "/v1/accounts/clerk/tokens/"+id, nil).want(http.StatusNotFound)
}

func TestSessions_EndWhenIdleAndAtTheLatest(t *testing.T) {
	h := openHouse(t)
	now := time.Now()
	h.now = func() time.Time { return now }
	if err := h.guard.Create(t.Context(), access.NewAccount{Name: "wang", Password: password, Roles: []access.Role{access.Clerk}}); err != nil {
		t.Fatal(err)
	}
	secret, _, err := h.guard.Login(t.Context(), "wang", password)
	if err != nil {
		t.Fatal(err)
	}
	alive := func() bool { _, err := h.guard.Identify(t.Context(), secret); return err == nil }
	for at := time.Duration(0); at < 11*time.Hour; at += time.Hour {
		if now = now.Add(time.Hour); !alive() {
			t.Fatalf("a session in use ended after %v", at)
		}
	}
	if now = now.Add(90 * time.Minute); alive() {
		t.Error("a session in use lasts for ever")
	}
	if secret, _, err = h.guard.Login(t.Context(), "wang", password); err != nil {
		t.Fatal(err)
	}
	if now = now.Add(2*time.Hour + time.Second); alive() {
		t.Error("an idle session goes on")
	}
	if now = now.Add(-time.Hour); alive() {
		t.Error("an ended session came back")
	}
}

// The login page leads to the provider where there is one, and only there.
func TestOIDC_LoginPageLeadsToTheProvider(t *testing.T) {
	h, _ := provided(t)
	page := string(h.get("", "/login?to=/projects").want(http.StatusOK).body)
	if !strings.Contains(page, `href="/v1/oidc/login?to=%2fprojects"`) || !strings.Contains(page, "统一身份认证登录") {
		t.Errorf("the page does not lead to the provider: %s", page)
	}
	if page := string(openHouse(t).get("", "/login").want(http.StatusOK).body); strings.Contains(page, "/v1/oidc/login") {
		t.Error("a house without a provider offers one")
	}
}
