package web

import (
	"net/http"
	"slices"

	"onewindow/access"
	"onewindow/storage"
)

func (s *pages) hotFolderRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /hot-folder", s.allowed(access.HotFolderRead, s.hotFolder))
	mux.HandleFunc("POST /hot-folder/{id}/retry", s.allowed(access.HotFolderRetry, s.retryHotFolder))
}

// hotFolderData is what became of the files that were dropped.
type hotFolderData struct {
	Outcome storage.Outcome
	Tabs    []outcomeTab
	Files   []arrivalRow
	Next    string
}

type outcomeTab struct {
	Outcome    storage.Outcome
	Text, Tone string
	Count      int
	Current    bool
}

type arrivalRow struct {
	storage.Arrival
	Text string
}

// outcomeFace is how an outcome is shown.
var outcomeFace = map[storage.Outcome]struct{ text, tone string }{
	storage.OutcomeRefused: {"拒收", "warn"}, storage.OutcomeQuarantined: {"隔离", "warn"}, storage.OutcomeWaiting: {"等待收取", ""},
	storage.OutcomeReceived: {"已收件", "good"}, storage.OutcomeDuplicate: {"重复", ""}, storage.OutcomeUnpacked: {"已拆包", ""},
	storage.OutcomeIgnored: {"忽略", ""}, storage.OutcomeRemoved: {"已移走", ""},
}

// hotFolderPage is how many files a page shows.
const hotFolderPage = 100

func (s *pages) hotFolder(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	q := storage.ArrivalQuery{Halls: who.HallsServed(), Outcome: storage.Outcome(r.URL.Query().Get("outcome")),
		Before: r.URL.Query().Get("before"), Limit: hotFolderPage}
	counts, err := s.Records.CountArrivals(r.Context(), q.Halls)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	found, err := s.Records.ListArrivals(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := hotFolderData{Outcome: q.Outcome}
	for _, o := range storage.Outcomes() {
		face := outcomeFace[o]
		data.Tabs = append(data.Tabs, outcomeTab{o, face.text, face.tone, counts[o], o == q.Outcome})
	}
	for _, a := range found {
		data.Files = append(data.Files, arrivalRow{access.CurtainArrival(who, a), outcomeFace[a.Outcome].text})
	}
	if len(found) == hotFolderPage {
		data.Next = found[len(found)-1].ID
	}
	s.render(w, r, http.StatusOK, "hotfolder", "热文件夹台账", data)
}

func (s *pages) retryHotFolder(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	a, err := s.Records.Arrival(r.Context(), r.PathValue("id"))
	if halls := who.HallsServed(); err == nil && halls != nil && !slices.Contains(halls, a.Hall) {
		err = storage.ErrNotFound
	}
	if err == nil {
		err = s.Records.AskRetry(r.Context(), a.ID, who.Account)
	}
	s.backTo(w, r, "/hot-folder", err)
}
