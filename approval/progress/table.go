// Package progress says how an item of a case moves: its states, and the one
// table of what may be done in which of them. Diagram draws that table.
package progress

import "slices"

// State is where an item of a case stands (glossary.md). The comment of each
// says what it means and who moves it on.
type State string

// The states of a case item.
const (
	Draft              State = "draft"               // being put together; the applicant submits
	Submitted          State = "submitted"           // with the unit since the push; it returns or accepts within a working day, else time does
	Returned           State = "returned"            // final: not this unit's; the applicant may have it sent on
	Refused            State = "refused"             // final: 不予受理, conditions not met
	NotRequired        State = "not_required"        // final: 不受理, no licence is needed
	Accepted           State = "accepted"            // 已受理, its limit runs; the unit starts, or decides
	CorrectionOpen     State = "correction_open"     // 补正中, clocks stand; the applicant resubmits
	InProcessing       State = "in_processing"       // 办理中; the unit decides
	SpecialOpen        State = "special_open"        // 特别程序中, the limit stands; the unit closes it
	CompletedApproved  State = "completed_approved"  // 已办结（通过）; only a revocation follows
	CompletedTolerated State = "completed_tolerated" // 已办结（容缺通过）, a supplement is still owed
	CompletedRejected  State = "completed_rejected"  // final: 已办结（不通过）
	Withdrawn          State = "withdrawn"           // final: the applicant took it back
	Revoked            State = "revoked"             // final: the approval was taken back
)

// Text is the state as people read it (personas.md).
func (s State) Text() string { return texts[s] }

var texts = map[State]string{
	Draft: "草稿", Submitted: "已接件", Returned: "已退回", Refused: "不予受理", NotRequired: "不受理", Accepted: "已受理",
	CorrectionOpen: "补正中", InProcessing: "办理中", SpecialOpen: "特别程序中", CompletedApproved: "已办结（通过）",
	CompletedTolerated: "已办结（容缺通过）", CompletedRejected: "已办结（不通过）", Withdrawn: "已撤件", Revoked: "已撤销",
}

// States lists all states in the order in which they come.
func States() []State {
	return []State{Draft, Submitted, Returned, Refused, NotRequired, Accepted, CorrectionOpen, InProcessing, SpecialOpen,
		CompletedApproved, CompletedTolerated, CompletedRejected, Withdrawn, Revoked}
}

// Ended reports whether the unit has nothing more to do.
func (s State) Ended() bool {
	switch s {
	case Draft, Submitted, Accepted, CorrectionOpen, InProcessing, SpecialOpen:
		return false
	}
	return true
}

// Action is something that moves an item.
type Action string

// The actions.
const (
	Submit            Action = "submit"
	Return            Action = "return"             // 退回
	Accept            Action = "accept"             // 受理
	Deem              Action = "deem"               // 视为受理, by time alone
	Refuse            Action = "refuse"             // 不予受理
	DeclareUnneeded   Action = "declare_unneeded"   // 不受理
	Correct           Action = "correct"            // 补正
	Resubmit          Action = "resubmit"           // 补正回复
	Start             Action = "start"              // 开始办理
	OpenSpecial       Action = "open_special"       // 特别程序
	CloseSpecial      Action = "close_special"      // 特别程序结束
	Complete          Action = "complete"           // 办结
	CompleteTolerated Action = "complete_tolerated" // 容缺办结
	Reject            Action = "reject"             // 退件
	Withdraw          Action = "withdraw"           // 撤件, before acceptance
	WithdrawAccepted  Action = "withdraw_accepted"  // 撤回, after acceptance
	Revoke            Action = "revoke"             // 撤销
)

// Text is the action as it stands on a button (personas.md).
func (a Action) Text() string { return buttons[a] }

var buttons = map[Action]string{
	Submit: "提交", Return: "退回", Accept: "受理", Deem: "视为受理", Refuse: "不予受理", DeclareUnneeded: "不受理",
	Correct: "补正", Resubmit: "补正回复", Start: "开始办理", OpenSpecial: "特别程序", CloseSpecial: "结束特别程序",
	Complete: "办结", CompleteTolerated: "容缺办结", Reject: "退件", Withdraw: "撤件", WithdrawAccepted: "撤回", Revoke: "撤销",
}

// Actor is who does an action.
type Actor string

// The actors.
const (
	ByApplicant Actor = "applicant"
	ByUnit      Actor = "unit"
	ByTime      Actor = "time"
)

// Resume stands in the table for the state kept when the item was suspended.
const Resume State = "(resume)"

// Move is one line of the table.
type Move struct {
	Action   Action
	From     []State
	To       State
	Who      Actor
	Exchange int    // 办理状态 blzt (exchange-standards.md)
	Clock    string // what happens to the clocks, in words
}

var table = []Move{
	{Submit, []State{Draft}, Submitted, ByApplicant, 1, "return window starts"},
	{Return, []State{Submitted}, Returned, ByUnit, 5, "return window stops"},
	{Accept, []State{Submitted}, Accepted, ByUnit, 3, "return window stops, limit starts"},
	{Deem, []State{Submitted}, Accepted, ByTime, 3, "return window has passed, limit starts at its end"},
	{Refuse, []State{Submitted}, Refused, ByUnit, 5, "return window stops"},
	{DeclareUnneeded, []State{Submitted}, NotRequired, ByUnit, 4, "return window stops"},
	{Correct, []State{Submitted, Accepted, InProcessing}, CorrectionOpen, ByUnit, 6, "what runs pauses, the applicant's deadline starts"},
	{Resubmit, []State{CorrectionOpen}, Resume, ByApplicant, 7, "the applicant's deadline stops, what stood resumes"},
	{Start, []State{Accepted}, InProcessing, ByUnit, 8, ""},
	{OpenSpecial, []State{Accepted, InProcessing}, SpecialOpen, ByUnit, 9, "limit pauses"},
	{CloseSpecial, []State{SpecialOpen}, Resume, ByUnit, 10, "limit resumes"},
	{Complete, []State{Accepted, InProcessing}, CompletedApproved, ByUnit, 11, "limit stops"},
	{CompleteTolerated, []State{Accepted, InProcessing}, CompletedTolerated, ByUnit, 12, "limit stops"},
	{Reject, []State{Accepted, InProcessing}, CompletedRejected, ByUnit, 13, "limit stops"},
	{Withdraw, []State{Draft, Submitted, CorrectionOpen}, Withdrawn, ByApplicant, 2, "all clocks stop"},
	{WithdrawAccepted, []State{Accepted, InProcessing, SpecialOpen, CorrectionOpen}, Withdrawn, ByApplicant, 14, "all clocks stop"},
	{Revoke, []State{CompletedApproved, CompletedTolerated}, Revoked, ByUnit, 15, ""},
}

// Table returns all moves.
func Table() []Move { return slices.Clone(table) }

// Find returns the move of an action from a state.
func Find(from State, a Action) (Move, bool) {
	for _, m := range table {
		if m.Action == a && slices.Contains(m.From, from) {
			return m, true
		}
	}
	return Move{}, false
}

// Possible lists what may be done in a state.
func Possible(from State) []Action {
	var out []Action
	for _, m := range table {
		if slices.Contains(m.From, from) {
			out = append(out, m.Action)
		}
	}
	return out
}
