package organisation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Hall is a 政务大厅.
type Hall struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Address   string `json:"address,omitempty"`
	Telephone string `json:"telephone,omitempty"`
	SelfPrint bool   `json:"self_print_area"` // 自助打印区 (P4.7)
}

// Window is one counter of a hall.
type Window struct {
	Hall   string   `json:"hall"`
	Number string   `json:"number"`
	Name   string   `json:"name,omitempty"`
	Serves []string `json:"serves,omitempty"` // stages; empty: all
}

// DeviceKind is what a device does.
type DeviceKind string

// The kinds of devices.
const (
	Scanner        DeviceKind = "scanner"         // writes into a hot folder, or sends with a token
	DocumentCamera DeviceKind = "document_camera" // 高拍仪
	Kiosk          DeviceKind = "kiosk"           // 自助打印终端
)

// Device is a machine bound to a window and to the way its files come in.
type Device struct {
	ID      string     `json:"id"`
	Kind    DeviceKind `json:"kind"`
	Name    string     `json:"name,omitempty"`
	Hall    string     `json:"hall"`
	Window  string     `json:"window,omitempty"`  // a kiosk stands in the hall
	Folder  string     `json:"folder,omitempty"`  // its hot folder, by name
	Account string     `json:"account,omitempty"` // whose token it uses
	Health  Health     `json:"health"`
}

// Health is what a device last said of itself (W2.7).
type Health struct {
	At      time.Time `json:"at,omitzero"`
	Backlog int       `json:"backlog"` // files waiting in its hot folder
	Oldest  time.Time `json:"oldest_at,omitzero"`
	Problem string    `json:"problem,omitempty"`
}

// Lamp judges a device: green, yellow when it works off a queue or was not heard
// of lately, red when it is silent or in trouble.
func (h Health) Lamp(now time.Time) string {
	silence := now.Sub(h.At)
	switch {
	case h.At.IsZero(), h.Problem != "", silence > 15*time.Minute:
		return "red"
	case silence > 5*time.Minute, !h.Oldest.IsZero() && now.Sub(h.Oldest) > 5*time.Minute:
		return "yellow"
	}
	return "green"
}

// The records.
type (
	HallRecord   = register.Record[Hall]
	WindowRecord = register.Record[Window]
	DeviceRecord = register.Record[Device]
)

// KeepHall makes or changes a hall. Errors: *casework.Invalid, storage.ErrStale.
func (o *Office) KeepHall(ctx context.Context, h Hall, division string, open bool, version int64, by string) (HallRecord, error) {
	wrong := map[string]string{}
	if !codePattern.MatchString(h.Code) {
		wrong["code"] = "代码由小写字母、数字和短横组成"
	}
	if strings.TrimSpace(h.Name) == "" {
		wrong["name"] = "请填写政务大厅名称"
	}
	division = o.division(wrong, division)
	if len(wrong) > 0 {
		return HallRecord{}, &casework.Invalid{Fields: wrong}
	}
	r, err := load[Hall](ctx, o, Halls, idOf("hall", h.Code), version)
	if err != nil {
		return r, err
	}
	r.Division, r.Hall, r.Body = division, h.Code, h
	r.State, r.Open = stateOf(open)
	return r, register.Keep(ctx, o.Desk, &r, by, "keep", map[string]string{"name": h.Name, "state": r.State})
}

// Hall returns a hall by its code. Errors: storage.ErrNotFound.
func (o *Office) Hall(ctx context.Context, code string) (HallRecord, error) {
	return register.Load[Hall](ctx, o.Desk, Halls, idOf("hall", code))
}

// KeepWindow makes or changes a window of a hall.
func (o *Office) KeepWindow(ctx context.Context, w Window, open bool, version int64, by string) (WindowRecord, error) {
	wrong := map[string]string{}
	if !codePattern.MatchString(w.Number) {
		wrong["number"] = "窗口号由小写字母、数字和短横组成"
	}
	for i, stage := range w.Serves {
		if _, ok := o.Catalogue.Stage(stage); !ok {
			wrong[plural("serves", i)] = "没有这个审批阶段"
		}
	}
	hall, err := o.Hall(ctx, w.Hall)
	if err != nil {
		return WindowRecord{}, err
	}
	if len(wrong) > 0 {
		return WindowRecord{}, &casework.Invalid{Fields: wrong}
	}
	r, err := load[Window](ctx, o, Windows, idOf("win", w.Hall, w.Number), version)
	if err != nil {
		return r, err
	}
	r.Division, r.Hall, r.Parent, r.Body = hall.Division, w.Hall, hall.ID, w
	r.State, r.Open = stateOf(open)
	return r, register.Keep(ctx, o.Desk, &r, by, "keep", map[string]string{"hall": w.Hall, "number": w.Number, "state": r.State})
}

func stateOf(open bool) (string, bool) {
	if open {
		return Active, true
	}
	return Closed, false
}

