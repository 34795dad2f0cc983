package api

import (
	"context"

	"onewindow/access"
	"onewindow/approval/progress"
	"onewindow/document"
	"onewindow/storage"
)

type countsInput struct {
	Division string `query:"division" doc:"行政区划代码；不填为全部"`
}

type countsBody struct {
	Body struct {
		Items map[progress.State]int                      `json:"items" doc:"事项数，按状态"`
		Lanes map[document.Lane]map[storage.TaskState]int `json:"lanes" doc:"待办步骤数"`
	}
}

// counts gives numbers only: the province watches without reading.
func (s *Server) counts(ctx context.Context, in *countsInput) (*countsBody, error) {
	if own := who(ctx).Division; own != "" && !who(ctx).Has(access.Province) {
		in.Division = own
	}
	out := &countsBody{}
	var err error
	if out.Body.Items, err = s.Records.CountItems(ctx, storage.ItemQuery{Division: in.Division}); err != nil {
		return nil, err
	}
	out.Body.Lanes, err = s.Records.Depths(ctx)
	return out, err
}
