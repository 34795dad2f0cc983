package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"
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
			h.log.Info("worker started", "steps", h.cfg.Workers, "pid", os.Getpid())
			return errors.Join(h.work(cmd.Context()), h.Close())
		},
	}
}
