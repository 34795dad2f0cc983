package progress_test

import (
	"flag"
	"os"
	"slices"
	"testing"

	"onewindow/approval/progress"
)

var update = flag.Bool("update", false, "write docs/states.md anew")

const page = "../../docs/states.md"

func TestStatesPageIsFresh(t *testing.T) {
	if *update {
		if err := os.WriteFile(page, []byte(progress.Page()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != progress.Page() {
		t.Errorf("docs/states.md is stale (%v): go test ./approval/progress -update", err)
	}
}

// Every national state code has its move, and every state a name and a way in.
func TestG5_TableCoversTheExchangeStates(t *testing.T) {
	codes, reached := map[int]bool{}, map[progress.State]bool{progress.Draft: true}
	for _, m := range progress.Table() {
		codes[m.Exchange] = true
		reached[m.To] = true
		if m.Action.Text() == "" {
			t.Errorf("%s has no button", m.Action)
		}
	}
	for code := 1; code <= 15; code++ {
		if !codes[code] {
			t.Errorf("no move is 办理状态 %d", code)
		}
	}
	for _, s := range progress.States() {
		if !reached[s] || s.Text() == "" {
			t.Errorf("state %s is not reached or has no name", s)
		}
		if s.Ended() && slices.ContainsFunc(progress.Possible(s), func(a progress.Action) bool { return a != progress.Revoke }) {
			t.Errorf("%s has ended and goes on with %v", s, progress.Possible(s))
		}
	}
}
