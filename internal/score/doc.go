// Package score holds what was read of labelled files against what is true of
// them: characters, types, fields, secrecy markings, speed. It knows nothing of
// how files are read; `onewindow eval` brings both together.
package score
