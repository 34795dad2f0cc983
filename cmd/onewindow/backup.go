package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"onewindow/document"
	"onewindow/storage"
)

// recordsEntry is the first entry of a backup: every row of every table at one
// moment. The blobs follow as <class>/<digest>; they never change, so copying
// them afterwards, while the service runs, is consistent with that moment.
const recordsEntry = "records.jsonl"

func backupCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE.tar", Short: "备份全部记录和文件（服务运行中也可）", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withRecords(cmd.Context(), func(h *house) error {
				n, err := h.backup(cmd.Context(), args[0])
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "已备份：%s（%d 个文件）\n", args[0], n)
				}
				return err
			})
		},
	}
}

// backup writes to a temporary name and renames at the end: a file with the
// final name is always a whole backup.
func (h *house) backup(ctx context.Context, file string) (int, error) {
	tmp, err := os.OpenFile(file+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("create backup: %w", err)
	}
	archive := tar.NewWriter(tmp)
	n, err := h.writeBackup(ctx, archive)
	err = errors.Join(err, archive.Close(), tmp.Sync(), tmp.Close())
	if err != nil {
		return 0, errors.Join(err, os.Remove(tmp.Name()))
	}
	return n, os.Rename(tmp.Name(), file)
}

func (h *house) writeBackup(ctx context.Context, archive *tar.Writer) (int, error) {
	rows, err := os.CreateTemp(h.cfg.DataDir, "backup-")
	if err != nil {
		return 0, fmt.Errorf("spool records: %w", err)
	}
	defer os.Remove(rows.Name())
	defer rows.Close()
	if err := h.records.Export(ctx, rows); err != nil {
		return 0, fmt.Errorf("export records: %w", err)
	}
	size, err := rows.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = rows.Seek(0, io.SeekStart)
	}
	if err != nil {
		return 0, fmt.Errorf("spool records: %w", err)
	}
	if err := addEntry(archive, recordsEntry, size, rows); err != nil {
		return 0, err
	}
	return h.writeBlobs(ctx, archive)
}

func (h *house) writeBlobs(ctx context.Context, archive *tar.Writer) (int, error) {
	done := map[storage.Reference]bool{}
	for ref, err := range h.records.References(ctx) {
		if err != nil {
			return 0, err
		}
		if done[ref] {
			continue
		}
		done[ref] = true
		b, err := h.blobs.Open(ctx, ref.Class, ref.Digest)
		if err != nil {
			return 0, fmt.Errorf("back up %s/%s: %w", ref.Class, ref.Digest, err)
		}
		err = addEntry(archive, path.Join(string(ref.Class), ref.Digest.String()), b.Info().Size, b)
		if err = errors.Join(err, b.Close()); err != nil {
			return 0, err
		}
	}
	return len(done), nil
}

func addEntry(archive *tar.Writer, name string, size int64, r io.Reader) error {
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, Typeflag: tar.TypeReg}); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	if _, err := io.Copy(archive, r); err != nil {
		return fmt.Errorf("write backup %s: %w", name, err)
	}
	return nil
}

func restoreCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "restore FILE.tar", Short: "把备份恢复到一个空的部署", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withRecords(cmd.Context(), func(h *house) error {
				n, err := h.restore(cmd.Context(), args[0])
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "已恢复：%d 个文件\n", n)
				}
				return err
			})
		},
	}
}

// restore brings the blobs back first and the records last, so that no record
// ever points to a blob that is not there. A blob that does not match its name
// stops the restore.
func (h *house) restore(ctx context.Context, file string) (int, error) {
	n := 0
	err := eachEntry(file, func(name string, size int64, r io.Reader) error {
		if name == recordsEntry {
			return nil
		}
		class, text, _ := strings.Cut(name, "/")
		digest, err := document.ParseDigest(text)
		if err != nil {
			return fmt.Errorf("restore %s: %w", name, err)
		}
		n++
		_, err = h.blobs.Put(ctx, storage.Class(class), r, storage.PutOptions{Expect: digest, Size: size})
		return err
	})
	if err != nil {
		return n, err
	}
	return n, eachEntry(file, func(name string, _ int64, r io.Reader) error {
		if name != recordsEntry {
			return nil
		}
		return h.records.Import(ctx, r)
	})
}

func eachEntry(file string, do func(name string, size int64, r io.Reader) error) error {
	f, err := os.Open(file)
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("%s: no such file", file)}
	}
	defer f.Close()
	archive := tar.NewReader(f)
	for {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read backup: %w", err)
		}
		if err := do(head.Name, head.Size, archive); err != nil {
			return err
		}
	}
}
