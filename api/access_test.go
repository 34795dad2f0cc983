package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onewindow/access"
	"onewindow/api"
	"onewindow/storage"
)

func memberOf(code, account string) storage.Member {
	return storage.Member{Project: code, Account: account, By: "clerk"}
}

// brokenTrail is a store whose audit trail cannot be written.
type brokenTrail struct{ api.Records }

func (brokenTrail) Record(context.Context, ...storage.AuditEntry) error {
	return errors.New("disk /var/lib/secret is gone")
}

// person makes an account with a password.
func (h *house) person(t *testing.T, name string, roles ...access.Role) {
	t.Helper()
	if err := h.guard.Create(t.Context(), access.NewAccount{Name: name, Password: password, Roles: roles}); err != nil {
		t.Fatal(err)
	}
}

func (h *house) login(t *testing.T, name, pass string) reply {
	t.Helper()
	return h.ask("", "POST", "/v1/sessions", map[string]string{"name": name, "password": pass})
}

// session logs in and returns the cookie.
func (h *house) session(t *testing.T, name string) *http.Cookie {
	t.Helper()
	r := h.login(t, name, password).want(http.StatusOK)
	c, err := http.ParseSetCookie(r.header.Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (h *house) withCookie(method, path string, c *http.Cookie, headers ...string) reply {
	h.t.Helper()
	r := h.request("", method, path, strings.NewReader("{}"))
	r.AddCookie(c)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.do(r)
}

func TestAccess_LoginGivesASessionCookie(t *testing.T) {
	h := openHouse(t)
	h.person(t, "王芳", access.Clerk)
	c := h.session(t, "王芳")
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.MaxAge <= 0 || !strings.HasPrefix(c.Value, "ow_") {
		t.Errorf("cookie %+v", c)
	}
	var who struct {
		Account string
		Roles   []string
		Token   bool
	}
	h.withCookie("GET", "/v1/session", c).want(http.StatusOK).into(&who)
	if who.Account != "王芳" || len(who.Roles) != 1 || who.Token {
		t.Errorf("who %+v", who)
	}
	if secure := access.Cookie("x", true); !secure.Secure {
		t.Error("a cookie over TLS is not Secure")
	}
}

func TestAccess_WrongNameAndWrongPasswordLookAlike(t *testing.T) {
	h := openHouse(t)
	h.person(t, "wang", access.Clerk)
	a := h.login(t, "wang", "not the password").want(http.StatusUnauthorized)
	b := h.login(t, "nobody", "not the password").want(http.StatusUnauthorized)
	if string(a.body) != string(b.body) {
		t.Errorf("%s and %s", a.body, b.body)
	}
	h.login(t, "clerk", "").want(http.StatusUnprocessableEntity)
	h.token("clerk")
	h.login(t, "clerk", "any password").want(http.StatusUnauthorized) // has none: tokens only
	for _, row := range auditText(t, h) {
		if strings.Contains(row, "not the password") || strings.Contains(row, "nobody") {
			t.Errorf("the trail keeps what was typed: %s", row)
		}
	}
}

func TestAccess_LogoutEndsTheSession(t *testing.T) {
	h := openHouse(t)
	h.person(t, "wang", access.Clerk)
	c := h.session(t, "wang")
	out := h.withCookie("DELETE", "/v1/session", c).want(http.StatusNoContent)
	if gone, err := http.ParseSetCookie(out.header.Get("Set-Cookie")); err != nil || gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("cookie after logout: %v %v", gone, err)
	}
	h.withCookie("GET", "/v1/session", c).want(http.StatusUnauthorized)
}

func TestAccess_SessionsAndTokensExpire(t *testing.T) {
	h := openHouse(t)
	h.person(t, "wang", access.Clerk)
	c := h.session(t, "wang")
	token, err := h.guard.IssueToken(t.Context(), "wang", "short", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	bearer := func() int {
		r := h.request("", "GET", "/v1/session", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return h.do(r).status
	}
	if got := bearer(); got != http.StatusOK {
		t.Errorf("a fresh token answered %d", got)
	}
	h.now = func() time.Time { return time.Now().Add(90 * time.Minute) }
	if got := bearer(); got != http.StatusUnauthorized {
		t.Errorf("an expired token answered %d", got)
	}
	h.withCookie("GET", "/v1/session", c).want(http.StatusOK)
	h.now = func() time.Time { return time.Now().Add(13 * time.Hour) }
	h.withCookie("GET", "/v1/session", c).want(http.StatusUnauthorized)
}

func TestAccess_NothingIsOpenWithoutALogin(t *testing.T) {
	h := openHouse(t)
	r := h.get("", "/v1/documents").want(http.StatusUnauthorized)
	if r.header.Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
	for _, authorization := range []string{"Bearer ", "Bearer ow_guess", "Basic YTpi", "Bearer " + strings.Repeat("x", 5000)} {
		q := h.request("", "GET", "/v1/documents", nil)
		q.Header.Set("Authorization", authorization)
		h.do(q).want(http.StatusUnauthorized)
	}
	if m := h.get("", "/metrics"); m.status != http.StatusUnauthorized {
		t.Errorf("metrics answer %d to anybody", m.status)
	}
	if m := h.get("system", "/metrics").want(http.StatusOK); string(m.body) != "onewindow_up 1\n" {
		t.Errorf("metrics %s", m.body)
	}
	for _, path := range []string{"/healthz", "/readyz", "/v", "/login", "/openapi.yaml", "/openapi.json", "/schemas/result.json", "/", "/guide", "/about"} {
		h.get("", path).want(http.StatusOK)
	}
	for _, page := range []string{"/documents", "/documents/doc_1", "/results/res_1", "/results", "/admin", "/audit"} {
		if p := h.get("", page); p.status != http.StatusSeeOther || p.header.Get("Location") != "/login?to="+url.QueryEscape(page) {
			t.Errorf("page %s answers %d to anybody", page, p.status)
		}
	}
}

func TestAccess_UnknownPathsAndMethodsAreProblems(t *testing.T) {
	h := openHouse(t)
	h.get("admin", "/v1/nothing").want(http.StatusNotFound)
	h.get("", "/v1/").want(http.StatusNotFound)
	h.get("admin", "/v1/documents/doc_none").want(http.StatusNotFound)
	h.get("admin", "/v1/results/res_none").want(http.StatusNotFound)
	h.get("admin", "/v1/results/res_none/file").want(http.StatusNotFound)
	r := h.do(h.request("admin", "DELETE", "/v1/documents", nil)).want(http.StatusMethodNotAllowed)
	if got := strings.Join(r.header.Values("Allow"), ","); got != "GET,HEAD,POST" {
		t.Errorf("Allow is %q", got)
	}
	h.do(h.request("admin", "HEAD", "/v1/documents", nil)).want(http.StatusOK) // what is offered is answered
}

func TestAccess_OtherSitesCannotActForAPerson(t *testing.T) {
	h := openHouse(t)
	h.person(t, "wang", access.Admin)
	c := h.session(t, "wang")
	const path = "/v1/documents/doc_none/reject"
	for _, c2 := range []struct {
		headers []string
		status  int
	}{
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403}, // another service of the same domain
		{[]string{"Origin", "https://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 422}, // heard, and the body is wrong
		{[]string{"Sec-Fetch-Site", "none"}, 422},
		{[]string{"Origin", h.http.URL}, 422},
		{nil, 422}, // no browser
	} {
		h.withCookie("POST", path, c, c2.headers...).want(c2.status)
	}
	h.withCookie("GET", "/v1/session", c, "Sec-Fetch-Site", "cross-site").want(http.StatusOK) // a link from elsewhere
	// Logging a person in to a stranger's account is an attack as well.
	form := h.request("", "POST", "/login", strings.NewReader(url.Values{"name": {"wang"}, "password": {password}}.Encode()))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	form.Header.Set("Sec-Fetch-Site", "cross-site")
	if r := h.do(form); r.status != http.StatusForbidden || r.header.Get("Set-Cookie") != "" {
		t.Errorf("a login from another site answered %d", r.status)
	}
}

func TestAccess_LoginsAreLimited(t *testing.T) {
	h := openHouse(t)
	seen := map[int]int{}
	for range 14 {
		seen[h.login(t, "nobody", "guess-guess").status]++
	}
	if seen[http.StatusUnauthorized] < 10 || seen[http.StatusTooManyRequests] < 2 {
		t.Errorf("answers %v", seen)
	}
	form := h.request("", "POST", "/login", strings.NewReader("name=x&password=y"))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if r := h.do(form); r.status != http.StatusTooManyRequests { // pages share the limit
		t.Errorf("the page answered %d", r.status)
	}
}

func TestAccess_AnswersForbidWhatBrowsersMightTry(t *testing.T) {
	h := openHouse(t)
	for _, path := range []string{"/v1/documents", "/login", "/healthz", "/v1/nothing"} {
		got := h.get("", path).header
		if got.Get("X-Content-Type-Options") != "nosniff" || got.Get("X-Frame-Options") != "DENY" || got.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %v", path, got)
		}
		if csp := got.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: policy %s", path, csp)
		}
	}
}

func TestAccess_AdministratorKeepsAccounts(t *testing.T) {
	h := openHouse(t)
	make := func(body map[string]any) reply { return h.ask("admin", "POST", "/v1/accounts", body) }
	made := make(map[string]any{"name": "li", "password": password, "roles": []string{"reviewer"}, "unit": "housing"}).want(http.StatusOK)
	if strings.Contains(string(made.body), "argon2") {
		t.Error("the answer holds the password's hash")
	}
	make(map[string]any{"name": "li", "roles": []string{"clerk"}}).want(http.StatusConflict)
	make(map[string]any{"name": "li2", "password": "short", "roles": []string{"clerk"}}).want(http.StatusUnprocessableEntity)
	if r := make(map[string]any{"name": "li3", "roles": []string{"king"}, "unit": "moon"}).want(http.StatusUnprocessableEntity); r.wrong()["roles"] == "" || r.wrong()["unit"] == "" {
		t.Errorf("answer %s", r.body)
	}
	c := h.session(t, "li")
	var token struct{ Token string }
	h.ask("admin", "POST", "/v1/accounts/li/tokens", map[string]any{"label": "扫描仪", "days": 30}).want(http.StatusOK).into(&token)
	h.tokens["li"] = token.Token
	h.get("li", "/v1/session").want(http.StatusOK)
	h.ask("admin", "PATCH", "/v1/accounts/li", map[string]any{"password": "another password"}).want(http.StatusOK)
	h.withCookie("GET", "/v1/session", c).want(http.StatusUnauthorized) // a new password ends old sessions
	h.login(t, "li", password).want(http.StatusUnauthorized)
	h.ask("admin", "PATCH", "/v1/accounts/li", map[string]any{"active": false}).want(http.StatusOK)
	h.get("li", "/v1/session").want(http.StatusUnauthorized)
	h.login(t, "li", "another password").want(http.StatusUnauthorized)
	h.ask("admin", "PATCH", "/v1/accounts/nobody", map[string]any{"active": false}).want(http.StatusNotFound)
	var all struct{ Accounts []struct{ Name string } }
	h.get("admin", "/v1/accounts").want(http.StatusOK).into(&all)
	if len(all.Accounts) != 2 {
		t.Errorf("%d accounts", len(all.Accounts))
	}
}

func TestAccess_PeopleChangeTheirPassword(t *testing.T) {
	h := openHouse(t)
	h.person(t, "wang", access.Clerk)
	c := h.session(t, "wang")
	change := func(old, fresh string) reply {
		r := h.request("", "PUT", "/v1/session/password", strings.NewReader(`{"old":"`+old+`","new":"`+fresh+`"}`))
		r.Header.Set("Content-Type", "application/json")
		r.AddCookie(c)
		return h.do(r)
	}
	change("wrong", "long enough").want(http.StatusUnauthorized)
	change(password, "short").want(http.StatusUnprocessableEntity)
	change(password, "long enough").want(http.StatusNoContent)
	h.login(t, "wang", "long enough").want(http.StatusOK)
	h.login(t, "wang", password).want(http.StatusUnauthorized)
}

func TestAccess_ApplicantsSeeTheirOwn(t *testing.T) {
	h := openHouse(t)
	mine := h.send("applicant", "my paper")
	others := h.send("stranger", "another's paper")
	count := func(who string) (n int) {
		var list struct{ Documents []struct{ ID string } }
		h.get(who, "/v1/documents").want(http.StatusOK).into(&list)
		return len(list.Documents)
	}
	if count("applicant") != 1 || count("stranger") != 1 || count("clerk") != 2 || count("planner") != 0 {
		t.Errorf("lists of %d, %d, %d, %d", count("applicant"), count("stranger"), count("clerk"), count("planner"))
	}
	h.get("applicant", "/v1/documents/"+string(mine)).want(http.StatusOK)
	for _, path := range []string{"", "/pages", "/events", "/original"} {
		h.get("applicant", "/v1/documents/"+string(others)+path).want(http.StatusNotFound)
	}
	result := h.permit()
	shown := func(want int, listed int) {
		t.Helper()
		for _, path := range []string{"", "/file", "/reliances"} {
			h.get("applicant", "/v1/results/"+result+path).want(want)
		}
		h.get("applicant", "/v1/projects/"+project.Code+"/basis?item=HN-S4-09").want(want)
		var list struct{ Results []struct{ ID string } }
		for _, query := range []string{"", "?project=" + project.Code} {
			if h.get("applicant", "/v1/results"+query).want(http.StatusOK).into(&list); len(list.Results) != listed {
				t.Errorf("%d results are listed, want %d", len(list.Results), listed)
			}
		}
	}
	shown(http.StatusNotFound, 0)
	// Naming a project on an upload opens nothing: a clerk must have let one in.
	h.send("applicant", "claim", field("project", project.Code))
	shown(http.StatusNotFound, 0)
	members := "/v1/projects/" + project.Code + "/members"
	h.do(h.request("applicant", "PUT", members+"/applicant", nil)).want(http.StatusForbidden)
	h.do(h.request("clerk", "PUT", members+"/nobody", nil)).want(http.StatusUnprocessableEntity)
	h.do(h.request("clerk", "PUT", "/v1/projects/12/members/applicant", nil)).want(http.StatusUnprocessableEntity)
	h.do(h.request("clerk", "PUT", members+"/applicant", nil)).want(http.StatusNoContent)
	shown(http.StatusOK, 1)
	var who struct{ Projects []string }
	if h.get("applicant", "/v1/session").want(http.StatusOK).into(&who); len(who.Projects) != 1 {
		t.Errorf("projects %v", who.Projects)
	}
	h.get("stranger", "/v1/results/"+result).want(http.StatusNotFound)
	var list struct{ Members []storage.Member }
	if h.get("clerk", members).want(http.StatusOK).into(&list); len(list.Members) != 1 || list.Members[0].By != "clerk" {
		t.Errorf("members %+v", list.Members)
	}
	h.do(h.request("clerk", "DELETE", members+"/applicant", nil)).want(http.StatusNoContent)
	shown(http.StatusNotFound, 0)
}

func TestAccess_UnitsSeeTheirDocuments(t *testing.T) {
	h := openHouse(t)
	ours := h.send("reviewer", scan(t, paper("rd-construction-permit")))
	forItem := h.send("applicant", "a paper for a planning item", field("item", "HN-S2-01"))
	counter := h.send("clerk", scan(t, paper("rd-construction-permit")))
	h.work()
	sees := func(who string) map[string]bool {
		var list struct{ Documents []struct{ ID string } }
		h.get(who, "/v1/documents").want(http.StatusOK).into(&list)
		m := map[string]bool{}
		for _, d := range list.Documents {
			m[d.ID] = true
		}
		return m
	}
	for _, c := range []struct {
		who                      string
		ours, forItem, atCounter bool
	}{
		{"reviewer", true, false, true}, // its own scan, and a counter's scan of what it issues
		{"system", true, false, true},
		{"planner", false, true, false},
		{"clerk", true, true, true}, {"lead", true, true, true}, {"archivist", true, true, true}, {"admin", true, true, true},
		{"unitless", false, false, false}, {"security", false, false, false},
	} {
		got := sees(c.who)
		if got[string(ours)] != c.ours || got[string(forItem)] != c.forItem || got[string(counter)] != c.atCounter {
			t.Errorf("%s sees %v", c.who, got)
		}
		for id, seen := range map[string]bool{string(ours): c.ours, string(forItem): c.forItem, string(counter): c.atCounter} {
			want := http.StatusNotFound
			if seen {
				want = http.StatusOK
			}
			h.get(c.who, "/v1/documents/"+id).want(want)
		}
	}
}

func TestAccess_ListsPageThroughWhatIsSeen(t *testing.T) {
	h := openHouse(t)
	want := map[string]bool{}
	for i := range 23 {
		by := []string{"applicant", "stranger", "clerk"}[i%3]
		id := h.send(by, string(rune('a'+i)))
		if by == "applicant" {
			want[string(id)] = true
		}
	}
	seen, next, pages := map[string]bool{}, "", 0
	for {
		var list struct {
			Documents []struct{ ID string }
			Next      string
		}
		h.get("applicant", "/v1/documents?limit=3&before="+next).want(http.StatusOK).into(&list)
		for _, d := range list.Documents {
			if seen[d.ID] {
				t.Errorf("%s is listed twice", d.ID)
			}
			seen[d.ID] = true
		}
		pages++
		if next = list.Next; next == "" {
			break
		}
	}
	if len(seen) != len(want) || pages != 3 {
		t.Errorf("%d of %d documents on %d pages", len(seen), len(want), pages)
	}
}
