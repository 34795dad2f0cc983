package resources_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"onewindow/internal/resources"
)

// TestFonts_OnesOfADeploymentAreFound: what an office puts beside the models counts,
// other files do not, and the first stays the one that notices are printed in.
func TestFonts_OnesOfADeploymentAreFound(t *testing.T) {
	before, err := resources.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	share := t.TempDir()
	if err := os.Mkdir(filepath.Join(share, "fonts"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"仿宋.ttf", "宋体.ttc", "说明.txt"} {
		if err := os.WriteFile(filepath.Join(share, "fonts", name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(resources.Variable, share)
	got, err := resources.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(before)+2 || got[0] != before[0] ||
		!slices.Contains(got, filepath.Join(share, "fonts", "仿宋.ttf")) || !slices.Contains(got, filepath.Join(share, "fonts", "宋体.ttc")) {
		t.Errorf("fonts %v", got)
	}
}
