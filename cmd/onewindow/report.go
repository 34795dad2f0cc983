package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"onewindow/access"
	"onewindow/storage"
)

// report prints the hot folders' ledger: every path ever seen, with its outcome.
type report struct {
	list storage.ArrivalList
	out  io.Writer
	json bool
}

var outcomeText = map[storage.Outcome]string{
	storage.OutcomeWaiting: "等待", storage.OutcomeReceived: "已收", storage.OutcomeDuplicate: "重复", storage.OutcomeUnpacked: "已拆包",
	storage.OutcomeQuarantined: "隔离", storage.OutcomeRefused: "拒收", storage.OutcomeIgnored: "忽略", storage.OutcomeRemoved: "已移走",
}

// reportPage is how many are read at once.
const reportPage = 500

func (r *report) print(ctx context.Context) error {
	table := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	if !r.json {
		fmt.Fprintln(table, "去向\t时间\t文件\t收件号\t说明")
	}
	counts := map[storage.Outcome]int{}
	for before := ""; ; {
		page, err := r.list.ListArrivals(ctx, storage.ArrivalQuery{Before: before, Limit: reportPage})
		if err != nil {
			return err
		}
		for _, a := range page {
			counts[a.Outcome]++
			if err := r.row(table, access.CurtainArrival(access.Who{}, a)); err != nil {
				return err
			}
		}
		if len(page) < reportPage {
			break
		}
		before = page[len(page)-1].ID
	}
	if r.json {
		return nil
	}
	pruned, err := r.list.PrunedArrivals(ctx, nil)
	if err != nil {
		return err
	}
	return errors.Join(table.Flush(), r.sum("共", counts), r.sum("另有更早、已不逐条列出的", pruned))
}

func (r *report) row(table io.Writer, a storage.Arrival) error {
	if r.json {
		return json.NewEncoder(r.out).Encode(a)
	}
	_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", outcomeText[a.Outcome], a.Changed.In(shanghaiZone).Format("01-02 15:04:05"), printable(a.Path), a.Receipt, a.Reason)
	return err
}

// printable keeps a name on its line.
func printable(path string) string {
	for _, r := range path {
		if !strconv.IsPrint(r) {
			return strconv.Quote(path)
		}
	}
	return path
}

func (r *report) sum(what string, counts map[storage.Outcome]int) error {
	all := 0
	text := ""
	for _, o := range storage.Outcomes() {
		if all += counts[o]; counts[o] > 0 {
			text += fmt.Sprintf("  %s %d", outcomeText[o], counts[o])
		}
	}
	if all == 0 && what != "共" {
		return nil
	}
	_, err := fmt.Fprintf(r.out, "\n%s %d 个文件：%s\n", what, all, text)
	return err
}

var shanghaiZone = time.FixedZone("Asia/Shanghai", 8*60*60)
