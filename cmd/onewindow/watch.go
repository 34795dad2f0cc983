package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"onewindow/intake/hotfolder"
)

// watchCommand runs only the hot folder, beside other processes.
func watchCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "watch", Short: "只看守热文件夹（与其他进程共用 Redis 和数据库）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
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
}

func (h *house) watch(ctx context.Context) error {
	w := &hotfolder.Watcher{
		Inbox: h.cfg.Inbox, Receiver: h.receiver(h.bell), Documents: h.records, Binder: h.binder(),
		Log: h.log, Quiet: h.cfg.Quiet, Every: h.cfg.ScanEvery,
	}
	return w.Run(ctx)
}

func (h *house) binder() hotfolder.Binder {
	return hotfolder.Binder{
		Division:      h.cfg.Division,
		KnownMaterial: func(code string) bool { _, ok := h.catalogue.Material(code); return ok },
		KnownType:     func(code string) bool { _, ok := h.catalogue.ResultType(code); return ok },
	}
}
