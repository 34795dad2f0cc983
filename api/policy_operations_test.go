package api_test

import (
	"maps"

	"onewindow/access"
)

// Subscriptions, logins and figures.
func init() {
	senders := matrix["POST /v1/documents"]
	maps.Copy(matrix, map[string][]access.Role{
		"GET /v1/webhooks":                                 {access.Admin, access.System},
		"POST /v1/webhooks":                                {access.Admin, access.System},
		"GET /v1/webhooks/{id}":                            {access.Admin, access.System},
		"PATCH /v1/webhooks/{id}":                          {access.Admin, access.System},
		"DELETE /v1/webhooks/{id}":                         {access.Admin, access.System},
		"POST /v1/webhooks/{id}/test":                      {access.Admin, access.System},
		"GET /v1/webhooks/{id}/deliveries":                 {access.Admin, access.System},
		"POST /v1/webhooks/{id}/deliveries/{event}/replay": {access.Admin, access.System},
		"GET /v1/accounts/{name}/tokens":                   {access.Admin},
		"DELETE /v1/accounts/{name}/tokens/{id}":           {access.Admin},
		"GET /v1/usage":                                    {access.Admin},
		"OPTIONS /v1/uploads":                              nil,
		"POST /v1/uploads":                                 senders,
		"GET /v1/uploads/{id}":                             senders,
		"HEAD /v1/uploads/{id}":                            senders,
		"PATCH /v1/uploads/{id}":                           senders,
		"DELETE /v1/uploads/{id}":                          senders,
		"GET /v1/figures":                                  {access.Supervisor, access.Admin, access.Province},
		"GET /v1/oidc/login":                               nil,
		"GET /v1/oidc/callback":                            nil,
	})
}
