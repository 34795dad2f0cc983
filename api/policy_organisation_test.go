package api_test

import (
	"maps"

	"onewindow/access"
)

// The physical window: everybody who works there may look, the administrator sets.
func init() {
	staff := []access.Role{access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Security, access.Archivist, access.Admin}
	maps.Copy(matrix, map[string][]access.Role{
		"GET /v1/halls":                         staff,
		"PUT /v1/halls/{code}":                  {access.Admin},
		"PUT /v1/halls/{code}/windows/{number}": {access.Admin},
		"GET /v1/devices":                       staff,
		"PUT /v1/devices/{id}":                  {access.Admin},
		"POST /v1/devices/{id}/report":          {access.Admin, access.System},
		"GET /v1/staff":                         staff,
		"GET /v1/staff/{account}":               staff,
		"PUT /v1/staff/{account}":               {access.Admin},
		"POST /v1/staff/{account}/relieve":      {access.Admin},
		"GET /v1/duty":                          staff,
		"GET /v1/organisation/gaps":             staff,
		"PUT /v1/leadership/{division}":         {access.Admin},
		"GET /v1/leadership/{division}":         nil,
		"GET /v1/window-rules":                  nil,
		"PUT /v1/window-rules":                  {access.Admin},

		"POST /v1/payments":                           {access.Clerk, access.Reviewer},
		"GET /v1/payments":                            {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
		"GET /v1/payments/{id}":                       {access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin, access.System},
		"POST /v1/payments/{id}/paid":                 {access.Clerk, access.Reviewer},
		"POST /v1/payments/{id}/waive":                {access.Reviewer},
		"POST /v1/assistances":                        {access.Applicant, access.Clerk},
		"GET /v1/assistances":                         {access.Applicant, access.Clerk, access.Supervisor, access.Admin},
		"GET /v1/assistances/{id}":                    {access.Applicant, access.Clerk, access.Supervisor, access.Admin},
		"POST /v1/assistances/{id}/assign":            {access.Clerk},
		"POST /v1/assistances/{id}/notes":             {access.Clerk},
		"POST /v1/assistances/{id}/end":               {access.Applicant, access.Clerk},
		"GET /v1/trainings":                           nil,
		"POST /v1/trainings":                          {access.Clerk, access.Lead, access.Admin},
		"POST /v1/trainings/{id}/cancel":              {access.Clerk, access.Lead, access.Admin},
		"POST /v1/trainings/{id}/enrolments":          everybody,
		"POST /v1/enrolments/{id}/attendance":         {access.Clerk, access.Lead, access.Admin},
		"GET /v1/trainings/{id}/attendance":           {access.Clerk, access.Lead, access.Admin},
		"POST /v1/coordination-matters":               {access.Clerk, access.Reviewer, access.Lead, access.Supervisor},
		"GET /v1/coordination-matters":                {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Admin},
		"GET /v1/coordination-matters/{id}":           {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Admin},
		"POST /v1/coordination-matters/{id}/meetings": {access.Clerk, access.Reviewer, access.Lead, access.Supervisor},
		"POST /v1/coordination-matters/{id}/close":    {access.Clerk, access.Lead, access.Supervisor},
		"POST /v1/issues":                             {access.Clerk, access.Reviewer, access.Lead, access.Supervisor},
		"GET /v1/issues":                              {access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Admin, access.Province},
		"POST /v1/issues/{id}/reply":                  {access.Province},
		"POST /v1/kiosk/sessions":                     {access.System},
		"GET /v1/kiosk/session":                       {access.System},
		"DELETE /v1/kiosk/session":                    {access.System},
		"POST /v1/kiosk/results/{id}/print":           {access.System},
		"GET /v1/catalogue/handout":                   nil,
		"GET /v1/cases/{id}/archive":                  {access.Archivist},
		"GET /v1/follow-ups":                          {access.Clerk},
		"GET /v1/supervision/paper":                   {access.Lead, access.Supervisor, access.Admin},
		"GET /v1/supervision/visits":                  {access.Lead, access.Supervisor, access.Admin, access.Province},
		"GET /v1/supervision/quality":                 {access.Lead, access.Supervisor, access.Admin, access.Province},
		"POST /v1/issues/{id}/close":                  {access.Clerk, access.Reviewer, access.Lead, access.Supervisor},
	})
}
