package storagetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// fullPatch sets everything of a document.
func fullPatch() storage.DocumentPatch {
	state, media, count := document.StateNeedsReview, "application/pdf", 7
	at := time.Date(2026, 3, 4, 5, 6, 7, 8000000, time.UTC)
	return storage.DocumentPatch{
		State: &state, MediaType: &media, Pages: &count, PageRead: true,
		Classification: &document.Classification{Code: "rd-construction-permit", Name: "建筑工程施工许可证", Confidence: 0.98,
			Evidence: []string{"标题“施工许可证” <b>&"}, RunnersUp: []document.Candidate{{Code: "x", Name: "y", Confidence: 0.1}}, By: "titles/1"},
		Fields: document.Fields{"doc_no": {Value: "430101202601010101", Raw: "43O101202601010101", Confidence: 0.9, Page: 1,
			Box: document.Box{1, 2.5, 3, 4}, Source: document.FieldOCR, Valid: true, Repaired: true, ConfirmedBy: "acct_b", ConfirmedAt: &at}},
		Findings:    []document.Finding{{Code: "builder_differs", Severity: "warning", Field: "builder", Message: "建设单位与项目不一致"}},
		Refusal:     document.Refuse(document.CodeTimeout, "超时，请重试。", "took %d s", 60),
		Publication: &document.Publication{ResultID: "res_1", Code: "ABCDEFGHJKLM", Template: "t/1", ConfirmedBy: "acct_b", ConfirmedAt: at},
		Origin:      &document.Origin{Channel: document.ChannelUnit, Lane: document.LaneBulk, Door: "push", Unit: "u", Project: "p2", Confirm: true},
	}
}

func documentComesBack(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	p := fullPatch()
	after, _, err := b.Apply(ctx, doc.ID, doc.Version, storage.Change{Patch: p})
	ok(t, err)
	want := doc
	want.State, want.MediaType, want.Pages, want.PagesRead = *p.State, *p.MediaType, *p.Pages, 1
	want.Classification, want.Fields, want.Findings = *p.Classification, p.Fields, p.Findings
	want.Refusal, want.Publication, want.Origin, want.Version = p.Refusal, p.Publication, *p.Origin, doc.Version+1
	want.UpdatedAt = after.UpdatedAt
	if d := diff(want, after); d != "" {
		t.Fatalf("returned: %s", d)
	}
	if d := diff(want, must(b.Document(ctx, doc.ID))(t)); d != "" {
		t.Fatalf("kept: %s", d)
	}
	after, _, err = b.Apply(ctx, doc.ID, 0, storage.Change{Patch: storage.DocumentPatch{ClearRefusal: true, Fields: document.Fields{}}})
	ok(t, err)
	if after.Refusal != nil || len(after.Fields) != 0 || after.MediaType != *p.MediaType || after.Classification.Code != p.Classification.Code {
		t.Fatalf("after an almost empty patch: %+v", after)
	}
}

func listDocuments(t *testing.T, ctx context.Context, b Bench) {
	var ids []document.ID
	for i := range 7 {
		n := newFile(fmt.Sprint(i))
		if i%2 == 1 {
			n.Origin.Project, n.Origin.Unit = "other", "other-unit"
		}
		doc, _, err := b.Register(ctx, n)
		ok(t, err)
		ids = append([]document.ID{doc.ID}, ids...)
	}
	var seen []document.ID
	q := storage.DocumentQuery{Limit: 3}
	for {
		page := must(b.ListDocuments(ctx, q))(t)
		for _, d := range page {
			seen = append(seen, d.ID)
		}
		if len(page) < 3 {
			break
		}
		q.Before = page[len(page)-1].ID
	}
	if d := diff(ids, seen); d != "" {
		t.Fatal(d)
	}
	one := must(b.Document(ctx, ids[0]))(t)
	for name, c := range map[string]struct {
		q    storage.DocumentQuery
		want int
	}{
		"project": {storage.DocumentQuery{Project: "other"}, 3}, "unit": {storage.DocumentQuery{Unit: "other-unit"}, 3},
		"state": {storage.DocumentQuery{State: document.StateReceived}, 7}, "no state": {storage.DocumentQuery{State: document.StateDone}, 0},
		"receipt": {storage.DocumentQuery{Receipt: one.Receipt}, 1}, "original": {storage.DocumentQuery{Original: one.Original}, 1},
		"both": {storage.DocumentQuery{Project: "other", State: document.StateReceived, Before: ids[0]}, 3},
	} {
		if found := must(b.ListDocuments(ctx, c.q))(t); len(found) != c.want {
			t.Errorf("%s: %d documents, want %d", name, len(found), c.want)
		}
	}
}

func artifactsByGeneration(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	made := []document.Artifact{
		{Kind: document.ArtifactPageText, Page: 1, Digest: document.DigestOf([]byte("1")), Size: 1, MediaType: "application/json"},
		{Kind: document.ArtifactPageText, Page: 2, Digest: document.DigestOf([]byte("2")), Size: 1, MediaType: "application/json"},
	}
	_, _, err := b.Apply(ctx, doc.ID, 0, storage.Change{Artifacts: made})
	ok(t, err)
	made[1].Digest = document.DigestOf([]byte("2 again"))
	_, _, err = b.Apply(ctx, doc.ID, 0, storage.Change{Artifacts: made[1:]})
	ok(t, err)
	if d := diff(made, must(b.Artifacts(ctx, doc.ID, 1))(t)); d != "" {
		t.Fatal(d)
	}
	if other := must(b.Artifacts(ctx, doc.ID, 2))(t); len(other) != 0 {
		t.Fatalf("generation 2 has %v", other)
	}
	_, _, err = b.Apply(ctx, doc.ID, 0, storage.Change{DropArtifacts: true})
	ok(t, err)
	if left := must(b.Artifacts(ctx, doc.ID, 1))(t); len(left) != 0 {
		t.Fatalf("G.8: left after the drop: %v", left)
	}
}
