package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

// workerCommand runs only steps, beside other processes.
func workerCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "worker", Short: "只运行处理步骤（与其他进程共用 Redis 和数据库）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.cfg.CheckShared("worker"); err != nil {
				return err
			}
			h, err := openHouse(cmd.Context(), a.cfg)
			if err != nil {
				return err
			}
			h.figures() // made before two goroutines ask for it
			h.log.Info("worker started", "steps", h.cfg.Workers, "pid", os.Getpid())
			group, ctx := errgroup.WithContext(cmd.Context())
			group.Go(func() error { return h.showMetrics(ctx) })
			group.Go(func() error { return h.work(ctx) })
			return errors.Join(group.Wait(), h.Close())
		},
	}
}
