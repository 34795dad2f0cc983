package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval/catalogue"
	"onewindow/document"
	"onewindow/storage"
)

func (s *pages) adminRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /admin", s.allowed(access.QueueManage, s.admin))
	mux.HandleFunc("GET /admin/accounts", s.allowed(access.AccountsManage, s.accounts))
	mux.HandleFunc("POST /admin/accounts", s.allowed(access.AccountsManage, s.createAccount))
	mux.HandleFunc("GET /admin/accounts/{name}", s.allowed(access.AccountsManage, s.account))
	mux.HandleFunc("POST /admin/accounts/{name}", s.allowed(access.AccountsManage, s.changeAccount))
	mux.HandleFunc("GET /audit", s.allowed(access.AuditRead, s.audit))
	mux.HandleFunc("POST /audit/verify", s.allowed(access.AuditRead, s.verifyAudit))
}

// adminData is what the administrator looks at first: how much waits, what stopped.
type adminData struct {
	Lanes  []laneRow
	Parked []parkedRow
	Warn   []string // what the catalogue and accounts lack
}

type laneRow struct {
	Name                        string
	Ready, Claimed, Held, Stuck int
}

type parkedRow struct {
	storage.Task
	Receipt document.Receipt
}

// parkedRows is how many stopped steps are shown.
const parkedRows = 50

func (s *pages) admin(w http.ResponseWriter, r *http.Request) {
	depths, err := s.Records.Depths(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var data adminData
	for _, lane := range []document.Lane{document.LaneCounter, document.LaneVirtual, document.LaneBulk} {
		d := depths[lane]
		data.Lanes = append(data.Lanes, laneRow{laneText[lane], d[storage.TaskReady], d[storage.TaskClaimed], d[storage.TaskHeld], d[storage.TaskParked]})
	}
	parked, err := s.Records.Parked(r.Context(), parkedRows)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, t := range parked {
		doc, err := s.Records.Document(r.Context(), t.Document)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			s.fail(w, r, err)
			return
		}
		data.Parked = append(data.Parked, parkedRow{t, doc.Receipt})
	}
	s.render(w, r, http.StatusOK, "admin", "系统管理", data)
}

var laneText = map[document.Lane]string{document.LaneCounter: "窗口（有人等候）", document.LaneVirtual: "网上申报", document.LaneBulk: "批量"}

// accountsData is the list of accounts and the form for a new one.
type accountsData struct {
	Accounts []storage.Account
	Roles    []access.Role
	Units    []catalogue.Unit
	New      accountForm
	Wrong    map[string]string
}

// accountForm is what was typed.
type accountForm struct {
	Name, Password, Unit, Hall, Division string
	Roles                                []string
	Active                               bool
}

func (s *pages) accounts(w http.ResponseWriter, r *http.Request) {
	s.showAccounts(w, r, http.StatusOK, accountForm{}, nil)
}

func (s *pages) showAccounts(w http.ResponseWriter, r *http.Request, status int, typed accountForm, wrong map[string]string) {
	all, err := s.Guard.Records.ListAccounts(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, "accounts", "账号与角色", accountsData{all, access.Roles(), s.Catalogue.Units, typed, wrong})
}

func (s *pages) createAccount(w http.ResponseWriter, r *http.Request) {
	form, ok := s.accountForm(w, r)
	if !ok {
		return
	}
	wrong := s.checkAccount(form, true)
	if len(wrong) == 0 {
		who, _ := whoOf(r.Context())
		n := access.NewAccount{Name: form.Name, Password: form.Password, Unit: form.Unit, Hall: form.Hall, Division: form.Division, By: who.Account}
		for _, role := range form.Roles {
			n.Roles = append(n.Roles, access.Role(role))
		}
		err := s.Guard.Create(r.Context(), n)
		switch {
		case errors.Is(err, storage.ErrConflict):
			wrong["name"] = "这个账号已经存在"
		case errors.Is(err, access.ErrWeak):
			wrong["password"] = "密码至少 8 个字符"
		default:
			s.backTo(w, r, "/admin/accounts", err)
			return
		}
	}
	form.Password = ""
	s.showAccounts(w, r, http.StatusUnprocessableEntity, form, wrong)
}

func (s *pages) accountForm(w http.ResponseWriter, r *http.Request) (accountForm, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
		return accountForm{}, false
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	return accountForm{Name: get("name"), Password: r.PostForm.Get("password"), Unit: get("unit"), Hall: get("hall"),
		Division: get("division"), Roles: r.PostForm["role"], Active: get("active") != ""}, true
}

