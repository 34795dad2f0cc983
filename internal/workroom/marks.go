package workroom

import (
	"context"
	"errors"

	"onewindow/internal/sandbox"
	"onewindow/stamp"
)

// Stamp implements stamp.Stamper in a child. A file that hangs, bloats or
// crashes the quick way through memory is tried again the careful way, in a
// fresh child, before it is refused.
func (r *Room) Stamp(ctx context.Context, in, out string, mark stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
	var report stamp.Report
	pool, err := r.pool(ctx, kindStamp)
	if err != nil {
		return report, err
	}
	req := stampRequest{Mark: mark, Template: tpl}
	task := sandbox.Task{
		Op: opStamp, In: original(in), Out: map[string]string{fileMarked: out}, Key: in, Wall: r.cfg.StampTimeout, Request: req,
	}
	err = pool.Call(ctx, task, &report)
	if overwhelmed(err) {
		req.Careful = true
		task.Request, task.Fresh = req, true
		err = pool.Call(ctx, task, &report)
	}
	return report, blame(err, task.Wall)
}

// overwhelmed reports that a file was too much for a child.
func overwhelmed(err error) bool {
	if errors.Is(err, sandbox.ErrStart) {
		return false
	}
	return errors.Is(err, sandbox.ErrTimeout) || errors.Is(err, sandbox.ErrMemory) || errors.Is(err, sandbox.ErrCrashed)
}
