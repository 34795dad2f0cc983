package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"onewindow/casework/organisation"
	"onewindow/intake/hotfolder"
	"onewindow/storage"
)

// watchCommand runs only the hot folder, beside other processes, or reports what
// became of every file in it.
func watchCommand(a *app) *cobra.Command {
	var told, asJSON bool
	cmd := &cobra.Command{
		Use: "watch", Short: "只看守热文件夹（与其他进程共用 Redis 和数据库）；--report 列出每个文件的去向", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if told {
				return a.withRecords(cmd.Context(), func(h *house) error {
					return (&report{h.records, cmd.OutOrStdout(), asJSON}).print(cmd.Context())
				})
			}
			if err := a.cfg.CheckShared("watch"); err != nil {
				return err
			}
			h, err := openRecords(cmd.Context(), a.cfg)
			if err != nil {
				return err
			}
			if err := h.openBell(); err != nil {
				return errors.Join(err, h.Close())
			}
			group, ctx := errgroup.WithContext(cmd.Context())
			group.Go(func() error { return h.showMetrics(ctx) })
			group.Go(func() error { return h.watch(ctx) })
			return errors.Join(group.Wait(), h.Close())
		},
	}
	cmd.Flags().BoolVar(&told, "report", false, "print what became of every file and end")
	cmd.Flags().BoolVar(&asJSON, "json", false, "with --report: one JSON object a line")
	return cmd
}

func (h *house) watch(ctx context.Context) error {
	w := &hotfolder.Watcher{
		Inbox: h.cfg.Inbox, Receiver: h.receiver(h.bell), Documents: h.records, Ledger: h.records, Binder: h.binder(),
		Log: h.log, Quiet: h.cfg.Quiet, Every: h.cfg.ScanEvery, Keep: h.cfg.LedgerKeep,
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.Run(ctx) })
	group.Go(func() error { h.tellFolders(ctx, w); return nil })
	return group.Wait()
}

// folderTick is how often windows hear of their hot folders.
const folderTick = time.Minute

// tellFolders tells what waits in the hot folders (W2.7).
func (h *house) tellFolders(ctx context.Context, w *hotfolder.Watcher) {
	tick := time.NewTicker(folderTick)
	defer tick.Stop()
	for {
		waiting, problem := map[string]organisation.Health{}, ""
		found, err := w.Waiting()
		if err != nil {
			problem = "热文件夹无法读取"
		}
		for folder, q := range found {
			waiting[folder] = organisation.Health{Backlog: q.Files, Oldest: q.Oldest.UTC()}
		}
		if err := h.organisation().Folders(ctx, waiting, problem); err != nil && ctx.Err() == nil {
			h.log.Warn("report hot folders", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (h *house) binder() hotfolder.Binder {
	return hotfolder.Binder{
		Division:      h.cfg.Division,
		KnownMaterial: func(code string) bool { _, ok := h.catalogue.Material(code); return ok },
		Case:          h.caseOfFolder,
		KnownType:     func(code string) bool { _, ok := h.catalogue.ResultType(code); return ok },
	}
}

// caseOfFolder finds the case that a folder is named after.
func (h *house) caseOfFolder(ctx context.Context, number string) (project string, ok bool, err error) {
	k, err := h.records.Case(ctx, number)
	if errors.Is(err, storage.ErrNotFound) {
		return "", false, nil
	}
	return k.Project, err == nil, err
}
