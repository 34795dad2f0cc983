package main

import (
	"archive/zip"
	"bytes"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/stamp/stamptest"
)

// sheetPages prints sheets and shows them as a scanner at 300 dpi does.
func (s *service) sheetPages(lines ...string) []*image.RGBA {
	s.t.Helper()
	list, out := filepath.Join(s.t.TempDir(), "list.csv"), filepath.Join(s.t.TempDir(), "sheets.pdf")
	if err := os.WriteFile(list, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.run("coversheet", "--list", list, "--out", out)
	return stamptest.Render(s.t, out, 300)
}

// blankBack is the other side of a sheet.
func blankBack() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 2480, 3508))
	for i := range img.Pix {
		img.Pix[i] = 250
	}
	return img
}

// partView is what tests look at of a part.
type partView struct {
	ID       string
	State    string
	Pages    int
	Receipt  string
	Findings []struct{ Code, Message string }
	Origin   struct {
		Case, Item, Material, Folder, Hall, Project string
		Batch                                       document.PartOf
	}
}

func (s *service) parts(of string) []partView {
	s.t.Helper()
	var list struct{ Parts []struct{ ID string } }
	s.ask("GET", "/v1/documents/"+of+"/parts", "", &list)
	var out []partView
	for _, p := range list.Parts {
		var v partView
		s.ask("GET", "/v1/documents/"+p.ID, "", &v)
		v.ID = p.ID
		out = append(out, v)
	}
	return out
}

func (v partView) told(code string) bool {
	for _, f := range v.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// TestP3_3_DuplexBatchIsTakenApartAtItsSheetsOnceThroughKills scans a batch in black
// and white: a cover sheet with its blank back and a licence; a separator and a
// letter; a cover sheet of a case that does not exist, with fewer pages than it
// says. The service is killed again and again while it works on it.
func TestP3_3_DuplexBatchIsTakenApartAtItsSheetsOnceThroughKills(t *testing.T) {
	s := startService(t)
	clerk := s.person("li", "clerk", "--hall", "changsha")
	applicant := s.person("wang", "applicant")
	project := sample.NewProject(1)
	applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100", "builder": "湖南栾屿置业有限公司"})
	kase := clerk.does("POST", "/v1/cases", map[string]any{"project": project.Code, "stage": "S1", "items": []string{"HN-S1-01"}, "channel": "physical",
		"window": "3", "paper_reason": "elderly", "applicant": "wang"})
	number := kase["number"].(string)

	studio, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	licence := studio.Images(sample.Make("rd-business-licence", project, 1), 300)[0]
	letter := studio.Images(sample.Make("commitment-letter", project, 1), 300)[0]
	sheets := s.sheetPages(number+",HN-S1-01,business-licence,1", "separator", "BJ430100209901019999,,,4")
	pages := []*image.RGBA{sheets[0], blankBack(), licence, sheets[1], letter, sheets[2], letter}
	batch, err := sample.EncodeTIFF(pages, 300, sample.TIFFG4)
	if err != nil {
		t.Fatal(err)
	}
	inbox := filepath.Join(s.dir, "inbox", "changsha", "3")
	if err := os.MkdirAll(inbox, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inbox, "批次.tif"), batch, 0o644); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		time.Sleep(time.Duration(700+rand.IntN(2500)) * time.Millisecond)
		s.kill()
		s.start()
	}
	whole := ""
	s.until(120*time.Second, "taken apart", func() bool {
		var list struct{ Documents []struct{ ID, State string } }
		s.ask("GET", "/v1/documents", "", &list)
		for _, d := range list.Documents {
			if d.State == "split" {
				whole = d.ID
			}
		}
		return whole != "" && len(list.Documents) == 4
	})
	for _, p := range s.parts(whole) {
		s.rest(p.ID)
	}
	parts := s.parts(whole)
	if len(parts) != 3 {
		t.Fatalf("%d parts: %+v", len(parts), parts)
	}
	first, second, third := parts[0], parts[1], parts[2]
	if first.Origin.Case != number || first.Origin.Material != "business-licence" || first.Origin.Item != "HN-S1-01" || first.Origin.Project != project.Code ||
		first.Pages != 1 || first.Origin.Batch.First != 3 || first.Origin.Batch.Last != 3 || first.told("page_count") {
		t.Errorf("behind the cover sheet: %+v", first)
	}
	if second.Origin.Case != "" || second.Pages != 1 || second.Origin.Batch.First != 5 || second.Origin.Hall != "changsha" {
		t.Errorf("behind the separator: %+v", second)
	}
	if third.Origin.Case != "" || third.Origin.Folder != "BJ430100209901019999" || !third.told("unknown_case") || !third.told("page_count") || third.State != "needs_review" {
		t.Errorf("behind the cover sheet of no case: %+v", third)
	}
	s.until(30*time.Second, "filed to its entry", func() bool {
		for _, e := range clerk.does("GET", "/v1/cases/"+kase["id"].(string)+"/checklist", nil)["entries"].([]any) {
			if entry := e.(map[string]any); entry["material"] == "business-licence" {
				return first0(entry["filings"]) == first.ID
			}
		}
		return false
	})
	// The batch as it came is kept, once, and its file is put away.
	var original document.Document
	s.ask("GET", "/v1/documents/"+whole, "", &original)
	if original.Original != document.DigestOf(batch) || first.Origin.Batch.Original != original.Original || string(first.Origin.Batch.Document) != whole {
		t.Errorf("the whole is %+v, the part names %+v", original.Original, first.Origin.Batch)
	}
	s.until(30*time.Second, "put away", func() bool {
		done, _ := filepath.Glob(filepath.Join(s.dir, "inbox", ".onewindow", "done", "*", "*批次.tif"))
		return len(done) == 1
	})
}

// first0 is the document of the first filing.
func first0(filings any) string {
	id, _ := first(filings)["document_id"].(string)
	return id
}

// TestArchive_OverHTTPItsFilesAreDocuments with names as Windows packs them, by
// form and by pieces.
func TestArchive_OverHTTPItsFilesAreDocuments(t *testing.T) {
	s := startService(t)
	licence, _ := scan(t, "rd-business-licence", sample.ScanOptions{DPI: 200})
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	name, err := simplifiedchinese.GBK.NewEncoder().String("营业执照.pdf")
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{name: licence, "说明.txt": []byte("请查收")} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, NonUTF8: true})
		if err == nil {
			_, err = w.Write(body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	id := s.post("材料.zip", b.Bytes(), map[string]string{"as": "material"})
	var whole docView
	s.until(60*time.Second, "unpacked", func() bool { whole = s.document(id); return whole.State == "split" })
	if whole.Media != "application/zip" {
		t.Errorf("whole %+v", whole)
	}
	parts := s.parts(id)
	if len(parts) != 2 {
		t.Fatalf("parts %+v", parts)
	}
	for _, p := range parts {
		doc := s.rest(p.ID)
		switch p.Origin.Batch.Entry {
		case "营业执照.pdf":
			if doc.Classification.Code != "rd-business-licence" && doc.Classification.Code != "business-licence" {
				t.Errorf("the licence is %+v", doc)
			}
		case "说明.txt":
			if doc.State != "refused" {
				t.Errorf("a text is %+v", doc)
			}
		default:
			t.Errorf("a part named %q", p.Origin.Batch.Entry)
		}
	}
}
