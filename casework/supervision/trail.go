package supervision

import (
	"strconv"
	"strings"
	"time"

	"onewindow/approval/progress"
	"onewindow/storage"
)

// trailMove is a move of an item as the audit trail tells of it.
type trailMove struct {
	action     progress.Action
	at         time.Time
	d          map[string]string
	used       int // -1: no limit ended
	late       bool
	overridden bool
}

// moveOf reads a row of the trail; false when it is about something else.
func moveOf(r storage.AuditRow) (m trailMove, ok bool) {
	name, ok := strings.CutPrefix(r.Action, "case_item.")
	if !ok || r.Detail["action"] != name {
		return m, false
	}
	m = trailMove{action: progress.Action(name), at: r.At, d: r.Detail, used: -1,
		late: r.Detail["late"] == "true", overridden: r.Detail["override"] == "true"}
	if at, err := time.Parse(time.RFC3339Nano, r.Detail["at"]); err == nil {
		m.at = at
	}
	if n, err := strconv.Atoi(r.Detail["used"]); err == nil {
		m.used = n
	}
	return m, true
}

// within reports whether a query asks for the move.
func (m trailMove) within(q storage.MoveQuery) bool {
	for key, want := range map[string]string{"division": q.Division, "unit": q.Unit, "stage": q.Stage, "item": q.Item,
		"channel": q.Channel, "hall": q.Hall, "by": q.Officer} {
		if want != "" && m.d[key] != want {
			return false
		}
	}
	return (q.From.IsZero() || !m.at.Before(q.From)) && (q.To.IsZero() || m.at.Before(q.To))
}

func (m trailMove) key(by storage.Dimension) string {
	switch by {
	case storage.ByNothing:
		return ""
	case storage.ByWindow:
		return m.d["hall"] + "/" + m.d["window"]
	case storage.ByOfficer:
		return m.d["by"]
	}
	return m.d[string(by)]
}

func (m trailMove) count(into *storage.MoveCount) {
	into.Count++
	if m.overridden {
		into.Overridden++
	}
	if m.used < 0 {
		return
	}
	into.Measured++
	into.Used += m.used
	if m.late {
		into.Late++
	}
}
