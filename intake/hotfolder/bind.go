package hotfolder

import (
	"context"
	"fmt"
	"strings"

	"onewindow/approval/identifier"
	"onewindow/document"
)

// Binder reads from where a file was dropped what it belongs to.
type Binder struct {
	Division string
	// KnownMaterial reports whether a folder name is a material code.
	KnownMaterial func(code string) bool
	// KnownType reports whether a folder name is a result type.
	KnownType func(code string) bool
	// Case finds the project of a case by its number; ok is false when there is no
	// such case. nil takes every name as it is.
	Case func(ctx context.Context, number string) (project string, ok bool, err error)
}

// Place is Bind with the case looked up. A folder named after a case that does
// not exist would put its files nowhere: they are kept without a case, for the
// tray of their hall, with the folder's name.
func (b Binder) Place(ctx context.Context, path string) (document.Origin, error) {
	o := b.Bind(path)
	if o.Case == "" || b.Case == nil {
		return o, nil
	}
	project, ok, err := b.Case(ctx, o.Case)
	switch {
	case err != nil:
		return o, fmt.Errorf("look for the folder's case: %w", err)
	case !ok:
		o.Case, o.Folder = "", o.Case
	case o.Project == "":
		o.Project = project
	}
	return o, nil
}

// PlaceEntry is Place for a file in an archive: folders inside it may name a
// project or a material, nothing else.
func (b Binder) PlaceEntry(ctx context.Context, archive, entry string) (document.Origin, error) {
	o, err := b.Place(ctx, archive)
	folders := strings.Split(entry, "/")
	for _, name := range folders[:len(folders)-1] {
		caseBefore := o.Case
		b.bindFolder(&o, name)
		o.Case = caseBefore
	}
	return o, err
}

// Bind turns a path inside the inbox into an origin:
// <hall>/<window>/[<case number or project code>/][<material code>/]file.
// A file dropped at the top belongs to no hall and is told by its content alone.
func (b Binder) Bind(path string) document.Origin {
	o := document.Origin{
		Channel: document.ChannelPhysical, Lane: document.LaneCounter, Door: "hotfolder", By: "hotfolder",
		Division: b.Division,
	}
	folders := strings.Split(path, "/")
	folders = folders[:len(folders)-1]
	if len(folders) > 0 {
		o.Hall = folders[0]
	}
	if len(folders) > 1 {
		o.Window = folders[1]
	}
	for _, name := range folders[min(2, len(folders)):] {
		b.bindFolder(&o, name)
	}
	return o
}

func (b Binder) bindFolder(o *document.Origin, name string) {
	switch {
	case identifier.Validate("project_code", name).Valid:
		o.Project = name
	case b.KnownMaterial != nil && b.KnownMaterial(name):
		o.Material, o.Role = name, document.RoleMaterial
	case b.KnownType != nil && b.KnownType(name):
		o.Role = document.RoleResult
	case o.Case == "":
		o.Case = name
	}
}
