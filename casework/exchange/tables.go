// Package exchange turns what the windows did into the tables of the ministry's
// data sharing standard (SPGL_*; G.5, docs/domain/exchange-standards.md). It only
// reads: whoever uploads asks for what happened after the last number it has.
package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/identifier"
)

// The tables, in the order in which they must be sent: a row names rows of
// tables before it.
const (
	Projects = "SPGL_XMJBXXB"       // 项目基本信息
	Items    = "SPGL_XMSPSXBLXXB"   // 审批事项办理信息
	Steps    = "SPGL_XMSPSXBLXXXXB" // 审批事项办理详细信息
	Results  = "SPGL_XMSPSXPFWJXXB" // 批复文件
	Specials = "SPGL_XMSPSXBLTBCXXXB"
)

// Names lists the tables in order.
func Names() []string { return []string{Projects, Items, Steps, Results, Specials} }

// columns are those that are filled, in the standard's order; required ones are
// marked with *.
var columns = map[string][]string{
	Projects: {"dfsjzj*", "xzqhdm*", "xmdm*", "xmmc*", "gcdm*", "ztze", "jsdd*", "jzmj", "sfxxgc*", "sbsj*", "splcbm*", "splcbbh*", "jsdw*", "jsdwdm*", "sjyxbs*", "sjsczt*"},
	Items: {"dfsjzj*", "xzqhdm*", "gcdm*", "spsxbm*", "spsxbbh*", "splcbm*", "splcbbh*", "spsxslbm*", "spbmbm*", "spbmmc*", "slfs*", "blspslbm*",
		"sxblsx*", "sxgzcnzspqk*", "dybzspjdxh*", "sjyxbs*", "sjsczt*"},
	Steps:    {"dfsjzj*", "xzqhdm*", "gcdm*", "spsxslbm*", "blcs*", "blr*", "blzt*", "blyj", "blsj*", "sjyxbs*", "sjsczt*"},
	Results:  {"dfsjzj*", "xzqhdm*", "gcdm*", "spsxslbm*", "pfrq*", "pfwh*", "pfwjbt*", "pfwjyxqx*", "spjglx*", "zzbs", "fjmc*", "fjlx*", "fjid*", "sjyxbs*", "sjsczt*"},
	Specials: {"dfsjzj*", "xzqhdm*", "gcdm*", "spsxslbm*", "tbcx*", "tbcxmc*", "tbcxkssj*", "tbcxsxlx*", "tbcxsx*", "sjyxbs*", "sjsczt*"},
}

// Columns lists the columns of a table.
func Columns(table string) []string {
	out := make([]string, len(columns[table]))
	for i, c := range columns[table] {
		out[i] = strings.TrimSuffix(c, "*")
	}
	return out
}

// Row is one row: column to value.
type Row map[string]string

// Failure is a row that would be refused, and why; it is not sent.
type Failure struct {
	Table  string            `json:"table"`
	Key    string            `json:"dfsjzj"`
	Fields map[string]string `json:"fields"` // column to reason
}

// check says what is wrong with a row, as the receiving side would.
func check(table string, r Row) map[string]string {
	wrong := map[string]string{}
	for _, c := range columns[table] {
		if name, required := strings.CutSuffix(c, "*"); required && r[name] == "" {
			wrong[name] = "必填项为空"
		}
	}
	if code := r["jsdwdm"]; code != "" && !identifier.Validate(identifier.USCC, code).Valid {
		wrong["jsdwdm"] = "统一社会信用代码校验不通过"
	}
	if n, err := strconv.Atoi(r["blzt"]); table == Steps && (err != nil || n < 1 || n > 15) {
		wrong["blzt"] = "不在代码表 1–15 之内"
	}
	for _, day := range []string{"pfrq", "pfwjyxqx"} {
		if _, err := time.Parse(time.DateOnly, r[day]); table == Results && r[day] != "" && err != nil {
			wrong[day] = "不是有效日期"
		}
	}
	return wrong
}

// done marks a row as valid and new.
func done(r Row) Row {
	r["sjyxbs"], r["sjsczt"] = "1", "0"
	return r
}

// works is the 工程代码: one for a project, whose code it is.
func works(project string) string { return project }

func projectRow(r approval.Registration, catalogueVersion string) Row {
	return done(Row{"dfsjzj": r.Code, "xzqhdm": r.Division, "xmdm": r.Code, "xmmc": r.Name, "gcdm": works(r.Code), "jsdw": r.Builder, "jsdwdm": r.USCC,
		"ztze": number(r.Investment), "jzmj": number(r.Area), "jsdd": r.Division, "sfxxgc": "0", "sbsj": stamp(r.At),
		"splcbm": r.Type, "splcbbh": catalogueVersion})
}

func itemRow(it approval.CaseItem, k approval.Case, unitName string, committed bool) Row {
	return done(Row{"dfsjzj": it.ID, "xzqhdm": it.Division, "gcdm": works(it.Project), "spsxbm": it.Item, "spsxbbh": k.Catalogue, "splcbm": k.Stage,
		"splcbbh": k.Catalogue, "spsxslbm": it.ID, "spbmbm": it.Unit, "spbmmc": unitName, "slfs": map[approval.Channel]string{
			approval.ChannelVirtual: "1", approval.ChannelPhysical: "2"}[it.Channel], "blspslbm": k.Number, "sxblsx": fmt.Sprint(it.Limit),
		"sxgzcnzspqk": map[bool]string{true: "1", false: "0"}[committed], "dybzspjdxh": strings.TrimPrefix(it.Stage, "S")})
}

// stepRow is one move. A move by time is the unit's: it let the time pass.
func stepRow(e approval.Event, unitName string) Row {
	d := e.Data
	by := d["by"]
	if by == "" {
		by = "系统（视为受理）"
	}
	at, err := time.Parse(time.RFC3339Nano, d["at"])
	if err != nil {
		at = e.At
	}
	return done(Row{"dfsjzj": fmt.Sprint(e.Seq), "xzqhdm": d["division"], "gcdm": works(e.Project), "spsxslbm": d["case_item"], "blcs": unitName,
		"blr": by, "blzt": d["exchange"], "blyj": d["reason"], "blsj": stamp(at)})
}

func resultRow(r approval.Result, it approval.CaseItem) Row {
	return done(Row{"dfsjzj": r.ID, "xzqhdm": it.Division, "gcdm": works(it.Project), "spsxslbm": it.ID, "pfrq": r.IssueDate, "pfwh": r.Number,
		"pfwjbt": r.Title, "pfwjyxqx": r.ValidUntil, "spjglx": r.TypeName, "zzbs": r.ECertID, "fjmc": r.Title, "fjlx": r.MediaType, "fjid": r.Delivered.String()})
}

// specialOther is kind 8, 其他: the standard's list has no words of ours.
const specialOther = "8"

func specialRow(it approval.CaseItem, n int) Row {
	s := it.Specials[n]
	return done(Row{"dfsjzj": fmt.Sprintf("%s-%d", it.ID, n+1), "xzqhdm": it.Division, "gcdm": works(it.Project), "spsxslbm": it.ID, "tbcx": specialOther,
		"tbcxmc": s.Kind, "tbcxkssj": stamp(s.Opened), "tbcxsxlx": "1", "tbcxsx": fmt.Sprint(s.Days)})
}

// stamp is a moment as the standard writes it, in Chinese time.
func stamp(t time.Time) string { return t.In(calendar.Zone).Format(time.DateTime) }

func number(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
