package learning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/classify/learned"
	"onewindow/classify/panel"
	"onewindow/document"
	"onewindow/storage"
)

// The bounds of what is learned from: the newest decisions, and how many documents
// are looked through for them.
const (
	maxLessons   = 5_000
	maxEvaluated = 1_000
	maxSearched  = 100_000
)

// lesson is a document whose type a person decided.
type lesson struct {
	code     string // as answered
	question classify.Question
	rules    document.Classification // what the rules say of it
	at       time.Time
}

func (l lesson) example(cat *catalogue.Catalogue) learned.Example {
	return learned.Example{Code: panel.Canonical(cat, l.code), Was: panel.Canonical(cat, l.rules.Code), Human: true,
		Sheet: learned.SheetOf(l.question.Pages, l.question.Filename)}
}

// lessons gathers decisions of people, the newest document first. What is
// classified is never learned from: nothing derived of it may stay (G.8).
func (o *Office) lessons(ctx context.Context, most int) ([]lesson, error) {
	var out []lesson
	q := storage.DocumentQuery{Limit: 500}
	for searched := 0; searched < maxSearched && len(out) < most; searched += q.Limit {
		docs, err := o.Records.ListDocuments(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("list documents: %w", err)
		}
		for _, doc := range docs {
			l, ok, err := o.lesson(ctx, doc)
			if err != nil {
				return nil, err
			}
			if ok && len(out) < most {
				out = append(out, l)
			}
		}
		if len(docs) < q.Limit {
			break
		}
		q.Before = docs[len(docs)-1].ID
	}
	return out, nil
}

func (o *Office) lesson(ctx context.Context, doc document.Document) (lesson, bool, error) {
	if doc.State != document.StateDone && doc.State != document.StateConfirmed {
		return lesson{}, false, nil
	}
	code, at, err := o.decided(ctx, doc)
	if err != nil || code == "" {
		return lesson{}, false, err
	}
	if m, ok := o.Catalogue.Material(code); ok && len(m.AnyOf) > 0 {
		return lesson{}, false, nil // a choice is no type
	}
	pages, err := o.Pages(ctx, doc)
	if errors.Is(err, storage.ErrNotFound) {
		return lesson{}, false, nil
	}
	if err != nil {
		return lesson{}, false, fmt.Errorf("read pages: %w", err)
	}
	l := lesson{code: code, at: at, question: classify.Question{Pages: pages, Filename: doc.Filename, Role: doc.Origin.Role}}
	l.rules, err = o.Rules.Classify(ctx, l.question)
	l.question.Pages = printed(pages)
	return l, err == nil, err
}

// printed are the first pages with print on them, as many as a model looks at:
// thousands of lessons are held at once.
func printed(pages []document.Page) []document.Page {
	var out []document.Page
	for _, p := range pages {
		if len(out) == learned.Pages {
			break
		}
		if !p.Blank && len(p.Lines) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// decided is the type that a person decided, and when; "" when nobody did: where it
// was put by hand on the checklist, or what a reviewer confirmed.
func (o *Office) decided(ctx context.Context, doc document.Document) (code string, at time.Time, err error) {
	filings, err := o.Records.FilingsOfDocument(ctx, string(doc.ID))
	if err != nil {
		return "", at, fmt.Errorf("list filings: %w", err)
	}
	for _, f := range filings {
		if f.Source == approval.SourceUpload && !f.Auto && f.Sureness == 0 {
			return f.Material, f.At, nil
		}
	}
	looked, at := confirmation(doc)
	by := doc.Classification.By
	if looked || by != "" && !strings.Contains(by, "/") { // the name of a classifier has its version after a stroke
		return doc.Classification.Code, at, nil
	}
	return "", at, nil
}

// confirmation reports whether a person confirmed a document's data, and when. Who
// vouched for a file unseen does not count.
func confirmation(doc document.Document) (bool, time.Time) {
	at := doc.UpdatedAt
	if doc.Origin.Confirm {
		return false, at
	}
	if p := doc.Publication; p != nil && person(p.ConfirmedBy) {
		return true, p.ConfirmedAt
	}
	for _, f := range doc.Fields {
		if person(f.ConfirmedBy) && f.ConfirmedAt != nil {
			return true, *f.ConfirmedAt
		}
	}
	return false, at
}

func person(account string) bool { return account != "" && !strings.Contains(account, ":") }

// after are the lessons of documents that were decided after a moment.
func after(all []lesson, at time.Time) []lesson {
	return slices.DeleteFunc(slices.Clone(all), func(l lesson) bool { return !l.at.After(at) })
}
