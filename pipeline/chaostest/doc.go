// Package chaostest proves the pipeline's guarantees by breaking things: worker
// processes killed and paused at random, Redis emptied and taken away, the
// database's connections cut. Every run ends with every document accounted for
// exactly once and every effect exactly once. A control run with the fence off
// must show duplicates, so that the test is known to be able to fail.
//
// The workers are processes of the test binary itself, on real PostgreSQL and
// Redis. Reading is replaced by a short wait: what is tested is the queue.
package chaostest
