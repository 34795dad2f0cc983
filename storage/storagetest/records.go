package storagetest

import (
	"context"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onewindow/document"
	"onewindow/storage"
)

// Records is everything a driver of records offers.
type Records interface {
	storage.Work
	storage.Queue
	storage.Requeuer
	storage.Documents
	storage.Audit
	storage.Results
	storage.ResultNumbers
	storage.Reliances
	storage.Events
	storage.Cases
	storage.Cursors
	storage.Notices
	storage.Registers
	storage.Search
	storage.Webhooks
	storage.Usages
	storage.Supervision
	storage.Settings
	storage.Catalogues
	storage.Arrivals
	storage.ArrivalList
	storage.Parts
	Snapshots
}

// Snapshots copies all records out and in.
type Snapshots interface {
	// Export writes all records of one moment.
	Export(ctx context.Context, w io.Writer) error
	// Import fills an empty store with what Export wrote.
	Import(ctx context.Context, r io.Reader) error
	// Counts counts the rows of every table.
	Counts(ctx context.Context) (map[string]int64, error)
}

// Bench is one empty database and the ways a test needs to get at it.
type Bench struct {
	Records
	// Unfenced works on the same records without the fence.
	Unfenced Records
	// SQL changes rows behind the driver's back, as an intruder would.
	SQL func(t *testing.T, query string, args ...any)
	// Fresh opens another empty database of the same kind.
	Fresh func(t *testing.T) Records
}

// RunRecords runs the conformance suite of records drivers; open makes an empty
// database for each test.
func RunRecords(t *testing.T, open func(t *testing.T) Bench) {
	for _, group := range []struct {
		name  string
		tests []recordsTest
	}{
		{"Documents", documentTests()},
		{"Work", workTests()},
		{"Fence", fenceTests()},
		{"Parts", partTests()},
		{"Pages", pageTests()},
		{"Queue", queueTests()},
		{"Results", resultTests()},
		{"ResultNumbers", resultNumberTests()},
		{"Reliances", relianceTests()},
		{"Events", eventTests()},
		{"Audit", auditTests()},
		{"Cases", caseTests()},
		{"Notices", noticeTests()},
		{"Registers", registerTests()},
		{"Search", searchTests()},
		{"Webhooks", webhookTests()},
		{"Usage", usageTests()},
		{"Supervision", supervisionTests()},
		{"Catalogues", catalogueTests()},
		{"Arrivals", arrivalTests()},
		{"Snapshots", snapshotTests()},
		{"Model", modelTests()},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
					defer cancel()
					test.run(t, ctx, open(t))
				})
			}
		})
	}
}

// recordsTest is one test of the suite.
type recordsTest struct {
	name string
	run  func(t *testing.T, ctx context.Context, b Bench)
}

// lease is long enough never to run out by itself during a test.
const lease = time.Minute

// must returns the value of a call that may not fail: must(x.Do())(t).
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// ok is must for calls that return nothing.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newFile describes a file whose bytes are told by its name.
func newFile(name string) storage.NewDocument {
	return storage.NewDocument{
		Original: document.DigestOf([]byte(name)), Size: int64(len(name)), Filename: name + ".pdf",
		Origin: document.Origin{Channel: document.ChannelVirtual, Lane: document.LaneVirtual, Door: "http",
			By: "acct_a", Unit: "430100-zjj", Project: "2111-430102-04-01-100001"},
	}
}

func register(t *testing.T, ctx context.Context, r Records, name string) document.Document {
	t.Helper()
	doc, existed, err := r.Register(ctx, newFile(name))
	if err != nil || existed {
		t.Fatalf("register %s: existed %v, %v", name, existed, err)
	}
	return doc
}

// taskOf names a task of the document's current generation.
func taskOf(doc document.Document, step document.Step, page int) storage.TaskKey {
	return storage.TaskKey{Document: doc.ID, Generation: doc.Generation, Step: step, Page: page}
}

func claim(t *testing.T, ctx context.Context, r Records, key storage.TaskKey) storage.Claim {
	t.Helper()
	c, err := r.Claim(ctx, key, "w1", lease)
	if err != nil {
		t.Fatalf("claim %s: %v", label(key), err)
	}
	return c
}

// do claims and finishes a task.
func do(t *testing.T, ctx context.Context, r Records, key storage.TaskKey, change storage.Change) []storage.Task {
	t.Helper()
	ready, err := r.Finish(ctx, claim(t, ctx, r, key), change)
	if err != nil {
		t.Fatalf("finish %s: %v", label(key), err)
	}
	return ready
}

func next(step document.Step, page int) []storage.NextTask {
	return []storage.NextTask{{Step: step, Page: page}}
}

// pages are tasks for pages 1 to n, held beyond the window.
func pages(n, window int) []storage.NextTask {
	var out []storage.NextTask
	for p := 1; p <= n; p++ {
		out = append(out, storage.NextTask{Step: document.StepRecognize, Page: p, Held: p > window})
	}
	return out
}

// labels are short names of tasks, e.g. "recognize/3".
func labels(tasks []storage.Task) []string {
	out := []string{}
	for _, t := range tasks {
		out = append(out, label(t.TaskKey))
	}
	return out
}

func label(k storage.TaskKey) string { return string(k.Step) + "/" + strconv.Itoa(k.Page) }

// typesOf counts events by type.
func typesOf(t *testing.T, ctx context.Context, r Records) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, e := range must(r.EventsAfter(ctx, 0, 1000))(t) {
		out[e.Type]++
	}
	return out
}

// diff tells how two values differ, "" when they do not.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateComparable(document.Digest{}))
}
