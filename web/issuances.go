package web

import (
	"cmp"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"onewindow/access"
	"onewindow/casework/issuance"
	"onewindow/document"
)

func (s *pages) issuanceRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /issuances", s.allowed(access.IssuanceRead, s.issuances))
	mux.HandleFunc("POST /issuances/find", s.allowed(access.IssuanceHandOut, s.findIssuance))
	mux.HandleFunc("GET /issuances/{id}", s.allowed(access.IssuanceRead, s.issuance))
	mux.HandleFunc("POST /issuances/{id}/collect", s.allowed(access.IssuanceHandOut, s.does(deed{path: to("/v1/issuances/", "/collect"), back: issuancePage,
		page: s.issuance, body: collected})))
	mux.HandleFunc("POST /issuances/{id}/mail", s.allowed(access.IssuanceHandOut, s.does(deed{path: to("/v1/issuances/", "/mail"), back: issuancePage,
		page: s.issuance, body: func(f form) any { return map[string]any{"tracking": f.get("tracking")} }})))
	mux.HandleFunc("POST /issuances/{id}/arrival", s.allowed(access.IssuanceHandOut, s.does(deed{path: to("/v1/issuances/", "/arrival"), back: issuancePage,
		page: s.issuance, body: func(f form) any {
			return map[string]any{"delivered": f.get("outcome") == "delivered", "receiver": f.get("receiver")}
		}})))
	mux.HandleFunc("POST /issuances/{id}/unlock", s.allowed(access.IssuanceUnlock, s.does(deed{path: to("/v1/issuances/", "/unlock"), back: issuancePage,
		page: s.issuance, body: func(f form) any { return map[string]any{"reason": f.get("reason")} }})))
	mux.HandleFunc("POST /issuances/{id}/print", s.allowed(access.IssuancePrint, s.does(deed{path: to("/v1/issuances/", "/print"), back: issuancePage})))
	mux.HandleFunc("POST /case-items/{id}/issuance", s.allowed(access.ItemAnswer, s.does(deed{path: to("/v1/case-items/", "/issuance"),
		back: always("/issuances"), page: s.item, body: func(f form) any {
			return map[string]any{"mode": f.get("mode"), "address": f.get("address"), "phone": f.get("phone")}
		}})))
}

func issuancePage(r *http.Request) string { return "/issuances/" + part(r.PathValue("id")) }

// collected is what a receiver showed; a scanned signature counts before one drawn.
func collected(f form) any {
	return map[string]any{"code": f.get("code"), "name": f.get("name"), "id_number": f.get("id_number"), "authorisation": f.get("authorisation"),
		"signature": cmp.Or(f.get("signed_paper"), f.get("signature"))}
}

// issuanceRow is results on their way to the applicant.
type issuanceRow struct {
	registerEntry
	Issuance        issuance.Issuance `json:"issuance"`
	ItemName        string            `json:"-"`
	StateText, Kind string            `json:"-"`
}

// issuanceTexts are the states as people read them (glossary.md).
var issuanceTexts = map[string]string{issuance.AwaitingPaper: "待转交原件", issuance.Ready: "待领取", issuance.Mailed: "邮寄中", issuance.Collected: "已领取",
	issuance.Printed: "已自主打印", issuance.Delivered: "已妥投", issuance.Undeliverable: "邮件退回"}

var modeText = map[issuance.Mode]string{issuance.Pickup: "窗口领取", issuance.Mail: "EMS 邮寄", issuance.SelfPrint: "自主打印"}

// issuanceTabs are the heaps: what can be handed out now, what was not called for
// in time, what is under way, what is done.
var issuanceTabs = []struct {
	code, text string
	holds      func(issuanceRow) bool
}{
	{"", "可领取", func(r issuanceRow) bool { return r.State == issuance.Ready || r.State == issuance.Undeliverable }},
	{"uncollected", "逾期未领", func(r issuanceRow) bool {
		return r.Overdue && (r.State == issuance.Ready || r.State == issuance.Undeliverable)
	}},
	{"waiting", "待转交原件", func(r issuanceRow) bool { return r.State == issuance.AwaitingPaper }},
	{"mailed", "邮寄中", func(r issuanceRow) bool { return r.State == issuance.Mailed }},
	{"done", "已送达", func(r issuanceRow) bool {
		return r.State == issuance.Collected || r.State == issuance.Printed || r.State == issuance.Delivered
	}},
}

// issuancesData is the list.
type issuancesData struct {
	Rows     []issuanceRow
	Tabs     []tab
	Search   string
	HandsOut bool
	Own      bool
}

// listed is how many entries of a register a page lists; the interface gives no more.
const listed = "500"

func (s *pages) askIssuances(r *http.Request) ([]issuanceRow, error) {
	var got struct{ Issuances []issuanceRow }
	err := s.ask(r, http.MethodGet, "/v1/issuances"+query("limit", listed), nil, &got)
	for i := range got.Issuances {
		s.nameIssuance(&got.Issuances[i])
	}
	return got.Issuances, err
}

func (s *pages) nameIssuance(row *issuanceRow) {
	row.ItemName, row.StateText = s.nameOr(row.Issuance.Item), issuanceTexts[row.State]
	switch row.State {
	case issuance.Collected, issuance.Printed, issuance.Delivered:
		row.Kind = "good"
	case issuance.Undeliverable:
		row.Kind = "bad"
	case issuance.AwaitingPaper:
		row.Kind = "warn"
	}
}

