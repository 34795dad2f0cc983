package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"onewindow/approval/calendar"
	"onewindow/approval/clock"
	"onewindow/casework/catalogues"
	"onewindow/internal/config"
)

// openCalendar lays the city's calendar over the embedded one.
func (h *house) openCalendar() error {
	if h.cfg.CalendarFile == "" {
		return nil
	}
	var err error
	if h.calendar, err = readCalendar(h.cfg.CalendarFile); err != nil {
		return fmt.Errorf("%w: --calendar: %v", config.ErrInvalid, err)
	}
	return nil
}

func readCalendar(path string) (*calendar.Calendar, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return calendar.New(b)
}

// recompute moves what runs to the calendar of this process and logs what moved.
func (h *house) recompute(ctx context.Context) error {
	moved, err := h.office().Recompute(ctx, "system", true)
	if err != nil {
		return fmt.Errorf("recompute dates: %w", err)
	}
	for _, m := range moved {
		h.log.Info("date moved with the calendar", "case_item", m.CaseItem, "clock", m.Kind, "from", m.From, "to", m.To)
	}
	entries, err := h.registers().Recompute(ctx, "system", true)
	if err != nil {
		return fmt.Errorf("recompute dates of registers: %w", err)
	}
	for _, m := range entries {
		h.log.Info("date moved with the calendar", "register", m.Register, "entry", m.Entry, "clock", m.Kind, "from", m.From, "to", m.To)
	}
	return nil
}

// calendarCommand shows what another calendar would move.
func calendarCommand(a *app) *cobra.Command {
	parent := &cobra.Command{Use: "calendar", Short: "工作日历：比较"}
	parent.AddCommand(&cobra.Command{Use: "diff FILE", Short: "换用 FILE 中的日历后，哪些在办期限会变动（不作更改；服务以 --calendar FILE 启动时生效）", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			next, err := readCalendar(args[0])
			if err != nil {
				return exitError{exitUsage, err}
			}
			return a.withRecords(cmd.Context(), func(h *house) error {
				if h.library, err = catalogues.Open(cmd.Context(), h.records, h.log); err != nil {
					return err
				}
				h.catalogue = h.library.On(catalogues.Today(time.Now()))
				h.calendar = next
				return h.printMoves(cmd.Context(), cmd.OutOrStdout())
			})
		}})
	return parent
}

// printMoves lists what the calendar of this process would move, and moves nothing.
func (h *house) printMoves(ctx context.Context, out io.Writer) error {
	items, err := h.office().Recompute(ctx, "operator", false)
	if err != nil {
		return err
	}
	entries, err := h.registers().Recompute(ctx, "operator", false)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range items {
		from, to := m.Days()
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t→\t%s\n", m.Number, m.Item, m.Unit, from, to)
	}
	for _, m := range entries {
		from, to := m.Days()
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t→\t%s\n", cmp.Or(m.Number, m.Entry), clockNames[m.Kind], m.Unit, from, to)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "共 %d 项期限变动\n", len(items)+len(entries))
	return err
}

// clockNames say what the clock of an entry measures.
var clockNames = map[clock.Kind]string{clock.KindConsultation: "咨询答复", clock.KindInquiry: "征询反馈", clock.KindComplaint: "投诉答复",
	clock.KindCommitment: "告知承诺", clock.KindTolerance: "容缺补交"}
