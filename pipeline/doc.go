// Package pipeline takes a document from receipt to a published result. SQL rows
// are the truth: a step is a task row, claimed with a fence and a lease; a worker
// does the step, and one transaction records the outcome, closes the task and
// opens the next ones. Bells only say that there may be work; losing every one
// of them loses nothing, because the sweeper rings again for what waits.
package pipeline