func (s *pages) issuances(w http.ResponseWriter, r *http.Request) {
	all, err := s.askIssuances(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.listIssuances(w, r, http.StatusOK, all, strings.TrimSpace(r.URL.Query().Get("q")))
}

func (s *pages) listIssuances(w http.ResponseWriter, r *http.Request, status int, all []issuanceRow, search string) {
	who, _ := whoOf(r.Context())
	data := issuancesData{Search: search, HandsOut: who.May(access.IssuanceHandOut), Own: who.MembersOnly()}
	if search != "" {
		all = slices.DeleteFunc(all, func(row issuanceRow) bool {
			return !strings.Contains(row.Issuance.Number, search) && row.Project != search
		})
	}
	for _, t := range issuanceTabs {
		current := t.code == r.URL.Query().Get("tab") && search == ""
		n := 0
		for _, row := range all {
			if t.holds(row) {
				n++
				if current {
					data.Rows = append(data.Rows, row)
				}
			}
		}
		data.Tabs = append(data.Tabs, tab{Text: t.text, Path: address("/issuances", "tab", t.code), Current: current, Count: n, Counted: true})
	}
	if search != "" || data.Own {
		data.Rows = all // somebody's own are few, and a search looks everywhere
	}
	s.render(w, r, status, "issuances", "出件", data)
}

// findIssuance opens what was typed or read from the QR code of a notice: number
// and code, or the number alone. The code goes into the form and into no address.
func (s *pages) findIssuance(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	typed := strings.TrimSpace(r.PostFormValue("q"))
	number, code, ok := issuance.ParseQR(typed)
	if !ok {
		number = typed
	}
	all, err := s.askIssuances(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var found []issuanceRow
	for _, row := range all {
		if row.Issuance.Number == number && (row.State == issuance.Ready || row.State == issuance.Undeliverable) {
			found = append(found, row)
		}
	}
	if len(found) == 1 {
		r.SetPathValue("id", found[0].ID)
		s.showIssuance(w, r, code)
		return
	}
	s.listIssuances(w, r, http.StatusOK, all, number)
}

// issuanceData is one, with what may be done to it.
type issuanceData struct {
	issuanceRow
	Mode      string
	QR        template.HTML // of number and code, for the applicant's phone
	Signature template.URL  // as it was drawn, "" for a scanned one
	Papers    []choice      // scans that may be a signature or an authorisation
	Contact   string
	Telephone string
	Project   string
	Builder   string
	Results   []resultLink
	HandsOut  bool
	Own       bool
	MayPrint  bool
	Unlocks   bool   // codes are locked, and the reader may lift that
	Code      string // read from a QR code
}

type resultLink struct{ ID, Text string }

func (s *pages) issuance(w http.ResponseWriter, r *http.Request) { s.showIssuance(w, r, "") }

func (s *pages) showIssuance(w http.ResponseWriter, r *http.Request, code string) {
	var row issuanceRow
	if err := s.ask(r, http.MethodGet, "/v1/issuances/"+part(r.PathValue("id")), nil, &row); err != nil {
		s.fail(w, r, err)
		return
	}
	s.nameIssuance(&row)
	who, _ := whoOf(r.Context())
	data := issuanceData{issuanceRow: row, Mode: modeText[row.Issuance.Mode], Project: row.registerEntry.Project, HandsOut: who.May(access.IssuanceHandOut), Own: who.MembersOnly(), Code: code,
		Unlocks:  row.Issuance.Locked() && who.May(access.IssuanceUnlock),
		MayPrint: who.May(access.IssuancePrint) && row.Issuance.Printable && (row.State == issuance.Ready || row.State == issuance.AwaitingPaper || row.State == issuance.Printed)}
	if row.Issuance.Code != "" && row.State != issuance.Collected {
		data.QR = qrPicture(row.Issuance.QR())
	}
	if row.Issuance.Receiver != nil {
		data.Signature = drawn(row.Issuance.Receiver.Signature)
	}
	p, err := s.Records.Registration(r.Context(), data.Project)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data.Builder = p.Builder
	for _, id := range row.Issuance.Results {
		res, err := s.Records.Result(r.Context(), id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data.Results = append(data.Results, resultLink{res.ID, strings.TrimSpace(res.TypeName + " " + res.Number)})
	}
	if data.HandsOut {
		data.Contact, data.Telephone = p.Contact, p.Telephone
		if data.Papers, err = s.scansFor(r, row.Case); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	s.render(w, r, statusOf(r), "issuance", "出件", data)
}

// scansFor lists what lies in the hall's tray, then what belongs to a case: one of
// them may be the authorisation or the signed receipt that somebody brought.
func (s *pages) scansFor(r *http.Request, caseID string) ([]choice, error) {
	tray, err := s.tray(r)
	if err != nil {
		return nil, err
	}
	var docs []document.Document
	if k, err := s.Records.Case(r.Context(), caseID); err == nil {
		if docs, err = s.papers(r.Context(), k); err != nil {
			return nil, err
		}
	}
	return scanChoices(append(tray, docs...)), nil
}

// scanChoices are documents by name and time, with none of them first.
func scanChoices(docs []document.Document) []choice {
	out := []choice{{"", "—"}}
	for _, d := range docs {
		out = append(out, choice{string(d.ID), cmp.Or(d.Filename, string(d.Receipt)) + " · " + d.ReceivedAt.In(shanghai).Format("1月2日 15:04")})
	}
	return out
}

var pngPicture = regexp.MustCompile(`^data:image/png;base64,[A-Za-z0-9+/]+=*$`)

// drawn is a signature as a picture for the page, "" for what is none.
func drawn(signature string) template.URL {
	if !pngPicture.MatchString(signature) {
		return ""
	}
	return template.URL(signature)
}
