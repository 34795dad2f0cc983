package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

func modelTests() []recordsTest {
	return []recordsTest{{"TasksFollowTheModel", tasksFollowModel}}
}

// tasksFollowModel does random things to the tasks of a document, with claims
// kept and used long after they were lost, and compares every answer with a
// model that is short enough to be read.
func tasksFollowModel(t *testing.T, ctx context.Context, b Bench) {
	rapid.Check(t, func(rt *rapid.T) {
		m := newTaskModel(rt, ctx, b)
		rt.Repeat(map[string]func(*rapid.T){
			"claim":   m.claim,
			"finish":  m.finish,
			"fail":    m.fail,
			"park":    m.park,
			"release": m.release,
			"renew":   m.renew,
			"expire":  m.expire,
			"requeue": m.requeue,
			"anew":    m.anew,
			"":        m.check,
		})
	})
}

// modelTask is what must be true of a task.
type modelTask struct {
	state   storage.TaskState
	fence   int64
	attempt int
	expired bool // the lease ran out
}

type taskModel struct {
	ctx    context.Context
	r      Records
	doc    document.ID
	gen    int
	tasks  map[int]*modelTask // pages of the current generation
	claims []storage.Claim    // every claim ever given, most of them lost
	// effects are what finished and failed claims left: one for each.
	done, failed int
	counted      map[string]int // events of the document, by type
	seen         int64          // number of the last event counted
}

const modelPages = 3

func newTaskModel(rt *rapid.T, ctx context.Context, r Records) *taskModel {
	m := &taskModel{ctx: ctx, r: r, counted: map[string]int{}}
	seen, err := r.LastEvent(ctx)
	m.want(rt, "read last event", err, nil)
	doc, _, err := r.Register(ctx, newFile("model"))
	m.want(rt, "register", err, nil)
	m.doc, m.seen = doc.ID, seen
	m.begin(rt)
	return m
}

// begin starts a generation with its pages ready.
func (m *taskModel) begin(rt *rapid.T) {
	change := storage.Change{NewGeneration: true, Next: pages(modelPages, modelPages)}
	doc, _, err := m.r.Apply(m.ctx, m.doc, 0, change)
	m.want(rt, "new generation", err, nil)
	m.gen, m.tasks = doc.Generation, map[int]*modelTask{}
	for p := 1; p <= modelPages; p++ {
		m.tasks[p] = &modelTask{state: storage.TaskReady}
	}
}

func (m *taskModel) want(rt *rapid.T, what string, err, want error) {
	if !errors.Is(err, want) {
		rt.Fatalf("%s: %v, want %v", what, err, want)
	}
}

func (m *taskModel) key(page int) storage.TaskKey {
	return storage.TaskKey{Document: m.doc, Generation: m.gen, Step: document.StepRecognize, Page: page}
}

func (m *taskModel) claim(rt *rapid.T) {
	page := rapid.IntRange(1, modelPages).Draw(rt, "page")
	task := m.tasks[page]
	c, err := m.r.Claim(m.ctx, m.key(page), "w", lease)
	if task.state != storage.TaskReady && !(task.state == storage.TaskClaimed && task.expired) {
		m.want(rt, "claim", err, storage.ErrNoWork)
		return
	}
	m.want(rt, "claim", err, nil)
	task.state, task.expired = storage.TaskClaimed, false
	task.fence++
	task.attempt++
	if c.Fence != task.fence || c.Attempt != task.attempt {
		rt.Fatalf("claim %+v, want %+v", c, task)
	}
	m.claims = append(m.claims, c)
}

// some draws a claim, lost or not, and its task if it is still the holder's.
func (m *taskModel) some(rt *rapid.T) (storage.Claim, *modelTask) {
	if len(m.claims) == 0 {
		rt.Skip("no claim was given yet")
	}
	c := rapid.SampledFrom(m.claims).Draw(rt, "claim")
	if c.Generation != m.gen {
		return c, nil
	}
	task := m.tasks[c.Page]
	if task.fence != c.Fence || task.state != storage.TaskClaimed {
		return c, nil
	}
	return c, task
}

// closedBy reports whether this very claim brought its task to a state, so that
// doing so again must succeed and change nothing.
func (m *taskModel) closedBy(c storage.Claim, state storage.TaskState) bool {
	task := m.tasks[c.Page]
	return c.Generation == m.gen && task.fence == c.Fence && task.state == state
}

