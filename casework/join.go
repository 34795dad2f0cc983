package casework

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"onewindow/document"
	"onewindow/internal/scratch"
	"onewindow/storage"
)

// maxJoined is how many files may be joined at once.
const maxJoined = 50

// Joined is several files as one, not a document yet.
type Joined struct {
	Path     string
	Filename string
	Origin   document.Origin
	sources  []document.Document
	room     *scratch.Folder
}

// Close removes the local copy.
func (j *Joined) Close() { _ = j.room.Close() }

// Join puts the pages of files together in the order given: a paper that was scanned
// in two goes. Nothing changes yet: the caller takes the file in and then says so
// with Absorb. Whether they stand in a case is for the caller to ask. Errors:
// ErrIllegal for a result, one that is at work, or that is taken apart; *Invalid; a
// *document.Refusal for what cannot be joined.
func (d *Desk) Join(ctx context.Context, ids []document.ID) (_ *Joined, err error) {
	docs, err := d.joinable(ctx, ids)
	if err != nil {
		return nil, err
	}
	j := &Joined{sources: docs}
	if j.room, err = scratch.Open(d.Scratch, "onewindow-join-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			j.Close()
		}
	}()
	var ins []string
	pages := 0
	for i, doc := range docs {
		in := filepath.Join(j.room.Path, fmt.Sprint(i))
		if err := d.bring(ctx, storage.Originals, doc.Original, in); err != nil {
			return nil, err
		}
		ins, pages = append(ins, in), pages+doc.Pages
	}
	j.Path = filepath.Join(j.room.Path, "joined.pdf")
	made, err := d.Workshop.Join(ctx, ins, j.Path)
	if err != nil {
		return nil, err
	}
	if made != pages {
		return nil, document.Refuse(document.CodeUnsupported, "这些文件合并后页数不符，未作合并。请重新扫描成一份 PDF。", "joined %d pages of %d", made, pages)
	}
	j.describe()
	return j, nil
}

// joinable loads what is to be joined.
func (d *Desk) joinable(ctx context.Context, ids []document.ID) ([]document.Document, error) {
	if sorted := slices.Sorted(slices.Values(ids)); len(ids) < 2 || len(ids) > maxJoined || len(slices.Compact(sorted)) != len(ids) {
		return nil, &Invalid{Fields: map[string]string{"documents": fmt.Sprintf("请选择 2 到 %d 份不同的文件", maxJoined)}}
	}
	var docs []document.Document
	for _, id := range ids {
		doc, err := d.Records.Document(ctx, id)
		if err != nil {
			return nil, err
		}
		if doc.Publication != nil || doc.Origin.Role == document.RoleResult || !in(doc.State, document.StateNeedsReview, document.StateDone) {
			return nil, fmt.Errorf("join in state %s: %w", doc.State, ErrIllegal)
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// describe says what the joined file is: from where the first came, for what all of
// them agree about.
func (j *Joined) describe() {
	o := j.sources[0].Origin
	o.Batch, o.Starts, o.Trace, o.Confirm, o.Joined = nil, nil, "", false, nil
	o.Released = "" // whoever released one did not see the others
	for _, doc := range j.sources {
		o.Joined = append(o.Joined, doc.ID)
		if doc.Origin.Material != o.Material {
			o.Material = ""
		}
		if doc.Origin.Project != o.Project {
			o.Project = ""
		}
		if doc.Origin.Case != o.Case {
			o.Case, o.Item = "", ""
		}
	}
	j.Origin = o
	j.Filename = strings.TrimSuffix(j.sources[0].Filename, filepath.Ext(j.sources[0].Filename)) + fmt.Sprintf("等%d份.pdf", len(j.sources))
}

// Absorb takes the files off the tray that a new document was joined from. They stay
// stored as they came.
func (d *Desk) Absorb(ctx context.Context, j *Joined, into document.ID, by string) error {
	for _, doc := range j.sources {
		state, origin := document.StateCancelled, doc.Origin
		origin.JoinedInto = into
		_, _, err := d.Records.Apply(ctx, doc.ID, doc.Version, storage.Change{
			Patch: storage.DocumentPatch{State: &state, Origin: &origin}, CancelTasks: true,
			Audit: []storage.AuditEntry{{Actor: by, Action: "document.join", Object: string(doc.ID), Detail: map[string]string{"into": string(into)}}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
