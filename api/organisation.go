package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/casework/organisation"
	"onewindow/casework/register"
	"onewindow/document"
	"onewindow/storage"
)

// organisationRoutes lists what the physical window consists of.
func (s *Server) organisationRoutes(api huma.API) {
	read, manage := access.OrganisationRead, access.OrganisationManage
	guarded(api, http.MethodGet, "/v1/halls", "list-halls", "政务大厅及其窗口、设备", read, try(s, s.listHalls))
	guarded(api, http.MethodPut, "/v1/halls/{code}", "keep-hall", "设置政务大厅", manage, try(s, s.keepHall))
	guarded(api, http.MethodPut, "/v1/halls/{code}/windows/{number}", "keep-window", "设置窗口", manage, try(s, s.keepWindow))
	guarded(api, http.MethodGet, "/v1/devices", "list-devices", "设备状况与热文件夹积压", read, try(s, s.listDevices))
	guarded(api, http.MethodPut, "/v1/devices/{id}", "keep-device", "设置设备", manage, try(s, s.keepDevice))
	guarded(api, http.MethodPost, "/v1/devices/{id}/report", "report-device", "设备报告自身状况", access.DeviceReport, try(s, s.reportDevice))
	guarded(api, http.MethodGet, "/v1/staff", "list-staff", "窗口与业务单位人员", read, try(s, s.listStaff))
	guarded(api, http.MethodGet, "/v1/staff/{account}", "get-staff", "人员", read, try(s, s.getStaff))
	guarded(api, http.MethodPut, "/v1/staff/{account}", "appoint-staff", "任命或调整岗位", manage, try(s, s.appointStaff))
	guarded(api, http.MethodPost, "/v1/staff/{account}/relieve", "relieve-staff", "免去岗位", manage, try(s, s.relieveStaff))
	guarded(api, http.MethodGet, "/v1/duty", "duty-roster", "值班表", read, try(s, s.duty))
	guarded(api, http.MethodGet, "/v1/organisation/gaps", "organisation-gaps", "尚未落实的专员、牵头单位", read, try(s, s.organisationGaps))
	guarded(api, http.MethodPut, "/v1/leadership/{division}", "settle-leadership", "确定牵头单位、责任分工和责任人", manage, try(s, s.settleLeadership))
	open(api, http.MethodGet, "/v1/leadership/{division}", "leadership", "牵头单位、责任分工和责任人", try(s, s.leadership))
	open(api, http.MethodGet, "/v1/window-rules", "window-rules", "窗口运行规则", try(s, s.windowRules))
	guarded(api, http.MethodPut, "/v1/window-rules", "set-window-rules", "修订窗口运行规则", manage, try(s, s.setWindowRules))
}

// DivisionQuery confines a list to a division.
type DivisionQuery struct {
	Division string `query:"division" doc:"行政区划；有所属区划的账号只能看本区划"`
}

type windowView struct {
	organisation.Window
	Open    bool  `json:"open"`
	Version int64 `json:"version"`
}

type deviceView struct {
	organisation.Device
	Active  bool   `json:"active"`
	Lamp    string `json:"lamp" doc:"green、yellow、red"`
	Version int64  `json:"version"`
}

func (s *Server) deviceView(r organisation.DeviceRecord) deviceView {
	return deviceView{r.Body, r.Open, r.Body.Health.Lamp(s.Now()), r.Version}
}

type hallView struct {
	organisation.Hall
	Division string       `json:"division"`
	Open     bool         `json:"open"`
	Version  int64        `json:"version"`
	Windows  []windowView `json:"windows"`
	Devices  []deviceView `json:"devices"`
}

type hallBody struct{ Body hallView }

func (s *Server) hallView(ctx context.Context, r organisation.HallRecord) (hallView, error) {
	v := hallView{Hall: r.Body, Division: r.Division, Open: r.Open, Version: r.Version, Windows: []windowView{}, Devices: []deviceView{}}
	windows, err := register.All[organisation.Window](ctx, s.Registers, storage.EntryQuery{Register: organisation.Windows, Hall: r.Body.Code})
	if err != nil {
		return v, err
	}
	for _, w := range windows {
		v.Windows = append(v.Windows, windowView{w.Body, w.Open, w.Version})
	}
	devices, err := register.All[organisation.Device](ctx, s.Registers, storage.EntryQuery{Register: organisation.Devices, Hall: r.Body.Code})
	for _, d := range devices {
		v.Devices = append(v.Devices, s.deviceView(d))
	}
	return v, err
}

type hallList struct {
	Body struct {
		Halls []hallView `json:"halls"`
	}
}

