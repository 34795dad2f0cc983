package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onewindow/approval"
	"onewindow/storage"
)

var (
	_ storage.ProjectLinks = (*Store)(nil)
	_ storage.Members      = (*Store)(nil)
)

// plainBrackets makes names equal that differ in the form of brackets and in
// spaces only.
var plainBrackets = strings.NewReplacer("（", "(", "）", ")", "〔", "(", "〕", ")", "【", "(", "】", ")",
	"［", "(", "］", ")", "[", "(", "]", ")", " ", "", "　", "")

// ProjectByName finds the one project of a name.
func (s *Store) ProjectByName(ctx context.Context, name, builder string) (approval.Project, error) {
	key := plainBrackets.Replace(clean(name))
	if key == "" {
		return approval.Project{}, fmt.Errorf("find project: %w", storage.ErrNotFound)
	}
	var found []approval.Project
	err := s.read(ctx, func(q querier) (err error) {
		found, err = collect(ctx, q, scanProject,
			`SELECT code, projects.name, builder, created FROM project_names JOIN projects ON code = project
			WHERE project_names.name = $1 ORDER BY code LIMIT 20`, key)
		return err
	})
	if err != nil {
		return approval.Project{}, fmt.Errorf("find project: %w", err)
	}
	var fits []approval.Project
	for _, p := range found {
		if builder == "" || p.Builder == "" || plainBrackets.Replace(p.Builder) == plainBrackets.Replace(builder) {
			fits = append(fits, p)
		}
	}
	if len(fits) != 1 {
		return approval.Project{}, fmt.Errorf("find project: %d fit: %w", len(fits), storage.ErrNotFound)
	}
	return fits[0], nil
}

// keepName learns a name of a project.
func (t *tx) keepName(ctx context.Context, project, name string) error {
	key := plainBrackets.Replace(clean(name))
	if key == "" {
		return nil
	}
	_, err := t.exec(ctx, "INSERT INTO project_names (name, project) VALUES ($1, $2) ON CONFLICT DO NOTHING", key, clean(project))
	return wrap("keep project name", err)
}

// LinkResult gives a published result without a project its project.
func (s *Store) LinkResult(ctx context.Context, id, project, by string) (r approval.Result, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		r, err = t.link(ctx, id, project, by)
		return err
	})
	if err != nil {
		return approval.Result{}, fmt.Errorf("link result: %w", err)
	}
	return r, nil
}

// link locks the project first, as publishing does, so that no second result of
// its number appears meanwhile.
func (t *tx) link(ctx context.Context, id, project, by string) (approval.Result, error) {
	r, err := one(ctx, t, scanResult, "SELECT "+resultColumns+" FROM results WHERE id = $1", id)
	if err != nil || r.Project == project {
		return r, err
	}
	if r.Project != "" || r.Status != approval.StatusPublished {
		return r, fmt.Errorf("result has a project or has ended: %w", storage.ErrConflict)
	}
	r.Project = project
	if err := t.keepProject(ctx, r); err != nil {
		return r, err
	}
	if err := t.numberIsFree(ctx, r); err != nil {
		return r, err
	}
	data, err := encode(r)
	if err != nil {
		return r, err
	}
	n, err := t.exec(ctx, "UPDATE results SET project = $2, data = $3 WHERE id = $1 AND project = '' AND status = 'published'",
		id, clean(project), data)
	if err == nil && n == 0 { // somebody was faster
		err = storage.ErrConflict
	}
	if err != nil {
		return r, err
	}
	t.announceResult(approval.EventLinked, r, map[string]string{"type": r.Type})
	t.record(storage.AuditEntry{Actor: actorOf(by), Action: "result.link", Object: r.ID, Detail: map[string]string{"project": project}})
	return r, nil
}

func (t *tx) numberIsFree(ctx context.Context, r approval.Result) error {
	if r.Number == "" {
		return nil
	}
	var taken bool
	err := t.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM results WHERE project = $1 AND type = $2 AND number = $3
		AND status = 'published')`, clean(r.Project), r.Type, clean(r.Number)).Scan(&taken)
	if err == nil && taken {
		err = fmt.Errorf("the project has a result of that number: %w", storage.ErrConflict)
	}
	return err
}

func scanMember(r scanner) (storage.Member, error) {
	var m storage.Member
	var at int64
	err := r.Scan(&m.Project, &m.Account, &m.By, &at)
	m.At = timeOf(at)
	return m, err
}

// AddMember lets an account into a project.
func (s *Store) AddMember(ctx context.Context, m storage.Member) error {
	if m.Project == "" || m.Account == "" {
		return errors.New("add member: project and account are needed")
	}
	return wrap("add member", s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO project_members (project, account, added_by, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, clean(m.Project), clean(m.Account), clean(m.By), t.now)
		if err == nil && n == 1 {
			t.record(memberEntry("project.member.add", m.Project, m.Account, m.By))
		}
		return err
	}))
}

// RemoveMember takes an account out of a project.
func (s *Store) RemoveMember(ctx context.Context, project, account, by string) error {
	return wrap("remove member", s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, "DELETE FROM project_members WHERE project = $1 AND account = $2", clean(project), clean(account))
		if err == nil && n == 1 {
			t.record(memberEntry("project.member.remove", project, account, by))
		}
		return err
	}))
}

func memberEntry(action, project, account, by string) storage.AuditEntry {
	return storage.AuditEntry{Actor: actorOf(by), Action: action, Object: project, Detail: map[string]string{"account": account}}
}

// MembersOf lists the members of a project by account name.
func (s *Store) MembersOf(ctx context.Context, project string) (out []storage.Member, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanMember,
			"SELECT project, account, added_by, at FROM project_members WHERE project = $1 ORDER BY account", clean(project))
		return err
	})
	return out, wrap("list members", err)
}

// ProjectsOf lists an account's projects.
func (s *Store) ProjectsOf(ctx context.Context, account string) (out []string, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, func(r scanner) (code string, err error) { return code, r.Scan(&code) },
			"SELECT project FROM project_members WHERE account = $1 ORDER BY project", clean(account))
		return err
	})
	return out, wrap("list projects of account", err)
}
