package supervision

import (
	"encoding/csv"
	"fmt"
	"io"
	"time"

	"onewindow/approval/calendar"
	"onewindow/approval/notice"
	"onewindow/storage"
)

// reportColumns are those of the report that goes to the government (W4.1).
var reportColumns = []struct {
	name string
	cell func(Figures) string
}{
	{"接件", func(f Figures) string { return fmt.Sprint(f.Received) }},
	{"受理", func(f Figures) string { return fmt.Sprint(f.Accepted) }},
	{"视为受理", func(f Figures) string { return fmt.Sprint(f.Deemed) }},
	{"退回", func(f Figures) string { return fmt.Sprint(f.Returned) }},
	{"不予受理", func(f Figures) string { return fmt.Sprint(f.Refused + f.NotRequired) }},
	{"补正", func(f Figures) string { return fmt.Sprint(f.Corrected) }},
	{"办结", func(f Figures) string { return fmt.Sprint(f.Completed) }},
	{"不通过", func(f Figures) string { return fmt.Sprint(f.Rejected) }},
	{"逾期", func(f Figures) string { return fmt.Sprint(f.Late) }},
	{"平均工作日", func(f Figures) string { return fmt.Sprintf("%.1f", f.Average) }},
}

// dimensionNames head the first column.
var dimensionNames = map[storage.Dimension]string{
	storage.ByNothing: "范围", storage.ByDivision: "行政区划", storage.ByUnit: "业务单位", storage.ByStage: "审批阶段", storage.ByItem: "办理事项",
	storage.ByChannel: "窗口类型", storage.ByHall: "政务大厅", storage.ByWindow: "窗口", storage.ByOfficer: "经办人",
}

// Table is the figures as a table.
func Table(by storage.Dimension, lines []Figures) notice.Table {
	t := notice.Table{Columns: []string{dimensionNames[by]}, Rows: [][]string{}}
	for _, c := range reportColumns {
		t.Columns = append(t.Columns, c.name)
	}
	for _, f := range lines {
		row := []string{f.Name}
		for _, c := range reportColumns {
			row = append(row, c.cell(f))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// WriteCSV writes a table as spreadsheets of Chinese offices read it: UTF-8 with
// its mark. Cells that a spreadsheet would take for a formula are quoted.
func WriteCSV(w io.Writer, t notice.Table) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	_ = out.Write(t.Columns) // an error stays in out
	for _, row := range t.Rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		_ = out.Write(safe)
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if cell != "" && (cell[0] == '=' || cell[0] == '+' || cell[0] == '@' || cell[0] == '-' && len(cell) > 1 && (cell[1] < '0' || cell[1] > '9')) {
		return "'" + cell
	}
	return cell
}

// Paper is the figures as a paper to be printed.
func (o *Office) Paper(q storage.MoveQuery, lines []Figures) notice.Notice {
	place := o.nameOf(storage.ByDivision, q.Division)
	if q.Division == "" {
		place = "湖南省"
	}
	now := o.Now().In(calendar.Zone)
	table := Table(q.By, lines)
	return notice.Notice{Title: "工程建设项目审批效能统计表", Number: "TJ" + now.Format("20060102"), Content: notice.Content{
		Heading: place + "工程建设项目审批效能监管",
		Before:  []string{fmt.Sprintf("统计期间：%s。按%s统计，数据取自办理记录，可由审计记录复核。", period(q, now), dimensionNames[q.By])},
		Table:   &table, Signer: "工程建设项目审批管理系统", Date: now.Format("2006年1月2日15:04"),
	}}
}

// period is a period in words; To is the first moment that does not count.
func period(q storage.MoveQuery, now time.Time) string {
	from, to := "系统启用", now
	if !q.From.IsZero() {
		from = q.From.In(calendar.Zone).Format("2006年1月2日")
	}
	if !q.To.IsZero() {
		to = q.To.In(calendar.Zone).AddDate(0, 0, -1)
	}
	return from + "至" + to.Format("2006年1月2日")
}
