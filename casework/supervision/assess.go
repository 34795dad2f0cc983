package supervision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"onewindow/casework"
	"onewindow/storage"
)

// Weights are the points a unit loses for each indicator at its worst: a share of
// one half costs half of them. A unit begins with 100 (P6.3).
type Weights struct {
	Version int64   `json:"version"` // 0: as delivered
	Late    float64 `json:"late" minimum:"0" maximum:"100" doc:"逾期办结占办结的比例"`
	Deemed  float64 `json:"deemed" minimum:"0" maximum:"100" doc:"视为受理占受理的比例：单位未及时处理"`
	Return  float64 `json:"returned" minimum:"0" maximum:"100" doc:"退回占接件的比例"`
	Further float64 `json:"further_corrections" minimum:"0" maximum:"100" doc:"违反一次性告知的补正占补正的比例"`
	Revoked float64 `json:"revoked" minimum:"0" maximum:"100" doc:"撤销占办结的比例"`
}

var delivered = Weights{Late: 50, Deemed: 10, Return: 10, Further: 20, Revoked: 10}

const weightsName = "assessment.weights"

// Weights returns a version of the weights, those in force for 0. Errors:
// storage.ErrNotFound for a version that never was.
func (o *Office) Weights(ctx context.Context, version int64) (Weights, error) {
	v, err := o.Records.Setting(ctx, weightsName, version)
	if errors.Is(err, storage.ErrNotFound) && version == 0 {
		return delivered, nil
	}
	if err != nil {
		return Weights{}, err
	}
	var w Weights
	if err := json.Unmarshal([]byte(v.Data), &w); err != nil {
		return w, fmt.Errorf("decode weights: %w", err)
	}
	w.Version = v.Version
	return w, nil
}

// SetWeights brings new weights into force; earlier ones stay to be asked for.
// Errors: *casework.Invalid.
func (o *Office) SetWeights(ctx context.Context, w Weights, by string) (Weights, error) {
	if sum := w.Late + w.Deemed + w.Return + w.Further + w.Revoked; sum != 100 {
		return w, &casework.Invalid{Fields: map[string]string{"weights": fmt.Sprintf("各项权重之和应为 100，现为 %g", sum)}}
	}
	w.Version = 0
	data, err := json.Marshal(w)
	if err != nil {
		return w, fmt.Errorf("encode weights: %w", err)
	}
	v, err := o.Records.SaveSetting(ctx, storage.Setting{Name: weightsName, By: by, Data: string(data)},
		storage.AuditEntry{Actor: by, Action: "supervision.weights", Object: weightsName, Detail: map[string]string{"weights": string(data)}})
	w.Version = v.Version
	return w, err
}

// Score is how a unit did in a period.
type Score struct {
	Figures
	Points float64            `json:"points"` // 0–100
	Lost   map[string]float64 `json:"lost"`   // points, by indicator
}

// Assess scores every unit of a division for a period, the best first. It counts
// from the audit trail, so that the same period and weights give the same report
// at any later time.
func (o *Office) Assess(ctx context.Context, q storage.MoveQuery, w Weights) ([]Score, error) {
	q.By = storage.ByUnit
	lines, err := o.Recount(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]Score, len(lines))
	for i, f := range lines {
		out[i] = score(f, w)
	}
	slices.SortStableFunc(out, func(a, b Score) int {
		switch {
		case a.Points > b.Points:
			return -1
		case a.Points < b.Points:
			return 1
		}
		return 0
	})
	return out, nil
}

func score(f Figures, w Weights) Score {
	s := Score{Figures: f, Points: 100, Lost: map[string]float64{
		"late":                share(f.Late, f.Measured) * w.Late,
		"deemed":              share(f.Deemed, f.Accepted) * w.Deemed,
		"returned":            share(f.Returned, f.Received) * w.Return,
		"further_corrections": share(f.Overridden, f.Corrected) * w.Further,
		"revoked":             share(f.Revoked, f.Completed) * w.Revoked,
	}}
	for k, lost := range s.Lost {
		s.Lost[k] = round(lost)
		s.Points -= lost
	}
	s.Points = round(max(0, s.Points))
	return s
}

// share is a part of a whole, at most all of it; of nothing it is nothing.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return min(1, float64(part)/float64(whole))
}

// round keeps two digits.
func round(x float64) float64 { return math.Round(x*100) / 100 }
