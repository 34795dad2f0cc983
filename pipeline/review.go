package pipeline

import (
	"slices"

	"onewindow/document"
)

// ReviewPolicy says which results a person must confirm before they are
// published (V2.11). The sender of a file may vouch for it with Origin.Confirm.
type ReviewPolicy string

// The policies.
const (
	// ReviewAll: every result waits for a person.
	ReviewAll ReviewPolicy = "all"
	// ReviewDoubtful: results whose type is certain and whose every required
	// field is valid and read with confidence pass; the others wait. The fields
	// then name the policy as their confirmer.
	ReviewDoubtful ReviewPolicy = "doubtful"
)

// Thresholds of ReviewDoubtful.
const (
	sureType  = 0.80
	sureField = 0.70
)

// PolicyConfirmer is who confirmed the fields of a result that a policy let pass.
const PolicyConfirmer = "policy:doubtful"

// verdict is what review decided.
type verdict struct {
	pass bool
	by   string   // confirmer when it passes
	why  []string // Chinese reasons when it waits
}

// reviewResult decides on a result document.
func (p ReviewPolicy) reviewResult(doc document.Document, missing []string, findings []document.Finding) verdict {
	var why []string
	if !doc.Classification.Recognized() {
		why = append(why, "未能识别文书类型，请人工选择")
	}
	if len(missing) > 0 {
		why = append(why, "必填成果数据缺失或未通过校验")
	}
	why = append(why, stops(findings)...)
	if len(why) > 0 {
		return verdict{why: why}
	}
	if doc.Origin.Confirm {
		return verdict{pass: true, by: confirmer(doc)}
	}
	if p == ReviewAll {
		return verdict{why: []string{"成果数据待业务单位确认"}}
	}
	why = append(why, doubts(doc, findings)...)
	return verdict{pass: len(why) == 0, by: PolicyConfirmer, why: why}
}

// stops are the findings that nobody may vouch for unseen: a page that nobody
// read (nor screened for secrecy), one too coarse to be relied on, and data that
// contradicts what is known.
func stops(findings []document.Finding) []string {
	var why []string
	for _, f := range findings {
		if mustLook(f) || f.Severity == "error" {
			why = append(why, f.Message)
		}
	}
	return why
}

func mustLook(f document.Finding) bool {
	switch f.Code {
	case unreadablePage, lowResolution, codePages, codeUncut, codeSeveral:
		return true
	}
	return false
}

func doubts(doc document.Document, findings []document.Finding) []string {
	var why []string
	if doc.Classification.Confidence < sureType {
		why = append(why, "文书类型把握不足")
	}
	for _, f := range doc.Fields {
		if f.Confidence < sureField || f.Repaired {
			why = append(why, "部分成果数据识别把握不足")
			break
		}
	}
	for _, f := range findings {
		if f.Severity != "info" && !slices.Contains(advice, f.Code) {
			why = append(why, f.Message)
		}
	}
	return why
}

// reviewMaterial decides on an applicant's material: it is filed when its type
// is certain and every page could be read, whatever its fields.
func reviewMaterial(doc document.Document, findings []document.Finding) verdict {
	c := doc.Classification
	for _, f := range findings {
		if mustLook(f) {
			return verdict{why: []string{f.Message}}
		}
	}
	if c.Recognized() && c.Confidence >= sureType || doc.Origin.Confirm && c.Recognized() {
		return verdict{pass: true, by: confirmer(doc)}
	}
	if !c.Recognized() {
		return verdict{why: []string{"未能识别材料类型，请人工归类"}}
	}
	return verdict{why: []string{"材料类型把握不足，请人工确认"}}
}

// doubtful is the error class of a value that was read without confidence.
const doubtful = "doubtful"

// disown marks the doubtful values of a material that nobody looked at: it is
// filed by its type, and no later check may rely on them.
func disown(fields document.Fields) {
	for key, f := range fields {
		if f.Valid && (f.Confidence < sureField || f.Repaired) {
			f.Valid, f.Error = false, doubtful
			fields[key] = f
		}
	}
}

func confirmer(doc document.Document) string {
	if doc.Origin.Confirm && doc.Origin.By != "" {
		return doc.Origin.By
	}
	return PolicyConfirmer
}
