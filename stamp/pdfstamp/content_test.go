package pdfstamp

import "testing"

func TestPlainContent(t *testing.T) {
	for content, want := range map[string]bool{
		"":                         true,
		"q 1 0 0 1 0 0 cm /I Do Q": true,
		"BT /F 12 Tf 1 0 0 1 60 600 Tm (a \\) ( nested) Q) Tj [(a) -20 <41>] TJ 3 4 (x) \" (y) ' ET": true,
		"/P <</MCID 0 /A [1 2 <<>>]>> BDC q Q EMC % Q Q":                                             true,
		"-.5 +3 0. m 1 2 l S":                true, // more operands than needed are common
		"q BI /W 1 /H 1 ID \x00Q Q\xff EI Q": true,
		"q":                                  false,
		"Q":                                  false,
		"q Q Q":                              false,
		"BT":                                 false,
		"/P BMC":                             false,
		"EMC":                                false,
		"0.1e2g":                             false,
		"10 20 l 30 re":                      false,
		"(a) (b) (c) rg":                     false,
		"(open":                              false,
		"<41":                                false,
		"[1 2":                               false,
		"1 2] 3 4 re":                        false,
		"1 2 l >":                            false,
		"nonsense":                           false,
		"BI /W 1 ID \x00 no end":             false,
		"ID":                                 false,
		"1.2.3 w":                            false,
		"BX anything EX":                     false, // in a form it does no harm either
		"/OC /hidden BDC 0 0 m S":            false,
	} {
		if got := plain([]byte(content)); got != want {
			t.Errorf("plain(%q) = %v", content, got)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte("q BT (x) Tj ET Q"))
	f.Add([]byte("BI ID x EI"))
	f.Fuzz(func(t *testing.T, content []byte) { plain(content) }) // must end and not panic
}
