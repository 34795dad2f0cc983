// Package intake is the one way in: every door (HTTP, hot folder, command line,
// push) hands its bytes to Receive, and a receipt number leaves only when they
// are durable.
package intake
