package notices

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/storage"
)

// Template is the wording of one kind of notice: as the catalogue has it, or as a
// city published it. Every published version is kept; a notice names the one it
// was made from and never changes.
type Template struct {
	Kind       string    `json:"kind"`
	Version    int64     `json:"version" doc:"0：事项目录自带"`
	Title      string    `json:"title"`
	Body       string    `json:"body" doc:"{变量} 填入值，{变量?文字} 仅在有值时出现"`
	Commitment string    `json:"commitment,omitempty" doc:"告知承诺栏，仅受理通知书"`
	Footer     string    `json:"footer,omitempty"`
	By         string    `json:"by,omitempty"`
	At         time.Time `json:"at,omitzero"`
}

// Templates looks after the wording of notices (issue 5, notices: versioned and
// editable). Without one the catalogue's wording holds.
type Templates struct {
	Settings storage.Settings
}

// The names of settings: published versions, and the one draft being edited.
const (
	published = "notice.template."
	drafted   = "notice.draft."
)

// words are the texts a notice of a kind is made from now, and the version.
func (t *Templates) words(ctx context.Context, cat *catalogue.Catalogue, kind string) (catalogue.Notice, string, error) {
	words, ok := cat.Notice(kind)
	if !ok {
		return words, "", fmt.Errorf("compose notice: the catalogue has no %s", kind)
	}
	if t == nil {
		return words, cat.Version, nil
	}
	set, err := t.load(ctx, published+kind, 0)
	if errors.Is(err, storage.ErrNotFound) {
		return words, cat.Version, nil
	}
	if err != nil {
		return words, "", fmt.Errorf("read template: %w", err)
	}
	return over(words, set), fmt.Sprintf("%s/%d", kind, set.Version), nil
}

// over is the catalogue's notice in the words of a template.
func over(words catalogue.Notice, t Template) catalogue.Notice {
	words.Title, words.Body, words.Commitment, words.Footer = t.Title, t.Body, t.Commitment, t.Footer
	return words
}

func (t *Templates) load(ctx context.Context, name string, version int64) (Template, error) {
	v, err := t.Settings.Setting(ctx, name, version)
	if err != nil {
		return Template{}, err
	}
	var out Template
	if err := json.Unmarshal([]byte(v.Data), &out); err != nil {
		return out, fmt.Errorf("decode template: %w", err)
	}
	out.Version, out.By, out.At = v.Version, v.By, v.At
	return out, nil
}

// Get returns a version, the one in force for -1 and the catalogue's for 0.
// Errors: storage.ErrNotFound.
func (t *Templates) Get(ctx context.Context, cat *catalogue.Catalogue, kind string, version int64) (Template, error) {
	words, ok := cat.Notice(kind)
	if !ok {
		return Template{}, storage.ErrNotFound
	}
	own := Template{Kind: kind, Title: words.Title, Body: words.Body, Commitment: words.Commitment, Footer: words.Footer}
	if own.Footer == "" {
		own.Footer = defaultFooter
	}
	if version == 0 {
		return own, nil
	}
	set, err := t.load(ctx, published+kind, max(version, 0))
	if errors.Is(err, storage.ErrNotFound) && version < 0 {
		return own, nil
	}
	return set, err
}

// Draft returns what is being edited. Errors: storage.ErrNotFound when there is
// nothing beyond what is in force.
func (t *Templates) Draft(ctx context.Context, kind string) (Template, error) {
	d, err := t.load(ctx, drafted+kind, 0)
	if err == nil && d.Body == "" && d.Title == "" { // published, or thrown away
		return d, storage.ErrNotFound
	}
	return d, err
}

// The bounds of a template, in characters.
const (
	maxTitle = 60
	maxText  = 4000
)

