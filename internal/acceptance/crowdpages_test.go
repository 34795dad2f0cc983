package acceptance_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"onewindow/access"
)

// viewGoal is for the server's part of a page, p95 on 100,000 cases.
const viewGoal = 60 * time.Millisecond

// lookAround opens the pages that people have open all day, as their browsers do,
// to the last byte.
func (w *town) lookAround(b *testing.B, one [2]string) {
	k := w.ask("planner", "GET", "/v1/cases/"+one[0], nil).want(http.StatusOK)
	for _, p := range []struct{ name, as, path, says string }{
		{"work", "planner", "/work", "办理"},
		{"work-done", "planner", "/work?tab=done", "办理"},
		{"item", "planner", "/case-items/" + k.text("case_items.0.id"), k.text("number")},
		{"projects", "applicant", "/projects", projectCode},
		{"case", "applicant", "/cases/" + k.text("id"), k.text("number")},
		{"results", "planner", "/results", "成果"},
		{"documents", "planner", "/documents", "文件"},
		{"search", "planner", "/search?q=%E8%A7%84%E5%88%92", "检索"},
		{"counter", "clerk", "/counter", "窗口"},
		{"today", "clerk", "/counter/today", "今日"},
		{"handovers", "clerk", "/handovers", "转交"},
		{"supervision", "supervisor", "/supervision", "效能监管"},
		{"lights", "supervisor", "/supervision/clocks", "时限"},
		{"assessment", "supervisor", "/supervision/assessment", "考核"},
		{"audit", "admin", "/audit", "办理过程"},
		{"guide", "", "/guide", "立项用地规划许可"},
	} {
		size := 0
		p95 := again(10*time.Second, 95, func() {
			page := w.look(b, p.as, p.path)
			if size = len(page); !strings.Contains(page, p.says) {
				b.Fatalf("%s does not say %s: %.300s", p.path, p.says, page)
			}
		})
		b.ReportMetric(float64(p95.Microseconds())/1000, "ms-p95-page-"+p.name)
		if p95 > viewGoal {
			b.Logf("page %s: p95 %v is over the goal of %v (%d bytes)", p.name, p95, viewGoal, size)
		}
	}
}

// look opens a page as somebody, "" being nobody.
func (w *town) look(b testing.TB, as, path string) string {
	r, err := http.NewRequestWithContext(b.Context(), "GET", w.http.URL+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	if as != "" {
		r.AddCookie(&http.Cookie{Name: access.CookieName, Value: w.token(as)})
	}
	a, err := http.DefaultTransport.RoundTrip(r) // no redirect is followed: a page that sends people away is none
	if err != nil {
		b.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK {
		b.Fatalf("%s answers %d (%v): %.300s", path, a.StatusCode, err, body)
	}
	return string(body)
}
