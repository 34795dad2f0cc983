package access_test

import (
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/access"
	"onewindow/document"
	"onewindow/storage"
	"onewindow/storage/sqlstore"
)

func openGuard(t *testing.T) *access.Guard {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "r.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &access.Guard{Records: s, Now: time.Now}
}

func TestGuard_FirstLoginIsMadeOnce(t *testing.T) {
	g := openGuard(t)
	shown, made, err := g.FirstLogin(t.Context(), "admin", "")
	if err != nil || !made || len(shown) < 16 {
		t.Fatalf("%q %v %v", shown, made, err)
	}
	if again, made, err := g.FirstLogin(t.Context(), "admin", ""); made || again != "" || err != nil {
		t.Errorf("a second first login: %q %v %v", again, made, err)
	}
	secret, who, err := g.Login(t.Context(), "admin", shown)
	if err != nil || !who.Has(access.Admin) || who.Token {
		t.Errorf("%+v %v", who, err)
	}
	if who, err := g.Identify(t.Context(), secret); err != nil || who.Account != "admin" {
		t.Errorf("%+v %v", who, err)
	}
}

func TestGuard_KeepsHashesOnly(t *testing.T) {
	g := openGuard(t)
	for _, name := range []string{"a", "b"} {
		if err := g.Create(t.Context(), access.NewAccount{Name: name, Password: "same password"}); err != nil {
			t.Fatal(err)
		}
	}
	a, _ := g.Records.AccountByName(t.Context(), "a")
	b, _ := g.Records.AccountByName(t.Context(), "b")
	if !strings.HasPrefix(a.Password, "argon2id$") || strings.Contains(a.Password, "same") || a.Password == b.Password {
		t.Errorf("kept %q and %q", a.Password, b.Password)
	}
	token, err := g.IssueToken(t.Context(), "a", "scanner", 0)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := g.Records.ListCredentials(t.Context(), "a")
	if len(all) != 1 || strings.Contains(all[0].Hash, token) || len(all[0].Hash) != 64 {
		t.Errorf("credentials %+v", all)
	}
}

func TestGuard_RefusesWeakAndUnknown(t *testing.T) {
	g := openGuard(t)
	if err := g.Create(t.Context(), access.NewAccount{Name: "x", Password: "七个字的密码吗"}); !errors.Is(err, access.ErrWeak) {
		t.Errorf("a short password gave %v", err)
	}
	if err := g.Create(t.Context(), access.NewAccount{Name: "x", Password: "八个字的密码可以"}); err != nil {
		t.Errorf("characters are counted, not bytes: %v", err)
	}
	if err := g.Create(t.Context(), access.NewAccount{Name: "x", Password: "long enough"}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("a taken name gave %v", err)
	}
	for _, secret := range []string{"", "ow_", "x"} {
		if _, err := g.Identify(t.Context(), secret); !errors.Is(err, access.ErrDenied) {
			t.Errorf("%q gave %v", secret, err)
		}
	}
	if _, err := g.IssueToken(t.Context(), "nobody", "", 0); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a token for nobody gave %v", err)
	}
}

func TestGuard_CrowdsOfLoginsAllGetTheirAnswer(t *testing.T) {
	g := openGuard(t)
	if err := g.Create(t.Context(), access.NewAccount{Name: "x", Password: "long enough"}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, _, err := g.Login(t.Context(), "x", map[bool]string{true: "long enough", false: "wrong guess"}[i%2 == 0])
			if (err == nil) != (i%2 == 0) {
				t.Errorf("login %d gave %v", i, err)
			}
		})
	}
	wg.Wait()
}

func TestLimits_CountByNetwork(t *testing.T) {
	l := access.NewLimits()
	tries := func(addr func(i int) string) (n int) {
		for i := range 15 {
			if l.AllowLogin(addr(i)) {
				n++
			}
		}
		return n
	}
	if n := tries(func(int) string { return "192.0.2.1:4000" }); n != 10 {
		t.Errorf("one address got %d tries", n)
	}
	if n := tries(func(int) string { return "192.0.2.2" }); n != 10 {
		t.Errorf("another address got %d tries", n)
	}
	if n := tries(func(i int) string { return "[2001:db8::" + string(rune('a'+i%6)) + "]:1" }); n != 10 {
		t.Errorf("one IPv6 network got %d tries", n)
	}
	if !l.AllowLogin("[2001:db8:0:1::a]:1") {
		t.Error("another IPv6 network has no tries left")
	}
}

func TestSecret_TokenBeatsCookie(t *testing.T) {
	for _, c := range []struct{ authorization, cookies, want string }{
		{"Bearer abc", "onewindow_session=def", "abc"},
		{"Bearer  abc ", "", "abc"},
		{"", "a=b; onewindow_session=def", "def"},
		{"Basic abc", "onewindow_session=def", "def"},
		{"", "other=x", ""}, {"", "", ""}, {"", "broken;;==", ""},
	} {
		if got := access.Secret(c.authorization, c.cookies); got != c.want {
			t.Errorf("%q and %q gave %q", c.authorization, c.cookies, got)
		}
	}
}

func TestForeign_BrowsersFromElsewhere(t *testing.T) {
	for _, c := range []struct {
		method, header, value string
		foreign               bool
	}{
		{"POST", "Sec-Fetch-Site", "cross-site", true}, {"POST", "Sec-Fetch-Site", "same-site", true},
		{"DELETE", "Origin", "https://evil.example", true}, {"POST", "Origin", "https://one.example", false},
		{"POST", "Sec-Fetch-Site", "same-origin", false}, {"POST", "", "", false}, {"GET", "Sec-Fetch-Site", "cross-site", false},
	} {
		r, _ := http.NewRequest(c.method, "https://one.example/x", nil)
		r.Host = "one.example"
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		if access.Foreign(r) != c.foreign {
			t.Errorf("%s %s %s: foreign is %v", c.method, c.header, c.value, !c.foreign)
		}
	}
}

// TestPolicy_OnlyOfficersAndSendersSeeTheQuarantine covers what the routes'
// tests cannot reach: every role against every state.
func TestPolicy_OnlyOfficersAndSendersSeeTheQuarantine(t *testing.T) {
	for _, role := range access.Roles() {
		w := access.Who{Account: "me", Roles: []access.Role{role}, Unit: "housing"}
		for _, state := range []document.State{document.StateQuarantined, document.StatePurged} {
			doc := document.Document{State: state, Filename: "name", Fields: document.Fields{"k": {}}, Origin: document.Origin{By: "other", Unit: "housing"}}
			want := role == access.Security || role == access.Admin
			if w.Sees(doc, "housing") != want {
				t.Errorf("%s sees %s: %v", role, state, !want)
			}
			if w.MayDecide(doc, "housing") && role != access.Admin {
				t.Errorf("%s decides about %s", role, state)
			}
			if got := access.Curtain(w, doc); got.Fields != nil || got.Filename != "" != (role == access.Security) {
				t.Errorf("%s is shown %+v", role, got)
			}
		}
		if w.MayOriginal("other") && role != access.Archivist {
			t.Errorf("%s fetches another unit's original", role)
		}
		if w.MayOriginal("") && role != access.Archivist {
			t.Errorf("%s fetches nobody's original", role)
		}
	}
}
