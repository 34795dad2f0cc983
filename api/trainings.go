package api

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework/register"
	"onewindow/casework/supervision"
	"onewindow/casework/training"
	"onewindow/storage"
)

type trainingView struct {
	ID       string            `json:"id"`
	Number   string            `json:"number"`
	State    string            `json:"state"`
	Division string            `json:"division"`
	Hall     string            `json:"hall,omitempty"`
	Training training.Training `json:"training"`
	Left     int               `json:"seats_left"`
}

func trainingOf(r training.Record) trainingView {
	return trainingView{r.ID, r.Number, r.State, r.Division, r.Hall, r.Body, max(0, r.Body.Seats-r.Body.Taken)}
}

type trainingBody struct{ Body trainingView }

type trainingInput struct {
	Body struct {
		Kind     string    `json:"kind" enum:"session,video,board" doc:"session 讲解，video 视频，board 导览板"`
		Title    string    `json:"title"`
		Text     string    `json:"text,omitempty"`
		Link     string    `json:"link,omitempty"`
		Audience string    `json:"audience,omitempty" enum:"applicants,staff"`
		Place    string    `json:"place,omitempty"`
		Begins   time.Time `json:"begins_at,omitzero"`
		Ends     time.Time `json:"ends_at,omitzero"`
		Seats    int       `json:"seats,omitempty"`
		Speaker  string    `json:"speaker,omitempty"`
		Division string    `json:"division,omitempty" doc:"不填为本区划"`
	}
}

func (s *Server) publishTraining(ctx context.Context, in *trainingInput) (*trainingBody, error) {
	b, w := in.Body, who(ctx)
	if err := confine(&b.Division, w); err != nil {
		return nil, err
	}
	r, err := training.Publish(ctx, s.Registers, training.Training{Kind: b.Kind, Title: b.Title, Text: b.Text, Link: b.Link, Audience: b.Audience, Place: b.Place,
		Begins: b.Begins.UTC(), Ends: b.Ends.UTC(), Seats: b.Seats, Speaker: b.Speaker}, b.Division, w.Hall, w.Account)
	if err != nil {
		return nil, err
	}
	return &trainingBody{trainingOf(r)}, nil
}

type trainingsInput struct {
	Division string `query:"division"`
	Kind     string `query:"kind" enum:"session,video,board"`
	Audience string `query:"audience" enum:"applicants,staff"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type trainingList struct {
	Body struct {
		Trainings []trainingView `json:"trainings"`
	}
}

func (s *Server) listTrainings(ctx context.Context, in *trainingsInput) (*trainingList, error) {
	found, err := register.List[training.Training](ctx, s.Registers, storage.EntryQuery{Register: training.Register, Division: in.Division, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &trainingList{}
	out.Body.Trainings = []trainingView{}
	for _, r := range found {
		if (in.Kind == "" || r.Body.Kind == in.Kind) && (in.Audience == "" || r.Body.Audience == in.Audience) {
			out.Body.Trainings = append(out.Body.Trainings, trainingOf(r))
		}
	}
	return out, nil
}

// trainingRun loads a training that the asker may run.
func (s *Server) trainingRun(ctx context.Context, id string) (training.Record, error) {
	r, err := register.Load[training.Training](ctx, s.Registers, training.Register, id)
	if err == nil && !who(ctx).SeesDivision(r.Division) {
		err = storage.ErrNotFound
	}
	return r, err
}

func (s *Server) cancelTraining(ctx context.Context, in *becauseInput) (*trainingBody, error) {
	if _, err := s.trainingRun(ctx, in.ID); err != nil {
		return nil, err
	}
	r, err := training.Cancel(ctx, s.Registers, in.ID, in.Body.Reason, who(ctx).Account)
	if err != nil {
		return nil, err
	}
	return &trainingBody{trainingOf(r)}, nil
}

type enrolInput struct {
	EntryPath
	Body struct {
		Name      string `json:"name" maxLength:"50"`
		Company   string `json:"company,omitempty" maxLength:"100"`
		Telephone string `json:"telephone,omitempty" maxLength:"30"`
		Guest     bool   `json:"guest,omitempty" doc:"窗口为没有账号的人报名"`
	}
}

type enrolBody struct {
	Body struct {
		ID        string             `json:"id"`
		Training  string             `json:"training_id"`
		State     string             `json:"state"`
		Enrolment training.Enrolment `json:"enrolment"`
	}
}

func enrolment(r training.EnrolmentRecord, err error) (*enrolBody, error) {
	if err != nil {
		return nil, err
	}
	out := &enrolBody{}
	out.Body.ID, out.Body.Training, out.Body.State, out.Body.Enrolment = r.ID, r.Parent, r.State, r.Body
	return out, nil
}

func (s *Server) enrol(ctx context.Context, in *enrolInput) (*enrolBody, error) {
	w, b := who(ctx), in.Body
	t, err := register.Load[training.Training](ctx, s.Registers, training.Register, in.ID)
	if err != nil {
		return nil, err
	}
	if t.Body.Audience == training.ForStaff && w.MembersOnly() {
		return nil, storage.ErrNotFound
	}
	account := w.Account
	if b.Guest && w.Has(access.Clerk) {
		account = ""
	}
	return enrolment(training.Enrol(ctx, s.Registers, t.ID, training.Enrolment{Name: b.Name, Company: b.Company, Telephone: b.Telephone, By: w.Account}, account))
}

type attendInput struct {
	EntryPath
	Body struct {
		Came bool `json:"attended"`
	}
}

func (s *Server) attend(ctx context.Context, in *attendInput) (*enrolBody, error) {
	r, err := register.Load[training.Enrolment](ctx, s.Registers, training.Enrolments, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.trainingRun(ctx, r.Parent); err != nil {
		return nil, err
	}
	return enrolment(training.Attend(ctx, s.Registers, in.ID, in.Body.Came, who(ctx).Account))
}

func attendanceOperation() *huma.Operation {
	return &huma.Operation{OperationID: "attendance", Method: http.MethodGet, Path: "/v1/trainings/{id}/attendance", Summary: "签到表（CSV）",
		Parameters: pathID("培训编号"), Responses: map[string]*huma.Response{"200": binary("签到表", "text/csv")}}
}

func (s *Server) attendance(w http.ResponseWriter, r *http.Request) {
	t, err := s.trainingRun(r.Context(), r.PathValue("id"))
	var body bytes.Buffer
	if err == nil {
		table, readErr := training.Attendance(r.Context(), s.Registers, t.ID)
		if err = readErr; err == nil {
			err = supervision.WriteCSV(&body, table)
		}
	}
	if err == nil {
		err = s.auditRead(r.Context(), "training.attendance.read", t.ID)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "签到表.csv"}))
	_, _ = w.Write(body.Bytes())
}
