package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onewindow/internal/procfs"
	"onewindow/internal/score"
	"onewindow/internal/workroom"
	"onewindow/ocr"
)

// evalOptions are the flags of eval.
type evalOptions struct {
	labels, out, groups string
	limit, worst        int
	json                bool
}

// evalCommand scores reading on a labelled folder: ours (mksample -set) or a
// user's own scans.
func evalCommand(a *app) *cobra.Command {
	o := evalOptions{}
	cmd := &cobra.Command{
		Use: "eval --labels labels.jsonl", Short: "用带标注的文件评测识别效果", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.eval(cmd.Context(), cmd.OutOrStdout(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.labels, "labels", "", "标注文件，每行一个 JSON（file、group、type、fields、text、secrecy）")
	f.StringVar(&o.out, "out", "", "把 eval.json、eval.html 写入此文件夹（不填则只显示表格）")
	f.StringVar(&o.groups, "group", "", "只评测这些组，用逗号分隔")
	f.IntVar(&o.limit, "limit", 0, "每组最多评测多少个文件（0 为全部）")
	f.IntVar(&o.worst, "worst", 24, "网页中列出多少个最差页面")
	f.BoolVar(&o.json, "json", false, "输出 JSON 而不是表格")
	return cmd
}

// evalReport is eval.json.
type evalReport struct {
	Run score.Run `json:"run"`
	*score.Score
	Worst []score.Case `json:"worst"`
}

func (a *app) eval(ctx context.Context, stdout io.Writer, o evalOptions) error {
	labels, err := o.read()
	if err != nil {
		return exitError{exitUsage, err}
	}
	shop, err := openShop(ctx, a.cfg, processOptions{policy: true})
	if err != nil {
		return err
	}
	run := score.Run{Engine: a.cfg.Engine, Workers: a.cfg.Workers}
	total, lines, err := a.scoreAll(ctx, shop, o, labels, &run)
	worst := total.Worst(o.worst)
	var shown []score.Shown
	if err == nil && o.out != "" {
		shown = shop.pictures(ctx, o, worst, lines)
	}
	if err := errors.Join(err, shop.Close()); err != nil {
		return err
	}
	report := evalReport{run, total, worst}
	if o.out != "" {
		if err := o.write(report, shown); err != nil {
			return err
		}
	}
	if o.json {
		return writeJSON(stdout, report)
	}
	_, err = io.WriteString(stdout, total.Table(run))
	return err
}

// read reads the labels wanted.
func (o evalOptions) read() ([]score.Label, error) {
	if o.labels == "" {
		return nil, errors.New("--labels: name a labels.jsonl")
	}
	all, err := score.ReadLabels(o.labels)
	if err != nil {
		return nil, err
	}
	wanted := strings.FieldsFunc(o.groups, func(r rune) bool { return r == ',' })
	taken := map[string]int{}
	var out []score.Label
	for _, l := range all {
		if len(wanted) > 0 && !slices.Contains(wanted, l.Group) || o.limit > 0 && taken[l.Group] >= o.limit {
			continue
		}
		if _, err := os.Stat(l.Path(o.labels)); err != nil {
			return nil, fmt.Errorf("labelled file %s is missing", l.File)
		}
		taken[l.Group]++
		out = append(out, l)
	}
	if len(out) == 0 {
		return nil, errors.New("no labelled file to evaluate")
	}
	return out, nil
}

// scoreAll reads every file and scores it.
func (a *app) scoreAll(ctx context.Context, s *shop, o evalOptions, labels []score.Label, run *score.Run) (*score.Score, map[string]processLine, error) {
	total := score.New(func(typ, key string) bool {
		t, _ := s.catalogue.ResultType(typ)
		f, ok := t.Field(key)
		return ok && f.Required
	})
	files := make([]string, len(labels))
	for i, l := range labels {
		files[i] = l.Path(o.labels)
	}
	lines := make(map[string]processLine, len(labels))
	bar := newBar(len(files), o.json)
	defer bar.Finish()
	began := time.Now()
	i := 0
	for line := range s.run(ctx, files) {
		total.Add(labels[i], reading(line))
		lines[labels[i].File] = line
		for _, child := range procfs.Family(os.Getpid())[1:] {
			run.MemoryMB = max(run.MemoryMB, procfs.MemoryOf(child).Peak>>20)
		}
		bar.Add(1)
		i++
	}
	run.Seconds = time.Since(began).Seconds()
	spent, err := procfs.CPU(os.Getpid()) // while the children live: nobody waits for those that are killed
	if err != nil {
		return nil, nil, err
	}
	run.CPU = spent.Total().Seconds()
	return total, lines, ctx.Err()
}

// reading is what the score must know of a file.
func reading(l processLine) score.Reading {
	r := score.Reading{State: l.State, Fields: map[string]score.Value{}, Millis: l.Timing["recognize"]}
	if l.Type != nil {
		r.Type = l.Type.Code
	}
	if l.Error != nil {
		r.Error = string(l.Error.Code)
	}
	for k, f := range l.Fields {
		r.Fields[k] = score.Value{Value: f.Value, Valid: f.Valid}
	}
	for _, p := range l.Pages {
		r.Pages = append(r.Pages, p.Text)
	}
	return r
}

// evalPixels is the size of the pictures in the page of worst cases.
const evalPixels = 900_000

// pictures shows the worst pages as they were read. A page whose picture cannot
// be made is shown without.
func (s *shop) pictures(ctx context.Context, o evalOptions, worst []score.Case, lines map[string]processLine) []score.Shown {
	out := make([]score.Shown, len(worst))
	for i, c := range worst {
		out[i].Case = c
		target := filepath.Join(s.dir, fmt.Sprintf("worst-%d.jpg", i))
		turn := 0
		if pages := lines[c.File].Pages; c.Page <= len(pages) {
			turn = pages[c.Page-1].Rotation
		}
		_, err := s.room.PageImage(ctx, workroom.PictureTask{
			Path: score.Label{File: c.File}.Path(o.labels), Page: c.Page, Turn: turn,
			Options: ocr.OpenOptions{}, Picture: target, MaxPixels: evalPixels,
		})
		if err != nil {
			s.log.Warn("picture of a page could not be made", "error", err)
			continue
		}
		if b, err := os.ReadFile(target); err == nil {
			out[i].Picture = template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b))
		}
	}
	return out
}

func (o evalOptions) write(report evalReport, shown []score.Shown) error {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return fmt.Errorf("make report folder: %w", err)
	}
	for name, fill := range map[string]func(io.Writer) error{
		"eval.json": func(w io.Writer) error { return writeJSON(w, report) },
		"eval.html": func(w io.Writer) error { return report.HTML(w, report.Run, shown) },
	} {
		f, err := os.Create(filepath.Join(o.out, name))
		if err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		if err := errors.Join(fill(f), f.Close()); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
