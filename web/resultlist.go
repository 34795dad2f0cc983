package web

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// resultsData is the list of results.
type resultsData struct {
	Results []approval.Result
	Next    string
	Query   storage.ResultQuery
	Tabs    []tab
	Types   []typeChoice
	MayFile bool
	Own     bool // only those of the asker's projects
}

func (s *pages) results(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	q := storage.ResultQuery{Limit: perPage + 1, Before: asked.Get("before"), Type: asked.Get("type"),
		Status: approval.Status(asked.Get("status")), Project: strings.TrimSpace(asked.Get("project")), Number: strings.TrimSpace(asked.Get("number"))}
	who, _ := whoOf(r.Context())
	data := resultsData{Query: q, Types: s.types(), MayFile: true, Own: who.MembersOnly()}
	var err error
	if data.Results, err = s.listResults(r, q); err != nil {
		s.fail(w, r, err)
		return
	}
	keep := []string{"type", q.Type, "project", q.Project, "number", q.Number}
	if len(data.Results) > perPage {
		data.Results = data.Results[:perPage]
		data.Next = address("/results", append(keep, "status", string(q.Status), "before", data.Results[perPage-1].ID)...)
	}
	for _, st := range []approval.Status{"", approval.StatusPublished, approval.StatusSuperseded, approval.StatusRevoked} {
		text := statusText[st]
		if st == "" {
			text = "全部"
		}
		data.Tabs = append(data.Tabs, tab{Text: text, Path: address("/results", append(keep, "status", string(st))...), Current: st == q.Status})
	}
	s.render(w, r, http.StatusOK, "results", "审批成果", data)
}

// listResults asks for a page of what the asker may see: applicants have those of
// their own projects.
func (s *pages) listResults(r *http.Request, q storage.ResultQuery) ([]approval.Result, error) {
	who, _ := whoOf(r.Context())
	if !who.MembersOnly() {
		return s.Records.ListResults(r.Context(), q)
	}
	own, err := s.Records.ProjectsOf(r.Context(), who.Account)
	if err != nil {
		return nil, err
	}
	var out []approval.Result
	for _, project := range own {
		if q.Project != "" && q.Project != project {
			continue
		}
		of := q
		of.Project = project
		list, err := s.Records.ListResults(r.Context(), of)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b approval.Result) int { return strings.Compare(b.ID, a.ID) })
	if len(out) > q.Limit {
		out = out[:q.Limit]
	}
	return out, nil
}

// zipLimit is how many files one archive may hold.
const zipLimit = 200

// zip streams the delivered files of several results as one archive. Each read is
// in the trail; a file that cannot be read whole breaks the archive off, so that
// nobody takes half of it for all.
func (s *pages) zip(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
		return
	}
	ids := r.PostForm["id"]
	if len(ids) == 0 || len(ids) > zipLimit {
		s.problem(w, r, http.StatusUnprocessableEntity, fmt.Sprintf("请选择 1 至 %d 个成果", zipLimit))
		return
	}
	var list []approval.Result
	for _, id := range ids {
		r.SetPathValue("id", id)
		res, err := s.visibleResult(r)
		if err == nil {
			err = s.auditRead(r, "result.file.read", res.ID)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		list = append(list, res)
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="results.zip"; filename*=UTF-8''%E5%AE%A1%E6%89%B9%E6%88%90%E6%9E%9C.zip`)
	archive := zip.NewWriter(w)
	used := map[string]bool{}
	for _, res := range list {
		if err := s.addToZip(r, archive, res, used); err != nil {
			s.Log.Error("write archive", "result", res.ID, "error", err)
			panic(http.ErrAbortHandler)
		}
	}
	if err := archive.Close(); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func (s *pages) addToZip(r *http.Request, archive *zip.Writer, res approval.Result, used map[string]bool) error {
	class := storage.Derived
	if res.DeliversOriginal() {
		class = storage.Originals
	}
	b, err := s.Desk.Blobs.Open(r.Context(), class, res.Delivered)
	if err != nil {
		return fmt.Errorf("open delivered file: %w", err)
	}
	defer b.Close()
	f, err := archive.CreateHeader(&zip.FileHeader{Name: zipName(res, used), Method: zip.Store, Modified: res.PublishedAt})
	if err != nil {
		return fmt.Errorf("add to archive: %w", err)
	}
	sum := document.NewHasher()
	if _, err := io.Copy(io.MultiWriter(f, sum), b); err != nil {
		return fmt.Errorf("copy into archive: %w", err)
	}
	if sum.Digest() != res.Delivered {
		return storage.ErrDamaged
	}
	return nil
}

// zipName is a name that says what the file is and leads nowhere outside the
// folder it is unpacked into.
func zipName(res approval.Result, used map[string]bool) string {
	clean := strings.NewReplacer("/", "_", `\`, "_", ":", "_", "\x00", "").Replace(res.TypeName + "_" + res.Number)
	base, ext := strings.Trim(clean, "_. "), ".pdf"
	if res.MediaType == "application/ofd" {
		ext = ".ofd"
	}
	name := path.Base(base) + ext
	for n := 2; used[name]; n++ {
		name = fmt.Sprintf("%s-%d%s", base, n, ext)
	}
	used[name] = true
	return name
}
