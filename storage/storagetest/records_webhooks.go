package storagetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/storage"
)

func webhookTests() []recordsTest {
	return []recordsTest{
		{"Keep", keepWebhooks},
		{"OneSenderAtATime", oneSender},
		{"LinesStayInOrder", linesInOrder},
		{"DeadAreReplayed", deadReplayed},
	}
}

func hook(id string) storage.Webhook {
	return storage.Webhook{ID: id, URL: "https://unit.example/hook", Label: "业务系统", Secret: "whsec_x",
		Types: []string{"result.*", approval.EventReceived}, Unit: "housing", Active: true,
		Created: time.UnixMilli(1_700_000_000_000).UTC(), By: "admin"}
}

func keepWebhooks(t *testing.T, ctx context.Context, b Bench) {
	w := hook("hook_A")
	ok(t, b.AddWebhook(ctx, w))
	if got := must(b.Webhook(ctx, w.ID))(t); got.URL != w.URL || !slices.Equal(got.Types, w.Types) || got.Secret != w.Secret || !got.Active || !got.Created.Equal(w.Created) {
		t.Errorf("kept %+v", got)
	}
	w.Active, w.URL = false, "https://other.example/"
	ok(t, b.ChangeWebhook(ctx, w, "chief"))
	if got := must(b.ListWebhooks(ctx))(t); len(got) != 1 || got[0].Active || got[0].URL != w.URL {
		t.Errorf("changed to %+v", got)
	}
	ok(t, b.RemoveWebhook(ctx, w.ID, "chief"))
	for what, err := range map[string]error{
		"change": b.ChangeWebhook(ctx, w, "chief"), "remove": b.RemoveWebhook(ctx, w.ID, "chief"),
		"lease": b.LeaseWebhook(ctx, w.ID, "s", lease), "replay": b.ReplayDelivery(ctx, w.ID, 1, "chief"),
	} {
		if !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s of a removed subscription: %v", what, err)
		}
	}
	var actions []string
	for _, r := range must(b.AuditTrail(ctx, w.ID, 0, 10))(t) {
		actions = append(actions, r.Actor+" "+r.Action)
		for _, v := range r.Detail {
			if v == w.Secret {
				t.Error("the secret is in the trail")
			}
		}
	}
	if want := []string{"admin webhook.create", "chief webhook.change", "chief webhook.remove"}; !slices.Equal(actions, want) {
		t.Errorf("the trail is %q", actions)
	}
}

func all(approval.Event) bool { return true }

func oneSender(t *testing.T, ctx context.Context, b Bench) {
	ok(t, b.AddWebhook(ctx, hook("hook_A")))
	register(t, ctx, b, "a")
	ok(t, b.LeaseWebhook(ctx, "hook_A", "first", lease))
	ok(t, b.LeaseWebhook(ctx, "hook_A", "first", lease))
	if err := b.LeaseWebhook(ctx, "hook_A", "second", lease); !errors.Is(err, storage.ErrNoWork) {
		t.Errorf("two senders at once: %v", err)
	}
	if _, err := b.FanOut(ctx, "hook_A", "second", all); !errors.Is(err, storage.ErrFenced) {
		t.Errorf("a stranger fans out: %v", err)
	}
	ok(t, b.LeaseWebhook(ctx, "hook_A", "first", -time.Second)) // it ran out
	ok(t, b.LeaseWebhook(ctx, "hook_A", "second", lease))
	if _, err := b.FanOut(ctx, "hook_A", "first", all); !errors.Is(err, storage.ErrFenced) {
		t.Errorf("a sender whose lease ran out fans out: %v", err)
	}
	if _, err := b.FanOut(ctx, "hook_A", "second", all); err != nil {
		t.Fatal(err)
	}
	o := storage.DeliveryOutcome{Webhook: "hook_A", Seq: 1, State: storage.DeliveryDone, Status: 200}
	if err := b.SettleDelivery(ctx, "first", o); !errors.Is(err, storage.ErrFenced) {
		t.Errorf("a sender whose lease ran out settles: %v", err)
	}
	ok(t, b.SettleDelivery(ctx, "second", o))
	if left := must(b.DueDeliveries(ctx, "hook_A", 0))(t); len(left) != 0 {
		t.Errorf("left %+v", left)
	}
}

