package workroom

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/sandbox"
)

func TestWhoIsToBlame(t *testing.T) {
	failed := func(cause error) error {
		return fmt.Errorf("call: %w", &sandbox.Failure{Kind: "page", Op: "read", Cause: cause, Detail: "panic: 张三", Output: "张三"})
	}
	for _, c := range []struct {
		err  error
		want document.RefusalCode // "" passes unchanged
	}{
		{failed(sandbox.ErrTimeout), document.CodeTimeout},
		{failed(sandbox.ErrMemory), document.CodeTooLarge},
		{failed(sandbox.ErrReplyTooLarge), document.CodeTooLarge},
		{failed(sandbox.ErrCrashed), document.CodeCorrupt},
		{failed(sandbox.ErrProtocol), document.CodeCorrupt},
		{failed(sandbox.ErrProcesses), document.CodeCorrupt},
		{failed(sandbox.ErrStart), ""},
		{sandbox.ErrClosed, ""},
		{&sandbox.RemoteError{Op: "read", Message: "no model"}, ""},
		{context.Canceled, ""},
		{document.Refuse(document.CodeEncrypted, "有密码。", "locked"), document.CodeEncrypted},
	} {
		got := blame(c.err, 90*time.Second)
		r, ok := document.AsRefusal(got)
		if c.want == "" {
			if ok || !errors.Is(got, c.err) {
				t.Errorf("%v became %v", c.err, got)
			}
			continue
		}
		if !ok || r.Code != c.want || r.Message == "" || strings.Contains(r.Message, "%") {
			t.Errorf("%v became %#v, want %s", c.err, got, c.want)
		}
		if errors.Is(c.err, sandbox.ErrCrashed) && strings.Contains(r.Detail, "张三") {
			t.Errorf("what a parser said of the file is in the detail: %s", r.Detail)
		}
	}
	if err := blame(nil, time.Second); err != nil {
		t.Error(err)
	}
}

func TestOnlyAUsedChildMayHaveBeenSpoiled(t *testing.T) {
	for _, c := range []struct {
		cause error
		call  int
		want  bool
	}{
		{sandbox.ErrCrashed, 2, true}, {sandbox.ErrMemory, 7, true},
		{sandbox.ErrCrashed, 1, false}, {sandbox.ErrTimeout, 2, false},
	} {
		if got := spoiled(&sandbox.Failure{Cause: c.cause, Call: c.call}); got != c.want {
			t.Errorf("%v in call %d: %v", c.cause, c.call, got)
		}
	}
	if spoiled(nil) || spoiled(context.Canceled) {
		t.Error("no failure was taken for one")
	}
}

func TestDurationsAreSpokenInChinese(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Minute: "1 分钟", 90 * time.Second: "90 秒", 1500 * time.Millisecond: "2 秒", 300 * time.Millisecond: "300 毫秒"} {
		if got := spoken(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestSmallPrintIsNoticed(t *testing.T) {
	page := func(height float64) document.Page {
		return document.Page{Lines: []document.Line{
			{Box: document.Box{0, 0, 300, height}}, {Box: document.Box{0, 50, 300, 50 + height}}, {Box: document.Box{0, 90, 300, 190}},
		}}
	}
	if !smallPrint(page(12)) || smallPrint(page(30)) || smallPrint(document.Page{}) {
		t.Fatal("small print is misjudged")
	}
}
