package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/document"
)

// processOptions are the flags of process (contract, design section 9).
type processOptions struct {
	as, item, project, unit string
	out                     string // folder for output files; "" makes none
	confirm, json           bool
	policy                  bool // confirm what the configured review policy lets pass
}

// processCommand runs the whole pipeline on files, without a server.
func processCommand(a *app) *cobra.Command {
	o := processOptions{}
	cmd := &cobra.Command{
		Use: "process FILE…", Short: "不启动服务，直接处理文件", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error { return a.process(cmd.Context(), o, files) },
	}
	f := cmd.Flags()
	f.StringVar(&o.as, "as", "", "material（申报材料）或 result（审批成果）；不填则按类型判断")
	f.StringVar(&o.item, "item", "", "办理事项编码")
	f.StringVar(&o.project, "project", "", "项目代码")
	f.StringVar(&o.unit, "unit", "", "出具成果的业务单位编码")
	f.BoolVar(&o.confirm, "confirm", false, "确认识别出的成果数据（全部有效时即盖水印）")
	f.StringVar(&o.out, "out", "onewindow-out", "输出文件夹")
	f.BoolVar(&o.json, "json", false, "每个文件输出一行 JSON")
	return cmd
}

func (o processOptions) check(files []string) error {
	switch document.Role(o.as) {
	case document.RoleAuto, document.RoleMaterial, document.RoleResult:
	default:
		return exitError{exitUsage, errors.New("--as must be material or result")}
	}
	if _, known := catalogue.Default().Item(o.item); o.item != "" && !known {
		return exitError{exitUsage, fmt.Errorf("--item: the catalogue has no item %q", o.item)}
	}
	if o.project != "" && !identifier.Validate("project_code", o.project).Valid {
		return exitError{exitUsage, fmt.Errorf("--project: %q is not a project code", o.project)}
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || info.IsDir() {
			return exitError{exitUsage, fmt.Errorf("%s: no such file", f)}
		}
	}
	return nil
}

func (a *app) process(ctx context.Context, o processOptions, files []string) error {
	if err := o.check(files); err != nil {
		return err
	}
	shop, err := openShop(ctx, a.cfg, o)
	if err != nil {
		return err
	}
	defer shop.Close()
	bar := newBar(len(files), o.json)
	worst := exitOK
	for line := range shop.run(ctx, files) {
		bar.Clear()
		if err := line.print(os.Stdout, o.json); err != nil {
			return err
		}
		bar.Add(1)
		worst = worseExit(worst, line)
	}
	bar.Finish()
	if ctx.Err() != nil {
		return exitError{130, errors.New("interrupted")}
	}
	if worst != exitOK {
		return exitError{code: worst}
	}
	return nil
}

// worseExit is the exit code after one more file: an internal failure outweighs
// a refusal.
func worseExit(worst int, l processLine) int {
	switch l.State {
	case "failed":
		return exitInternal
	case "refused":
		if worst == exitOK {
			return exitRefused
		}
	}
	return worst
}
