// Package api is the HTTP/JSON interface: routes, rights, errors. Every route
// stands in routes.go; rules live in casework and intake.
package api
