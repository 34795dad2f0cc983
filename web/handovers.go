package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/progress"
	"onewindow/casework/issuance"
	"onewindow/storage"
)

func (s *pages) handoverRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /handovers", s.allowed(access.HandoverRead, s.handovers))
	mux.HandleFunc("POST /handovers", s.allowed(access.HandoverSend, s.does(deed{path: always("/v1/handovers"), back: always("/handovers"), page: s.handovers, body: handedOver})))
	mux.HandleFunc("POST /handovers/{id}/receive", s.allowed(access.HandoverReceive, s.does(deed{path: to("/v1/handovers/", "/receive"), back: always("/handovers")})))
}

// handedOver are the ticked originals with their copies and pages.
func handedOver(f form) any {
	lines := []map[string]any{}
	for _, id := range f.Values["item"] {
		copies, _ := strconv.Atoi(f.get("copies." + id)) // 0 is refused with a word for people
		pages, _ := strconv.Atoi(f.get("pages." + id))
		lines = append(lines, map[string]any{"case_item": id, "name": f.get("name." + id), "number": f.get("number." + id), "copies": copies, "pages": pages})
	}
	return map[string]any{"hall": f.get("hall"), "lines": lines}
}

// handoverRow is one list of originals.
type handoverRow struct {
	registerEntry
	Handover   issuance.Handover `json:"handover"`
	MayReceive bool              `json:"-"`
}

// handoversData are the lists, and for a unit what it may put on a new one.
type handoversData struct {
	Rows    []handoverRow
	Tabs    []tab
	Sends   bool
	Waiting []originalRow // completed, and not handed over yet
	Halls   []choice
	Wrong   []string
}

// originalRow is a result whose original the unit still has.
type originalRow struct {
	Item, Case, Name, Number, Hall string
}

func (s *pages) handovers(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	open := r.URL.Query().Get("tab") == ""
	data := handoversData{Sends: who.May(access.HandoverSend) && who.Unit != "",
		Tabs: []tab{{Text: "待签收", Path: "/handovers", Current: open}, {Text: "已签收", Path: "/handovers?tab=received", Current: !open}}}
	var got struct{ Handovers []handoverRow }
	if err := s.ask(r, http.MethodGet, "/v1/handovers"+query("limit", listed), nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	for _, row := range got.Handovers {
		if (row.State == issuance.Sent) == open {
			row.MayReceive = row.State == issuance.Sent && who.May(access.HandoverReceive)
			data.Rows = append(data.Rows, row)
		}
	}
	if data.Sends {
		var err error
		if data.Waiting, err = s.originals(r, got.Handovers); err != nil {
			s.fail(w, r, err)
			return
		}
		if data.Halls, err = s.halls(r); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	data.Wrong = sortedTexts(slipOf(r).Wrong)
	s.render(w, r, statusOf(r), "handovers", "转交清单", data)
}

// originals are the completed items of the unit whose papers no list names.
func (s *pages) originals(r *http.Request, sent []handoverRow) ([]originalRow, error) {
	who, _ := whoOf(r.Context())
	items, err := s.Records.ListCaseItems(r.Context(), storage.ItemQuery{Unit: who.Unit, Division: who.Division, Limit: 200,
		States: []progress.State{progress.CompletedApproved, progress.CompletedTolerated}})
	if err != nil {
		return nil, err
	}
	var out []originalRow
	for _, it := range items {
		on := func(h handoverRow) bool {
			return slices.ContainsFunc(h.Handover.Lines, func(l issuance.HandoverLine) bool { return l.CaseItem == it.ID })
		}
		if it.Mode == approval.ModeGenerated || it.Mode == approval.ModePushed || slices.ContainsFunc(sent, on) {
			continue // there is no paper, or it has left
		}
		k, err := s.Records.Case(r.Context(), it.Case)
		if err != nil {
			return nil, err
		}
		row := originalRow{Item: it.ID, Case: it.Number, Name: s.nameOr(it.Item), Hall: k.Hall}
		if len(it.Results) > 0 {
			res, err := s.Records.Result(r.Context(), it.Results[0])
			if err != nil {
				return nil, err
			}
			row.Name, row.Number = res.TypeName, res.Number
		}
		out = append(out, row)
	}
	return out, nil
}

// halls are those of the organisation, by code and name; none for whoever may not
// know them.
func (s *pages) halls(r *http.Request) ([]choice, error) {
	if who, _ := whoOf(r.Context()); !who.May(access.OrganisationRead) {
		return nil, nil
	}
	var got struct{ Halls []struct{ Code, Name string } }
	if err := s.ask(r, http.MethodGet, "/v1/halls", nil, &got); err != nil {
		return nil, err
	}
	var out []choice
	for _, h := range got.Halls {
		out = append(out, choice{h.Code, h.Name})
	}
	return out, nil
}

// sortedTexts are the distinct texts of what is wrong.
func sortedTexts(wrong map[string]string) []string {
	var out []string
	for _, key := range sortedKeys(wrong) {
		if !slices.Contains(out, wrong[key]) {
			out = append(out, strings.TrimSpace(wrong[key]))
		}
	}
	return out
}
