package requirements

import (
	"os"
	"strings"
	"testing"
)

func TestPageIsFresh(t *testing.T) {
	want, err := Page("../..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/requirements.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/requirements.md is stale: run go generate ./internal/requirements")
	}
}

func TestEveryRequirementIsListed(t *testing.T) {
	reqs, err := Read("../../docs/domain/requirements.md")
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]int{}
	for _, r := range reqs {
		classes[r.Class]++
		if r.Quote == "" {
			t.Errorf("%s has no quote", r.ID)
		}
	}
	if classes["S"] != 71 || classes["P"] != 14 || classes["I"] != 4 {
		t.Errorf("classes are %v", classes)
	}
}

func TestTestsAreFoundByName(t *testing.T) {
	page := Render([]Requirement{{"G.8", "S", "涉密"}, {"V2.1", "S", "上传"}, {"V2.12", "S", "水印"}},
		[]Test{{"TestG8_Quarantine", "pipeline"}, {"TestV2_12_Mark", "stamp"}})
	for _, want := range []string{"| G.8 | S | 涉密 | `TestG8_Quarantine` (pipeline) |", "| V2.1 | S | 上传 |  |", "`TestV2_12_Mark` (stamp)"} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

func TestPartsOfARequirementProveNoWatermark(t *testing.T) {
	page := Render([]Requirement{{"W2.4", "S", "专员"}}, []Test{{"TestW2_4_Officers", "acceptance"}, {"TestW2_SameBytes", "stamp"}})
	for _, want := range []string{"| W2.4 | S | 专员 | `TestW2_4_Officers` (acceptance) |", "| W2 | `TestW2_SameBytes` (stamp) |"} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q: %s", want, page)
		}
	}
}
