package api

import (
	"context"

	"onewindow/casework/supervision"
	"onewindow/storage"
)

type assessmentInput struct {
	FigureFilter
	Weights int64 `query:"weights_version" doc:"用哪一版权重；不填为现行"`
}

type assessmentBody struct {
	Body struct {
		Weights supervision.Weights `json:"weights"`
		Scores  []supervision.Score `json:"scores"`
	}
}

func (s *Server) assessment(ctx context.Context, in *assessmentInput) (*assessmentBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	out := &assessmentBody{}
	if out.Body.Weights, err = s.Watch.Weights(ctx, in.Weights); err != nil {
		return nil, err
	}
	out.Body.Scores, err = s.Watch.Assess(ctx, q, out.Body.Weights)
	return out, err
}

type weightsBody struct{ Body supervision.Weights }

func (s *Server) weights(ctx context.Context, _ *noInput) (*weightsBody, error) {
	w, err := s.Watch.Weights(ctx, 0)
	return &weightsBody{w}, err
}

func (s *Server) setWeights(ctx context.Context, in *weightsBody) (*weightsBody, error) {
	w, err := s.Watch.SetWeights(ctx, in.Body, who(ctx).Account)
	return &weightsBody{w}, err
}

type milestonesInput struct {
	Division string `query:"division"`
}

type milestonesBody struct {
	Body struct {
		Milestones []supervision.Goal `json:"milestones"`
	}
}

func (s *Server) milestones(ctx context.Context, in *milestonesInput) (*milestonesBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	list, err := s.Watch.Goals(ctx, in.Division)
	out := &milestonesBody{}
	out.Body.Milestones = list
	return out, err
}

type milestoneInput struct {
	Body struct {
		ID       string `json:"id,omitempty" doc:"已有目标的 ID；不填为新增"`
		Division string `json:"division,omitempty" doc:"不填为本区划"`
		Title    string `json:"title" maxLength:"200"`
		Unit     string `json:"unit" doc:"责任单位"`
		Person   string `json:"person" maxLength:"50" doc:"责任人"`
		Due      string `json:"due" doc:"完成期限，YYYY-MM-DD"`
		Done     string `json:"done,omitempty" doc:"完成日期"`
	}
}

type milestoneBody struct{ Body supervision.Goal }

func (s *Server) keepMilestone(ctx context.Context, in *milestoneInput) (*milestoneBody, error) {
	b, asker := in.Body, who(ctx)
	if err := confine(&b.Division, asker); err != nil {
		return nil, err
	}
	if b.ID != "" { // a goal of another division is none of ours
		if err := s.ownGoal(ctx, b.ID, asker.Division); err != nil {
			return nil, err
		}
	}
	g, err := s.Watch.KeepGoal(ctx, storage.Milestone{ID: b.ID, Division: b.Division, Title: b.Title, Unit: b.Unit, Person: b.Person,
		Due: b.Due, Done: b.Done, By: asker.Account})
	return &milestoneBody{g}, err
}

func (s *Server) ownGoal(ctx context.Context, id, division string) error {
	list, err := s.Watch.Goals(ctx, division)
	if err != nil {
		return err
	}
	for _, g := range list {
		if g.ID == id {
			return nil
		}
	}
	return storage.ErrNotFound
}

type urgeInput struct {
	Body struct {
		Item string `json:"case_item" doc:"办件事项 ID"`
		Text string `json:"text" maxLength:"1000" doc:"督办意见"`
	}
}

func (s *Server) urge(ctx context.Context, in *urgeInput) (*duesBody, error) {
	it, err := s.itemSeen(ctx, in.Body.Item)
	if err != nil {
		return nil, err
	}
	if err := s.Watch.Urge(ctx, it.ID, in.Body.Text, who(ctx).Account); err != nil {
		return nil, err
	}
	list, _, err := s.Watch.Clocks(ctx, storage.ItemQuery{Case: it.Case}, "")
	out := &duesBody{}
	out.Body.Items = list
	return out, err
}
