package acceptance_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/casework/certificates"
	"onewindow/stamp/stamptest"
)

// pdfText is the text of a PDF as a reader finds it, without spaces.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`\s+`).ReplaceAllString(string(out), "")
}

// landUseData is what the planner confirms of a 建设用地规划许可证.
func landUseData() map[string]string {
	return map[string]string{"location": "长沙市岳麓区梅溪湖路以南", "land_area": "23456.78", "land_use": "二类居住用地", "land_mode": "出让", "scale": "总建筑面积 86000 平方米"}
}

func TestV2_8_ResultIsGeneratedFromTheTemplate(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	id := items[landUse]
	order := map[string]any{"fields": landUseData()}
	w.ask("planner", "POST", "/v1/case-items/"+id+"/results", order).want(http.StatusConflict) // not accepted yet
	w.act("planner", id, "accept", nil).want(http.StatusOK)
	w.act("planner", id, "complete", nil).want(http.StatusUnprocessableEntity) // without a result

	form := w.ask("planner", "GET", "/v1/case-items/"+id+"/result-form", nil).want(http.StatusOK)
	form.equal("type", "rd-land-use-permit").equal("values.project_name", "星湖花园一期项目").equal("sources.project_name", "project").
		equal("values.issuer", "长沙市自然资源和规划局").equal("values.issue_date", "2026-11-23").equal("series", "地字第4301002026{n:5}号").
		equal("template_version", "0.1").equal("template.style", "panels")

	// Everything that is missing or wrong is said at once, and no number is used.
	w.ask("planner", "POST", "/v1/case-items/"+id+"/results", map[string]any{"fields": map[string]string{"land_area": "很大", "height": "3"}}).
		want(http.StatusUnprocessableEntity).says("fields.location", "fields.land_use", "fields.land_mode", "fields.land_area", "fields.height")
	w.ask("reform", "POST", "/v1/case-items/"+id+"/results", order).want(http.StatusNotFound)
	w.ask("applicant", "POST", "/v1/case-items/"+id+"/results", order).want(http.StatusForbidden)

	preview := w.ask("planner", "POST", "/v1/case-items/"+id+"/result-preview", order).want(http.StatusOK)
	mustHold(t, pdfText(t, preview.body), "建设用地规划许可证", "预览", "×××××", "23456.78平方米")

	made := w.ask("planner", "POST", "/v1/case-items/"+id+"/results", order).want(http.StatusCreated).equal("mode", "generated").
		equal("number", "地字第430100202600001号").equal("form", "0.1").equal("status", "published").equal("unit", "natural_resources").
		equal("fields.land_area.confirmed_by", "planner").equal("fields.builder.value", "湖南星湖置业有限公司")
	result, code := made.text("id"), made.text("verification_code")
	w.ask("planner", "POST", "/v1/case-items/"+id+"/results", order).want(http.StatusOK).equal("id", result) // a double click

	file := w.ask("applicant", "GET", "/v1/results/"+result+"/file", nil).want(http.StatusOK)
	text := pdfText(t, file.body)
	mustHold(t, text, "中华人民共和国", "建设用地规划许可证", "地字第430100202600001号", "颁发此证", "用地单位湖南星湖置业有限公司", "项目名称星湖花园一期项目",
		"用地位置长沙市岳麓区梅溪湖路以南", "用地面积23456.78平方米", "土地用途二类居住用地", "发证机关：长沙市自然资源和规划局", "日期：2026年11月23日",
		"未取得本证而占用土地的，属违法行为", strings.ToUpper(code[:4])+"-")
	for _, not := range []string{"预览", "扫描件", "{", "…"} {
		if strings.Contains(text, not) {
			t.Errorf("the document says %q:\n%s", not, text)
		}
	}
	if r := w.ask("planner", "GET", "/v1/results/"+result+"/original", nil).want(http.StatusOK); string(r.body) != string(file.body) {
		t.Error("the delivered file is not the document as it was made")
	}
	mustEmbedFonts(t, file.body)
	if got := qrOf(t, file.body); got != "http://onewindow.test/v/"+code {
		t.Errorf("the QR code says %q", got)
	}
	w.ask("", "GET", "/v1/verifications/"+code, nil).want(http.StatusOK).equal("standing", "valid").says("建设用地规划许可证", "长沙市自然资源和规划局").
		silent("地字第430100202600001号") // only part of the number is public

	w.act("planner", id, "complete", nil).want(http.StatusOK).equal("state", "completed_approved").equal("mode", "generated").equal("results.0", result)
	w.ask("applicant", "GET", "/v1/notices?case="+w.item("planner", id).text("case_id"), nil).want(http.StatusOK)
	// No paper to wait for: it can be handed out at once.
	w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK).equal("state", "ready")
	w.ask("planner", "POST", "/v1/case-items/"+id+"/results", map[string]any{"fields": map[string]string{"location": "别处"}}).want(http.StatusConflict)
}

