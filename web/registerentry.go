package web

import "time"

// registerEntry is what the interface says of every entry of a register.
type registerEntry struct {
	ID       string    `json:"id"`
	Number   string    `json:"number"`
	State    string    `json:"state"`
	Division string    `json:"division"`
	Unit     string    `json:"unit"`
	UnitName string    `json:"unit_name"`
	Hall     string    `json:"hall"`
	Project  string    `json:"project"`
	Case     string    `json:"case_id"`
	Due      time.Time `json:"due"`
	Overdue  bool      `json:"overdue"`
	Created  time.Time `json:"created_at"`
	Version  int64     `json:"version"`
}