func (s *Server) listHalls(ctx context.Context, in *DivisionQuery) (*hallList, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	found, err := register.All[organisation.Hall](ctx, s.Registers, storage.EntryQuery{Register: organisation.Halls, Division: in.Division})
	if err != nil {
		return nil, err
	}
	out := &hallList{}
	out.Body.Halls = []hallView{}
	for _, r := range found {
		v, err := s.hallView(ctx, r)
		if err != nil {
			return nil, err
		}
		out.Body.Halls = append(out.Body.Halls, v)
	}
	return out, nil
}

type hallInput struct {
	Code string `path:"code" doc:"政务大厅代码"`
	Body struct {
		Name      string `json:"name"`
		Division  string `json:"division"`
		Address   string `json:"address,omitempty"`
		Telephone string `json:"telephone,omitempty"`
		SelfPrint bool   `json:"self_print_area,omitempty" doc:"设有自助打印区"`
		Closed    bool   `json:"closed,omitempty" doc:"停用"`
		Version   int64  `json:"version,omitempty" doc:"所见的版本；已被他人更改时答 412"`
	}
}

func (s *Server) keepHall(ctx context.Context, in *hallInput) (*hallBody, error) {
	b := in.Body
	r, err := s.Organisation.KeepHall(ctx, organisation.Hall{Code: in.Code, Name: b.Name, Address: b.Address, Telephone: b.Telephone, SelfPrint: b.SelfPrint},
		b.Division, !b.Closed, b.Version, who(ctx).Account)
	if err != nil {
		return nil, err
	}
	v, err := s.hallView(ctx, r)
	return &hallBody{v}, err
}

type windowInput struct {
	Hall   string `path:"code" doc:"政务大厅代码"`
	Number string `path:"number" doc:"窗口号"`
	Body   struct {
		Name    string   `json:"name,omitempty"`
		Serves  []string `json:"serves,omitempty" doc:"受理的审批阶段；不填为全部"`
		Closed  bool     `json:"closed,omitempty"`
		Version int64    `json:"version,omitempty"`
	}
}

type windowBody struct{ Body windowView }

func (s *Server) keepWindow(ctx context.Context, in *windowInput) (*windowBody, error) {
	b := in.Body
	r, err := s.Organisation.KeepWindow(ctx, organisation.Window{Hall: in.Hall, Number: in.Number, Name: b.Name, Serves: b.Serves}, !b.Closed, b.Version, who(ctx).Account)
	return &windowBody{windowView{r.Body, r.Open, r.Version}}, err
}

type deviceInput struct {
	ID   string `path:"id" doc:"设备编号"`
	Body struct {
		Kind    organisation.DeviceKind `json:"kind" enum:"scanner,document_camera,kiosk"`
		Name    string                  `json:"name,omitempty"`
		Hall    string                  `json:"hall"`
		Window  string                  `json:"window,omitempty"`
		Folder  string                  `json:"folder,omitempty" doc:"热文件夹"`
		Account string                  `json:"account,omitempty" doc:"所用令牌的账号"`
		Closed  bool                    `json:"closed,omitempty"`
		Version int64                   `json:"version,omitempty"`
	}
}

type deviceBody struct{ Body deviceView }

func (s *Server) keepDevice(ctx context.Context, in *deviceInput) (*deviceBody, error) {
	b := in.Body
	r, err := s.Organisation.KeepDevice(ctx, organisation.Device{ID: in.ID, Kind: b.Kind, Name: b.Name, Hall: b.Hall, Window: b.Window, Folder: b.Folder,
		Account: b.Account}, !b.Closed, b.Version, who(ctx).Account)
	return &deviceBody{s.deviceView(r)}, err
}

type deviceList struct {
	Body struct {
		Devices []deviceView `json:"devices"`
		Backlog int          `json:"backlog" doc:"热文件夹积压文件合计"`
	}
}

func (s *Server) listDevices(ctx context.Context, in *DivisionQuery) (*deviceList, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	found, err := register.All[organisation.Device](ctx, s.Registers, storage.EntryQuery{Register: organisation.Devices, Division: in.Division, Open: true})
	out := &deviceList{}
	out.Body.Devices = []deviceView{}
	for _, d := range found {
		out.Body.Devices = append(out.Body.Devices, s.deviceView(d))
		out.Body.Backlog += d.Body.Health.Backlog
	}
	return out, err
}

