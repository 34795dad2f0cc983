package access

// Role is what an account is for. One account may have several.
type Role string

// The roles (personas.md).
const (
	Applicant  Role = "applicant"  // 申请单位报建员
	Clerk      Role = "clerk"      // 综合窗口
	Reviewer   Role = "reviewer"   // 业务单位审批科
	Lead       Role = "lead"       // 牵头单位
	Supervisor Role = "supervisor" // 工改办、效能科
	Security   Role = "security"   // 保密员
	Archivist  Role = "archivist"  // 档案
	Admin      Role = "admin"      // 系统管理员
	System     Role = "system"     // a unit's own system or a scanner
)

// Roles lists all roles.
func Roles() []Role {
	return []Role{Applicant, Clerk, Reviewer, Lead, Supervisor, Security, Archivist, Admin, System}
}

// Action is one thing that may be allowed.
type Action string

// The actions.
const (
	DocumentSend    Action = "document.send"
	DocumentRead    Action = "document.read"
	DocumentDecide  Action = "document.decide" // confirm, reject, cancel
	DocumentRetry   Action = "document.retry"
	DocumentRelease Action = "document.release" // out of the secrecy quarantine
	ResultRead      Action = "result.read"
	ResultFile      Action = "result.file"
	ResultOriginal  Action = "result.original" // further limited to the issuing unit and the archive (W7)
	ResultPush      Action = "result.push"
	ResultRevoke    Action = "result.revoke"
	BasisRead       Action = "basis.read"
	BasisRely       Action = "basis.rely"
	EventsRead      Action = "events.read"
	AuditRead       Action = "audit.read"
	AccountsManage  Action = "accounts.manage"
	QueueManage     Action = "queue.manage"
)

// policy is the whole of it: who may do what. Everything else is forbidden.
var policy = map[Action][]Role{
	DocumentSend:    {Applicant, Clerk, Reviewer, Admin, System},
	DocumentRead:    {Applicant, Clerk, Reviewer, Lead, Archivist, Admin, System},
	DocumentDecide:  {Clerk, Reviewer, Admin},
	DocumentRetry:   {Clerk, Reviewer, Admin},
	DocumentRelease: {Security},
	ResultRead:      {Applicant, Clerk, Reviewer, Lead, Supervisor, Archivist, Admin, System},
	ResultFile:      {Applicant, Clerk, Reviewer, Lead, Archivist, Admin, System},
	ResultOriginal:  {Reviewer, Archivist, System},
	ResultPush:      {Reviewer, System, Admin},
	ResultRevoke:    {Reviewer, Admin},
	BasisRead:       {Applicant, Clerk, Reviewer, Lead, Admin, System},
	BasisRely:       {Clerk, Reviewer, Admin, System},
	EventsRead:      {Supervisor, Admin, System},
	AuditRead:       {Supervisor, Security, Admin},
	AccountsManage:  {Admin},
	QueueManage:     {Admin},
}

// Who is the account behind a request.
type Who struct {
	Account  string `json:"account"` // its name
	Roles    []Role `json:"roles"`
	Unit     string `json:"unit,omitempty"`
	Division string `json:"division,omitempty"`
	Hall     string `json:"hall,omitempty"`
	Token    bool   `json:"token"` // a program's token, not a person's session
}

// Has reports whether the account has a role.
func (w Who) Has(r Role) bool {
	for _, own := range w.Roles {
		if own == r {
			return true
		}
	}
	return false
}

// May reports whether the account may do an action at all; what it may do it to
// is asked by MayOriginal and the like.
func (w Who) May(a Action) bool {
	for _, r := range policy[a] {
		if w.Has(r) {
			return true
		}
	}
	return false
}

// MayOriginal reports whether the account may fetch the unmarked original of a
// result that unit issued: the issuing unit itself, and the archive (W7).
func (w Who) MayOriginal(unit string) bool {
	if !w.May(ResultOriginal) {
		return false
	}
	return w.Has(Archivist) || unit != "" && w.Unit == unit
}

// MayEnd reports whether the account may revoke a result that unit issued.
func (w Who) MayEnd(unit string) bool {
	return w.May(ResultRevoke) && (w.Has(Admin) || unit != "" && w.Unit == unit)
}
