package storage

import (
	"context"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/document"
)

// Notices keeps notices (文书). They are numbered in the transaction that issues
// them, so numbers have no gaps within a series and prefix, whatever fails.
type Notices interface {
	// IssueNotices issues notices outside any other change and returns them with
	// their numbers. Changes of cases and of registers carry theirs with them.
	IssueNotices(ctx context.Context, drafts []notice.Notice, events []approval.Event, audit []AuditEntry) ([]notice.Notice, error)
	// Notice returns one notice by ID. Errors: ErrNotFound.
	Notice(ctx context.Context, id string) (notice.Notice, error)
	// NoticeByCode finds a notice by its verification code. Errors: ErrNotFound.
	NoticeByCode(ctx context.Context, code string) (notice.Notice, error)
	// ListNotices returns notices, newest first; with Unprinted oldest first.
	ListNotices(ctx context.Context, q NoticeQuery) ([]notice.Notice, error)
	// KeepNoticeFile notes the printed file; a notice is printed once, and
	// printing it again changes nothing.
	KeepNoticeFile(ctx context.Context, id string, file document.Digest, size int64) error
	// ServeNotice notes that a notice was served (送达).
	ServeNotice(ctx context.Context, id string, s notice.Serving, audit AuditEntry) (notice.Notice, error)
}

// NoticeQuery filters notices; zero fields do not filter.
type NoticeQuery struct {
	Case      string
	Item      string // case item
	Project   string
	Kind      string
	Series    string
	To        string // account it is for
	Division  string
	Unprinted bool
	Before    string // keyset: only notices older than this ID
	Limit     int    // default 50, at most 500
}