// linesInOrder has three events of one project and one of another.
func linesInOrder(t *testing.T, ctx context.Context, b Bench) {
	ok(t, b.AddWebhook(ctx, hook("hook_A")))
	for _, name := range []string{"a", "b", "c"} {
		register(t, ctx, b, name)
	}
	other := newFile("d")
	other.Origin.Project = ""
	must2(b.Register(ctx, other))(t)
	ok(t, b.LeaseWebhook(ctx, "hook_A", "s", lease))
	more, err := b.FanOut(ctx, "hook_A", "s", func(e approval.Event) bool { return e.Seq != 2 })
	if err != nil || more {
		t.Fatalf("more %v, %v", more, err)
	}
	if again, err := b.FanOut(ctx, "hook_A", "s", all); err != nil || again {
		t.Fatalf("events were looked at twice: %v %v", again, err)
	}
	due := func() (out []int64) {
		for _, d := range must(b.DueDeliveries(ctx, "hook_A", 0))(t) {
			out = append(out, d.Event.Seq)
		}
		return out
	}
	if got := due(); !slices.Equal(got, []int64{1, 4}) {
		t.Fatalf("due %v, want the first of each line", got)
	}
	ok(t, b.SettleDelivery(ctx, "s", storage.DeliveryOutcome{Webhook: "hook_A", Seq: 1, State: storage.DeliveryDue, Retry: time.Hour, Status: 500, Problem: "x"}))
	if got := due(); !slices.Equal(got, []int64{4}) {
		t.Fatalf("due %v while the first of the line waits", got)
	}
	ok(t, b.SettleDelivery(ctx, "s", storage.DeliveryOutcome{Webhook: "hook_A", Seq: 1, State: storage.DeliveryDead, Status: 500, Problem: "x"}))
	if got := due(); !slices.Equal(got, []int64{3, 4}) {
		t.Fatalf("due %v after the first of the line died", got)
	}
	d := must(b.DueDeliveries(ctx, "hook_A", 1))(t)[0]
	if d.Event.Type != approval.EventReceived || d.Event.Project != newFile("c").Origin.Project || d.Event.Document == "" || d.Line != d.Event.Project {
		t.Errorf("delivery %+v", d)
	}
}

func deadReplayed(t *testing.T, ctx context.Context, b Bench) {
	ok(t, b.AddWebhook(ctx, hook("hook_A")))
	for _, name := range []string{"a", "b"} {
		register(t, ctx, b, name)
	}
	ok(t, b.LeaseWebhook(ctx, "hook_A", "s", lease))
	must(b.FanOut(ctx, "hook_A", "s", all))(t)
	if err := b.ReplayDelivery(ctx, "hook_A", 1, "admin"); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("what is due was replayed: %v", err)
	}
	ok(t, b.SettleDelivery(ctx, "s", storage.DeliveryOutcome{Webhook: "hook_A", Seq: 1, State: storage.DeliveryDead, Problem: "无法连接"}))
	dead := must(b.ListDeliveries(ctx, "hook_A", storage.DeliveryDead, 0, 0))(t)
	if len(dead) != 1 || dead[0].Attempt != 1 || dead[0].Problem != "无法连接" || dead[0].Ended.IsZero() {
		t.Fatalf("dead letters %+v", dead)
	}
	if n := must(b.CountDeliveries(ctx))(t); n[storage.DeliveryDead] != 1 || n[storage.DeliveryDue] != 1 {
		t.Errorf("counted %v", n)
	}
	ok(t, b.ReplayDelivery(ctx, "hook_A", 1, "admin"))
	if due := must(b.DueDeliveries(ctx, "hook_A", 0))(t); len(due) != 1 || due[0].Event.Seq != 1 || due[0].Attempt != 0 {
		t.Errorf("due after the replay %+v", due)
	}
	if all := must(b.ListDeliveries(ctx, "hook_A", "", 2, 0))(t); len(all) != 1 || all[0].Event.Seq != 1 {
		t.Errorf("the page before 2 is %+v", all)
	}
	if err := b.ReplayDelivery(ctx, "hook_A", 99, "admin"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("replayed nothing: %v", err)
	}
}

func must2[T any](v T, _ bool, err error) func(t *testing.T) T { return must(v, err) }
