package api_test

import (
	"maps"

	"onewindow/access"
)

// The hot folders' ledger, and what is laid in front of paper for them.
func init() {
	desk := []access.Role{access.Clerk, access.Admin}
	maps.Copy(matrix, map[string][]access.Role{
		"GET /v1/hot-folder/files":             desk,
		"GET /v1/hot-folder/files/{id}":        desk,
		"POST /v1/hot-folder/files/{id}/retry": desk,
		"GET /v1/documents/{id}/parts":         matrix["GET /v1/documents/{id}"],
		"GET /v1/cases/{id}/cover-sheets":      {access.Clerk},
	})
}
