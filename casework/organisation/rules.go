package organisation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/storage"
)

// Article is one of the written rules of the windows (首问负责、一次性告知 …).
type Article struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Rules are how the windows work (W2.1): one configuration, every version kept.
// Days are working days.
type Rules struct {
	Version       int64     `json:"version"` // 0: as delivered
	By            string    `json:"by,omitempty"`
	At            time.Time `json:"at,omitzero"`
	PaperReasons  []string  `json:"paper_reasons" doc:"可以收取纸质材料的原因"`
	ComplaintDays int       `json:"complaint_workdays" doc:"投诉答复期限，工作日"`
	CollectDays   int       `json:"collect_workdays" doc:"待领取多少个工作日后提醒"`
	CoordDays     int       `json:"coordination_workdays" doc:"协调事项的办理期限，工作日"`
	KioskIdle     int       `json:"kiosk_idle_seconds" doc:"自助终端无操作后退出的秒数"`
	Articles      []Article `json:"articles" doc:"窗口运行制度"`
}

const rulesName = "window.rules"

// deliveredRules hold until a city sets its own.
func deliveredRules() Rules {
	r := Rules{ComplaintDays: 5, CollectDays: 5, CoordDays: 5, KioskIdle: 60, Articles: []Article{
		{"线上为主", "原则上不受理纸质材料；因特殊原因需受理的，由实体窗口统一受理并注明原因，指导协助申请单位上传。"},
		{"一次告知", "材料不齐全或者不符合法定形式的，当场一次告知需要补正的全部内容。"},
		{"限时办结", "各事项在规定时限内办结，结果文书在规定时限内转交实体窗口统一出件。"},
	}}
	for reason := range cases.PaperReasons {
		r.PaperReasons = append(r.PaperReasons, reason)
	}
	slices.Sort(r.PaperReasons)
	return r
}

// Rules returns a version of the rules, those in force for 0. Errors:
// storage.ErrNotFound for a version that never was.
func (o *Office) Rules(ctx context.Context, version int64) (Rules, error) {
	v, err := o.Settings.Setting(ctx, rulesName, version)
	if errors.Is(err, storage.ErrNotFound) && version == 0 {
		return deliveredRules(), nil
	}
	if err != nil {
		return Rules{}, err
	}
	var r Rules
	if err := json.Unmarshal([]byte(v.Data), &r); err != nil {
		return r, fmt.Errorf("decode rules: %w", err)
	}
	r.Version, r.By, r.At = v.Version, v.By, v.At
	return r, nil
}

// SetRules brings new rules into force. Errors: *casework.Invalid, storage.ErrStale
// when seen is not the version in force.
func (o *Office) SetRules(ctx context.Context, r Rules, seen int64, by string) (Rules, error) {
	wrong := map[string]string{}
	for i, reason := range r.PaperReasons {
		if cases.PaperReasons[reason] == "" {
			wrong[plural("paper_reasons", i)] = "没有这种原因"
		}
	}
	for field, n := range map[string]int{"complaint_workdays": r.ComplaintDays, "collect_workdays": r.CollectDays, "coordination_workdays": r.CoordDays} {
		if n < 1 || n > 60 {
			wrong[field] = "请填写 1 至 60 个工作日"
		}
	}
	if r.KioskIdle < 10 || r.KioskIdle > 600 {
		wrong["kiosk_idle_seconds"] = "请填写 10 至 600 秒"
	}
	for i, a := range r.Articles {
		if strings.TrimSpace(a.Title) == "" || strings.TrimSpace(a.Text) == "" {
			wrong[plural("articles", i)] = "请填写制度的名称和内容"
		}
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	before, err := o.Rules(ctx, 0)
	if err != nil {
		return r, err
	}
	if before.Version != seen {
		return r, storage.ErrStale
	}
	r.Version, r.By, r.At = 0, "", time.Time{}
	data, err := json.Marshal(r)
	if err != nil {
		return r, fmt.Errorf("encode rules: %w", err)
	}
	v, err := o.Settings.SaveSetting(ctx, storage.Setting{Name: rulesName, By: by, Data: string(data)},
		storage.AuditEntry{Actor: by, Action: "window.rules", Object: rulesName, Detail: map[string]string{"rules": string(data)}})
	r.Version, r.By, r.At = v.Version, v.By, v.At
	return r, err
}

// CollectDays is after how many working days an uncollected result is reminded of.
func (o *Office) CollectDays(ctx context.Context) (int, error) {
	r, err := o.Rules(ctx, 0)
	return r.CollectDays, err
}

// TakesPaper reports whether the rules let paper in for a reason (P3.1).
func (r Rules) TakesPaper(reason string) bool { return slices.Contains(r.PaperReasons, reason) }
