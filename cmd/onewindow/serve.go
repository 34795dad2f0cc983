package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"onewindow/access"
	"onewindow/api"
	"onewindow/api/resumable"
	"onewindow/casework/cases"
	"onewindow/casework/followup"
	"onewindow/pipeline"
	"onewindow/pipeline/asynqueue"
	"onewindow/storage"
	"onewindow/web"
)

// serveCommand runs everything in one process: interface, pages, hot folder,
// workers and sweeper. With --no-workers and --no-watch it is one of many.
func serveCommand(a *app) *cobra.Command {
	var noWorkers, noWatch bool
	cmd := &cobra.Command{
		Use: "serve", Short: "启动服务（默认一机全能）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if noWorkers {
				if err := a.cfg.CheckShared("serve --no-workers"); err != nil {
					return err
				}
			}
			h, err := openHouse(cmd.Context(), a.cfg)
			if err != nil {
				return err
			}
			err = h.serve(cmd.Context(), !noWorkers, !noWatch)
			return errors.Join(err, h.Close())
		},
	}
	cmd.Flags().BoolVar(&noWorkers, "no-workers", false, "leave the steps to `onewindow worker` processes")
	cmd.Flags().BoolVar(&noWatch, "no-watch", false, "leave the hot folder to `onewindow watch` processes")
	return cmd
}

func (h *house) serve(ctx context.Context, workers, watch bool) error {
	listener, err := net.Listen("tcp", h.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (is another onewindow running? choose another --listen): %w", h.cfg.Listen, err)
	}
	if err := h.welcome(ctx, watch); err != nil {
		return err
	}
	h.figures() // made before two goroutines ask for it
	group, ctx := errgroup.WithContext(ctx)
	uploads, err := h.uploads()
	if err != nil {
		return err
	}
	group.Go(func() error { return h.serveHTTP(ctx, listener, uploads) })
	group.Go(func() error { uploads.Run(ctx, uploadTick); return nil })
	group.Go(func() error { return h.showMetrics(ctx) })
	if workers {
		group.Go(func() error { return h.work(ctx) })
	}
	if watch {
		group.Go(func() error { return h.watch(ctx) })
	}
	return group.Wait()
}

// uploadTick is how often uploads are looked at that nobody asks about.
const uploadTick = time.Minute

func (h *house) quotas() *access.Quotas {
	return &access.Quotas{Records: h.records, Now: time.Now,
		Sender: access.Allowance{Documents: int64(h.cfg.QuotaFiles), Bytes: int64(h.cfg.QuotaMB) << 20},
		Unit:   access.Allowance{Documents: int64(h.cfg.UnitFiles), Bytes: int64(h.cfg.UnitMB) << 20}}
}

// uploads is the door for uploads in pieces.
func (h *house) uploads() (*resumable.Door, error) {
	d := &resumable.Door{Dir: h.cfg.UploadDir, Receiver: h.receiver(h.bell), Expiry: h.cfg.UploadExpiry, Reserve: reserve, Now: time.Now, Log: h.log}
	return d, d.Open()
}

func (h *house) serveHTTP(ctx context.Context, l net.Listener, uploads *resumable.Door) error {
	handler, hangUp, err := h.handler(uploads)
	if err != nil {
		return err
	}
	secure, err := h.tlsConfig()
	if err != nil {
		return err
	}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	server := &http.Server{Handler: handler, TLSConfig: secure, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	server.RegisterOnShutdown(hangUp)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.cfg.Shutdown)
		defer cancel()
		_ = server.Shutdown(grace) // what is still open at the deadline is cut
		return nil
	}
}

