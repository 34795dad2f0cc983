package acceptance_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/notice"
	"onewindow/approval/progress"
	"onewindow/storage"
)

// How much is played in an ordinary run; ask for more with -rapid.checks and
// -rapid.steps.
const (
	fewWorlds = 5
	fewSteps  = 40
)

// Whatever people do, in whatever order, allowed or not: no clock runs in two
// states, no item ends twice, no notice number repeats or is left out, no unit
// sees another's material, and the figures equal the recount (issue 5, "Proof").
func TestWorkflow_InvariantsHoldUnderRandomActions(t *testing.T) {
	quick(t, "rapid.checks", "100", fewWorlds)
	quick(t, "rapid.steps", "30", fewSteps)
	rapid.Check(t, func(r *rapid.T) {
		g := &game{town: found(t, "2026-11-23 09:30"), r: r, docs: map[string]string{}, codes: map[int]int{}}
		g.register(nil)
		for _, who := range []string{"planner", "reform", "applicant", "clerk", "stranger", "supervisor", "admin"} {
			g.token(who)
		}
		g.applySome(r)
		r.Repeat(map[string]func(*rapid.T){
			"apply": g.applySome, "act": g.actSome, "act again": g.actSome, "wait": g.wait, "bring": g.bring, "reroute": g.rerouteSome, "": g.clocks,
		})
		g.wholeStory()
	})
}

// quick sets a flag of rapid unless somebody asked for another value.
func quick(t *testing.T, name, standard string, few int) {
	t.Helper()
	f := flag.Lookup(name)
	if f == nil || f.Value.String() != standard {
		return
	}
	if err := flag.Set(name, fmt.Sprint(few)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(name, standard) })
}

// game is a town in which anybody does anything.
type game struct {
	*town
	r     *rapid.T
	cases []string
	items []string
	docs  map[string]string // document -> the only unit that needs it
	codes map[int]int       // answers by status
}

func (g *game) applySome(r *rapid.T) {
	if len(g.cases) >= 4 {
		r.Skip("enough cases")
	}
	which := rapid.SampledFrom([][]string{{landUse}, {filing}, {filing, landUse}}).Draw(r, "items")
	caseID, items := g.apply("S1", which...)
	g.cases = append(g.cases, caseID)
	for _, code := range which {
		g.items = append(g.items, items[code])
	}
	g.own(caseID)
}

// own notes which documents only one unit needs.
func (g *game) own(caseID string) {
	for _, e := range g.ask("applicant", "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK).at("entries").([]any) {
		entry := e.(map[string]any)
		if c := entry["consumers"].([]any); len(c) == 1 {
			for _, f := range entry["filings"].([]any) {
				if doc, ok := f.(map[string]any)["document_id"].(string); ok {
					g.docs[doc] = c[0].(map[string]any)["unit"].(string)
				}
			}
		}
	}
}

var moves = map[string]progress.Action{
	"return": progress.Return, "accept": progress.Accept, "refuse": progress.Refuse, "declare-unneeded": progress.DeclareUnneeded, "start": progress.Start,
	"correct": progress.Correct, "resubmit": progress.Resubmit, "open-special": progress.OpenSpecial, "close-special": progress.CloseSpecial,
	"complete": progress.Complete, "complete-tolerated": progress.CompleteTolerated, "reject": progress.Reject, "withdraw": progress.Withdraw, "revoke": progress.Revoke,
}

