package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onewindow/approval"
	"onewindow/storage"
)

func TestWebhooks_ManagedThroughTheInterface(t *testing.T) {
	h := openHouse(t)
	var heard []string
	unit := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		heard = append(heard, r.Header.Get("Webhook-Signature"))
	}))
	defer unit.Close()
	var made struct{ ID, Secret, Unit string }
	h.ask("system", "POST", "/v1/webhooks", map[string]any{"url": unit.URL, "types": []string{"result.*"}, "unit": "fire"}).want(http.StatusOK).into(&made)
	if made.Unit != "housing" || !strings.HasPrefix(made.Secret, "whsec_") {
		t.Fatalf("a unit's system subscribed as %+v", made)
	}
	path := "/v1/webhooks/" + made.ID
	if r := h.get("system", path).want(http.StatusOK); strings.Contains(string(r.body), "whsec_") {
		t.Error("the secret is shown twice")
	}
	h.get("unitless", path).want(http.StatusNotFound)
	h.ask("unitless", "POST", "/v1/webhooks", map[string]any{"url": unit.URL, "types": []string{"*"}}).want(http.StatusForbidden)
	if r := h.ask("admin", "POST", "/v1/webhooks", map[string]any{"url": "gopher://x", "types": []string{"a,b"}, "unit": "moon"}).want(http.StatusUnprocessableEntity); strings.Count(string(r.body), `"location"`) != 3 {
		t.Errorf("not everything wrong is named: %s", r.body)
	}
	var tested struct{ Delivered bool }
	h.ask("system", "POST", path+"/test", nil).want(http.StatusOK).into(&tested)
	if !tested.Delivered || len(heard) != 1 || heard[0] == "" {
		t.Errorf("tested %+v, heard %q", tested, heard)
	}
	var rotated struct {
		Secret string
		Active bool
	}
	h.ask("system", "PATCH", path, map[string]any{"rotate": true, "active": false}).want(http.StatusOK).into(&rotated)
	if rotated.Secret == "" || rotated.Secret == made.Secret || rotated.Active {
		t.Errorf("rotated to %+v", rotated)
	}
	h.ask("system", "POST", path+"/deliveries/1/replay", nil).want(http.StatusNotFound)
	h.ask("system", "DELETE", path, nil).want(http.StatusNoContent)
	h.get("admin", path).want(http.StatusNotFound)
}

func TestWebhooks_DeadLettersThroughTheInterface(t *testing.T) {
	h := openHouse(t)
	ctx := t.Context()
	var made struct{ ID string }
	h.ask("admin", "POST", "/v1/webhooks", map[string]any{"url": "http://127.0.0.1:9/", "types": []string{"*"}, "from": 0}).want(http.StatusOK).into(&made)
	h.send("clerk", "a.pdf")
	if err := h.records.LeaseWebhook(ctx, made.ID, "x", 1e10); err != nil {
		t.Fatal(err)
	}
	w, err := h.records.Webhook(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.records.FanOut(ctx, w.ID, "x", func(approval.Event) bool { return true }); err != nil {
		t.Fatal(err)
	}
	err = h.records.SettleDelivery(ctx, "x", storage.DeliveryOutcome{Webhook: w.ID, Seq: 1, State: storage.DeliveryDead, Problem: "无法连接对方"})
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Deliveries []struct {
			Problem string
			Event   json.RawMessage
		}
	}
	path := "/v1/webhooks/" + w.ID + "/deliveries"
	h.get("admin", path+"?state=dead").want(http.StatusOK).into(&list)
	if len(list.Deliveries) != 1 || list.Deliveries[0].Problem != "无法连接对方" {
		t.Fatalf("dead letters %+v", list)
	}
	h.ask("admin", "POST", path+"/1/replay", nil).want(http.StatusNoContent)
	h.ask("admin", "POST", path+"/1/replay", nil).want(http.StatusConflict)
	h.get("admin", path+"?state=dead").want(http.StatusOK).into(&list)
	if len(list.Deliveries) != 0 {
		t.Errorf("still dead: %+v", list)
	}
}
