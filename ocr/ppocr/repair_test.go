package ppocr

import "testing"

func TestRepaired(t *testing.T) {
	for raw, want := range map[string]string{
		"长规批〔2024]318号":              "长规批〔2024〕318号",
		"湘政地【2024]285号":              "湘政地〔2024〕285号",
		"岳环评[2024]48号":               "岳环评〔2024〕48号",
		"建设［2019］第7号":                "建设〔2019〕第7号",
		"发改（2023〕12号":                "发改〔2023〕12号",
		"（2024）湘0102民初123号":          "（2024）湘0102民初123号", // a court case prints round brackets
		"面积158,730.52㎡²":             "面积158,730.52㎡",
		"数组[2024]的长度":                "数组[2024]的长度", // no document number follows
		"91430104DEM0TE18X7":         "91430104DEM0TE18X7",
		"《办法》（国办发〔2018〕33号）[2019]1号": "《办法》（国办发〔2018〕33号）〔2019〕1号",
	} {
		if got := repaired(raw); got != want {
			t.Errorf("%s repaired to %s, want %s", raw, got, want)
		}
	}
}
