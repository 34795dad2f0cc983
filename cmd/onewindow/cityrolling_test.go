package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"onewindow/internal/sample"
)

const (
	citySent    = 24 // files sent over HTTP
	cityDropped = 6  // files dropped into the hot folder
)

// TestCity_RollingRestartUnderLoadLosesNothing replaces every process of the
// scaled shape, one after another, while files come in at both doors.
func TestCity_RollingRestartUnderLoadLosesNothing(t *testing.T) {
	t.Parallel() // mostly waits
	c := startCity(t)
	c.underLoad(func() {
		for _, m := range c.all() {
			m.replace()
		}
	})
}

// TestCity_NothingIsLostWhateverFails kills processes without warning, empties
// Redis, and takes the database and the object store away, while files come in.
func TestCity_NothingIsLostWhateverFails(t *testing.T) {
	t.Parallel()
	c := startCity(t)
	c.underLoad(func() {
		for _, blow := range []func() error{
			func() error { c.others[0].kill(); c.others[0].start(); return nil },
			c.redis.Flush,
			func() error { c.serves[0].kill(); c.serves[0].start(); return nil },
			c.postgres.Restart,
			func() error {
				c.others[1].kill()
				c.others[2].kill()
				c.others[1].start()
				c.others[2].start()
				return nil
			},
			c.s3.Restart,
			func() error { c.redis.Kill(); time.Sleep(2 * time.Second); return c.redis.Up() },
		} {
			if err := blow(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(700 * time.Millisecond)
		}
	})
}

// underLoad hands files in at both doors while something happens, then waits for
// rest and settles the accounts: every file one document, everything done once.
func (c *city) underLoad(happens func()) {
	c.t.Helper()
	s := &sender{c: c, receipts: map[string]string{}}
	var load errgroup.Group
	load.Go(func() error {
		for n := range citySent {
			if err := s.send(n, c.paper(n)); err != nil {
				return err
			}
			time.Sleep(300 * time.Millisecond)
		}
		return nil
	})
	load.Go(func() error {
		for n := range cityDropped {
			if err := c.drop(n); err != nil {
				return err
			}
			time.Sleep(time.Second)
		}
		return nil
	})
	time.Sleep(time.Second)
	happens()
	if err := load.Wait(); err != nil {
		c.t.Fatal(err)
	}
	c.settle(s)
}

// paper is a permit as a unit's own system prints it, another one for each number.
func (c *city) paper(n int) []byte {
	studio, err := sample.OpenStudio()
	if err != nil {
		c.t.Error(err)
		return nil
	}
	d := sample.Make("rd-construction-permit", sample.NewProject(uint64(n)), uint64(n))
	d.Pages = d.Pages[:1]
	return studio.PDF(d)
}

// drop saves a file into the hot folder as a scanner does.
func (c *city) drop(n int) error {
	if err := os.MkdirAll(c.inbox, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.inbox, fmt.Sprintf("扫描-%d.pdf", n)), c.paper(1000+n), 0o644)
}

type cityDocument struct{ ID, Receipt, Filename, State string }

func (c *city) settle(s *sender) {
	c.t.Helper()
	var list struct{ Documents []cityDocument }
	await(c.t, 3*time.Minute, "at rest", func() bool {
		if c.ask("/v1/documents?limit=100", &list) != nil || len(list.Documents) < citySent+cityDropped {
			return false
		}
		for _, d := range list.Documents {
			if d.State != "done" && d.State != "needs_review" {
				return false
			}
		}
		return true
	})
	names := map[string]int{}
	for _, d := range list.Documents {
		names[d.Filename]++
		if sent, ok := s.receipts[d.Receipt]; ok && sent != d.ID {
			c.t.Errorf("receipt %s was given for %s and belongs to %s", d.Receipt, sent, d.ID)
		}
		delete(s.receipts, d.Receipt)
	}
	for receipt := range s.receipts {
		c.t.Errorf("receipt %s has no document", receipt)
	}
	if len(names) != citySent+cityDropped || len(list.Documents) != len(names) {
		c.t.Errorf("%d documents of %d names, want %d: %v", len(list.Documents), len(names), citySent+cityDropped, names)
	}
	c.onceEach()
	c.run("audit", "verify")
	c.run("verify", "--blobs")
}

// onceEach reads all events: no step was done twice and nothing published twice.
func (c *city) onceEach() {
	c.t.Helper()
	seen := map[string]int{}
	for after, more := int64(0), true; more; {
		var feed struct {
			Events []struct {
				Seq      int64
				Type     string
				Document string `json:"document_id"`
				Data     map[string]string
			}
		}
		if err := c.ask(fmt.Sprintf("/v1/events?limit=500&after=%d", after), &feed); err != nil {
			c.t.Fatal(err)
		}
		for _, e := range feed.Events {
			after = e.Seq
			if e.Type == "step.done" || e.Type == "result.published" || e.Type == "document.received" {
				seen[e.Type+" "+e.Document+" "+e.Data["step"]+" "+e.Data["page"]]++
			}
		}
		more = len(feed.Events) == 500
	}
	if len(seen) < 5*(citySent+cityDropped) {
		c.t.Errorf("only %d things happened", len(seen))
	}
	for what, n := range seen {
		if n != 1 {
			c.t.Errorf("%s happened %d times", what, n)
		}
	}
}
