package web

import (
	"net/http"
	"strconv"

	"onewindow/access"
	"onewindow/casework/organisation"
)

func (s *pages) organisationRoutes(mux *http.ServeMux) {
	read, manage := access.OrganisationRead, access.OrganisationManage
	home := always("/organisation")
	mux.HandleFunc("GET /organisation", s.allowed(read, s.organisation))
	mux.HandleFunc("POST /organisation/halls/{id}", s.allowed(manage, s.does(deed{method: http.MethodPut, path: named("/v1/halls/", "code"), page: s.organisation, back: home, body: hallTyped})))
	mux.HandleFunc("POST /organisation/windows/{id}", s.allowed(manage, s.does(deed{method: http.MethodPut, page: s.organisation, back: home, body: windowTyped,
		path: func(r *http.Request) string {
			return "/v1/halls/" + part(r.PathValue("id")) + "/windows/" + part(r.PostForm.Get("number"))
		}})))
	mux.HandleFunc("POST /organisation/devices/{id}", s.allowed(manage, s.does(deed{method: http.MethodPut, path: named("/v1/devices/", "device"), page: s.organisation, back: home, body: deviceTyped})))
	s.staffRoutes(mux)
	s.ruleRoutes(mux)
}

// named makes a path of the interface from the page's {id}, or for "new" from the
// field that names the new thing; a name of nothing is refused as no name.
func named(before, field string) func(*http.Request) string {
	return func(r *http.Request) string {
		id := r.PathValue("id")
		if id == "new" {
			id = form{r.PostForm, r}.get(field)
		}
		if id == "" {
			id = "-" // no code is this, so that the interface says what a code is
		}
		return before + part(id)
	}
}

// seen is the version that a form was made from.
func seen(f form) int64 {
	n, _ := strconv.ParseInt(f.get("version"), 10, 64)
	return n
}

func hallTyped(f form) any {
	return map[string]any{"name": f.get("name"), "division": f.get("division"), "address": f.get("address"), "telephone": f.get("telephone"),
		"self_print_area": f.ticked("self_print"), "closed": f.ticked("closed"), "version": seen(f)}
}

func windowTyped(f form) any {
	return map[string]any{"name": f.get("name"), "serves": append([]string{}, f.Values["serves"]...), "closed": f.ticked("closed"), "version": seen(f)}
}

func deviceTyped(f form) any {
	return map[string]any{"kind": f.get("kind"), "name": f.get("name"), "hall": f.get("hall"), "window": f.get("window"), "folder": f.get("folder"),
		"account": f.get("account"), "closed": f.ticked("closed"), "version": seen(f)}
}

// organisationTabs lead between the pages of the organisation.
func organisationTabs(r *http.Request) []tab {
	var out []tab
	for _, t := range []choice{{"/organisation", "大厅、窗口与设备"}, {"/organisation/staff", "人员"}, {"/organisation/duty", "值班表"}, {"/organisation/rules", "窗口运行规则"}} {
		out = append(out, tab{Text: t.Text, Path: t.Value, Current: r.URL.Path == t.Value})
	}
	return out
}

// hallRow is a hall with what stands in it.
type hallRow struct {
	organisation.Hall
	Division string
	Open     bool
	Version  int64
	Windows  []windowRow
	Devices  []deviceRow
}

type windowRow struct {
	organisation.Window
	Open    bool
	Version int64
}

type deviceRow struct {
	organisation.Device
	Active  bool
	Lamp    string
	Version int64
}

// deviceTexts and lampTexts are how devices are called and how they do.
var (
	deviceKinds = []choice{{string(organisation.Scanner), "扫描仪"}, {string(organisation.DocumentCamera), "高拍仪"}, {string(organisation.Kiosk), "自助打印终端"}}
	lampTexts   = map[string]string{"green": "正常", "yellow": "积压或久未报告", "red": "失联或故障"}
	lampKinds   = map[string]string{"green": "good", "yellow": "warn", "red": "bad"}
)

func textOf(list []choice, value string) string {
	for _, c := range list {
		if c.Value == value {
			return c.Text
		}
	}
	return value
}

// organisationData are the halls.
type organisationData struct {
	Tabs      []tab
	Halls     []hallRow
	Manages   bool
	Kinds     []choice
	Stages    []choice
	Divisions []choice
	Choices   []choice // the halls, for a device
}

func (s *pages) organisation(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := organisationData{Tabs: organisationTabs(r), Manages: who.May(access.OrganisationManage), Kinds: deviceKinds, Divisions: divisionChoices(s.Catalogue)}
	data.Tabs[0].Current = true // a refused form is shown here too
	if err := s.ask(r, http.MethodGet, "/v1/halls", nil, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	for _, h := range data.Halls {
		data.Choices = append(data.Choices, choice{h.Code, h.Name})
	}
	for _, st := range s.Catalogue.Stages {
		data.Stages = append(data.Stages, choice{st.Code, st.Name})
	}
	s.render(w, r, statusOf(r), "organisation", "组织机构", data)
}

// Lamp parts of a device, for the template.
func (d deviceRow) Kind() string     { return textOf(deviceKinds, string(d.Device.Kind)) }
func (d deviceRow) Code() string     { return string(d.Device.Kind) }
func (d deviceRow) LampText() string { return lampTexts[d.Lamp] }
func (d deviceRow) LampKind() string { return lampKinds[d.Lamp] }
