package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"onewindow/internal/bench/live"
	"onewindow/internal/testserver"
)

// fleet is the scaled shape: a service without workers, worker processes of one
// step at a time, PostgreSQL, Redis and an S3 server, all on this machine.
type fleet struct {
	b       *bench
	dir     string
	env     []string
	service *live.Service
	workers []*live.Worker
	servers []interface{ Stop() error }
}

// fleet starts all but the workers. Name must be new.
func (b *bench) fleet(ctx context.Context, name string) (*fleet, error) {
	f := &fleet{b: b, dir: filepath.Join(b.dir, name)}
	if err := f.startServers(); err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	dir, err := makeFolder(filepath.Join(f.dir, "serve"))
	if err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	service, err := live.Start(ctx, live.Options{Binary: b.Binary, Dir: dir, Workers: 1, Apart: true, Env: f.env})
	if err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	f.service = service
	return f, nil
}

func (f *fleet) startServers() error {
	// Commits reach the disk, as they would in a city.
	postgres, err := testserver.StartPostgres(testserver.PostgresOptions{Fsync: true})
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	f.servers = append(f.servers, postgres)
	_, dsn, err := postgres.CreateDatabase()
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	redis, err := testserver.StartRedis(testserver.RedisOptions{AppendOnly: true})
	if err != nil {
		return fmt.Errorf("start Redis: %w", err)
	}
	f.servers = append(f.servers, redis)
	s3, err := testserver.StartVersityGW(testserver.S3Options{})
	if err != nil {
		return fmt.Errorf("start versitygw: %w", err)
	}
	f.servers = append(f.servers, s3)
	for name, value := range map[string]string{
		"POSTGRES": dsn, "REDIS": "redis://" + redis.Addr() + "/0", "S3_ENDPOINT": "http://" + s3.Endpoint,
		"S3_BUCKET": s3.Bucket, "S3_REGION": s3.Region, "S3_ACCESS_KEY": s3.AccessKey, "S3_SECRET_KEY": s3.SecretKey,
	} {
		f.env = append(f.env, "ONEWINDOW_"+name+"="+value)
	}
	return nil
}

// employ brings the number of workers to n.
func (f *fleet) employ(n int) error {
	for ; len(f.workers) > n; f.workers = f.workers[:len(f.workers)-1] {
		if err := f.workers[len(f.workers)-1].Stop(); err != nil {
			return err
		}
	}
	for len(f.workers) < n {
		dir, err := makeFolder(filepath.Join(f.dir, fmt.Sprintf("worker-%d", len(f.workers))))
		if err != nil {
			return err
		}
		w, err := live.StartWorker(live.Options{Binary: f.b.Binary, Dir: dir, Workers: 1, Env: f.env})
		if err != nil {
			return err
		}
		f.workers = append(f.workers, w)
	}
	return nil
}

// Stop ends everything.
func (f *fleet) Stop() error {
	err := f.employ(0)
	if f.service != nil {
		err = errors.Join(err, f.service.Stop())
	}
	for _, s := range f.servers {
		err = errors.Join(err, s.Stop())
	}
	return err
}
