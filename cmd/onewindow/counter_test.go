package main

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestV2_10_ScansKeepTheirOrderAndCoarseOnesAreToldOf uploads a result as a TIFF of
// two pages, and a scan that is too coarse.
func TestV2_10_ScansKeepTheirOrderAndCoarseOnesAreToldOf(t *testing.T) {
	s := startService(t)
	studio, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	project := sample.NewProject(1)
	permit, letter := sample.Make("rd-construction-permit", project, 1), sample.Make("commitment-letter", project, 1)
	pages := []*image.RGBA{studio.Images(permit, 300)[0], studio.Images(letter, 300)[0]}
	tiff, err := sample.EncodeTIFF(pages, 300, sample.TIFFG4)
	if err != nil {
		t.Fatal(err)
	}
	id := s.post("施工许可证.tif", tiff, map[string]string{"as": "result", "project": project.Code})
	if doc := s.rest(id); doc.Pages != 2 || doc.Classification.Code != "rd-construction-permit" {
		t.Errorf("taken in as %+v", doc)
	}
	var read struct {
		Pages []struct {
			Number int
			Text   string
		}
	}
	s.ask("GET", "/v1/documents/"+id+"/pages", "", &read)
	if len(read.Pages) != 2 || read.Pages[0].Number != 1 || !strings.Contains(read.Pages[0].Text, "施工许可证") || strings.Contains(read.Pages[1].Text, "施工许可证编号") {
		t.Errorf("pages are %+v", read.Pages)
	}
	var shown struct {
		Classification struct{ Confidence float64 }
		Findings       []struct{ Code, Message string }
	}
	s.ask("GET", "/v1/documents/"+id, "", &shown)
	if shown.Classification.Confidence <= 0 || shown.Classification.Confidence > 1 {
		t.Errorf("the type is proposed with confidence %g", shown.Classification.Confidence)
	}
	for _, f := range shown.Findings {
		if f.Code == "coarse" || f.Code == "low_resolution" {
			t.Errorf("300 dpi are told of: %s", f.Message)
		}
	}
	coarse, _ := scan(t, "rd-construction-permit", sample.ScanOptions{DPI: 110})
	id = s.post("低清晰度.pdf", coarse, map[string]string{"as": "result", "project": project.Code})
	s.rest(id)
	s.ask("GET", "/v1/documents/"+id, "", &shown)
	told := false
	for _, f := range shown.Findings {
		told = told || strings.Contains(f.Message, "清晰度") && strings.Contains(f.Message, "300 dpi")
	}
	if !told {
		t.Errorf("a scan of 110 dpi is told of as %+v", shown.Findings)
	}
}

// TestP3_3_BatchOfACaseIsFiledToItAndOthersWaitInTheTray drops scans into the hot
// folder of a window: one batch into the folder of its case, one without.
func TestP3_3_BatchOfACaseIsFiledToItAndOthersWaitInTheTray(t *testing.T) {
	s := startService(t)
	clerk := s.person("li", "clerk", "--hall", "changsha")
	applicant := s.person("wang", "applicant")
	project := sample.NewProject(1)
	applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100", "builder": "湖南栾屿置业有限公司"})
	kase := clerk.does("POST", "/v1/cases", map[string]any{"project": project.Code, "stage": "S1", "items": []string{"HN-S1-01"}, "channel": "physical",
		"window": "3", "paper_reason": "elderly", "applicant": "wang"})
	batch := filepath.Join(s.dir, "inbox", "changsha", "3", kase["number"].(string))
	if err := os.MkdirAll(batch, 0o755); err != nil {
		t.Fatal(err)
	}
	licence, _ := scan(t, "rd-business-licence", sample.ScanOptions{})
	letter, _ := scan(t, "commitment-letter", sample.ScanOptions{})
	for path, body := range map[string][]byte{filepath.Join(batch, "0001.pdf"): licence, filepath.Join(batch, "..", "0002.pdf"): letter} {
		if err := os.WriteFile(path, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	filed := func(material string) string {
		for _, e := range clerk.does("GET", "/v1/cases/"+kase["id"].(string)+"/checklist", nil)["entries"].([]any) {
			entry := e.(map[string]any)
			if entry["material"] == material {
				doc, _ := first(entry["filings"])["document_id"].(string)
				return doc
			}
		}
		return ""
	}
	s.until(90*time.Second, "filed to its case", func() bool { return filed("business-licence") != "" })
	stray := ""
	s.until(90*time.Second, "in the tray", func() bool {
		var list struct {
			Documents []struct{ ID, Case string }
		}
		s.ask("GET", "/v1/documents", "", &list)
		for _, d := range list.Documents {
			if d.Case == "" {
				stray = d.ID
			}
		}
		return stray != "" && len(list.Documents) == 2
	})
	var whole struct {
		Origin struct{ Hall, Window string }
	}
	s.ask("GET", "/v1/documents/"+stray, "", &whole)
	if whole.Origin.Hall != "changsha" || whole.Origin.Window != "3" {
		t.Errorf("the tray says it came from %+v", whole.Origin)
	}
	s.rest(stray)
	if doc := filed("commitment-letter"); doc != "" {
		t.Errorf("what belongs to no case was filed: %s", doc)
	}
	// The clerk gives it its place by hand.
	clerk.does("POST", "/v1/cases/"+kase["id"].(string)+"/files", map[string]any{"document_id": stray, "material": "commitment-letter"})
	if filed("commitment-letter") != stray {
		t.Error("the tray was not emptied by hand")
	}
}
