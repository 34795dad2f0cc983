package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"onewindow/internal/workroom"
	"onewindow/stamp"
)

// stampCommand shows what the watermark looks like.
func stampCommand(a *app) *cobra.Command {
	var preview string
	cmd := &cobra.Command{
		Use: "stamp --preview FILE.pdf", Short: "预览水印模板", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if preview == "" {
				return exitError{exitUsage, errors.New("name a file: onewindow stamp --preview preview.pdf")}
			}
			r, err := a.preview(cmd.Context(), preview)
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s（模板 %s）\n", preview, r.Template)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&preview, "preview", "", "把样张写到这个 PDF 文件")
	return cmd
}

func (a *app) preview(ctx context.Context, out string) (stamp.Report, error) {
	tpl, err := loadTemplate(a.cfg.TemplateFile)
	if err != nil {
		return stamp.Report{}, err
	}
	room, err := workroom.New(ctx, workroom.Config{})
	if err != nil {
		return stamp.Report{}, err
	}
	report, err := stamp.Preview(ctx, room, out, stamp.SampleMark(a.cfg.BaseURL), tpl)
	return report, errors.Join(err, room.Close())
}
