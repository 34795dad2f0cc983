package storage

import (
	"context"
	"time"

	"onewindow/approval"
)

// ProjectLinks ties results to projects where paper carries no 项目代码.
type ProjectLinks interface {
	// ProjectByName finds the project that a published result called by that name:
	// equal once brackets are alike and spaces gone. builder, when known on both sides, must be equal too.
	// Errors: ErrNotFound, also when several projects fit.
	ProjectByName(ctx context.Context, name, builder string) (approval.Project, error)
	// LinkResult gives a published result that has no project its project; the
	// same again is no error. Audit and event are written with it. Errors:
	// ErrNotFound, ErrConflict when it belongs to another project, is not
	// published any more, or the project has a published result of that type and
	// number.
	LinkResult(ctx context.Context, id, project, by string) (approval.Result, error)
}

// Member says that an account acts for a project: an applicant sees what
// concerns its own projects and nothing else.
type Member struct {
	Project string    `json:"project"` // 项目代码
	Account string    `json:"account"`
	By      string    `json:"by"` // who let it in
	At      time.Time `json:"at"`
}

// Members keeps who belongs to which project.
type Members interface {
	// AddMember lets an account in; twice is once, and the first entry stays.
	// The audit entry is written with it.
	AddMember(ctx context.Context, m Member) error
	// RemoveMember ends it, with its audit entry; removing twice is no error.
	RemoveMember(ctx context.Context, project, account, by string) error
	// MembersOf lists the members of a project by account name.
	MembersOf(ctx context.Context, project string) ([]Member, error)
	// ProjectsOf lists the 项目代码 of an account's projects.
	ProjectsOf(ctx context.Context, account string) ([]string, error)
}