type reportInput struct {
	ID   string `path:"id" doc:"设备编号"`
	Body struct {
		Backlog int       `json:"backlog" minimum:"0" doc:"热文件夹中等待的文件数"`
		Oldest  time.Time `json:"oldest_at,omitzero" doc:"等待最久的文件的时间"`
		Problem string    `json:"problem,omitempty" maxLength:"200"`
	}
}

// reportDevice lets a device speak for itself only: its token is bound to it.
func (s *Server) reportDevice(ctx context.Context, in *reportInput) (*deviceBody, error) {
	r, err := s.Organisation.Device(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if w := who(ctx); r.Body.Account != w.Account && !w.Has(access.Admin) {
		return nil, storage.ErrNotFound
	}
	r, err = s.Organisation.Report(ctx, in.ID, organisation.Health{Backlog: in.Body.Backlog, Oldest: in.Body.Oldest, Problem: in.Body.Problem}, who(ctx).Account)
	return &deviceBody{s.deviceView(r)}, err
}

type staffView struct {
	organisation.Staff
	Division string `json:"division"`
	State    string `json:"state" doc:"active 在岗，closed 已免去"`
	InForce  bool   `json:"in_force" doc:"今天在任期内"`
	Version  int64  `json:"version"`
}

type staffBody struct{ Body staffView }

func (s *Server) staffView(r organisation.StaffRecord, err error) (*staffBody, error) {
	if err != nil {
		return nil, err
	}
	return &staffBody{staffView{r.Body, r.Division, r.State, r.Open && r.Body.Period.Has(s.Organisation.Today()), r.Version}}, nil
}

type staffInput struct {
	DivisionQuery
	Unit string `query:"unit"`
	Hall string `query:"hall"`
}

type staffList struct {
	Body struct {
		Staff []staffView `json:"staff"`
	}
}

func (s *Server) listStaff(ctx context.Context, in *staffInput) (*staffList, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	found, err := register.All[organisation.Staff](ctx, s.Registers, storage.EntryQuery{Register: organisation.StaffRegister, Division: in.Division, Unit: in.Unit, Hall: in.Hall})
	if err != nil {
		return nil, err
	}
	out := &staffList{}
	out.Body.Staff = []staffView{}
	for _, r := range found {
		v, _ := s.staffView(r, nil)
		out.Body.Staff = append(out.Body.Staff, v.Body)
	}
	return out, nil
}

// StaffPath names a member of staff in a route.
type StaffPath struct {
	Account string `path:"account" doc:"账号"`
}

func (s *Server) getStaff(ctx context.Context, in *StaffPath) (*staffBody, error) {
	r, err := s.Organisation.StaffOf(ctx, in.Account)
	if err == nil && !who(ctx).SeesDivision(r.Division) {
		err = storage.ErrNotFound
	}
	return s.staffView(r, err)
}

type appointInput struct {
	StaffPath
	Body struct {
		Name       string                `json:"name"`
		Telephone  string                `json:"telephone,omitempty"`
		Division   string                `json:"division,omitempty"`
		Roles      []string              `json:"roles"`
		Unit       string                `json:"unit,omitempty"`
		Hall       string                `json:"hall,omitempty"`
		Window     string                `json:"window,omitempty"`
		Shift      organisation.Shift    `json:"shift,omitzero"`
		From       string                `json:"from,omitempty" doc:"任期首日"`
		Until      string                `json:"until,omitempty" doc:"任期末日（含）"`
		Loans      []organisation.Loan   `json:"loans,omitempty" doc:"借调到其他政务大厅"`
		General    bool                  `json:"general_officer,omitempty" doc:"综合服务专员"`
		Specialist []string              `json:"specialist_of,omitempty" doc:"担任专业服务专员的事项"`
		Limited    bool                  `json:"limited_to_items,omitempty" doc:"只能办理所列事项"`
		Actions    []string              `json:"actions,omitempty" doc:"只能使用的权限；不填为岗位的全部权限"`
		Deputy     string                `json:"deputy,omitempty" doc:"代理人账号"`
		Away       []organisation.Period `json:"away,omitempty" doc:"不在岗的日期"`
		Version    int64                 `json:"version,omitempty"`
	}
}

func (s *Server) appointStaff(ctx context.Context, in *appointInput) (*staffBody, error) {
	b := in.Body
	wrong := map[string]string{}
	for _, a := range b.Actions {
		if !slices.Contains(access.Actions(), access.Action(a)) {
			wrong["actions."+a] = "没有这种权限"
		}
	}
	if len(wrong) > 0 {
		return nil, &casework.Invalid{Fields: wrong}
	}
	return s.staffView(s.Organisation.Appoint(ctx, organisation.Staff{Account: in.Account, Name: b.Name, Telephone: b.Telephone, Roles: b.Roles, Unit: b.Unit,
		Hall: b.Hall, Window: b.Window, Shift: b.Shift, Period: organisation.Period{From: b.From, Until: b.Until}, Loans: b.Loans, General: b.General,
		Specialist: b.Specialist, Limited: b.Limited, Actions: b.Actions, Deputy: b.Deputy, Away: b.Away}, b.Division, b.Version, who(ctx).Account))
}

type relieveInput struct {
	StaffPath
	Body struct {
		Reason string `json:"reason"`
	}
}

func (s *Server) relieveStaff(ctx context.Context, in *relieveInput) (*staffBody, error) {
	return s.staffView(s.Organisation.Relieve(ctx, in.Account, in.Body.Reason, who(ctx).Account))
}

type dutyInput struct {
	DivisionQuery
	Hall string    `query:"hall"`
	At   time.Time `query:"at" doc:"何时；默认现在"`
}

type dutyBody struct {
	Body struct {
		At   time.Time           `json:"at"`
		Duty []organisation.Duty `json:"duty"`
	}
}

func (s *Server) duty(ctx context.Context, in *dutyInput) (*dutyBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	if in.At.IsZero() {
		in.At = s.Now()
	}
	roster, err := s.Organisation.Roster(ctx, in.Division)
	if err != nil {
		return nil, err
	}
	out := &dutyBody{}
	out.Body.At, out.Body.Duty = in.At, roster.Duties(in.Hall, in.At)
	return out, nil
}

type gapsBody struct {
	Body struct {
		Gaps []organisation.Vacancy `json:"gaps"`
	}
}

func (s *Server) organisationGaps(ctx context.Context, in *DivisionQuery) (*gapsBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	if _, _, ok := s.Registers.Catalogue.Division(in.Division); !ok {
		return nil, &casework.Invalid{Fields: map[string]string{"division": "请选择行政区划"}}
	}
	out := &gapsBody{}
	var err error
	out.Body.Gaps, err = s.Organisation.Gaps(ctx, in.Division)
	return out, err
}

// DivisionPath names a division in a route.
type DivisionPath struct {
	Division string `path:"division" doc:"行政区划代码"`
}

type personView struct {
	organisation.Person
	UnitName string `json:"unit_name"`
	Stage    string `json:"stage,omitempty"`
	Duty     string `json:"duty,omitempty"`
}

type leadershipBody struct {
	Body struct {
		Division string       `json:"division"`
		Lead     personView   `json:"lead" doc:"改革工作牵头单位及责任人"`
		Stages   []personView `json:"stages" doc:"各审批阶段牵头单位及责任人"`
		Table    []personView `json:"responsibilities" doc:"责任分工"`
		Officers []personView `json:"officers" doc:"在任的综合服务专员和专业服务专员"`
		Version  int64        `json:"version"`
	}
}

func (s *Server) personView(division string, p organisation.Person) personView {
	return personView{Person: p, UnitName: s.Registers.UnitName(division, p.Unit)}
}

func (s *Server) leadershipView(ctx context.Context, r organisation.LeadershipRecord, err error) (*leadershipBody, error) {
	if err != nil {
		return nil, err
	}
	out := &leadershipBody{}
	b := &out.Body
	b.Division, b.Lead, b.Version = r.Division, s.personView(r.Division, r.Body.Lead), r.Version
	b.Stages, b.Table = []personView{}, []personView{}
	for _, st := range s.Registers.Catalogue.Stages {
		v := s.personView(r.Division, r.Body.Stages[st.Code])
		v.Stage = st.Code
		b.Stages = append(b.Stages, v)
	}
	for _, t := range r.Body.Table {
		v := s.personView(r.Division, t.Person)
		v.Duty = t.Duty
		b.Table = append(b.Table, v)
	}
	b.Officers, err = s.officers(ctx, r.Division)
	return out, err
}

// officers are the service officers of a division, as the contact list names them.
func (s *Server) officers(ctx context.Context, division string) ([]personView, error) {
	roster, err := s.Organisation.Roster(ctx, division)
	if err != nil {
		return nil, err
	}
	out := []personView{}
	for _, o := range roster.Officers(s.Organisation.Today()) {
		v := s.personView(division, organisation.Person{Unit: o.Unit, Name: o.Name, Telephone: o.Telephone})
		if o.General {
			v.Duty = "综合服务专员"
		}
		for _, item := range o.Specialist {
			v.Duty = joined(v.Duty, "专业服务专员："+s.Registers.Catalogue.Name(item))
		}
		out = append(out, v)
	}
	return out, nil
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "；" + b
}

type leadershipInput struct {
	DivisionPath
	Body struct {
		organisation.Leadership
		Version int64 `json:"version,omitempty"`
	}
}

func (s *Server) settleLeadership(ctx context.Context, in *leadershipInput) (*leadershipBody, error) {
	r, err := s.Organisation.Settle(ctx, in.Division, in.Body.Leadership, in.Body.Version, who(ctx).Account)
	return s.leadershipView(ctx, r, err)
}

func (s *Server) leadership(ctx context.Context, in *DivisionPath) (*leadershipBody, error) {
	r, err := s.Organisation.Leadership(ctx, in.Division)
	return s.leadershipView(ctx, r, err)
}

type namedText struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type limitLine struct {
	Item     string `json:"item"`
	Name     string `json:"name"`
	Workdays int    `json:"workdays"`
}

type rulesBody struct {
	Body struct {
		organisation.Rules
		OfficeHours []string    `json:"office_hours"`
		Reasons     []namedText `json:"paper_reason_names"`
		Catalogue   string      `json:"catalogue_version"`
		Limits      []limitLine `json:"limits" doc:"各事项承诺办理时限"`
		Notices     []namedText `json:"notices" doc:"文书"`
	}
}

type rulesInput struct {
	Division string `query:"division"`
	Version  int64  `query:"version" doc:"哪一版；不填为现行"`
}

func (s *Server) windowRules(ctx context.Context, in *rulesInput) (*rulesBody, error) {
	r, err := s.Organisation.Rules(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	return s.rulesView(r, s.Office.Edition("", in.Division)), nil
}

func (s *Server) rulesView(r organisation.Rules, c *catalogue.Catalogue) *rulesBody {
	out := &rulesBody{}
	b := &out.Body
	b.Rules, b.OfficeHours, b.Catalogue = r, s.Organisation.Calendar.OfficeHours(), c.Version
	for _, reason := range r.PaperReasons {
		b.Reasons = append(b.Reasons, namedText{reason, cases.PaperReasons[reason]})
	}
	for _, it := range c.Items {
		b.Limits = append(b.Limits, limitLine{it.Code, it.Name, it.Days.Promise})
	}
	for _, n := range c.Notices {
		b.Notices = append(b.Notices, namedText{n.Code, n.Title})
	}
	return out
}

type setRulesInput struct {
	Body struct {
		PaperReasons  []string               `json:"paper_reasons"`
		ComplaintDays int                    `json:"complaint_workdays"`
		CollectDays   int                    `json:"collect_workdays"`
		CoordDays     int                    `json:"coordination_workdays"`
		KioskIdle     int                    `json:"kiosk_idle_seconds"`
		Articles      []organisation.Article `json:"articles"`
		Version       int64                  `json:"version" doc:"所见的版本"`
	}
}

func (s *Server) setWindowRules(ctx context.Context, in *setRulesInput) (*rulesBody, error) {
	b := in.Body
	r, err := s.Organisation.SetRules(ctx, organisation.Rules{PaperReasons: b.PaperReasons, ComplaintDays: b.ComplaintDays, CollectDays: b.CollectDays,
		CoordDays: b.CoordDays, KioskIdle: b.KioskIdle, Articles: b.Articles}, b.Version, who(ctx).Account)
	if err != nil {
		return nil, err
	}
	return s.rulesView(r, s.Office.Edition("", "")), nil
}

// counter is where a clerk takes paper in: at a window of their own halls, with a
// device that stands there, for a reason that the rules allow (G.10, P3.1).
func (s *Server) counter(ctx context.Context, hall, window, device, reason string) (string, string, string, error) {
	asker := who(ctx)
	if hall == "" {
		hall = asker.Hall
	}
	if !asker.ServesHall(hall) {
		return "", "", "", errForbidden
	}
	if window == "" && hall == asker.Hall {
		window = asker.Window
	}
	window, device, err := s.Organisation.Counter(ctx, hall, window, device, reason)
	return hall, window, device, err
}

// bound says where a file comes from that a device sends with its token (G.10).
func (s *Server) bound(ctx context.Context, o *document.Origin) error {
	if w := who(ctx); !w.Has(access.System) || !w.Token {
		return nil
	}
	d, ok, err := s.Organisation.DeviceOf(ctx, o.By)
	if err != nil || !ok {
		return err
	}
	o.Division, o.Hall, o.Window = d.Division, d.Body.Hall, d.Body.Window
	o.Channel, o.Lane, o.Unit = document.ChannelPhysical, document.LaneCounter, ""
	return nil
}
