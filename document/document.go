package document

import (
	"time"
)

// ID names a document, e.g. "doc_01JDC…" (a ULID behind a prefix; sorts by time).
type ID string

// Receipt numbers a receipt given to the sender once the bytes are durable,
// e.g. "SJ202611230001". SJ is 收件.
type Receipt string

// Channel is the window a document came through (G.3).
type Channel string

// The two windows, and the units' own door.
const (
	ChannelVirtual  Channel = "virtual"  // 虚拟窗口: HTTP upload by an applicant
	ChannelPhysical Channel = "physical" // 实体窗口: scanned at a counter
	ChannelUnit     Channel = "unit"     // 业务单位: a unit scans or pushes its result
)

// Lane orders waiting work: a lane with people waiting goes first.
type Lane string

// The lanes, most urgent first.
const (
	LaneCounter Lane = "counter" // somebody is standing at the window
	LaneVirtual Lane = "virtual" // uploaded by an applicant or a unit
	LaneBulk    Lane = "bulk"    // archives, migrations, re-reading
)

// Role says what the sender means a file to be.
type Role string

// The roles of a file.
const (
	RoleAuto     Role = ""         // decide by its type: a result type is a result
	RoleMaterial Role = "material" // 申报材料: kept as it is, never watermarked
	RoleResult   Role = "result"   // 审批成果: confirmed, watermarked and published
)

// State is where a document is on its way. The comment says who moves it on.
type State string

// The states of a document.
const (
	StateReceived    State = "received"     // durable, receipt given; the pipeline moves it on
	StateInspecting  State = "inspecting"   // type, limits, damage, secrecy being checked; the pipeline moves it on
	StateReading     State = "reading"      // pages being recognized; the pipeline moves it on
	StateClassified  State = "classified"   // type decided, fields being extracted; the pipeline moves it on
	StateNeedsReview State = "needs_review" // a person must confirm or correct; ends with confirm or reject
	StateConfirmed   State = "confirmed"    // fields confirmed, stamping and publishing; the pipeline moves it on
	StateDone        State = "done"         // final: filed (material) or published (result)
	StateQuarantined State = "quarantined"  // suspected classified (G.8); only the security officer moves it
	StateRefused     State = "refused"      // final: cannot be read, reason given; original kept; may be retried or replaced
	StateFailed      State = "failed"       // a step gave up on our side; may be requeued
	StateRejected    State = "rejected"     // final: a person said no
	StateCancelled   State = "cancelled"    // final: withdrawn before the end
	StatePurged      State = "purged"       // final: classified, its bytes destroyed by the security officer (G.8)
	StateSplit       State = "split"        // final: a batch or an archive; its parts are documents of their own (P3.3)
)

// Final reports whether nothing more happens by itself.
func (s State) Final() bool {
	switch s {
	case StateDone, StateQuarantined, StateRefused, StateFailed, StateRejected, StateCancelled, StatePurged, StateSplit:
		return true
	}
	return false
}

// Document is one file that came through a door, and what is known of it.
type Document struct {
	ID         ID      `json:"id"`
	Receipt    Receipt `json:"receipt"`
	Original   Digest  `json:"original"`   // of the bytes as received, immutable
	Size       int64   `json:"size"`       // bytes
	Filename   string  `json:"filename"`   // as sent, for display only
	MediaType  string  `json:"media_type"` // from content, not from the name; "" until inspected
	Generation int     `json:"generation"` // 1, 2, … ; reprocessing starts a new one, earlier outputs stay
	State      State   `json:"state"`
	Origin     Origin  `json:"origin"`

	Pages          int            `json:"pages"`            // 0 until inspected
	PagesRead      int            `json:"pages_read"`       // progress of recognition
	Classification Classification `json:"classification"`   // zero until classified
	Fields         Fields         `json:"fields,omitempty"` // nil until extracted
	Findings       []Finding      `json:"findings,omitempty"`
	Refusal        *Refusal       `json:"error,omitempty"`       // set when refused or failed
	Publication    *Publication   `json:"publication,omitempty"` // set once fields are confirmed
	Version        int64          `json:"version"`               // counts changes, for compare-and-set

	ReceivedAt time.Time `json:"received_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// Publication fixes, at the moment of confirmation, everything that the stamp
// prints, so that stamping again gives the same bytes.
type Publication struct {
	ResultID    string    `json:"result_id"`
	Code        string    `json:"code"` // verification code, 12 characters
	Template    string    `json:"template,omitempty"`
	ConfirmedBy string    `json:"confirmed_by"`
	ConfirmedAt time.Time `json:"confirmed_at"`
}

// Origin is what the door knew of a file when it came.
type Origin struct {
	Channel  Channel `json:"channel"`
	Lane     Lane    `json:"lane"`
	Role     Role    `json:"role,omitempty"`
	Door     string  `json:"door"`               // "http", "hotfolder", "cli", "push"
	By       string  `json:"by,omitempty"`       // account or token
	Unit     string  `json:"unit,omitempty"`     // business unit code of the catalogue
	Division string  `json:"division,omitempty"` // GB/T 2260
	Hall     string  `json:"hall,omitempty"`     // 政务大厅
	Window   string  `json:"window,omitempty"`   // window number in the hall
	Project  string  `json:"project,omitempty"`  // 项目代码
	Case     string  `json:"case,omitempty"`     // 办件编号
	// Folder is what a hot folder's file lay in when that names no case: a clerk
	// must say where it belongs.
	Folder    string `json:"folder,omitempty"`
	Item      string `json:"item,omitempty"`      // item code of the catalogue
	Material  string `json:"material,omitempty"`  // checklist entry the sender chose
	Confirm   bool   `json:"confirm,omitempty"`   // the sender vouches for the fields if they are valid
	Supersede string `json:"supersede,omitempty"` // result this one replaces
	Engine    string `json:"engine,omitempty"`    // OCR engine asked for, "" is the configured one
	Trace     string `json:"trace,omitempty"`     // trace that its door began (W3C traceparent)
	// Released is the security officer who decided that the file is not
	// classified; the secrecy screening then lets it pass (G.8).
	Released string `json:"released_by,omitempty"`
	// Starts are pages, in order and after the first, on which a person says that
	// another paper begins: the file is taken apart there.
	Starts []int `json:"starts,omitempty"`
	// Joined are the documents whose pages this one shows, in order, where a person
	// joined several into one; JoinedInto is the one they were joined into.
	Joined     []ID `json:"joined,omitempty"`
	JoinedInto ID   `json:"joined_into,omitempty"`
	// Batch is what the document was taken out of; nil for a file as it came.
	Batch *PartOf `json:"batch,omitempty"`
}

// Sources are the documents that show the same pages: what this one was taken out of,
// or joined from. What is classified here is classified there (G.8).
func (o Origin) Sources() []ID {
	if o.Batch != nil {
		return append([]ID{o.Batch.Document}, o.Joined...)
	}
	return o.Joined
}

// PartOf is where a part comes from: pages of a scanned batch, or a file in an
// archive. The whole is kept as it came.
type PartOf struct {
	Document ID      `json:"document_id"` // of the whole
	Receipt  Receipt `json:"receipt"`
	Original Digest  `json:"original"`
	First    int     `json:"first_page,omitempty"` // of the whole, counted from 1; 0 for a file in an archive
	Last     int     `json:"last_page,omitempty"`
	Entry    string  `json:"entry,omitempty"` // name in the archive
	// Sheet is the cover sheet that lay before the pages; nil for none.
	Sheet *Sheet `json:"sheet,omitempty"`
	// Blank is how many of the pages have no print.
	Blank int `json:"blank_pages,omitempty"`
}
