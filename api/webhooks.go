package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/oklog/ulid/v2"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/casework/webhooks"
	"onewindow/storage"
)

// webhookRoutes are the subscriptions of programs.
func (s *Server) webhookRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/webhooks", "list-webhooks", "事件订阅", access.WebhooksManage, try(s, s.listWebhooks))
	guarded(api, http.MethodPost, "/v1/webhooks", "create-webhook", "订阅事件（密钥只显示这一次）", access.WebhooksManage, try(s, s.createWebhook))
	guarded(api, http.MethodGet, "/v1/webhooks/{id}", "get-webhook", "一项订阅", access.WebhooksManage, try(s, s.getWebhook))
	guarded(api, http.MethodPatch, "/v1/webhooks/{id}", "change-webhook", "修改订阅，或更换密钥", access.WebhooksManage, try(s, s.changeWebhook))
	guarded(api, http.MethodDelete, "/v1/webhooks/{id}", "remove-webhook", "取消订阅", access.WebhooksManage, try(s, s.removeWebhook))
	guarded(api, http.MethodPost, "/v1/webhooks/{id}/test", "test-webhook", "试发一次", access.WebhooksManage, try(s, s.testWebhook))
	guarded(api, http.MethodGet, "/v1/webhooks/{id}/deliveries", "list-deliveries", "送达情况；state=dead 为死信", access.WebhooksManage, try(s, s.listDeliveries))
	guarded(api, http.MethodPost, "/v1/webhooks/{id}/deliveries/{event}/replay", "replay-delivery", "重发一个事件", access.WebhooksManage, try(s, s.replayDelivery))
}

type webhookList struct {
	Body struct {
		Webhooks []storage.Webhook `json:"webhooks"`
	}
}

func (s *Server) listWebhooks(ctx context.Context, _ *noInput) (*webhookList, error) {
	all, err := s.Records.ListWebhooks(ctx)
	if err != nil {
		return nil, err
	}
	out := &webhookList{}
	out.Body.Webhooks = []storage.Webhook{}
	for _, w := range all {
		if ownsWebhook(who(ctx), w) {
			out.Body.Webhooks = append(out.Body.Webhooks, w)
		}
	}
	return out, nil
}

// ownsWebhook limits a unit's system to its unit's subscriptions.
func ownsWebhook(who access.Who, w storage.Webhook) bool {
	return who.Has(access.Admin) || w.Unit != "" && w.Unit == who.Unit
}

// webhookOf finds a subscription that exists for the account.
func (s *Server) webhookOf(ctx context.Context, id string) (storage.Webhook, error) {
	w, err := s.Records.Webhook(ctx, id)
	if err == nil && !ownsWebhook(who(ctx), w) {
		err = storage.ErrNotFound
	}
	return w, err
}

type createWebhookInput struct {
	Body struct {
		URL   string   `json:"url" maxLength:"2000" doc:"接收事件的地址"`
		Label string   `json:"label,omitempty" maxLength:"100" doc:"用途说明"`
		Types []string `json:"types" minItems:"1" maxItems:"50" doc:"事件类型，如 result.published；result.* 为一类，* 为全部"`
		Unit  string   `json:"unit,omitempty" doc:"只订阅与该单位有关的事件；业务系统只能订阅本单位的"`
		From  *int64   `json:"from,omitempty" minimum:"0" doc:"从这个序号之后的事件开始；不填则从现在开始"`
	}
}

type newWebhookBody struct {
	Body struct {
		storage.Webhook
		Secret string `json:"secret,omitempty" doc:"签名密钥，只显示这一次"`
	}
}

func (s *Server) createWebhook(ctx context.Context, in *createWebhookInput) (*newWebhookBody, error) {
	me, b := who(ctx), in.Body
	if !me.Has(access.Admin) {
		if b.Unit = me.Unit; b.Unit == "" {
			return nil, errForbidden
		}
	}
	if err := s.checkWebhook(b.URL, b.Types, b.Unit); err != nil {
		return nil, err
	}
	w := storage.Webhook{ID: "hook_" + ulid.Make().String(), URL: b.URL, Label: b.Label, Secret: webhooks.NewSecret(), Types: b.Types,
		Unit: b.Unit, Active: true, Created: s.Now().UTC(), By: me.Account}
	var err error
	if b.From != nil {
		w.Position = *b.From
	} else if w.Position, err = s.Records.LastEvent(ctx); err != nil {
		return nil, err
	}
	if err := s.Records.AddWebhook(ctx, w); err != nil {
		return nil, err
	}
	out := &newWebhookBody{}
	out.Body.Webhook, out.Body.Secret = w, w.Secret
	return out, nil
}

