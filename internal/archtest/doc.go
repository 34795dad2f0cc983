// Package archtest holds the test that reads the import graph and fails on an
// arrow that points the wrong way.
package archtest
