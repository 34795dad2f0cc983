package pipeline

import (
	"testing"

	"onewindow/document"
)

// TestV2_11_WhoMustLook lists which results pass by themselves.
func TestV2_11_WhoMustLook(t *testing.T) {
	sure := document.Field{Value: "x", Confidence: 0.99, Valid: true}
	vague := document.Field{Value: "x", Confidence: 0.6, Valid: true}
	mended := document.Field{Value: "x", Confidence: 0.99, Valid: true, Repaired: true}
	known := document.Classification{Code: "rd-x", Confidence: 0.95}
	hint := document.Finding{Code: "signed", Severity: "info", Message: "带签名"}
	warning := document.Finding{Code: "date_order", Severity: "warning", Message: "日期早于"}
	contradiction := document.Finding{Code: "project_code_differs", Severity: "error", Message: "项目代码不一致"}
	unread := document.Finding{Code: unreadablePage, Severity: "warning", Message: "第 2 页无法识别"}
	coarse := document.Finding{Code: lowResolution, Severity: "warning", Message: "第 1 页清晰度不足，请重新扫描"}
	advised := document.Finding{Code: "coarse", Severity: "warning", Message: "第 1 页清晰度偏低"}
	for _, c := range []struct {
		name          string
		class         document.Classification
		field         document.Field
		missing       []string
		findings      []document.Finding
		all, doubtful bool // passes under the policy
		vouched       bool // passes under either when the sender vouches for it
	}{
		{name: "all well", class: known, field: sure, doubtful: true, vouched: true},
		{name: "a hint", class: known, field: sure, findings: []document.Finding{hint}, doubtful: true, vouched: true},
		{name: "type not certain", class: document.Classification{Code: "rd-x", Confidence: 0.79}, field: sure, vouched: true},
		{name: "type unknown", class: document.Classification{}, field: sure},
		{name: "field vague", class: known, field: vague, vouched: true},
		{name: "field mended", class: known, field: mended, vouched: true},
		{name: "field missing", class: known, field: sure, missing: []string{"doc_no"}},
		{name: "a warning", class: known, field: sure, findings: []document.Finding{warning}, vouched: true},
		{name: "a contradiction", class: known, field: sure, findings: []document.Finding{contradiction}},
		{name: "a scan below 150 dpi", class: known, field: sure, findings: []document.Finding{coarse}},
		{name: "a scan below 200 dpi", class: known, field: sure, findings: []document.Finding{advised}, doubtful: true, vouched: true},
		{name: "a page nobody read", class: known, field: sure, findings: []document.Finding{unread}},
	} {
		for policy, want := range map[ReviewPolicy]bool{ReviewAll: c.all, ReviewDoubtful: c.doubtful} {
			doc := document.Document{Classification: c.class, Fields: document.Fields{"f": c.field}, Origin: document.Origin{By: "acc_1"}}
			v := policy.reviewResult(doc, c.missing, c.findings)
			if v.pass != want || v.pass && v.by != PolicyConfirmer || !v.pass && len(v.why) == 0 {
				t.Errorf("%s, policy %s: %+v, want pass %v", c.name, policy, v, want)
			}
			doc.Origin.Confirm = true
			v = policy.reviewResult(doc, c.missing, c.findings)
			if v.pass != c.vouched || v.pass && v.by != "acc_1" || !v.pass && len(v.why) == 0 {
				t.Errorf("%s, policy %s, vouched for: %+v, want pass %v", c.name, policy, v, c.vouched)
			}
		}
	}
}

// TestReview_Materials are filed when their type is certain and all was read.
func TestReview_Materials(t *testing.T) {
	unread := []document.Finding{{Code: unreadablePage, Message: "第 2 页无法识别"}}
	coarse := []document.Finding{{Code: lowResolution, Message: "第 1 页清晰度不足，请重新扫描"}}
	for _, c := range []struct {
		confidence     float64
		code           string
		findings       []document.Finding
		confirm, passe bool
	}{
		{0.9, "m", nil, false, true}, {0.7, "m", nil, false, false}, {0.7, "m", nil, true, true},
		{0, "", nil, false, false}, {0, "", nil, true, false}, {0.9, "m", unread, true, false}, {0.9, "m", unread, false, false},
		{0.9, "m", coarse, true, false}, {0.9, "m", coarse, false, false},
	} {
		doc := document.Document{Classification: document.Classification{Code: c.code, Confidence: c.confidence}, Origin: document.Origin{Confirm: c.confirm}}
		if v := reviewMaterial(doc, c.findings); v.pass != c.passe || !v.pass && len(v.why) == 0 {
			t.Errorf("%+v: %+v", c, v)
		}
	}
}

// TestReview_SaysEachReasonOnce to whoever must look.
func TestReview_SaysEachReasonOnce(t *testing.T) {
	said := []document.Finding{{Code: "date_order", Message: "日期早于"}}
	got := reasons([]string{"日期早于", "文书类型把握不足"}, said)
	if len(got) != 1 || got[0].Message != "文书类型把握不足" {
		t.Errorf("%+v", got)
	}
}
