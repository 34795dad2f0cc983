package issuance

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// errWrongCode is the same for a case that does not exist, one without a result
// and a wrong code: a terminal tells nobody what there is.
func errWrongCode() error {
	return &casework.Invalid{Fields: map[string]string{"code": "办件编号或取件码不正确"}}
}

// QR is what stands on the notice that a result is ready, for a terminal to read:
// case number and pick-up code.
func (r Issuance) QR() string { return r.Number + "." + r.Code }

// ParseQR reads what QR wrote.
func ParseQR(text string) (number, code string, ok bool) {
	return strings.Cut(strings.TrimSpace(text), ".")
}

// Unlock finds the issuance that a case number and a pick-up code open at a
// self-print terminal (P4.7). Wrong codes lock the terminals to the case's
// issuances, not the window. Errors: ErrLocked, *casework.Invalid.
func (o *Office) Unlock(ctx context.Context, number, code, by string) (Record, error) {
	k, err := o.Cases.Case(ctx, strings.TrimSpace(number))
	if errors.Is(err, storage.ErrNotFound) {
		return Record{}, errWrongCode()
	}
	if err != nil {
		return Record{}, err
	}
	all, err := register.List[Issuance](ctx, o.Desk, storage.EntryQuery{Register: Register, Case: k.ID, Limit: 500})
	if err != nil {
		return Record{}, err
	}
	all = slices.DeleteFunc(all, func(r Record) bool { return r.Body.Code == "" })
	if len(all) > 0 && !slices.ContainsFunc(all, func(r Record) bool { return r.Body.KioskWrong < wrongCodes }) {
		return Record{}, ErrLocked
	}
	for _, r := range all {
		if r.Body.KioskWrong < wrongCodes && subtle.ConstantTimeCompare([]byte(code), []byte(r.Body.Code)) == 1 {
			if r.Body.KioskWrong == 0 {
				return r, nil
			}
			r.Body.KioskWrong = 0
			return r, o.count(ctx, []Record{r})
		}
	}
	for i := range all {
		all[i].Body.KioskWrong++
	}
	if err := o.count(ctx, all); err != nil {
		return Record{}, err
	}
	return Record{}, errWrongCode()
}

// count keeps counters, without telling anybody.
func (o *Office) count(ctx context.Context, all []Record) error {
	var c register.Change
	for i := range all {
		if err := register.Put(&c, &all[i]); err != nil {
			return err
		}
	}
	return c.Do(ctx, o.Desk)
}

// PrintAt notes that results were printed at a terminal of a hall. It is a visit,
// the first print at least (G.7).
func (o *Office) PrintAt(ctx context.Context, id, terminal string) (Record, error) {
	r, err := o.printed(ctx, id)
	if err != nil {
		return r, err
	}
	if r.State == Printed {
		return o.keep(ctx, r, terminal, "print", nil, map[string]string{"prints": fmt.Sprint(r.Body.Prints), "terminal": terminal})
	}
	r.State, r.Open, r.Body.Mode = Printed, false, SelfPrint
	r.Body.Visits++
	return o.delivered(ctx, r, r.Owner, terminal)
}
