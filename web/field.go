package web

import (
	"fmt"
	"strings"
)

// fieldView is one field of a form, with what was typed and what is wrong.
type fieldView struct {
	ID, Name, Label, Kind, Value, Wrong, Hint, Max, Min, Pattern, Mode, List, Complete string
	Required, Focus, Slim                                                              bool
	Options                                                                            []choice
}

// field describes a field of a form for the part of the same name. Options are
// "required", "focus", "slim", and "key=value" for kind, value, hint, max, min, id,
// pattern, mode, list and complete; a []choice makes it a select, and a string
// without a key of these is an error, so that a slip in a template shows at once.
func field(s slip, form, name, label string, options ...any) (fieldView, error) {
	f := fieldView{ID: name, Name: name, Label: label, Kind: "text", Wrong: s.In(form, name)}
	for _, o := range options {
		if list, ok := o.([]choice); ok {
			f.Options, f.Kind = list, "select"
			continue
		}
		key, value, _ := strings.Cut(fmt.Sprint(o), "=")
		if err := f.set(key, value); err != nil {
			return f, err
		}
	}
	f.Value = s.Of(form, name, f.Value)
	return f, nil
}

func (f *fieldView) set(key, value string) error {
	texts := map[string]*string{"kind": &f.Kind, "value": &f.Value, "hint": &f.Hint, "max": &f.Max, "min": &f.Min, "id": &f.ID,
		"pattern": &f.Pattern, "mode": &f.Mode, "list": &f.List, "complete": &f.Complete}
	switch {
	case key == "required":
		f.Required = true
	case key == "focus":
		f.Focus = true
	case key == "slim":
		f.Slim = true
	case texts[key] != nil:
		*texts[key] = value
	default:
		return fmt.Errorf("field %s has no option %q", f.Name, key)
	}
	return nil
}
