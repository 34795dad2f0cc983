//go:build chaos

package main

import "os"

// chaosNoFence lets the control run of the chaos test show the duplicates that
// the fence prevents.
func chaosNoFence() bool { return os.Getenv("ONEWINDOW_CHAOS_NO_FENCE") == "1" }
