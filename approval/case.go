package approval

import (
	"time"

	"onewindow/approval/clock"
	"onewindow/approval/progress"
)

// Channel is the window through which a case came (G.3).
type Channel string

// The two windows.
const (
	ChannelVirtual  Channel = "virtual"  // 虚拟窗口
	ChannelPhysical Channel = "physical" // 实体窗口
)

// Registration is a construction project as its applicant registered it. A
// project that only results tell of has none.
type Registration struct {
	Code       string    `json:"code"` // 项目代码
	Name       string    `json:"name"`
	Type       string    `json:"type"`     // project type of the catalogue, e.g. SOC
	Division   string    `json:"division"` // 项目属地, GB/T 2260: whose units handle it (G.4)
	Builder    string    `json:"builder"`  // 建设单位
	USCC       string    `json:"builder_uscc,omitempty"`
	Contact    string    `json:"contact,omitempty"`
	Telephone  string    `json:"telephone,omitempty"`
	Investment float64   `json:"investment,omitempty"` // 万元
	Area       float64   `json:"area,omitempty"`       // square metres built
	Classified bool      `json:"classified"`           // 涉密工程: handled offline only (G.8)
	By         string    `json:"by"`
	At         time.Time `json:"at"`
	Version    int64     `json:"version"`
}

// Case is one application (办件): one stage of one project, with the items that
// were ticked. State and clock belong to its items.
type Case struct {
	ID        string  `json:"id"`     // "case_…"
	Number    string  `json:"number"` // 办件编号, printed on cover sheets
	Code      string  `json:"-"`      // 查询码 for asking without a login
	Project   string  `json:"project"`
	Stage     string  `json:"stage"`
	Division  string  `json:"division"`  // of the project
	Catalogue string  `json:"catalogue"` // version it was started under and keeps (T.2)
	Channel   Channel `json:"channel"`

	Hall        string `json:"hall,omitempty"` // where it was filed; may lie in another division (G.4)
	Window      string `json:"window,omitempty"`
	Device      string `json:"device,omitempty"`
	PaperReason string `json:"paper_reason,omitempty"` // why paper was taken in (P3.1)
	AssistedBy  string `json:"assisted_by,omitempty"`  // clerk who filled in the form (P1.3)

	Applicant string            `json:"applicant"`           // account
	Items     []string          `json:"items"`               // ticked, catalogue codes
	Answers   map[string]string `json:"answers"`             // of the application form; conditions use them
	Confirmed map[string]string `json:"confirmed,omitempty"` // item -> officer who takes its papers as they are (P3.5)
	Submitted bool              `json:"submitted"`
	Created   time.Time         `json:"created_at"`
	SubmitAt  time.Time         `json:"submitted_at,omitzero"`
	Version   int64             `json:"version"`
}

// Acceptance says who accepted an item.
type Acceptance string

// Who may accept.
const (
	AcceptedByUnit   Acceptance = "unit"
	AcceptedByWindow Acceptance = "window" // on the spot (P3.5)
	AcceptedDeemed   Acceptance = "deemed" // 视为受理 (V2.6)
)

// Gap is one thing that a correction asks for (P3.9).
type Gap struct {
	Material string `json:"material"` // catalogue code
	Reason   string `json:"reason"`   // code of notices.yaml: missing, illegible, wrong_type, …
	Note     string `json:"note,omitempty"`
}

// Correction is one 补正 of an item.
type Correction struct {
	Opened   time.Time `json:"opened_at"`
	Closed   time.Time `json:"closed_at,omitzero"`
	By       string    `json:"by"`
	Gaps     []Gap     `json:"gaps"`
	Deadline time.Time `json:"deadline"`           // of the applicant
	Override string    `json:"override,omitempty"` // a supervisor's reason for a second one (P3.10)
	Seen     []string  `json:"seen"`               // documents that were there: they may not be found wanting again
}

// Special is one 特别程序 of an item; its time does not count.
type Special struct {
	Kind   string    `json:"kind"` // 听证, 专家评审, …
	Days   int       `json:"days"` // announced, working days
	Opened time.Time `json:"opened_at"`
	Closed time.Time `json:"closed_at,omitzero"`
}

