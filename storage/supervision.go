package storage

import (
	"context"
	"time"

	"onewindow/approval/progress"
)

// Supervision counts how items moved. A move is counted in the transaction that
// makes it, so figures are never behind (V3.3, G.1).
type Supervision interface {
	// CountMoves counts the moves of a period by one dimension and action.
	CountMoves(ctx context.Context, q MoveQuery) ([]MoveCount, error)
	// AddUpMoves adds up moves that are not added up yet, if so many events passed
	// since, so that CountMoves need not look at each. The counts stay the same.
	AddUpMoves(ctx context.Context, least int) error
	// CountHours counts what was received by hall, window and hour of the day.
	CountHours(ctx context.Context, q MoveQuery) ([]HourCount, error)
	// LateMoves lists the items that ended after their limit, newest first; at most
	// limit.
	LateMoves(ctx context.Context, q MoveQuery, limit int) ([]Move, error)
	// KeepMilestone keeps a goal of the reform, new or changed.
	KeepMilestone(ctx context.Context, m Milestone, audit AuditEntry) error
	// Milestones lists goals by date; division "" lists all.
	Milestones(ctx context.Context, division string) ([]Milestone, error)
}

// Settings keeps what a city may set, every version of it.
type Settings interface {
	// Setting returns a version, the newest for 0. Errors: ErrNotFound.
	Setting(ctx context.Context, name string, version int64) (Setting, error)
	// SaveSetting adds the next version and returns it.
	SaveSetting(ctx context.Context, s Setting, audit AuditEntry) (Setting, error)
}

// Setting is one version of what a city set.
type Setting struct {
	Name    string    `json:"name"`
	Version int64     `json:"version"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Data    string    `json:"-"` // JSON
}

// Dimension is what figures are split by.
type Dimension string

// The dimensions.
const (
	ByNothing  Dimension = ""
	ByDivision Dimension = "division"
	ByUnit     Dimension = "unit"
	ByStage    Dimension = "stage"
	ByItem     Dimension = "item"
	ByChannel  Dimension = "channel"
	ByHall     Dimension = "hall"
	ByWindow   Dimension = "window"
	ByOfficer  Dimension = "officer"
)

// Dimensions lists what figures can be split by.
func Dimensions() []Dimension {
	return []Dimension{ByNothing, ByDivision, ByUnit, ByStage, ByItem, ByChannel, ByHall, ByWindow, ByOfficer}
}

// MoveQuery filters moves; zero fields do not filter.
type MoveQuery struct {
	By       Dimension
	Division string
	Unit     string
	Stage    string
	Item     string
	Channel  string
	Hall     string
	Officer  string
	From     time.Time // the first moment counted
	To       time.Time // the first moment not counted any more
}

// MoveCount is how often something was done.
type MoveCount struct {
	Key        string // value of the dimension
	Action     progress.Action
	Count      int
	Late       int // that ended after their limit
	Used       int // working days that limits ran, in sum
	Measured   int // how many had a limit
	Overridden int // corrections beyond the one that is allowed
}

// HourCount is how much one window took in within one hour of the day (W2.7).
type HourCount struct {
	Hall   string `json:"hall"`
	Window string `json:"window"`
	Hour   int    `json:"hour"` // 0–23 in China
	Cases  int    `json:"cases"`
	Items  int    `json:"items"`
}

// Move is one move of an item.
type Move struct {
	At       time.Time
	CaseItem string
	Action   progress.Action
	Unit     string
	Officer  string
	Division string
}

// Milestone is a goal with a date and somebody who answers for it (W4.2).
type Milestone struct {
	ID       string    `json:"id"` // "mst_…"
	Division string    `json:"division"`
	Title    string    `json:"title"`
	Unit     string    `json:"unit"`
	Person   string    `json:"person"`
	Due      string    `json:"due"` // YYYY-MM-DD
	Done     string    `json:"done,omitempty"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}
