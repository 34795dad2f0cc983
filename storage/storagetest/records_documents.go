package storagetest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

func documentTests() []recordsTest {
	return []recordsTest{
		{"RegisterMakesEverything", registerMakesEverything},
		{"RegisterAtTheDoorRefused", registerRefused},
		{"RegisterTwiceIsOnce", registerTwice},
		{"DocumentByItsKey", documentByKey},
		{"RegisterConcurrentlyWithOneKey", registerConcurrently},
		{"ReceiptsHaveNoGaps", receiptsHaveNoGaps},
		{"NamesOfAnyBytes", namesOfAnyBytes},
		{"EverythingOfADocumentComesBack", documentComesBack},
		{"ApplyComparesVersions", applyComparesVersions},
		{"ApplyConcurrentlyOneWins", applyConcurrently},
		{"NewGenerationForgets", newGenerationForgets},
		{"ListByKeyset", listDocuments},
		{"ArtifactsByGeneration", artifactsByGeneration},
	}
}

func documentByKey(t *testing.T, ctx context.Context, b Bench) {
	n := newFile("a")
	n.IdempotencyKey = "upload:1"
	doc, _, err := b.Register(ctx, n)
	ok(t, err)
	if d := diff(doc, must(b.DocumentByKey(ctx, n.Origin.By, "upload:1"))(t)); d != "" {
		t.Fatal(d)
	}
	for by, key := range map[string]string{"acct_other": "upload:1", n.Origin.By: "upload:2", "": ""} {
		if _, err := b.DocumentByKey(ctx, by, key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("key %q of %q: %v", key, by, err)
		}
	}
}

func registerMakesEverything(t *testing.T, ctx context.Context, b Bench) {
	n := newFile("a")
	n.Origin.Lane = "" // the default lane is virtual
	doc, _, err := b.Register(ctx, n)
	ok(t, err)
	day := time.Now().In(time.FixedZone("CST", 8*3600)).Format("20060102")
	if !regexp.MustCompile(`^doc_[0-9A-Z]{26}$`).MatchString(string(doc.ID)) || string(doc.Receipt) != "SJ"+day+"0001" {
		t.Fatalf("id %s, receipt %s", doc.ID, doc.Receipt)
	}
	if doc.State != document.StateReceived || doc.Generation != 1 || doc.Version != 1 || time.Since(doc.ReceivedAt).Abs() > time.Minute {
		t.Fatalf("document %+v", doc)
	}
	if d := diff(doc, must(b.Document(ctx, doc.ID))(t)); d != "" {
		t.Fatal(d)
	}
	tasks := must(b.TasksOf(ctx, doc.ID, 1))(t)
	if len(tasks) != 1 || tasks[0].Step != document.StepInspect || tasks[0].State != storage.TaskReady || tasks[0].Lane != document.LaneVirtual {
		t.Fatalf("tasks %+v", tasks)
	}
	events := must(b.EventsAfter(ctx, 0, 0))(t)
	if len(events) != 1 || events[0].Type != approval.EventReceived || events[0].Document != doc.ID || events[0].Project != n.Origin.Project {
		t.Fatalf("events %+v", events)
	}
	trail := must(b.AuditTrail(ctx, string(doc.ID), 0, 0))(t)
	if len(trail) != 1 || trail[0].Actor != "acct_a" || trail[0].Action != "document.receive" {
		t.Fatalf("audit %+v", trail)
	}
}

func registerRefused(t *testing.T, ctx context.Context, b Bench) {
	n := newFile("a")
	n.Quarantine = document.Refuse(document.CodeEmpty, "文件为空，请重新扫描后提交。", "no bytes")
	doc, _, err := b.Register(ctx, n)
	ok(t, err)
	doc = must(b.Document(ctx, doc.ID))(t)
	if doc.State != document.StateRefused || doc.Refusal == nil || doc.Refusal.Code != document.CodeEmpty || doc.Receipt == "" {
		t.Fatalf("document %+v", doc)
	}
	if tasks := must(b.TasksOf(ctx, doc.ID, 1))(t); len(tasks) != 0 {
		t.Fatalf("a refused file has tasks: %v", labels(tasks))
	}
}

func registerTwice(t *testing.T, ctx context.Context, b Bench) {
	n := newFile("a")
	n.IdempotencyKey = "k1"
	first, existed, err := b.Register(ctx, n)
	if err != nil || existed {
		t.Fatal(existed, err)
	}
	again, existed, err := b.Register(ctx, n)
	if err != nil || !existed || again.ID != first.ID || again.Receipt != first.Receipt {
		t.Fatalf("again: %+v, existed %v, %v", again, existed, err)
	}
	other := newFile("b")
	other.IdempotencyKey = "k1"
	if _, _, err := b.Register(ctx, other); !errors.Is(err, storage.ErrConflict) {
		t.Fatalf("key used for other bytes: %v", err)
	}
	other.Origin.By = "acct_b" // another actor's key is another key
	if _, existed, err := b.Register(ctx, other); err != nil || existed {
		t.Fatal(existed, err)
	}
	if n := typesOf(t, ctx, b)[approval.EventReceived]; n != 2 {
		t.Fatalf("%d receptions, want 2", n)
	}
}

