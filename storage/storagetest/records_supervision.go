package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onewindow/approval"
	"onewindow/storage"
)

func supervisionTests() []recordsTest {
	return []recordsTest{
		{"MovesAreCountedWithTheChange", moveCounts},
		{"AddingUpChangesNoCount", moveDays},
		{"HoursAreThoseOfChina", moveHours},
		{"SettingsKeepEveryVersion", settingVersions},
		{"MilestonesComeByDate", milestoneOrder},
	}
}

// moved is a change that only tells of moves of one item.
func moved(id string, at time.Time, data map[string]string) storage.CaseChange {
	all := map[string]string{"case_item": id, "case": "case_" + id, "division": "430100", "unit": "natural_resources", "stage": "S1",
		"item": "HN-S1-08", "channel": "virtual", "at": at.Format(time.RFC3339Nano), "to": "submitted"}
	for k, v := range data {
		all[k] = v
	}
	return storage.CaseChange{Events: []approval.Event{{Type: approval.EventItemState, Data: all}}}
}

// moveDays: figures are the same before moves are added up, after it, while further
// ones come, and when one is dated back.
func moveDays(t *testing.T, ctx context.Context, b Bench) {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.FixedZone("China", 8*3600))
	play := func(round int) {
		for i := range 12 {
			data := map[string]string{"action": []string{"submit", "accept", "complete"}[i%3], "by": fmt.Sprint("officer", i%2),
				"unit": []string{"housing", "reform"}[i/6], "stage": fmt.Sprint("S", 1+i%4), "channel": []string{"virtual", "physical"}[i%2]}
			if i%3 == 2 {
				data["used"], data["late"] = fmt.Sprint(i), fmt.Sprint(i%2 == 1)
			}
			// Also at the very first and last moment of a day.
			at := day.Add(time.Duration(i-6) * 12 * time.Hour).Add(-time.Duration(i%2) * time.Millisecond)
			ok(t, b.ApplyCase(ctx, moved(fmt.Sprint(round, "-", i), at, data)))
		}
	}
	questions := []storage.MoveQuery{{}, {Division: "430100"}, {Division: "430100", From: day, To: day.AddDate(0, 0, 1)}, {Unit: "reform", From: day},
		{Stage: "S2", To: day}, {Channel: "physical"}, {Officer: "officer1", From: day}, {From: day.Add(time.Hour)}, {Division: "999999"}}
	ask := func() (out [][]storage.MoveCount) {
		for _, by := range storage.Dimensions() {
			for _, q := range questions {
				q.By = by
				out = append(out, must(b.CountMoves(ctx, q))(t))
			}
		}
		return out
	}
	play(1)
	once := ask()
	ok(t, b.AddUpMoves(ctx, 1000))
	if diff := cmp.Diff(once, ask()); diff != "" {
		t.Errorf("too few to be added up:\n%s", diff)
	}
	for round := range 2 {
		ok(t, b.AddUpMoves(ctx, 1))
		if diff := cmp.Diff(once, ask()); diff != "" {
			t.Errorf("added up %d times:\n%s", round+1, diff)
		}
	}
	play(2)
	mixed := ask()
	if once[0][0].Count != 4 || mixed[0][0].Count != 8 {
		t.Errorf("counted %+v, then %+v", once[0], mixed[0])
	}
	together(3, func(int) {
		if err := b.AddUpMoves(ctx, 1); err != nil {
			t.Error(err)
		}
	})
	if diff := cmp.Diff(mixed, ask()); diff != "" {
		t.Errorf("added up by three at once:\n%s", diff)
	}
}

