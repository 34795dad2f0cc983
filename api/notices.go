package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/storage"
)

// noticeRoutes lists what is done with notices.
func (s *Server) noticeRoutes(api huma.API, mux *http.ServeMux) {
	guarded(api, http.MethodGet, "/v1/notices", "list-notices", "文书列表", access.NoticeRead, try(s, s.listNotices))
	guarded(api, http.MethodGet, "/v1/notices/{id}", "get-notice", "文书", access.NoticeRead, try(s, s.getNotice))
	s.plain(api, mux, fileOperation("/v1/notices/{id}/file", "notice-file", "文书的 PDF"), access.NoticeRead, s.noticeFile)
	guarded(api, http.MethodPost, "/v1/notices/{id}/serve", "serve-notice", "登记送达", access.NoticeServe, try(s, s.serveNotice))
}

// NoticePath names a notice in a route.
type NoticePath struct {
	ID string `path:"id" doc:"文书 ID"`
}

type noticeBody struct{ Body notice.Notice }

type noticeList struct {
	Body struct {
		Notices []notice.Notice `json:"notices"`
		Next    string          `json:"next,omitempty"`
	}
}

type noticesInput struct {
	Case   string `query:"case" doc:"办件 ID 或办件编号；不填则列出送给本人的文书"`
	Kind   string `query:"kind"`
	Before string `query:"before" doc:"上一页最后一个文书 ID"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

func (s *Server) listNotices(ctx context.Context, in *noticesInput) (*noticeList, error) {
	q := storage.NoticeQuery{To: who(ctx).Account, Kind: in.Kind, Before: in.Before, Limit: in.Limit}
	if in.Case != "" {
		k, _, err := s.caseSeen(ctx, in.Case)
		if err != nil {
			return nil, err
		}
		q.To, q.Case = "", k.ID
	}
	found, err := s.Records.ListNotices(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &noticeList{}
	out.Body.Notices = []notice.Notice{}
	if len(found) == in.Limit {
		out.Body.Next = found[len(found)-1].ID
	}
	for _, n := range found {
		if _, err := s.noticeSeen(ctx, n.ID); err == nil {
			out.Body.Notices = append(out.Body.Notices, n)
		}
	}
	return out, nil
}

// noticeSeen loads a notice that the asker may see: whom it is for, whoever sees
// the item it is about, or the case when it is about no item, and the unit it
// speaks for when it is about neither.
func (s *Server) noticeSeen(ctx context.Context, id string) (notice.Notice, error) {
	n, err := s.Records.Notice(ctx, id)
	switch {
	case err != nil:
		return n, err
	case who(ctx).MembersOnly() && n.IssuedAt.After(s.Now()):
		err = storage.ErrNotFound // it goes out when the office opens (V1.10)
	case n.To != "" && n.To == who(ctx).Account:
	case n.Item != "":
		_, err = s.itemSeen(ctx, n.Item)
	case n.Case != "":
		_, _, err = s.caseSeen(ctx, n.Case)
	case !who(ctx).Has(access.Clerk) && (n.Unit == "" || n.Unit != who(ctx).Unit || n.Division != who(ctx).Division):
		err = storage.ErrNotFound
	}
	return n, err
}

func (s *Server) getNotice(ctx context.Context, in *NoticePath) (*noticeBody, error) {
	n, err := s.noticeSeen(ctx, in.ID)
	return &noticeBody{n}, err
}

func (s *Server) noticeFile(w http.ResponseWriter, r *http.Request) {
	n, err := s.noticeSeen(r.Context(), r.PathValue("id"))
	if err == nil {
		n, err = s.Notices.Printed(r.Context(), n)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.send(w, r, download{storage.Derived, n.File, "application/pdf", n.Title + " " + n.Number + ".pdf", "notice.read", n.ID, false})
}

type serveInput struct {
	NoticePath
	Body struct {
		Mode     string `json:"mode" enum:"online,window,mail" doc:"送达方式"`
		Receiver string `json:"receiver" doc:"受送达人"`
	}
}

func (s *Server) serveNotice(ctx context.Context, in *serveInput) (*noticeBody, error) {
	if _, err := s.noticeSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	if in.Body.Receiver == "" {
		return nil, &casework.Invalid{Fields: map[string]string{"receiver": "请填写受送达人"}}
	}
	n, err := s.Notices.Serve(ctx, in.ID, notice.Serving{Mode: in.Body.Mode, Receiver: in.Body.Receiver, By: who(ctx).Account})
	return &noticeBody{n}, err
}
