package access

import (
	"path"

	"onewindow/document"
	"onewindow/storage"
)

// Of what somebody may do at all (see policy), these say to which document or
// result. unit is the business unit responsible for it, "" when nobody knows:
// casework.Desk.UnitOf tells.

// Sees reports whether a document exists for the account at all. What is in
// quarantine exists for its sender, who must be told to bring it on paper, for
// the security officer and the administrator; for nobody else (G.8).
func (w Who) Sees(d document.Document, unit string) bool {
	if !w.May(DocumentRead) {
		return false
	}
	own := d.Origin.By != "" && d.Origin.By == w.Account
	if d.State == document.StateQuarantined || d.State == document.StatePurged {
		return own || w.Has(Security) || w.Has(Admin)
	}
	return own || w.hasAny(Clerk, Lead, Archivist, Admin) || w.hasAny(Reviewer, System) && w.ofUnit(unit)
}

// MayDecide reports whether the account may confirm, reject or cancel a document.
// What a unit sent is for that unit to decide; the window decides about the rest.
func (w Who) MayDecide(d document.Document, unit string) bool {
	if !w.May(DocumentDecide) || !w.Sees(d, unit) {
		return false
	}
	if d.Origin.Unit == "" && w.Has(Clerk) {
		return true
	}
	return w.Has(Admin) || w.Has(Reviewer) && w.ofUnit(unit)
}

// MayDocumentOriginal reports whether the account may fetch the bytes as they
// came. result tells that the document is an approval result: its unmarked
// original is for the issuing unit and the archive (W7), and while it waits for
// review for whoever must compare it. In quarantine it is for the security
// officer alone.
func (w Who) MayDocumentOriginal(d document.Document, unit string, result bool) bool {
	switch {
	case !w.May(DocumentOriginal) || d.State == document.StatePurged:
		return false
	case d.State == document.StateQuarantined:
		return w.Has(Security)
	case !w.Sees(d, unit):
		return false
	case !result:
		return true
	}
	return w.MayOriginal(unit) || d.State == document.StateNeedsReview && w.MayDecide(d, unit)
}

// MayOriginal reports whether the account may fetch the unmarked original of a
// result that unit issued: the issuing unit itself, and the archive (W7).
func (w Who) MayOriginal(unit string) bool {
	return w.May(ResultOriginal) && (w.Has(Archivist) || w.ofUnit(unit))
}

// MayEnd reports whether the account may revoke a result that unit issued.
func (w Who) MayEnd(unit string) bool {
	return w.May(ResultRevoke) && (w.Has(Admin) || w.ofUnit(unit))
}

// MayLink reports whether the account may give a result of that unit its project.
func (w Who) MayLink(unit string) bool {
	return w.May(ResultLink) && (w.hasAny(Admin, Clerk) || w.ofUnit(unit))
}

// MembersOnly reports whether the account sees results of its own projects only:
// it has no other role than that of an applicant.
func (w Who) MembersOnly() bool {
	return w.Has(Applicant) && !w.hasAny(Clerk, Reviewer, Lead, Supervisor, Archivist, Admin, System)
}

// Issues reports whether what the account sends may be an approval result.
// Applicants send materials: a permit among them must never become a published
// result by itself.
func (w Who) Issues() bool { return w.hasAny(Clerk, Reviewer, Admin, System) }

func (w Who) ofUnit(unit string) bool { return unit != "" && w.Unit == unit }

func (w Who) hasAny(roles ...Role) bool {
	for _, r := range roles {
		if w.Has(r) {
			return true
		}
	}
	return false
}

// Curtain hides what may not be seen of a document in quarantine or destroyed:
// nothing read from it is shown to anybody, and its name, which may tell as much,
// only to its sender and the security officer.
func Curtain(w Who, d document.Document) document.Document {
	if d.State != document.StateQuarantined && d.State != document.StatePurged {
		return d
	}
	d.Classification, d.Fields, d.Findings = document.Classification{}, nil, nil
	if d.Origin.By != w.Account && !w.Has(Security) {
		d.Filename = ""
	}
	return d
}

// CurtainArrival hides the name of a file that was found to be classified (G.8).
func CurtainArrival(w Who, a storage.Arrival) storage.Arrival {
	if a.Code == storage.CodeScreened && !w.Has(Security) {
		a.Path = path.Dir(a.Path) + "/（涉密待查）"
	}
	return a
}
