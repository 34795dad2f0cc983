package access

import "slices"

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
	Province   Role = "province"   // 省级：只看数字
	System     Role = "system"     // a unit's own system or a scanner
)

// Roles lists all roles.
func Roles() []Role {
	return []Role{Applicant, Clerk, Reviewer, Lead, Supervisor, Security, Archivist, Admin, Province, System}
}

// Action is one thing that may be allowed.
type Action string

// The actions.
const (
	DocumentSend     Action = "document.send"
	DocumentRead     Action = "document.read"     // further limited by Sees
	DocumentDecide   Action = "document.decide"   // confirm, reject, cancel; further limited by MayDecide
	DocumentRetry    Action = "document.retry"    // retry, reprocess
	DocumentUnlock   Action = "document.unlock"   // give the password of an encrypted file
	DocumentOriginal Action = "document.original" // further limited by MayDocumentOriginal
	DocumentRelease  Action = "document.release"  // out of the secrecy quarantine, or purge
	ResultRead       Action = "result.read"       // applicants: of their own projects
	ResultFile       Action = "result.file"       // applicants: of their own projects
	ResultOriginal   Action = "result.original"   // further limited to the issuing unit and the archive (W7)
	ResultPush       Action = "result.push"
	ResultRevoke     Action = "result.revoke" // further limited by MayEnd
	ResultLink       Action = "result.link"   // give a result its project; further limited by MayLink
	BasisRead        Action = "basis.read"    // applicants: of their own projects
	BasisRely        Action = "basis.rely"
	MembersManage    Action = "members.manage"  // who belongs to a project
	EventsRead       Action = "events.read"     // units' systems: what concerns their unit
	WebhooksManage   Action = "webhooks.manage" // units' systems: of their unit
	AuditRead        Action = "audit.read"
	AccountsManage   Action = "accounts.manage"
	QueueManage      Action = "queue.manage"
	MetricsRead      Action = "metrics.read"
	FiguresRead      Action = "figures.read" // counts without names: the province

	ProjectRegister    Action = "project.register"
	ProjectRead        Action = "project.read"    // further limited by SeesProject
	CaseApply          Action = "case.apply"      // start, fill in, file, submit; at the physical window clerks only (P3.2)
	CaseRead           Action = "case.read"       // further limited by SeesCase and SeesItem
	CaseConfirm        Action = "case.confirm"    // a unit takes papers as they are (P3.5)
	ItemDecide         Action = "item.decide"     // further limited by HandlesItem
	ItemCorrect        Action = "item.correct"    // units; supervisors may order a further one (P3.10)
	NoticeRead         Action = "notice.read"     // further limited like cases
	NoticeServe        Action = "notice.serve"    // 送达
	NoticeDesign       Action = "notice.design"   // the wording of notices
	LearningManage     Action = "learning.manage" // models and thresholds of document types
	ConsultationAsk    Action = "consultation.ask"
	ConsultationRead   Action = "consultation.read"
	ConsultationAnswer Action = "consultation.answer"
	ComplaintTake      Action = "complaint.take"
	ComplaintRead      Action = "complaint.read"
	ComplaintAssign    Action = "complaint.assign"
	ComplaintAnswer    Action = "complaint.answer"
	ComplaintClose     Action = "complaint.close" // never by the unit it is about (P6.2)
	HandoverSend       Action = "handover.send"
	HandoverRead       Action = "handover.read"
	HandoverReceive    Action = "handover.receive"
	IssuanceRead       Action = "issuance.read"
	IssuanceHandOut    Action = "issuance.hand_out"
	IssuanceUnlock     Action = "issuance.unlock" // after too many wrong pick-up codes
	IssuancePrint      Action = "issuance.print"
	InquiryAsk         Action = "inquiry.ask"
	InquiryRead        Action = "inquiry.read"
	InquiryReply       Action = "inquiry.reply"
	InquiryLead        Action = "inquiry.lead"      // urge, doubt, consolidate: lead unit and window (V1.8, V1.9)
	ItemAnswer         Action = "item.answer"       // resubmit, reroute, withdraw: the applicant, or the window for it
	SupervisionCount   Action = "supervision.count" // figures without names
	SupervisionRead    Action = "supervision.read"  // figures of the own division; without one, of the province (W3.3)
	SupervisionUrge    Action = "supervision.urge"  // 督办, goals
	SupervisionSet     Action = "supervision.set"   // weights of the assessment
	ExchangeRead       Action = "exchange.read"     // rows for the ministry

	OrganisationRead   Action = "organisation.read"   // halls, windows, devices, staff, roster
	OrganisationManage Action = "organisation.manage" // further: rules of the windows
	DeviceReport       Action = "device.report"       // its own health
	PaymentNotify      Action = "payment.notify"      // and link the voucher
	PaymentRead        Action = "payment.read"        // further limited like items
	PaymentWaive       Action = "payment.waive"       // further limited to the item's unit
	AssistanceAsk      Action = "assistance.ask"
	AssistanceRead     Action = "assistance.read" // further limited like projects
	AssistanceRun      Action = "assistance.run"
	TrainingRun        Action = "training.run"
	CoordinationRaise  Action = "coordination.raise"
	CoordinationRead   Action = "coordination.read" // units: where they take part
	CoordinationClose  Action = "coordination.close"
	IssueReport        Action = "issue.report"
	IssueRead          Action = "issue.read"
	IssueReply         Action = "issue.reply"  // the province (W3.3)
	KioskServe         Action = "kiosk.serve"  // a self-print terminal, for who stands there
	CaseArchive        Action = "case.archive" // with unmarked originals: the archive only (W7)
	FollowUp           Action = "follow_up"    // the window's own cases until they are handed out

	CoverPrint Action = "cover.print" // sheets that are laid in front of paper to be scanned (P3.3)

	HotFolderRead  Action = "hotfolder.read"  // the ledger of the own hall's hot folders
	HotFolderRetry Action = "hotfolder.retry" // take a quarantined file in again
)

