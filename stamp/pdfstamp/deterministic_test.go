package pdfstamp_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"onewindow/stamp"
)

// TestW2_SameInputGivesSameBytes stamps twice with Stampers of their own: evidence
// must be reproducible (watermark.md, "Integrity chain").
func TestW2_SameInputGivesSameBytes(t *testing.T) {
	for name, content := range map[string][]byte{"many pages": sheets()["many pages"], "active": active(), "signed": signed()} {
		for method := range rungs(t) {
			_, first, _ := stampFile(t, rungs(t)[method], content)
			_, second, _ := stampFile(t, rungs(t)[method], content)
			if !bytes.Equal(read(t, first), read(t, second)) {
				t.Errorf("%s, %s: two runs differ", method, name)
			}
		}
	}
}

func TestAnotherMarkGivesAnotherFile(t *testing.T) {
	s := newStamper(t)
	in, out, _ := stampFile(t, s, sheets()["upright"])
	m := mark()
	m.Code = "3456789ABCD" + "7"
	other := filepath.Join(t.TempDir(), "other.pdf")
	if _, err := s.Stamp(t.Context(), in, other, m, stamp.DefaultTemplate()); err == nil {
		t.Fatal("a code with a wrong check character is printed")
	}
	m = mark()
	m.UnitShort = "市资规局"
	if _, err := s.Stamp(t.Context(), in, other, m, stamp.DefaultTemplate()); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(read(t, out), read(t, other)) {
		t.Error("the unit is not in the copy")
	}
}

// TestStampingTwice marks a marked file: both bands stay, the names do not clash.
func TestStampingTwice(t *testing.T) {
	s := newStamper(t)
	_, once, _ := stampFile(t, s, sheets()["upright"])
	_, twice, report := stampFile(t, s, read(t, once))
	if report.Pages != 1 {
		t.Errorf("report %+v", report)
	}
	checkTwice(t, once, twice)
}
