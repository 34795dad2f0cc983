// Package casework holds the use cases on documents, results and cases: what
// people decide. What the pipeline does by itself is told here through events,
// never by a call.
package casework
