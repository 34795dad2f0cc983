package web

import (
	"errors"
	"net/http"

	"onewindow/access"
)

func (s *pages) loginForm(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "login", "登录", nil)
}

func (s *pages) login(w http.ResponseWriter, r *http.Request) {
	if !s.Limits.AllowLogin(r.RemoteAddr) {
		s.render(w, r, http.StatusTooManyRequests, "login", "登录", "尝试次数过多，请稍后再试")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	secret, _, err := s.Guard.Login(r.Context(), r.PostFormValue("name"), r.PostFormValue("password"))
	if errors.Is(err, access.ErrDenied) {
		s.render(w, r, http.StatusUnauthorized, "login", "登录", "账号或密码不正确")
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cookie := access.Cookie(secret, s.Secure)
	http.SetCookie(w, &cookie)
	http.Redirect(w, r, "/", http.StatusSeeOther)
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
