package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/internal/sample"
	"onewindow/internal/sample/bad"
	"onewindow/pipeline"
	"onewindow/stamp/verifycode"
)

// demoCommand plays a small project's life with generated scans. A running
// service does the work; without one this process does it.
func demoCommand(a *app) *cobra.Command {
	var seed uint64
	cmd := &cobra.Command{
		Use: "demo", Short: "用生成的样张演示一个项目的全过程（约一分钟）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := openHouse(cmd.Context(), a.cfg)
			if err != nil {
				return err
			}
			return errors.Join(h.demo(cmd.Context(), cmd.OutOrStdout(), seed), h.Close())
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "another project for another number")
	return cmd
}

// demoFile is one paper of the demonstration.
type demoFile struct {
	name string
	body []byte
	doc  document.ID
}

func (h *house) demo(ctx context.Context, out io.Writer, seed uint64) error {
	project := sample.NewProject(seed)
	fmt.Fprintf(out, "项目  %s  %s\n", project.Code, project.Name)
	files, err := demoFiles(project, seed)
	if err != nil {
		return err
	}
	stop, err := h.demoWorkers(ctx, out)
	if err != nil {
		return err
	}
	defer stop()
	receiver := h.receiver(h.bell)
	for i, f := range files {
		receipt, err := receiver.Receive(ctx, intake.Submission{Body: bytes.NewReader(f.body), Filename: f.name,
			Origin: document.Origin{Door: "demo", By: "demo", Channel: document.ChannelUnit, Lane: document.LaneCounter,
				Project: project.Code, Division: h.cfg.Division}})
		if err != nil {
			return fmt.Errorf("receive %s: %w", f.name, err)
		}
		files[i].doc = receipt.Document
		fmt.Fprintf(out, "  收件 %s  %s\n", receipt.Number, f.name)
	}
	return h.demoOutcome(ctx, out, project.Code, files)
}

// demoWorkers starts workers here unless a service is running on this machine.
func (h *house) demoWorkers(ctx context.Context, out io.Writer) (func(), error) {
	client := http.Client{Timeout: time.Second}
	if resp, err := client.Get("http://" + h.cfg.Listen + "/healthz"); err == nil {
		resp.Body.Close()
		fmt.Fprintf(out, "由正在运行的服务处理：http://%s\n", h.cfg.Listen)
		return func() {}, nil
	}
	fmt.Fprintln(out, "服务未运行，由本进程处理；处理后可运行 onewindow serve 查看")
	hands := pipeline.NewHands()
	worker, err := h.worker(hands, nil)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	sweeper := &pipeline.Sweeper{Queue: h.records, Bell: hands, Log: h.log, Every: 300 * time.Millisecond}
	done := make(chan struct{})
	go func() { _ = sweeper.Run(ctx) }()
	go func() { defer close(done); _ = hands.Run(ctx, worker, h.cfg.Workers) }()
	return func() { cancel(); <-done; worker.Close() }, nil
}

// demoFiles scans the papers: a project's results in order, a certificate that
// is crooked, one that needs a password, and one with a secrecy marking.
func demoFiles(p sample.Project, seed uint64) ([]demoFile, error) {
	studio, err := sample.OpenStudio()
	if err != nil {
		return nil, err
	}
	var files []demoFile
	for _, kind := range []string{"rd-filing-cert", "rd-land-use-permit", "rd-engineering-permit", "rd-drawing-review-cert", "rd-construction-permit"} {
		scan := sample.ScanOptions{Seed: seed}
		if kind == "rd-engineering-permit" {
			scan.Damage = []sample.Degradation{{Kind: "skew", Strength: 0.3}}
		}
		body, err := studio.Scan(sample.Make(kind, p, seed), scan)
		if err != nil {
			return nil, err
		}
		files = append(files, demoFile{name: kind + ".pdf", body: body})
	}
	locked, err := bad.Encrypted(files[0].body, "demo")
	if err != nil {
		return nil, err
	}
	secret, err := studio.Scan(sample.Make(sample.Classified()[0], p, seed), sample.ScanOptions{})
	if err != nil {
		return nil, err
	}
	return append(files, demoFile{name: "加密的文件.pdf", body: locked}, demoFile{name: "带密级的文件.pdf", body: secret}), nil
}

// demoOutcome waits for the papers and tells what became of them, and what the
// project's next item may rely on.
func (h *house) demoOutcome(ctx context.Context, out io.Writer, project string, files []demoFile) error {
	for _, f := range files {
		doc, err := h.waitForRest(ctx, f.doc, 200*time.Millisecond)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %-10s %-32s %s\n", stateNames[string(doc.State)], f.name, demoWords(doc, h.cfg.BaseURL))
	}
	const next = "HN-S4-09"
	entries, err := h.desk().Basis(ctx, project, next)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "事项 %s（%s）可依据的成果：\n", next, h.catalogue.Name(next))
	for _, e := range entries {
		for _, o := range e.Offers {
			fmt.Fprintf(out, "  %s ← %s %s\n", e.Name, o.TypeName, o.Number)
		}
	}
	return nil
}

func demoWords(doc document.Document, base string) string {
	switch {
	case doc.Refusal != nil:
		return doc.Refusal.Message
	case doc.State == document.StateDone && doc.Publication != nil:
		return base + "/v/" + verifycode.Format(doc.Publication.Code)
	}
	return doc.Classification.Name
}
