package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/document"
	"onewindow/storage"
)

func noticeTests() []recordsTest {
	return []recordsTest{
		{"NumbersHaveNoGaps", noticeNumbers},
		{"ComeWithACaseOrNotAtAll", noticeWithCase},
		{"ArePrintedOnceAndServed", noticeLife},
	}
}

func draftNotice(id, kind, series string) notice.Notice {
	return notice.Notice{ID: "ntc_" + id, Kind: kind, Title: "受理通知书", Series: series, Division: "430100", Case: "case_A", Item: "ci_A",
		Code: "CODE" + id, IssuedAt: caseDay, IssuedBy: "wang", Content: notice.Content{Heading: "窗口", Before: []string{"现予受理。"}}}
}

func noticeNumbers(t *testing.T, ctx context.Context, b Bench) {
	var crowd sync.WaitGroup
	var mu sync.Mutex
	var got []string
	for i := range 8 {
		crowd.Go(func() {
			id := fmt.Sprint(i)
			ok, err := b.IssueNotices(ctx, []notice.Notice{draftNotice("a"+id, "acceptance_notice", "changsha"), draftNotice("b"+id, "correction_notice", "changsha")}, nil, nil)
			if err != nil {
				t.Error(err)
				return
			}
			// Twice the same ID fails as a whole, and gives its number back.
			if _, err := b.IssueNotices(ctx, []notice.Notice{draftNotice("c"+id, "acceptance_notice", "changsha"), draftNotice("a"+id, "acceptance_notice", "changsha")}, nil, nil); err == nil {
				t.Error("a notice was issued twice")
			}
			mu.Lock()
			defer mu.Unlock()
			got = append(got, ok[0].Number)
		})
	}
	crowd.Wait()
	slices.Sort(got)
	for i, number := range got {
		if want := fmt.Sprintf("SL20261123%04d", i+1); number != want {
			t.Errorf("number %d is %s, want %s", i+1, number, want)
		}
	}
	other := must(b.IssueNotices(ctx, []notice.Notice{draftNotice("z", "acceptance_notice", "zhuzhou")}, nil, nil))(t)
	if other[0].Number != "SL202611230001" {
		t.Errorf("another hall begins at %s", other[0].Number)
	}
}

func noticeWithCase(t *testing.T, ctx context.Context, b Bench) {
	change := storage.CaseChange{Case: newCase("A"), Notices: []notice.Notice{draftNotice("a", "material_receipt", "430100")},
		Rely: []approval.Reliance{{Result: "res_none"}}}
	if err := b.ApplyCase(ctx, change); err == nil {
		t.Fatal("a reliance on nothing was kept")
	}
	if _, err := b.Notice(ctx, "ntc_a"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the notice of a change that failed: %v", err)
	}
	change.Case, change.Rely = newCase("A"), nil
	if err := b.ApplyCase(ctx, change); err != nil {
		t.Fatal(err)
	}
	n := must(b.Notice(ctx, "ntc_a"))(t)
	if n.Number != "SJ202611230001" || n.CaseNumber != change.Case.Number {
		t.Errorf("issued as %s of case %q", n.Number, n.CaseNumber)
	}
	if rows := must(b.AuditTrail(ctx, "ntc_a", 0, 10))(t); len(rows) != 1 || rows[0].Action != "notice.issue" {
		t.Errorf("the trail is %+v", rows)
	}
	if list := must(b.ListNotices(ctx, storage.NoticeQuery{Case: "case_A"}))(t); len(list) != 1 {
		t.Errorf("the case has %v", list)
	}
}

func noticeLife(t *testing.T, ctx context.Context, b Bench) {
	must(b.IssueNotices(ctx, []notice.Notice{draftNotice("a", "acceptance_notice", "430100")}, nil, nil))(t)
	if open := must(b.ListNotices(ctx, storage.NoticeQuery{Unprinted: true}))(t); len(open) != 1 {
		t.Fatalf("unprinted: %v", open)
	}
	file := document.DigestOf([]byte("pdf"))
	if err := b.KeepNoticeFile(ctx, "ntc_a", file, 3); err != nil {
		t.Fatal(err)
	}
	if err := b.KeepNoticeFile(ctx, "ntc_a", document.DigestOf([]byte("other")), 5); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		must(b.ServeNotice(ctx, "ntc_a", notice.Serving{At: caseDay, Mode: "window", Receiver: "王某", By: "li"}, storage.AuditEntry{Actor: "li", Action: "notice.serve", Object: "ntc_a"}))(t)
	}
	n := must(b.NoticeByCode(ctx, "CODEa"))(t)
	if n.File != file || n.Size != 3 || len(n.Served) != 2 || !n.Served[0].At.Equal(caseDay) {
		t.Errorf("kept %+v", n)
	}
	if open := must(b.ListNotices(ctx, storage.NoticeQuery{Unprinted: true}))(t); len(open) != 0 {
		t.Errorf("unprinted after printing: %v", open)
	}
}
