package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onewindow/access"
	"onewindow/document"
)

// browser is somebody with a session, looking at pages.
type browser struct {
	h      *house
	cookie http.Cookie
}

func (h *house) browse(t *testing.T, n access.NewAccount) *browser {
	t.Helper()
	n.Password = password
	if err := h.guard.Create(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	secret, _, err := h.guard.Login(t.Context(), n.Name, password)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{h, access.Cookie(secret, false)}
}

func (b *browser) see(path string, status int) string {
	b.h.t.Helper()
	r := b.h.request("", "GET", path, nil)
	r.AddCookie(&b.cookie)
	return string(b.h.do(r).want(status).body)
}

// submit sends a form and returns where it leads, or the page shown.
func (b *browser) submit(path string, form url.Values, status int) reply {
	b.h.t.Helper()
	r := b.h.request("", "POST", path, strings.NewReader(form.Encode()))
	r.AddCookie(&b.cookie)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.h.do(r).want(status)
}

// hostile are texts that would do something if a page took them for its own.
var hostile = []string{`"><img src=x onerror=alert(1)>`, `<script>alert(1)<&#x2F;script>`, `'onmouseover=alert(1) x='`,
	`{{.}}`, `javascript:alert(1)`, `<svg onload=alert(1)>`}

// harmless fails if a page holds a hostile text as markup.
func harmless(t *testing.T, where, page string) {
	t.Helper()
	for _, bad := range []string{"<img src=x", "<script>alert", "<svg onload", `'onmouseover`, `href="javascript:`} {
		if i := strings.Index(page, bad); i >= 0 {
			t.Errorf("%s holds %q: …%.120s", where, bad, page[max(0, i-60):])
		}
	}
}

func TestPages_HostileTextsStayText(t *testing.T) {
	h := openHouse(t)
	b := h.browse(t, access.NewAccount{Name: "wang", Roles: []access.Role{access.Reviewer, access.Clerk}, Unit: "housing"})
	for _, bad := range hostile {
		id := h.sendNamed("reviewer", bad+".pdf", scan(t, paper("rd-construction-permit")), field("project", project.Code), field("case", bad), field("window", bad))
		h.work()
		page := b.see("/documents/"+string(id), http.StatusOK)
		harmless(t, "document page", page)
		// Refused, it comes back with what was typed.
		back := b.submit("/documents/"+string(id)+"/confirm", url.Values{"field.scale": {bad}, "field.builder": {""}, "project": {bad}, "type": {bad}}, http.StatusUnprocessableEntity)
		harmless(t, "document page after refusal", string(back.body))
		b.submit("/documents/"+string(id)+"/confirm", url.Values{"field.scale": {bad}, "field.remarks": {bad}}, http.StatusSeeOther)
		h.work()
		result := h.inState(id, document.StateDone).Publication.ResultID
		h.ask("planner", "POST", "/v1/results/"+result+"/reliances", map[string]any{"item": "HN-S4-09", "material": "construction-permit", "case": bad}).want(http.StatusOK)
		harmless(t, "result page", b.see("/results/"+result, http.StatusOK))
		harmless(t, "verification page", h.page(t, h.stored(t, result).Code, http.StatusOK))
		harmless(t, "verification page of a hostile code", string(h.get("", "/v?code="+url.QueryEscape(bad)).body))
		harmless(t, "list", b.see("/documents?state="+url.QueryEscape(bad)+"&before="+url.QueryEscape(bad), http.StatusOK))
	}
	harmless(t, "list", b.see("/documents", http.StatusOK))
}

// sendNamed uploads a file under a name.
func (h *house) sendNamed(as, name, content string, parts ...part) document.ID {
	h.t.Helper()
	var receipt struct {
		Document document.ID `json:"document_id"`
	}
	h.do(h.form(as, "/v1/documents", "", append(parts, file(name, content))...)).want(http.StatusCreated).into(&receipt)
	return receipt.Document
}

func TestPages_NoInlineScriptOrStyle(t *testing.T) {
	h := openHouse(t)
	b := h.browse(t, access.NewAccount{Name: "wang", Roles: []access.Role{access.Reviewer}, Unit: "housing"})
	id, _ := waiting(t, h)
	result := h.permit()
	for _, path := range []string{"/documents", "/documents/" + string(id), "/results", "/results/" + result, "/guide", "/guide/HN-S3-03", "/about", "/styleguide", "/v", "/v/" + h.stored(t, result).Code, "/login", "/nothing"} {
		r := h.request("", "GET", path, nil)
		r.AddCookie(&b.cookie)
		got := h.do(r)
		page := string(got.body)
		for _, bad := range []string{"<script>", " style=", "<style", " onclick=", "javascript:"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
		if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'") || strings.Contains(csp, "sandbox") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if !strings.Contains(page, `<html lang="zh-CN"`) || !strings.Contains(page, "<title>") {
			t.Errorf("%s is no page of ours", path)
		}
	}
}

func TestPages_ReviewFromListToResult(t *testing.T) {
	h := openHouse(t)
	b := h.browse(t, access.NewAccount{Name: "wang", Roles: []access.Role{access.Reviewer}, Unit: "housing"})
	id, _ := waiting(t, h)
	if list := b.see("/documents?state=needs_review", http.StatusOK); !strings.Contains(list, string(id)) || !strings.Contains(list, "待复核") {
		t.Error("the list does not show it")
	}
	page := b.see("/documents/"+string(id), http.StatusOK)
	for _, want := range []string{"确认发布", "建设单位", permitFields()["doc_no"], "下载原件"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	refused := b.submit("/documents/"+string(id)+"/confirm", url.Values{"field.builder": {""}, "field.doc_no": {"123"}}, http.StatusUnprocessableEntity)
	for _, want := range []string{"请填写建设单位", "未通过校验", `value="123"`} {
		if !strings.Contains(string(refused.body), want) {
			t.Errorf("the refusal lacks %q", want)
		}
	}
	done := b.submit("/documents/"+string(id)+"/confirm", url.Values{}, http.StatusSeeOther)
	if done.header.Get("Location") != "/documents/"+string(id) {
		t.Errorf("leads to %q", done.header.Get("Location"))
	}
	h.work()
	result := h.inState(id, document.StateDone).Publication.ResultID
	if page := b.see("/documents/"+string(id), http.StatusOK); !strings.Contains(page, "/results/"+result) {
		t.Error("the page does not lead to the result")
	}
	if page := b.see("/results/"+result, http.StatusOK); !strings.Contains(page, "撤销") || !strings.Contains(page, "下载水印文件") {
		t.Error("the result's page lacks what can be done")
	}
	b.submit("/results/"+result+"/revoke", url.Values{"reason": {"发证有误"}}, http.StatusSeeOther)
	if page := b.see("/results/"+result, http.StatusOK); !strings.Contains(page, "已撤销") || !strings.Contains(page, "发证有误") {
		t.Error("the result's page does not say that it was revoked")
	}
	if h.audits(result, "result.read") != 2 {
		t.Errorf("the reads are %d times in the trail", h.audits(result, "result.read"))
	}
}

func TestPages_SeeWhatTheInterfaceLetsThem(t *testing.T) {
	h := openHouse(t)
	id, _ := waiting(t, h)
	result := h.permit()
	planner := h.browse(t, access.NewAccount{Name: "p", Roles: []access.Role{access.Reviewer}, Unit: "natural_resources"})
	applicant := h.browse(t, access.NewAccount{Name: "a", Roles: []access.Role{access.Applicant}})
	planner.see("/documents/"+string(id), http.StatusNotFound)
	applicant.see("/documents/"+string(id), http.StatusNotFound)
	applicant.see("/results/"+result, http.StatusNotFound)
	planner.see("/results/"+result, http.StatusOK)
	planner.submit("/documents/"+string(id)+"/confirm", url.Values{}, http.StatusNotFound)
	planner.submit("/documents/"+string(id)+"/reject", url.Values{"reason": {"x"}}, http.StatusNotFound)
	planner.submit("/results/"+result+"/revoke", url.Values{"reason": {"x"}}, http.StatusForbidden)
	planner.submit("/results/"+result+"/project", url.Values{"project": {project.Code}}, http.StatusForbidden)
	if list := applicant.see("/documents", http.StatusOK); strings.Contains(list, string(id)) || strings.Contains(list, `<select name="as"`) {
		t.Error("an applicant is offered more than sending materials")
	}
	h.inState(id, document.StateNeedsReview)
}

func TestPages_SecurityOfficerEndsTheQuarantine(t *testing.T) {
	h := openHouse(t)
	officer := h.browse(t, access.NewAccount{Name: "o", Roles: []access.Role{access.Security}})
	sender := h.browse(t, access.NewAccount{Name: "s", Roles: []access.Role{access.Applicant}})
	h.tokens["s"] = sender.cookie.Value
	id := quarantine(t, h, "s")
	if page := sender.see("/documents/"+string(id), http.StatusOK); !strings.Contains(page, "线下办理") || strings.Contains(page, "解除隔离") {
		t.Error("the sender is not told to bring it on paper, or is offered more")
	}
	if page := officer.see("/documents/"+string(id), http.StatusOK); !strings.Contains(page, "解除隔离") || !strings.Contains(page, "销毁") {
		t.Error("the officer is not offered to decide")
	}
	officer.submit("/documents/"+string(id)+"/release", url.Values{"reason": {""}}, http.StatusUnprocessableEntity)
	to := officer.submit("/documents/"+string(id)+"/release", url.Values{"reason": {"公开样张"}}, http.StatusSeeOther)
	if to.header.Get("Location") != "/documents?state=quarantined" {
		t.Errorf("leads to %q", to.header.Get("Location"))
	}
	h.work()
	if d := h.document(id); d.State == document.StateQuarantined {
		t.Error("still in quarantine")
	}
}

func TestPages_LoginAndLogout(t *testing.T) {
	h := openHouse(t)
	h.person(t, "wang", access.Clerk)
	post := func(pass string) reply {
		r := h.request("", "POST", "/login", strings.NewReader(url.Values{"name": {"wang"}, "password": {pass}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return h.do(r)
	}
	if r := post("wrong"); r.status != http.StatusUnauthorized || !strings.Contains(string(r.body), "账号或密码不正确") || strings.Contains(string(r.body), "wrong") {
		t.Errorf("answered %d", r.status)
	}
	r := post(password)
	cookie, err := http.ParseSetCookie(r.header.Get("Set-Cookie"))
	if err != nil || r.status != http.StatusSeeOther || !cookie.HttpOnly {
		t.Fatalf("answered %d, %v", r.status, err)
	}
	b := &browser{h, *cookie}
	b.see("/", http.StatusSeeOther) // to where the role starts
	if page := b.see("/documents", http.StatusOK); !strings.Contains(page, "wang") || !strings.Contains(page, "退出") {
		t.Error("the page does not say who is logged in")
	}
	b.submit("/logout", url.Values{}, http.StatusSeeOther)
	b.see("/documents", http.StatusSeeOther)
}

func TestPages_UnlockAndRetry(t *testing.T) {
	h := openHouse(t)
	b := h.browse(t, access.NewAccount{Name: "wang", Roles: []access.Role{access.Reviewer}, Unit: "housing"})
	locked := h.send("reviewer", "locked:secret:"+scan(t, paper("rd-construction-permit")))
	broken := h.send("reviewer", "no pdf at all")
	h.work()
	path := "/documents/" + string(locked)
	if page := b.see(path, http.StatusOK); !strings.Contains(page, "文件密码") {
		t.Error("the page does not ask for the password")
	}
	if r := b.submit(path+"/unlock", url.Values{"password": {"guess"}}, http.StatusUnprocessableEntity); !strings.Contains(string(r.body), "密码不正确") {
		t.Error("a wrong password is not said to be wrong")
	}
	b.submit(path+"/unlock", url.Values{"password": {"secret"}}, http.StatusSeeOther)
	h.work()
	h.inState(locked, document.StateNeedsReview)
	if page := b.see("/documents/"+string(broken), http.StatusOK); !strings.Contains(page, "重试") || !strings.Contains(page, "文件已损坏") {
		t.Error("the page of a broken file says neither why nor what to do")
	}
	b.submit("/documents/"+string(broken)+"/retry", url.Values{}, http.StatusSeeOther)
	b.submit(path+"/retry", url.Values{}, http.StatusConflict)
	b.submit(path+"/reject", url.Values{"reason": {"扫错了"}}, http.StatusSeeOther)
	h.inState(locked, document.StateRejected)
}

func TestPages_LinkAResultToItsProject(t *testing.T) {
	h := openHouse(t)
	clerk := h.browse(t, access.NewAccount{Name: "li", Roles: []access.Role{access.Clerk}})
	id := h.publish("reviewer", withoutCode(paper("rd-construction-permit")))
	path := "/results/" + id
	if page := clerk.see(path, http.StatusOK); !strings.Contains(page, "未关联项目") || !strings.Contains(page, "关联项目</button>") {
		t.Error("the page does not offer to link")
	}
	clerk.submit(path+"/project", url.Values{"project": {"12"}}, http.StatusUnprocessableEntity)
	clerk.submit(path+"/project", url.Values{"project": {project.Code}}, http.StatusSeeOther)
	if page := clerk.see(path, http.StatusOK); !strings.Contains(page, project.Code) || strings.Contains(page, "关联项目</button>") {
		t.Error("the page does not show the project")
	}
}

func TestPages_PurgedIsSaidAndNothingElse(t *testing.T) {
	h := openHouse(t)
	officer := h.browse(t, access.NewAccount{Name: "o", Roles: []access.Role{access.Security}})
	id := quarantine(t, h, "applicant")
	officer.submit("/documents/"+string(id)+"/purge", url.Values{"reason": {"涉密"}}, http.StatusSeeOther)
	if page := officer.see("/documents/"+string(id), http.StatusOK); !strings.Contains(page, "已由保密员销毁") || strings.Contains(page, "下载原件") {
		t.Error("the page offers what is gone")
	}
}

func TestPages_TellNothingOfOurFailures(t *testing.T) {
	h := openHouse(t)
	result := h.permit()
	b := h.browse(t, access.NewAccount{Name: "wang", Roles: []access.Role{access.Admin}})
	if err := h.records.Close(); err != nil { // the database is gone, sessions included
		t.Fatal(err)
	}
	for _, path := range []string{"/results/" + result, "/v/" + "2222-2222-2222", "/"} {
		r := h.request("", "GET", path, nil)
		r.AddCookie(&b.cookie)
		if got := h.do(r); strings.Contains(string(got.body), "sql") || strings.Contains(string(got.body), "closed") {
			t.Errorf("%s tells %s", path, got.body)
		}
	}
}
