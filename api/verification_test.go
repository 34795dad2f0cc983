package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"onewindow/casework"
	"onewindow/stamp/verifycode"
)

// verified asks about a code as anybody may.
func (h *house) verified(t *testing.T, code string) casework.PublicVerification {
	t.Helper()
	var v casework.PublicVerification
	h.get("", "/v1/verifications/"+code).want(http.StatusOK).into(&v)
	return v
}

// page asks for the page a QR code leads to.
func (h *house) page(t *testing.T, code string, status int) string {
	t.Helper()
	return string(h.get("", "/v/"+code).want(status).body)
}

func TestV2_12_CodeAnswersForItsResult(t *testing.T) {
	h := openHouse(t)
	r := h.stored(t, h.permit())
	v := h.verified(t, strings.ToLower(verifycode.Format(r.Code)))
	if v.Standing != casework.StandingValid || !v.Usable || v.Document != r.TypeName || v.Unit != r.Issuer || v.ProjectName != r.ProjectName ||
		v.Pages != 1 || v.Digest != r.Delivered.Hex()[:16] || v.PublishedAt == "" || v.Match != nil {
		t.Errorf("verification %+v", v)
	}
	if v.Number == r.Number || !strings.Contains(v.Number, "***") {
		t.Errorf("the number is shown as %q", v.Number)
	}
	page := h.page(t, r.Code, http.StatusOK)
	for _, want := range []string{"verify valid", "该成果真实有效", r.TypeName, v.Number} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, secret := range []string{r.Number, r.ID, string(r.Document), r.Fields.Value("builder"), r.Fields.Value("contract_price"), "<img"} {
		if strings.Contains(page, secret) || strings.Contains(string(h.get("", "/v1/verifications/"+r.Code).body), secret) {
			t.Errorf("the public answer holds %q", secret)
		}
	}
}

func TestV2_12_CodeTellsSupersededRevokedUnknownMistyped(t *testing.T) {
	h := openHouse(t)
	old := h.stored(t, h.permit())
	fresh := h.stored(t, h.permit())
	if v := h.verified(t, old.Code); v.Standing != casework.StandingSuperseded || v.Usable {
		t.Errorf("superseded: %+v", v)
	}
	h.ask("reviewer", "POST", "/v1/results/"+fresh.ID+"/revoke", map[string]any{"reason": "发证有误"}).want(http.StatusOK)
	if v := h.verified(t, fresh.Code); v.Standing != casework.StandingRevoked || v.Usable {
		t.Errorf("revoked: %+v", v)
	}
	if p := h.page(t, fresh.Code, http.StatusOK); !strings.Contains(p, "verify revoked") || strings.Contains(p, "发证有误") {
		t.Error("the page of a revoked result")
	}
	unknown := verifycode.New()
	if v := h.verified(t, unknown); v.Standing != casework.StandingUnknown || v.Document != "" {
		t.Errorf("unknown: %+v", v)
	}
	if p := h.page(t, unknown, http.StatusNotFound); !strings.Contains(p, "校验码不存在") {
		t.Error("the page of an unknown code")
	}
	typo := []byte(old.Code)
	typo[3] = map[bool]byte{true: 'B', false: 'A'}[typo[3] == 'A']
	for _, wrong := range []string{string(typo), "x", "%E4%BD%A0%E5%A5%BD", "AAAA-AAAA"} {
		if v := h.verified(t, wrong); v.Standing != casework.StandingMistyped || v.Document != "" {
			t.Errorf("%s: %+v", wrong, v)
		}
		if p := h.page(t, wrong, http.StatusNotFound); !strings.Contains(p, "校验码输入有误") {
			t.Errorf("the page of %s", wrong)
		}
	}
}

func TestV2_12_GenuineButNotUsableSaysSo(t *testing.T) {
	h := openHouse(t)
	r := h.pushed(t, "rd-land-preexam", "exp", paper("rd-land-preexam").Truth.Fields)
	h.now = func() time.Time { return time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC) }
	v := h.verified(t, r.Code)
	if v.Standing != casework.StandingValid || v.Usable || !strings.Contains(v.Message, "已过有效期") || v.ValidUntil != r.ValidUntil {
		t.Errorf("verification %+v", v)
	}
}

func TestV2_12_CopyIsComparedByItsHash(t *testing.T) {
	h := openHouse(t)
	r := h.stored(t, h.permit())
	delivered := h.get("planner", "/v1/results/"+r.ID+"/file").want(http.StatusOK).body
	traced := h.get("planner", "/v1/results/"+r.ID+"/file?trace=1").want(http.StatusOK).body
	if string(delivered) == string(traced) {
		t.Fatal("the traced copy is the delivered file")
	}
	original := h.get("archivist", "/v1/results/"+r.ID+"/original").want(http.StatusOK).body
	for name, c := range map[string]struct {
		bytes string
		match bool
	}{
		"delivered": {string(delivered), true}, "traced": {string(traced), true},
		"altered": {string(delivered) + " ", false}, "original": {string(original), false},
	} {
		var v casework.PublicVerification
		h.get("", "/v1/verifications/"+r.Code+"?sha256="+sha(c.bytes)).want(http.StatusOK).into(&v)
		if v.Match == nil || *v.Match != c.match {
			t.Errorf("%s: match %v, want %v", name, v.Match, c.match)
		}
	}
	other := h.stored(t, h.publish("reviewer", paper("rd-eia-reply"), field("project", project.Code)))
	var v casework.PublicVerification
	h.get("", "/v1/verifications/"+other.Code+"?sha256="+sha(string(traced))).want(http.StatusOK).into(&v)
	if v.Match == nil || *v.Match {
		t.Error("a copy of one result passes for another's")
	}
	h.get("", "/v1/verifications/"+r.Code+"?sha256=xyz").want(http.StatusUnprocessableEntity)
	who, err := h.records.CopyByDigest(t.Context(), r.ID, "sha256-"+sha(string(traced)))
	if err != nil || who.By != "planner" || who.Unit != "natural_resources" {
		t.Errorf("the leaked copy was fetched by %+v, %v", who, err)
	}
}

func TestV2_12_LookupsAreLimited(t *testing.T) {
	h := openHouse(t)
	seen := map[int]int{}
	for range 40 {
		r := h.get("", "/v1/verifications/"+verifycode.New())
		seen[r.status]++
		if r.status == http.StatusTooManyRequests && r.header.Get("Retry-After") == "" {
			t.Error("429 without Retry-After")
		}
	}
	if seen[http.StatusOK] < 30 || seen[http.StatusTooManyRequests] == 0 {
		t.Errorf("answers %v", seen)
	}
	if r := h.get("", "/v/"+verifycode.New()); r.status != http.StatusTooManyRequests { // pages share the limit
		t.Errorf("the page answered %d", r.status)
	}
}
