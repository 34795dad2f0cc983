package asynqueue_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/pipeline/asynqueue"
)

// ringAndHear rings n bells through an address and waits until all are heard.
func ringAndHear(t *testing.T, url string, n int, meanwhile func()) {
	t.Helper()
	opt, err := asynqueue.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	bell := asynqueue.NewBell(opt)
	t.Cleanup(func() { bell.Close() })
	l := &listeners{}
	server := asynqueue.NewServer(opt, l, asynqueue.Options{Concurrency: 2, Log: slog.New(slog.DiscardHandler)})
	until(t, 30*time.Second, "server starts", func() bool { return server.Start() == nil })
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(ctx)
	})
	for _, lane := range []document.Lane{document.LaneCounter, document.LaneVirtual, document.LaneBulk} {
		if err := bell.Ring(t.Context(), tasks(lane, string(lane), n)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, 30*time.Second, "bells are heard", func() bool { return l.count() == 3*n })
	if meanwhile == nil {
		return
	}
	meanwhile()
	// As the sweeper does: a bell that fails or is lost is rung again.
	heard := l.count()
	until(t, 60*time.Second, "bells are heard after the failover", func() bool {
		_ = bell.Ring(t.Context(), tasks(document.LaneCounter, "again", 1))
		time.Sleep(200 * time.Millisecond)
		return l.count() > heard
	})
}

// TestRedis_SentinelSurvivesItsMaster runs a master, a replica and a sentinel, and
// kills the master.
func TestRedis_SentinelSurvivesItsMaster(t *testing.T) {
	master := testserver.Redis(t)
	replica := testserver.RedisWith(t, testserver.RedisOptions{Args: []string{"--replicaof", "127.0.0.1", fmt.Sprint(master.Port)}})
	dir := t.TempDir()
	conf := filepath.Join(dir, "sentinel.conf")
	text := fmt.Sprintf("sentinel monitor house 127.0.0.1 %d 1\nsentinel down-after-milliseconds house 1000\nsentinel failover-timeout house 5000\n", master.Port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel := testserver.RedisWith(t, testserver.RedisOptions{Config: conf})
	ask := redis.NewClient(&redis.Options{Addr: sentinel.Addr()})
	defer ask.Close()
	until(t, 30*time.Second, "the sentinel knows the replica", func() bool {
		all, err := ask.Do(t.Context(), "sentinel", "replicas", "house").Slice()
		return err == nil && len(all) == 1
	})
	ringAndHear(t, "redis-sentinel://"+sentinel.Addr()+"/0?master=house", 5, func() {
		master.Kill()
		until(t, 60*time.Second, "the replica takes over", func() bool {
			got, err := ask.Do(t.Context(), "sentinel", "get-master-addr-by-name", "house").StringSlice()
			return err == nil && len(got) == 2 && got[1] == fmt.Sprint(replica.Port)
		})
	})
}

// TestRedis_ClusterOfThree makes a real cluster with redis-cli.
func TestRedis_ClusterOfThree(t *testing.T) {
	var addrs []string
	for range 3 {
		s := testserver.RedisWith(t, testserver.RedisOptions{Args: []string{"--cluster-enabled", "yes", "--cluster-node-timeout", "3000"}})
		addrs = append(addrs, s.Addr())
	}
	out, err := exec.Command("redis-cli", append(append([]string{"--cluster", "create"}, addrs...), "--cluster-yes")...).CombinedOutput()
	if err != nil {
		t.Fatalf("create cluster: %v\n%s", err, out)
	}
	for _, addr := range addrs { // each learns of it in its own time
		c := redis.NewClient(&redis.Options{Addr: addr})
		defer c.Close()
		until(t, 30*time.Second, "the cluster is whole", func() bool {
			info, err := c.ClusterInfo(t.Context()).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok")
		})
	}
	ringAndHear(t, "redis-cluster://"+strings.Join(addrs, ","), 5, nil)
	opt, err := asynqueue.ParseURL("redis-cluster://" + strings.Join(addrs, ","))
	if err != nil {
		t.Fatal(err)
	}
	if probe, err := asynqueue.ProbeRedis(t.Context(), opt); err != nil || probe.EvictPolicy != "noeviction" {
		t.Errorf("the probe says %+v, %v", probe, err)
	}
}

func TestRedis_AddressesAreChecked(t *testing.T) {
	opt, err := asynqueue.ParseURL("redis-cluster://house:p%40ss@a:1,b:2")
	if c, ok := opt.(asynq.RedisClusterClientOpt); err != nil || !ok || len(c.Addrs) != 2 || c.Addrs[1] != "b:2" || c.Username != "house" || c.Password != "p@ss" {
		t.Errorf("read %+v, %v", opt, err)
	}
	for _, url := range []string{"redis-cluster://", "redis-cluster://a:1/2", "gopher://x"} {
		if _, err := asynqueue.ParseURL(url); err == nil {
			t.Errorf("%s is taken", url)
		}
	}
}
