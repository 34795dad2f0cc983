// Package classify answers "what is this document?" from its text and layout,
// with evidence, and abstains below its threshold.
package classify

import (
	"context"

	"onewindow/document"
)

// Question is what is known when a document is to be classified.
type Question struct {
	Pages    []document.Page // the pages read; the title stands on the first
	Filename string          // as sent; weak evidence
	Role     document.Role   // RoleResult: result types (rd-…); RoleMaterial: material codes; RoleAuto: result types first, then materials
	// Among limits the answer to these codes (the checklist of the case's items);
	// empty means all the role allows. A code that stands for a choice of
	// materials (any_of) allows its members, and the member is answered.
	Among []string
}

// Classifier decides the type. A zero Classification.Code means unrecognized;
// its RunnersUp still tell the best guesses.
type Classifier interface {
	Classify(ctx context.Context, q Question) (document.Classification, error)
}

// Answered is a classifier that was asked before: it gives the same answer to
// whatever is asked.
type Answered document.Classification

// Classify returns the answer.
func (a Answered) Classify(context.Context, Question) (document.Classification, error) {
	return document.Classification(a), nil
}
