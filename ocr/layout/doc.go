// Package layout puts the lines of a page into the order people read them:
// panels, then rows, then left to right. Every engine uses it, so that a text
// does not depend on which engine read the page.
package layout
