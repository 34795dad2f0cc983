package api

import (
	"context"

	"onewindow/approval/catalogue"
	"onewindow/casework/cases"
	"onewindow/casework/organisation"
)

type namedText struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type limitLine struct {
	Item     string `json:"item"`
	Name     string `json:"name"`
	Workdays int    `json:"workdays"`
}

type rulesBody struct {
	Body struct {
		organisation.Rules
		OfficeHours []string    `json:"office_hours"`
		Reasons     []namedText `json:"paper_reason_names"`
		Catalogue   string      `json:"catalogue_version"`
		Limits      []limitLine `json:"limits" doc:"各事项承诺办理时限"`
		Notices     []namedText `json:"notices" doc:"文书"`
	}
}

type rulesInput struct {
	Division string `query:"division"`
	Version  int64  `query:"version" doc:"哪一版；不填为现行"`
}

func (s *Server) windowRules(ctx context.Context, in *rulesInput) (*rulesBody, error) {
	r, err := s.Organisation.Rules(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	return s.rulesView(r, s.Office.Edition("", in.Division)), nil
}

func (s *Server) rulesView(r organisation.Rules, c *catalogue.Catalogue) *rulesBody {
	out := &rulesBody{}
	b := &out.Body
	b.Rules, b.OfficeHours, b.Catalogue = r, s.Organisation.Calendar.OfficeHours(), c.Version
	for _, reason := range r.PaperReasons {
		b.Reasons = append(b.Reasons, namedText{reason, cases.PaperReasons[reason]})
	}
	for _, it := range c.Items {
		b.Limits = append(b.Limits, limitLine{it.Code, it.Name, it.Days.Promise})
	}
	for _, n := range c.Notices {
		b.Notices = append(b.Notices, namedText{n.Code, n.Title})
	}
	return out
}

type setRulesInput struct {
	Body struct {
		PaperReasons  []string               `json:"paper_reasons"`
		ComplaintDays int                    `json:"complaint_workdays"`
		CollectDays   int                    `json:"collect_workdays"`
		CoordDays     int                    `json:"coordination_workdays"`
		KioskIdle     int                    `json:"kiosk_idle_seconds"`
		Articles      []organisation.Article `json:"articles"`
		Version       int64                  `json:"version" doc:"所见的版本"`
	}
}

func (s *Server) setWindowRules(ctx context.Context, in *setRulesInput) (*rulesBody, error) {
	b := in.Body
	r, err := s.Organisation.SetRules(ctx, organisation.Rules{PaperReasons: b.PaperReasons, ComplaintDays: b.ComplaintDays, CollectDays: b.CollectDays,
		CoordDays: b.CoordDays, KioskIdle: b.KioskIdle, Articles: b.Articles}, b.Version, who(ctx).Account)
	if err != nil {
		return nil, err
	}
	return s.rulesView(r, s.Office.Edition("", "")), nil
}
