package issuance

import (
	"context"
	"errors"
	"fmt"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/casework/register"
	"onewindow/storage"
)

// labelColumns are what EMS prints on a parcel's label.
var labelColumns = []string{"办件编号", "收件单位", "收件人", "收件电话", "收件地址", "内件", "件数", "寄件单位"}

// Labels is a sheet of what a hall sends by EMS, one line a parcel, for the carrier's
// own program (P4.4): what lies ready in it, and results of its division that lie in
// no hall.
func (o *Office) Labels(ctx context.Context, hall, division string) (notice.Table, error) {
	sheet := notice.Table{Columns: labelColumns, Rows: [][]string{}}
	waiting, err := register.All[Issuance](ctx, o.Desk, storage.EntryQuery{Register: Register, Division: division, States: []string{Ready, Undeliverable}})
	if err != nil {
		return sheet, err
	}
	for _, r := range waiting {
		if r.Body.Mode != Mail || r.Hall != "" && r.Hall != hall {
			continue
		}
		to, err := o.Cases.Registration(ctx, r.Project)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return sheet, fmt.Errorf("read project of a label: %w", err)
		}
		sheet.Rows = append(sheet.Rows, o.label(r, to))
	}
	return sheet, nil
}

func (o *Office) label(r Record, to approval.Registration) []string {
	return []string{r.Body.Number, to.Builder, to.Contact, r.Body.Phone, r.Body.Address, o.Catalogue.Name(r.Body.Item) + "结果",
		fmt.Sprint(max(len(r.Body.Results), 1)), o.UnitName(r.Division, "window")}
}