// checkWebhook names all that is wrong with a subscription.
func (s *Server) checkWebhook(url string, types []string, unit string) error {
	wrong := map[string]string{}
	if problem := webhooks.CheckURL(url, s.WebhookPrivate); problem != "" {
		wrong["url"] = problem
	}
	for _, t := range types {
		if t == "" || strings.ContainsAny(t, ", ") || strings.Contains(strings.TrimSuffix(t, "*"), "*") {
			wrong["types"] = "事件类型应如 result.published、result.* 或 *"
		}
	}
	if _, ok := s.Desk.Catalogue.Unit(unit); !ok && unit != "" {
		wrong["unit"] = "没有这个业务单位"
	}
	if len(wrong) > 0 {
		return &casework.Invalid{Fields: wrong}
	}
	return nil
}

type webhookInput struct {
	ID string `path:"id" doc:"订阅编号"`
}

type webhookBody struct{ Body storage.Webhook }

func (s *Server) getWebhook(ctx context.Context, in *webhookInput) (*webhookBody, error) {
	w, err := s.webhookOf(ctx, in.ID)
	return &webhookBody{Body: w}, err
}

type changeWebhookInput struct {
	ID   string `path:"id" doc:"订阅编号"`
	Body struct {
		URL    *string   `json:"url,omitempty" maxLength:"2000"`
		Label  *string   `json:"label,omitempty" maxLength:"100"`
		Types  *[]string `json:"types,omitempty" minItems:"1" maxItems:"50"`
		Active *bool     `json:"active,omitempty" doc:"false：暂停；恢复后从停下的地方继续"`
		Rotate bool      `json:"rotate,omitempty" doc:"true：更换密钥，新密钥只显示这一次"`
	}
}

func (s *Server) changeWebhook(ctx context.Context, in *changeWebhookInput) (*newWebhookBody, error) {
	w, err := s.webhookOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b, out := in.Body, &newWebhookBody{}
	replace(&w.URL, b.URL)
	replace(&w.Label, b.Label)
	replace(&w.Types, b.Types)
	replace(&w.Active, b.Active)
	if b.Rotate {
		w.Secret = webhooks.NewSecret()
		out.Body.Secret = w.Secret
	}
	if err := s.checkWebhook(w.URL, w.Types, w.Unit); err != nil {
		return nil, err
	}
	out.Body.Webhook = w
	return out, s.Records.ChangeWebhook(ctx, w, who(ctx).Account)
}

func replace[T any](old *T, value *T) {
	if value != nil {
		*old = *value
	}
}

func (s *Server) removeWebhook(ctx context.Context, in *webhookInput) (*struct{}, error) {
	if _, err := s.webhookOf(ctx, in.ID); err != nil {
		return nil, err
	}
	return &struct{}{}, s.Records.RemoveWebhook(ctx, in.ID, who(ctx).Account)
}

type testWebhookBody struct {
	Body struct {
		Delivered bool   `json:"delivered"`
		Status    int    `json:"status,omitempty" doc:"对方回答的状态码；没有回答则无"`
		Problem   string `json:"problem,omitempty"`
	}
}

func (s *Server) testWebhook(ctx context.Context, in *webhookInput) (*testWebhookBody, error) {
	w, err := s.webhookOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.auditRead(ctx, "webhook.test", w.ID); err != nil {
		return nil, err
	}
	out := &testWebhookBody{}
	out.Body.Status, out.Body.Problem = s.Webhooks.Test(ctx, w)
	out.Body.Delivered = out.Body.Problem == ""
	return out, nil
}

type listDeliveriesInput struct {
	ID     string `path:"id" doc:"订阅编号"`
	State  string `query:"state" enum:"due,done,dead" doc:"due 待送，done 已送达，dead 死信"`
	Before int64  `query:"before" minimum:"0" doc:"翻页：上一页的 next"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type deliveryList struct {
	Body struct {
		Deliveries []storage.Delivery `json:"deliveries"`
		Next       int64              `json:"next,omitempty" doc:"下一页的 before；没有则到底"`
	}
}

func (s *Server) listDeliveries(ctx context.Context, in *listDeliveriesInput) (*deliveryList, error) {
	if _, err := s.webhookOf(ctx, in.ID); err != nil {
		return nil, err
	}
	all, err := s.Records.ListDeliveries(ctx, in.ID, storage.DeliveryState(in.State), in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &deliveryList{}
	out.Body.Deliveries = append([]storage.Delivery{}, all...)
	if len(all) == in.Limit {
		out.Body.Next = slices.MinFunc(all, func(a, b storage.Delivery) int { return int(a.Event.Seq - b.Event.Seq) }).Event.Seq
	}
	return out, nil
}

type replayInput struct {
	ID    string `path:"id" doc:"订阅编号"`
	Event int64  `path:"event" doc:"事件序号"`
}

func (s *Server) replayDelivery(ctx context.Context, in *replayInput) (*struct{}, error) {
	if _, err := s.webhookOf(ctx, in.ID); err != nil {
		return nil, err
	}
	return &struct{}{}, s.Records.ReplayDelivery(ctx, in.ID, in.Event, who(ctx).Account)
}
