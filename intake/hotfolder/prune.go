package hotfolder

import (
	"context"
	"time"
)

const (
	// pruneAgain is how often old lines of the ledger are dropped.
	pruneAgain = time.Hour
	// pruneBatch is how many at a time: other watchers write too.
	pruneBatch = 1000
)

// prune drops what lies further back than the ledger is kept. A line goes when its
// file's way has ended; those in quarantine, and those that wait, stay.
func (w *Watcher) prune(ctx context.Context) error {
	if w.Keep <= 0 || time.Since(w.pruned) < pruneAgain {
		return nil
	}
	w.pruned = time.Now()
	all := 0
	for {
		n, err := w.Ledger.PruneArrivals(ctx, w.Keep, pruneBatch)
		if err != nil {
			return err
		}
		if all += n; n < pruneBatch {
			break
		}
	}
	if all > 0 {
		w.Log.Info("old lines of the ledger dropped", "lines", all)
	}
	return nil
}
