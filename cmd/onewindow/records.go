package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"onewindow/access"
	"onewindow/api"
	"onewindow/document"
	"onewindow/intake"
)

// withRecords runs fn on the records of a deployment.
func (a *app) withRecords(ctx context.Context, fn func(*house) error) error {
	h, err := openRecords(ctx, a.cfg)
	if err != nil {
		return err
	}
	return errors.Join(fn(h), h.Close())
}

func migrateCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "创建或升级数据库结构", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withRecords(cmd.Context(), func(h *house) error {
				s, err := h.records.Schema(cmd.Context())
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "schema version %d\n", s.Version)
				}
				return err
			})
		},
	}
}

// auditCommand holds `audit verify`.
func auditCommand(a *app) *cobra.Command {
	parent := &cobra.Command{Use: "audit", Short: "办理过程（审计链）"}
	parent.AddCommand(&cobra.Command{
		Use: "verify", Short: "校验审计链：是否有改动、缺失、插入或调序", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withRecords(cmd.Context(), func(h *house) error {
				v, err := h.records.VerifyAudit(cmd.Context())
				if err != nil {
					return err
				}
				if !v.Intact {
					return exitError{exitInternal, fmt.Errorf("audit trail broken at row %d: %s", v.BadSeq, v.Problem)}
				}
				fmt.Fprintf(cmd.OutOrStdout(), "审计链完整：%d 条\n", v.Rows)
				return nil
			})
		},
	})
	return parent
}

// requeueCommand readies parked work; the service's sweeper picks it up.
func requeueCommand(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "requeue [DOCUMENT…]", Short: "重新处理停下来的文件",
		RunE: func(cmd *cobra.Command, ids []string) error {
			if len(ids) == 0 && !all {
				return exitError{exitUsage, errors.New("name documents, or --all for everything that is parked")}
			}
			return a.withRecords(cmd.Context(), func(h *house) error { return h.requeue(cmd, ids, all) })
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every parked document")
	return cmd
}

func (h *house) requeue(cmd *cobra.Command, ids []string, all bool) error {
	ctx := cmd.Context()
	wanted := map[document.ID]bool{}
	for _, id := range ids {
		wanted[document.ID(id)] = true
	}
	if all {
		parked, err := h.records.Parked(ctx, 10_000)
		if err != nil {
			return err
		}
		for _, t := range parked {
			wanted[t.Document] = true
		}
	}
	for id := range wanted {
		tasks, err := h.records.Requeue(ctx, id, "cli")
		if err != nil {
			return fmt.Errorf("requeue %s: %w", id, err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s  %d\n", id, len(tasks))
	}
	return nil
}

// tokenCommand makes a token for a program.
func tokenCommand(a *app) *cobra.Command {
	var account, label, unit, hall string
	var roles, actions []string
	var life time.Duration
	cmd := &cobra.Command{
		Use: "token", Short: "为程序签发令牌（账号不存在则一并建立）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withRecords(cmd.Context(), func(h *house) error {
				guard := h.guard()
				if len(roles) > 0 {
					n := access.NewAccount{Name: account, Unit: unit, Division: a.cfg.Division, Hall: hall}
					for _, r := range roles {
						n.Roles = append(n.Roles, access.Role(r))
					}
					if err := guard.CreateForPrograms(cmd.Context(), n); err != nil {
						return err
					}
				}
				var only []access.Action
				for _, a := range actions {
					if !slices.Contains(access.Actions(), access.Action(a)) {
						return exitError{exitUsage, fmt.Errorf("no such action %q; there are %v", a, access.Actions())}
					}
					only = append(only, access.Action(a))
				}
				secret, err := guard.IssueToken(cmd.Context(), account, label, life, only...)
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), secret)
				}
				return err
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&account, "account", "admin", "账号")
	f.StringSliceVar(&roles, "role", nil, "新账号的角色，如 reviewer、system、applicant")
	f.StringSliceVar(&actions, "action", nil, "只允许这些权限，如 document.send（扫描仪）")
	f.StringVar(&unit, "unit", "", "新账号所属业务单位编码")
	f.StringVar(&hall, "hall", "", "新账号所在政务大厅")
	f.StringVar(&label, "label", "", "用途说明")
	f.DurationVar(&life, "life", 0, "有效期，0 为长期")
	return cmd
}

// openapiCommand prints the description of the interface.
func openapiCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "openapi", Short: "输出接口描述（OpenAPI 3.1）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := api.Description(version)
			if err == nil {
				_, err = cmd.OutOrStdout().Write(b)
			}
			return err
		},
	}
}

// ingestCommand takes files in for the service's workers, without waiting.
func ingestCommand(a *app) *cobra.Command {
	o := document.Origin{Door: "cli", By: "cli", Channel: document.ChannelUnit, Lane: document.LaneBulk}
	var as, lane string
	cmd := &cobra.Command{
		Use: "ingest FILE…", Short: "把文件交给服务处理，立即返回收件编号", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			o.Role, o.Lane, o.Division = document.Role(as), document.Lane(lane), a.cfg.Division
			return a.withRecords(cmd.Context(), func(h *house) error { return h.ingest(cmd, o, files) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&as, "as", "", "material 或 result")
	f.StringVar(&lane, "lane", "bulk", "counter、virtual 或 bulk")
	f.StringVar(&o.Project, "project", "", "项目代码")
	f.StringVar(&o.Item, "item", "", "办理事项编码")
	f.StringVar(&o.Unit, "unit", "", "业务单位编码")
	return cmd
}

// silent is the bell of a process without a queue: the service's sweeper rings.
type silent struct{}

func (h *house) ingest(cmd *cobra.Command, o document.Origin, files []string) error {
	receiver := h.receiver(silent{})
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return exitError{exitUsage, fmt.Errorf("%s: no such file", path)}
		}
		r, err := receiver.Receive(cmd.Context(), intake.Submission{Body: f, Filename: filepath.Base(path), Origin: o})
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s\n", r.Number, r.Document, path)
	}
	return nil
}
