package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// thickPages is the length of the report of case G, backs included.
const thickPages = 60

// TestCaseG_BadScansGoTheirWayToDelivery plays case G from the first upload to the
// last signature: a form fed sideways, a map scanned crookedly, a licence upside
// down, a black-and-white duplex report of 60 pages whose backs are blank, and a
// booklet of A3 that reached the scanner as two sheets of A4.
func TestCaseG_BadScansGoTheirWayToDelivery(t *testing.T) {
	s := startService(t)
	project := sample.NewProject(1)
	p := s.played(project, "SOC_A", "natural_resources", "HN-S1-05",
		map[string]string{"outside_urban_boundary": "false", "over_land_standard": "false"})
	way := map[string]sample.ScanOptions{
		"unified-form":        {Damage: []sample.Degradation{{Kind: sample.Turn90, Strength: 1}}},
		"site-map":            {Gray: true, Damage: []sample.Degradation{{Kind: sample.Skew, Strength: 0.9}}},
		"rd-business-licence": {Damage: []sample.Degradation{{Kind: sample.Turn180, Strength: 1}}},
	}
	sent := map[string]string{}
	for kind, o := range way {
		sent[strings.TrimPrefix(kind, "rd-")] = p.hands(kind+".pdf", scanOf(t, sample.Make(kind, project, 1), o))
	}
	sent["boundary-survey"] = p.hands("勘测定界.pdf", scanOf(t, thickReport(project), sample.ScanOptions{DPI: 200, Codec: sample.G4}))
	p.submits(8 * time.Minute)

	entries, _ := p.filed()
	for material, doc := range sent {
		if entries[material] != doc {
			t.Errorf("%s holds %q, want the scan %s that was sent for it", material, entries[material], doc)
		}
	}
	for _, material := range []string{"unified-form", "business-licence"} {
		page := s.pages(sent[material])[0]
		if page.Rotation == 0 || len(page.Text) < 50 {
			t.Errorf("%s was turned by %d and read as %q", material, page.Rotation, page.Text)
		}
	}
	s.checkThick(sent["boundary-survey"])

	permit := inTwo(t, project)
	body := scanOf(t, permit, sample.ScanOptions{})
	doc, got := p.scans("用地预审与选址意见书.pdf", body)
	for _, key := range []string{"doc_no", "project_code", "land_area", "issue_date"} { // of both sheets
		if have, want := got.Fields[key].Value, permit.Truth.Fields[key]; have != want {
			t.Errorf("%s was read as %q, it is %q", key, have, want)
		}
	}
	result := p.publishes(doc, nil)
	s.checkDelivered(result, 2)
	if again := s.bytesOf("/v1/documents/" + doc + "/original"); !bytes.Equal(again, body) {
		t.Error("the original is no longer what was scanned")
	}
	p.delivers("建设项目用地预审与选址意见书", permit.Truth.Fields["doc_no"], 2)
}

// thickReport is a report scanned on both sides: every front is printed and says
// which page it is, every back is blank.
func thickReport(project sample.Project) sample.Document {
	d := sample.Make("boundary-survey", project, 1)
	blank := sample.Page{Width: 210, Height: 297}
	fronts := d.Pages
	for n := len(fronts); n < thickPages/2; n++ {
		page := blank
		for i, line := range []string{fmt.Sprintf("第%d页", 2*n+1), "界址点坐标成果表", "坐标系统为2000国家大地坐标系。"} {
			page.Marks = append(page.Marks, sample.Text{X: 30, Y: 50 + 14*float64(i), Size: 6, Face: sample.Serif, Ink: sample.Black, String: line})
		}
		fronts = append(fronts, page)
	}
	d.Pages = nil
	for _, front := range fronts {
		d.Pages = append(d.Pages, front, blank)
	}
	return d
}

// inTwo is a preliminary opinion that reached the scanner as two sheets.
func inTwo(t *testing.T, project sample.Project) sample.Document {
	t.Helper()
	for seed := uint64(1); seed < 100; seed++ {
		if d := sample.Make("rd-land-preexam", project, seed); len(d.Pages) == 2 {
			return d
		}
	}
	t.Fatal("no seed gives a booklet of two sheets")
	return sample.Document{}
}

type readPage struct {
	Number, Rotation int
	Blank            bool
	Text             string
}

func (s *service) pages(doc string) []readPage {
	s.t.Helper()
	var read struct{ Pages []readPage }
	s.ask("GET", "/v1/documents/"+doc+"/pages", "", &read)
	if len(read.Pages) == 0 {
		s.t.Fatalf("no page of %s was read", doc)
	}
	return read.Pages
}

// checkThick looks at every page of the thick report: none is lost, none changed
// places, and the blank backs are known for what they are.
func (s *service) checkThick(doc string) {
	s.t.Helper()
	pages := s.pages(doc)
	if len(pages) != thickPages {
		s.t.Fatalf("%d pages of %d were read", len(pages), thickPages)
	}
	printed := len(sample.Make("boundary-survey", sample.NewProject(1), 1).Pages)
	for i, page := range pages {
		if page.Number != i+1 || page.Blank != (i%2 == 1) {
			s.t.Errorf("page %d is number %d, blank %v", i+1, page.Number, page.Blank)
		}
		if i%2 == 0 && i/2 >= printed && !strings.Contains(page.Text, fmt.Sprintf("第%d页", i+1)) {
			s.t.Errorf("page %d was read as %q", i+1, page.Text)
		}
	}
	for _, f := range s.view(doc).Findings {
		if f.Code == "no_text" || f.Code == "unreadable" {
			s.t.Errorf("blank backs are told of as trouble: %s", f.Message)
		}
	}
}

// checkDelivered looks at the file that is handed out: all its pages are there.
func (s *service) checkDelivered(result string, pages int) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "delivered.pdf")
	if err := os.WriteFile(path, s.bytesOf("/v1/results/"+result+"/file"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	out, err := exec.Command("pdfinfo", path).Output()
	if err != nil {
		s.t.Fatalf("the delivered file is no PDF: %v", err)
	}
	if got := strings.Join(strings.Fields(string(out)), " "); !strings.Contains(got, fmt.Sprintf("Pages: %d ", pages)) {
		s.t.Errorf("the delivered file has not %d pages: %s", pages, got)
	}
}

func (s *service) bytesOf(path string) []byte {
	s.t.Helper()
	b, err := io.ReadAll(s.ask("GET", path, "", nil).Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}
