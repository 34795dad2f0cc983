package catalogue

import "testing"

func TestFieldLabel_OfMaterialsIsChineseToo(t *testing.T) {
	c := Default()
	for _, want := range []struct{ code, key, label string }{
		{"rd-construction-permit", "project_name", "工程名称"}, {"commitment-letter", "builder", "建设单位"},
		{"business-licence", "uscc", "统一社会信用代码"}, {"commitment-letter", "unheard_of", "unheard_of"},
	} {
		if got := c.FieldLabel(want.code, want.key); got != want.label {
			t.Errorf("%s of %s is %q, want %q", want.key, want.code, got, want.label)
		}
	}
}