// KeepDevice makes or changes a device; what it said of its health stays.
func (o *Office) KeepDevice(ctx context.Context, d Device, active bool, version int64, by string) (DeviceRecord, error) {
	wrong := map[string]string{}
	if !codePattern.MatchString(d.ID) {
		wrong["id"] = "设备编号由小写字母、数字和短横组成"
	}
	if !slices.Contains([]DeviceKind{Scanner, DocumentCamera, Kiosk}, d.Kind) {
		wrong["kind"] = "请选择扫描仪、高拍仪或自助终端"
	}
	hall, err := o.Hall(ctx, d.Hall)
	if errors.Is(err, storage.ErrNotFound) {
		wrong["hall"] = "没有这个政务大厅"
	} else if err != nil {
		return DeviceRecord{}, err
	}
	if err := o.windowOf(ctx, wrong, d.Hall, d.Window, d.Kind != Kiosk); err != nil {
		return DeviceRecord{}, err
	}
	if d.Kind == Scanner && d.Folder == "" && d.Account == "" {
		wrong["folder"] = "请填写扫描仪的热文件夹，或其令牌所属账号"
	}
	if len(wrong) > 0 {
		return DeviceRecord{}, &casework.Invalid{Fields: wrong}
	}
	r, err := load[Device](ctx, o, Devices, idOf("dev", d.ID), version)
	if err != nil {
		return r, err
	}
	d.Health = r.Body.Health
	r.Division, r.Hall, r.Owner, r.Body = hall.Division, d.Hall, d.Account, d
	r.State, r.Open = stateOf(active)
	return r, register.Keep(ctx, o.Desk, &r, by, "keep", map[string]string{"hall": d.Hall, "window": d.Window, "kind": string(d.Kind), "state": r.State})
}

// windowOf checks that a hall has a window.
func (o *Office) windowOf(ctx context.Context, wrong map[string]string, hall, number string, needed bool) error {
	if number == "" {
		if needed {
			wrong["window"] = "请选择窗口"
		}
		return nil
	}
	w, err := register.Load[Window](ctx, o.Desk, Windows, idOf("win", hall, number))
	switch {
	case errors.Is(err, storage.ErrNotFound):
		wrong["window"] = "该政务大厅没有这个窗口"
	case err != nil:
		return err
	case !w.Open:
		wrong["window"] = "该窗口已停用"
	}
	return nil
}

// Device returns a device. Errors: storage.ErrNotFound.
func (o *Office) Device(ctx context.Context, id string) (DeviceRecord, error) {
	return register.Load[Device](ctx, o.Desk, Devices, idOf("dev", id))
}

// Report notes how a device is. It is said every minute and would fill the trail:
// only trouble, and its end, are events.
func (o *Office) Report(ctx context.Context, id string, h Health, by string) (DeviceRecord, error) {
	r, err := o.Device(ctx, id)
	if err != nil {
		return r, err
	}
	if h.Backlog < 0 {
		return r, &casework.Invalid{Fields: map[string]string{"backlog": "不能是负数"}}
	}
	h.At = o.Moment()
	before := r.Body.Health.Problem
	r.Body.Health = h
	if before != h.Problem {
		return r, register.Keep(ctx, o.Desk, &r, by, "health", map[string]string{"problem": h.Problem, "hall": r.Hall})
	}
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	return r, c.Do(ctx, o.Desk)
}

// Counter is where paper is taken in: the window and device of a hall, filled in
// as far as the organisation tells, for a reason that the rules allow (G.10,
// P3.1). In a hall that was never described any window goes. Errors:
// *casework.Invalid.
func (o *Office) Counter(ctx context.Context, hall, window, device, reason string) (string, string, error) {
	rules, err := o.Rules(ctx, 0)
	if err != nil {
		return "", "", err
	}
	if cases.PaperReasons[reason] != "" && !rules.TakesPaper(reason) {
		return "", "", &casework.Invalid{Fields: map[string]string{"paper_reason": "窗口运行规则不允许以此原因收取纸质材料"}}
	}
	known, err := o.Hall(ctx, hall)
	if errors.Is(err, storage.ErrNotFound) {
		return window, device, nil
	}
	if err != nil {
		return "", "", err
	}
	wrong := map[string]string{}
	if !known.Open {
		wrong["hall"] = "该政务大厅已停用"
	}
	if err := o.windowOf(ctx, wrong, hall, window, true); err != nil {
		return "", "", err
	}
	if device, err = o.deviceAt(ctx, wrong, hall, window, device); err != nil {
		return "", "", err
	}
	if len(wrong) > 0 {
		return "", "", &casework.Invalid{Fields: wrong}
	}
	return window, device, nil
}

// deviceAt checks that a device stands at a window; without one named it is the
// only scanner there.
func (o *Office) deviceAt(ctx context.Context, wrong map[string]string, hall, window, device string) (string, error) {
	found, err := register.All[Device](ctx, o.Desk, storage.EntryQuery{Register: Devices, Hall: hall, Open: true})
	if err != nil {
		return "", err
	}
	var here []string
	for _, d := range found {
		if d.Body.Window == window && d.Body.Kind != Kiosk {
			here = append(here, d.Body.ID)
		}
	}
	switch {
	case device == "" && len(here) == 1:
		return here[0], nil
	case device != "" && !slices.Contains(here, device):
		wrong["device"] = "该窗口没有这台设备"
	}
	return device, nil
}

// DeviceOf is the device whose token an account uses, ok false without one.
func (o *Office) DeviceOf(ctx context.Context, account string) (DeviceRecord, bool, error) {
	found, err := register.List[Device](ctx, o.Desk, storage.EntryQuery{Register: Devices, Owner: account, Open: true, Limit: 1})
	if err != nil || len(found) == 0 {
		return DeviceRecord{}, false, err
	}
	return found[0], true, nil
}

// Folders reports what waits in hot folders, by "hall/window", to the devices
// that are bound to them (W2.7).
func (o *Office) Folders(ctx context.Context, waiting map[string]Health, problem string) error {
	found, err := register.All[Device](ctx, o.Desk, storage.EntryQuery{Register: Devices, Open: true})
	if err != nil {
		return err
	}
	for _, d := range found {
		if d.Body.Folder == "" {
			continue
		}
		h := waiting[d.Body.Folder]
		h.Problem = problem
		if _, err := o.Report(ctx, d.Body.ID, h, "hotfolder"); err != nil && !errors.Is(err, storage.ErrStale) {
			return err
		}
	}
	return nil
}
