// Package training is the register of 报建培训 (P2.1): guide boards, videos and
// sessions, who enrolled and who came. Sessions may be for applicants or for
// staff (W2.6).
package training

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onewindow/approval/calendar"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// The registers.
const (
	Register   = "training"
	Enrolments = "enrolment"
)

// The kinds of training.
const (
	Session = "session" // 定期讲解
	Video   = "video"   // 报建知识视频
	Board   = "board"   // 导览板
)

// The states of a training.
const (
	Published = "published"
	Cancelled = "cancelled" // final
)

// Whom a training is for.
const (
	ForApplicants = "applicants"
	ForStaff      = "staff"
)

// Training is the body of an entry.
type Training struct {
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	Text     string    `json:"text,omitempty"`
	Link     string    `json:"link,omitempty"` // of a video
	Audience string    `json:"audience"`
	Place    string    `json:"place,omitempty"`
	Begins   time.Time `json:"begins_at,omitzero"`
	Ends     time.Time `json:"ends_at,omitzero"`
	Seats    int       `json:"seats,omitempty"`
	Taken    int       `json:"taken"`
	Speaker  string    `json:"speaker,omitempty"`
	Why      string    `json:"cancelled_because,omitempty"`
}

// Enrolment is one person's place.
type Enrolment struct {
	Title     string    `json:"title"`
	Name      string    `json:"name"`
	Company   string    `json:"company,omitempty"`
	Telephone string    `json:"telephone,omitempty"`
	By        string    `json:"by"` // who enrolled them
	Came      bool      `json:"attended"`
	At        time.Time `json:"marked_at,omitzero"`
}

// The records.
type (
	Record          = register.Record[Training]
	EnrolmentRecord = register.Record[Enrolment]
)

// ErrFull says that a session has no seat left.
var ErrFull = fmt.Errorf("no seat left: %w", casework.ErrIllegal)

// Publish announces a training. Errors: *casework.Invalid.
func Publish(ctx context.Context, d *register.Desk, t Training, division, hall, by string) (Record, error) {
	if t.Audience == "" {
		t.Audience = ForApplicants
	}
	wrong := check(d, t)
	if _, _, ok := d.Catalogue.Division(division); !ok {
		wrong["division"] = "请选择行政区划"
	}
	if len(wrong) > 0 {
		return Record{}, &casework.Invalid{Fields: wrong}
	}
	t.Taken = 0
	r := Record{Entry: storage.Entry{ID: d.NewID("trn"), Register: Register, Prefix: "PX", State: Published, Open: true, Division: division, Hall: hall,
		Owner: by, Created: d.Moment(), Due: t.Ends}, Body: t}
	return r, register.Keep(ctx, d, &r, by, "publish", map[string]string{"kind": t.Kind, "title": t.Title})
}

func check(d *register.Desk, t Training) map[string]string {
	wrong := map[string]string{}
	if !slices.Contains([]string{Session, Video, Board}, t.Kind) {
		wrong["kind"] = "请选择讲解、视频或导览板"
	}
	if !slices.Contains([]string{ForApplicants, ForStaff}, t.Audience) {
		wrong["audience"] = "请选择培训对象"
	}
	if strings.TrimSpace(t.Title) == "" {
		wrong["title"] = "请填写标题"
	}
	switch t.Kind {
	case Session:
		if strings.TrimSpace(t.Place) == "" {
			wrong["place"] = "请填写地点"
		}
		if !t.Begins.After(d.Moment()) {
			wrong["begins_at"] = "请填写今后的开始时间"
		}
		if !t.Ends.After(t.Begins) {
			wrong["ends_at"] = "结束时间不晚于开始时间"
		}
		if t.Seats < 1 || t.Seats > 10_000 {
			wrong["seats"] = "请填写名额"
		}
	case Video:
		if u, err := url.Parse(t.Link); err != nil || u.Scheme != "https" || u.Host == "" {
			wrong["link"] = "请填写视频的 https 地址"
		}
	case Board:
		if strings.TrimSpace(t.Text) == "" {
			wrong["text"] = "请填写导览内容"
		}
	}
	return wrong
}

