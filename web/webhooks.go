package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/storage"
)

func (s *pages) webhookRoutes(mux *http.ServeMux) {
	page := func(r *http.Request) string { return "/admin/webhooks/" + part(r.PathValue("id")) }
	mux.HandleFunc("GET /admin/webhooks", s.allowed(access.WebhooksManage, s.webhooks))
	mux.HandleFunc("POST /admin/webhooks", s.allowed(access.WebhooksManage, s.createWebhook))
	mux.HandleFunc("GET /admin/webhooks/{id}", s.allowed(access.WebhooksManage, s.webhook))
	mux.HandleFunc("POST /admin/webhooks/{id}", s.allowed(access.WebhooksManage, s.does(deed{method: http.MethodPatch, path: to("/v1/webhooks/", ""), back: page, page: s.webhook,
		body: func(f form) any { return map[string]any{"active": f.get("active") == "yes"} }})))
	mux.HandleFunc("POST /admin/webhooks/{id}/rotate", s.allowed(access.WebhooksManage, s.rotateWebhook))
	mux.HandleFunc("POST /admin/webhooks/{id}/test", s.allowed(access.WebhooksManage, s.testWebhook))
	mux.HandleFunc("POST /admin/webhooks/{id}/remove", s.allowed(access.WebhooksManage, s.does(deed{method: http.MethodDelete, path: to("/v1/webhooks/", ""), back: always("/admin/webhooks")})))
	mux.HandleFunc("POST /admin/webhooks/{id}/deliveries/{event}/replay", s.allowed(access.WebhooksManage, s.does(deed{
		path: func(r *http.Request) string {
			return "/v1/webhooks/" + part(r.PathValue("id")) + "/deliveries/" + part(r.PathValue("event")) + "/replay"
		}, back: func(r *http.Request) string { return page(r) + "?state=dead" }})))
}

// webhooksData are the subscriptions, and the form for a new one.
type webhooksData struct {
	Hooks []storage.Webhook
	Dead  map[string]int // dead letters, by subscription; one more than shown is "many"
	Units []choice
	Admin bool
}

func (s *pages) webhooks(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	var got struct{ Webhooks []storage.Webhook }
	if err := s.ask(r, http.MethodGet, "/v1/webhooks", nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	data := webhooksData{Hooks: got.Webhooks, Dead: map[string]int{}, Units: []choice{{"", "全部单位"}}, Admin: who.Has(access.Admin)}
	for _, h := range got.Webhooks {
		var dead struct{ Deliveries []storage.Delivery }
		if err := s.ask(r, http.MethodGet, "/v1/webhooks/"+part(h.ID)+"/deliveries?state=dead&limit=100", nil, &dead); err != nil {
			s.fail(w, r, err)
			return
		}
		data.Dead[h.ID] = len(dead.Deliveries)
	}
	for _, u := range s.Catalogue.Units {
		data.Units = append(data.Units, choice{u.Code, u.Name})
	}
	s.render(w, r, statusOf(r), "webhooks", "事件订阅", data)
}

// createWebhook shows the new secret once, on the page that answers the form.
func (s *pages) createWebhook(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	types := strings.FieldsFunc(r.PostFormValue("types"), func(c rune) bool { return c == '\n' || c == '\r' || c == ' ' || c == ',' || c == '，' })
	body := map[string]any{"url": strings.TrimSpace(r.PostFormValue("url")), "label": strings.TrimSpace(r.PostFormValue("label")), "types": append([]string{}, types...)}
	if unit := r.PostFormValue("unit"); unit != "" {
		body["unit"] = unit
	}
	var made secretWebhook
	err := s.ask(r, http.MethodPost, "/v1/webhooks", body, &made)
	var no *refusal
	if errors.As(err, &no) && no.Status == http.StatusUnprocessableEntity {
		s.webhooks(w, r.WithContext(context.WithValue(r.Context(), slipKey{}, slip{r.URL.Path, r.PostForm, no.Fields})))
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showWebhook(w, r, made.ID, webhookData{Secret: made.Secret})
}

// secretWebhook is a subscription whose secret is shown this once.
type secretWebhook struct {
	storage.Webhook
	Secret string `json:"secret"`
}

func (s *pages) rotateWebhook(w http.ResponseWriter, r *http.Request) {
	var made secretWebhook
	if err := s.ask(r, http.MethodPatch, "/v1/webhooks/"+part(r.PathValue("id")), map[string]any{"rotate": true}, &made); err != nil {
		s.fail(w, r, err)
		return
	}
	s.showWebhook(w, r, made.ID, webhookData{Secret: made.Secret})
}

// trial is what the other side said to a test.
type trial struct {
	Delivered bool
	Status    int
	Problem   string
}

func (s *pages) testWebhook(w http.ResponseWriter, r *http.Request) {
	var t trial
	if err := s.ask(r, http.MethodPost, "/v1/webhooks/"+part(r.PathValue("id"))+"/test", nil, &t); err != nil {
		s.fail(w, r, err)
		return
	}
	s.showWebhook(w, r, r.PathValue("id"), webhookData{Trial: &t})
}

// webhookData is one subscription with what was sent for it.
type webhookData struct {
	Hook       storage.Webhook
	UnitName   string
	Secret     string
	Trial      *trial
	Tabs       []tab
	Deliveries []storage.Delivery
	Next       string
}

func (s *pages) webhook(w http.ResponseWriter, r *http.Request) {
	s.showWebhook(w, r, r.PathValue("id"), webhookData{})
}

// deliveryTexts are the states of a delivery.
var deliveryTexts = map[storage.DeliveryState]string{storage.DeliveryDue: "待送", storage.DeliveryDone: "已送达", storage.DeliveryDead: "死信"}

func (s *pages) showWebhook(w http.ResponseWriter, r *http.Request, id string, data webhookData) {
	base := "/admin/webhooks/" + part(id)
	if err := s.ask(r, http.MethodGet, "/v1/webhooks/"+part(id), nil, &data.Hook); err != nil {
		s.fail(w, r, err)
		return
	}
	data.UnitName = s.Catalogue.Name(data.Hook.Unit)
	state := r.URL.Query().Get("state")
	for _, t := range []choice{{"", "全部"}, {string(storage.DeliveryDead), "死信"}, {string(storage.DeliveryDue), "待送"}, {string(storage.DeliveryDone), "已送达"}} {
		data.Tabs = append(data.Tabs, tab{Text: t.Text, Path: address(base, "state", t.Value), Current: t.Value == state})
	}
	var got struct {
		Deliveries []storage.Delivery
		Next       int64
	}
	if err := s.ask(r, http.MethodGet, "/v1/webhooks/"+part(id)+"/deliveries"+query("state", state, "before", r.URL.Query().Get("before")), nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	if data.Deliveries = got.Deliveries; got.Next != 0 {
		data.Next = address(base, "state", state, "before", strconv.FormatInt(got.Next, 10))
	}
	s.render(w, r, statusOf(r), "webhook", "事件订阅", data)
}
