package web

import (
	"net/http"

	"onewindow/casework"
)

// verifyData is the public answer about a code.
type verifyData struct {
	Typed string
	Asked bool
	casework.PublicVerification
}

// verification is the page a QR code leads to: no login, one glance.
func (s *pages) verification(w http.ResponseWriter, r *http.Request) {
	typed := r.PathValue("code")
	if typed == "" {
		typed = r.URL.Query().Get("code")
	}
	if typed == "" {
		s.render(w, r, http.StatusOK, "verify", "成果查验", verifyData{})
		return
	}
	if !s.Limits.AllowLookup(r.RemoteAddr) {
		w.Header().Set("Retry-After", "30")
		s.problem(w, r, http.StatusTooManyRequests, "查询过于频繁，请稍后再试")
		return
	}
	v, err := s.Desk.PublicVerification(r.Context(), typed, "")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	status := http.StatusOK
	if v.Standing == casework.StandingUnknown || v.Standing == casework.StandingMistyped {
		status = http.StatusNotFound
	}
	s.render(w, r, status, "verify", "成果查验", verifyData{Typed: typed, Asked: true, PublicVerification: v})
}
