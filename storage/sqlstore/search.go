package sqlstore

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"onewindow/document"
	"onewindow/internal/fulltext"
	"onewindow/storage"
)

const (
	searchBatch  = 100 // documents looked at together
	searchEnough = 500 // hits among which the best are chosen
	snippetWidth = 80  // characters
	cardWeight   = 20  // a word among the document's own data tells more than one in its text
	countedTimes = 8   // a word that stands there more often does not count for more
)

// SearchDocuments asks the index for documents and checks them one by one. It
// goes on past those that may not be seen, so that they hide nothing.
func (s *Store) SearchDocuments(ctx context.Context, q storage.SearchQuery, sees func(document.Document) bool) ([]storage.SearchHit, bool, error) {
	terms := fulltext.Terms(q.Text)
	if len(terms) == 0 {
		return nil, false, nil
	}
	var hits []storage.SearchHit
	var before document.ID
	for len(hits) < searchEnough {
		docs, err := s.proposed(ctx, q, terms, before)
		if err != nil {
			return nil, false, fmt.Errorf("search documents: %w", err)
		}
		for _, doc := range docs {
			if withheld(doc.State) || !sees(doc) {
				continue
			}
			hit, found, err := s.look(ctx, doc, terms)
			if err != nil {
				return nil, false, fmt.Errorf("search document: %w", err)
			}
			if found {
				hits = append(hits, hit)
			}
		}
		if len(docs) < searchBatch {
			break
		}
		before = docs[len(docs)-1].ID
	}
	sort.SliceStable(hits, func(i, k int) bool { return hits[i].Score > hits[k].Score }) // newest first among equals
	limit := bounded(q.Limit, 20, 100)
	if len(hits) > limit {
		return hits[:limit], true, nil
	}
	return hits, false, nil
}

// proposed returns documents, newest first, that have every token of the terms,
// those of one term on one page.
func (s *Store) proposed(ctx context.Context, q storage.SearchQuery, terms []string, before document.ID) (docs []document.Document, err error) {
	var w where
	w.equal("sender", clean(q.By))
	w.equal("project", clean(q.Project))
	w.below("id", string(before))
	for _, term := range terms {
		w.terms = append(w.terms, "id IN ("+w.having(term)+")")
	}
	query := w.page("SELECT "+documentColumns+" FROM documents", "id DESC", searchBatch)
	err = s.read(ctx, func(db querier) error {
		docs, err = collect(ctx, db, scanDocument, query, w.args...)
		return err
	})
	return docs, err
}

// having selects the documents with a page that has the tokens of a term.
func (w *where) having(term string) string {
	tokens, prefix := fulltext.Needs(term)
	if prefix { // every character begins a token
		from := w.arg(term)
		return "SELECT document FROM page_tokens WHERE token >= " + from + " AND token < " + w.arg(after(term))
	}
	var b strings.Builder
	for i, token := range tokens {
		if i == 0 {
			b.WriteString("SELECT t.document FROM page_tokens t WHERE t.token = " + w.arg(token))
			continue
		}
		b.WriteString(" AND EXISTS (SELECT 1 FROM page_tokens o WHERE o.token = " + w.arg(token) + " AND o.document = t.document AND o.page = t.page)")
	}
	return b.String()
}

func (w *where) arg(v string) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d", len(w.args))
}

// after is the first text beyond those that begin with a character, in the order
// of bytes, which is that of code points in UTF-8.
func after(character string) string {
	r, _ := utf8.DecodeRuneInString(character)
	switch {
	case r == 0xD7FF:
		return "\uE000" // between them are no characters
	case r >= utf8.MaxRune:
		return character + character + character
	}
	return string(r + 1)
}

// pageBody is one row of page_texts.
type pageBody struct {
	page int
	body string
}

// look counts the terms in a document. Every one has to stand in it.
func (s *Store) look(ctx context.Context, doc document.Document, terms []string) (hit storage.SearchHit, found bool, err error) {
	var pages []pageBody
	err = s.read(ctx, func(q querier) error {
		pages, err = collect(ctx, q, func(r scanner) (p pageBody, err error) {
			return p, r.Scan(&p.page, &p.body)
		}, "SELECT page, body FROM page_texts WHERE document = $1 ORDER BY page", doc.ID)
		return err
	})
	if err != nil {
		return hit, false, err
	}
	hit.Document = doc
	best, text := 0, ""
	seen := map[string]bool{}
	for _, p := range pages {
		score := 0
		for _, term := range terms {
			n := min(fulltext.Count(p.body, term), countedTimes)
			if n > 0 {
				seen[term] = true
			}
			if n > 0 && p.page == 0 {
				n += cardWeight
			}
			score += n
		}
		hit.Score += score
		if score > 0 && (best == 0 || score > best && hit.Page > 0 || hit.Page == 0) { // a place in the text shows more than the card
			best, text, hit.Page = score, p.body, p.page
		}
	}
	for _, term := range terms {
		if !seen[term] {
			return hit, false, nil
		}
	}
	hit.Snippet = fulltext.Cut(text, terms, snippetWidth)
	return hit, true, nil
}