// CaseItem is one item (办理事项) of a case, pushed to one unit (V2.2).
type CaseItem struct {
	ID       string         `json:"id"` // "ci_…"
	Case     string         `json:"case_id"`
	Number   string         `json:"case_number"`
	Project  string         `json:"project"`
	Item     string         `json:"item"`
	Edition  string         `json:"catalogue"` // version of the catalogue that holds for it: its case's
	Stage    string         `json:"stage"`
	Unit     string         `json:"unit"`
	Division string         `json:"division"` // of the project: its units handle it
	Channel  Channel        `json:"channel"`
	Hall     string         `json:"hall,omitempty"` // where it was filed
	Window   string         `json:"window,omitempty"`
	State    progress.State `json:"state"`
	// Resume is the state that a correction or special procedure returns to.
	Resume progress.State `json:"resume,omitempty"`

	Officer     string     `json:"officer,omitempty"` // who last acted for the unit
	ReceivedAt  time.Time  `json:"received_at"`       // push to the unit (A1)
	AcceptedAt  time.Time  `json:"accepted_at,omitzero"`
	AcceptedBy  Acceptance `json:"accepted_by,omitempty"`
	CompletedAt time.Time  `json:"completed_at,omitzero"`
	Limit       int        `json:"limit_workdays"` // promised, of the catalogue version of the case

	Reasons       []string      `json:"reasons,omitempty"`        // of return, refusal, rejection, revocation
	SuggestedUnit string        `json:"suggested_unit,omitempty"` // V2.5
	Rerouted      string        `json:"rerouted_to,omitempty"`    // case item that took its place
	From          string        `json:"rerouted_from,omitempty"`
	Corrections   []Correction  `json:"corrections,omitempty"`
	Specials      []Special     `json:"specials,omitempty"`
	Results       []string      `json:"results,omitempty"` // result IDs
	Mode          Mode          `json:"mode,omitempty"`    // how the result came into being
	Clocks        []clock.Clock `json:"clocks"`

	// Due is the moment at which what runs now passes, zero when nothing runs.
	Due     time.Time  `json:"due,omitzero"`
	DueKind clock.Kind `json:"due_kind,omitempty"`
	Late    bool       `json:"late"` // ended after its limit
	Version int64      `json:"version"`
}

// Clock returns the last clock of a kind.
func (c *CaseItem) Clock(kind clock.Kind) *clock.Clock {
	for i := len(c.Clocks) - 1; i >= 0; i-- {
		if c.Clocks[i].Kind == kind {
			return &c.Clocks[i]
		}
	}
	return nil
}

// Source is how a checklist entry was filled.
type Source string

// The ways to fill an entry.
const (
	SourceUpload     Source = "upload"     // a document of the applicant or of the window
	SourceBasis      Source = "basis"      // an earlier result (V2.13)
	SourceCommitment Source = "commitment" // 告知承诺, to be supplied by its deadline (P3.7)
	SourceTolerance  Source = "tolerance"  // 容缺, likewise
)

// Filing is one thing in an entry of the merged checklist of a case.
type Filing struct {
	ID       string    `json:"id"` // "fil_…"
	Case     string    `json:"case_id"`
	Material string    `json:"material"`
	Source   Source    `json:"source"`
	Document string    `json:"document_id,omitempty"`
	Result   string    `json:"result_id,omitempty"`
	Auto     bool      `json:"auto"`                 // filed by recognition, nobody has looked yet
	Sureness float64   `json:"confidence,omitempty"` // of the recognition
	Deadline time.Time `json:"deadline,omitzero"`    // of commitment and tolerance
	Signed   string    `json:"signed,omitempty"`     // document or e-signature of a commitment
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Removed  time.Time `json:"removed_at,omitzero"` // by hand, or replaced; kept for the trail
}

// The event types of cases.
const (
	EventCaseStarted   = "case.started"
	EventCaseSubmitted = "case.submitted"
	EventCaseFiled     = "case.filed" // something went into the checklist
	EventItemState     = "case_item.state"
	EventNoticeIssued  = "notice.issued"
	EventCatalogue     = "catalogue.published"
)
