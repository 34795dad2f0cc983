package sandbox

import (
	"errors"
	"fmt"
	"time"
)

// The ways a call can fail on the child's side. Test with errors.Is.
var (
	ErrTimeout       = errors.New("sandbox: time limit exceeded")   // wall clock or CPU time of the call
	ErrMemory        = errors.New("sandbox: memory limit exceeded") // resident size beyond Limits.Memory
	ErrProcesses     = errors.New("sandbox: too many processes")    // a fork bomb
	ErrCrashed       = errors.New("sandbox: child crashed")         // exit, signal or panic
	ErrReplyTooLarge = errors.New("sandbox: reply too large")       // beyond Limits.Reply
	ErrProtocol      = errors.New("sandbox: protocol violated")     // the child sent nonsense
	ErrStart         = errors.New("sandbox: child did not start")   // our fault: handler, binary or machine
	ErrClosed        = errors.New("sandbox: pool closed")
	ErrOutput        = errors.New("sandbox: output file missing or not a plain file")
)

// Failure tells how a child failed a call. It unwraps to one of the errors above.
type Failure struct {
	Kind    string        // of the child
	Op      string        // "" while starting
	Call    int           // how many calls the child had been given, this one included
	Cause   error         // one of the errors above
	Detail  string        // e.g. "signal: segmentation fault", "resident 1.6 GiB of 1.5 GiB"
	Output  string        // beginning and end of stdout and stderr during the call; may quote the file, not for people
	Elapsed time.Duration // since the call began
}

// Error leaves Output out: it may quote a foreign file.
func (f *Failure) Error() string {
	s := fmt.Sprintf("%s %s", f.Kind, f.Op)
	if f.Op == "" {
		s = f.Kind
	}
	if f.Detail == "" {
		return fmt.Sprintf("%s: %v after %v", s, f.Cause, f.Elapsed.Round(time.Millisecond))
	}
	return fmt.Sprintf("%s: %v (%s) after %v", s, f.Cause, f.Detail, f.Elapsed.Round(time.Millisecond))
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// RemoteError is an ordinary error returned by the handler. A *document.Refusal
// arrives as itself, not as a RemoteError.
type RemoteError struct {
	Op      string
	Message string
}

// Error returns the handler's words.
func (e *RemoteError) Error() string { return e.Op + ": " + e.Message }
