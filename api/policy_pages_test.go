package api_test

import (
	"net/http"
	"strings"
	"testing"

	"onewindow/access"
)

// pageMatrix is who may open or send which page, written down by hand like matrix.
// Pages are the interface seen by people: what a role may not ask there, no page
// shows it here.
var pageMatrix = map[string][]access.Role{
	"GET /issuances":                                      {access.Applicant, access.Clerk, access.Reviewer, access.Supervisor, access.Admin, access.System},
	"POST /issuances/find":                                {access.Clerk},
	"GET /issuances/{id}":                                 {access.Applicant, access.Clerk, access.Reviewer, access.Supervisor, access.Admin, access.System},
	"POST /issuances/{id}/collect":                        {access.Clerk},
	"POST /issuances/{id}/mail":                           {access.Clerk},
	"POST /issuances/{id}/arrival":                        {access.Clerk},
	"POST /issuances/{id}/unlock":                         {access.Supervisor, access.Admin},
	"POST /issuances/{id}/print":                          {access.Applicant},
	"POST /case-items/{id}/issuance":                      {access.Applicant, access.Clerk},
	"GET /search":                                         {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Security, access.Archivist, access.Admin, access.System},
	"POST /documents/join":                                {access.Clerk, access.Reviewer, access.Admin},
	"POST /documents/{id}/split":                          {access.Clerk, access.Reviewer, access.Admin},
	"GET /case-items/{id}/generate":                       {access.Reviewer, access.System},
	"POST /case-items/{id}/generate":                      {access.Reviewer, access.System},
	"POST /case-items/{id}/generate/preview":              {access.Reviewer, access.System},
	"GET /admin/learning":                                 {access.Admin},
	"POST /admin/learning/models":                         {access.Admin},
	"POST /admin/learning/models/{version}/evaluate":      {access.Admin},
	"POST /admin/learning/models/{version}/promote":       {access.Admin},
	"POST /admin/learning/rollback":                       {access.Admin},
	"POST /admin/learning/measure":                        {access.Admin},
	"POST /admin/learning/thresholds":                     {access.Admin},
	"GET /admin/notice-templates":                         {access.Admin},
	"GET /admin/notice-templates/{kind}":                  {access.Admin},
	"POST /admin/notice-templates/{kind}/draft":           {access.Admin},
	"POST /admin/notice-templates/{kind}/publish":         {access.Admin},
	"GET /handovers":                                      {access.Clerk, access.Reviewer, access.Supervisor, access.Admin, access.System},
	"POST /handovers":                                     {access.Reviewer, access.System},
	"POST /handovers/{id}/receive":                        {access.Clerk},
	"GET /counter/today":                                  {access.Clerk},
	"GET /assistances":                                    {access.Applicant, access.Clerk, access.Supervisor, access.Admin},
	"POST /assistances":                                   {access.Applicant, access.Clerk},
	"GET /assistances/{id}":                               {access.Applicant, access.Clerk, access.Supervisor, access.Admin},
	"POST /assistances/{id}/assign":                       {access.Clerk},
	"POST /assistances/{id}/notes":                        {access.Clerk},
	"POST /assistances/{id}/end":                          {access.Applicant, access.Clerk},
	"GET /promises":                                       {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /promises/{id}":                                  {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"POST /promises/{id}/extend":                          {access.Reviewer, access.System},
	"POST /promises/{id}/break":                           {access.Reviewer, access.System},
	"POST /promises/{id}/repair":                          {access.Reviewer, access.System},
	"GET /trainings":                                      nil,
	"POST /trainings":                                     {access.Clerk, access.Lead, access.Admin},
	"GET /trainings/{id}":                                 nil,
	"POST /trainings/{id}/enrolments":                     everybody,
	"POST /trainings/{id}/cancel":                         {access.Clerk, access.Lead, access.Admin},
	"POST /enrolments/{id}/attendance":                    {access.Clerk, access.Lead, access.Admin},
	"GET /kiosk":                                          {access.System},
	"GET /supervision/figures":                            {access.Lead, access.Supervisor, access.Admin, access.Province},
	"GET /supervision/clocks":                             {access.Lead, access.Supervisor, access.Admin},
	"POST /supervision/urges":                             {access.Lead, access.Supervisor},
	"GET /supervision/assessment":                         {access.Lead, access.Supervisor, access.Admin},
	"POST /supervision/weights":                           {access.Admin},
	"GET /supervision/milestones":                         {access.Lead, access.Supervisor, access.Admin},
	"POST /supervision/milestones":                        {access.Lead, access.Supervisor},
	"GET /admin/webhooks":                                 {access.Admin, access.System},
	"POST /admin/webhooks":                                {access.Admin, access.System},
	"GET /admin/webhooks/{id}":                            {access.Admin, access.System},
	"POST /admin/webhooks/{id}":                           {access.Admin, access.System},
	"POST /admin/webhooks/{id}/rotate":                    {access.Admin, access.System},
	"POST /admin/webhooks/{id}/test":                      {access.Admin, access.System},
	"POST /admin/webhooks/{id}/remove":                    {access.Admin, access.System},
	"POST /admin/webhooks/{id}/deliveries/{event}/replay": {access.Admin, access.System},
	"GET /admin/usage":                                    {access.Admin},
	"GET /admin/catalogue":                                {access.Admin},
	"GET /admin/quality":                                  {access.Admin},
	"GET /archive":                                        {access.Archivist},
	"GET /organisation":                                   {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Security, access.Archivist, access.Admin},
	"GET /organisation/staff":                             {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Security, access.Archivist, access.Admin},
	"GET /organisation/staff/{id}":                        {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Security, access.Archivist, access.Admin},
	"GET /organisation/duty":                              {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Security, access.Archivist, access.Admin},
	"GET /organisation/rules":                             {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Security, access.Archivist, access.Admin},
	"POST /organisation/halls/{id}":                       {access.Admin},
	"POST /organisation/windows/{id}":                     {access.Admin},
	"POST /organisation/devices/{id}":                     {access.Admin},
	"POST /organisation/staff/{id}":                       {access.Admin},
	"POST /organisation/staff/{id}/relieve":               {access.Admin},
	"POST /organisation/rules":                            {access.Admin},
	"POST /documents/{id}/discard":                        {access.Clerk, access.Reviewer, access.Admin},
	"GET /payments":                                       {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"GET /payments/new":                                   {access.Clerk, access.Reviewer},
	"POST /payments/new":                                  {access.Clerk, access.Reviewer},
	"GET /payments/{id}":                                  {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
	"POST /payments/{id}/paid":                            {access.Clerk, access.Reviewer},
	"POST /payments/{id}/waive":                           {access.Reviewer},
}

// The route that the counter's tray added.
func init() {
	matrix["POST /v1/documents/{id}/discard"] = matrix["POST /v1/documents/{id}/cancel"]
}

func TestAccess_PagesMatrixOfRoutesAndRoles(t *testing.T) {
	h := openHouse(t)
	cookies := map[access.Role]*http.Cookie{}
	for _, role := range everybody {
		b := h.browse(t, access.NewAccount{Name: "page-" + string(role), Roles: []access.Role{role}, Unit: "housing", Hall: "changsha"})
		cookies[role] = &b.cookie
	}
	for route, allowed := range pageMatrix {
		method, path := aim(route)
		if r := h.do(h.request("", method, path, nil)); allowed != nil && (r.status != http.StatusSeeOther || !strings.HasPrefix(r.header.Get("Location"), "/login")) {
			t.Errorf("%s answers %d without a login", route, r.status)
		}
		for _, role := range everybody {
			h.checkPage(t, route, role, allowed, cookies[role])
		}
	}
}

// checkPage asks a page as a role. Nothing that is named exists: whoever may gets
// past 403, and whatever is said is said by a page of ours.
func (h *house) checkPage(t *testing.T, route string, role access.Role, allowed []access.Role, cookie *http.Cookie) {
	t.Helper()
	method, path := aim(route)
	r := h.withCookie(method, path, cookie)
	may := allowed == nil
	for _, a := range allowed {
		may = may || a == role
	}
	switch {
	case r.status >= 500:
		t.Errorf("%s breaks for %s with %d: %s", route, role, r.status, r.body)
	case may && (r.status == http.StatusForbidden || strings.HasPrefix(r.header.Get("Location"), "/login")):
		t.Errorf("%s refuses %s with %d", route, role, r.status)
	case !may && r.status != http.StatusForbidden:
		t.Errorf("%s answers %d to %s", route, r.status, role)
	case r.status < 300 && !strings.Contains(string(r.body), "<html"):
		t.Errorf("%s is no page for %s", route, role)
	}
}
