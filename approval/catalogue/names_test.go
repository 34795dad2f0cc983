package catalogue

import "testing"

func TestUnitIn(t *testing.T) {
	c := Default()
	for text, want := range map[string]string{
		"长沙市自然资源和规划局":        "natural_resources",
		"湖南省自然资源厅":           "natural_resources",
		"长沙市岳麓区住房和城乡建设局":     "housing",
		"湖南省住房和城乡建设厅":        "housing",
		"长沙市发展和改革委员会":        "reform",
		"长沙市岳麓区行政审批服务局":      "reform",
		"长沙市生态环境局岳麓分局":       "ecology",
		"长沙市人民防空办公室":         "civil_defense",
		"长沙市国防动员办公室":         "civil_defense",
		"长沙市不动产登记中心":         "registry",
		"长沙新奥燃气有限公司":         "gas",
		"中国电信股份有限公司长沙分公司":    "telecom",
		"长沙市城市管理和综合执法局":      "urban_mgmt",
		"国网湖南省电力有限公司长沙供电分公司": "power_supply",
	} {
		if u, ok := c.UnitIn(text); !ok || u.Code != want {
			t.Errorf("%s: got %s, want %s", text, u.Code, want)
		}
	}
	for _, text := range []string{"湖南星辰置业有限公司", "", "移动式脚手架", "某某委员会"} {
		if u, ok := c.UnitIn(text); ok {
			t.Errorf("%q is %s", text, u.Code)
		}
	}
}

func TestDivision(t *testing.T) {
	c := Default()
	if d, renamed, ok := c.Division("430122"); !ok || !renamed || d.Code != "430112" || d.Name != "望城区" {
		t.Errorf("430122: %+v %v %v", d, renamed, ok)
	}
	if d, renamed, ok := c.Division("430104"); !ok || renamed || d.Name != "岳麓区" || d.City != "430100" {
		t.Errorf("430104: %+v", d)
	}
	if _, _, ok := c.Division("439999"); ok {
		t.Error("439999 is known")
	}
	for text, want := range map[string]string{
		"长沙市岳麓区住房和城乡建设局": "430104",
		"长沙市自然资源和规划局":    "430100",
		"湖南省自然资源厅":       "430000",
		"祁阳县住房和城乡建设局":    "431181",
		"衡阳市南岳区发展和改革局":   "430412",
		"湘西土家族苗族自治州林业局":  "433100",
		"长沙县住房和城乡建设局":    "430121",
	} {
		if d, ok := c.DivisionIn(text); !ok || d.Code != want {
			t.Errorf("%s: got %+v, want %s", text, d, want)
		}
	}
	if _, ok := c.DivisionIn("北京市朝阳区"); ok {
		t.Error("another province was found")
	}
}

func TestName(t *testing.T) {
	for code, want := range map[string]string{
		"rd-construction-permit": "建筑工程施工许可证", "permit-form": "建筑工程施工许可证申请表", "HN-S3-03": "建筑工程施工许可证核发",
		"housing": "住房和城乡建设局", "S3": "施工许可", "nothing": "",
	} {
		if got := Default().Name(code); got != want {
			t.Errorf("%s: got %q", code, got)
		}
	}
}
