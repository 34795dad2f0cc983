package api

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval/calendar"
	"onewindow/casework"
	"onewindow/casework/cases"
)

// coverRoutes print the sheets that a clerk lays in front of paper to be scanned
// (P3.3).
func (s *Server) coverRoutes(api huma.API, mux *http.ServeMux) {
	op := &huma.Operation{OperationID: "case-cover-sheets", Method: http.MethodGet, Path: "/v1/cases/{id}/cover-sheets",
		Summary: "打印扫描封面页（带二维码）：扫描时放在材料前面，系统自动归入办件", Parameters: pathID("办件 ID 或办件编号"),
		Responses: map[string]*huma.Response{"200": binary("封面页，每张一页（A4）", "application/pdf")}}
	for _, p := range [][2]string{{"materials", "清单中的材料编码，逗号分开，每项一张；不填则一张，归入办件后按内容识别"},
		{"pages", "各材料的应有页数，逗号分开，与 materials 的次序一致"}, {"missing", "true：清单上还缺的材料每项一张"},
		{"separator", "true：最后加一张分隔页"}} {
		op.Parameters = append(op.Parameters, &huma.Param{Name: p[0], In: "query", Schema: text(p[1])})
	}
	s.plain(api, mux, op, access.CoverPrint, s.coverSheets)
}

func (s *Server) coverSheets(w http.ResponseWriter, r *http.Request) {
	k, _, err := s.caseSeen(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	wish, err := coverWish(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	made := s.Now().In(calendar.Zone).Format("2006年1月2日 15:04") + " " + who(r.Context()).Hall
	covers, err := s.Office.Covers(r.Context(), k, wish, made)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	pdf, err := s.Notices.Printer.Covers(covers)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": k.Number + "-封面页.pdf"}))
	_, _ = w.Write(pdf)
}

func coverWish(r *http.Request) (cases.CoverWish, error) {
	v := r.URL.Query()
	wish := cases.CoverWish{Materials: parts(v.Get("materials"))}
	wrong := map[string]string{}
	for _, word := range parts(v.Get("pages")) {
		n, err := strconv.Atoi(word)
		if err != nil {
			wrong["pages"] = "页数应为数字，逗号分开"
		}
		wish.Pages = append(wish.Pages, n)
	}
	for name, into := range map[string]*bool{"missing": &wish.Missing, "separator": &wish.Separator} {
		if word := v.Get(name); word != "" {
			set, err := strconv.ParseBool(word)
			if err != nil {
				wrong[name] = "应为 true 或 false"
			}
			*into = set
		}
	}
	if len(wish.Pages) > max(len(wish.Materials), 1) {
		wrong["pages"] = "页数多于材料"
	}
	if len(wrong) > 0 {
		return wish, &casework.Invalid{Fields: wrong}
	}
	return wish, nil
}