// handler joins interface and pages. hangUp ends what browsers keep open.
func (h *house) handler(uploads *resumable.Door) (handler http.Handler, hangUp func(), err error) {
	desk, guard, limits := h.desk(), h.guard(), access.NewLimits()
	pages, err := web.New(web.Parts{
		Records: h.records, Desk: desk, Office: h.office(), Registers: h.registers(), Inquiries: h.inquiries(), Organisation: h.organisation(), Guard: guard, Catalogue: h.catalogue, Log: h.log, Now: now, Version: version,
		Secure: strings.HasPrefix(h.cfg.BaseURL, "https:"), Limits: limits,
		Contact: web.Contact{Office: h.cfg.ContactOffice, Telephone: h.cfg.ContactPhone, Fax: h.cfg.ContactFax},
	})
	if err != nil {
		return nil, nil, err
	}
	papers, err := h.papers()
	if err != nil {
		return nil, nil, err
	}
	made, err := h.certificates()
	if err != nil {
		return nil, nil, err
	}
	server := &api.Server{
		Certificates: made, Promises: h.promises(), Learning: h.learning(),
		Records: h.records, Blobs: h.blobs, Receiver: h.receiver(h.bell), Desk: desk, Office: h.office(), Notices: papers, Watch: h.watchers(), Registers: h.registers(), Inquiries: h.inquiries(),
		Issuances: h.issuances(), Organisation: h.organisation(), Guard: guard,
		Payments: h.payments(), Assistances: h.assistances(), Archive: h.archive(papers), Follow: &followup.Office{Desk: h.registers(), Cases: h.records, StateText: cases.StateText},
		Log: h.log, Now: now, Version: version, BaseURL: h.cfg.BaseURL, Ready: h.ready,
		Metrics: h.metricsHandler(), Uploads: uploads,
		Quotas: h.quotas(), Pressure: &api.Pressure{Records: h.records, Most: h.cfg.MaxQueue}, Pages: pages, Limits: limits,
		Webhooks: h.sender(), WebhookPrivate: h.cfg.HooksPrivate,
		Observe: h.figures().requestEnded,
	}
	handler, _ = server.Handler()
	return handler, func() { server.Close(); pages.Close() }, nil
}

// ready reports what is not ready to take work in. A Redis that is away does not
// count: receipts are given all the same and the sweeper catches up.
func (h *house) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return h.records.Ping(ctx)
}

// officeTick is how often cases hear what time and the pipeline did to them.
const officeTick = time.Second

// remindTick is how often uncollected results are looked for.
const remindTick = time.Minute

// work runs workers and sweeper until ctx ends, then hands back.
func (h *house) work(ctx context.Context) error {
	worker, err := h.worker(h.bell, h.observer())
	if err != nil {
		return err
	}
	defer worker.Close()
	sweeper := &pipeline.Sweeper{Queue: h.records, Bell: h.bell, Log: h.log}
	server := asynqueue.NewServer(h.redis, worker, asynqueue.Options{
		Concurrency: h.cfg.Workers, Log: h.log,
	})
	if err := startListening(ctx, h, server); err != nil {
		return nil // ctx ended before Redis came
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return sweeper.Run(ctx) })
	papers, err := h.papers()
	if err != nil {
		return err
	}
	group.Go(func() error { return h.sender().Run(ctx) })
	group.Go(func() error { return h.office().Run(ctx, h.records, officeTick) })
	group.Go(func() error { return papers.Run(ctx, officeTick) })
	group.Go(func() error { return h.inquiries().Run(ctx, officeTick) })
	group.Go(func() error {
		if err := h.recompute(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("recompute dates", "error", err)
		}
		return nil
	})
	group.Go(func() error { return h.promises().Run(ctx, h.records, officeTick) })
	group.Go(func() error { return h.issuances().Run(ctx, remindTick) })
	group.Go(func() error { return h.watchers().Run(ctx, remindTick) })
	if sweeper, ok := h.blobs.(storage.Sweeper); ok {
		group.Go(func() error { storage.Janitor{Sweeper: sweeper, Log: h.log}.Run(ctx); return nil })
	}
	<-ctx.Done()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.cfg.Shutdown)
	defer cancel()
	server.Shutdown(grace)
	return group.Wait()
}

// startListening waits for a Redis that is not there yet.
func startListening(ctx context.Context, h *house, server *asynqueue.Server) error {
	for {
		err := server.Start()
		if err == nil {
			return nil
		}
		h.log.Warn("waiting for redis", "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// welcome prints what a person needs to begin.
func (h *house) welcome(ctx context.Context, watch bool) error {
	password, made, err := h.guard().FirstLogin(ctx, h.cfg.AdminName, h.cfg.AdminSecret)
	if err != nil {
		return fmt.Errorf("make first login: %w", err)
	}
	fmt.Printf("\nOnewindow %s  工程建设项目审批“一窗受理、集成服务”\n\n", version)
	fmt.Printf("  地址      http://%s\n", h.cfg.Listen)
	if made && h.cfg.AdminSecret == "" {
		fmt.Printf("  首次登录  账号 %s  密码 %s（只显示这一次）\n", h.cfg.AdminName, password)
	} else {
		fmt.Printf("  登录账号  %s\n", h.cfg.AdminName)
	}
	if watch {
		inbox, err := filepath.Abs(h.cfg.Inbox)
		if err != nil {
			inbox = h.cfg.Inbox
		}
		fmt.Printf("  热文件夹  %s\n", inbox)
	}
	fmt.Printf("  试一试    %s demo\n\n", os.Args[0])
	return nil
}
