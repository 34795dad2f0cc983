package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework/issuance"
	"onewindow/casework/organisation"
	"onewindow/storage"
)

// kioskRoutes lists what a self-print terminal asks (自助打印区, P4.7). It has a
// token of its own; whoever stands there proves themselves by case number and
// pick-up code, sees the results of that code and nothing else.
func (s *Server) kioskRoutes(api huma.API, mux *http.ServeMux) {
	guarded(api, http.MethodPost, "/v1/kiosk/sessions", "open-kiosk", "自助终端：凭办件编号和取件码登录", access.KioskServe, try(s, s.openKiosk))
	guarded(api, http.MethodGet, "/v1/kiosk/session", "kiosk-results", "自助终端：可打印的成果", access.KioskServe, try(s, s.kioskResults))
	guarded(api, http.MethodDelete, "/v1/kiosk/session", "close-kiosk", "自助终端：退出", access.KioskServe, try(s, s.closeKiosk))
	op := &huma.Operation{OperationID: "kiosk-print", Method: http.MethodPost, Path: "/v1/kiosk/results/{id}/print", Summary: "自助终端：打印，每次计数",
		Parameters: append(pathID("成果编号"), &huma.Param{Name: kioskHeader, In: "header", Required: true, Schema: text("登录时发给的会话")}),
		Responses:  map[string]*huma.Response{"200": binary("打印版", "application/pdf")}}
	s.plain(api, mux, op, access.KioskServe, s.kioskPrint)
}

// kioskHeader carries the session of who stands at a terminal.
const kioskHeader = "Kiosk-Session"

type kioskResult struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Number    string `json:"number"`
	Item      string `json:"item_name"`
	Printable bool   `json:"printable"`
}

type kioskView struct {
	Session string        `json:"session,omitempty" doc:"以后放在 Kiosk-Session 头中"`
	Idle    int           `json:"idle_seconds" doc:"无操作多少秒后自动退出"`
	Results []kioskResult `json:"results"`
	Prints  int           `json:"prints"`
}

type kioskBody struct {
	Cache string `header:"Cache-Control"`
	Body  kioskView
}

type openKioskInput struct {
	Body struct {
		Number string `json:"case_number,omitempty" doc:"办件编号"`
		Code   string `json:"code,omitempty" doc:"取件码"`
		QR     string `json:"qr,omitempty" doc:"取件通知上的二维码内容，代替以上两项"`
	}
}

// terminal is the device behind the token. Errors: storage.ErrNotFound for others.
func (s *Server) terminal(ctx context.Context) (organisation.DeviceRecord, error) {
	d, ok, err := s.Organisation.DeviceOf(ctx, who(ctx).Account)
	if err == nil && (!ok || d.Body.Kind != organisation.Kiosk) {
		err = storage.ErrNotFound
	}
	return d, err
}

func (s *Server) openKiosk(ctx context.Context, in *openKioskInput) (*kioskBody, error) {
	d, err := s.terminal(ctx)
	if err != nil {
		return nil, err
	}
	if !s.Limits.AllowCode(d.ID) {
		return nil, errTooMany
	}
	number, code := in.Body.Number, in.Body.Code
	if in.Body.QR != "" {
		number, code, _ = issuance.ParseQR(in.Body.QR)
	}
	r, err := s.Issuances.Unlock(ctx, number, code, d.Body.ID)
	if err != nil {
		return nil, err
	}
	secret, err := s.Guard.OpenKiosk(ctx, who(ctx).Account, r.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.kioskView(ctx, r)
	if err == nil {
		out.Body.Session = secret
	}
	return out, err
}

// idle is how long a terminal waits.
func (s *Server) idle(ctx context.Context) (time.Duration, error) {
	rules, err := s.Organisation.Rules(ctx, 0)
	return time.Duration(rules.KioskIdle) * time.Second, err
}

func (s *Server) kioskView(ctx context.Context, r issuance.Record) (*kioskBody, error) {
	idle, err := s.idle(ctx)
	if err != nil {
		return nil, err
	}
	out := &kioskBody{Cache: "no-store", Body: kioskView{Idle: int(idle.Seconds()), Results: []kioskResult{}, Prints: r.Body.Prints}}
	for _, id := range r.Body.Results {
		result, err := s.Records.Result(ctx, id)
		if err != nil {
			return nil, err
		}
		out.Body.Results = append(out.Body.Results, kioskResult{result.ID, result.TypeName, result.Number, s.Registers.Catalogue.Name(r.Body.Item),
			r.Body.Printable && result.Status == approval.StatusPublished})
	}
	return out, nil
}

// KioskSession is the header of who stands at a terminal.
type KioskSession struct {
	Session string `header:"Kiosk-Session" doc:"登录时发给的会话"`
}

// atKiosk is the issuance that a session opens at the asker's terminal.
func (s *Server) atKiosk(ctx context.Context, session string) (organisation.DeviceRecord, issuance.Record, error) {
	d, err := s.terminal(ctx)
	if err != nil {
		return d, issuance.Record{}, err
	}
	idle, err := s.idle(ctx)
	if err != nil {
		return d, issuance.Record{}, err
	}
	id, err := s.Guard.Kiosk(ctx, session, who(ctx).Account, idle)
	if err != nil {
		return d, issuance.Record{}, err
	}
	r, err := s.Issuances.Load(ctx, id)
	return d, r, err
}

func (s *Server) kioskResults(ctx context.Context, in *KioskSession) (*kioskBody, error) {
	_, r, err := s.atKiosk(ctx, in.Session)
	if err != nil {
		return nil, err
	}
	return s.kioskView(ctx, r)
}

func (s *Server) closeKiosk(ctx context.Context, in *KioskSession) (*struct{}, error) {
	return &struct{}{}, s.Guard.CloseKiosk(ctx, in.Session)
}

// kioskPrint sends a result to the printer and counts it. Only what may be printed
// and belongs to the code is sent; nothing may be kept on the way.
func (s *Server) kioskPrint(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	d, issued, err := s.atKiosk(ctx, r.Header.Get(kioskHeader))
	if err == nil && !takesPart(issued.Body.Results, id) {
		err = storage.ErrNotFound
	}
	var result approval.Result
	if err == nil {
		result, err = s.Records.Result(ctx, id)
	}
	if err == nil && result.Status != approval.StatusPublished {
		err = issuance.ErrNotPrintable
	}
	if err == nil {
		_, err = s.Issuances.PrintAt(ctx, issued.ID, d.Body.ID)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	class := storage.Derived
	if result.DeliversOriginal() {
		class = storage.Originals
	}
	s.send(w, r, download{class, result.Delivered, result.MediaType, fileName(result), "result.file.print", result.ID, true})
}
