// Package searchable writes PDF/A-2b files of page pictures with an exact
// invisible text layer behind them, so that scans can be searched, marked and
// copied from in any viewer. The picture stays what is seen; the text stands
// where its print does, one run a line, every character at its share of the
// line's width.
//
// Nothing is kept in memory but one page: files of thousands of pages are
// written as they are read.
package searchable
