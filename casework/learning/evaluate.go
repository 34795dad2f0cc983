package learning

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"onewindow/classify"
	"onewindow/classify/panel"
)

// Marks are how well answers fit what people decided.
type Marks struct {
	Judged    int     `json:"judged" doc:"人工确认的份数"`
	Answered  int     `json:"answered" doc:"其中给出了类型的份数"`
	Right     int     `json:"right" doc:"其中正确的份数"`
	Precision float64 `json:"precision" doc:"正确数 / 给出数"`
	Coverage  float64 `json:"coverage" doc:"给出数 / 确认数"`
}

func (m Marks) rated() Marks {
	if m.Answered > 0 {
		m.Precision = float64(m.Right) / float64(m.Answered)
	}
	if m.Judged > 0 {
		m.Coverage = float64(m.Answered) / float64(m.Judged)
	}
	return m
}

// TypeMarks are the marks of one type: judged are documents that are of it,
// answered and right are answers that say it, so that precision is the share of
// these that are right, and coverage the share of the type's documents that were
// recognized as it.
type TypeMarks struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Marks
	Threshold float64 `json:"threshold"`
}

// Report is an evaluation on decisions that the model did not know.
type Report struct {
	At    time.Time   `json:"at"`
	Now   Marks       `json:"now" doc:"现行判定"`
	With  Marks       `json:"with" doc:"采用该模型后"`
	Types []TypeMarks `json:"types,omitempty"`
}

// leastJudged is on how many later decisions a model must be evaluated.
const leastJudged = 30

// unfit says why a model may not decide, "" when it may.
func (r *Report) unfit() string {
	switch {
	case r == nil:
		return "该模型还没有试运行评估，不能参与判定"
	case r.With.Judged < leastJudged:
		return fmt.Sprintf("训练之后人工确认的文件只有 %d 份，至少需要 %d 份才能参与判定", r.With.Judged, leastJudged)
	case r.With.Precision < r.Now.Precision:
		return fmt.Sprintf("采用该模型后准确率会从 %.1f%% 降到 %.1f%%，不能参与判定", 100*r.Now.Precision, 100*r.With.Precision)
	case r.With.Right < r.Now.Right:
		return fmt.Sprintf("采用该模型后识别正确的文件会从 %d 份减到 %d 份，不能参与判定", r.Now.Right, r.With.Right)
	}
	return ""
}

// Evaluate has a model answer what people decided after it was trained, in shadow:
// nothing is changed but the model's report. Errors: storage.ErrNotFound.
func (o *Office) Evaluate(ctx context.Context, version int64, by string) (Report, error) {
	s, err := o.State(ctx)
	if err != nil {
		return Report{}, err
	}
	at, err := s.find(version)
	if err != nil {
		return Report{}, err
	}
	with, err := o.force(ctx, s, version)
	if err != nil {
		return Report{}, err
	}
	now, err := o.force(ctx, s, s.Deciding)
	if err != nil {
		return Report{}, err
	}
	lessons, err := o.lessons(ctx, maxEvaluated)
	if err != nil {
		return Report{}, err
	}
	lessons = after(lessons, s.Models[at].At)
	r := Report{At: o.Now().UTC()}
	if r.Now, _, err = o.judge(ctx, lessons, now); err != nil {
		return r, err
	}
	if r.With, r.Types, err = o.judge(ctx, lessons, with); err != nil {
		return r, err
	}
	s.Models[at].Report = &r
	_, err = o.save(ctx, s, by, "learning.evaluate", map[string]string{"model": fmt.Sprint(version), "judged": fmt.Sprint(r.With.Judged)})
	return r, err
}

// Measure has what is in force answer what people decided, for the precision and
// coverage of each type. A deciding model is measured on what it did not know.
func (o *Office) Measure(ctx context.Context, by string) (State, error) {
	s, err := o.State(ctx)
	if err != nil {
		return s, err
	}
	force, err := o.force(ctx, s, s.Deciding)
	if err != nil {
		return s, err
	}
	lessons, err := o.lessons(ctx, maxEvaluated)
	if err != nil {
		return s, err
	}
	if at, err := s.find(s.Deciding); err == nil {
		lessons = after(lessons, s.Models[at].At)
	}
	r := Report{At: o.Now().UTC()}
	if r.Now, r.Types, err = o.judge(ctx, lessons, force); err != nil {
		return s, err
	}
	r.With = r.Now
	s.Types = &r
	return o.save(ctx, s, by, "learning.measure", map[string]string{"judged": fmt.Sprint(r.Now.Judged)})
}

// force is what would be in force with a model; version 0 is the rules alone.
func (o *Office) force(ctx context.Context, s State, version int64) (panel.InForce, error) {
	f := panel.InForce{Version: version, Thresholds: s.Thresholds}
	if version == 0 {
		return f, nil
	}
	var err error
	f.Model, err = o.model(ctx, version)
	return f, err
}

// judge compares what a panel says with what people decided.
func (o *Office) judge(ctx context.Context, lessons []lesson, f panel.InForce) (Marks, []TypeMarks, error) {
	p := &panel.Classifier{Source: panel.Fixed(f), Catalogue: o.Catalogue}
	var total Marks
	types := map[string]*TypeMarks{}
	of := func(code string) *TypeMarks {
		if types[code] == nil {
			types[code] = &TypeMarks{Code: code, Name: o.Catalogue.Name(code), Threshold: max(LeastThreshold, f.Thresholds[code])}
		}
		return types[code]
	}
	for _, l := range lessons {
		p.Rules = classify.Answered(l.rules)
		got, err := p.Classify(ctx, l.question)
		if err != nil {
			return total, nil, err
		}
		total.Judged++
		of(l.code).Judged++
		if !got.Recognized() {
			continue
		}
		total.Answered++
		of(got.Code).Answered++
		if panel.Canonical(o.Catalogue, got.Code) == panel.Canonical(o.Catalogue, l.code) {
			total.Right++
			of(got.Code).Right++
		}
	}
	var out []TypeMarks
	for _, t := range types {
		t.Marks = t.Marks.rated()
		t.Coverage = 0
		if t.Judged > 0 {
			t.Coverage = float64(t.Right) / float64(t.Judged)
		}
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b TypeMarks) int { return cmp.Or(b.Judged-a.Judged, cmp.Compare(a.Code, b.Code)) })
	return total.rated(), out, nil
}
