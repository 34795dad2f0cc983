package api_test

import (
	"fmt"
	"net/http"
	"sort"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

// everybody may, once logged in.
var everybody = []access.Role{access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor,
	access.Security, access.Archivist, access.Admin, access.Province, access.System}

// matrix is who may call which route, written down by hand from personas.md and
// the guideline; nil is open to all. A new route without a line here fails.
var matrix = map[string][]access.Role{
	"GET /healthz":                                 nil,
	"GET /readyz":                                  nil,
	"POST /v1/sessions":                            nil,
	"GET /v1/verifications/{code}":                 nil,
	"GET /schemas/result.json":                     nil,
	"GET /v1/session":                              everybody,
	"DELETE /v1/session":                           everybody,
	"PUT /v1/session/password":                     everybody,
	"POST /v1/documents":                           {access.Applicant, access.Clerk, access.Reviewer, access.Admin, access.System},
	"GET /v1/documents":                            {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"GET /v1/search":                               {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"GET /v1/documents/{id}":                       {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"GET /v1/documents/{id}/pages":                 {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"GET /v1/documents/{id}/events":                {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"GET /v1/documents/{id}/original":              {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"GET /v1/documents/{id}/searchable":            {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"POST /v1/documents/join":                      {access.Clerk, access.Reviewer, access.Admin},
	"POST /v1/documents/{id}/split":                {access.Clerk, access.Reviewer, access.Admin},
	"POST /v1/documents/{id}/confirm":              {access.Clerk, access.Reviewer, access.Admin},
	"POST /v1/documents/{id}/reject":               {access.Clerk, access.Reviewer, access.Admin},
	"POST /v1/documents/{id}/cancel":               {access.Clerk, access.Reviewer, access.Admin},
	"POST /v1/documents/{id}/retry":                {access.Clerk, access.Reviewer, access.Admin},
	"POST /v1/documents/{id}/reprocess":            {access.Clerk, access.Reviewer, access.Admin},
	"POST /v1/documents/{id}/password":             {access.Applicant, access.Clerk, access.Reviewer, access.Admin, access.System},
	"POST /v1/documents/{id}/release":              {access.Security},
	"POST /v1/documents/{id}/purge":                {access.Security},
	"GET /v1/results":                              {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/results/{id}":                         {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/results/{id}/file":                    {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Archivist, access.Admin, access.System},
	"GET /v1/results/{id}/original":                {access.Reviewer, access.Archivist, access.System},
	"POST /v1/results/{id}/revoke":                 {access.Reviewer, access.Admin},
	"POST /v1/results/{id}/project":                {access.Clerk, access.Reviewer, access.Admin},
	"GET /v1/results/{id}/reliances":               {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"POST /v1/results/{id}/reliances":              {access.Clerk, access.Reviewer, access.Admin, access.System},
	"POST /v1/certificates":                        {access.Reviewer, access.Admin, access.System},
	"GET /v1/projects/{code}/basis":                {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Admin, access.System},
	"GET /v1/projects/{code}/members":              {access.Clerk, access.Admin},
	"PUT /v1/projects/{code}/members/{account}":    {access.Clerk, access.Admin},
	"DELETE /v1/projects/{code}/members/{account}": {access.Clerk, access.Admin},
	"GET /v1/events":                               {access.Supervisor, access.Admin, access.System},
	"GET /v1/audit":                                {access.Supervisor, access.Security, access.Admin},
	"GET /v1/queue":                                {access.Admin},
	"GET /v1/accounts":                             {access.Admin},
	"POST /v1/accounts":                            {access.Admin},
	"PATCH /v1/accounts/{name}":                    {access.Admin},
	"POST /v1/accounts/{name}/tokens":              {access.Admin},
	"POST /v1/projects":                            {access.Applicant, access.Clerk, access.Admin},
	"GET /v1/projects":                             {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/projects/{code}":                      {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/cases":                                {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/cases/{id}":                           {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/cases/{id}/checklist":                 {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/case-items":                           {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/case-items/{id}":                      {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/case-items/{id}/clocks":               {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"POST /v1/cases":                               {access.Applicant, access.Clerk},
	"PATCH /v1/cases/{id}":                         {access.Applicant, access.Clerk},
	"POST /v1/cases/{id}/files":                    {access.Applicant, access.Clerk},
	"DELETE /v1/cases/{id}/files/{filing}":         {access.Applicant, access.Clerk},
	"POST /v1/cases/{id}/promises":                 {access.Applicant, access.Clerk},
	"POST /v1/cases/{id}/submit":                   {access.Applicant, access.Clerk},
	"POST /v1/case-items/{id}/resubmit":            {access.Applicant, access.Clerk},
	"POST /v1/case-items/{id}/withdraw":            {access.Applicant, access.Clerk},
	"POST /v1/case-items/{id}/reroute":             {access.Applicant, access.Clerk},
	"POST /v1/cases/{id}/confirmations":            {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/correct":             {access.Reviewer, access.System, access.Supervisor},
	"POST /v1/case-items/{id}/return":              {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/accept":              {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/refuse":              {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/declare-unneeded":    {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/start":               {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/open-special":        {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/close-special":       {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/complete":            {access.Reviewer, access.System},
	"GET /v1/case-items/{id}/result-form":          {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/result-preview":      {access.Reviewer, access.System},
	"GET /v1/learning":                             {access.Admin},
	"POST /v1/learning/models":                     {access.Admin},
	"POST /v1/learning/models/{version}/evaluate":  {access.Admin},
	"POST /v1/learning/models/{version}/promote":   {access.Admin},
	"POST /v1/learning/rollback":                   {access.Admin},
	"POST /v1/learning/measure":                    {access.Admin},
	"PUT /v1/learning/thresholds/{code}":           {access.Admin},
	"GET /v1/notice-templates":                     {access.Admin},
	"GET /v1/notice-templates/{kind}":              {access.Admin},
	"GET /v1/notice-templates/{kind}/preview":      {access.Admin},
	"PUT /v1/notice-templates/{kind}/draft":        {access.Admin},
	"POST /v1/notice-templates/{kind}/publish":     {access.Admin},
	"POST /v1/case-items/{id}/results":             {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/complete-tolerated":  {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/reject":              {access.Reviewer, access.System},
	"POST /v1/case-items/{id}/revoke":              {access.Reviewer, access.System},
	"GET /v1/notices":                              {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/notices/{id}":                         {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /v1/notices/{id}/file":                    {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"POST /v1/notices/{id}/serve":                  {access.Clerk, access.Reviewer, access.System},
	"POST /v1/consultations":                       {access.Applicant, access.Clerk},
	"GET /v1/consultations":                        {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Admin, access.System},
	"GET /v1/consultations/{id}":                   {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Admin, access.System},
	"POST /v1/consultations/{id}/answer":           {access.Reviewer, access.System},
	"POST /v1/consultations/{id}/rating":           {access.Applicant, access.Clerk},
	"POST /v1/complaints":                          {access.Applicant, access.Clerk},
	"GET /v1/complaints":                           {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Admin},
	"GET /v1/complaints/{id}":                      {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Admin},
	"POST /v1/complaints/{id}/assign":              {access.Clerk, access.Supervisor},
	"POST /v1/complaints/{id}/answer":              {access.Clerk, access.Reviewer},
	"POST /v1/complaints/{id}/close":               {access.Applicant, access.Reviewer, access.Supervisor},
	"POST /v1/inquiries":                           {access.Applicant, access.Clerk},
	"GET /v1/inquiries":                            {access.Applicant, access.Clerk, access.Lead, access.Supervisor, access.Admin},
	"GET /v1/inquiries/{id}":                       {access.Applicant, access.Clerk, access.Lead, access.Supervisor, access.Admin},
	"POST /v1/inquiries/{id}/publish":              {access.Clerk, access.Lead},
	"GET /v1/inquiry-replies":                      {access.Reviewer, access.System},
	"POST /v1/inquiry-replies/{id}/answer":         {access.Reviewer, access.System},
	"POST /v1/inquiry-replies/{id}/doubt":          {access.Clerk, access.Lead},
	"GET /v1/coordination":                         {access.Clerk, access.Lead},
	"POST /v1/handovers":                           {access.Reviewer, access.System},
	"GET /v1/handovers":                            {access.Clerk, access.Reviewer, access.Supervisor, access.Admin, access.System},
	"POST /v1/handovers/{id}/receive":              {access.Clerk},
	"POST /v1/case-items/{id}/issuance":            {access.Applicant, access.Clerk},
	"GET /v1/issuances":                            {access.Applicant, access.Clerk, access.Reviewer, access.Supervisor, access.Admin, access.System},
	"GET /v1/issuances/labels":                     {access.Clerk},
	"GET /v1/issuances/{id}":                       {access.Applicant, access.Clerk, access.Reviewer, access.Supervisor, access.Admin, access.System},
	"POST /v1/issuances/{id}/collect":              {access.Clerk},
	"POST /v1/issuances/{id}/mail":                 {access.Clerk},
	"POST /v1/issuances/{id}/arrival":              {access.Clerk},
	"POST /v1/issuances/{id}/unlock":               {access.Supervisor, access.Admin},
	"POST /v1/issuances/{id}/print":                {access.Applicant},
	"GET /v1/exchange":                             {access.Admin, access.System},
	"GET /v1/exchange/SPGL_XMJBXXB":                {access.Admin, access.System},
	"GET /v1/exchange/SPGL_XMSPSXBLXXB":            {access.Admin, access.System},
	"GET /v1/exchange/SPGL_XMSPSXBLXXXXB":          {access.Admin, access.System},
	"GET /v1/exchange/SPGL_XMSPSXPFWJXXB":          {access.Admin, access.System},
	"GET /v1/exchange/SPGL_XMSPSXBLTBCXXXB":        {access.Admin, access.System},
	"GET /v1/supervision/figures":                  {access.Lead, access.Supervisor, access.Admin, access.Province},
	"GET /v1/supervision/consultations":            {access.Lead, access.Supervisor, access.Admin, access.Province},
	"GET /v1/supervision/recount":                  {access.Lead, access.Supervisor, access.Admin},
	"GET /v1/supervision/report":                   {access.Lead, access.Supervisor, access.Admin, access.Province},
	"GET /v1/supervision/clocks":                   {access.Lead, access.Supervisor, access.Admin},
	"GET /v1/supervision/overdue":                  {access.Lead, access.Supervisor, access.Admin},
	"GET /v1/supervision/capacity":                 {access.Lead, access.Supervisor, access.Admin, access.Province},
	"GET /v1/supervision/assessment":               {access.Lead, access.Supervisor, access.Admin},
	"GET /v1/supervision/weights":                  {access.Lead, access.Supervisor, access.Admin},
	"PUT /v1/supervision/weights":                  {access.Admin},
	"GET /v1/supervision/milestones":               {access.Lead, access.Supervisor, access.Admin},
	"POST /v1/supervision/milestones":              {access.Lead, access.Supervisor},
	"POST /v1/supervision/urges":                   {access.Lead, access.Supervisor},
	"GET /v1/catalogue":                            nil,
	"GET /v1/catalogue/items":                      nil,
	"GET /v1/catalogue/items/{code}":               nil,
	"GET /v1/catalogue/checklist":                  nil,
	"GET /v1/catalogue/faq":                        nil,
	"GET /v1/catalogue/contacts":                   nil,
	"GET /v1/catalogue/versions":                   nil,
	"GET /v1/catalogue/diff":                       nil,
	"GET /v1/progress":                             nil,
	"GET /metrics":                                 {access.Supervisor, access.Admin, access.System},
}

// documented lists every route of the description as "METHOD /path".
func documented(t *testing.T, h *house) []string {
	t.Helper()
	_, described := h.server.Handler()
	var routes []string
	for path, item := range described.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete, "HEAD": item.Head, "OPTIONS": item.Options} {
			if op != nil {
				routes = append(routes, method+" "+path)
			}
		}
	}
	sort.Strings(routes)
	return routes
}

// aim fills the parameters of a route with what does not exist.
func aim(route string) (method, path string) {
	method, path, _ = strings.Cut(route, " ")
	for name, value := range map[string]string{"{id}": "none", "{code}": project.Code, "{account}": "nobody", "{name}": "nobody", "{event}": "1",
		"{number}": "1", "{division}": "430100"} {
		path = strings.ReplaceAll(path, name, value)
	}
	return method, path
}

func TestAccess_MatrixOfRoutesAndRoles(t *testing.T) {
	h := openHouse(t)
	for _, role := range everybody {
		name := "only-" + string(role)
		if err := h.guard.CreateForPrograms(t.Context(), access.NewAccount{Name: name, Roles: []access.Role{role}}); err != nil {
			t.Fatal(err)
		}
	}
	routes := documented(t, h)
	for _, route := range routes {
		if _, listed := matrix[route]; !listed {
			t.Errorf("nobody decided who may call %s", route)
		}
	}
	if len(routes) != len(matrix) {
		t.Errorf("%d routes are described, %d decided", len(routes), len(matrix))
	}
	for route, allowed := range matrix {
		h.checkRoute(t, route, allowed)
	}
}

// checkRoute asks a route as nobody and as each role. Whoever is let in gets
// past 401 and 403, to whatever the route says to a request about nothing.
func (h *house) checkRoute(t *testing.T, route string, allowed []access.Role) {
	t.Helper()
	method, path := aim(route)
	nobody := h.do(h.request("", method, path, nil)).status
	if allowed == nil {
		if nobody == http.StatusUnauthorized || nobody == http.StatusForbidden {
			t.Errorf("%s answers %d to the public", route, nobody)
		}
		return
	}
	if nobody != http.StatusUnauthorized {
		t.Errorf("%s answers %d without a login", route, nobody)
	}
	for _, role := range everybody {
		status := h.do(h.request("only-"+string(role), method, path, nil)).status
		may := false
		for _, a := range allowed {
			may = may || a == role
		}
		switch {
		case may && (status == http.StatusForbidden || status == http.StatusUnauthorized):
			t.Errorf("%s refuses %s with %d", route, role, status)
		case !may && status != http.StatusForbidden:
			t.Errorf("%s answers %d to %s", route, status, role)
		case status >= 500:
			t.Errorf("%s breaks for %s with %d", route, role, status)
		}
	}
}

// downloads are routes that answer with a file although nothing is named.
var downloads = map[string]bool{"/metrics": true, "/v1/supervision/report": true, "/v1/issuances/labels": true, "/v1/exchange/SPGL_XMJBXXB": true,
	"/v1/exchange/SPGL_XMSPSXBLXXB": true, "/v1/exchange/SPGL_XMSPSXBLXXXXB": true, "/v1/exchange/SPGL_XMSPSXPFWJXXB": true, "/v1/exchange/SPGL_XMSPSXBLTBCXXXB": true}

// TestAccess_EveryDescribedRouteAnswers: what is described exists on the running
// server, with its method.
func TestAccess_EveryDescribedRouteAnswers(t *testing.T) {
	h := openHouse(t)
	for _, route := range documented(t, h) {
		method, path := aim(route)
		r := h.do(h.request("admin", method, path, nil))
		if r.status == http.StatusMethodNotAllowed || r.status >= 500 || strings.Contains(string(r.body), "没有这个地址") {
			t.Errorf("%s answers %d: %s", route, r.status, r.body)
		}
		if !downloads[path] && !strings.Contains(r.header.Get("Content-Type"), "json") && r.status != http.StatusNoContent {
			t.Errorf("%s answers as %q", route, r.header.Get("Content-Type"))
		}
	}
}

// TestAccess_PagesFollowTheSamePolicy asks pages as roles that may not.
func TestAccess_PagesFollowTheSamePolicy(t *testing.T) {
	h := openHouse(t)
	for i, c := range []struct {
		role         access.Role
		method, path string
		status       int
	}{
		{access.Supervisor, "GET", "/documents", 403}, {access.Applicant, "GET", "/documents", 200}, {access.Security, "GET", "/documents", 200},
		{access.Applicant, "POST", "/documents/x/confirm", 403}, {access.Lead, "POST", "/documents/x/retry", 403},
		{access.Admin, "POST", "/documents/x/release", 403}, {access.Admin, "POST", "/documents/x/purge", 403},
		{access.Security, "GET", "/projects", 403}, {access.Reviewer, "POST", "/projects", 403}, {access.Supervisor, "POST", "/cases/x/submit", 403},
		{access.Applicant, "POST", "/case-items/x/accept", 403}, {access.Clerk, "POST", "/case-items/x/complete", 403}, {access.Reviewer, "GET", "/case-items/x", 404},
		{access.Applicant, "GET", "/cases/x", 404}, {access.Applicant, "GET", "/counter", 403}, {access.Applicant, "GET", "/supervision", 403},
		{access.Clerk, "GET", "/admin/accounts", 403}, {access.Lead, "POST", "/results/zip", 422},
		{access.Reviewer, "GET", "/inquiries", 403}, {access.Applicant, "GET", "/inquiry-replies", 403}, {access.Applicant, "POST", "/inquiries/x/publish", 403},
		{access.Security, "GET", "/consultations", 403}, {access.Reviewer, "POST", "/consultations", 403}, {access.Applicant, "POST", "/consultations/x/answer", 403},
		{access.Archivist, "GET", "/complaints", 403}, {access.Applicant, "POST", "/complaints/x/assign", 403}, {access.Clerk, "POST", "/complaints/x/close", 403},
		{access.Archivist, "POST", "/results/x/revoke", 403}, {access.Security, "GET", "/results/x", 403},
		{access.System, "POST", "/results/x/project", 403}, {access.Clerk, "POST", "/documents/x/reject", 404},
	} {
		name := fmt.Sprint("p", i)
		h.person(t, name, c.role)
		secret, _, err := h.guard.Login(t.Context(), name, password)
		if err != nil {
			t.Fatal(err)
		}
		cookie := access.Cookie(secret, false)
		if r := h.withCookie(c.method, c.path, &cookie); r.status != c.status {
			t.Errorf("%s %s answers %d to %s, want %d", c.method, c.path, r.status, c.role, c.status)
		}
	}
}
