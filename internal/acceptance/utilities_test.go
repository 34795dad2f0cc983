package acceptance_test

import (
	"net/http"
	"testing"

	"onewindow/access"
	"onewindow/approval"
)

func init() {
	for _, unit := range []string{"power_supply", "gas", "drainage", "telecom"} {
		staff = append(staff, access.NewAccount{Name: unit, Roles: []access.Role{access.Reviewer}, Unit: unit, Division: "430100"})
	}
}

// TestG9_UtilitiesReturnAndCompleteLikeApprovals: water, power, gas, drainage and
// telecom work from the same queue with the same actions and clocks.
func TestG9_UtilitiesReturnAndCompleteLikeApprovals(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	for _, c := range []struct{ officer, unit, item, result string }{
		{"water", "water_supply", "HN-S3-11", "rd-water-plan"},
		{"power_supply", "power_supply", "HN-S3-12", "rd-power-plan"},
		{"gas", "gas", "HN-S3-13", "rd-gas-plan"},
		{"drainage", "drainage", "HN-S3-14", "rd-drain-plan"},
		{"telecom", "telecom", "HN-S3-15", "rd-telecom-plan"},
	} {
		_, items := w.apply("S3", c.item)
		id := items[c.item]
		w.ask(c.officer, "GET", "/v1/case-items?open=true&unit="+c.unit, nil).want(http.StatusOK).says(id)
		w.act(c.officer, id, "return", map[string]any{"reasons": []string{"该地块不在本单位供应范围"}}).want(http.StatusOK).equal("state", "returned")
		w.item("applicant", id).says("不在本单位供应范围")

		_, items = w.apply("S3", c.item)
		id = items[c.item]
		if got := w.act(c.officer, id, "accept", nil).want(http.StatusOK).equal("state", "accepted").moment("due"); got <= "2026-11-23" {
			t.Errorf("%s is due %q", c.item, got)
		}
		w.finish(c.officer, id, c.result, approval.ModePushed)
		w.item("applicant", id).equal("state", "completed_approved")
	}
}
