package web

import (
	"slices"
	"testing"

	"onewindow/access"
)

// topPlaces is how many entries of the bar fit 1280 points beside name and account.
const topPlaces = 9

// TestNavigation_FitsForEveryRole: somebody with all roles still has a bar of one
// row, every place is in it once, and the menu of the current place is marked.
func TestNavigation_FitsForEveryRole(t *testing.T) {
	everything := access.Who{Roles: access.Roles()}
	for _, who := range append([]access.Who{everything}, each(access.Roles())...) {
		top := navigation(who, true, "/nowhere")
		if len(top) > topPlaces {
			t.Errorf("%v: %d entries", who.Roles, len(top))
		}
		var flat []string
		for _, p := range top {
			if p.Path == "" && len(p.Below) < 2 {
				t.Errorf("%v: the menu %s is not worth opening", who.Roles, p.Text)
			}
			for _, q := range append(p.Below, p) {
				if q.Path != "" {
					flat = append(flat, q.Path)
				}
			}
		}
		for _, p := range shownTo(who, true, "/nowhere") {
			if n := len(slices.DeleteFunc(slices.Clone(flat), func(path string) bool { return path != p.Path })); n != 1 {
				t.Errorf("%v: %s is there %d times", who.Roles, p.Path, n)
			}
		}
	}
	for _, p := range navigation(everything, true, "/results/x") {
		if want := p.Text == "查找"; p.Current != want {
			t.Errorf("at a result, %s is current: %v", p.Text, p.Current)
		}
	}
}

func each(roles []access.Role) (out []access.Who) {
	for _, r := range roles {
		out = append(out, access.Who{Roles: []access.Role{r}})
	}
	return out
}
