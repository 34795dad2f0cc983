package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

// Revoke withdraws a published result with a reason. Those who relied on it are
// flagged and told by an event (V2.13). Errors: ErrNotFound, ErrConflict when it
// is not published any more, *Invalid without a reason.
func (d *Desk) Revoke(ctx context.Context, id, by, reason string) (approval.Result, error) {
	if strings.TrimSpace(reason) == "" {
		return approval.Result{}, &Invalid{Fields: map[string]string{"reason": "请填写撤销原因"}}
	}
	return d.Records.EndResult(ctx, storage.ResultEnd{ID: id, By: by, Reason: reason})
}

// BasisEntry is one entry of an item's checklist that results of the project can
// satisfy, and the results that do.
type BasisEntry struct {
	Material    string   `json:"material"`
	Name        string   `json:"name"`
	Requirement string   `json:"requirement"` // required, conditional, optional
	Satisfied   bool     `json:"satisfied"`
	Offers      []Offer  `json:"offers"`             // usable, newest first
	Unusable    []Barred `json:"unusable,omitempty"` // results that exist but may not be relied on
}

// Offer is a result that may be relied on, with the values it prefills.
type Offer struct {
	Result   string            `json:"result_id"`
	Version  int               `json:"version"`
	Type     string            `json:"type"`
	TypeName string            `json:"type_name"`
	Number   string            `json:"number"`
	Prefill  map[string]string `json:"prefill"`
}

// Barred is a result that may not be relied on, and why.
type Barred struct {
	Result string `json:"result_id"`
	Number string `json:"number"`
	Why    string `json:"why"` // "superseded", "revoked", "expired", "negative"
}

// Basis lists what earlier results of a project offer to an item (V2.13).
// Errors: *Invalid when the item is unknown.
func (d *Desk) Basis(ctx context.Context, project, item string) ([]BasisEntry, error) {
	if _, ok := d.Catalogue.Item(item); !ok {
		return nil, &Invalid{Fields: map[string]string{"item": "没有这个办理事项"}}
	}
	results, err := d.Records.ListResults(ctx, storage.ResultQuery{Project: project, Limit: 500})
	if err != nil {
		return nil, fmt.Errorf("list results: %w", err)
	}
	var out []BasisEntry
	for _, entry := range d.Catalogue.BasisEntries(item) {
		out = append(out, d.basisEntry(entry, results))
	}
	return out, nil
}

func (d *Desk) basisEntry(entry catalogue.BasisEntry, results []approval.Result) BasisEntry {
	e := BasisEntry{Material: entry.Material, Name: d.Catalogue.Name(entry.Material),
		Requirement: entry.Requirement, Offers: []Offer{}}
	for _, r := range results {
		uses, takes := entry.Uses[r.Type]
		if !takes {
			continue
		}
		if ok, why := r.UsableOn(d.day()); !ok {
			e.Unusable = append(e.Unusable, Barred{Result: r.ID, Number: r.Number, Why: why})
			continue
		}
		e.Offers = append(e.Offers, Offer{Result: r.ID, Version: r.Version, Type: r.Type, TypeName: r.TypeName,
			Number: r.Number, Prefill: prefill(r, uses)})
	}
	e.Satisfied = len(e.Offers) > 0
	return e
}

func prefill(r approval.Result, uses []string) map[string]string {
	m := map[string]string{}
	for _, key := range uses {
		if v := r.Fields.Value(key); v != "" {
			m[key] = v
		}
	}
	return m
}

// Rely records that an item relies on a result version, to satisfy an entry of
// its checklist. Doing it again gives the same record. Errors: ErrNotFound,
// *Invalid when the item has no such entry or the entry does not take results of
// this type, ErrNoBasis.
func (d *Desk) Rely(ctx context.Context, r approval.Reliance) (approval.Reliance, error) {
	of, err := d.Records.Result(ctx, r.Result)
	if err != nil {
		return r, err
	}
	if wrong := d.relianceErrors(r, of.Type); len(wrong) > 0 {
		return r, &Invalid{Fields: wrong}
	}
	r.Version, r.Project, r.At = of.Version, of.Project, d.Now().UTC()
	out, err := d.Records.Rely(ctx, r, d.day())
	if errors.Is(err, storage.ErrConflict) {
		return r, fmt.Errorf("%w: %w", ErrNoBasis, err)
	}
	return out, err
}

func (d *Desk) relianceErrors(r approval.Reliance, resultType string) map[string]string {
	wrong := map[string]string{}
	if _, ok := d.Catalogue.Item(r.Item); !ok {
		wrong["item"] = "没有这个办理事项"
		return wrong
	}
	for _, entry := range d.Catalogue.BasisEntries(r.Item) {
		if _, takes := entry.Uses[resultType]; takes && entry.Material == r.Material {
			return nil
		}
	}
	wrong["material"] = "该事项的材料清单中没有可由这种成果满足的这一项"
	return wrong
}

// Link gives a result without a project its project, which people know and the
// paper does not say. Errors: ErrNotFound, *Invalid, ErrConflict when it belongs
// to another project, has ended, or the project has one of that number.
func (d *Desk) Link(ctx context.Context, id, project, by string) (approval.Result, error) {
	code, ok := projectCode(project)
	if !ok || code == "" {
		return approval.Result{}, &Invalid{Fields: map[string]string{"project": wrongProject}}
	}
	return d.Records.LinkResult(ctx, id, code, by)
}

// Standing is the public answer about a verification code.
type Standing string

// The five answers of the verification page.
const (
	StandingValid      Standing = "valid"
	StandingSuperseded Standing = "superseded"
	StandingRevoked    Standing = "revoked"
	StandingUnknown    Standing = "unknown"
	StandingMistyped   Standing = "mistyped"
)

// Verification is what anyone may know of a result by its code
// (watermark.md, "Verification code and page").
type Verification struct {
	Standing    Standing
	Code        string // normalised; "" when mistyped
	Result      approval.Result
	ProjectName string
}

// Verify looks a code up, as typed by anyone.
func (d *Desk) Verify(ctx context.Context, typed string) (Verification, error) {
	code, err := verifycode.Parse(typed)
	if err != nil {
		return Verification{Standing: StandingMistyped}, nil
	}
	r, err := d.Records.ResultByCode(ctx, code)
	if errors.Is(err, storage.ErrNotFound) {
		return Verification{Standing: StandingUnknown, Code: code}, nil
	}
	if err != nil {
		return Verification{}, fmt.Errorf("look up code: %w", err)
	}
	v := Verification{Standing: StandingValid, Code: code, Result: r, ProjectName: r.ProjectName}
	switch r.Status {
	case approval.StatusSuperseded:
		v.Standing = StandingSuperseded
	case approval.StatusRevoked:
		v.Standing = StandingRevoked
	}
	return v, nil
}
