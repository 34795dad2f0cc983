package sample

import "time"

// signature is the block at the end of a paper: who, when, under which seal.
type signature struct {
	issuer  string
	day     time.Time
	purpose string // words below the star, "" for an office seal
	mute    bool   // issuer and date are not the document's fields
}

// sign sets issuer and date at the right under a seal that touches both, and
// keeps them with at least the room of the seal on one page (GB/T 9704, 7.3.5).
func (f *flow) sign(d dice, doc *Document, g signature) {
	f.need(3*f.leading + 26)
	f.skip(max(2*f.leading, 16))
	st := f.body
	printed := paperDate(g.day)
	if d.chance(0.15) {
		printed = hanziDate(g.day)
	}
	edge := f.x + f.w - 4*st.em() // the date stands four characters in
	mid := edge - st.width(printed)/2
	x0 := min(mid-st.width(g.issuer)/2, f.x+f.w-st.width(g.issuer)-st.em())
	issuerField, dateField := "issuer", "issue_date"
	if g.mute {
		issuerField, dateField = "", ""
	}
	s := f.sheet()
	s.left(x0, f.y, st, g.issuer, issuerField)
	s.right(edge, f.y+f.leading, st, printed, dateField)
	s.add(officeSeal(d, mid+2, f.y+f.leading-2, g.issuer, g.purpose))
	f.y += 2 * f.leading
	if !g.mute {
		doc.same("issuer", g.issuer)
		doc.set("issue_date", isoDate(g.day), printed)
	}
}

// sign signs the reply, now and then with the seal for approvals.
func (r *reply) sign(issuer string, day time.Time) {
	purpose := ""
	if r.d.chance(0.2) {
		purpose = "行政审批专用章"
	}
	r.flow.sign(r.d, r.doc, signature{issuer: issuer, day: day, purpose: purpose})
}