// actSome has somebody do something to an item: what the table and the rights
// forbid must be refused and change nothing, what happens must be what it says.
func (g *game) actSome(r *rapid.T) {
	if len(g.items) == 0 {
		r.Skip("no items yet")
	}
	id := rapid.SampledFrom(g.items).Draw(r, "item")
	paths := make([]string, 0, len(moves))
	for p := range moves {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	before, err := g.office.Item(g.t.Context(), id) // time counts first
	if err != nil {
		r.Fatal(err)
	}
	path, who := "", ""
	if possible := g.sensible(before, paths); len(possible) > 0 && rapid.IntRange(0, 3).Draw(r, "sensible") > 0 {
		path = rapid.SampledFrom(possible).Draw(r, "possible")
		who = owner(before, moves[path])
	} else {
		path = rapid.SampledFrom(paths).Draw(r, "action")
		who = rapid.SampledFrom([]string{"planner", "reform", "applicant", "stranger"}).Draw(r, "who")
	}
	body := map[string]any{"reasons": []string{"理由"}, "kind": "听证", "days": 5, "gaps": []map[string]any{{"material": "business-licence", "reason": "illegible"}}}
	if path == "correct" || path == "withdraw" || path == "resubmit" {
		delete(body, "reasons")
		delete(body, "kind")
		delete(body, "days")
	}
	if path != "correct" {
		delete(body, "gaps")
	}
	if path == "complete" && before.Item == landUse && rapid.Bool().Draw(r, "with result") {
		g.ask(who, "POST", "/v1/case-items/"+id+"/results", map[string]any{"fields": landUseData()})
	}
	a := g.act(who, id, path, body)
	g.judge(r, before, moves[path], who, a)
}

// sensible are the moves that the table allows now.
func (g *game) sensible(it approval.CaseItem, paths []string) (out []string) {
	for _, p := range paths {
		if _, ok := progress.Find(it.State, moves[p]); ok {
			out = append(out, p)
		}
	}
	return out
}

// owner is who may make a move.
func owner(it approval.CaseItem, a progress.Action) string {
	if a == progress.Resubmit || a == progress.Withdraw {
		return "applicant"
	}
	if it.Unit == "reform" {
		return "reform"
	}
	return "planner"
}

func (g *game) judge(r *rapid.T, before approval.CaseItem, action progress.Action, who string, a *answer) {
	g.codes[a.status]++
	after, err := g.records.CaseItem(g.t.Context(), before.ID)
	if err != nil {
		r.Fatal(err)
	}
	if action == progress.Withdraw && !before.AcceptedAt.IsZero() {
		action = progress.WithdrawAccepted
	}
	move, legal := progress.Find(before.State, action)
	unit := map[string]string{"planner": "natural_resources", "reform": "reform"}[who]
	mine := unit == before.Unit && move.Who == progress.ByUnit || who == "applicant" && move.Who == progress.ByApplicant
	switch a.status {
	case http.StatusOK:
		want := move.To
		if want == progress.Resume {
			want = before.Resume
		}
		if !legal || !mine || after.State != want || after.Version == before.Version {
			r.Fatalf("%s did %s in %s (legal %v, theirs %v): now %s", who, action, before.State, legal, mine, after.State)
		}
	case http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity:
		if after.State != before.State || after.Version != before.Version {
			r.Fatalf("%s was refused %s with %d, but %s became %s", who, action, a.status, before.State, after.State)
		}
		if a.status == http.StatusConflict && legal && mine && action != progress.Correct {
			r.Fatalf("%s may do %s in %s, but was told %s", who, action, before.State, a.body)
		}
	default:
		r.Fatalf("%s %s answered %d %s", who, action, a.status, a.body)
	}
}

// wait lets time pass, and sometimes somebody look.
func (g *game) wait(r *rapid.T) {
	hours := rapid.IntRange(1, 80).Draw(r, "hours")
	g.mu.Lock()
	g.now = g.now.Add(time.Duration(hours) * time.Hour)
	g.mu.Unlock()
	if rapid.Bool().Draw(r, "sweep") {
		g.sweep()
	}
}

// bring files another licence to a case, open for it or not.
func (g *game) bring(r *rapid.T) {
	if len(g.cases) == 0 {
		r.Skip("no cases yet")
	}
	caseID := rapid.SampledFrom(g.cases).Draw(r, "case")
	doc := g.upload("applicant", "business-licence.pdf", map[string]string{"project": projectCode})
	a := g.ask("applicant", "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": "business-licence"})
	if a.status != http.StatusOK && a.status != http.StatusConflict {
		r.Fatalf("filing answered %d %s", a.status, a.body)
	}
}

func (g *game) rerouteSome(r *rapid.T) {
	if len(g.items) == 0 {
		r.Skip("no items yet")
	}
	id := rapid.SampledFrom(g.items).Draw(r, "item")
	if a := g.act("applicant", id, "reroute", nil); a.status == http.StatusOK {
		r.Fatalf("%s was re-routed although nobody suggested a unit: %s", id, a.body)
	}
}

