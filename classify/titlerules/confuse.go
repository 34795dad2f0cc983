package titlerules

import (
	"regexp"
	"strings"

	"onewindow/document"
)

// settle applies what tells apart papers with the same title (catalogue
// "confusables"). The number of a planning certificate names its kind even when
// the title was misread.
func (c *Classifier) settle(v *view, found []finding) []finding {
	for i := range found {
		f := &found[i]
		switch f.class.code {
		case "rd-completion-record", "completion-record":
			if !recorded.MatchString(v.text) {
				f.score *= 0.55
			}
		case "completion-form":
			if recorded.MatchString(v.text) {
				f.score *= 0.55
			}
		case "rd-eia-reply", "eia-reply", "rd-feasibility-reply", "feasibility-reply":
			if len(v.pages) > 0 && !dispatchNo.MatchString(v.text) && len(v.text) > 600 {
				f.score *= 0.9
			}
		}
		if k := f.class.kind; k != "" {
			if other := planningKind(v.text); other != "" && other != k {
				f.score *= 0.7
			}
		}
	}
	order(found)
	return found
}

// recorded tells the record from the form of the same title: the authority has
// written its number or its opinion.
var recorded = regexp.MustCompile(`(?:备案)?编号[:：]?[0-9A-Z〔\[(]{4}[0-9A-Z〔〕\[\]()号\-]{2,}|备案意见.{0,60}(?:收讫|同意备案|准予备案|予以备案)|竣工验收备案专用章`)

var dispatchNo = regexp.MustCompile(`[〔\[(](?:19|20)\d{2}[〕\])]第?\d{1,5}号`)

var planningPrefix = regexp.MustCompile(`([用地建乡核])字第\d{6}(?:19|20)\d{2}`)

// planningKind is the kind of the first planning number of the text. A document
// may cite others further down.
func planningKind(text string) string {
	if m := planningPrefix.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// Explain tells in one Chinese sentence why a document was not recognized.
func Explain(c document.Classification) string {
	if c.Recognized() {
		return strings.Join(c.Evidence, "；")
	}
	if len(c.RunnersUp) == 0 {
		return "首页没有找到任何已知文书的标题，请人工选择类型。"
	}
	return "把握不足，未自动归类；最接近的是“" + c.RunnersUp[0].Name + "”，请人工确认。"
}
