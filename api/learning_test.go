package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onewindow/casework/learning"
	"onewindow/document"
	"onewindow/storage"
)

// contact is a form of this city that no rule knows: 项目服务联系单, used here as the
// power of attorney. Each has its own names.
func contact(t *testing.T, n int) string {
	t.Helper()
	lines := []string{"项目服务联系单", fmt.Sprintf("联系单位：湖南星湖%d置业有限公司", n), "现委派下列人员办理本项目的服务联系事宜：",
		fmt.Sprintf("联系人：%s某　电话：0731-8%06d", string([]rune("王李张刘陈杨黄赵周吴")[n%10]), n), "联系事项：报建手续的递交、领取与签收。"}
	page := document.Page{Number: 1, Width: 1240, Height: 1754, Confidence: 0.99}
	for i, l := range lines {
		size := 30.0
		if i == 0 {
			size = 60
		}
		page.Lines = append(page.Lines, document.Line{Text: l, Confidence: 0.99, Box: document.Box{200, float64(200 + 100*i), 900, float64(200+100*i) + size}})
	}
	return pagesFile(t, []document.Page{page})
}

// contacted hands such a form in and returns what became of it.
func (h *house) contacted(n int) document.Document {
	h.t.Helper()
	id := h.send("applicant", contact(h.t, n), field("as", "material"), field("project", project.Code))
	h.work()
	return h.document(id)
}

// decides lets a clerk say what a form is.
func (h *house) decides(d document.Document, code string) {
	h.t.Helper()
	h.ask("clerk", "POST", "/v1/documents/"+string(d.ID)+"/confirm", map[string]any{"type": code}).want(http.StatusOK)
}

func (h *house) learning(method, path string, body any) (s learning.State) {
	h.t.Helper()
	h.ask("admin", method, "/v1/learning"+path, body).want(http.StatusOK).into(&s)
	return s
}

// TestLearning_FromCorrectionsToDecisionsAndBack: what people say again and again is
// learned, decides only after it was evaluated on later decisions, and is taken back
// at once.
func TestLearning_FromCorrectionsToDecisionsAndBack(t *testing.T) {
	h := openHouse(t)
	const code = "power-of-attorney"
	if wrong := h.ask("admin", "POST", "/v1/learning/models", nil).want(http.StatusUnprocessableEntity).body; !strings.Contains(string(wrong), "还没有经人工确认的文件") {
		t.Errorf("training on nothing says %s", wrong)
	}
	for n := range 5 {
		d := h.contacted(n)
		if d.Classification.Recognized() {
			t.Fatalf("the rules know the form: %+v", d.Classification)
		}
		h.decides(d, code)
	}
	var m learning.Model
	h.ask("admin", "POST", "/v1/learning/models", nil).want(http.StatusCreated).into(&m)
	if m.Version != 1 || m.Lessons != 5 {
		t.Fatalf("trained %+v", m)
	}
	if d := h.contacted(5); d.Classification.Recognized() {
		t.Errorf("a model that nobody promoted decided: %+v", d.Classification)
	}

	// It is judged by what people decide later, and by enough of it.
	promote := func() reply { return h.ask("admin", "POST", "/v1/learning/models/1/promote", nil) }
	if got := string(promote().want(http.StatusUnprocessableEntity).body); !strings.Contains(got, "还没有试运行评估") {
		t.Errorf("promoting unseen says %s", got)
	}
	var r learning.Report
	h.ask("admin", "POST", "/v1/learning/models/1/evaluate", nil).want(http.StatusOK).into(&r)
	if r.With.Judged != 0 {
		t.Errorf("judged by what it was trained on: %+v", r)
	}
	if got := string(promote().want(http.StatusUnprocessableEntity).body); !strings.Contains(got, "至少需要 30 份") {
		t.Errorf("promoting on too little says %s", got)
	}
	for n := 10; n < 40; n++ {
		h.decides(h.contacted(n), code)
	}
	h.ask("admin", "POST", "/v1/learning/models/1/evaluate", nil).want(http.StatusOK).into(&r)
	if r.With.Judged != 30 || r.Now.Answered != 0 || r.With.Right < 28 || r.With.Right != r.With.Answered {
		t.Errorf("in shadow %+v", r)
	}
	promote().want(http.StatusOK)

	d := h.contacted(41)
	c := d.Classification
	if c.Code != code || !strings.HasSuffix(c.By, "+learned/1") || c.Confidence < 0.9 {
		t.Fatalf("after promotion the form is %+v", c)
	}
	if said := strings.Join(c.Evidence, ""); !strings.Contains(said, "第1页“项目服务联系单”") || !strings.Contains(said, "人工确认的5份") {
		t.Errorf("evidence %q", c.Evidence)
	}

	// A threshold sends the type to a person; the default lets it through again.
	if bad := h.ask("admin", "PUT", "/v1/learning/thresholds/"+code, map[string]any{"threshold": 0.2}).want(http.StatusUnprocessableEntity).wrong(); bad["body.threshold"] == "" && bad["threshold"] == "" {
		t.Errorf("a threshold of 0.2 says %v", bad)
	}
	h.learning("PUT", "/thresholds/"+code, map[string]any{"threshold": 1})
	if d := h.contacted(42); d.Classification.Recognized() || d.State != document.StateNeedsReview {
		t.Errorf("above its threshold %+v", d.Classification)
	}
	h.learning("PUT", "/thresholds/"+code, map[string]any{"threshold": 0})
	if d := h.contacted(43); d.Classification.Code != code {
		t.Errorf("with the default again %+v", d.Classification)
	}
	s := h.learning("POST", "/measure", nil)
	if s.Types == nil || len(s.Types.Types) != 1 || s.Types.Types[0].Code != code || s.Types.Types[0].Precision != 1 || s.Types.Types[0].Coverage < 0.9 {
		t.Errorf("measured %+v", s.Types)
	}

	if s := h.learning("POST", "/rollback", nil); s.Deciding != 0 {
		t.Errorf("rolled back to %d", s.Deciding)
	}
	if d := h.contacted(44); d.Classification.Recognized() {
		t.Errorf("after the rollback %+v", d.Classification)
	}
	h.ask("admin", "POST", "/v1/learning/rollback", nil).want(http.StatusConflict)
	for action, want := range map[string]int{"learning.train": 1, "learning.evaluate": 2, "learning.promote": 1, "learning.threshold": 2, "learning.rollback": 1} {
		if n := h.audits("learning", action); n != want {
			t.Errorf("%d rows of %s, want %d", n, action, want)
		}
	}
}

// TestLearning_ClassifiedPapersTeachNothing: what is quarantined leaves nothing.
func TestLearning_ClassifiedPapersTeachNothing(t *testing.T) {
	h := openHouse(t)
	h.decides(h.contacted(1), "power-of-attorney")
	d := h.contacted(2)
	h.decides(d, "power-of-attorney")
	state := document.StateQuarantined
	if _, _, err := h.records.Apply(t.Context(), d.ID, h.document(d.ID).Version, patchState(state)); err != nil {
		t.Fatal(err)
	}
	var m learning.Model
	h.ask("admin", "POST", "/v1/learning/models", nil).want(http.StatusCreated).into(&m)
	if m.Lessons != 1 {
		t.Errorf("%d lessons, want that of the open paper alone", m.Lessons)
	}
}

func patchState(s document.State) storage.Change {
	return storage.Change{Patch: storage.DocumentPatch{State: &s}}
}
