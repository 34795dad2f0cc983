package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework/issuance"
	"onewindow/document"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// functions are what templates may call, besides words (render.go).
func functions() template.FuncMap {
	return template.FuncMap{
		"time":     func(t time.Time) string { return t.In(shanghai).Format("2006-01-02 15:04:05") },
		"minute":   func(t time.Time) string { return t.In(shanghai).Format("2006-01-02 15:04") },
		"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"state":    func(s document.State) string { return stateText[s] },
		"kind":     stateKind,
		"status":   func(s approval.Status) string { return statusText[s] },
		"step":     func(s document.Step) string { return stepText[s] },
		"percent":  func(f float64) string { return fmt.Sprintf("%.0f%%", 100*f) },
		"code":     verifycode.Format,
		"by":       confirmerText,
		"task":     func(s storage.TaskState) string { return taskText[s] },
		"role":     func(r access.Role) string { return roleText[r] },
		"rolename": func(r string) string { return roleText[access.Role(r)] },
		"action":   actionWords,
		"add":      func(a, b int) int { return a + b },
		"sub":      func(a, b int) int { return a - b },
		"size":     sizeText,
		"resting":  func(s document.State) bool { return s.Final() || s == document.StateNeedsReview },
		"icon":     icon,
		"pictured": pictured,
		"lastday":  func(t time.Time) string { return t.In(shanghai).Format("1月2日") },
		"button":   func(a progress.Action) string { return a.Text() },
		"clock":    func(at time.Time) string { return at.In(shanghai).Format("1月2日 15:04") },
		"day":      dayText,
		"list":     func(v ...any) []any { return v },
		"json":     asJSON,
		"dict":     dict,
		"field":    field,
		"delivery": func(d storage.DeliveryState) string { return deliveryTexts[d] },
		"light":    func(l clock.Light) string { return lights[l] },
		"mode":     func(m issuance.Mode) string { return modeText[m] },
		"has":      func(list []string, v string) bool { return contains(list, v) },
	}
}

// asJSON hands data to a script through an attribute.
func asJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// dict gives a part several values by name.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict needs pairs, got %d values", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict key %v is no string", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

func contains(list []string, v string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// Texts of the interface (glossary.md, personas.md).
var (
	stateText = map[document.State]string{
		document.StateReceived: "已收件", document.StateInspecting: "检测中", document.StateReading: "识别中",
		document.StateClassified: "识别中", document.StateNeedsReview: "待复核", document.StateConfirmed: "已确认",
		document.StateDone: "完成", document.StateQuarantined: "已隔离", document.StateRefused: "无法处理",
		document.StateFailed: "识别失败（可人工归类）", document.StateRejected: "不予采用", document.StateCancelled: "已撤回",
		document.StatePurged: "已销毁", document.StateSplit: "已拆分",
	}
	statusText = map[approval.Status]string{
		approval.StatusPublished: "有效", approval.StatusSuperseded: "已被替换", approval.StatusRevoked: "已撤销",
	}
	taskText = map[storage.TaskState]string{
		storage.TaskHeld: "排队", storage.TaskReady: "等待", storage.TaskClaimed: "进行中", storage.TaskDone: "完成",
		storage.TaskParked: "停下", storage.TaskCancelled: "取消",
	}
	stepText = map[document.Step]string{
		document.StepInspect: "检测", document.StepScreen: "首页筛查", document.StepRecognize: "识别",
		document.StepClassify: "分类", document.StepExtract: "提取数据", document.StepStamp: "加水印", document.StepPublish: "发布", document.StepErase: "清除派生数据", document.StepSearchable: "生成可检索副本",
	}
	roleText = map[access.Role]string{
		access.Applicant: "申请单位", access.Clerk: "综合窗口", access.Reviewer: "业务单位", access.Lead: "牵头单位",
		access.Supervisor: "监督考核", access.Security: "保密员", access.Archivist: "档案管理", access.Admin: "系统管理员", access.System: "对接系统", access.Province: "省级指导",
	}
)

// stateKind is the colour of a state: what is well, what waits for somebody,
// what went wrong, what is over.
func stateKind(state any) string {
	switch fmt.Sprint(state) {
	case string(document.StateDone), string(document.StateConfirmed), string(approval.StatusPublished):
		return "good"
	case string(document.StateNeedsReview), string(approval.StatusSuperseded):
		return "warn"
	case string(document.StateRefused), string(document.StateFailed), string(document.StateQuarantined), string(approval.StatusRevoked), string(storage.TaskParked):
		return "bad"
	case string(document.StateRejected), string(document.StateCancelled), string(document.StatePurged), string(document.StateSplit):
		return "calm"
	}
	return ""
}

// sizeText is a file's size as people say it.
func sizeText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.0f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d 字节", n)
}

// dayText says a date, "长期" when there is no end.
func dayText(date string) string {
	if date == approval.NoExpiry {
		return "长期"
	}
	return date
}

// confirmerText names who confirmed a value: a person, or the rule that let it pass.
func confirmerText(by string) string {
	if strings.HasPrefix(by, "policy:") {
		return "系统核验"
	}
	return by
}
