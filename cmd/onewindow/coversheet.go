package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/casework/notices/noticepdf"
	"onewindow/document"
)

// coversheetCommand prints sheets to be laid in front of paper that is scanned
// into a hot folder. It needs no database: a case that does not exist shows when
// the batch comes, and loses nothing.
func coversheetCommand() *cobra.Command {
	var one document.Sheet
	var list, out string
	cmd := &cobra.Command{
		Use: "coversheet", Short: "打印扫描封面页或分隔页（PDF，带二维码）", Args: cobra.NoArgs,
		Long: "打印扫描封面页或分隔页（PDF，带二维码）。\n" +
			"--list 的文件（- 为标准输入）每行一张：办件编号,事项编码,材料编码,页数；后三项可空。一行 separator 为分隔页。",
		RunE: func(cmd *cobra.Command, _ []string) error {
			sheets := []document.Sheet{one}
			if list != "" {
				var err error
				if sheets, err = readSheets(cmd.InOrStdin(), list); err != nil {
					return exitError{exitUsage, err}
				}
			}
			if err := printSheets(sheets, out); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s（%d 张）\n", out, len(sheets))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&one.Case, "case", "", "办件编号")
	f.StringVar(&one.Item, "item", "", "办理事项编码")
	f.StringVar(&one.Material, "material", "", "清单中的材料编码；不填则按内容识别")
	f.IntVar(&one.Pages, "pages", 0, "应有页数（面）；0 为不核对")
	f.BoolVar(&one.Separator, "separator", false, "分隔页：只分开，不归入办件")
	f.StringVar(&list, "list", "", "一次打印多张：CSV 文件，- 为标准输入")
	f.StringVar(&out, "out", "coversheet.pdf", "file to write")
	return cmd
}

// maxSheets bounds one file of sheets.
const maxSheets = 1000

func readSheets(stdin io.Reader, file string) ([]document.Sheet, error) {
	in := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("%s: no such file", file)
		}
		defer f.Close()
		in = f
	}
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.Comment, r.TrimLeadingSpace = -1, '#', true
	var out []document.Sheet
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read list: %w", err)
		}
		if len(out) == maxSheets {
			return nil, fmt.Errorf("the list has more than %d sheets", maxSheets)
		}
		s, err := sheetOf(row)
		if err != nil {
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		out = append(out, s)
	}
}

func sheetOf(row []string) (s document.Sheet, err error) {
	fields := make([]string, 4)
	for i, v := range row {
		if i >= len(fields) {
			return s, errors.New("more than 4 columns")
		}
		fields[i] = strings.TrimSpace(v)
	}
	if fields[0] == "separator" {
		return document.Sheet{Separator: true}, nil
	}
	s = document.Sheet{Case: fields[0], Item: fields[1], Material: fields[2]}
	if fields[3] != "" {
		if s.Pages, err = strconv.Atoi(fields[3]); err != nil {
			return s, fmt.Errorf("%q is no number of pages", fields[3])
		}
	}
	return s, nil
}

func printSheets(sheets []document.Sheet, out string) error {
	names := catalogue.Default()
	made := time.Now().In(calendar.Zone).Format("2006年1月2日 15:04")
	var covers []notice.Cover
	for i, s := range sheets {
		if err := checkSheet(names, s); err != nil {
			return exitError{exitUsage, fmt.Errorf("sheet %d: %w", i+1, err)}
		}
		covers = append(covers, notice.Cover{Sheet: s, Made: made, Applies: names.Name(s.Item), Title: names.Name(s.Material)})
	}
	if len(covers) == 0 {
		return exitError{exitUsage, errors.New("the list is empty")}
	}
	printer, err := noticepdf.New()
	if err != nil {
		return err
	}
	pdf, err := printer.Covers(covers)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, pdf, 0o644); err != nil {
		return fmt.Errorf("write cover sheets: %w", err)
	}
	return nil
}

// checkSheet refuses what could never be bound.
func checkSheet(names *catalogue.Catalogue, s document.Sheet) error {
	if wrong := s.Check(); wrong != nil {
		var said []string
		for field, why := range wrong {
			said = append(said, "--"+field+"："+why)
		}
		sort.Strings(said)
		return errors.New(strings.Join(said, "；"))
	}
	if _, ok := names.Item(s.Item); s.Item != "" && !ok {
		return fmt.Errorf("the catalogue has no item %q", s.Item)
	}
	if _, ok := names.Material(s.Material); s.Material != "" && !ok {
		return fmt.Errorf("the catalogue has no material %q", s.Material)
	}
	return nil
}
