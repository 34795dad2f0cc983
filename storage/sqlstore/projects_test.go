package sqlstore_test

import (
	"context"
	"errors"
	"testing"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
	"onewindow/storage/sqlstore"
)

// onEach runs a test on an empty store of every kind.
func onEach(t *testing.T, run func(t *testing.T, ctx context.Context, s *sqlstore.Store)) {
	for name, fresh := range kinds {
		t.Run(name, func(t *testing.T) {
			dsn, _, _ := fresh(t)
			run(t, t.Context(), open(t, sqlstore.Options{DSN: dsn}))
		})
	}
}

// publish makes a result of a project by the push door.
func publish(t *testing.T, s *sqlstore.Store, r approval.Result) approval.Result {
	t.Helper()
	r.Status, r.Mode = approval.StatusPublished, approval.ModePushed
	r.Original = document.DigestOf([]byte(r.Code))
	r.Delivered = r.Original
	out, _, err := s.PublishResult(t.Context(), r, "", storage.AuditEntry{Actor: "unit", Action: "result.push"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func builtBy(name string) document.Fields {
	return document.Fields{"builder": {Value: name}}
}

func TestV2_13_ProjectIsFoundByItsName(t *testing.T) {
	onEach(t, func(t *testing.T, ctx context.Context, s *sqlstore.Store) {
		publish(t, s, approval.Result{Type: "rd-a", Code: "A", Project: "P1", ProjectName: "星沙污水处理厂（一期） 工程", Fields: builtBy("长沙甲公司")})
		publish(t, s, approval.Result{Type: "rd-a", Code: "B", Project: "P2", ProjectName: "星沙污水处理厂（二期）工程", Fields: builtBy("长沙甲公司")})
		publish(t, s, approval.Result{Type: "rd-a", Code: "A2", Project: "P1", ProjectName: "星沙污水处理厂（一期）1#、2#池", Fields: builtBy("长沙甲公司")})
		publish(t, s, approval.Result{Type: "rd-a", Code: "C", Project: "P3", ProjectName: "同名工程", Fields: builtBy("甲")})
		publish(t, s, approval.Result{Type: "rd-a", Code: "D", Project: "P4", ProjectName: "同名工程", Fields: builtBy("乙")})
		for _, c := range []struct{ name, builder, want string }{
			{"星沙污水处理厂(一期)工程", "", "P1"},
			{"星沙污水处理厂（一期）1#、2#池", "", "P1"}, // the other name of its results
			{"星沙污水处理厂〔二期〕　工程", "长沙甲公司", "P2"},
			{"星沙污水处理厂（二期）工程", "别的公司", ""}, // another builder's
			{"星沙污水处理厂工程", "", ""},         // 一期 and 二期 differ
			{"同名工程", "", ""},              // two fit
			{"同名工程", "乙", "P4"},
			{"", "甲", ""},
		} {
			p, err := s.ProjectByName(ctx, c.name, c.builder)
			if c.want == "" && !errors.Is(err, storage.ErrNotFound) || c.want != "" && err != nil || p.Code != c.want {
				t.Errorf("%q by %q: found %q, %v; want %q", c.name, c.builder, p.Code, err, c.want)
			}
		}
	})
}

func TestV2_13_ResultIsLinkedToItsProjectOnce(t *testing.T) {
	onEach(t, func(t *testing.T, ctx context.Context, s *sqlstore.Store) {
		r := publish(t, s, approval.Result{Type: "rd-a", Code: "A", Number: "1号"})
		for range 2 { // twice is once
			got, err := s.LinkResult(ctx, r.ID, "P1", "clerk")
			if err != nil || got.Project != "P1" {
				t.Fatalf("link gave %q, %v", got.Project, err)
			}
		}
		list, err := s.ListResults(ctx, storage.ResultQuery{Project: "P1"})
		if err != nil || len(list) != 1 || list[0].ID != r.ID || list[0].Project != "P1" {
			t.Errorf("results of the project: %+v %v", list, err)
		}
		if _, err := s.LinkResult(ctx, r.ID, "P2", "clerk"); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("linking to another project gave %v", err)
		}
		if _, err := s.LinkResult(ctx, "res_none", "P2", "clerk"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("linking nothing gave %v", err)
		}
		twin := publish(t, s, approval.Result{Type: "rd-a", Code: "B", Number: "1号"})
		if _, err := s.LinkResult(ctx, twin.ID, "P1", "clerk"); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("a second result of one number gave %v", err)
		}
		trail, err := s.AuditTrail(ctx, r.ID, 0, 0)
		links := 0
		for _, row := range trail {
			if row.Action == "result.link" && row.Actor == "clerk" {
				links++
			}
		}
		if err != nil || links != 1 {
			t.Errorf("%d audit rows tell of the link, %v", links, err)
		}
	})
}

func TestProjects_MembersComeAndGo(t *testing.T) {
	onEach(t, func(t *testing.T, ctx context.Context, s *sqlstore.Store) {
		for _, m := range []storage.Member{{Project: "P1", Account: "b", By: "x"}, {Project: "P1", Account: "a", By: "x"},
			{Project: "P1", Account: "a", By: "y"}, {Project: "P2", Account: "a", By: "x"}} {
			if err := s.AddMember(ctx, m); err != nil {
				t.Fatal(err)
			}
		}
		members, err := s.MembersOf(ctx, "P1")
		if err != nil || len(members) != 2 || members[0].Account != "a" || members[0].By != "x" || members[1].Account != "b" {
			t.Errorf("members %+v %v", members, err)
		}
		for range 2 {
			if err := s.RemoveMember(ctx, "P1", "a", "x"); err != nil {
				t.Fatal(err)
			}
		}
		if codes, err := s.ProjectsOf(ctx, "a"); err != nil || len(codes) != 1 || codes[0] != "P2" {
			t.Errorf("projects %v %v", codes, err)
		}
		if trail, err := s.AuditTrail(ctx, "P1", 0, 0); err != nil || len(trail) != 3 {
			t.Errorf("%d audit rows, want 3; %v", len(trail), err)
		}
	})
}

func TestDocuments_AreListedBySender(t *testing.T) {
	onEach(t, func(t *testing.T, ctx context.Context, s *sqlstore.Store) {
		for _, by := range []string{"alice", "Alice", "bob", `a"b`} {
			if _, _, err := s.Register(ctx, storage.NewDocument{Original: document.DigestOf([]byte(by)), Origin: document.Origin{By: by}}); err != nil {
				t.Fatal(err)
			}
		}
		for _, by := range []string{"alice", "Alice", `a"b`} {
			docs, err := s.ListDocuments(ctx, storage.DocumentQuery{By: by})
			if err != nil || len(docs) != 1 || docs[0].Origin.By != by {
				t.Errorf("documents of %s: %d, %v", by, len(docs), err)
			}
		}
	})
}
