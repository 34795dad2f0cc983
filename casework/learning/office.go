// Package learning keeps what a deployment learns from its people: models of
// document types trained from their decisions, each evaluated on later decisions
// before it may decide, and thresholds by type (issue 4, classification;
// docs/decisions/094). Everything is versioned, audited and can be taken back.
package learning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/classify"
	"onewindow/classify/learned"
	"onewindow/classify/panel"
	"onewindow/document"
	"onewindow/storage"
)

// Records is what learning reads and writes.
type Records interface {
	storage.Settings
	ListDocuments(ctx context.Context, q storage.DocumentQuery) ([]document.Document, error)
	FilingsOfDocument(ctx context.Context, document string) ([]approval.Filing, error)
}

// Office does the use cases.
type Office struct {
	Records   Records
	Catalogue *catalogue.Catalogue
	Rules     classify.Classifier
	// Pages reads what was recognized of a document.
	Pages func(ctx context.Context, doc document.Document) ([]document.Page, error)
	Log   *slog.Logger
	Now   func() time.Time
}

// The names of settings.
const (
	stateSetting = "learning.state"
	modelSetting = "learning.model"
)

// Model is one that was trained.
type Model struct {
	Version  int64     `json:"version"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Examples int       `json:"examples" doc:"训练样例数，包括目录给出的"`
	Lessons  int       `json:"lessons" doc:"其中人工确认的份数"`
	Types    int       `json:"types" doc:"有人工确认样例的类型数"`
	Report   *Report   `json:"report,omitempty" doc:"试运行评估"`
}

// State is what is in force, and what there is.
type State struct {
	Version    int64              `json:"version"`
	Deciding   int64              `json:"deciding" doc:"参与判定的模型版本；0 为只用规则"`
	Before     []int64            `json:"before,omitempty" doc:"此前参与判定的版本，最近的在后"`
	Models     []Model            `json:"models" doc:"新的在前"`
	Thresholds map[string]float64 `json:"thresholds,omitempty" doc:"各类型的识别阈值；未列出的用默认值"`
	Types      *Report            `json:"types_report,omitempty" doc:"现行判定在人工确认文件上的准确率和覆盖率"`
}

// State returns what is in force.
func (o *Office) State(ctx context.Context) (State, error) {
	v, err := o.Records.Setting(ctx, stateSetting, 0)
	if errors.Is(err, storage.ErrNotFound) {
		return State{Models: []Model{}}, nil
	}
	if err != nil {
		return State{}, fmt.Errorf("read learning: %w", err)
	}
	var s State
	if err := json.Unmarshal([]byte(v.Data), &s); err != nil {
		return s, fmt.Errorf("decode learning: %w", err)
	}
	s.Version = v.Version
	return s, nil
}

func (o *Office) save(ctx context.Context, s State, by, action string, detail map[string]string) (State, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return s, fmt.Errorf("encode learning: %w", err)
	}
	v, err := o.Records.SaveSetting(ctx, storage.Setting{Name: stateSetting, By: by, Data: string(data)},
		storage.AuditEntry{Actor: by, Action: action, Object: "learning", Detail: detail})
	s.Version = v.Version
	return s, err
}

// model reads a version.
func (o *Office) model(ctx context.Context, version int64) (*learned.Model, error) {
	v, err := o.Records.Setting(ctx, modelSetting, version)
	if err != nil {
		return nil, err
	}
	return learned.Decode(v.Data)
}

// keptModels is how many models the list shows; older ones stay kept.
const keptModels = 20

// Train makes a model from the catalogue and from people's decisions until now. It
// decides nothing yet. Errors: *casework.Invalid while nobody decided anything.
func (o *Office) Train(ctx context.Context, by string) (Model, error) {
	lessons, err := o.lessons(ctx, maxLessons)
	if err != nil {
		return Model{}, err
	}
	if len(lessons) == 0 {
		return Model{}, &casework.Invalid{Fields: map[string]string{"": "还没有经人工确认的文件，无法训练"}}
	}
	examples := learned.FromCatalogue(o.Catalogue)
	for i := range examples {
		examples[i].Code = panel.Canonical(o.Catalogue, examples[i].Code)
	}
	for i := len(lessons) - 1; i >= 0; i-- { // the oldest first: the same decisions give the same model
		examples = append(examples, lessons[i].example(o.Catalogue))
	}
	m := learned.Train(examples, o.Now())
	text, err := m.Encode()
	if err != nil {
		return Model{}, err
	}
	v, err := o.Records.SaveSetting(ctx, storage.Setting{Name: modelSetting, By: by, Data: text},
		storage.AuditEntry{Actor: by, Action: "learning.model", Object: "learning", Detail: map[string]string{"lessons": fmt.Sprint(len(lessons))}})
	if err != nil {
		return Model{}, fmt.Errorf("keep model: %w", err)
	}
	out := Model{Version: v.Version, At: o.Now().UTC(), By: by, Examples: m.Examples, Lessons: len(lessons), Types: len(m.Lessons)}
	s, err := o.State(ctx)
	if err != nil {
		return out, err
	}
	s.Models = append([]Model{out}, s.Models...)
	s.Models = s.Models[:min(len(s.Models), keptModels)]
	_, err = o.save(ctx, s, by, "learning.train", map[string]string{"model": fmt.Sprint(out.Version)})
	return out, err
}

// find returns the place of a version in the list. Errors: storage.ErrNotFound.
func (s State) find(version int64) (int, error) {
	at := slices.IndexFunc(s.Models, func(m Model) bool { return m.Version == version })
	if at < 0 {
		return at, storage.ErrNotFound
	}
	return at, nil
}

// Promote lets a model decide. Errors: storage.ErrNotFound, *casework.Invalid
// unless it was evaluated on enough later decisions and did no worse than what
// decides now.
func (o *Office) Promote(ctx context.Context, version int64, by string) (State, error) {
	s, err := o.State(ctx)
	if err != nil {
		return s, err
	}
	at, err := s.find(version)
	if err != nil {
		return s, err
	}
	if why := s.Models[at].Report.unfit(); why != "" {
		return s, &casework.Invalid{Fields: map[string]string{"": why}}
	}
	if s.Deciding == version {
		return s, nil
	}
	s.Before, s.Deciding = append(s.Before, s.Deciding), version
	return o.save(ctx, s, by, "learning.promote", map[string]string{"model": fmt.Sprint(version), "before": fmt.Sprint(s.Before[len(s.Before)-1])})
}

// Rollback lets decide what decided before, in the end the rules alone. Errors:
// casework.ErrIllegal when no model decides.
func (o *Office) Rollback(ctx context.Context, by string) (State, error) {
	s, err := o.State(ctx)
	if err != nil {
		return s, err
	}
	if s.Deciding == 0 {
		return s, fmt.Errorf("no model decides: %w", casework.ErrIllegal)
	}
	from := s.Deciding
	s.Deciding = 0
	if n := len(s.Before); n > 0 {
		s.Deciding, s.Before = s.Before[n-1], s.Before[:n-1]
	}
	return o.save(ctx, s, by, "learning.rollback", map[string]string{"model": fmt.Sprint(from), "to": fmt.Sprint(s.Deciding)})
}

// LeastThreshold is the rules' own: no type can be answered below it.
const LeastThreshold = 0.55

// SetThreshold makes a type's answers need a confidence; 0 goes back to the
// default, 1 sends all of the type to a person. Errors: *casework.Invalid.
func (o *Office) SetThreshold(ctx context.Context, code string, threshold float64, by string) (State, error) {
	wrong := map[string]string{}
	if o.Catalogue.Name(code) == code || o.Catalogue.Name(code) == "" {
		wrong["code"] = "没有这种文书或材料类型"
	}
	if threshold != 0 && (threshold < LeastThreshold || threshold > 1) {
		wrong["threshold"] = fmt.Sprintf("阈值应在 %.2f 到 1 之间；0 为恢复默认", LeastThreshold)
	}
	if len(wrong) > 0 {
		return State{}, &casework.Invalid{Fields: wrong}
	}
	s, err := o.State(ctx)
	if err != nil {
		return s, err
	}
	before := s.Thresholds[code]
	if s.Thresholds == nil {
		s.Thresholds = map[string]float64{}
	}
	s.Thresholds[code] = threshold
	if threshold == 0 {
		delete(s.Thresholds, code)
	}
	return o.save(ctx, s, by, "learning.threshold", map[string]string{"type": code, "threshold": fmt.Sprint(threshold), "before": fmt.Sprint(before)})
}
