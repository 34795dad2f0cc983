package identifier

import (
	"sort"
	"time"
)

// The names of the validators, as used in the `validate` and `validator`
// entries of the catalogue.
const (
	USCC           = "uscc"            // 统一社会信用代码 GB 32100-2015
	CitizenID      = "citizen_id"      // 公民身份号码 GB 11643-1999
	ProjectCode    = "project_code"    // 项目代码 GB/T 40058-2021, and the scheme before it
	PermitNo       = "permit_no"       // 施工许可证编号, 18 digits
	PlanningNo     = "planning_no"     // 用字第/地字第/建字第/乡字第…号
	RealEstateUnit = "realestate_unit" // 不动产单元代码 GB/T 37346-2019
	RealEstateCert = "realestate_cert" // 不动产权证号
	Division       = "division"        // 行政区划代码 GB/T 2260
	Secrecy        = "secrecy"         // 密级标志 GB/T 9704-2012
	SecrecyPage    = "secrecy_page"    // does the head of a page look classified?
	DocNo          = "doc_no"          // 发文字号 GB/T 9704-2012 7.2.5
	FreeDocNo      = "free_doc_no"     // local document numbers as printed
	EMS            = "ems"             // EMS 单号, UPU S10 or domestic
	ECertID        = "ecert_id"        // 电子证照标识 GB/T 36904-2018
	DocDate        = "doc_date"        // a date on a document
)

// The error classes a Verdict can carry. Which of them a validator uses stands
// in its comment.
const (
	ErrUnknown   = "unknown_validator"
	ErrFormat    = "format"
	ErrLength    = "length"
	ErrCharset   = "charset"
	ErrCheck     = "check"
	ErrDate      = "date"
	ErrBirthdate = "birthdate"
	ErrYear      = "year"
	ErrTime      = "time"
	ErrDept      = "dept"
	ErrSeq       = "seq"
	ErrType      = "type"
	ErrKind      = "kind"
	ErrFixture   = "fixture"
	ErrNoFixture = "nofixture"
	ErrTerm      = "term"
	ErrPadded    = "padded"
	ErrRoot      = "root"
	ErrVersion   = "version"
	ErrProvince  = "province"
	ErrNone      = "none"
)

// Verdict is the answer of a validator.
type Verdict struct {
	Valid    bool     `json:"valid"`
	Error    string   `json:"error,omitempty"` // error class when not valid
	Value    string   `json:"value"`           // normal form; the folded input when not valid
	Warnings []string `json:"warnings,omitempty"`
}

// check is one validator. in is folded (see Fold); now is the day it is judged on.
type check func(in string, now time.Time) Verdict

// checks is the table of validators. It never changes.
var checks = map[string]check{
	USCC:           checkUSCC,
	CitizenID:      checkCitizenID,
	ProjectCode:    checkProjectCode,
	PermitNo:       checkPermitNo,
	PlanningNo:     checkPlanningNo,
	RealEstateUnit: checkRealEstateUnit,
	RealEstateCert: checkRealEstateCert,
	Division:       checkDivision,
	Secrecy:        checkSecrecy,
	SecrecyPage:    checkSecrecyPage,
	DocNo:          checkDocNo,
	FreeDocNo:      checkFreeDocNo,
	EMS:            checkEMS,
	ECertID:        checkECertID,
	DocDate:        checkDate,
}

// china is the zone that documents are dated in; without daylight saving it needs
// no time zone files.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)

// Validate judges input by the named validator as of today. An unknown name
// gives ErrUnknown.
func Validate(name, input string) Verdict { return ValidateAt(name, input, time.Now()) }

// ValidateAt judges input as of now: dates of birth and of documents may not lie
// after it.
func ValidateAt(name, input string, now time.Time) Verdict {
	c, ok := checks[name]
	if !ok {
		return Verdict{Error: ErrUnknown, Value: input}
	}
	in := Fold(input)
	if name == SecrecyPage { // its input is a page: line breaks matter
		in = input
	}
	return c(in, now)
}

// Known reports whether a validator of that name exists.
func Known(name string) bool { _, ok := checks[name]; return ok }

// HasCheckDigit reports validators whose check digit proves every other
// character: credit codes (GB 32100), citizens' numbers (GB 11643), numbers of
// electronic certificates (GB/T 36904). The older scheme of project codes has none.
func HasCheckDigit(name string) bool {
	return name == USCC || name == CitizenID || name == ECertID
}

// Names lists the validators in alphabetical order.
func Names() []string {
	names := make([]string, 0, len(checks))
	for n := range checks {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func good(value string, warnings ...string) Verdict {
	return Verdict{Valid: true, Value: value, Warnings: warnings}
}

func bad(class, value string) Verdict { return Verdict{Error: class, Value: value} }
