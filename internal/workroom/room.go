package workroom

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"onewindow/internal/sandbox"
	"onewindow/stamp"
)

// The kinds of children.
const (
	kindPage  = "page"
	kindStamp = "stamp"
)

// Main serves as a child and never returns if this process was started as one;
// otherwise it returns at once. Call it first in main, and in TestMain of every
// package whose tests use a Room.
func Main() {
	sandbox.Main(sandbox.Registry{kindPage: newPageHandler, kindStamp: newStampHandler})
}

// Room handles foreign files in children. Safe for concurrent use.
type Room struct {
	cfg   Config
	env   []string
	paths []string // readable by children
	probe sandbox.Status

	life context.Context // of furnishing
	end  context.CancelFunc

	open  sync.Once // the compile cache is warm and the pools stand
	pools map[string]*sandbox.Pool
	cold  error // of warming; children compile for themselves
	fault error // of making pools
}

var _ stamp.Stamper = (*Room)(nil)

// New checks the configuration, the installed resources and the machine. It
// compiles what has to be compiled in the background; children start with the
// first calls.
func New(ctx context.Context, cfg Config) (*Room, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	paths, env, err := resourcePaths()
	if err != nil {
		return nil, err
	}
	r := &Room{cfg: cfg, env: env, paths: paths, probe: sandbox.Probe(ctx), pools: map[string]*sandbox.Pool{}}
	if cfg.Isolation == sandbox.IsolationRequired && !r.probe.Bubblewrap {
		return nil, fmt.Errorf("open workroom: %w: %s", sandbox.ErrNoBubblewrap, r.probe.Reason)
	}
	r.life, r.end = context.WithCancel(context.Background())
	go r.open.Do(r.furnish) // the next call waits for it and gets its error
	return r, nil
}

// pool returns the children of a kind, once the cache is warm.
func (r *Room) pool(ctx context.Context, kind string) (*sandbox.Pool, error) {
	standing := make(chan struct{})
	go func() {
		r.open.Do(r.furnish)
		close(standing)
	}()
	select {
	case <-standing:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if r.fault != nil {
		return nil, fmt.Errorf("open workroom: %w", r.fault)
	}
	return r.pools[kind], nil
}

// furnish warms the compile cache and makes the pools.
func (r *Room) furnish() {
	ctx := r.life // everybody waits for this, no caller owns it
	page := pageSettings{Memory: r.cfg.PageMemory}
	spare := sandbox.Task{Op: opWarm, Request: warmRequest{Engine: r.cfg.Engine}}
	mark := stampSettings{Memory: r.cfg.StampMemory, Timeout: r.cfg.StampTimeout}
	readOnly := r.paths
	if r.cold = r.warm(ctx); r.cold == nil {
		page.Cache, mark.Cache = r.cfg.Cache, r.cfg.Cache
		readOnly = append([]string{r.cfg.Cache}, r.paths...)
	}
	for kind, settings := range map[string]any{kindPage: page, kindStamp: mark} {
		cfg := r.children(kind)
		cfg.Settings, cfg.ReadOnly = settings, readOnly
		if kind == kindPage {
			cfg.Keep, cfg.Warm = r.cfg.Spare, spare
		}
		pool, err := sandbox.NewPool(ctx, cfg)
		if err != nil {
			r.fault = errors.Join(r.fault, err)
			continue
		}
		r.pools[kind] = pool
	}
}

// children configures the children of a kind.
func (r *Room) children(kind string) sandbox.Config {
	c := sandbox.Config{
		Kind: kind, Children: r.cfg.PageChildren, Scratch: r.cfg.Scratch, ReadOnly: r.paths, Env: r.env,
		Isolation: r.cfg.Isolation, RecycleCalls: r.cfg.RecycleCalls, Idle: r.cfg.Idle,
		Limits: sandbox.Limits{Memory: r.cfg.PageMemory, Wall: r.cfg.PageTimeout},
	}
	if kind == kindStamp {
		c.Children = r.cfg.StampChildren
		c.Limits = sandbox.Limits{Memory: r.cfg.StampMemory, Wall: r.cfg.StampTimeout}
	}
	return c
}

// warmTime is ample for compiling PDFium on a slow machine.
const warmTime = 2 * time.Minute

// warm fills the compile cache in a child of its own, which sees no foreign
// byte. Children that do see some may only read the cache: what lies in it is
// executed, so one spoiled by a file could otherwise spoil all that follow.
func (r *Room) warm(ctx context.Context) error {
	if err := os.MkdirAll(r.cfg.Cache, 0o700); err != nil {
		return fmt.Errorf("make compile cache: %w", err)
	}
	cfg := r.children(kindPage)
	cfg.Children, cfg.Limits.Memory = 1, max(cfg.Limits.Memory, 2<<30)
	cfg.Writable = []string{r.cfg.Cache}
	cfg.Settings = pageSettings{Cache: r.cfg.Cache, Memory: cfg.Limits.Memory}
	pool, err := sandbox.NewPool(ctx, cfg)
	if err != nil {
		return err
	}
	err = pool.Call(ctx, sandbox.Task{Op: opWarm, Request: warmRequest{}, Wall: warmTime}, nil)
	return errors.Join(err, pool.Close())
}

// Status is how well a Room is set up, for doctor.
type Status struct {
	Guards sandbox.Status `json:"guards"`
	Cold   string         `json:"cold,omitempty"` // why compiled code is not kept, "" if it is
}

// Status tells what holds the children back on this machine. It waits until
// everything is compiled.
func (r *Room) Status(ctx context.Context) (Status, error) {
	s := Status{Guards: r.probe}
	if _, err := r.pool(ctx, kindPage); err != nil {
		return s, err
	}
	if r.cold != nil {
		s.Cold = r.cold.Error()
	}
	return s, nil
}

// Stats counts what the children of each kind did.
func (r *Room) Stats(ctx context.Context) (map[string]sandbox.Stats, error) {
	if _, err := r.pool(ctx, kindPage); err != nil {
		return nil, err
	}
	out := map[string]sandbox.Stats{}
	for kind, pool := range r.pools {
		out[kind] = pool.Stats()
	}
	return out, nil
}

// Forget makes sure that no idle child and no scratch folder holds anything of
// the file, as a suspected secret demands (G.8).
func (r *Room) Forget(path string) {
	r.open.Do(r.furnish)
	for _, pool := range r.pools {
		pool.Forget(path)
	}
}

// Close lets running calls finish and ends all children. Cancel the contexts of
// calls that should not be waited for.
func (r *Room) Close() error {
	r.end()
	r.open.Do(r.furnish)
	var errs []error
	for _, pool := range r.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}
