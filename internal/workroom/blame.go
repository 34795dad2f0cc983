package workroom

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/document"
	"onewindow/internal/sandbox"
)

// What people are told when a file was too much for a child.
const (
	sayTimeout = "文件处理超过 %s 仍未完成，已停止。请检查文件是否过于复杂，重新扫描或另存为普通 PDF 后再上传。"
	sayMemory  = "处理该文件需要的内存超过系统上限，已停止。请降低扫描分辨率（建议 300 dpi）或拆分成几个文件后再上传。"
	sayCrashed = "文件内部结构异常，无法读取。请重新导出或重新扫描后上传。"
	sayReply   = "文件内容过多，超过系统上限。请拆分成几个文件后再上传。"
)

// call runs a task and turns what the file is to blame for into a refusal.
func (r *Room) call(ctx context.Context, pool *sandbox.Pool, task sandbox.Task, reply any) error {
	err := pool.Call(ctx, task, reply)
	if spoiled(err) {
		task.Fresh = true
		err = pool.Call(ctx, task, reply)
	}
	return blame(err, task.Wall)
}

// spoiled reports a crash or memory failure of a child that had served other
// calls: they may have caused it.
func spoiled(err error) bool {
	var f *sandbox.Failure
	if !errors.As(err, &f) || f.Call <= 1 {
		return false
	}
	return errors.Is(f, sandbox.ErrCrashed) || errors.Is(f, sandbox.ErrMemory)
}

// blame makes a refusal of what a file did to its child. What is our fault, or
// the caller's, passes unchanged.
func blame(err error, wall time.Duration) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sandbox.ErrStart):
		return err
	case errors.Is(err, sandbox.ErrTimeout):
		return document.Refuse(document.CodeTimeout, fmt.Sprintf(sayTimeout, spoken(wall)), "%v", err)
	case errors.Is(err, sandbox.ErrMemory):
		return document.Refuse(document.CodeTooLarge, sayMemory, "%v", err)
	case errors.Is(err, sandbox.ErrReplyTooLarge):
		return document.Refuse(document.CodeTooLarge, sayReply, "%v", err)
	case errors.Is(err, sandbox.ErrCrashed), errors.Is(err, sandbox.ErrProtocol), errors.Is(err, sandbox.ErrProcesses):
		return document.Refuse(document.CodeCorrupt, sayCrashed, "%v", withoutWords(err))
	}
	return err
}

// withoutWords drops what a panic said: it may quote the file.
func withoutWords(err error) error {
	var f *sandbox.Failure
	if errors.As(err, &f) {
		return f.Cause
	}
	return err
}

// spoken says a duration in Chinese.
func spoken(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d 分钟", d/time.Minute)
	case d >= time.Second:
		return fmt.Sprintf("%d 秒", (d+time.Second-1)/time.Second)
	}
	return fmt.Sprintf("%d 毫秒", d.Milliseconds())
}