// clocks looks at every item after every step.
func (g *game) clocks(r *rapid.T) {
	for _, id := range g.items {
		it, err := g.records.CaseItem(g.t.Context(), id)
		if err != nil {
			r.Fatal(err)
		}
		running := map[clock.Kind]int{}
		for _, c := range it.Clocks {
			if c.Running() {
				running[c.Kind]++
			}
			if n := btoi(c.Running()) + btoi(c.Paused()) + btoi(c.Stopped()); n != 1 {
				r.Fatalf("the %s clock of %s is in %d states", c.Kind, id, n)
			}
		}
		want := map[progress.State][]clock.Kind{progress.Submitted: {clock.KindReturn}, progress.Accepted: {clock.KindLimit},
			progress.InProcessing: {clock.KindLimit}, progress.CorrectionOpen: {clock.KindCorrection}}[it.State]
		if len(running) != len(want) || len(want) == 1 && running[want[0]] != 1 {
			r.Fatalf("in state %s these clocks of %s run: %v", it.State, id, running)
		}
		if it.State.Ended() == it.CompletedAt.IsZero() {
			r.Fatalf("%s is %s and ended at %v", id, it.State, it.CompletedAt)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// wholeStory looks at what is left when the game is over.
func (g *game) wholeStory() {
	g.sweep()
	g.endsOnce()
	g.numbers()
	g.secrets()
	for _, by := range []string{"unit", "item", "stage", "window"} {
		both := g.ask("supervisor", "GET", "/v1/supervision/recount?by="+by, nil).want(http.StatusOK)
		if both.at("equal") != true {
			g.r.Fatalf("figures by %s differ from the recount: %s", by, both.body)
		}
	}
}

func (g *game) endsOnce() {
	for _, id := range g.items {
		ends := 0
		for _, row := range g.ask("admin", "GET", "/v1/audit?limit=500&object="+id, nil).want(http.StatusOK).at("rows").([]any) {
			m := row.(map[string]any)
			detail, _ := m["detail"].(map[string]any)
			to, _ := detail["to"].(string)
			if strings.HasPrefix(fmt.Sprint(m["action"]), "case_item.") && to != "" && progress.State(to).Ended() && to != string(progress.Revoked) {
				ends++
			}
		}
		it, err := g.records.CaseItem(g.t.Context(), id)
		if err != nil {
			g.r.Fatal(err)
		}
		if ends != btoi(it.State.Ended()) {
			g.r.Fatalf("%s ended %d times and is %s", id, ends, it.State)
		}
	}
}

// numbers: within a series, prefix and day every number from 1 on stands once.
func (g *game) numbers() {
	all, err := g.records.ListNotices(g.t.Context(), storage.NoticeQuery{Limit: 500})
	if err != nil {
		g.r.Fatal(err)
	}
	series := map[string][]string{}
	for _, n := range all {
		key := n.Series + "/" + notice.Prefix(n.Kind) + "/" + n.Number[:len(n.Number)-4]
		series[key] = append(series[key], n.Number)
	}
	for key, list := range series {
		slices.Sort(list)
		for i, number := range list {
			if !strings.HasSuffix(number, fmt.Sprintf("%04d", i+1)) {
				g.r.Fatalf("the numbers of %s are %v", key, list)
			}
		}
	}
}

// secrets: a document that one unit's items ask for is nothing to another.
func (g *game) secrets() {
	units := map[string]string{"natural_resources": "planner", "reform": "reform"}
	docs := make([]string, 0, len(g.docs))
	for doc := range g.docs {
		docs = append(docs, doc)
	}
	slices.Sort(docs)
	for _, doc := range docs {
		for unit, who := range units {
			a := g.ask(who, "GET", "/v1/documents/"+doc, nil)
			if unit != g.docs[doc] && a.status != http.StatusNotFound && a.status != http.StatusForbidden {
				g.r.Fatalf("%s sees a material that only %s needs: %d %s", who, g.docs[doc], a.status, a.body)
			}
		}
		if a := g.ask("stranger", "GET", "/v1/documents/"+doc, nil); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
			g.r.Fatalf("a stranger sees %s: %s", doc, a.body)
		}
	}
	if b, err := json.Marshal(g.codes); err == nil {
		g.r.Logf("answers by status: %s", b)
	}
}
