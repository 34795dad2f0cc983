package notice_test

import (
	"testing"

	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
)

func TestExpand(t *testing.T) {
	vars := map[string]string{"item": "备案", "unit": "", "suggested": "住建局"}
	for draft, want := range map[string]string{
		"“{item}”已受理。":                        "“备案”已受理。",
		"{unit?由{unit}办理。}完":                  "完",
		"{suggested?由“{suggested}”办理{item}。}": "由“住建局”办理备案。",
		"没有变量":                                "没有变量",
	} {
		if got, err := notice.Expand(draft, vars); err != nil || got != want {
			t.Errorf("%q gives %q (%v), want %q", draft, got, err, want)
		}
	}
	for _, bad := range []string{"{nobody}", "{item", "{item?{nobody}}"} {
		if got, err := notice.Expand(bad, vars); err == nil {
			t.Errorf("%q gives %q", bad, got)
		}
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("{item?{unit}}")
	f.Fuzz(func(t *testing.T, draft string) {
		_, _ = notice.Expand(draft, map[string]string{"item": "a", "unit": "b"})
	})
}

// Every kind of notices.yaml can be numbered, and no two that may meet share a
// prefix by mistake.
func TestEveryNoticeHasAPrefix(t *testing.T) {
	for _, n := range catalogue.Default().Notices {
		if notice.Prefix(n.Code) == "" {
			t.Errorf("%s has no prefix", n.Code)
		}
	}
}
