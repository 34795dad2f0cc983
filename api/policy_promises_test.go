package api_test

import (
	"maps"

	"onewindow/access"
)

// Promises: whoever sees the item reads, its unit decides.
func init() {
	read, decide := matrix["GET /v1/case-items"], matrix["POST /v1/case-items/{id}/complete"]
	maps.Copy(matrix, map[string][]access.Role{
		"GET /v1/promises":              read,
		"GET /v1/promises/{id}":         read,
		"GET /v1/promise-report":        {access.Lead, access.Supervisor, access.Admin},
		"POST /v1/promises/{id}/extend": decide,
		"POST /v1/promises/{id}/break":  decide,
		"POST /v1/promises/{id}/repair": decide,
	})
}
