package identifier

import (
	"testing"
)

func TestRepair(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{USCC, "9143O1OODEMOTEO1O2", "91430100DEM0TE0102"},
		{USCC, "91430100DEM0TE01O2", "91430100DEM0TE0102"},
		{USCC, "914301O0DEM0TE0I02", "91430100DEM0TE0102"},
		{CitizenID, "43OOOO19OOO1O1OOO9", "430000190001010009"},
		{CitizenID, "11010519491231002×", "11010519491231002X"},
		{ProjectCode, "24O4-43O100-O4-01-123453", "2404-430100-04-01-123453"},
		{ProjectCode, "24044301000401123453", "2404-430100-04-01-123453"},
		{ProjectCode, "2404 430100-04-01_123453", "2404-430100-04-01-123453"},
		{PermitNo, "43O1O22O24O315O1OI", "430102202403150101"},
		{PlanningNo, "建宇第430102202410023号", "建字第430102202410023号"},
		{PlanningNo, "地字第43O1122O2310076号", "地字第430112202310076号"},
		{PlanningNo, "地字第4403062023Y60053374号", "地字第4403062023YG0053374号"},
		{RealEstateCert, "相（2024）长沙市不动产权第0001351号", "湘（2024）长沙市不动产权第0001351号"},
		{RealEstateCert, "湘(2024)长沙市不动产杈第OOO1351号", "湘（2024）长沙市不动产权第0001351号"},
		{RealEstateUnit, "430102001001GBO0001F00010001", "430102001001GB00001F00010001"},
		{RealEstateUnit, "4301020010016B00001F00010001", "430102001001GB00001F00010001"},
		{DocNo, "湘政办发2018〕76号", "湘政办发〔2018〕76号"},
		{DocNo, "湘政办发〔2018J76号", "湘政办发〔2018〕76号"},
		{DocNo, "湘政办发〔2O18〕76号", "湘政办发〔2018〕76号"},
		{EMS, "EA12345678SCN", "EA123456785CN"},
		{DocDate, "2O24年l2月1曰", "2024-12-01"},
		{USCC, "91430100DEM0TE0102", "91430100DEM0TE0102"}, // valid already
	} {
		got, ok := RepairAt(c.name, c.raw, judged)
		if !ok || got != c.want {
			t.Errorf("%s %q: got %q %v, want %q", c.name, c.raw, got, ok, c.want)
		}
	}
}

func TestRepair_refuses(t *testing.T) {
	for _, c := range []struct{ name, raw, why string }{
		{USCC, "91431000DEM0TE0102", "transposed digits are no confusion"},
		{ProjectCode, "2503-130981-04-01-573724", "transposed digits"},
		{PermitNo, "43010220240315010", "a digit is missing"},
		{DocNo, "湘政办发〔2018176号", "the 1 may be the bracket or a digit"},
		{DocNo, "湘政办发〔2018〕076号", "padding is not an OCR confusion"},
		{Secrecy, "机密10年", "markings are never repaired"},
		{"no_such", "1", "unknown"},
	} {
		if got, ok := RepairAt(c.name, c.raw, judged); ok {
			t.Errorf("%s %q became %q although %s", c.name, c.raw, got, c.why)
		}
	}
}

// TestRepair_vectors: every digit 0 of a valid checked number read as O comes
// back as it was.
func TestRepair_vectors(t *testing.T) {
	for name, cases := range loadVectors(t) {
		if name != USCC && name != CitizenID && name != ProjectCode && name != PermitNo {
			continue
		}
		for _, c := range cases {
			if !c.Valid {
				continue
			}
			for i := range c.Input {
				if c.Input[i] != '0' {
					continue
				}
				raw := c.Input[:i] + "O" + c.Input[i+1:]
				v := ValidateAt(name, c.Input, judged)
				got, ok := RepairAt(name, raw, judged)
				if contains(v.Warnings, "inner_check") {
					continue // such codes are left to a person
				}
				if !ok || got != v.Value {
					t.Errorf("%s %q: got %q %v, want %q", name, raw, got, ok, v.Value)
				}
			}
		}
	}
}
