package catalogue

// Catalogue is one version of the data. It is read-only after Load and safe for
// concurrent use.
type Catalogue struct {
	Version   string // as written in catalogue.yaml
	Effective string // first day on which new applications use it, YYYY-MM-DD
	Digest    string // "sha256-…" over all files, so that two differing copies of one version are told apart

	ProjectTypes []ProjectType
	Stages       []Stage
	Units        []Unit
	Materials    []Material
	Items        []Item
	ResultTypes  []ResultType
	CommonFields []Field // fields that most documents carry, with all their labels
	Flags        []Flag
	Notices      []Notice
	NoticeNumber string // how notices are numbered, in words
	Divisions    []Division
	Legacy       map[string]string // replaced division code -> code of today
	IssuerCodes  []Pair[string]    // 机关代字 met in document numbers -> issuer
	// ResultExcludes are words that never stand in the title of a result document.
	ResultExcludes []string
	Confusables    []Confusable
	LegalBases     []LegalBasis
	Questions      []Question // 常见问题

	// Overrides are what divisions do differently; the catalogue of one is For's.
	Overrides map[string]Override
	// Of the catalogue of one division: who leads and who answers there.
	LeadUnit             string
	General, Specialists map[string]Officer

	guides      map[string]rawGuide
	commonGuide rawGuide
	guideDraft  bool
	local       map[string]*Catalogue
	index       index
}

// ProjectType is a category of projects, e.g. GOV_B.
type ProjectType struct {
	Code   string `yaml:"-" json:"code"`
	Name   string `yaml:"name" json:"name"`
	Assist bool   `yaml:"assist" json:"assist"` // eligible for 帮办代办 (P5.1)
}

// Stage is one of the four 审批阶段.
type Stage struct {
	Code     string `yaml:"-" json:"code"` // S1…S4
	No       int    `yaml:"no" json:"no"`
	Name     string `yaml:"name" json:"name"`
	Exchange int    `yaml:"spgl_dybzspjdxh" json:"exchange"` // code in the national exchange tables
	LeadUnit string `yaml:"lead_unit" json:"lead_unit"`
	Evidence string `yaml:"ev" json:"-"`
}

// Unit is a business unit (业务单位), or the window itself.
type Unit struct {
	Code    string   `yaml:"-" json:"code"`
	Name    string   `yaml:"name" json:"name"` // without the division in front
	Short   string   `yaml:"short" json:"short"`
	Type    string   `yaml:"type" json:"type"` // "approval", "utility", "window"
	Utility string   `yaml:"utility" json:"utility,omitempty"`
	Aliases []string `yaml:"aliases" json:"aliases,omitempty"`
}

// Material is something a checklist asks for.
type Material struct {
	Code    string   `yaml:"-" json:"code"`
	Name    string   `yaml:"name" json:"name"`
	Aliases []string `yaml:"aliases" json:"aliases,omitempty"`
	// TitlePhrases stand in the title of such a document; any one is a strong
	// vote, the longest wins. Support are words that raise the score, Exclude
	// words that forbid this material when they stand in the title.
	TitlePhrases []string `yaml:"title_phrases" json:"title_phrases,omitempty"`
	Support      []string `yaml:"support" json:"support,omitempty"`
	Exclude      []string `yaml:"exclude" json:"exclude,omitempty"`
	Source       string   `yaml:"source" json:"source"`                   // applicant, form, third_party, result, external
	ResultDoc    string   `yaml:"result_doc" json:"result_doc,omitempty"` // the result type this material is
	// FieldsOf is the result type whose fields an application form shows before
	// it becomes one: of the form, none is required.
	FieldsOf string   `yaml:"fields_of" json:"fields_of,omitempty"`
	AnyOf    []string `yaml:"any_of" json:"any_of,omitempty"` // any one of these materials will do
}

// Item is a 办理事项.
type Item struct {
	Code       string   `yaml:"code" json:"code"`
	Name       string   `yaml:"name" json:"name"`
	Kind       string   `yaml:"kind" json:"kind"` // approval, filing, tech_review, public_service, registration, acceptance
	Unit       string   `yaml:"unit" json:"unit"`
	Stage      string   `yaml:"stage" json:"stage"`
	Scope      string   `yaml:"scope" json:"scope"`                   // "main", or "parallel": may be filed in any stage
	Gate       string   `yaml:"gate" json:"gate,omitempty"`           // item before whose completion a parallel item should be finished; warn, do not refuse
	MergedInto string   `yaml:"merged_into" json:"merged,omitempty"`  // handled together with that item
	Joint      bool     `yaml:"joint" json:"joint,omitempty"`         // part of the joint acceptance
	Types      []string `yaml:"types" json:"types"`                   // project types it concerns
	Days       Days     `yaml:"days" json:"days"`                     // limits
	Results    []string `yaml:"results" json:"results"`               // result types
	Printable  bool     `yaml:"printable" json:"printable"`           // P4.6: the applicant may print the result
	Commitment bool     `yaml:"commitment" json:"commitment"`         // P3.7: 告知承诺制 applies
	Fees       []Fee    `yaml:"fees" json:"fees,omitempty"`           // that may be due; the unit's notice says how much (G.11)
	Checklist  []Entry  `yaml:"materials" json:"checklist,omitempty"` // 统一受理材料清单
}

// Fee is what an applicant may have to pay for an item.
type Fee struct {
	Name  string `yaml:"name" json:"name"`
	Basis string `yaml:"basis" json:"basis"` // 收费依据
}

// Days are the limits of an item in working days, unless the evidence says
// calendar days.
type Days struct {
	Legal      *int   `yaml:"legal" json:"legal"` // 法定; nil when the law gives none
	LegalEv    string `yaml:"legal_ev" json:"-"`
	Promise    int    `yaml:"promise" json:"promise"` // 承诺; a default every city overwrites
	PromiseEv  string `yaml:"promise_ev" json:"-"`
	Supplement string `yaml:"note" json:"note,omitempty"`
}

// The requirement levels of a checklist entry.
const (
	Required    = "required"
	Conditional = "conditional"
	Optional    = "optional"
)

// Entry is one line of a checklist.
type Entry struct {
	Material    string     `json:"material"`
	Requirement string     `json:"requirement"`        // required, conditional, optional
	Form        string     `json:"form"`               // original, copy, either, electronic
	When        *Condition `json:"when,omitempty"`     // of a conditional entry
	Commit      bool       `json:"commit,omitempty"`   // 告知承诺 accepted
	Tolerance   int        `json:"tolerance_workdays"` // 容缺: may be supplied so many working days later
}

// Flag is an answer of the application form that conditions use.
type Flag struct {
	Code  string   `yaml:"-" json:"code"`
	Label string   `yaml:"label" json:"label"`
	Enum  []string `yaml:"enum" json:"enum,omitempty"` // nil means true or false
}

// Notice is the draft of a 文书 of the workflow; {…} in its texts are variables.
type Notice struct {
	Code        string
	Title       string
	Aliases     []string
	When        string // in words
	Requirement string // requirement IDs
	Fields      []string
	Columns     []string // of the table inside
	Reasons     []Pair[string]
	Body        string
	Commitment  string // commitment block of the acceptance notice (P3.7)
	Footer      string
	Exchange    int    // 办理状态 of the exchange tables, 0 for none
	Rule        string // what must not stand in it
}

// Confusable is a pair of materials that are easily taken for one another.
type Confusable struct {
	A    string `yaml:"a" json:"a"`
	B    string `yaml:"b" json:"b"`
	Rule string `yaml:"rule" json:"rule"`
}
