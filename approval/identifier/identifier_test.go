package identifier

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

type vector struct {
	Input string `json:"input"`
	Valid bool   `json:"valid"`
	Error string `json:"error"`
	Note  string `json:"note"`
}

func loadVectors(t testing.TB) map[string][]vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/validators-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v map[string][]vector
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// judged is the day the vectors were written on.
var judged = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func TestValidate_vectors(t *testing.T) {
	total := 0
	for name, cases := range loadVectors(t) {
		for _, c := range cases {
			total++
			got := ValidateAt(name, c.Input, judged)
			if got.Valid != c.Valid || got.Error != c.Error {
				t.Errorf("%s %q (%s): got valid=%v error=%q, want %v %q", name, c.Input, c.Note, got.Valid, got.Error, c.Valid, c.Error)
			}
		}
	}
	if total != 127 {
		t.Errorf("read %d vectors, want 127", total)
	}
}

func TestValidate_normalForm(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{USCC, " 91430100dem0te0102 ", "91430100DEM0TE0102"},
		{USCC, "９１４３０１００ＤＥＭ０ＴＥ０１０２", "91430100DEM0TE0102"},
		{CitizenID, "11010519491231002x", "11010519491231002X"},
		{ProjectCode, "2404—430100—04—01—123453", "2404-430100-04-01-123453"},
		{PlanningNo, "建字第4101022025GG0111536号交通", "建字第4101022025GG0111536号"},
		{PlanningNo, "建字第 440604201400266 号", "建字第440604201400266号"},
		{RealEstateUnit, "430102 001001 GB00001 W00000000", "430102001001GB00001W00000000"},
		{RealEstateCert, "湘(2025)长沙市不动产权第0012345号", "湘（2025）长沙市不动产权第0012345号"},
		{DocNo, "湘政办发[2019]24号", "湘政办发〔2019〕24号"},
		{DocNo, "长环评(岳麓)【2023】25号", "长环评（岳麓）〔2023〕25号"},
		{DocDate, "二○二四年十月三十一日", "2024-10-31"},
		{DocDate, "二〇二四年二月廿九日", "2024-02-29"},
		{DocDate, "2024 年 3 月 5 日", "2024-03-05"},
		{DocDate, "⼆〇⼀九年⼋月⼆⼗⽇", "2019-08-20"}, // Kangxi radicals of PDF text layers
	} {
		if got := ValidateAt(c.name, c.in, judged); !got.Valid || got.Value != c.want {
			t.Errorf("%s %q: got %+v, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestValidate_warnings(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{ProjectCode, "2020-330327-48-01-167360", "legacy_scheme"},
		{PlanningNo, "建字第4101022025GG0111536号交通", "remark"},
		{Secrecy, "绝密★", "statutory_maximum"},
		{PermitNo, "430102202403150107", "old_works_class"},
	} {
		got := ValidateAt(c.name, c.in, judged)
		if !got.Valid || !contains(got.Warnings, c.want) {
			t.Errorf("%s %q: got %+v, want warning %q", c.name, c.in, got, c.want)
		}
	}
	if got := Validate("no_such", "1"); got.Valid || got.Error != ErrUnknown {
		t.Errorf("unknown validator: got %+v", got)
	}
}

func TestPermitDate(t *testing.T) {
	day, ok := PermitDate("430102202403150101")
	if !ok || day.Format(time.DateOnly) != "2024-03-15" {
		t.Errorf("got %v %v", day, ok)
	}
	if _, ok := PermitDate("1"); ok {
		t.Error("a bad number has a date")
	}
}

// TestG8_screenLines: a marking quarantines however OCR garbled it; running text
// and commercial secrets do not (G.8).
func TestG8_screenLines(t *testing.T) {
	suspected := []string{
		"机密★10年", "机密10年", "秘 密 ★ 5 年", "绝密", "机密☆10年", "机密大10年", "000012机密★5年",
		"机密★10年特急", "蜜密★5年", "图纸密级：机密", "机密★长期", "机密级", "机密★2030年1月1日前", "密级 | 秘密",
	}
	for _, line := range suspected {
		if s := ScreenLines([]string{line, "某某文件"}); !s.Suspected {
			t.Errorf("%q is not suspected", line)
		}
	}
	innocent := []string{
		"保守商业秘密承诺书", "商业秘密", "普通商密★3年", "关于机密设备机房的批复", "建设单位应遵守国家秘密管理规定",
		"本项目不涉及国家秘密", "密级：公开", "密级：", "秘密花园小区一期", "机密大厦项目", "精密★3年保修服务单位",
	}
	for _, line := range innocent {
		if s := ScreenLines([]string{line, "某某文件"}); s.Suspected {
			t.Errorf("%q is suspected (%+v)", line, s)
		}
	}
	far := append(strings.Split(strings.Repeat("正文,", 10), ","), "机密★10年")
	if ScreenLines(far).Suspected {
		t.Error("a line far down the page is suspected")
	}
}

func TestG8_weakFlags(t *testing.T) {
	if s := ScreenLines([]string{"内部资料 不得外传"}); s.Suspected || len(s.Weak) == 0 {
		t.Errorf("got %+v", s)
	}
	if s := ScreenLines([]string{"本项目不属于涉密工程"}); len(s.Weak) != 0 {
		t.Errorf("a denial is flagged: %+v", s)
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"430000190001010009": "430000********0009",
		"":                   "", "12345": "*****",
	} {
		if got := MaskCitizenID(in); got != want {
			t.Errorf("MaskCitizenID(%q) = %q, want %q", in, got, want)
		}
	}
	text := "张三 430000190001010009 证 430102202403150101"
	if got := MaskCitizenIDs(text); got != "张三 430000********0009 证 430102202403150101" {
		t.Errorf("MaskCitizenIDs: %q", got)
	}
	for in, want := range map[string]string{
		"430102202403150101":      "430102**********01",
		"地字第430112202310076号":     "地字第43011********76号",
		"长发改〔2024〕88号":            "长发改〔20**〕88号",
		"湘（2024）长沙市不动产权第0012345号": "湘（202*）长沙市不动产权第*****45号",
		"12号": "**号",
	} {
		if got := MaskNumber(in); got != want {
			t.Errorf("MaskNumber(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestG8_samples: every synthetic paper with a marking is suspected, no other is.
func TestG8_samples(t *testing.T) {
	marked := 0
	for _, kind := range sample.Kinds() {
		for seed := uint64(1); seed <= 5; seed++ {
			d := sample.Make(kind, sample.NewProject(seed), seed)
			s := ScreenLines(strings.Split(d.Read(200)[0].Text(), "\n"))
			if s.Suspected != (d.Truth.Secrecy != "") {
				t.Errorf("%s %d: suspected %v, printed %q", kind, seed, s.Suspected, d.Truth.Secrecy)
			}
			if s.Suspected {
				marked++
				if s.Level == "" || !strings.Contains(Fold(d.Truth.Secrecy), s.Level) {
					t.Errorf("%s %d: level %q of %q", kind, seed, s.Level, d.Truth.Secrecy)
				}
			}
		}
	}
	if marked == 0 {
		t.Error("no sample is marked")
	}
}
