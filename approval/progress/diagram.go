package progress

import (
	"fmt"
	"strings"
)

// Page is docs/states.md: the table and its diagram, in Mermaid.
func Page() string {
	var b strings.Builder
	b.WriteString("# How an item of a case moves\n\nMade from the table in `approval/progress`; a test fails when this page is stale.\n\n")
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, s := range States() {
		fmt.Fprintf(&b, "    %s: %s\n", s, s.Text())
	}
	b.WriteString("    [*] --> draft\n")
	for _, m := range table {
		for _, from := range m.From {
			for _, to := range targets(m, from) {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, m.Action.Text())
			}
		}
	}
	for _, s := range States() {
		if len(Possible(s)) == 0 {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	b.WriteString("```\n\n| action | button | who | from | to | 办理状态 | clocks |\n|---|---|---|---|---|---|---|\n")
	for _, m := range table {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %d | %s |\n", m.Action, m.Action.Text(), m.Who, join(m.From), m.To, m.Exchange, m.Clock)
	}
	return b.String()
}

// targets are the states a move may end in: a suspended item goes back to where
// it was suspended.
func targets(m Move, from State) []State {
	if m.To != Resume {
		return []State{m.To}
	}
	var out []State
	for _, other := range table {
		if other.To == from {
			out = append(out, other.From...)
		}
	}
	return out
}

func join(states []State) string {
	out := make([]string, len(states))
	for i, s := range states {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}