func TestV2_8_CorrectionIsANewVersionUnderTheSameNumber(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	id := items[landUse]
	w.act("planner", id, "accept", nil).want(http.StatusOK)
	data := landUseData()
	first := w.ask("planner", "POST", "/v1/case-items/"+id+"/results", map[string]any{"fields": data}).want(http.StatusCreated)
	data["land_area"] = "23456.87"
	second := w.ask("planner", "POST", "/v1/case-items/"+id+"/results", map[string]any{"fields": data, "terms": []string{"开工前应办理放线手续"}}).
		want(http.StatusCreated).equal("number", first.text("number")).equal("version", "2").equal("supersedes", first.text("id"))
	w.ask("", "GET", "/v1/verifications/"+first.text("verification_code"), nil).want(http.StatusOK).equal("standing", "superseded")
	text := pdfText(t, w.ask("planner", "GET", "/v1/results/"+second.text("id")+"/file", nil).want(http.StatusOK).body)
	mustHold(t, text, "23456.87平方米", "开工前应办理放线手续")

	_, others := w.apply("S1", landUse)
	w.act("planner", others[landUse], "accept", nil).want(http.StatusOK)
	w.ask("planner", "POST", "/v1/case-items/"+others[landUse]+"/results", map[string]any{"fields": landUseData()}).want(http.StatusCreated).
		equal("number", "地字第430100202600002号") // no gap behind the corrected one
	w.act("planner", id, "complete", nil).want(http.StatusOK).equal("results.0", second.text("id"))
}

func TestV2_8_GeneratedResultIsTheBasisOfTheNextItem(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	w.ask("planner", "POST", "/v1/case-items/"+items[landUse]+"/results", map[string]any{"fields": landUseData()}).want(http.StatusCreated)
	w.act("planner", items[landUse], "complete", nil).want(http.StatusOK)

	const engineering = "HN-S2-02"
	caseID := w.draft("S2", engineering)
	w.ask("applicant", "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK).says("地字第430100202600001号")
	w.fillIn("applicant", caseID)
	next := itemsOf(w.ask("applicant", "POST", "/v1/cases/"+caseID+"/submit", map[string]any{}).want(http.StatusOK))[engineering]
	w.act("planner", next, "accept", nil).want(http.StatusOK)
	form := w.ask("planner", "GET", "/v1/case-items/"+next+"/result-form", nil).want(http.StatusOK)
	form.equal("values.location", "长沙市岳麓区梅溪湖路以南").equal("template.number", "建字第{division}{yyyy}{n:5}号")
	if source := form.text("sources.location"); !strings.HasPrefix(source, "res_") {
		t.Errorf("the location comes from %q, want the earlier result", source)
	}
}

// mustEmbedFonts fails the test unless every font is embedded.
func mustEmbedFonts(t *testing.T, pdf []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdffonts", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 3 {
		t.Fatalf("no fonts: %s", out)
	}
	for _, line := range lines[2:] {
		if f := strings.Fields(line); len(f) < 8 || f[len(f)-5] != "yes" {
			t.Errorf("font not embedded: %s", line)
		}
	}
}

// qrOf reads the QR code on the first page.
func qrOf(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if keep := os.Getenv("ONEWINDOW_KEEP_NOTICES"); keep != "" {
		_ = os.WriteFile(filepath.Join(keep, t.Name()+".pdf"), pdf, 0o600)
	}
	return stamptest.Zbar(t, stamptest.Render(t, path, 150)[0])
}

// Every result that an item produces can be made, whatever its layout.
func TestV2_8_EveryResultTypeHasATemplate(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.token("applicant")
	for _, item := range w.office.Catalogue.Items {
		for _, code := range item.Results {
			kind, _ := w.office.Catalogue.ResultType(code)
			values := map[string]string{}
			for _, f := range kind.Fields {
				if f.Key != "project_name" && f.Type == catalogue.TypeText || f.Type == catalogue.TypePerson {
					values[f.Key] = "测试" + f.Labels[0]
				}
			}
			pdf, err := w.server.Certificates.Preview(t.Context(), approval.CaseItem{ID: "ci_x", Item: item.Code, Edition: "0.1", Division: "430100",
				Unit: item.Unit, Project: projectCode}, certificates.Order{Type: code, Values: values, Terms: []string{"其他要求见附件"}})
			if err != nil {
				t.Errorf("%s %s: %v", item.Code, kind.Name, err)
				continue
			}
			if keep := os.Getenv("ONEWINDOW_KEEP_NOTICES"); keep != "" {
				_ = os.WriteFile(filepath.Join(keep, code+".pdf"), pdf, 0o600)
			}
			text := pdfText(t, pdf)
			mustHold(t, text, "2026年11月23日", "其他要求见附件", "湖南星湖置业有限公司")
			for _, f := range kind.Fields {
				if v := values[f.Key]; v != "" && f.Key != kind.Number.Field && f.Key != "title" {
					mustHold(t, text, strings.ReplaceAll(v, " ", ""))
				}
			}
			if strings.ContainsAny(text, "{}…") {
				t.Errorf("%s %s has a gap:\n%s", item.Code, kind.Name, text)
			}
		}
	}
}
