package web

import (
	"net/http"

	"onewindow/access"
)

func (s *pages) kioskRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /kiosk", s.allowed(access.KioskServe, s.kiosk))
}

// kioskPolicy lets this one page show, in a frame, the paper it prints: the file
// is in the browser's memory only, and goes with the page's session.
const kioskPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src blob:; object-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// kiosk is what stands on a self-print terminal (P4.7). The page is the same for
// everybody; who proves themselves does so to the interface, from a script that
// keeps what it is told in memory only.
func (s *pages) kiosk(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", kioskPolicy)
	s.render(w, r, http.StatusOK, "kiosk", "自助打印", nil)
}
