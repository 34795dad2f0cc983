package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestLearn_SaysWhatIsMissingInWords: an operator who learns from nothing is told so.
func TestLearn_SaysWhatIsMissingInWords(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ args, want string }{
		{"train", "还没有经人工确认的文件"}, {"rollback", "没有模型参与判定"}, {"promote x", "is no version"}, {"list", "版本"},
	} {
		out, _ := exec.Command(binary, append(append([]string{"learn"}, strings.Fields(c.args)...), "--data-dir", dir)...).CombinedOutput()
		if !strings.Contains(string(out), c.want) {
			t.Errorf("learn %s says %q, want %q", c.args, out, c.want)
		}
	}
}
