package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"onewindow/casework/archive"
	"onewindow/casework/archive/bag"
	"onewindow/casework/notices"
	"onewindow/storage"
)

// archiveCommand packs cases for the archive, and checks packages.
func archiveCommand(a *app) *cobra.Command {
	parent := &cobra.Command{Use: "archive", Short: "归档包：导出办件，校验归档包"}
	var out string
	var running bool
	export := &cobra.Command{Use: "export CASE", Short: "把一个办件写成归档包（BagIt，ZIP）", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withRecords(cmd.Context(), func(h *house) error { return h.exportCase(cmd.Context(), cmd.OutOrStdout(), args[0], out, running) })
		}}
	export.Flags().StringVar(&out, "out", "", "file to write (default CASE.zip)")
	export.Flags().BoolVar(&running, "running", false, "also a case that has not ended")
	parent.AddCommand(export,
		&cobra.Command{Use: "verify FILE", Short: "校验归档包（ZIP 或解开的文件夹）；不需要数据库", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return verifyPackage(cmd.Context(), cmd.OutOrStdout(), args[0])
			}})
	return parent
}

func (h *house) archive(papers *notices.Office) *archive.Office {
	return &archive.Office{Records: h.records, Blobs: h.blobs, Printed: papers.Printed, Now: now, System: h.cfg.System, Version: version}
}

// exportCase writes to a temporary name and renames at the end: a file with the
// final name is always a whole package.
func (h *house) exportCase(ctx context.Context, say io.Writer, id, file string, running bool) error {
	papers, err := h.papers()
	if err != nil {
		return err
	}
	p, err := h.archive(papers).Open(ctx, id, running)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return exitError{exitUsage, fmt.Errorf("no case %q", id)}
	case errors.Is(err, archive.ErrUnfinished):
		return exitError{exitRefused, errors.New("the case has not ended; --running packs it all the same")}
	case err != nil:
		return err
	}
	if file == "" {
		file = p.Name + ".zip"
	}
	tmp, err := os.OpenFile(file+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create package: %w", err)
	}
	defer os.Remove(file + ".part") // gone once renamed
	err = p.Write(ctx, tmp)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := h.records.Record(ctx, storage.AuditEntry{Actor: "operator", Action: "case.archive", Object: p.Case.ID}); err != nil {
		return fmt.Errorf("note export: %w", err)
	}
	if err := os.Rename(file+".part", file); err != nil {
		return fmt.Errorf("name package: %w", err)
	}
	fmt.Fprintf(say, "已导出：%s\n", file)
	return nil
}

var problemTexts = map[string]string{bag.Missing: "缺失", bag.Changed: "已改动", bag.Extra: "多出", bag.Unsafe: "路径不安全", bag.Broken: "无法读取"}

func verifyPackage(ctx context.Context, say io.Writer, file string) error {
	r, err := bag.VerifyFile(ctx, file)
	if errors.Is(err, bag.ErrNoBag) {
		return exitError{exitRefused, err}
	}
	if err != nil {
		return err
	}
	for _, p := range r.Problems {
		fmt.Fprintf(say, "%s  %q\n", problemTexts[p.Kind], p.Path)
	}
	fmt.Fprintf(say, "办件 %q：%d 个文件，%d 字节，问题 %d 处\n", r.Info["External-Identifier"], r.Files, r.Bytes, len(r.Problems))
	if !r.Sound() {
		return exitError{code: exitRefused}
	}
	fmt.Fprintln(say, "归档包完整")
	return nil
}
