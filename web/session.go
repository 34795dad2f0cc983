package web

import (
	"errors"
	"net/http"

	"onewindow/access"
)

// loginData is the login form: where to go afterwards, and what went wrong.
type loginData struct {
	To, Name, Wrong string
	Elsewhere       bool // people of another house log in there (OpenID Connect)
}

func (s *pages) loginForm(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "login", "登录", loginData{To: local(r.URL.Query().Get("to")), Elsewhere: s.Guard.Provider != nil})
}

func (s *pages) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	data := loginData{To: local(r.PostFormValue("to")), Name: r.PostFormValue("name"), Elsewhere: s.Guard.Provider != nil}
	if !s.Limits.AllowLogin(r.RemoteAddr) {
		data.Wrong = "尝试次数过多，请稍后再试"
		s.render(w, r, http.StatusTooManyRequests, "login", "登录", data)
		return
	}
	secret, _, err := s.Guard.Login(r.Context(), data.Name, r.PostFormValue("password"))
	if errors.Is(err, access.ErrDenied) {
		data.Wrong = "账号或密码不正确"
		s.render(w, r, http.StatusUnauthorized, "login", "登录", data)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cookie := access.Cookie(secret, s.Secure)
	http.SetCookie(w, &cookie)
	http.Redirect(w, r, data.To, http.StatusSeeOther)
}

func (s *pages) logout(w http.ResponseWriter, r *http.Request) {
	if secret := access.Secret("", r.Header.Get("Cookie")); secret != "" {
		if err := s.Guard.Logout(r.Context(), secret); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	cookie := access.Cookie("", s.Secure)
	http.SetCookie(w, &cookie)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
