package web

import (
	"errors"
	"net/http"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework"
	"onewindow/casework/complaint"
	"onewindow/casework/register"
	"onewindow/storage"
)

func (s *pages) complaints(w http.ResponseWriter, r *http.Request) {
	s.showComplaints(w, r, http.StatusOK, nil, nil)
}

func (s *pages) showComplaints(w http.ResponseWriter, r *http.Request, status int, typed, wrong map[string]string) {
	who, _ := whoOf(r.Context())
	data := s.registerData(r, access.ComplaintTake, typed, wrong)
	found, err := register.List[complaint.Matter](r.Context(), s.Registers, entriesOf(complaint.Register, who, r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, c := range found {
		if !seesEntry(who, c.Entry) {
			continue
		}
		title := c.Body.Subject
		if title == "" {
			title = c.Body.Text
		}
		data.Rows = append(data.Rows, s.entryRow(c.Entry, title, complaintTexts))
	}
	s.render(w, r, status, "complaints", "投诉与建议", data)
}

// takeComplaint registers a complaint or suggestion and shows its number; of an
// anonymous one nobody is noted (P6.2, T.3).
func (s *pages) takeComplaint(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	typed := typedIn(r)
	who, _ := whoOf(r.Context())
	m := complaint.Matter{Kind: typed["kind"], Channel: approval.ChannelVirtual, Subject: typed["subject"], Text: typed["text"], About: typed["about_unit"],
		Anonymous: typed["anonymous"] != "", Contact: typed["contact"]}
	if who.Has(access.Clerk) {
		m.Channel = approval.ChannelPhysical
	}
	made, err := complaint.Take(r.Context(), s.Registers, complaint.New{Matter: m, Division: typed["division"], Hall: who.Hall, Project: typed["project"]}, who.Account)
	var invalid *casework.Invalid
	switch {
	case errors.As(err, &invalid):
		s.showComplaints(w, r, http.StatusUnprocessableEntity, typed, invalid.Fields)
	case err == nil && m.Anonymous:
		s.render(w, r, http.StatusOK, "complaint-taken", "投诉与建议", made.Number)
	default:
		s.backTo(w, r, "/complaints/"+made.ID, err)
	}
}

// complaintData is one matter with what may be done to it.
type complaintData struct {
	complaint.Record
	Row                          entryRow
	AboutName                    string
	MayAssign, MayAnswer, MayEnd bool
	Units                        []entryOption
	Wrong                        map[string]string
	TypedAnswer                  string
}

func (s *pages) complaintSeen(r *http.Request) (complaint.Record, error) {
	c, err := register.Load[complaint.Matter](r.Context(), s.Registers, complaint.Register, r.PathValue("id"))
	if who, _ := whoOf(r.Context()); err == nil && !seesEntry(who, c.Entry) {
		err = storage.ErrNotFound
	}
	return c, err
}

func (s *pages) complaint(w http.ResponseWriter, r *http.Request) {
	s.showComplaint(w, r, http.StatusOK, nil)
}

func (s *pages) showComplaint(w http.ResponseWriter, r *http.Request, status int, wrong map[string]string) {
	c, err := s.complaintSeen(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	data := complaintData{Record: c, Row: s.entryRow(c.Entry, "", complaintTexts), AboutName: s.Catalogue.Name(c.Body.About), Wrong: wrong,
		TypedAnswer: r.PostFormValue("answer"),
		MayAssign:   who.May(access.ComplaintAssign) && (c.State == complaint.Registered || c.State == complaint.Assigned),
		MayAnswer:   who.May(access.ComplaintAnswer) && c.State == complaint.Assigned,
		MayEnd:      who.May(access.ComplaintClose) && c.State == complaint.Answered && closerUnit(who) != c.Unit && (closerUnit(who) == "" || closerUnit(who) != c.Body.About)}
	for _, u := range s.Catalogue.Units {
		data.Units = append(data.Units, entryOption{u.Code, u.Name})
	}
	s.render(w, r, status, "complaint", "投诉与建议", data)
}

// closerUnit is the unit in whose name somebody closes a matter, "" for the
// complainant and for supervisors.
func closerUnit(w access.Who) string {
	if w.Has(access.Reviewer) && !w.Has(access.Supervisor) {
		return w.Unit
	}
	return ""
}

func (s *pages) assignComplaint(w http.ResponseWriter, r *http.Request) {
	s.doComplaint(w, r, func(c complaint.Record, who access.Who) error {
		_, err := complaint.Assign(r.Context(), s.Registers, c.ID, r.PostFormValue("unit"), who.Account)
		return err
	})
}

func (s *pages) answerComplaint(w http.ResponseWriter, r *http.Request) {
	s.doComplaint(w, r, func(c complaint.Record, who access.Who) error {
		_, err := complaint.Answer(r.Context(), s.Registers, c.ID, r.PostFormValue("answer"), who.Account)
		return err
	})
}

func (s *pages) closeComplaint(w http.ResponseWriter, r *http.Request) {
	s.doComplaint(w, r, func(c complaint.Record, who access.Who) error {
		_, err := complaint.Close(r.Context(), s.Registers, c.ID, number(r, "satisfaction"), closerUnit(who), who.Account)
		return err
	})
}

func (s *pages) doComplaint(w http.ResponseWriter, r *http.Request, do func(complaint.Record, access.Who) error) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	c, err := s.complaintSeen(r)
	who, _ := whoOf(r.Context())
	if err == nil {
		err = do(c, who)
	}
	var invalid *casework.Invalid
	switch {
	case errors.As(err, &invalid):
		s.showComplaint(w, r, http.StatusUnprocessableEntity, invalid.Fields)
	case errors.Is(err, complaint.ErrOwn):
		s.problem(w, r, http.StatusConflict, "被投诉或承办的单位不能自行了结，请由投诉人或效能监管人员了结")
	default:
		s.backTo(w, r, "/complaints/"+c.ID, err)
	}
}
