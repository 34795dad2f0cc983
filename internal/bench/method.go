package bench

// method ends the report.
const method = `## How it is measured

- *Bare engine*: the PP-OCR engine in the benchmark's own process on page images that were decoded before, one engine of one thread per worker.
- *End to end*: the built binary, ` + "`onewindow serve`" + ` with SQLite and the file store, fed over HTTP with scans of one page and of many (synthetic, 300 dpi colour JPEG in PDF); from the first upload until the last document rests, by the events' own times. Engine and service take turns on the same pages.
- *One-page file*: dropped into the hot folder of an idle, warm service; from the rename that claims it to the event that it is done. The engine's time is the median of three runs on that page.
- *Counter's lane*: from receipt to done, one file after another, while long files of the bulk lane wait.
- *Scaled shape*: ` + "`serve --no-workers` and `worker --workers 1`" + ` on PostgreSQL (with fsync), Redis (append-only, fsync always) and versitygw, everything on this machine.
- *Stamping*: in a child, as the service does it, by turns with qpdf.
`
