// Package document is the vocabulary of files: what arrives at a door, what is
// read from it, and what state it is in. It knows no technology: standard
// library only, so that every other package can speak it.
package document
