package catalogue

// The raw types mirror the files; fill turns them into the model.

type rawCatalogue struct {
	Version        string               `yaml:"version"`
	Effective      string               `yaml:"effective_from"`
	Legend         map[string]any       `yaml:"legend"` // for readers of the file
	ProjectTypes   Ordered[ProjectType] `yaml:"project_types"`
	Stages         Ordered[Stage]       `yaml:"stages"`
	Units          Ordered[Unit]        `yaml:"units"`
	ResultExcludes []string             `yaml:"result_excludes"`
	Materials      Ordered[Material]    `yaml:"materials"`
	Confusables    []Confusable         `yaml:"confusables"`
	Items          []Item               `yaml:"items"`
	Flags          Ordered[Flag]        `yaml:"form_flags"`
}

func (r rawCatalogue) fill(c *Catalogue) {
	for _, p := range r.ProjectTypes {
		p.Value.Code = p.Key
		c.ProjectTypes = append(c.ProjectTypes, p.Value)
	}
	for _, p := range r.Stages {
		p.Value.Code = p.Key
		c.Stages = append(c.Stages, p.Value)
	}
	for _, p := range r.Units {
		p.Value.Code = p.Key
		c.Units = append(c.Units, p.Value)
	}
	for _, p := range r.Materials {
		p.Value.Code = p.Key
		c.Materials = append(c.Materials, p.Value)
	}
	for _, p := range r.Flags {
		p.Value.Code = p.Key
		c.Flags = append(c.Flags, p.Value)
	}
	c.Items, c.ResultExcludes, c.Confusables = r.Items, r.ResultExcludes, r.Confusables
}

// UnmarshalYAML reads the short keys of a checklist line.
func (e *Entry) UnmarshalYAML(decode func(any) error) error {
	var raw struct {
		M      string     `yaml:"m"`
		R      string     `yaml:"r"`
		F      string     `yaml:"f"`
		When   *Condition `yaml:"when"`
		Commit bool       `yaml:"commit"`
		Toler  int        `yaml:"toler"`
	}
	if err := decode(&raw); err != nil {
		return err
	}
	*e = Entry{Material: raw.M, Requirement: raw.R, Form: raw.F, When: raw.When, Commit: raw.Commit, Tolerance: raw.Toler}
	if e.Requirement == "" {
		e.Requirement = Required
	}
	if e.Form == "" {
		e.Form = "either"
	}
	return nil
}

type rawNotices struct {
	NumberRule string             `yaml:"number_rule"`
	Notices    Ordered[rawNotice] `yaml:"notices"`
}

type rawNotice struct {
	Title      string          `yaml:"title"`
	Alias      words           `yaml:"alias"`
	When       string          `yaml:"when"`
	Req        string          `yaml:"req"`
	Fields     []string        `yaml:"fields"`
	Columns    []string        `yaml:"columns"`
	GapColumns []string        `yaml:"gaps_columns"`
	Reasons    Ordered[string] `yaml:"reasons"`
	Body       string          `yaml:"body"`
	Commitment string          `yaml:"commitment_block"`
	Footer     string          `yaml:"footer"`
	Exchange   int             `yaml:"blzt"`
	Rule       string          `yaml:"rule"`
	Note       string          `yaml:"note"`
}

func (r rawNotices) fill(c *Catalogue) {
	c.NoticeNumber = r.NumberRule
	for _, p := range r.Notices {
		n := p.Value
		c.Notices = append(c.Notices, Notice{
			Code: p.Key, Title: n.Title, Aliases: n.Alias, When: n.When, Requirement: n.Req,
			Fields: n.Fields, Columns: append(n.Columns, n.GapColumns...), Reasons: n.Reasons,
			Body: n.Body, Commitment: n.Commitment, Footer: n.Footer, Exchange: n.Exchange, Rule: n.Rule,
		})
	}
}
