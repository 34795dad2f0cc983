package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"onewindow/pipeline"
)

// reindexCommand makes documents findable that were read before there was a
// search index.
func reindexCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "reindex", Short: "重建全文检索索引（可在服务运行时执行）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withRecords(cmd.Context(), func(h *house) error {
				n, err := pipeline.Reindex(cmd.Context(), h.records, h.blobs)
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "已为 %d 份文件建立检索索引\n", n)
				}
				return err
			})
		},
	}
}
