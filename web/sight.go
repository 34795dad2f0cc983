package web

import (
	"context"
	"net/http"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework/cases"
	"onewindow/document"
	"onewindow/storage"
)

// actor is who asks, for the office's notes.
func actor(w access.Who) cases.Actor {
	return cases.Actor{Account: w.Account, Unit: w.Unit, Division: w.Division, Hall: w.Hall, Supervisor: w.Has(access.Supervisor), Clerk: w.Has(access.Clerk)}
}

// member reports whether the asker belongs to a project.
func (s *pages) member(ctx context.Context, project string) (bool, error) {
	who, _ := whoOf(ctx)
	return s.Office.Member(ctx, project, who)
}

// projectSeen loads a registered project that the asker may see.
func (s *pages) projectSeen(ctx context.Context, code string) (approval.Registration, error) {
	p, err := s.Records.Registration(ctx, code)
	if err != nil {
		return p, err
	}
	who, _ := whoOf(ctx)
	member, err := s.member(ctx, code)
	if err == nil && !who.SeesProject(p, member) {
		err = storage.ErrNotFound
	}
	return p, err
}

// caseSeen loads a case that the asker may see, and those of its items it may see.
func (s *pages) caseSeen(ctx context.Context, id string) (approval.Case, []approval.CaseItem, error) {
	who, _ := whoOf(ctx)
	return s.Office.CaseSeen(ctx, id, who)
}

// applied loads a case that the asker may fill in: the applicant's own, or the
// window's.
func (s *pages) applied(r *http.Request) (approval.Case, error) {
	k, _, err := s.caseSeen(r.Context(), r.PathValue("id"))
	if who, _ := whoOf(r.Context()); err == nil && !who.Has(access.Clerk) && k.Channel == approval.ChannelPhysical {
		err = errForbidden
	}
	return k, err
}

// itemSeen loads an item that the asker may see, as it stands now, with its case.
func (s *pages) itemSeen(r *http.Request) (approval.CaseItem, approval.Case, error) {
	who, _ := whoOf(r.Context())
	return s.Office.ItemSeen(r.Context(), r.PathValue("id"), who)
}

// neededBy reports whether the asker's unit needs a document (V2.2).
func (s *pages) neededBy(ctx context.Context, d document.Document) (bool, error) {
	who, _ := whoOf(ctx)
	if who.Unit == "" {
		return false, nil
	}
	return s.Office.NeededBy(ctx, d, who.HandlesItem)
}

// papers lists the documents that were sent for a case and that the asker may see,
// newest first.
func (s *pages) papers(ctx context.Context, k approval.Case) ([]document.Document, error) {
	who, _ := whoOf(ctx)
	docs, _, err := s.Desk.ListDocuments(ctx, storage.DocumentQuery{Project: k.Project, Limit: papersLimit}, func(d document.Document) bool {
		return d.Origin.Case != "" && (d.Origin.Case == k.ID || d.Origin.Case == k.Number) && who.Sees(d, s.Desk.UnitOf(d))
	})
	for i, d := range docs {
		docs[i] = access.Curtain(who, d)
	}
	return docs, err
}

// papersLimit is how many papers of a case are shown.
const papersLimit = 300
