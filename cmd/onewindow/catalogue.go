package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"onewindow/approval/catalogue"
	"onewindow/casework/catalogues"
	"onewindow/internal/config"
)

// openCatalogue publishes the catalogue of this process and takes up all
// versions.
func (h *house) openCatalogue(ctx context.Context) error {
	if h.cfg.CatalogueDir == "" {
		if err := catalogues.PublishOwn(ctx, h.records); err != nil {
			return fmt.Errorf("publish catalogue: %w", err)
		}
	} else if _, _, err := catalogues.Publish(ctx, h.records, os.DirFS(h.cfg.CatalogueDir), "system"); err != nil {
		return fmt.Errorf("%w: --catalogue: %v", config.ErrInvalid, err)
	}
	var err error
	if h.library, err = catalogues.Open(ctx, h.records, h.log); err != nil {
		return fmt.Errorf("open catalogues: %w", err)
	}
	h.catalogue = h.library.On(catalogues.Today(time.Now()))
	return nil
}

// catalogueCommand holds what a city needs to keep its own catalogue.
func catalogueCommand(a *app) *cobra.Command {
	parent := &cobra.Command{Use: "catalogue", Short: "事项目录：导出、检查、比较、发布"}
	parent.AddCommand(
		&cobra.Command{Use: "export DIR", Short: "把内置目录写到一个文件夹，作为修改的起点", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return exportCatalogue(args[0]) }},
		&cobra.Command{Use: "check DIR", Short: "检查文件夹中的目录", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				c, err := catalogue.Load(os.DirFS(args[0]))
				if err != nil {
					return exitError{exitUsage, err}
				}
				fmt.Fprintf(cmd.OutOrStdout(), "目录 %s 正确，自 %s 起施行：%d 个阶段，%d 个事项，%d 种材料，%d 种成果\n", c.Version, c.Effective,
					len(c.Stages), len(c.Items), len(c.Materials), len(c.ResultTypes))
				return nil
			}},
		&cobra.Command{Use: "diff DIR", Short: "文件夹中的目录与现行目录有什么不同", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.diffCatalogue(cmd, args[0]) }},
		&cobra.Command{Use: "publish DIR", Short: "发布文件夹中的目录；服务重新启动后按施行日期采用", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.withRecords(cmd.Context(), func(h *house) error {
					c, fresh, err := catalogues.Publish(cmd.Context(), h.records, os.DirFS(args[0]), "operator")
					if err != nil {
						return exitError{exitUsage, err}
					}
					text := map[bool]string{true: "已发布", false: "先前已发布"}[fresh]
					fmt.Fprintf(cmd.OutOrStdout(), "目录 %s %s，自 %s 起施行\n", c.Version, text, c.Effective)
					return nil
				})
			}},
	)
	return parent
}

func exportCatalogue(dir string) error {
	own, err := catalogue.Embedded()
	if err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Clean(dir), own); err != nil {
		return exitError{exitUsage, fmt.Errorf("export catalogue: %w", err)}
	}
	return nil
}

func (a *app) diffCatalogue(cmd *cobra.Command, dir string) error {
	next, err := catalogue.Load(os.DirFS(dir))
	if err != nil {
		return exitError{exitUsage, err}
	}
	return a.withRecords(cmd.Context(), func(h *house) error {
		library, err := catalogues.Open(cmd.Context(), h.records, h.log)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		for _, c := range catalogue.Diff(library.On(catalogues.Today(time.Now())), next) {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t→\t%s\n", c.What, c.Kind, c.Name, c.Field, c.Before, c.After)
		}
		return table.Flush()
	})
}