func (s *pages) checkAccount(f accountForm, isNew bool) map[string]string {
	wrong := map[string]string{}
	if isNew && (f.Name == "" || len(f.Name) > 100 || strings.ContainsAny(f.Name, " \t/　")) {
		wrong["name"] = "请填写账号，不含空格和斜线"
	}
	if isNew && f.Password == "" {
		wrong["password"] = "密码至少 8 个字符"
	}
	if len(f.Roles) == 0 {
		wrong["role"] = "请至少选择一个角色"
	}
	for _, role := range f.Roles {
		if !slices.Contains(access.Roles(), access.Role(role)) {
			wrong["role"] = "没有这个角色"
		}
	}
	if _, ok := s.Catalogue.Unit(f.Unit); !ok && f.Unit != "" {
		wrong["unit"] = "没有这个业务单位"
	} else if f.Unit == "" && (contains(f.Roles, string(access.Reviewer)) || contains(f.Roles, string(access.System))) {
		wrong["unit"] = "业务单位和对接系统的账号须选择所属单位"
	}
	if _, _, ok := s.Catalogue.Division(f.Division); !ok && f.Division != "" {
		wrong["division"] = "没有这个行政区划代码"
	}
	return wrong
}

// accountData is one account with the form to change it.
type accountData struct {
	storage.Account
	AllRoles []access.Role
	Units    []catalogue.Unit
	Form     accountForm
	Wrong    map[string]string
	Self     bool
}

func (s *pages) account(w http.ResponseWriter, r *http.Request) {
	a, err := s.Guard.Records.AccountByName(r.Context(), r.PathValue("name"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showAccount(w, r, http.StatusOK, a, accountForm{Unit: a.Unit, Hall: a.Hall, Division: a.Division, Roles: a.Roles, Active: a.Active}, nil)
}

func (s *pages) showAccount(w http.ResponseWriter, r *http.Request, status int, a storage.Account, f accountForm, wrong map[string]string) {
	who, _ := whoOf(r.Context())
	s.render(w, r, status, "account", a.Name, accountData{a, access.Roles(), s.Catalogue.Units, f, wrong, a.Name == who.Account})
}

func (s *pages) changeAccount(w http.ResponseWriter, r *http.Request) {
	form, ok := s.accountForm(w, r)
	if !ok {
		return
	}
	who, _ := whoOf(r.Context())
	a, err := s.Guard.Records.AccountByName(r.Context(), r.PathValue("name"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	wrong := s.checkAccount(form, false)
	if a.Name == who.Account && (!form.Active || !contains(form.Roles, string(access.Admin))) {
		wrong["role"] = "不能停用自己，也不能去掉自己的系统管理员角色"
	}
	if len(wrong) == 0 {
		change := access.AccountChange{Roles: &form.Roles, Unit: &form.Unit, Division: &form.Division, Hall: &form.Hall, Active: &form.Active}
		if form.Password != "" {
			change.Password = &form.Password
		}
		if _, err = s.Guard.Change(r.Context(), a.Name, who.Account, change); !errors.Is(err, access.ErrWeak) {
			s.backTo(w, r, "/admin/accounts", err)
			return
		}
		wrong["password"] = "密码至少 8 个字符"
	}
	form.Password = ""
	s.showAccount(w, r, http.StatusUnprocessableEntity, a, form, wrong)
}

// auditData is the trail (V3.1).
type auditData struct {
	Rows    []storage.AuditRow
	Object  string
	Next    string
	Verdict *storage.AuditVerdict
}

func (s *pages) audit(w http.ResponseWriter, r *http.Request) { s.showAudit(w, r, nil) }

func (s *pages) showAudit(w http.ResponseWriter, r *http.Request, verdict *storage.AuditVerdict) {
	object := strings.TrimSpace(r.URL.Query().Get("object"))
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	rows, err := s.Records.AuditTrail(r.Context(), object, after, perPage+1)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := auditData{Rows: rows, Object: object, Verdict: verdict}
	if len(rows) > perPage {
		data.Rows = rows[:perPage]
		data.Next = address("/audit", "object", object, "after", strconv.FormatInt(data.Rows[perPage-1].Seq, 10))
	}
	s.render(w, r, http.StatusOK, "audit", "办理过程", data)
}

// verifyAudit walks the chain of the trail and says whether it is whole.
func (s *pages) verifyAudit(w http.ResponseWriter, r *http.Request) {
	verdict, err := s.Records.VerifyAudit(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showAudit(w, r, &verdict)
}
