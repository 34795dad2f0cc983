package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/storage"
)

// Allowance is what may be sent of a day; 0 is no limit.
type Allowance struct {
	Documents int64 `json:"documents" doc:"每日文件数上限，0 为不限"`
	Bytes     int64 `json:"bytes" doc:"每日字节数上限，0 为不限"`
}

// Quotas are what senders may send of a day. Everything that begins to be sent is
// counted, so that the day's usage is known also where nothing is limited.
type Quotas struct {
	Records storage.Usages
	Sender  Allowance // each token, or person
	Unit    Allowance // all of a unit together
	Now     func() time.Time
}

// Spent says that a day is used up; Until is when the next one begins.
type Spent struct {
	Unit      bool // the unit's, not the sender's own
	Allowance Allowance
	Until     time.Time
}

func (e *Spent) Error() string { return "quota used up until " + e.Until.Format(time.RFC3339) }

// Text is for people.
func (e *Spent) Text() string {
	whose := "本账号"
	if e.Unit {
		whose = "本单位"
	}
	most := ""
	if e.Allowance.Documents > 0 {
		most = fmt.Sprintf("%d 份", e.Allowance.Documents)
	}
	if e.Allowance.Bytes > 0 {
		if most != "" {
			most += "、"
		}
		most += fmt.Sprintf("%d MB", e.Allowance.Bytes>>20)
	}
	return fmt.Sprintf("%s今日上传已达上限（每日 %s），请于 %s 后再传", whose, most, e.Until.Format("1月2日 15:04"))
}

// shanghai is the time zone of all days (it has had no summer time since 1991).
var shanghai = time.FixedZone("CST", 8*3600)

// Day is the day it is now, as usage is kept.
func (q *Quotas) Day() string { return q.Now().In(shanghai).Format(time.DateOnly) }

// Spend counts files and bytes for who sends them. back gives them back when
// nothing came of it. Errors: *Spent.
func (q *Quotas) Spend(ctx context.Context, w Who, files, bytes int64) (back func(), err error) {
	day, all := q.Day(), q.spendings(w, files, bytes)
	err = q.Records.Spend(ctx, day, all...)
	var e *storage.Exceeded
	if errors.As(err, &e) {
		y, m, d := q.Now().In(shanghai).Date()
		spent := &Spent{Allowance: q.Sender, Until: time.Date(y, m, d+1, 0, 0, 0, 0, shanghai)}
		if e.Subject == "unit:"+w.Unit {
			spent.Unit, spent.Allowance = true, q.Unit
		}
		return nil, spent
	}
	if err != nil {
		return nil, err
	}
	return func() {
		for i := range all {
			all[i].Documents, all[i].Bytes = -all[i].Documents, -all[i].Bytes
		}
		// Who is not given back what failed has a little less of the day.
		_ = q.Records.Spend(context.WithoutCancel(ctx), day, all...)
	}, nil
}

func (q *Quotas) spendings(w Who, files, bytes int64) []storage.Spending {
	sender := "account:" + w.Account
	if w.Token && w.Credential != "" {
		sender = "token:" + w.Credential
	}
	all := []storage.Spending{{Subject: sender, Documents: files, Bytes: bytes, MostDocuments: q.Sender.Documents, MostBytes: q.Sender.Bytes}}
	if w.Unit != "" {
		all = append(all, storage.Spending{Subject: "unit:" + w.Unit, Documents: files, Bytes: bytes, MostDocuments: q.Unit.Documents, MostBytes: q.Unit.Bytes})
	}
	return all
}
