package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval/catalogue"
	"onewindow/approval/progress"
	"onewindow/casework/certificates"
)

// generateRoutes make result documents from templates (V2.8): what is known stands
// in the form, the unit adds the rest, looks at the paper and publishes it.
func (s *pages) generateRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /case-items/{id}/generate", s.allowed(access.ItemDecide, s.generating))
	mux.HandleFunc("POST /case-items/{id}/generate", s.allowed(access.ItemDecide, s.does(deed{
		path: to("/v1/case-items/", "/results"), page: s.generating, back: to("/case-items/", ""), body: orderTyped})))
	mux.HandleFunc("POST /case-items/{id}/generate/preview", s.allowed(access.ItemDecide, s.previewGenerated))
}

// orderTyped is what the form says of the document.
func orderTyped(f form) any {
	values := map[string]string{}
	for name := range f.Values {
		if key, ok := strings.CutPrefix(name, "fields."); ok {
			values[key] = f.get(name)
		}
	}
	return map[string]any{"type": f.get("type"), "fields": values, "terms": f.lines("terms")}
}

// generateData is the form of a document to be made.
type generateData struct {
	certificates.Draft
	itemRow
	Types  []choice // that the item may produce
	Blanks []blankView
	Number string // as it will look, with a gap; "" where the unit types it
	May    bool   // in this state
}

// blankView is one field, with what is known and whence.
type blankView struct {
	Field  fieldView
	Whence string // in words, "" when nobody knows it
	Result string // the published result it was taken from, "" if from none
}

func (s *pages) generating(w http.ResponseWriter, r *http.Request) {
	it, _, err := s.itemSeen(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := generateData{itemRow: s.itemRow(it), May: it.State == progress.Accepted || it.State == progress.InProcessing}
	cat := s.Office.Edition(it.Edition, it.Division)
	of, _ := cat.Item(it.Item)
	for _, code := range of.Results {
		data.Types = append(data.Types, choice{code, cat.Name(code)})
	}
	kind := slipOf(r).Typed.Get("type")
	if kind == "" {
		kind = r.URL.Query().Get("type")
	}
	if kind == "" && len(of.Results) > 0 {
		kind = of.Results[0]
	}
	if err := s.ask(r, http.MethodGet, "/v1/case-items/"+part(it.ID)+"/result-form"+query("type", kind), nil, &data.Draft); err != nil {
		s.fail(w, r, err)
		return
	}
	data.Number = catalogue.NumberGap(data.Series)
	again := slipOf(r)
	for _, b := range data.Fields {
		if b.Key == data.Numbered && data.Series != "" {
			continue // it is numbered by itself
		}
		v := blankOf(b, data.Draft)
		v.Field.Value = again.Of(again.Form, v.Field.Name, v.Field.Value)
		v.Field.Wrong = again.In(again.Form, v.Field.Name)
		data.Blanks = append(data.Blanks, v)
	}
	s.render(w, r, statusOf(r), "generate", "生成审批成果", data)
}

func blankOf(b certificates.Blank, d certificates.Draft) blankView {
	f := fieldView{ID: "f-" + b.Key, Name: "fields." + b.Key, Label: b.Label, Kind: "text", Value: d.Values[b.Key], Hint: b.Unit, Required: b.Required}
	switch b.Type {
	case catalogue.TypeDate:
		f.Kind = "date"
	case catalogue.TypeArea:
		f.Hint, f.Mode = "㎡", "decimal"
	case catalogue.TypeEnum:
		f.Kind, f.Options = "select", []choice{{"", "请选择"}}
		for _, value := range b.Values {
			f.Options = append(f.Options, choice{value, value})
		}
	}
	v := blankView{Field: f}
	switch source := d.Sources[b.Key]; {
	case source == "project":
		v.Whence = "项目登记"
	case strings.HasPrefix(source, "res_"):
		v.Whence, v.Result = "已有审批成果", source
	}
	return v
}

// previewGenerated answers the paper as it would be, in a window of its own.
func (s *pages) previewGenerated(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
		return
	}
	pdf, err := s.hear(r, http.MethodPost, "/v1/case-items/"+part(r.PathValue("id"))+"/result-preview", orderTyped(form{r.PostForm, r}))
	var no *refusal
	if errors.As(err, &no) && no.Status == http.StatusUnprocessableEntity {
		again := slip{strings.TrimSuffix(r.URL.Path, "/preview"), r.PostForm, no.Fields}
		s.generating(w, r.WithContext(context.WithValue(r.Context(), slipKey{}, again)))
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Length", strconv.Itoa(len(pdf)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(pdf)
}