func moveCounts(t *testing.T, ctx context.Context, b Bench) {
	done := map[string]string{"action": "complete", "late": "true", "used": "9", "by": "li"}
	for _, c := range []storage.CaseChange{
		moved("A", caseDay, map[string]string{"action": "submit", "by": "wang"}),
		moved("B", caseDay, map[string]string{"action": "submit", "by": "wang", "division": "430200"}),
		moved("A", caseDay.Add(time.Hour), done),
		moved("A", caseDay.Add(2*time.Hour), map[string]string{"action": "revoke", "late": "true", "by": "li"}),
		moved("A", caseDay.Add(48*time.Hour), map[string]string{"action": "correct", "override": "true", "by": "chen"}),
	} {
		if err := b.ApplyCase(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	failing := moved("C", caseDay, map[string]string{"action": "submit"})
	failing.Rely = []approval.Reliance{{Result: "res_none"}}
	if err := b.ApplyCase(ctx, failing); err == nil {
		t.Fatal("a reliance on nothing was kept")
	}
	got := must(b.CountMoves(ctx, storage.MoveQuery{Division: "430100", From: caseDay, To: caseDay.Add(24 * time.Hour)}))(t)
	want := []storage.MoveCount{{Action: "complete", Count: 1, Late: 1, Used: 9, Measured: 1}, {Action: "revoke", Count: 1}, {Action: "submit", Count: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("one day of one division:\n%s", diff)
	}
	for dimension, keys := range map[storage.Dimension][]string{
		storage.ByDivision: {"430100", "430200"}, storage.ByOfficer: {"chen", "li", "wang"}, storage.ByWindow: {"/"}, storage.ByStage: {"S1"},
	} {
		var found []string
		total := 0
		for _, c := range must(b.CountMoves(ctx, storage.MoveQuery{By: dimension}))(t) {
			total += c.Count
			if len(found) == 0 || found[len(found)-1] != c.Key {
				found = append(found, c.Key)
			}
		}
		if diff := cmp.Diff(keys, found); diff != "" || total != 5 {
			t.Errorf("by %s, %d in all:\n%s", dimension, total, diff)
		}
	}
	if _, err := b.CountMoves(ctx, storage.MoveQuery{By: "1; DROP TABLE moves"}); err == nil {
		t.Error("counted by a dimension that does not exist")
	}
	late := must(b.LateMoves(ctx, storage.MoveQuery{}, 10))(t)
	if len(late) != 1 || late[0].CaseItem != "A" || late[0].Officer != "li" || !late[0].At.Equal(caseDay.Add(time.Hour)) {
		t.Errorf("late: %+v", late)
	}
}

func moveHours(t *testing.T, ctx context.Context, b Bench) {
	for i, at := range []time.Time{caseDay, caseDay.Add(30 * time.Minute), caseDay.Add(-5 * time.Hour)} {
		c := moved(string(rune('A'+i)), at, map[string]string{"action": "submit", "hall": "changsha", "window": "3"})
		c.Events = append(c.Events, c.Events[0]) // two items of one case
		if err := b.ApplyCase(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	got := must(b.CountHours(ctx, storage.MoveQuery{Hall: "changsha"}))(t)
	want := []storage.HourCount{{Hall: "changsha", Window: "3", Hour: 7, Cases: 1, Items: 2}, {Hall: "changsha", Window: "3", Hour: 12, Cases: 2, Items: 4}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hours:\n%s", diff)
	}
}

func settingVersions(t *testing.T, ctx context.Context, b Bench) {
	if _, err := b.Setting(ctx, "weights", 0); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("before anything was set: %v", err)
	}
	for i, data := range []string{`{"late":1}`, `{"late":2}`} {
		v := must(b.SaveSetting(ctx, storage.Setting{Name: "weights", By: "admin", Data: data}, storage.AuditEntry{Actor: "admin", Action: "setting.save", Object: "weights"}))(t)
		if v.Version != int64(i+1) || v.At.IsZero() {
			t.Errorf("saved as %+v", v)
		}
	}
	if v := must(b.Setting(ctx, "weights", 0))(t); v.Data != `{"late":2}` {
		t.Errorf("the newest is %+v", v)
	}
	if v := must(b.Setting(ctx, "weights", 1))(t); v.Data != `{"late":1}` || v.By != "admin" {
		t.Errorf("the first is %+v", v)
	}
}

func milestoneOrder(t *testing.T, ctx context.Context, b Bench) {
	audit := storage.AuditEntry{Actor: "admin", Action: "milestone.keep"}
	for _, m := range []storage.Milestone{
		{ID: "mst_1", Division: "430100", Title: "全部事项进驻", Due: "2026-12-31"}, {ID: "mst_2", Division: "430100", Title: "窗口设立", Due: "2026-06-30"},
		{ID: "mst_3", Division: "430200", Title: "窗口设立", Due: "2026-01-01"}, {ID: "mst_2", Division: "430100", Title: "窗口设立", Due: "2026-06-30", Done: "2026-06-01"},
	} {
		if err := b.KeepMilestone(ctx, m, audit); err != nil {
			t.Fatal(err)
		}
	}
	list := must(b.Milestones(ctx, "430100"))(t)
	if len(list) != 2 || list[0].Done != "2026-06-01" || list[1].Title != "全部事项进驻" {
		t.Errorf("listed %+v", list)
	}
	if all := must(b.Milestones(ctx, ""))(t); len(all) != 3 {
		t.Errorf("all: %+v", all)
	}
}