// Enrol takes a seat for an account, or at the counter for somebody without one.
// Errors: ErrFull, casework.ErrIllegal when it is too late, or done already.
func Enrol(ctx context.Context, d *register.Desk, id string, e Enrolment, account string) (EnrolmentRecord, error) {
	t, err := register.Load[Training](ctx, d, Register, id)
	if err != nil {
		return EnrolmentRecord{}, err
	}
	switch {
	case t.State != Published || t.Body.Kind != Session || !d.Moment().Before(t.Body.Begins):
		return EnrolmentRecord{}, fmt.Errorf("no enrolment any more: %w", casework.ErrIllegal)
	case t.Body.Taken >= t.Body.Seats:
		return EnrolmentRecord{}, ErrFull
	case strings.TrimSpace(e.Name) == "":
		return EnrolmentRecord{}, &casework.Invalid{Fields: map[string]string{"name": "请填写姓名"}}
	}
	key := account
	if account == "" {
		key = d.NewID("guest")
	}
	e.Title = t.Body.Title
	r := EnrolmentRecord{Entry: storage.Entry{ID: "enr_" + t.ID + "_" + key, Register: Enrolments, State: "enrolled", Open: true, Division: t.Division,
		Hall: t.Hall, Parent: t.ID, Owner: account, Created: d.Moment()}, Body: e}
	t.Body.Taken++ // by compare-and-set: the last seat is given once
	var c register.Change
	if err := register.Put(&c, &t); err != nil {
		return r, err
	}
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	c.Note(e.By, "enrol", r.Entry, map[string]string{"training": t.ID})
	err = c.Do(ctx, d)
	if errors.Is(err, storage.ErrConflict) {
		err = fmt.Errorf("enrolled already: %w", casework.ErrIllegal)
	}
	return r, err
}

// Attend marks whether somebody came; it can be told from the beginning on.
func Attend(ctx context.Context, d *register.Desk, id string, came bool, by string) (EnrolmentRecord, error) {
	r, err := register.Load[Enrolment](ctx, d, Enrolments, id)
	if err != nil {
		return r, err
	}
	t, err := register.Load[Training](ctx, d, Register, r.Parent)
	if err != nil {
		return r, err
	}
	if t.State != Published || d.Moment().Before(t.Body.Begins) {
		return r, fmt.Errorf("the session has not begun: %w", casework.ErrIllegal)
	}
	r.State, r.Open, r.Body.Came, r.Body.At = "marked", false, came, d.Moment()
	return r, register.Keep(ctx, d, &r, by, "attend", map[string]string{"training": t.ID, "came": strconv.FormatBool(came)})
}

// Cancel calls a training off.
func Cancel(ctx context.Context, d *register.Desk, id, why, by string) (Record, error) {
	r, err := register.Load[Training](ctx, d, Register, id)
	if err != nil {
		return r, err
	}
	if r.State != Published {
		return r, fmt.Errorf("training is %s: %w", r.State, casework.ErrIllegal)
	}
	if strings.TrimSpace(why) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reason": "请填写取消的原因"}}
	}
	r.State, r.Open, r.Body.Why = Cancelled, false, why
	return r, register.Keep(ctx, d, &r, by, "cancel", map[string]string{"reason": why})
}

// Attendance is who enrolled and came, as a table to be exported.
func Attendance(ctx context.Context, d *register.Desk, id string) (notice.Table, error) {
	all, err := register.All[Enrolment](ctx, d, storage.EntryQuery{Register: Enrolments, Parent: id})
	t := notice.Table{Columns: []string{"培训", "姓名", "单位", "电话", "报名时间", "是否到场"}, Rows: [][]string{}}
	for _, r := range slices.Backward(all) {
		came := "未登记"
		if !r.Body.At.IsZero() {
			came = map[bool]string{true: "是", false: "否"}[r.Body.Came]
		}
		t.Rows = append(t.Rows, []string{r.Body.Title, r.Body.Name, r.Body.Company, r.Body.Telephone, r.Created.In(calendar.Zone).Format("2006-01-02 15:04"), came})
	}
	return t, err
}
