package approval

import (
	"strings"
	"time"

	"onewindow/document"
)

// Mode is how a result came into being (V2.8–V2.10).
type Mode string

// The three result modes.
const (
	ModeGenerated Mode = "generated" // e-document made here from result data (V2.8)
	ModePushed    Mode = "pushed"    // e-certificate pushed by a unit's own system (V2.9)
	ModeScanned   Mode = "scanned"   // scan of a paper result, watermarked (V2.10, V2.12)
)

// Status is where a result version stands. The comment says who moves it on.
type Status string

// The states of a result version.
const (
	StatusPublished  Status = "published"  // may be relied on; moves on by supersede or revoke
	StatusSuperseded Status = "superseded" // final: a newer version took its place
	StatusRevoked    Status = "revoked"    // final: withdrawn by its unit, with a reason
)

// Result is one published version of an approval result (审批成果): the file, its
// confirmed data and its standing. Versions of one result share a Lineage.
type Result struct {
	ID       string `json:"id"`      // "res_…", one per version
	Lineage  string `json:"lineage"` // ID of the first version
	Version  int    `json:"version"` // 1, 2, …
	Type     string `json:"type"`    // result type, rd-…
	TypeName string `json:"type_name"`
	Mode     Mode   `json:"mode"`
	Status   Status `json:"status"`

	Document   document.ID     `json:"document_id"`
	Generation int             `json:"generation"`
	Original   document.Digest `json:"original"`  // of the bytes as received
	Delivered  document.Digest `json:"delivered"` // of the file that others fetch
	Size       int64           `json:"size"`      // bytes of the delivered file
	MediaType  string          `json:"media_type"`
	Pages      int             `json:"pages"`
	Template   string          `json:"template,omitempty"` // watermark template id and version; "" when not stamped
	Form       string          `json:"form,omitempty"`     // catalogue version of the template a generated document was made from (V2.8)
	Terms      []string        `json:"terms,omitempty"`    // conditions in free text on a generated document
	Signed     bool            `json:"signed,omitempty"`   // the original carries digital signatures

	Project     string `json:"project,omitempty"` // 项目代码
	ProjectName string `json:"project_name,omitempty"`
	Item        string `json:"item,omitempty"` // producing item of the catalogue
	Case        string `json:"case,omitempty"`
	Unit        string `json:"unit,omitempty"` // issuing business unit of the catalogue
	Division    string `json:"division,omitempty"`
	Number      string `json:"number,omitempty"` // 证号 / 文号
	Title       string `json:"title"`
	Issuer      string `json:"issuer,omitempty"`     // as printed
	IssueDate   string `json:"issue_date,omitempty"` // YYYY-MM-DD
	ValidUntil  string `json:"valid_until"`          // YYYY-MM-DD, NoExpiry when none
	Positive    bool   `json:"positive"`             // false for 不合格 / 不通过

	Fields      document.Fields `json:"fields"`
	ConfirmedBy string          `json:"confirmed_by"`
	ConfirmedAt time.Time       `json:"confirmed_at"`
	Code        string          `json:"verification_code"`  // 12 characters without dashes
	ECertID     string          `json:"ecert_id,omitempty"` // 证照标识, pushed certificates
	PublishedAt time.Time       `json:"published_at"`
	Supersedes  string          `json:"supersedes,omitempty"`
	EndedAt     *time.Time      `json:"ended_at,omitempty"` // superseded or revoked
	EndedBy     string          `json:"ended_by,omitempty"`
	EndReason   string          `json:"end_reason,omitempty"`
	Successor   string          `json:"successor,omitempty"` // ID of the version that superseded it
}

// DeliversOriginal reports whether the delivered file is the original itself: an
// e-certificate that was pushed or made here, which nothing is stamped on (V2.8,
// W9).
func (r Result) DeliversOriginal() bool { return r.Mode == ModePushed || r.Mode == ModeGenerated }

// NoExpiry is the valid_until of a result without one (SPGL convention).
const NoExpiry = "9999-01-01"

// UsableOn reports whether the result may be a basis on a day (YYYY-MM-DD,
// Asia/Shanghai), and if not, why: "superseded", "revoked", "expired" or
// "negative" (result-documents.yaml: published, not revoked, conclusion
// positive, valid_until >= today).
func (r Result) UsableOn(day string) (bool, string) {
	switch {
	case r.Status != StatusPublished:
		return false, string(r.Status)
	case !r.Positive:
		return false, "negative"
	case r.ValidUntil != "" && r.ValidUntil < day:
		return false, "expired"
	}
	return true, ""
}

// Reliance records that an item relied on a result version (V2.13, A9).
type Reliance struct {
	ID       string     `json:"id"`
	Result   string     `json:"result_id"`
	Version  int        `json:"version"`
	Project  string     `json:"project"`
	Item     string     `json:"item"`
	Material string     `json:"material"`
	Case     string     `json:"case,omitempty"`
	By       string     `json:"by"`
	At       time.Time  `json:"at"`
	Flag     string     `json:"flag,omitempty"` // "revoked" or "superseded" once the version ended
	FlagAt   *time.Time `json:"flagged_at,omitempty"`
}

// Project is a construction project as far as results tell of it.
type Project struct {
	Code    string    `json:"code"` // 项目代码
	Name    string    `json:"name"`
	Builder string    `json:"builder,omitempty"`
	Created time.Time `json:"created_at"`
}

// Event is one thing that happened, told to other parts and other systems
// through the outbox. Seq grows without gaps in commit order.
type Event struct {
	Seq      int64             `json:"seq"`
	At       time.Time         `json:"at"`
	Type     string            `json:"type"` // e.g. "document.received", "result.published"
	Document document.ID       `json:"document_id,omitempty"`
	Result   string            `json:"result_id,omitempty"`
	Project  string            `json:"project,omitempty"`
	Unit     string            `json:"unit,omitempty"`
	Data     map[string]string `json:"data,omitempty"`
}

// Concerns reports whether a unit is told of an event. Results and reliances
// concern everybody who may rely on them; what happens to a document or a case
// is told to its own unit.
func (e Event) Concerns(unit string) bool {
	if strings.HasPrefix(e.Type, "result.") || strings.HasPrefix(e.Type, "basis.") {
		return true
	}
	return e.Unit != "" && e.Unit == unit
}

// The event types.
const (
	EventReceived    = "document.received"
	EventStepDone    = "step.done"
	EventStepFailed  = "step.failed"
	EventState       = "document.state"
	EventQuarantined = "document.quarantined"
	EventPublished   = "result.published"
	EventSuperseded  = "result.superseded"
	EventRevoked     = "result.revoked"
	EventLinked      = "result.linked" // a result without a project was given one
	EventRelied      = "basis.relied"
	EventFlagged     = "basis.flagged"
)
