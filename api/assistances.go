package api

import (
	"context"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/casework/assistance"
	"onewindow/casework/register"
)

type assistanceView struct {
	entryView
	Assistance assistance.Assistance `json:"assistance"`
}

type assistanceBody struct{ Body assistanceView }

func (s *Server) assistanceView(r assistance.Record, err error) (*assistanceBody, error) {
	if err != nil {
		return nil, err
	}
	return &assistanceBody{assistanceView{s.entryView(r.Entry), r.Body}}, nil
}

type assistInput struct {
	Body struct {
		Project string `json:"project"`
		Wish    string `json:"wish,omitempty" doc:"需要的帮助"`
	}
}

func (s *Server) requestAssistance(ctx context.Context, in *assistInput) (*assistanceBody, error) {
	if _, err := s.projectSeen(ctx, in.Body.Project); err != nil {
		return nil, err
	}
	return s.assistanceView(s.Assistances.Request(ctx, in.Body.Project, in.Body.Wish, who(ctx).Hall, who(ctx).Account))
}

// assistanceSeen loads an assistance of a project that the asker may see.
func (s *Server) assistanceSeen(ctx context.Context, id string) (assistance.Record, error) {
	r, err := register.Load[assistance.Assistance](ctx, s.Registers, assistance.Register, id)
	if err != nil {
		return r, err
	}
	if _, err := s.projectSeen(ctx, r.Project); err != nil {
		return r, err
	}
	return r, nil
}

func (s *Server) getAssistance(ctx context.Context, in *EntryPath) (*assistanceBody, error) {
	return s.assistanceView(s.assistanceSeen(ctx, in.ID))
}

type assistanceList struct {
	Body struct {
		Assistances []assistanceView `json:"assistances"`
	}
}

func (s *Server) listAssistances(ctx context.Context, in *EntriesInput) (*assistanceList, error) {
	q := in.query(assistance.Register, who(ctx))
	q.Unit = ""
	found, err := register.List[assistance.Assistance](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &assistanceList{}
	out.Body.Assistances = []assistanceView{}
	for _, r := range found {
		if v, err := s.assistanceView(s.assistanceSeen(ctx, r.ID)); err == nil {
			out.Body.Assistances = append(out.Body.Assistances, v.Body)
		}
	}
	return out, nil
}

type agentInput struct {
	EntryPath
	Body struct {
		Agent         string   `json:"agent" doc:"专人的账号"`
		Name          string   `json:"name"`
		Telephone     string   `json:"telephone,omitempty"`
		Scope         []string `json:"scope" doc:"assist 帮办，act_on_behalf 代办"`
		Authorisation string   `json:"authorisation,omitempty" doc:"授权委托书的文件编号；代办必填"`
	}
}

func (s *Server) assignAssistance(ctx context.Context, in *agentInput) (*assistanceBody, error) {
	r, err := s.assistanceSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.Authorisation != "" {
		d, err := s.Records.Document(ctx, documentID(b.Authorisation))
		if err != nil || d.Origin.Project != r.Project {
			return nil, &casework.Invalid{Fields: map[string]string{"authorisation": "请扫描授权委托书，并归入本项目"}}
		}
	}
	agent, err := s.Guard.Account(ctx, b.Agent)
	if err != nil || !agent.Has(access.Clerk) {
		return nil, &casework.Invalid{Fields: map[string]string{"agent": "专人应是实体窗口的在岗人员"}}
	}
	return s.assistanceView(s.Assistances.Assign(ctx, r.ID, assistance.Agent{Account: b.Agent, Name: b.Name, Telephone: b.Telephone, Scope: b.Scope,
		Authorisation: b.Authorisation}, who(ctx).Account))
}

type noteInput struct {
	EntryPath
	Body struct {
		Text string `json:"text" maxLength:"2000"`
	}
}

func (s *Server) noteAssistance(ctx context.Context, in *noteInput) (*assistanceBody, error) {
	if _, err := s.assistanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.assistanceView(s.Assistances.Note(ctx, in.ID, in.Body.Text, who(ctx).Account))
}

func (s *Server) endAssistance(ctx context.Context, in *becauseInput) (*assistanceBody, error) {
	if _, err := s.assistanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.assistanceView(s.Assistances.End(ctx, in.ID, in.Body.Reason, who(ctx).Account))
}
