// Package testserver starts the real servers that tests and measurements talk
// to (Redis, PostgreSQL, versitygw, MinIO), each on a free loopback port with
// its own temporary folder. A server is gone when its test ends, and also when
// the test binary is killed: a small guard process watches it. A server that is
// not installed fails the test with the command that installs it; nothing is
// skipped and nothing is faked.
//
// Tests call Redis, Postgres, VersityGW and Minio. Programs without a testing.TB
// call the Start functions and stop the server themselves.
package testserver

import (
	"context"
	"time"
)

// TB is the part of testing.TB that is used here, so that programs which start
// servers do not link package testing.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Failed() bool
}

// startTimeout bounds the wait for a server to answer. Generous, because test
// machines are slow and shared; a server that exits early is noticed at once.
const startTimeout = 60 * time.Second

// pollEvery is how often a starting server is asked whether it is ready.
const pollEvery = 20 * time.Millisecond

// portAttempts is how many free ports are tried: between choosing a free port
// and the server binding it, another process may take it.
const portAttempts = 4

// startContext bounds one start of a server.
func startContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), startTimeout)
}
