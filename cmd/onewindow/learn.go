package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"onewindow/approval/calendar"
	"onewindow/casework"
	"onewindow/casework/catalogues"
	"onewindow/casework/learning"
	"onewindow/classify"
	"onewindow/classify/panel"
	"onewindow/classify/titlerules"
	"onewindow/document"
	"onewindow/pipeline"
)

// learning keeps what is learned from people's decisions about types.
func (h *house) learning() *learning.Office {
	return &learning.Office{Records: h.records, Catalogue: h.catalogue, Rules: h.rules(), Log: h.log, Now: time.Now,
		Pages: func(ctx context.Context, doc document.Document) ([]document.Page, error) {
			return pipeline.ReadPages(ctx, h.records, h.blobs, doc.ID, doc.Generation)
		}}
}

func (h *house) rules() classify.Classifier {
	return titlerules.New(h.catalogue, titlerules.Options{})
}

// classifier is the rules with what was learned.
func (h *house) classifier() classify.Classifier {
	return &panel.Classifier{Rules: h.rules(), Source: &learning.Live{Office: h.learning()}, Catalogue: h.catalogue}
}

// learnCommand trains, judges and chooses models of document types.
func learnCommand(a *app) *cobra.Command {
	parent := &cobra.Command{Use: "learn", Short: "分类模型：训练、试运行评估、采用、退回"}
	does := func(use, short string, args cobra.PositionalArgs, do func(ctx context.Context, o *learning.Office, out io.Writer, version int64) error) {
		parent.AddCommand(&cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
			var version int64
			if len(args) > 0 {
				var err error
				if version, err = strconv.ParseInt(args[0], 10, 64); err != nil || version < 1 {
					return exitError{exitUsage, fmt.Errorf("%q is no version of a model", args[0])}
				}
			}
			return a.withRecords(cmd.Context(), func(h *house) (err error) {
				if h.library, err = catalogues.Open(cmd.Context(), h.records, h.log); err != nil {
					return err
				}
				h.catalogue = h.library.On(catalogues.Today(time.Now()))
				return asUsage(do(cmd.Context(), h.learning(), cmd.OutOrStdout(), version))
			})
		}})
	}
	does("train", "用目录和人工确认训练新模型；不参与判定", cobra.NoArgs, func(ctx context.Context, o *learning.Office, out io.Writer, _ int64) error {
		m, err := o.Train(ctx, operator)
		if err == nil {
			fmt.Fprintf(out, "模型 %d：%d 份样例，其中人工确认 %d 份、%d 种类型\n", m.Version, m.Examples, m.Lessons, m.Types)
		}
		return err
	})
	does("list", "列出模型", cobra.NoArgs, func(ctx context.Context, o *learning.Office, out io.Writer, _ int64) error {
		s, err := o.State(ctx)
		if err != nil {
			return err
		}
		return listModels(out, s)
	})
	does("shadow VERSION", "试运行：用训练之后的人工确认评估模型", cobra.ExactArgs(1), func(ctx context.Context, o *learning.Office, out io.Writer, version int64) error {
		r, err := o.Evaluate(ctx, version, operator)
		if err == nil && r.With.Judged == 0 {
			fmt.Fprintf(out, "模型 %d 训练之后还没有人工确认的文件，无从评估\n", version)
		} else if err == nil {
			fmt.Fprintf(out, "评估 %d 份：现行准确率 %s、覆盖率 %s；采用模型 %d 后准确率 %s、覆盖率 %s\n", r.With.Judged,
				share(r.Now.Precision), share(r.Now.Coverage), version, share(r.With.Precision), share(r.With.Coverage))
		}
		return err
	})
	does("promote VERSION", "采用模型", cobra.ExactArgs(1), func(ctx context.Context, o *learning.Office, out io.Writer, version int64) error {
		s, err := o.Promote(ctx, version, operator)
		if err == nil {
			fmt.Fprintf(out, "现由模型 %d 与规则共同判定\n", s.Deciding)
		}
		return err
	})
	does("rollback", "退回此前的判定方式", cobra.NoArgs, func(ctx context.Context, o *learning.Office, out io.Writer, _ int64) error {
		s, err := o.Rollback(ctx, operator)
		if err == nil && s.Deciding == 0 {
			fmt.Fprintln(out, "现只用规则判定")
		} else if err == nil {
			fmt.Fprintf(out, "现由模型 %d 与规则共同判定\n", s.Deciding)
		}
		return err
	})
	return parent
}

// operator is who acts at the command line.
const operator = "operator"

func share(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }

func listModels(out io.Writer, s learning.State) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "版本\t训练时间\t人工确认\t类型\t评估份数\t准确率\t覆盖率\t")
	for _, m := range s.Models {
		fmt.Fprintf(table, "%d\t%s\t%d\t%d\t", m.Version, m.At.In(calendar.Zone).Format("2006-01-02 15:04"), m.Lessons, m.Types)
		if r := m.Report; r != nil && r.With.Judged > 0 {
			fmt.Fprintf(table, "%d\t%s\t%s\t", r.With.Judged, share(r.With.Precision), share(r.With.Coverage))
		} else {
			fmt.Fprint(table, "—\t—\t—\t")
		}
		if m.Version == s.Deciding {
			fmt.Fprint(table, "现行")
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}

// asUsage gives the words of what cannot be done to the operator.
func asUsage(err error) error {
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		for _, text := range invalid.Fields {
			return exitError{exitUsage, errors.New(text)}
		}
	}
	if errors.Is(err, casework.ErrIllegal) {
		return exitError{exitUsage, errors.New("现在没有模型参与判定")}
	}
	return err
}
