package cases

import (
	"context"
	"slices"

	"onewindow/approval"
	"onewindow/storage"
)

// Sight is what somebody may see of cases; access.Who has it.
type Sight interface {
	SeesCase(k approval.Case, items []approval.CaseItem, member bool, lead string) bool
	SeesItem(it approval.CaseItem, k approval.Case, member bool, lead string) bool
	// AppliesAs is the account of an applicant, "" of anybody else.
	AppliesAs() string
}

// CaseSeen loads a case by ID or number, and those of its items that somebody may
// see (V2.2, V3.2). What may not be seen is storage.ErrNotFound: that it exists is
// not told.
func (o *Office) CaseSeen(ctx context.Context, id string, by Sight) (approval.Case, []approval.CaseItem, error) {
	k, err := o.Records.Case(ctx, id)
	if err != nil {
		return k, nil, err
	}
	items, err := o.Records.ListCaseItems(ctx, storage.ItemQuery{Case: k.ID, Limit: 500})
	if err != nil {
		return k, nil, err
	}
	member, err := o.Member(ctx, k.Project, by)
	if err != nil {
		return k, nil, err
	}
	lead := o.leadUnit(k)
	if !by.SeesCase(k, items, member, lead) {
		return approval.Case{}, nil, storage.ErrNotFound
	}
	items = slices.DeleteFunc(items, func(it approval.CaseItem) bool { return !by.SeesItem(it, k, member, lead) })
	return k, items, nil
}

// ItemSeen loads an item that somebody may see, as it stands now, with its case.
func (o *Office) ItemSeen(ctx context.Context, id string, by Sight) (approval.CaseItem, approval.Case, error) {
	it, err := o.Item(ctx, id)
	if err != nil {
		return it, approval.Case{}, err
	}
	k, err := o.Records.Case(ctx, it.Case)
	if err != nil {
		return it, k, err
	}
	member, err := o.Member(ctx, k.Project, by)
	if err == nil && !by.SeesItem(it, k, member, o.leadUnit(k)) {
		err = storage.ErrNotFound
	}
	return it, k, err
}

// Member reports whether an applicant belongs to a project.
func (o *Office) Member(ctx context.Context, project string, by Sight) (bool, error) {
	account := by.AppliesAs()
	if account == "" {
		return false, nil
	}
	codes, err := o.Records.ProjectsOf(ctx, account)
	return slices.Contains(codes, project), err
}

// leadUnit is the unit that leads the stage of a case.
func (o *Office) leadUnit(k approval.Case) string {
	st, _ := o.of(k).Stage(k.Stage)
	return st.LeadUnit
}
