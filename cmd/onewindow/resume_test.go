package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"onewindow/internal/testserver"
)

// TestUpload_TusClientThroughKills uploads 64 MB with the reference client while
// the server is killed again and again: in the middle of pieces, and when the
// last byte is on its way. It ends in one document with the right bytes and a
// receipt in the client's hand.
func TestUpload_TusClientThroughKills(t *testing.T) {
	node := testserver.Node(t)
	for name, chunk := range map[string]int{"one piece": 0, "pieces of 4 MB": 4 << 20} {
		t.Run(name, func(t *testing.T) {
			s := startService(t)
			file := filepath.Join(t.TempDir(), "图纸.pdf")
			body := randomBytes(64 << 20)
			if err := os.WriteFile(file, body, 0o600); err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(body)
			receipt := s.uploadThroughKills(node, file, chunk, hex.EncodeToString(sum[:]))
			var list struct {
				Documents []struct {
					ID, Receipt, Filename string
					Size                  int64
				}
			}
			s.ask("GET", "/v1/documents", "", &list)
			if len(list.Documents) != 1 {
				t.Fatalf("%d documents: %+v", len(list.Documents), list.Documents)
			}
			d := list.Documents[0]
			var whole struct{ Original string }
			s.ask("GET", "/v1/documents/"+d.ID, "", &whole)
			if d.Receipt != receipt || !strings.HasSuffix(whole.Original, hex.EncodeToString(sum[:])) || d.Size != 64<<20 || d.Filename != "图纸.pdf" {
				t.Errorf("receipt %q, document %+v of %s", receipt, d, whole.Original)
			}
		})
	}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// uploadThroughKills runs the client, kills the server five times on the way, and
// returns the receipt number that the client was given.
func (s *service) uploadThroughKills(node, file string, chunk int, digest string) string {
	s.t.Helper()
	client := exec.Command("node", "tus.mjs", "http://"+s.addr+"/v1/uploads", file, strconv.Itoa(chunk), "filename="+filepath.Base(file), "sha256="+digest)
	client.Dir, client.Env = node, append(os.Environ(), "TUS_TOKEN="+s.token)
	out, err := client.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	client.Stderr = os.Stderr
	if err := client.Start(); err != nil {
		s.t.Fatal(err)
	}
	defer func() { client.Process.Kill(); client.Wait() }()
	deadline := time.AfterFunc(3*time.Minute, func() { client.Process.Kill() })
	defer deadline.Stop()
	word := "accepted"
	if chunk == 0 {
		word = "sent"
	}
	kills, next := 0, int64(8<<20)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		what, rest, _ := strings.Cut(lines.Text(), " ")
		switch what {
		case "receipt":
			if kills < 5 {
				s.t.Errorf("the server was killed %d times only", kills)
			}
			return rest
		case "failed":
			s.t.Fatalf("client failed: %s", rest)
		case word:
			var at int64
			fmt.Sscan(rest, &at)
			if at >= next {
				time.Sleep(rand.N(40 * time.Millisecond))
				s.kill()
				s.start()
				kills, next = kills+1, next+14<<20
			}
		}
	}
	s.t.Fatal("the client ended without a receipt")
	return ""
}
