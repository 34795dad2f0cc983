package live

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// StepTimes is how long the steps of one name took in all.
type StepTimes struct {
	Count int
	Took  time.Duration
}

// Mean is the time of one step.
func (s StepTimes) Mean() time.Duration {
	if s.Count == 0 {
		return 0
	}
	return s.Took / time.Duration(s.Count)
}

var sampleLine = regexp.MustCompile(`^onewindow_step_seconds_(sum|count)\{.*step="([a-z]+)".*\} (\S+)$`)

// Steps reads the step times from /metrics, by step.
func (s *Service) Steps(ctx context.Context) (map[string]StepTimes, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.addr+"/metrics", nil)
	if err != nil {
		return nil, fmt.Errorf("read metrics: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("read metrics: %w", err)
	}
	defer resp.Body.Close()
	out := map[string]StepTimes{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		m := sampleLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		value, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			return nil, fmt.Errorf("read metrics: %w", err)
		}
		t := out[m[2]]
		if m[1] == "sum" {
			t.Took += time.Duration(value * float64(time.Second))
		} else {
			t.Count += int(value)
		}
		out[m[2]] = t
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read metrics: %w", err)
	}
	return out, nil
}
