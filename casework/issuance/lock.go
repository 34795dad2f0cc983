package issuance

import (
	"context"
	"strings"

	"onewindow/casework"
)

// LiftLock lets pick-up codes be tried again, at the window and at terminals, after
// too many wrong ones: somebody responsible looked into it and says why (P4.2).
// Errors: *casework.Invalid without a reason, casework.ErrIllegal when nothing is
// locked.
func (o *Office) LiftLock(ctx context.Context, id, reason, by string) (Record, error) {
	r, err := o.Load(ctx, id)
	if err != nil {
		return r, err
	}
	if !r.Body.Locked() {
		return r, casework.ErrIllegal
	}
	if strings.TrimSpace(reason) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reason": "请填写解除锁定的理由，如已核实领取人身份"}}
	}
	r.Body.Wrong, r.Body.KioskWrong = 0, 0
	return o.keep(ctx, r, by, "unlock", nil, map[string]string{"reason": reason})
}

// Locked reports whether codes are not accepted any more, at the window or at
// terminals.
func (i Issuance) Locked() bool { return i.Wrong >= wrongCodes || i.KioskWrong >= wrongCodes }
