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
	})
}
