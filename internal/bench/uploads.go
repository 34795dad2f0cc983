package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"onewindow/internal/bench/figure"
	"onewindow/internal/bench/live"
)

const (
	uploadGoal = 0.70     // of the speed of cp and sha256sum
	growthGoal = 64 << 20 // bytes, for the largest file
)

// measureUploads sends large files through both HTTP doors, beside cp and
// sha256sum on the same disk, and watches the service's memory.
func measureUploads(ctx context.Context, b *bench) error {
	dir, err := makeFolder(filepath.Join(b.dir, "uploads"))
	if err != nil {
		return err
	}
	service, err := b.service(ctx, "uploads-service")
	if err != nil {
		return err
	}
	defer service.Stop()
	size := int64(b.uploadMB) << 20
	var byHand, loose []time.Duration
	took := map[live.Door][]time.Duration{}
	for n := range b.uploadRounds { // in turn, so that all see the same disk
		b.report.step("uploads: round %d of %d", n+1, b.uploadRounds)
		path := filepath.Join(dir, "hand")
		if err := writeSeeded(path, byte(100+n), size); err != nil {
			return err
		}
		hand, err := b.once(func() error { return copyBySh(ctx, path) })
		if err != nil {
			return err
		}
		unsynced, err := b.once(func() error { return runOn(ctx, path, `cp "$0" "$0.copy" && sha256sum "$0.copy" >/dev/null`) })
		if err != nil {
			return err
		}
		byHand, loose = append(byHand, hand), append(loose, unsynced)
		for i, door := range []live.Door{live.Form, live.Tus} {
			d, err := b.sendFresh(ctx, service, door, path, byte(1+2*n+i), size)
			if err != nil {
				return err
			}
			took[door] = append(took[door], d)
		}
	}
	hand := figure.Median(byHand)
	rows := [][]string{uploadRow("cp, sync, sha256sum", size, hand, hand),
		uploadRow("cp, sha256sum, nothing on the disk yet", size, figure.Median(loose), hand)}
	for _, door := range []live.Door{live.Form, live.Tus} {
		rows = append(rows, uploadRow(string(door), size, figure.Median(took[door]), hand))
		b.uploadGoal(door, figure.Median(took[door]), hand)
	}
	b.report.table(table{title: "Uploads", header: []string{"way", fmt.Sprintf("one file of %d MiB", b.uploadMB), "of cp's speed"}, rows: rows,
		note: "Until the receipt is there: stored, synced, read back and registered. Medians of rounds in turn; client and service share the machine."})
	return b.measureGrowth(ctx, service, dir)
}

func (b *bench) uploadGoal(door live.Door, took, hand time.Duration) {
	share := hand.Seconds() / took.Seconds()
	b.report.goal(goal{what: fmt.Sprintf("Upload of %d MiB files (%s), of the speed of `cp`, `sync`, `sha256sum`", b.uploadMB, door),
		want: fmt.Sprintf("≥ %.0f %%", 100*uploadGoal), got: fmt.Sprintf("%.0f %%", 100*share), met: share >= uploadGoal,
		missed: fmt.Sprintf(" by %.0f points", 100*(uploadGoal-share))})
}

func uploadRow(name string, size int64, took, hand time.Duration) []string {
	return []string{name, fmt.Sprintf("%.0f MB/s", float64(size)/1e6/took.Seconds()), fmt.Sprintf("%.0f %%", 100*hand.Seconds()/took.Seconds())}
}

// sendFresh sends bytes that the store does not have.
func (b *bench) sendFresh(ctx context.Context, s *live.Service, door live.Door, path string, seed byte, size int64) (time.Duration, error) {
	if err := writeSeeded(path, seed, size); err != nil {
		return 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("open file: %w", err)
	}
	defer f.Close()
	return b.once(func() error { return s.Send(ctx, door, f) })
}

// measureGrowth sends the largest file that the service takes.
func (b *bench) measureGrowth(ctx context.Context, s *live.Service, dir string) error {
	for i, door := range []live.Door{live.Form, live.Tus} {
		b.report.step("uploads: memory, %s, %d MiB", door, b.hugeMB)
		grew, err := s.Growth(func() error {
			_, err := b.sendFresh(ctx, s, door, filepath.Join(dir, "huge"), byte(200+i), int64(b.hugeMB)<<20)
			return err
		})
		if err != nil {
			return err
		}
		b.report.goal(goal{what: fmt.Sprintf("Memory that the service grows by in an upload of %d MiB (%s)", b.hugeMB, door),
			want: fmt.Sprintf("≤ %d MB", growthGoal>>20), got: fmt.Sprintf("%d MB", grew>>20), met: grew <= growthGoal,
			missed: fmt.Sprintf(" by %d MB", (grew-growthGoal)>>20)})
	}
	return nil
}

func (b *bench) once(do func() error) (time.Duration, error) {
	began := time.Now()
	err := do()
	return time.Since(began), err
}