// SaveDraft keeps a draft; nothing is made from it yet. Errors: *casework.Invalid
// with every text that cannot be used.
func (t *Templates) SaveDraft(ctx context.Context, cat *catalogue.Catalogue, d Template, by string) (Template, error) {
	if _, ok := cat.Notice(d.Kind); !ok {
		return d, storage.ErrNotFound
	}
	if wrong := d.wrong(); len(wrong) > 0 {
		return d, &casework.Invalid{Fields: wrong}
	}
	return t.save(ctx, drafted, d, by, "notice.template.draft")
}

// wrong says what is wrong with the texts of a template.
func (d Template) wrong() map[string]string {
	wrong := map[string]string{}
	if strings.TrimSpace(d.Title) == "" || utf8.RuneCountInString(d.Title) > maxTitle {
		wrong["title"] = fmt.Sprintf("请填写标题，最多 %d 个字", maxTitle)
	}
	if strings.TrimSpace(d.Body) == "" {
		wrong["body"] = "请填写正文"
	}
	if d.Commitment != "" && d.Kind != "acceptance_notice" {
		wrong["commitment"] = "只有受理通知书有告知承诺栏"
	}
	vars := sampleVars(d.Kind)
	for field, text := range map[string]string{"title": d.Title, "body": d.Body, "commitment": d.Commitment, "footer": d.Footer} {
		if utf8.RuneCountInString(text) > maxText {
			wrong[field] = fmt.Sprintf("最多 %d 个字", maxText)
		}
		if _, err := notice.Expand(text, vars); err != nil {
			wrong[field] = "有没有的变量或括号不配对；可用变量：" + strings.Join(Variables(d.Kind), "、")
		}
	}
	return wrong
}

func (t *Templates) save(ctx context.Context, prefix string, d Template, by, action string) (Template, error) {
	d.Version, d.By, d.At = 0, "", time.Time{}
	data, err := json.Marshal(d)
	if err != nil {
		return d, fmt.Errorf("encode template: %w", err)
	}
	v, err := t.Settings.SaveSetting(ctx, storage.Setting{Name: prefix + d.Kind, By: by, Data: string(data)},
		storage.AuditEntry{Actor: by, Action: action, Object: d.Kind, Detail: map[string]string{"title": d.Title, "body": d.Body}})
	d.Version, d.By, d.At = v.Version, v.By, v.At
	return d, err
}

// Publish brings the draft into force: notices issued from now on are made from
// it. Errors: storage.ErrNotFound without a draft, storage.ErrStale when seen is
// not the draft's version, *casework.Invalid.
func (t *Templates) Publish(ctx context.Context, kind string, seen int64, by string) (Template, error) {
	d, err := t.Draft(ctx, kind)
	if err != nil {
		return d, err
	}
	if seen != 0 && seen != d.Version {
		return d, storage.ErrStale
	}
	if wrong := d.wrong(); len(wrong) > 0 { // a newer program may know fewer variables
		return d, &casework.Invalid{Fields: wrong}
	}
	out, err := t.save(ctx, published, d, by, "notice.template.publish")
	if err != nil {
		return out, err
	}
	_, err = t.save(ctx, drafted, Template{Kind: kind}, by, "notice.template.draft.done")
	return out, err
}

// Sample is a notice of a kind in the words of a template, filled with invented
// data, for people to look at before they publish it.
func Sample(cat *catalogue.Catalogue, t Template, at time.Time) (notice.Notice, error) {
	words, ok := cat.Notice(t.Kind)
	if !ok {
		return notice.Notice{}, storage.ErrNotFound
	}
	d := Draft{Kind: t.Kind, ID: "ntc_sample", Vars: sampleVars(t.Kind), Addressee: sampleValues["applicant"], At: at,
		Heading: sampleValues["unit"], Signer: sampleValues["unit"], Table: sampleTables[t.Kind], Commitment: t.Commitment != ""}
	n, err := compose(over(words, t), "sample", d)
	n.Number, n.Code = notice.Prefix(t.Kind)+"00000000"+"0000", "SAMPLESAMPLE"
	return n, err
}

// Variables lists what a template of a kind may name.
func Variables(kind string) []string { return slices.Sorted(maps.Keys(sampleVars(kind))) }
