package sqlstore

import (
	"context"
	"fmt"
	"time"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/document"
	"onewindow/storage"
)

var _ storage.Notices = (*Store)(nil)

// IssueNotices issues notices by themselves.
func (s *Store) IssueNotices(ctx context.Context, drafts []notice.Notice, events []approval.Event, audit []storage.AuditEntry) (out []notice.Notice, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		if out, err = t.issueNotices(ctx, drafts); err != nil {
			return err
		}
		for _, e := range events {
			t.announce(e)
		}
		for _, e := range audit {
			t.record(e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("issue notices: %w", err)
	}
	return out, nil
}

// issueNotices numbers notices and keeps them, as part of a transaction. The row
// of a series stays locked until it ends: a number that was taken is used.
func (t *tx) issueNotices(ctx context.Context, drafts []notice.Notice) ([]notice.Notice, error) {
	out := make([]notice.Notice, len(drafts))
	for i, n := range drafts {
		var err error
		if n.Number, err = t.noticeNumber(ctx, n.Series, notice.Prefix(n.Kind), n.IssuedAt); err != nil {
			return nil, err
		}
		data, err := encode(n)
		if err != nil {
			return nil, err
		}
		err = t.insert(ctx, "INSERT INTO notices (id, series, number, kind, division, project, case_id, case_item, code, recipient, data)",
			[][]any{{n.ID, clean(n.Series), n.Number, n.Kind, n.Division, clean(n.Project), n.Case, n.Item, n.Code, clean(n.To), clean(data)}}, "")
		if err != nil {
			return nil, fmt.Errorf("insert notice: %w", err)
		}
		detail := map[string]string{"number": n.Number, "kind": n.Kind, "case": n.Case}
		t.announce(approval.Event{Type: approval.EventNoticeIssued, Project: n.Project, Unit: n.Unit, Data: map[string]string{
			"notice": n.ID, "number": n.Number, "kind": n.Kind, "case": n.Case, "case_item": n.Item, "division": n.Division, "to": n.To}})
		t.record(storage.AuditEntry{Actor: actorOf(n.IssuedBy), Action: "notice.issue", Object: n.ID, Detail: detail})
		out[i] = n
	}
	return out, nil
}

func (t *tx) noticeNumber(ctx context.Context, series, prefix string, at time.Time) (string, error) {
	day := at.In(shanghai).Format("20060102")
	var n int64
	err := t.QueryRowContext(ctx, `INSERT INTO notice_series (series, prefix, day, issued) VALUES ($1, $2, $3, 1)
		ON CONFLICT (series, prefix, day) DO UPDATE SET issued = notice_series.issued + 1 RETURNING issued`,
		clean(series), prefix, day).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("number notice: %w", err)
	}
	return fmt.Sprintf("%s%s%04d", prefix, day, n), nil
}

const noticeColumns = "file, size, served, data"

// Notice returns one notice.
func (s *Store) Notice(ctx context.Context, id string) (notice.Notice, error) {
	return s.oneNotice(ctx, "id = $1", id)
}

// NoticeByCode finds a notice by its verification code.
func (s *Store) NoticeByCode(ctx context.Context, code string) (notice.Notice, error) {
	return s.oneNotice(ctx, "code = $1", code)
}

func (s *Store) oneNotice(ctx context.Context, condition, arg string) (n notice.Notice, err error) {
	err = s.read(ctx, func(q querier) error {
		n, err = one(ctx, q, scanNotice, "SELECT "+noticeColumns+" FROM notices WHERE "+condition, clean(arg))
		return err
	})
	return n, wrap("read notice", err)
}

// ListNotices returns a page of notices.
func (s *Store) ListNotices(ctx context.Context, q storage.NoticeQuery) (out []notice.Notice, err error) {
	var w conditions
	w.add(q.Case == "", "case_id = ?", q.Case)
	w.add(q.Item == "", "case_item = ?", q.Item)
	w.add(q.Project == "", "project = ?", q.Project)
	w.add(q.Kind == "", "kind = ?", q.Kind)
	w.add(q.To == "", "recipient = ?", clean(q.To))
	w.add(q.Series == "", "series = ?", q.Series)
	w.add(q.Division == "", "division = ?", q.Division)
	w.add(!q.Unprinted, "file = ''")
	w.add(q.Before == "", "id < ?", q.Before)
	order := "id DESC"
	if q.Unprinted {
		order = "id"
	}
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, scanNotice, fmt.Sprintf("SELECT %s FROM notices%s ORDER BY %s LIMIT %d",
			noticeColumns, w.text(), order, bounded(q.Limit, 50, 500)), w.args...)
		return err
	})
	return out, wrap("list notices", err)
}

func scanNotice(row scanner) (n notice.Notice, err error) {
	var file, served, data string
	var size int64
	if err := row.Scan(&file, &size, &served, &data); err != nil {
		return n, err
	}
	if err := decode(data, &n); err != nil {
		return n, err
	}
	n.Size = size
	if file != "" {
		if n.File, err = document.ParseDigest(file); err != nil {
			return n, err
		}
	}
	return n, decode(served, &n.Served)
}

// KeepNoticeFile notes the printed file of a notice, once.
func (s *Store) KeepNoticeFile(ctx context.Context, id string, file document.Digest, size int64) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "UPDATE notices SET file = $2, size = $3 WHERE id = $1 AND file = ''", id, file.String(), size)
		return err
	})
	return wrap("keep notice file", err)
}

// ServeNotice notes that a notice was served.
func (s *Store) ServeNotice(ctx context.Context, id string, v notice.Serving, audit storage.AuditEntry) (n notice.Notice, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		// The lock keeps two servings at once from losing one.
		n, err = one(ctx, t, scanNotice, "UPDATE notices SET size = size WHERE id = $1 RETURNING "+noticeColumns, clean(id))
		if err != nil {
			return err
		}
		n.Served = append(n.Served, v)
		served, err := encode(n.Served)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, "UPDATE notices SET served = $2 WHERE id = $1", n.ID, clean(served)); err != nil {
			return err
		}
		t.record(audit)
		return nil
	})
	return n, wrap("serve notice", err)
}
