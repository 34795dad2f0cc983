package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/storage"
)

// hotFolderRoutes show what became of every file in the hot folders.
func (s *Server) hotFolderRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/hot-folder/files", "list-hot-folder", "热文件夹台账：每个文件的去向（窗口人员只看本厅）",
		access.HotFolderRead, try(s, s.listHotFolder))
	guarded(api, http.MethodGet, "/v1/hot-folder/files/{id}", "get-hot-folder-file", "热文件夹中的一个文件", access.HotFolderRead, try(s, s.hotFolderFile))
	guarded(api, http.MethodPost, "/v1/hot-folder/files/{id}/retry", "retry-hot-folder-file", "重新收取隔离的文件", access.HotFolderRetry, try(s, s.retryHotFolder))
}

type hotFolderInput struct {
	Outcome storage.Outcome `query:"outcome" enum:"waiting,received,duplicate,unpacked,quarantined,refused,ignored,removed" doc:"只列这种去向的文件"`
	Before  string          `query:"before" doc:"翻页：上一页的 next"`
	Limit   int             `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type hotFileView struct {
	storage.Arrival
	MayRetry bool `json:"may_retry" doc:"文件在隔离文件夹中，可以重新收取"`
}

type hotFolderList struct {
	Body struct {
		Counts map[storage.Outcome]int `json:"counts" doc:"各种去向的文件数，与 pruned 合计即见过的全部文件"`
		Pruned map[storage.Outcome]int `json:"pruned" doc:"更早、已不逐条列出的文件数，按去向"`
		Files  []hotFileView           `json:"files"`
		Next   string                  `json:"next,omitempty" doc:"下一页的 before；没有则到底"`
	}
}

func (s *Server) listHotFolder(ctx context.Context, in *hotFolderInput) (*hotFolderList, error) {
	me := who(ctx)
	halls := me.HallsServed()
	counts, err := s.Records.CountArrivals(ctx, halls)
	if err != nil {
		return nil, err
	}
	pruned, err := s.Records.PrunedArrivals(ctx, halls)
	if err != nil {
		return nil, err
	}
	all, err := s.Records.ListArrivals(ctx, storage.ArrivalQuery{Halls: halls, Outcome: in.Outcome, Before: in.Before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &hotFolderList{}
	out.Body.Counts, out.Body.Pruned, out.Body.Files = counts, pruned, []hotFileView{}
	for _, a := range all {
		out.Body.Files = append(out.Body.Files, hotFileView{access.CurtainArrival(me, a), a.MayRetry()})
	}
	if len(all) == in.Limit {
		out.Body.Next = all[len(all)-1].ID
	}
	return out, nil
}

type hotFileInput struct {
	ID string `path:"id" doc:"台账编号"`
}

type hotFileBody struct{ Body hotFileView }

// arrivalOf finds a file that exists for the account.
func (s *Server) arrivalOf(ctx context.Context, id string) (*hotFileBody, error) {
	me := who(ctx)
	a, err := s.Records.Arrival(ctx, id)
	if halls := me.HallsServed(); err == nil && halls != nil && !slices.Contains(halls, a.Hall) {
		err = storage.ErrNotFound
	}
	return &hotFileBody{hotFileView{access.CurtainArrival(me, a), a.MayRetry()}}, err
}

func (s *Server) hotFolderFile(ctx context.Context, in *hotFileInput) (*hotFileBody, error) {
	return s.arrivalOf(ctx, in.ID)
}

func (s *Server) retryHotFolder(ctx context.Context, in *hotFileInput) (*hotFileBody, error) {
	if _, err := s.arrivalOf(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := s.Records.AskRetry(ctx, in.ID, who(ctx).Account); err != nil {
		return nil, err
	}
	return s.arrivalOf(ctx, in.ID)
}
