// Package certificates generates result documents from the templates of the
// catalogue (result mode 1, V2.8): the data of the case and what its unit confirms
// become a numbered PDF in official style, whose code anybody can verify. It is
// published like every other result and never stamped.
package certificates

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

// Records is what generating reads and writes.
type Records interface {
	storage.ResultNumbers
	Registration(ctx context.Context, code string) (approval.Registration, error)
	ListResults(ctx context.Context, q storage.ResultQuery) ([]approval.Result, error)
	PublishResult(ctx context.Context, r approval.Result, key string, audit storage.AuditEntry) (approval.Result, bool, error)
}

// Printer makes the PDF of a paper and counts its pages. The same paper gives the
// same bytes.
type Printer interface {
	PrintCertificate(p Paper) (pdf []byte, pages int, err error)
}

// Checker judges values by the rules of a type, see casework.Checker.
type Checker = casework.Checker

// Office generates result documents.
type Office struct {
	Records Records
	Blobs   storage.Blobs
	// Edition is the catalogue of a version as it holds in a division: the
	// template is that of the case's own version (T.2).
	Edition func(version, division string) *catalogue.Catalogue
	Checker Checker
	Printer Printer
	Now     func() time.Time
	BaseURL string // of the verification page
}

// Order is what a unit wants made.
type Order struct {
	Type   string            // result type; "" where the item has only one
	Values map[string]string // confirmed by the unit; they win over what is known
	Terms  []string          // conditions and requirements in free text, one paragraph each
	By     string
}

// The bounds of the free text.
const (
	maxTerms = 30
	maxTerm  = 1000 // characters
)

// Draft is what a unit looks over before a document is made.
type Draft struct {
	Type     string            `json:"type"`
	TypeName string            `json:"type_name"`
	Template catalogue.Form    `json:"template"`
	Version  string            `json:"template_version" doc:"模板所在的事项目录版本"`
	Fields   []Blank           `json:"fields"`
	Values   map[string]string `json:"values" doc:"已知的值：项目登记、已有审批成果、今日日期"`
	Sources  map[string]string `json:"sources" doc:"各值的来源：project、成果编号或 today"`
	Series   string            `json:"series,omitempty" doc:"自动编号的号段，{n} 为流水号；不编号的类型为空"`
	Numbered string            `json:"number_field"`
}

// Blank is one field to be filled in.
type Blank struct {
	Key      string              `json:"key"`
	Label    string              `json:"label"`
	Type     catalogue.FieldType `json:"type"`
	Unit     string              `json:"unit,omitempty" doc:"面积一律为平方米"`
	Values   []string            `json:"values,omitempty" doc:"枚举值"`
	Required bool                `json:"required"`
}

func blanks(fields []catalogue.Field) []Blank {
	out := make([]Blank, len(fields))
	for i, f := range fields {
		out[i] = Blank{Key: f.Key, Label: f.Labels[0], Type: f.Type, Values: f.Values, Required: f.Required}
		if len(f.Units) > 0 && f.Type != catalogue.TypeArea {
			out[i].Unit = f.Units[0]
		}
	}
	return out
}

// Draft tells what is known and what the unit must add. Errors: *casework.Invalid
// when the item has no such result.
func (o *Office) Draft(ctx context.Context, item approval.CaseItem, resultType string) (Draft, error) {
	cat, t, err := o.template(item, resultType)
	if err != nil {
		return Draft{}, err
	}
	values, sources, err := o.known(ctx, cat, t, item)
	if err != nil {
		return Draft{}, err
	}
	f := Draft{Type: t.Code, TypeName: t.Name, Template: t.Form, Version: cat.Version, Fields: blanks(t.Fields), Values: values, Sources: sources, Numbered: numberField(t)}
	if t.Form.Counted() {
		f.Series = o.series(cat, t, item, o.Now())
	}
	return f, nil
}

// template finds the type that an item produces.
func (o *Office) template(item approval.CaseItem, resultType string) (*catalogue.Catalogue, catalogue.ResultType, error) {
	cat := o.Edition(item.Edition, item.Division)
	of, _ := cat.Item(item.Item)
	if resultType == "" && len(of.Results) == 1 {
		resultType = of.Results[0]
	}
	t, known := cat.ResultType(resultType)
	if !known || !slices.Contains(of.Results, resultType) {
		return cat, t, &casework.Invalid{Fields: map[string]string{"type": "该事项不产生这种审批成果，请从该事项的成果类型中选择"}}
	}
	return cat, t, nil
}

