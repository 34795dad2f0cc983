//go:build !chaos

package main

// chaosNoFence is false in every binary but the chaos test's control run.
func chaosNoFence() bool { return false }
