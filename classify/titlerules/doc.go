// Package titlerules classifies by what a person looks at first: the title of
// the first page, its number, its columns. Phrases and the words that forbid a
// class come from the catalogue; the longest phrase in the title wins. It
// answers with evidence in Chinese and abstains when it is not sure.
package titlerules
