// Package access says who may do what: accounts and their passwords, sessions
// and tokens, and the one policy table.
package access
