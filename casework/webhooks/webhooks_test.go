package webhooks

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
	"onewindow/storage/sqlstore"
)

// TestSign_StandardVector is the example of the Standard Webhooks libraries.
func TestSign_StandardVector(t *testing.T) {
	got := Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
		time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
}

// receiver is a unit's system on a real port: it can die and come back.
type receiver struct {
	t       *testing.T
	address string
	secret  string
	mu      sync.Mutex
	got     []payload
	ids     []string
	answer  func(n int, e approval.Event) int
	server  *http.Server
}

func (r *receiver) start() {
	r.t.Helper()
	l, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.address = l.Addr().String()
	r.server = &http.Server{Handler: r}
	go r.server.Serve(l)
	r.t.Cleanup(r.die)
}

func (r *receiver) die() { r.server.Close() }

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	var at int64
	fmt.Sscan(req.Header.Get("Webhook-Timestamp"), &at)
	id := req.Header.Get("Webhook-Id")
	if req.Header.Get("Webhook-Signature") != Sign(r.secret, id, time.Unix(at, 0), body) {
		r.t.Errorf("call %s has a wrong signature", id)
	}
	if age := time.Since(time.Unix(at, 0)); age > time.Minute || age < -time.Minute {
		r.t.Errorf("call %s says it is %v old", id, age)
	}
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		r.t.Errorf("call %s: %v", id, err)
	}
	status := http.StatusNoContent
	if r.answer != nil {
		status = r.answer(len(r.got), p.Data)
	}
	if status < 300 {
		r.got, r.ids = append(r.got, p), append(r.ids, id)
	}
	w.WriteHeader(status)
}

// seen lists the events of a project in the order they came.
func (r *receiver) seen(project string) (out []int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.got {
		if p.Data.Project == project {
			out = append(out, p.Data.Seq)
		}
	}
	return out
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got)
}