// Actions lists all actions, sorted.
func Actions() []Action {
	all := make([]Action, 0, len(policy))
	for a := range policy {
		all = append(all, a)
	}
	slices.Sort(all)
	return all
}

// policy is the whole of it: who may do what. Everything else is forbidden.
var policy = map[Action][]Role{
	DocumentSend:     {Applicant, Clerk, Reviewer, Admin, System},
	DocumentRead:     {Applicant, Clerk, Reviewer, Lead, Security, Archivist, Admin, System},
	DocumentDecide:   {Clerk, Reviewer, Admin},
	DocumentRetry:    {Clerk, Reviewer, Admin},
	DocumentUnlock:   {Applicant, Clerk, Reviewer, Admin, System},
	DocumentOriginal: {Applicant, Clerk, Reviewer, Lead, Security, Archivist, Admin, System},
	DocumentRelease:  {Security},
	ResultRead:       {Applicant, Clerk, Reviewer, Lead, Supervisor, Archivist, Admin, System},
	ResultFile:       {Applicant, Clerk, Reviewer, Lead, Archivist, Admin, System},
	ResultOriginal:   {Reviewer, Archivist, System},
	ResultPush:       {Reviewer, System, Admin},
	ResultRevoke:     {Reviewer, Admin},
	ResultLink:       {Clerk, Reviewer, Admin},
	BasisRead:        {Applicant, Clerk, Reviewer, Lead, Admin, System},
	BasisRely:        {Clerk, Reviewer, Admin, System},
	MembersManage:    {Clerk, Admin},
	EventsRead:       {Supervisor, Admin, System},
	WebhooksManage:   {Admin, System},
	AuditRead:        {Supervisor, Security, Admin},
	AccountsManage:   {Admin},
	QueueManage:      {Admin},
	MetricsRead:      {Supervisor, Admin, System},
	FiguresRead:      {Supervisor, Admin, Province},

	ProjectRegister: {Applicant, Clerk, Admin},
	ProjectRead:     {Applicant, Clerk, Reviewer, Lead, Supervisor, Archivist, Admin, System},
	CaseApply:       {Applicant, Clerk},
	CaseRead:        {Applicant, Clerk, Reviewer, Lead, Supervisor, Archivist, Admin, System},
	CaseConfirm:     {Reviewer, System},
	ItemDecide:      {Reviewer, System},
	ItemCorrect:     {Reviewer, System, Supervisor},
	ItemAnswer:      {Applicant, Clerk},
	NoticeRead:      {Applicant, Clerk, Reviewer, Lead, Supervisor, Archivist, Admin, System},
	NoticeServe:     {Clerk, Reviewer, System},
	NoticeDesign:    {Admin},
	LearningManage:  {Admin},

	ConsultationAsk:    {Applicant, Clerk},
	ConsultationRead:   {Applicant, Clerk, Reviewer, Lead, Supervisor, Admin, System},
	ConsultationAnswer: {Reviewer, System},
	ComplaintTake:      {Applicant, Clerk},
	ComplaintRead:      {Applicant, Clerk, Reviewer, Lead, Supervisor, Admin},
	ComplaintAssign:    {Clerk, Supervisor},
	ComplaintAnswer:    {Clerk, Reviewer},
	ComplaintClose:     {Applicant, Reviewer, Supervisor},
	HandoverSend:       {Reviewer, System},
	HandoverRead:       {Clerk, Reviewer, Supervisor, Admin, System},
	HandoverReceive:    {Clerk},
	IssuanceRead:       {Applicant, Clerk, Reviewer, Supervisor, Admin, System},
	IssuanceHandOut:    {Clerk},
	IssuanceUnlock:     {Supervisor, Admin},
	IssuancePrint:      {Applicant},
	InquiryAsk:         {Applicant, Clerk},
	InquiryRead:        {Applicant, Clerk, Lead, Supervisor, Admin},
	InquiryReply:       {Reviewer, System},
	InquiryLead:        {Clerk, Lead},
	SupervisionCount:   {Lead, Supervisor, Admin, Province},
	SupervisionRead:    {Lead, Supervisor, Admin},
	SupervisionUrge:    {Lead, Supervisor},
	SupervisionSet:     {Admin},
	ExchangeRead:       {Admin, System},

	OrganisationRead:   {Clerk, Reviewer, Lead, Supervisor, Security, Archivist, Admin},
	OrganisationManage: {Admin},
	DeviceReport:       {Admin, System},
	PaymentNotify:      {Clerk, Reviewer},
	PaymentRead:        {Applicant, Clerk, Reviewer, Lead, Supervisor, Archivist, Admin, System},
	PaymentWaive:       {Reviewer},
	AssistanceAsk:      {Applicant, Clerk},
	AssistanceRead:     {Applicant, Clerk, Supervisor, Admin},
	AssistanceRun:      {Clerk},
	TrainingRun:        {Clerk, Lead, Admin},
	CoordinationRaise:  {Clerk, Reviewer, Lead, Supervisor},
	CoordinationRead:   {Clerk, Reviewer, Lead, Supervisor, Admin},
	CoordinationClose:  {Clerk, Lead, Supervisor},
	IssueReport:        {Clerk, Reviewer, Lead, Supervisor},
	IssueRead:          {Clerk, Reviewer, Lead, Supervisor, Admin, Province},
	IssueReply:         {Province},
	KioskServe:         {System},
	FollowUp:           {Clerk},
	CaseArchive:        {Archivist},

	CoverPrint: {Clerk},

	HotFolderRead:  {Clerk, Admin},
	HotFolderRetry: {Clerk, Admin},
}

// Who is the account behind a request.
type Who struct {
	Account  string `json:"account"` // its name
	Roles    []Role `json:"roles"`
	Unit     string `json:"unit,omitempty"`
	Division string `json:"division,omitempty"`
	Hall     string `json:"hall,omitempty"`
	Window   string `json:"window,omitempty"`
	// Halls are further ones they work for today; Items the only ones they decide
	// about, nil being all of their unit (W2.5).
	Halls []string `json:"halls,omitempty"`
	Items []string `json:"items,omitempty"`
	Token bool     `json:"token"` // a program's token, not a person's session
	// Credential is the ID of the token or session, "" for none of ours.
	Credential string `json:"-"`
	// Actions are all that the token may do; nil is everything its account may.
	Actions []Action `json:"actions,omitempty"`
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
	if w.Actions != nil && !slices.Contains(w.Actions, a) {
		return false
	}
	for _, r := range policy[a] {
		if w.Has(r) {
			return true
		}
	}
	return false
}
