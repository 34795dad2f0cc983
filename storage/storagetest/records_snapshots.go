package storagetest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

func snapshotTests() []recordsTest {
	return []recordsTest{
		{"ExportImportRoundTrip", exportImport},
		{"ImportNeedsAnEmptyStore", importNeedsEmpty},
		{"ImportRefusesDamage", importRefusesDamage},
		{"ExportSeesOneMoment", exportOneMoment},
	}
}

// Populate fills a store with something in every corner.
func Populate(t *testing.T, ctx context.Context, r Records) {
	t.Helper()
	n := newFile("key")
	n.IdempotencyKey = "k"
	doc, _, err := r.Register(ctx, n)
	ok(t, err)
	do(t, ctx, r, taskOf(doc, document.StepInspect, 0), storage.Change{Patch: fullPatch(), Next: pages(4, 2),
		Artifacts: []document.Artifact{{Kind: document.ArtifactFacts, Digest: doc.Original, Size: 3, MediaType: "application/json"}}})
	park(t, ctx, r, taskOf(doc, document.StepRecognize, 1))
	claim(t, ctx, r, taskOf(doc, document.StepRecognize, 2))
	_, _, err = r.Apply(ctx, register(t, ctx, r, "second\x00\xff 中文 🏗").ID, 0, storage.Change{NewGeneration: true})
	ok(t, err)
	first := publish(t, ctx, r, result("N1", 1))
	_ = must(r.Rely(ctx, reliance(first.ID, "HN-S3-01", "case-1"), "2026-05-01"))(t)
	publish(t, ctx, r, result("N1", 2))
	ok(t, r.Record(ctx, storage.AuditEntry{Actor: "a", Action: "b", Object: "c", Detail: map[string]string{"d": "引号\"\n"}}))
}

func export(t *testing.T, ctx context.Context, r Records) []byte {
	t.Helper()
	var b bytes.Buffer
	ok(t, r.Export(ctx, &b))
	return b.Bytes()
}

func exportImport(t *testing.T, ctx context.Context, b Bench) {
	Populate(t, ctx, b)
	copied := b.Fresh(t)
	first := export(t, ctx, b)
	ok(t, copied.Import(ctx, bytes.NewReader(first)))
	SameRecords(t, ctx, b, copied)
	// The copy is alive: counters go on where they stood.
	before := must(copied.LastEvent(ctx))(t)
	doc := register(t, ctx, copied, "after")
	if after := must(copied.LastEvent(ctx))(t); after != before+1 || !strings.HasSuffix(string(doc.Receipt), "0003") {
		t.Fatalf("event %d after %d, receipt %s", after, before, doc.Receipt)
	}
	if v := must(copied.VerifyAudit(ctx))(t); !v.Intact {
		t.Fatalf("audit of the copy: %+v", v)
	}
	again := newFile("key")
	again.IdempotencyKey = "k"
	if _, existed, err := copied.Register(ctx, again); err != nil || !existed {
		t.Fatalf("idempotency key in the copy: %v %v", existed, err)
	}
}

// SameRecords fails the test unless both stores hold the same rows.
func SameRecords(t *testing.T, ctx context.Context, a, b Records) {
	t.Helper()
	if d := diff(must(a.Counts(ctx))(t), must(b.Counts(ctx))(t)); d != "" {
		t.Fatalf("rows differ in number: %s", d)
	}
	if d := diff(rowsOf(export(t, ctx, a)), rowsOf(export(t, ctx, b))); d != "" {
		t.Fatalf("rows differ: %s", d)
	}
}

// rowsOf are the lines of an export without its first, which says when it was
// made, and its last, which digests all.
func rowsOf(export []byte) []string {
	lines := strings.Split(strings.TrimSpace(string(export)), "\n")
	return lines[1 : len(lines)-1]
}

func importNeedsEmpty(t *testing.T, ctx context.Context, b Bench) {
	text := export(t, ctx, b)
	register(t, ctx, b, "a")
	if err := b.Import(ctx, bytes.NewReader(text)); err == nil {
		t.Fatal("an import wrote over records")
	}
	if docs := must(b.ListDocuments(ctx, storage.DocumentQuery{}))(t); len(docs) != 1 {
		t.Fatalf("%d documents left", len(docs))
	}
}

func importRefusesDamage(t *testing.T, ctx context.Context, b Bench) {
	Populate(t, ctx, b)
	text := export(t, ctx, b)
	lines := bytes.SplitAfter(text, []byte("\n"))
	for name, damaged := range map[string][]byte{
		"cut":         bytes.Join(lines[:len(lines)/2], nil),
		"no end":      bytes.Join(lines[:len(lines)-2], nil),
		"line lost":   append(bytes.Join(lines[:5], nil), bytes.Join(lines[6:], nil)...),
		"bit changed": bytes.Replace(text, []byte("acct_a"), []byte("acct_b"), 1),
		"not ours":    []byte("{}\n"),
		"empty":       nil,
		"newer":       bytes.Replace(text, []byte(`"schema":`), []byte(`"schema":9`), 1),
	} {
		copied := b.Fresh(t)
		if err := copied.Import(ctx, bytes.NewReader(damaged)); err == nil {
			t.Errorf("%s: imported", name)
		}
		if docs := must(copied.ListDocuments(ctx, storage.DocumentQuery{}))(t); len(docs) != 0 {
			t.Errorf("%s: %d documents stayed", name, len(docs))
		}
	}
}

// exportOneMoment exports while others write: the copy's audit chain and event
// numbers must fit together.
func exportOneMoment(t *testing.T, ctx context.Context, b Bench) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			_, _, err := b.Register(ctx, storage.NewDocument{Original: document.DigestOf(nil), Origin: document.Origin{Door: fmt.Sprint(i)}})
			if err != nil {
				t.Error(err)
			}
		}
	})
	var copies []Records
	for range 3 {
		c := b.Fresh(t)
		ok(t, c.Import(ctx, bytes.NewReader(export(t, ctx, b))))
		copies = append(copies, c)
	}
	close(stop)
	wg.Wait()
	for _, c := range copies {
		counts := must(c.Counts(ctx))(t)
		if n := must(c.LastEvent(ctx))(t); n != counts["events"] || counts["tasks"] != counts["documents"] || counts["events"] != counts["documents"] {
			t.Errorf("last event %d, counts %v", n, counts)
		}
		if v := must(c.VerifyAudit(ctx))(t); !v.Intact || v.Rows != counts["documents"] {
			t.Errorf("audit %+v", v)
		}
		for _, e := range must(c.EventsAfter(ctx, 0, 1))(t) {
			if e.Type != approval.EventReceived {
				t.Errorf("first event %+v", e)
			}
		}
	}
}