func (m *taskModel) finish(rt *rapid.T) {
	c, task := m.some(rt)
	again := m.closedBy(c, storage.TaskDone)
	_, err := m.r.Finish(m.ctx, c, storage.Change{})
	if m.settled(rt, "finish", err, task, again) {
		task.state = storage.TaskDone
		m.done++
	}
}

// settled checks the answer to a holder, to a repeated call and to a loser; it
// reports whether the call must have had an effect.
func (m *taskModel) settled(rt *rapid.T, what string, err error, task *modelTask, again bool) bool {
	if task == nil && !again {
		m.want(rt, "late "+what, err, storage.ErrFenced)
		return false
	}
	m.want(rt, what, err, nil)
	return task != nil
}

func (m *taskModel) fail(rt *rapid.T) {
	c, task := m.some(rt)
	again := m.closedBy(c, storage.TaskReady)
	err := m.r.Fail(m.ctx, c, storage.Failure{Code: document.CodeTimeout}, storage.Change{})
	if m.settled(rt, "fail", err, task, again) {
		task.state = storage.TaskReady
		m.failed++
	}
}

func (m *taskModel) park(rt *rapid.T) {
	c, task := m.some(rt)
	again := m.closedBy(c, storage.TaskParked)
	err := m.r.Fail(m.ctx, c, storage.Failure{Code: document.CodeTimeout, Retry: -1}, storage.Change{})
	if m.settled(rt, "park", err, task, again) {
		task.state = storage.TaskParked
		m.failed++
	}
}

func (m *taskModel) release(rt *rapid.T) {
	c, task := m.some(rt)
	if m.settled(rt, "release", m.r.Release(m.ctx, c), task, false) {
		task.state = storage.TaskReady
		task.fence++
		task.attempt--
	}
}

func (m *taskModel) renew(rt *rapid.T) {
	c, task := m.some(rt)
	if m.settled(rt, "renew", m.r.Renew(m.ctx, c, lease), task, false) {
		task.expired = false
	}
}

// expire lets a lease run out, by renewing it for a moment.
func (m *taskModel) expire(rt *rapid.T) {
	c, task := m.some(rt)
	if m.settled(rt, "renew", m.r.Renew(m.ctx, c, time.Millisecond), task, false) {
		time.Sleep(4 * time.Millisecond)
		task.expired = true
	}
}

func (m *taskModel) requeue(rt *rapid.T) {
	ready, err := m.r.Requeue(m.ctx, m.doc, "admin")
	m.want(rt, "requeue", err, nil)
	parked := 0
	for _, task := range m.tasks {
		if task.state == storage.TaskParked {
			task.state, task.attempt = storage.TaskReady, 0
			task.fence++
			parked++
		}
	}
	if len(ready) != parked {
		rt.Fatalf("requeued %d, want %d", len(ready), parked)
	}
}

func (m *taskModel) anew(rt *rapid.T) {
	if rapid.IntRange(0, 3).Draw(rt, "dice") == 0 { // rarely, or nothing else happens
		m.begin(rt)
	}
}

// check compares what is kept with the model.
func (m *taskModel) check(rt *rapid.T) {
	kept, err := m.r.TasksOf(m.ctx, m.doc, m.gen)
	m.want(rt, "list tasks", err, nil)
	if len(kept) != modelPages {
		rt.Fatalf("%d tasks", len(kept))
	}
	for _, k := range kept {
		want := m.tasks[k.Page]
		if k.State != want.state || k.Attempt != want.attempt {
			rt.Fatalf("page %d: %s, attempt %d; want %+v", k.Page, k.State, k.Attempt, *want)
		}
	}
	events := m.events(rt)
	if events[approval.EventStepDone] != m.done || events[approval.EventStepFailed] != m.failed {
		rt.Fatalf("effects %v, want %d done and %d failed", events, m.done, m.failed)
	}
}

// events counts what happened to the document since the last look, and before.
func (m *taskModel) events(rt *rapid.T) map[string]int {
	more, err := m.r.EventsAfter(m.ctx, m.seen, 1000)
	m.want(rt, "list events", err, nil)
	for _, e := range more {
		if e.Document == m.doc {
			m.counted[e.Type]++
		}
		m.seen = e.Seq
	}
	return m.counted
}
