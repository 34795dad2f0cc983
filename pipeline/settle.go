package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// settleTime bounds recording how a step ended; it outlives a shutdown.
const settleTime = 10 * time.Second

// settle decides what a failed attempt means: hand the task back, wait for an
// outage to end, try again later, go on without the page, or give up with a
// reason.
func (w *Worker) settle(ctx context.Context, c storage.Claim, started time.Time, cause error) error {
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if ctx.Err() != nil { // we are being shut down: nobody is to blame
		return w.Records.Release(grace, c)
	}
	w.observe(c, started, cause)
	refusal, toBlame := document.AsRefusal(cause)
	if errors.Is(cause, errLost) && c.Step == document.StepRecognize { // a page that kills readers is a bad page
		refusal, toBlame = document.Refuse(document.CodeInternal, lostMessage, "%v", cause), true
	}
	if toBlame && c.Step == document.StepRecognize && w.exhausted(c, refusal) && !errors.Is(cause, errTooCoarse) {
		err := w.skipPage(grace, c, refusal)
		if err == nil || errors.Is(err, storage.ErrFenced) {
			return err
		}
		cause, refusal = err, nil
	}
	f, change := w.judge(c, cause, refusal)
	if c.Step == document.StepSearchable {
		change = storage.Change{} // the document is none the worse
	}
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
	switch {
	case isOutage(cause):
		f.Reason, f.Uncounted = outageMessage, true
		f.Retry = w.calm.trouble(time.Now())
		return f, storage.Change{}
	case errors.Is(cause, errLost):
		f.Reason = lostMessage
	case c.Attempt < w.tries(cause):
		return f, storage.Change{}
	}
	f.Retry = -1
	return f, failed(document.Refuse(document.CodeInternal, f.Reason, "%s gave up after %d attempts", c.Step, c.Attempt))
}

// tries is how often a step is tried again. What a store answered to, such as an
// original that is damaged, will hardly be answered otherwise.
func (w *Worker) tries(cause error) int {
	if answered(cause) {
		return w.cfg.FileTries
	}
	return w.cfg.SystemTries
}

// errLost is the failure of a task that took its workers down with it.
var errLost = errors.New("workers ended again and again while at this task")

// What people are told when a file is not to blame.
const (
	troubleMessage = "系统处理时出现故障，文件已妥善保存。请稍后点击“重试”，或联系管理员。"
	outageMessage  = "存储或数据库暂时不可用，恢复后将自动继续处理。"
	lostMessage    = "处理这份文件时程序多次意外中断，已停止自动重试，文件已妥善保存。请联系管理员检查后点击“重试”。"
)

// refused is the end of a file that is itself to blame.
func refused(r *document.Refusal) storage.Change {
	if r.Code == document.CodeInternal {
		return failed(r)
	}
	state := document.StateRefused
	return storage.Change{Patch: storage.DocumentPatch{State: &state, Refusal: r}}
}

func failed(r *document.Refusal) storage.Change {
	state := document.StateFailed
	return storage.Change{Patch: storage.DocumentPatch{State: &state, Refusal: r}}
}

// pause is the wait before the next try: doubling from half a second to a
// minute, with a fifth of jitter so that many tasks do not come back together.
func pause(attempt int) time.Duration {
	d := 500 * time.Millisecond << max(0, min(attempt-1, 7))
	d = min(d, time.Minute)
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}
