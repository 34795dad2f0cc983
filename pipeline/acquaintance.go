package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/storage"
)

// acquaintance is what is known of a project before a file of it is read: how it
// was registered, and what its published results say.
type acquaintance struct {
	// held are the values that a file of the project is held against.
	held map[string]string
	// said are all values by field, once each.
	said map[string][]string
}

// acquaintance collects what is known of a project; nothing for "".
func (w *Worker) acquaintance(ctx context.Context, project string) (acquaintance, error) {
	if project == "" {
		return acquaintance{}, nil
	}
	a := acquaintance{held: map[string]string{"project_code": project}, said: map[string][]string{}}
	registered, err := w.Records.Project(ctx, project)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return a, away(fmt.Errorf("read project: %w", err))
	}
	a.hear("project_name", registered.Name)
	a.hear("builder", registered.Builder)
	results, err := w.Records.ListResults(ctx, storage.ResultQuery{Project: project, Limit: 100})
	if err != nil {
		return a, away(fmt.Errorf("list results of project: %w", err))
	}
	for i := len(results) - 1; i >= 0; i-- { // newest last, so that it wins
		for _, key := range []string{"project_name", "builder"} {
			if v := results[i].Fields.Value(key); v != "" {
				a.held[key] = v
			}
		}
		for key, f := range results[i].Fields {
			a.hear(key, f.Value)
		}
	}
	return a, nil
}

func (a acquaintance) hear(key, value string) {
	if value != "" && !slices.Contains(a.said[key], value) {
		a.said[key] = append(a.said[key], value)
	}
}

const (
	// shortestTold is the length in characters from which a value that was said
	// before cannot be met by accident.
	shortestTold = 4
	// agreedSure is the confidence of a value that was said before.
	agreedSure = 0.99
)

// agrees reports a value that the project's registration or one of its results
// has, read independently: no misreading makes another document's value.
func (a acquaintance) agrees(key, value string) bool {
	if len([]rune(value)) < shortestTold {
		return false
	}
	return slices.ContainsFunc(a.said[key], func(v string) bool { return identifier.Fold(v) == identifier.Fold(value) })
}

// mend writes the known name where one was read that differs from it in
// characters only that were read in doubt or are known for being misread. The
// field counts as repaired, so a person will look, and finds the right one there.
func (a acquaintance) mend(fields document.Fields, typ catalogue.ResultType, pages []document.Page, findings []document.Finding) []document.Finding {
	for key, f := range fields {
		kind, _ := typ.Field(key)
		if f.Source != document.FieldOCR || kind.Type != catalogue.TypeOrg && key != "project_name" && key != "location" {
			continue
		}
		meant, ok := a.meant(key, f, pages)
		if !ok {
			continue
		}
		read := f.Value
		f.Value, f.Repaired = meant, true
		fields[key] = f
		findings = slices.DeleteFunc(findings, func(x document.Finding) bool { return x.Field == key && x.Code == key+"_differs" })
		findings = append(findings, document.Finding{Code: "known_name", Severity: "warning", Field: key,
			Message: fmt.Sprintf("读作“%s”，与已知的“%s”只差难辨的字，已按后者填写，请核对。", read, meant)})
	}
	return findings
}

// meant is the only known value that a read one may stand for.
func (a acquaintance) meant(key string, f document.Field, pages []document.Page) (string, bool) {
	if a.agrees(key, f.Value) {
		return "", false
	}
	var fitting []string
	for _, v := range a.said[key] {
		if misread([]rune(f.Value), []rune(v), f, pages) {
			fitting = append(fitting, v)
		}
	}
	if len(fitting) != 1 {
		return "", false
	}
	return fitting[0], true
}

// mostMisread is how many characters of a name may have been misread.
const mostMisread = 2

// numerals tell one phase or plot from another and are never taken for each other.
const numerals = "一二三四五六七八九十0123456789"

// misread reports that a name was read with doubtful characters in place of those
// that are meant.
func misread(read, meant []rune, f document.Field, pages []document.Page) bool {
	if len(read) != len(meant) {
		return false
	}
	wrong := 0
	for i, r := range read {
		if r == meant[i] {
			continue
		}
		wrong++
		if strings.ContainsRune(numerals, r) || strings.ContainsRune(numerals, meant[i]) ||
			!strings.ContainsRune(lookalikes, r) && !doubted(r, f, pages) {
			return false
		}
	}
	return wrong > 0 && wrong <= mostMisread
}

// doubted reports that the engine doubted a character where a field stands.
func doubted(r rune, f document.Field, pages []document.Page) bool {
	for _, p := range pages {
		if p.Number != f.Page {
			continue
		}
		for _, l := range p.Lines {
			if overlap(l.Box, f.Box) && slices.ContainsFunc(l.Doubts, func(d document.Doubt) bool { return d.Read == string(r) && concerns(d, l, f) }) {
				return true
			}
		}
	}
	return false
}