// together runs fn n times at once and waits.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

func registerConcurrently(t *testing.T, ctx context.Context, b Bench) {
	const n = 12
	var mu sync.Mutex
	ids, fresh := map[document.ID]bool{}, 0
	together(n, func(int) {
		file := newFile("a")
		file.IdempotencyKey = "same"
		doc, existed, err := b.Register(ctx, file)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Error(err)
		}
		ids[doc.ID] = true
		if !existed {
			fresh++
		}
	})
	if len(ids) != 1 || fresh != 1 {
		t.Fatalf("%d documents, %d of them new; want one", len(ids), fresh)
	}
}

func receiptsHaveNoGaps(t *testing.T, ctx context.Context, b Bench) {
	const n = 20
	var mu sync.Mutex
	seen := map[document.Receipt]bool{}
	together(n, func(i int) {
		doc, _, err := b.Register(ctx, newFile(fmt.Sprint(i)))
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Error(err)
		}
		seen[doc.Receipt] = true
	})
	docs := must(b.ListDocuments(ctx, storage.DocumentQuery{}))(t)
	if len(seen) != n || len(docs) != n {
		t.Fatalf("%d receipts, %d documents", len(seen), len(docs))
	}
	day := docs[0].Receipt[:10]
	for i := 1; i <= n; i++ {
		want := document.Receipt(fmt.Sprintf("%s%04d", day, i))
		if !seen[want] && docs[n-1].Receipt[:10] == day { // midnight may pass meanwhile
			t.Errorf("receipt %s is missing", want)
		}
	}
}

func namesOfAnyBytes(t *testing.T, ctx context.Context, b Bench) {
	for _, name := range []string{"施工许可证（副本）.pdf", "a\x00b.pdf", "\xff\xfe.pdf", "'; DROP TABLE documents; --", "🏗️.pdf", ""} {
		n := newFile(name)
		n.Filename = name
		doc, _, err := b.Register(ctx, n)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if kept := must(b.Document(ctx, doc.ID))(t); kept.Filename != doc.Filename {
			t.Errorf("%q: kept as %q, returned as %q", name, kept.Filename, doc.Filename)
		}
	}
}

func applyComparesVersions(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	state := document.StateRejected
	change := storage.Change{Patch: storage.DocumentPatch{State: &state}}
	if _, _, err := b.Apply(ctx, doc.ID, doc.Version+1, change); !errors.Is(err, storage.ErrConflict) {
		t.Fatalf("wrong version: %v", err)
	}
	if kept := must(b.Document(ctx, doc.ID))(t); kept.Version != doc.Version || kept.State != document.StateReceived {
		t.Fatalf("a refused change left its mark: %+v", kept)
	}
	if _, _, err := b.Apply(ctx, "doc_none", 0, change); !errors.Is(err, storage.ErrNotFound) {
		t.Fatalf("no such document: %v", err)
	}
	after, _, err := b.Apply(ctx, doc.ID, doc.Version, change)
	if err != nil || after.Version != doc.Version+1 || after.State != state {
		t.Fatalf("after %+v, %v", after, err)
	}
	last := must(b.EventsAfter(ctx, 1, 0))(t)
	if len(last) != 1 || last[0].Type != approval.EventState || last[0].Data["from"] != "received" || last[0].Data["to"] != "rejected" {
		t.Fatalf("events %+v", last)
	}
}

func applyConcurrently(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	var mu sync.Mutex
	won := 0
	together(8, func(int) {
		state := document.StateRejected
		_, _, err := b.Apply(ctx, doc.ID, doc.Version, storage.Change{Patch: storage.DocumentPatch{State: &state}})
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			won++
		} else if !errors.Is(err, storage.ErrConflict) {
			t.Error(err)
		}
	})
	if won != 1 {
		t.Fatalf("%d decisions on one version, want 1", won)
	}
}

func newGenerationForgets(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	_, _, err := b.Apply(ctx, doc.ID, 0, storage.Change{Patch: fullPatch(), Artifacts: []document.Artifact{
		{Kind: document.ArtifactFacts, Digest: doc.Original, Size: 1, MediaType: "application/json"}}})
	ok(t, err)
	after, ready, err := b.Apply(ctx, doc.ID, 0, storage.Change{NewGeneration: true, Next: next(document.StepInspect, 0)})
	ok(t, err)
	if after.Generation != 2 || after.State != document.StateReceived || after.PagesRead != 0 || after.Classification.Recognized() ||
		after.Fields != nil || after.Findings != nil || after.Refusal != nil || after.Publication != nil {
		t.Fatalf("after %+v", after)
	}
	if len(ready) != 1 || ready[0].Generation != 2 {
		t.Fatalf("ready %+v", ready)
	}
	if _, err := b.Claim(ctx, taskOf(doc, document.StepInspect, 0), "w", lease); !errors.Is(err, storage.ErrNoWork) {
		t.Fatalf("claim in the earlier generation: %v", err)
	}
	claim(t, ctx, b, taskOf(after, document.StepInspect, 0))
	if kept := must(b.Artifacts(ctx, doc.ID, 1))(t); len(kept) != 1 {
		t.Fatalf("artifacts of the earlier generation: %v", kept)
	}
}