// known gathers values without asking anybody: from the project's registration,
// from what was granted to the project before, and the day.
func (o *Office) known(ctx context.Context, cat *catalogue.Catalogue, t catalogue.ResultType, item approval.CaseItem) (values, sources map[string]string, err error) {
	values, sources = map[string]string{}, map[string]string{}
	set := func(key, value, source string) {
		if _, has := t.Field(key); has && value != "" && values[key] == "" {
			values[key], sources[key] = value, source
		}
	}
	project, err := o.Records.Registration(ctx, item.Project)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return nil, nil, fmt.Errorf("read project: %w", err)
	}
	set("project_name", project.Name, "project")
	set("project_code", item.Project, "project")
	set("builder", project.Builder, "project")
	set("builder_uscc", project.USCC, "project")
	issuer := issuerOf(cat, item)
	set("issuer", issuer, "unit")
	set("review_body", issuer, "unit")
	set("transferor", issuer, "unit")
	day := o.Now().In(shanghai).Format(time.DateOnly)
	set("issue_date", day, "today")
	set("sign_date", day, "today")
	results, err := o.Records.ListResults(ctx, storage.ResultQuery{Project: item.Project, Status: approval.StatusPublished, Limit: 500})
	if err != nil {
		return nil, nil, fmt.Errorf("list results: %w", err)
	}
	for _, e := range cat.BasisEntries(item.Item) {
		for _, r := range results {
			uses, takes := e.Uses[r.Type]
			if ok, _ := r.UsableOn(day); !takes || !ok {
				continue
			}
			for _, key := range uses {
				if key != numberField(t) && key != "issue_date" { // theirs, not ours
					set(key, r.Fields.Value(key), r.ID)
				}
			}
		}
	}
	return values, sources, nil
}

func issuerOf(cat *catalogue.Catalogue, item approval.CaseItem) string {
	name := cat.Name(item.Unit)
	if d, _, ok := cat.Division(item.Division); ok {
		return d.Name + name
	}
	return name
}

func numberField(t catalogue.ResultType) string {
	if t.Number.Field == "" {
		return "doc_no"
	}
	return t.Number.Field
}

func (o *Office) series(cat *catalogue.Catalogue, t catalogue.ResultType, item approval.CaseItem, at time.Time) string {
	d, _, _ := cat.Division(item.Division)
	u, _ := cat.Unit(item.Unit)
	return t.Form.NumberSeries(d, u, at.In(shanghai))
}

// Preview prints the document as it would be, without a number taken, a code or
// anything kept. What is missing shows as a gap. Errors: *casework.Invalid for
// data that the type has no place for.
func (o *Office) Preview(ctx context.Context, item approval.CaseItem, order Order) ([]byte, error) {
	j, err := o.begin(ctx, item, order)
	if err != nil {
		return nil, err
	}
	if len(j.wrong) > 0 {
		return nil, &casework.Invalid{Fields: j.wrong}
	}
	key := numberField(j.t)
	if j.t.Form.Counted() && j.fields.Value(key) == "" {
		j.fields[key] = document.Field{Value: catalogue.NumberGap(o.series(j.cat, j.t, item, j.at))}
	}
	o.Checker.Check(j.t.Code, j.fields)
	paper, err := j.paper("", "")
	if err != nil {
		return nil, err
	}
	pdf, _, err := o.Printer.PrintCertificate(paper)
	return pdf, err
}

