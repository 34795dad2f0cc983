package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
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
