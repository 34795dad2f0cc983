package testserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"go.uber.org/goleak"
)

// childVariable makes the test binary start servers, print their folders and
// addresses, and wait to be killed.
const childVariable = "ONEWINDOW_TESTSERVER_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		becomeChild()
	}
	goleak.VerifyTestMain(m)
}

func TestRedisLosesAndKeepsData(t *testing.T) {
	for _, keep := range []bool{false, true} {
		r := RedisWith(t, RedisOptions{AppendOnly: keep})
		ask(t, r.Addr(), "SET name value", "+OK")
		if err := r.Restart(); err != nil {
			t.Fatal(err)
		}
		want := ":0"
		if keep {
			want = ":1"
		}
		ask(t, r.Addr(), "EXISTS name", want)
		ask(t, r.Addr(), "SET name value", "+OK")
		if err := r.Flush(); err != nil {
			t.Fatal(err)
		}
		ask(t, r.Addr(), "EXISTS name", ":0")
	}
}

func TestPauseFreezesAndResumeRevives(t *testing.T) {
	r := Redis(t)
	if err := r.Pause(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := askRedis(ctx, r.Addr(), "PING", "+PONG"); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("paused server: %v, want a deadline", err)
	}
	if err := r.Resume(); err != nil {
		t.Fatal(err)
	}
	ask(t, r.Addr(), "PING", "+PONG")
}

func TestDownRefusesAndUpRevives(t *testing.T) {
	r := Redis(t)
	r.Down()
	if _, err := net.Dial("tcp", r.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("down server: %v, want refused", err)
	}
	if err := r.Up(); err != nil {
		t.Fatal(err)
	}
	ask(t, r.Addr(), "PING", "+PONG")
	if err := r.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("folder after Stop: %v", err)
	}
}

func TestPostgresGivesEveryTestItsOwnDatabase(t *testing.T) {
	one, two := Postgres(t), Postgres(t)
	for _, dsn := range []string{one, two} {
		if err := execOnce(t.Context(), dsn, "CREATE TABLE 项目 (名称 text)"); err != nil {
			t.Fatal(err)
		}
	}
	if err := execOnce(t.Context(), one, "SELECT 1/(SELECT count(*) FROM nothing)"); err == nil {
		t.Fatal("a wrong statement passed")
	}
}

func TestPostgresSurvivesKill(t *testing.T) {
	p := PostgresWith(t, PostgresOptions{Fsync: true})
	dsn := p.Database(t)
	if err := execOnce(t.Context(), dsn, "CREATE TABLE kept (n int)"); err != nil {
		t.Fatal(err)
	}
	if err := p.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := execOnce(t.Context(), dsn, "INSERT INTO kept VALUES (1)"); err != nil {
		t.Fatal(err)
	}
}

func TestS3ServersKeepObjectsOverRestart(t *testing.T) {
	for name, start := range map[string]func(TB) *S3Server{"versitygw": VersityGW, "minio": Minio} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			client, err := s.Client()
			if err != nil {
				t.Fatal(err)
			}
			body := []byte("一窗受理")
			if _, err := client.PutObject(t.Context(), s.Bucket, "a/b", bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{}); err != nil {
				t.Fatal(err)
			}
			if err := s.Restart(); err != nil {
				t.Fatal(err)
			}
			obj, err := client.GetObject(t.Context(), s.Bucket, "a/b", minio.GetObjectOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer obj.Close()
			if got, err := io.ReadAll(obj); err != nil || !bytes.Equal(got, body) {
				t.Fatalf("read %q, %v", got, err)
			}
		})
	}
}

func TestMissingProgramNamesTheInstallCommand(t *testing.T) {
	_, err := Program("onewindow-no-such-server", "apt-get install it")
	if !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), "apt-get install it") {
		t.Fatalf("got %v", err)
	}
}

func TestServerThatExitsShowsItsLog(t *testing.T) {
	_, err := StartRedis(RedisOptions{Args: []string{"--no-such-option", "1"}})
	if !errors.Is(err, errExited) || !strings.Contains(err.Error(), "no-such-option") {
		t.Fatalf("got %v", err)
	}
}

// TestKilledBinaryLeavesNothing starts servers in another process, kills it
// with SIGKILL, and looks for its servers and folders.
func TestKilledBinaryLeavesNothing(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(exe)
	child.Env = append(os.Environ(), childVariable+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 4096)
	n, err := out.Read(line)
	if err != nil {
		t.Fatalf("read from child: %v", err)
	}
	words := strings.Fields(string(line[:n]))
	if len(words) != 4 {
		t.Fatalf("child said %q", line[:n])
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	for i := 0; i < len(words); i += 2 {
		addr, dir := words[i], words[i+1]
		awaitGone(t, addr, dir)
	}
}

func awaitGone(t *testing.T, addr, dir string) {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for {
		conn, dialErr := net.Dial("tcp", addr)
		if dialErr == nil {
			conn.Close()
		}
		_, statErr := os.Stat(dir)
		if errors.Is(dialErr, syscall.ECONNREFUSED) && errors.Is(statErr, os.ErrNotExist) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("left behind: dial %v, folder %v", dialErr, statErr)
		}
		time.Sleep(pollEvery)
	}
}

func becomeChild() {
	r, err := StartRedis(RedisOptions{})
	if err != nil {
		panic(err)
	}
	p, err := StartPostgres(PostgresOptions{})
	if err != nil {
		panic(err)
	}
	_, _ = os.Stdout.WriteString(r.Addr() + " " + r.Dir + " " + p.Addr() + " " + p.Dir + "\n")
	time.Sleep(time.Hour)
}

func ask(t *testing.T, addr, command, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := askRedis(ctx, addr, command, want); err != nil {
		t.Fatal(err)
	}
}