// Generate makes the document, numbers it and publishes it. The same order twice
// is one document; changed data make a new version of it under the same number.
// Errors: *casework.Invalid with every field that is missing or wrong,
// casework.ErrIllegal unless the item is being processed.
func (o *Office) Generate(ctx context.Context, item approval.CaseItem, order Order) (result approval.Result, again bool, err error) {
	if item.State != progress.Accepted && item.State != progress.InProcessing {
		return result, false, fmt.Errorf("generate in state %s: %w", item.State, casework.ErrIllegal)
	}
	j, err := o.begin(ctx, item, order)
	if err != nil {
		return result, false, err
	}
	if err := o.number(ctx, j, item); err != nil {
		return result, false, err
	}
	current, same, err := o.current(ctx, j, item)
	if err != nil || same {
		return current, same, err
	}
	code := verifycode.New()
	paper, err := j.paper(code, o.BaseURL+"/v/"+code)
	if err != nil {
		return result, false, err
	}
	pdf, pages, err := o.Printer.PrintCertificate(paper)
	if err != nil {
		return result, false, fmt.Errorf("print certificate: %w", err)
	}
	info, err := o.Blobs.Put(ctx, storage.Originals, bytes.NewReader(pdf), storage.PutOptions{
		Size: int64(len(pdf)), Filename: j.t.Name + ".pdf", MediaType: "application/pdf"})
	if err != nil {
		return result, false, fmt.Errorf("store certificate: %w", err)
	}
	result, again, err = o.Records.PublishResult(ctx, j.result(item, info, pages, code), j.key(item, current.ID), storage.AuditEntry{Actor: order.By, Action: "result.generate",
		Detail: map[string]string{"case_item": item.ID, "type": j.t.Code, "template": j.cat.Version}})
	if errors.Is(err, storage.ErrConflict) { // somebody made the same at the same time: their bytes have another code
		if current, same, look := o.current(ctx, j, item); look == nil && same {
			return current, true, nil
		}
	}
	return result, again, err
}

// current is the version of this document that is published now, and whether it
// says the same; without an ID when there is none.
func (o *Office) current(ctx context.Context, j *job, item approval.CaseItem) (approval.Result, bool, error) {
	found, err := o.Records.ListResults(ctx, storage.ResultQuery{Project: item.Project, Type: j.t.Code, Number: j.fields.Value(numberField(j.t)),
		Status: approval.StatusPublished, Limit: 1})
	if err != nil || len(found) == 0 {
		return approval.Result{}, false, err
	}
	r := found[0]
	return r, r.Mode == approval.ModeGenerated && r.Case == item.Number && slices.Equal(r.Terms, j.terms) && maps.Equal(r.Fields.Values(), j.fields.Values()), nil
}

// number judges the data and takes the number, which only a document that can be
// made uses up.
func (o *Office) number(ctx context.Context, j *job, item approval.CaseItem) error {
	key := numberField(j.t)
	counted := j.t.Form.Counted() && j.fields.Value(key) == ""
	if counted { // judged as if it had the first number of its series
		n, err := catalogue.NumberIn(o.series(j.cat, j.t, item, j.at), 1)
		if err != nil {
			return err
		}
		j.set(key, n)
	}
	missing := o.Checker.Check(j.t.Code, j.fields)
	j.judge(missing)
	if len(j.wrong) > 0 {
		return &casework.Invalid{Fields: j.wrong}
	}
	if !counted {
		return nil
	}
	series, n, err := o.Records.TakeResultNumber(ctx, item.ID, j.t.Code, o.series(j.cat, j.t, item, j.at))
	if err != nil {
		return err
	}
	number, err := catalogue.NumberIn(series, n)
	if err != nil {
		return err
	}
	j.set(key, number)
	o.Checker.Check(j.t.Code, j.fields)
	return nil
}

// result is the record: provenance "generated", the template's version with it.
func (j *job) result(item approval.CaseItem, info storage.BlobInfo, pages int, code string) approval.Result {
	id := "res_" + ulid.Make().String()
	r := approval.Result{
		ID: id, Lineage: id, Version: 1, Type: j.t.Code, TypeName: j.t.Name, Mode: approval.ModeGenerated, Status: approval.StatusPublished,
		Original: info.Digest, Delivered: info.Digest, Size: info.Size, MediaType: "application/pdf", Pages: pages, Form: j.cat.Version, Terms: j.terms,
		Project: item.Project, Item: item.Item, Case: item.Number, Unit: item.Unit, Division: item.Division, Fields: j.fields,
		ConfirmedBy: j.by, ConfirmedAt: j.at, PublishedAt: j.at, Code: code, Number: j.fields.Value(numberField(j.t)),
	}
	approval.Describe(&r)
	return r
}

// key makes the same order twice at the same time one document; replaced is the
// version that the new one takes the place of.
func (j *job) key(item approval.CaseItem, replaced string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(j.fields)) {
		fmt.Fprintf(&b, "%s=%s\n", k, j.fields.Value(k))
	}
	return "generate:" + item.ID + ":" + j.t.Code + ":" + replaced + ":" + document.DigestOf([]byte(b.String() + strings.Join(j.terms, "\n"))).Hex()[:32]
}

// shanghai has no daylight saving, so a fixed zone needs no time zone files.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
