package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"onewindow/storage"
)

// verifyCommand re-reads what is stored and compares it with what is recorded.
func verifyCommand(a *app) *cobra.Command {
	var blobs bool
	cmd := &cobra.Command{
		Use: "verify", Short: "校验存储：重算全部文件的摘要，找出损坏、缺失和无主文件", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !blobs {
				return exitError{exitUsage, errors.New("say what to verify: --blobs (the audit trail: `onewindow audit verify`)")}
			}
			return a.withRecords(cmd.Context(), func(h *house) error {
				return h.verifyBlobs(cmd.Context(), cmd.OutOrStdout())
			})
		},
	}
	cmd.Flags().BoolVar(&blobs, "blobs", false, "every stored file")
	return cmd
}

// orphanGrace is the age below which a file without a record may still get one.
const orphanGrace = time.Hour

func (h *house) verifyBlobs(ctx context.Context, out io.Writer) error {
	check := storage.FixityCheck{Workers: h.cfg.Workers, Grace: orphanGrace, Report: func(t storage.Trouble) {
		fmt.Fprintf(out, "%-10s %s/%s\n", t.Condition, t.Class, t.Digest)
	}}
	tally, err := check.Run(ctx, h.blobs, h.records.References(ctx))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d 个文件，%d 字节；损坏 %d，缺失 %d，不可读 %d，无主 %d\n",
		tally.Blobs, tally.Bytes, tally.Damaged, tally.Missing, tally.Unreadable, tally.Orphans)
	if !tally.Sound() {
		return exitError{code: exitInternal}
	}
	return nil
}
