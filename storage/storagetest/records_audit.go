package storagetest

import (
	"context"
	"fmt"
	"testing"

	"onewindow/storage"
)

func auditTests() []recordsTest {
	tests := []recordsTest{
		{"TrailIsChained", trailChained},
		{"TrailConcurrently", trailConcurrently},
	}
	for _, x := range tamperings() {
		tests = append(tests, recordsTest{"Tamper/" + x.name, x.run})
	}
	return tests
}

func write10(t *testing.T, ctx context.Context, b Bench) {
	t.Helper()
	for i := 1; i <= 10; i++ {
		ok(t, b.Record(ctx, storage.AuditEntry{Actor: "acct_<a>", Action: "result.file.read", Object: fmt.Sprintf("res_%d", i%3),
			Detail: map[string]string{"ip": "10.0.0.1", "说明": "查阅 & 下载"}}))
	}
}

func trailChained(t *testing.T, ctx context.Context, b Bench) {
	if v := must(b.VerifyAudit(ctx))(t); !v.Intact || v.Rows != 0 {
		t.Fatalf("empty trail: %+v", v)
	}
	write10(t, ctx, b)
	rows := must(b.AuditTrail(ctx, "", 0, 0))(t)
	for i, r := range rows {
		if r.Seq != int64(i+1) || i > 0 && r.Prev != rows[i-1].Hash || len(r.Hash) != 64 || r.At.IsZero() || r.Detail["说明"] == "" {
			t.Fatalf("row %d: %+v", i, r)
		}
	}
	if some := must(b.AuditTrail(ctx, "res_1", 4, 2))(t); len(some) != 2 || some[0].Seq != 7 || some[1].Seq != 10 {
		t.Fatalf("about one object: %+v", some)
	}
	ok(t, b.Record(ctx, storage.AuditEntry{Actor: "a", Action: "another", Object: "res_1"}))
	if some := must(b.AuditOf(ctx, "result.file.read", []string{"res_2", "res_1"}))(t); len(some) != 7 || some[0].Seq != 1 || some[6].Seq != 10 || some[1].Object != "res_2" {
		t.Fatalf("one action about two objects: %+v", some)
	}
	if none := must(b.AuditOf(ctx, "result.file.read", nil))(t); len(none) != 0 {
		t.Fatalf("about nothing: %+v", none)
	}
	if v := must(b.VerifyAudit(ctx))(t); !v.Intact || v.Rows != 11 || v.Problem != "" {
		t.Fatalf("untouched trail: %+v", v)
	}
}

func trailConcurrently(t *testing.T, ctx context.Context, b Bench) {
	together(6, func(i int) {
		for range 10 {
			if err := b.Record(ctx, storage.AuditEntry{Actor: fmt.Sprint(i), Action: "a"}, storage.AuditEntry{Action: "b"}); err != nil {
				t.Error(err)
			}
		}
	})
	if v := must(b.VerifyAudit(ctx))(t); !v.Intact || v.Rows != 120 {
		t.Fatalf("verdict %+v", v)
	}
}

type tampering struct {
	name    string
	sql     []string
	bad     int64
	problem string
}

func tamperings() []tampering {
	copyRow := "INSERT INTO audit (seq, at, actor, action, object, detail, prev, hash) SELECT %d, at, actor, action, object, detail, prev, hash FROM audit WHERE seq = %d"
	swap := []string{"UPDATE audit SET seq = -4 WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = 5", "UPDATE audit SET seq = 5 WHERE seq = -4"}
	return []tampering{
		{"Actor", []string{"UPDATE audit SET actor = 'x' WHERE seq = 4"}, 4, "changed"},
		{"Time", []string{"UPDATE audit SET at = at + 1 WHERE seq = 4"}, 4, "changed"},
		{"Detail", []string{"UPDATE audit SET detail = '' WHERE seq = 10"}, 10, "changed"},
		{"Hash", []string{"UPDATE audit SET hash = 'x' WHERE seq = 4"}, 4, "changed"},
		{"First", []string{"UPDATE audit SET object = 'x' WHERE seq = 1"}, 1, "changed"},
		{"RemovedMiddle", []string{"DELETE FROM audit WHERE seq = 4"}, 5, "missing"},
		{"RemovedFirst", []string{"DELETE FROM audit WHERE seq = 1"}, 2, "missing"},
		{"RemovedTail", []string{"DELETE FROM audit WHERE seq > 7"}, 8, "missing"},
		{"RemovedAndRenumbered", []string{"DELETE FROM audit WHERE seq = 4", "UPDATE audit SET seq = seq - 1000 WHERE seq > 4", "UPDATE audit SET seq = seq + 999 WHERE seq < 0"}, 4, "missing"},
		{"Emptied", []string{"DELETE FROM audit"}, 1, "missing"},
		{"Swapped", swap, 4, "reordered"},
		{"Appended", []string{fmt.Sprintf(copyRow, 11, 10)}, 11, "inserted"},
		{"InsertedMiddle", []string{"UPDATE audit SET seq = seq + 1000 WHERE seq > 4", "UPDATE audit SET seq = seq - 999 WHERE seq > 1000",
			fmt.Sprintf(copyRow, 5, 4)}, 5, "inserted"},
		{"InsertedMiddleAndCount", []string{"UPDATE audit SET seq = seq + 1000 WHERE seq > 4", "UPDATE audit SET seq = seq - 999 WHERE seq > 1000",
			fmt.Sprintf(copyRow, 5, 4), "UPDATE counters SET value = 11 WHERE name = 'audit'"}, 5, "inserted"},
		{"Prepended", []string{fmt.Sprintf(copyRow, 0, 1)}, 0, "inserted"},
		{"RemovedTailAndCount", []string{"DELETE FROM audit WHERE seq > 7", "UPDATE counters SET value = 7 WHERE name = 'audit'"}, 7, "changed"},
	}
}

func (x tampering) run(t *testing.T, ctx context.Context, b Bench) {
	write10(t, ctx, b)
	for _, query := range x.sql {
		b.SQL(t, query)
	}
	v := must(b.VerifyAudit(ctx))(t)
	if v.Intact || v.BadSeq != x.bad || v.Problem != x.problem {
		t.Fatalf("verdict %+v, want %d %s", v, x.bad, x.problem)
	}
}
