//go:build travel

package main

import (
	"os"
	"strings"
	"time"
)

// now goes on from the moment of Chinese time that a file names
// (ONEWINDOW_TRAVEL), as long after it as the file is old. Only tests build this:
// they play cases over days in seconds.
func now() time.Time {
	path := os.Getenv("ONEWINDOW_TRAVEL")
	text, err := os.ReadFile(path)
	if err != nil {
		panic("travel: " + err.Error())
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", strings.TrimSpace(string(text)), time.FixedZone("Asia/Shanghai", 8*60*60))
	if err != nil {
		panic("travel: " + err.Error())
	}
	set, err := os.Stat(path)
	if err != nil {
		panic("travel: " + err.Error())
	}
	return at.Add(time.Since(set.ModTime()))
}
