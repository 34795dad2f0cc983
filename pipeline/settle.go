package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// settle decides what a failed attempt means: hand the task back, try again
// later, go on without the page, or give up with a reason.
func (w *Worker) settle(ctx context.Context, c storage.Claim, started time.Time, cause error) error {
	w.observe(c, started, cause)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if ctx.Err() != nil { // we are being shut down: nobody is to blame
		return w.Records.Release(grace, c)
	}
	refusal, toBlame := document.AsRefusal(cause)
	if toBlame && c.Step == document.StepRecognize && w.exhausted(c, refusal) {
		return w.skipPage(grace, c, refusal)
	}
	f, change := w.judge(c, cause, refusal)
	w.Log.Warn("step failed", "step", c.Step, "document", c.Document, "page", c.Page,
		"attempt", c.Attempt, "code", f.Code, "retry", f.Retry, "error", cause)
	if err := w.Records.Fail(grace, c, f, change); err != nil {
		return fmt.Errorf("record failure of %s: %w", c.Step, err)
	}
	return nil
}

// exhausted reports whether trying again cannot help: what is wrong with a file
// stays wrong, while a timeout or a crash may have been the machine's fault.
func (w *Worker) exhausted(c storage.Claim, r *document.Refusal) bool {
	switch r.Code {
	case document.CodeTimeout, document.CodeInternal:
		return c.Attempt >= w.cfg.FileTries
	}
	return true
}

// judge makes the failure record and, where the task is given up, the change of
// the document.
func (w *Worker) judge(c storage.Claim, cause error, r *document.Refusal) (storage.Failure, storage.Change) {
	if r != nil {
		f := storage.Failure{Code: r.Code, Reason: r.Message, Detail: r.Detail, Retry: pause(c.Attempt)}
		if !w.exhausted(c, r) {
			return f, storage.Change{}
		}
		f.Retry = -1
		return f, refused(r)
	}
	f := storage.Failure{Code: document.CodeInternal, Reason: troubleMessage, Detail: cause.Error(), Retry: pause(c.Attempt)}
	if c.Attempt < w.cfg.SystemTries {
		return f, storage.Change{}
	}
	f.Retry = -1
	return f, failed(document.Refuse(document.CodeInternal, troubleMessage, "%s gave up after %d attempts", c.Step, c.Attempt))
}

const troubleMessage = "系统处理时出现故障，文件已妥善保存。请稍后点击“重试”，或联系管理员。"

// refused is the end of a file that is itself to blame.
func refused(r *document.Refusal) storage.Change {
	state := document.StateRefused
	if r.Code == document.CodeTimeout || r.Code == document.CodeInternal {
		state = document.StateFailed
	}
	return storage.Change{Patch: storage.DocumentPatch{State: &state, Refusal: r}}
}

func failed(r *document.Refusal) storage.Change {
	state := document.StateFailed
	return storage.Change{Patch: storage.DocumentPatch{State: &state, Refusal: r}}
}

// pause is the wait before the next try: doubling from half a second to a
// minute, with a fifth of jitter so that many tasks do not come back together.
func pause(attempt int) time.Duration {
	d := 500 * time.Millisecond << min(attempt-1, 7)
	d = min(d, time.Minute)
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}