// office is a database with one subscription.
func office(t *testing.T, r *receiver) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "r.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r.secret = NewSecret()
	err = s.AddWebhook(t.Context(), storage.Webhook{ID: "hook_A", URL: "http://" + r.address + "/in", Secret: r.secret,
		Types: []string{"document.*"}, Active: true, By: "admin"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var named int

func register(t *testing.T, s *sqlstore.Store, project string) {
	t.Helper()
	named++
	name := fmt.Sprint("file ", named)
	_, _, err := s.Register(t.Context(), storage.NewDocument{Original: document.DigestOf([]byte(name)), Size: 1, Filename: name,
		Origin: document.Origin{Lane: document.LaneVirtual, Door: "http", By: "a", Project: project, Unit: "housing"}})
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a sender until stop is called.
func run(t *testing.T, s *sqlstore.Store, change func(*Sender)) (stop func()) {
	t.Helper()
	sender := &Sender{Records: s, Client: NewClient(true), Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Every: 5 * time.Millisecond, FirstPause: 10 * time.Millisecond, LongestPause: 20 * time.Millisecond, Tries: 10_000}
	if change != nil {
		change(sender)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = sender.Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

// TestWebhooks_ReceiverDiesAndReturns: nothing is lost, and each project's events
// come in order, while the receiver is away, breaks, and comes back, and while
// two processes send.
func TestWebhooks_ReceiverDiesAndReturns(t *testing.T) {
	r := &receiver{t: t, address: "127.0.0.1:0"}
	r.start()
	s := office(t, r)
	broken := 0
	r.answer = func(n int, e approval.Event) int {
		if n == 7 && broken < 3 {
			broken++
			return http.StatusInternalServerError
		}
		return http.StatusNoContent
	}
	run(t, s, nil)
	run(t, s, nil)
	for range 6 {
		register(t, s, "P1")
	}
	until(t, "first events", func() bool { return r.count() == 6 })
	r.die()
	for range 5 {
		register(t, s, "P1")
		register(t, s, "P2")
	}
	until(t, "a failed try", func() bool {
		due, err := s.ListDeliveries(t.Context(), "hook_A", storage.DeliveryDue, 0, 0)
		return err == nil && slices.ContainsFunc(due, func(d storage.Delivery) bool {
			return d.Attempt > 0 && d.Problem == "无法连接对方" && d.Status == 0
		})
	})
	r.start()
	until(t, "all events", func() bool { return r.count() >= 16 })
	for project, want := range map[string]int{"P1": 11, "P2": 5} {
		got := r.seen(project)
		if len(got) != want || !slices.IsSorted(got) {
			t.Errorf("%s was told %v", project, got)
		}
	}
	if slices.Sort(r.ids); len(slices.Compact(r.ids)) != 16 {
		t.Error("an event came twice although nobody died")
	}
	if broken != 3 {
		t.Errorf("answered 500 %d times", broken)
	}
}

// TestWebhooks_DeadLettersAreReplayed: what is refused for ever dies, lets the
// others of its line through, and is sent when a person says so.
func TestWebhooks_DeadLettersAreReplayed(t *testing.T) {
	r := &receiver{t: t, address: "127.0.0.1:0"}
	r.start()
	s := office(t, r)
	r.answer = func(_ int, e approval.Event) int {
		if e.Seq == 2 {
			return http.StatusBadRequest
		}
		return http.StatusOK
	}
	var mu sync.Mutex
	outcomes := map[string]int{}
	run(t, s, func(x *Sender) {
		x.Tries = 3
		x.Observe = func(o string, _ time.Duration) { mu.Lock(); outcomes[o]++; mu.Unlock() }
	})
	for range 3 {
		register(t, s, "P")
	}
	until(t, "others pass", func() bool { return r.count() == 2 })
	dead, err := s.ListDeliveries(t.Context(), "hook_A", storage.DeliveryDead, 0, 0)
	if err != nil || len(dead) != 1 || dead[0].Event.Seq != 2 || dead[0].Attempt != 3 || dead[0].Status != 400 || dead[0].Problem != "对方回答 400" {
		t.Fatalf("dead letters %+v, %v", dead, err)
	}
	r.mu.Lock()
	r.answer = nil
	r.mu.Unlock()
	if err := s.ReplayDelivery(t.Context(), "hook_A", 2, "admin"); err != nil {
		t.Fatal(err)
	}
	until(t, "the replay", func() bool { return r.count() == 3 })
	mu.Lock()
	defer mu.Unlock()
	if outcomes["failed"] != 2 || outcomes["dead"] != 1 {
		t.Errorf("observed %v", outcomes)
	}
}

func TestWebhooks_StayOutOfTheHouse(t *testing.T) {
	for address, fine := range map[string]bool{
		"127.0.0.1": false, "10.1.2.3": false, "169.254.169.254": false, "::1": false, "fd00::1": false, "::ffff:192.168.1.1": false,
		"0.0.0.0": false, "100.64.1.1": false, "64:ff9b::7f00:1": false, "224.0.0.1": false, "8.8.8.8": true, "2400:3200::1": true,
	} {
		if public(netip.MustParseAddr(address)) != fine {
			t.Errorf("%s: public is %v", address, !fine)
		}
	}
	for address, fine := range map[string]bool{
		"https://unit.example/x?y=1": true, "http://10.0.0.1/": false, "ftp://unit.example": false, "https://a:b@unit.example": false,
		"": false, "https:///x": false, "http://[::1]/": false, "https://unit.example/#x": false,
	} {
		if (CheckURL(address, false) == "") != fine {
			t.Errorf("%q is %q", address, CheckURL(address, false))
		}
	}
	r := &receiver{t: t, address: "127.0.0.1:0"}
	r.start()
	w := storage.Webhook{URL: strings.Replace("http://"+r.address, "127.0.0.1", "localhost", 1)}
	sender := &Sender{Client: NewClient(false), Now: time.Now}
	if status, problem := sender.Test(t.Context(), w); status != 0 || problem != "地址指向内部网络，未予调用" {
		t.Errorf("a name that leads inside was called: %d %s", status, problem)
	}
	if r.count() != 0 {
		t.Error("the call arrived")
	}
	r.secret = "s"
	w.Secret, sender.Client = "s", NewClient(true)
	r.answer = func(int, approval.Event) int { return http.StatusFound }
	if status, problem := sender.Test(t.Context(), w); status != 302 || !strings.Contains(problem, "转向") {
		t.Errorf("a redirect gave %d %s", status, problem)
	}
}

func TestWants(t *testing.T) {
	mine := approval.Event{Type: "document.state", Unit: "housing"}
	for i, c := range []struct {
		w    storage.Webhook
		e    approval.Event
		want bool
	}{
		{storage.Webhook{Types: []string{"*"}}, mine, true},
		{storage.Webhook{Types: []string{"document.*"}, Unit: "housing"}, mine, true},
		{storage.Webhook{Types: []string{"document.*"}, Unit: "fire"}, mine, false},
		{storage.Webhook{Types: []string{"document.state"}}, mine, true},
		{storage.Webhook{Types: []string{"document.stat"}}, mine, false},
		{storage.Webhook{Types: []string{"result.*"}, Unit: "fire"}, approval.Event{Type: "result.published", Unit: "housing"}, true},
	} {
		if Wants(c.w, c.e) != c.want {
			t.Errorf("case %d gave %v", i, !c.want)
		}
	}
}
