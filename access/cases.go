package access

import (
	"slices"

	"onewindow/approval"
)

// SeesDivision reports whether the account's work lies in a division. An account
// without one works for the province.
func (w Who) SeesDivision(division string) bool { return w.Division == "" || w.Division == division }

// SeesProject reports whether a registered project exists for the account;
// member says that it belongs to the project.
func (w Who) SeesProject(r approval.Registration, member bool) bool {
	switch {
	case !w.May(ProjectRead):
		return false
	case member || r.By == w.Account || w.hasAny(Admin, Archivist):
		return true
	case w.Has(Clerk): // a case may be filed at any window (G.4)
		return true
	}
	return w.hasAny(Reviewer, Lead, Supervisor, System) && w.SeesDivision(r.Division)
}

// SeesCase reports whether a case exists for the account. Units see it through
// their items; lead is the lead unit of its stage.
func (w Who) SeesCase(k approval.Case, items []approval.CaseItem, member bool, lead string) bool {
	switch {
	case !w.May(CaseRead):
		return false
	case member || k.Applicant == w.Account || w.hasAny(Admin, Archivist):
		return true
	case w.Has(Clerk) && (k.Hall == "" || w.ServesHall(k.Hall) || w.SeesDivision(k.Division)):
		return true
	case w.Has(Supervisor) && w.SeesDivision(k.Division), w.leads(k.Division, lead):
		return true
	}
	for _, it := range items {
		if w.HandlesItem(it) {
			return true
		}
	}
	return false
}

// AppliesAs is the account of an applicant, "" of anybody else.
func (w Who) AppliesAs() string {
	if !w.Has(Applicant) {
		return ""
	}
	return w.Account
}

// SeesItem reports whether an item exists for the account.
func (w Who) SeesItem(it approval.CaseItem, k approval.Case, member bool, lead string) bool {
	if w.HandlesItem(it) {
		return true
	}
	if w.hasAny(Reviewer, System) && !w.hasAny(Clerk, Supervisor, Admin, Archivist) && !w.leads(it.Division, lead) && !member {
		return false // another unit's item of the same case
	}
	return w.SeesCase(k, nil, member, lead)
}

// HandlesItem reports whether the item is for the account's unit to handle, and
// among those the account is limited to, if it is (W2.5).
func (w Who) HandlesItem(it approval.CaseItem) bool {
	if w.Items != nil && !slices.Contains(w.Items, it.Item) {
		return false
	}
	return w.hasAny(Reviewer, System) && w.ofUnit(it.Unit) && w.SeesDivision(it.Division)
}

// leads reports whether the account belongs to the lead unit of a stage.
func (w Who) leads(division, lead string) bool {
	return w.Has(Lead) && (w.Unit == "" || w.Unit == lead) && w.SeesDivision(division)
}
