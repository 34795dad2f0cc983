package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"onewindow/approval/calendar"
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
				office := h.office()
				office.Calendar = next
				moved, err := office.Recompute(cmd.Context(), "operator", false)
				if err != nil {
					return err
				}
				table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, m := range moved {
					from, to := m.Days()
					fmt.Fprintf(table, "%s\t%s\t%s\t%s\t→\t%s\n", m.Number, m.Item, m.Unit, from, to)
				}
				if err := table.Flush(); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "共 %d 项期限变动\n", len(moved))
				return err
			})
		}})
	return parent
}
