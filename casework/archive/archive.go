// Package archive packs everything of a case for the archive (归档): originals,
// delivered files, notices, what the records say, and an extract of the audit
// trail, as a BagIt package that can be checked without this system.
package archive

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/casework/archive/bag"
	"onewindow/casework/issuance"
	"onewindow/casework/payment"
	"onewindow/document"
	"onewindow/storage"
)

// Records is what is read.
type Records interface {
	storage.Cases
	storage.Registers
	storage.Notices
	storage.Audit
	Result(ctx context.Context, id string) (approval.Result, error)
	Document(ctx context.Context, id document.ID) (document.Document, error)
}

// Office packs cases.
type Office struct {
	Records Records
	Blobs   storage.Blobs
	// Printed prints a notice that nobody has printed yet.
	Printed func(ctx context.Context, n notice.Notice) (notice.Notice, error)
	Now     func() time.Time
	System  string // name of the house, as bag-info.txt gives it
	Version string
}

// Package is a case that is ready to be packed.
type Package struct {
	Case     approval.Case
	Name     string // of the folder and, with .zip, of the file
	office   *Office
	project  approval.Registration
	items    []approval.CaseItem
	filings  []approval.Filing
	entries  map[string][]storage.Entry // by register
	notices  []notice.Notice
	results  []approval.Result
	document []document.Document
	withheld []string // documents in quarantine: not packed, and nothing told of them
}

// ErrUnfinished: an item of the case has not ended.
var ErrUnfinished = fmt.Errorf("the case has not ended: %w", casework.ErrIllegal)

// Open gathers what belongs to a case. Errors: storage.ErrNotFound, ErrUnfinished
// unless running allows it.
func (o *Office) Open(ctx context.Context, idOrNumber string, running bool) (*Package, error) {
	k, err := o.Records.Case(ctx, idOrNumber)
	if err != nil {
		return nil, err
	}
	p := &Package{Case: k, Name: cmp.Or(k.Number, k.ID), office: o, entries: map[string][]storage.Entry{}}
	if p.items, err = o.Records.ListCaseItems(ctx, storage.ItemQuery{Case: k.ID, Limit: 500}); err != nil {
		return nil, err
	}
	ended := k.Submitted && !slices.ContainsFunc(p.items, func(it approval.CaseItem) bool { return !it.State.Ended() })
	if !ended && !running {
		return nil, ErrUnfinished
	}
	if p.project, err = o.Records.Registration(ctx, k.Project); err != nil {
		return nil, fmt.Errorf("read project: %w", err)
	}
	if p.filings, err = o.Records.Filings(ctx, k.ID, true); err != nil {
		return nil, err
	}
	for _, gather := range []func(context.Context) error{p.gatherEntries, p.gatherNotices, p.gatherResults, p.gatherDocuments} {
		if err := gather(ctx); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// registers whose entries belong to a case.
var registers = []string{issuance.Register, payment.Register, "consultation", "complaint"}

func (p *Package) gatherEntries(ctx context.Context) error {
	for _, name := range registers {
		q := storage.EntryQuery{Register: name, Case: p.Case.ID, Limit: 500}
		for {
			found, err := p.office.Records.ListEntries(ctx, q)
			if err != nil {
				return err
			}
			p.entries[name] = append(p.entries[name], found...)
			if len(found) < q.Limit {
				break
			}
			q.Before = found[len(found)-1].ID
		}
	}
	return nil
}

func (p *Package) gatherNotices(ctx context.Context) error {
	q := storage.NoticeQuery{Case: p.Case.ID, Limit: 500}
	for {
		found, err := p.office.Records.ListNotices(ctx, q)
		if err != nil {
			return err
		}
		for _, n := range found {
			if n, err = p.office.Printed(ctx, n); err != nil {
				return fmt.Errorf("print notice %s: %w", n.ID, err)
			}
			p.notices = append(p.notices, n)
		}
		if len(found) < q.Limit {
			return nil
		}
		q.Before = found[len(found)-1].ID
	}
}

func (p *Package) gatherResults(ctx context.Context) error {
	for _, it := range p.items {
		for _, id := range it.Results {
			r, err := p.office.Records.Result(ctx, id)
			if err != nil {
				return fmt.Errorf("read result %s: %w", id, err)
			}
			p.results = append(p.results, r)
		}
	}
	return nil
}

// gatherDocuments finds every document that something of the case names.
func (p *Package) gatherDocuments(ctx context.Context) error {
	var ids []string
	for _, f := range p.filings {
		ids = append(ids, f.Document, f.Signed)
	}
	for _, r := range p.results {
		ids = append(ids, string(r.Document))
	}
	for _, e := range slices.Concat(p.entries[issuance.Register], p.entries[payment.Register]) {
		ids = append(ids, documentIDs.FindAllString(string(e.Body), -1)...)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if !strings.HasPrefix(id, "doc_") {
			continue // none, or a signature of the tablet
		}
		d, err := p.office.Records.Document(ctx, document.ID(id))
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read document %s: %w", id, err)
		}
		if d.State == document.StateQuarantined || d.State == document.StatePurged {
			p.withheld = append(p.withheld, id) // classified: kept on paper, offline (G.8)
			continue
		}
		p.document = append(p.document, d)
	}
	return nil
}

var documentIDs = regexp.MustCompile(`doc_[0-9A-Z]{26}`)

// Write streams the package as a ZIP. After an error what was written is no whole
// ZIP. Errors: storage.ErrDamaged, storage.ErrNotFound for a file that is gone:
// an archive that lacks something must not look whole.
func (p *Package) Write(ctx context.Context, w io.Writer) error {
	b := bag.NewWriter(w, p.Name, p.office.Now().UTC())
	var files []File
	for _, f := range p.files() {
		if err := ctx.Err(); err != nil {
			return err
		}
		sum, err := p.pack(ctx, b, f)
		if err != nil {
			return fmt.Errorf("pack %s: %w", f.Path, err)
		}
		f.SHA256 = sum
		files = append(files, f)
	}
	trail, err := p.trail(ctx)
	if err != nil {
		return err
	}
	for _, m := range p.metadata(files) {
		body, err := json.MarshalIndent(m.body, "", "  ")
		if err != nil {
			return fmt.Errorf("pack %s: %w", m.path, err)
		}
		if _, err := b.Add(m.path, bytes.NewReader(append(body, '\n'))); err != nil {
			return err
		}
	}
	if _, err := b.Add("audit/trail.jsonl", bytes.NewReader(trail)); err != nil {
		return err
	}
	if _, err := b.Add("说明.txt", strings.NewReader(readme)); err != nil {
		return err
	}
	return b.Close([][2]string{{"Source-Organization", p.office.System}, {"External-Identifier", p.Name}, {"Internal-Sender-Identifier", p.Case.ID},
		{"Internal-Sender-Description", "工程建设项目审批办件，项目代码 " + p.Case.Project}, {"Bag-Software-Agent", "Onewindow " + p.office.Version}})
}

// File is one file of the package and what it is.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Kind   string `json:"kind"` // original, delivered, notice
	Of     string `json:"of"`   // document, result or notice
	Name   string `json:"name"`

	class  storage.Class
	digest document.Digest
}

func (p *Package) files() (out []File) {
	for _, d := range p.document {
		out = append(out, File{Path: "originals/" + string(d.ID) + extension(d.Filename), Kind: "original", Of: string(d.ID), Name: d.Filename,
			class: storage.Originals, digest: d.Original})
	}
	for _, r := range p.results {
		class := storage.Derived
		if r.DeliversOriginal() {
			class = storage.Originals // delivered bit by bit as it came, or as it was made here
		}
		if !r.Delivered.IsZero() {
			out = append(out, File{Path: "delivered/" + r.ID + typeExtensions[r.MediaType], Kind: "delivered", Of: r.ID, Name: r.TypeName + " " + r.Number, class: class, digest: r.Delivered})
		}
	}
	for _, n := range p.notices {
		if !n.File.IsZero() {
			out = append(out, File{Path: "notices/" + n.Number + ".pdf", Kind: "notice", Of: n.ID, Name: n.Title, class: storage.Derived, digest: n.File})
		}
	}
	return out
}

var typeExtensions = map[string]string{"application/pdf": ".pdf", "application/ofd": ".ofd", "image/tiff": ".tif", "image/jpeg": ".jpg", "image/png": ".png"}

var plainExtension = regexp.MustCompile(`^\.[a-z0-9]{1,5}$`)

// extension is that of a name, if it is an ordinary one.
func extension(name string) string {
	if e := strings.ToLower(path.Ext(name)); plainExtension.MatchString(e) {
		return e
	}
	return ""
}

// pack streams a blob and holds it against the digest it is kept under.
func (p *Package) pack(ctx context.Context, b *bag.Writer, f File) (string, error) {
	blob, err := p.office.Blobs.Open(ctx, f.class, f.digest)
	if err != nil {
		return "", err
	}
	defer blob.Close()
	sum, err := b.Add(f.Path, blob)
	if err == nil && "sha256-"+sum != f.digest.String() {
		err = storage.ErrDamaged
	}
	return sum, err
}

type metadata struct {
	path string
	body any
}

// metadata is what the records say. Pick-up codes and query codes open doors and
// stay out.
func (p *Package) metadata(files []File) []metadata {
	entries := map[string][]entry{}
	for name, list := range p.entries {
		for _, e := range list {
			entries[name] = append(entries[name], entry{e.ID, e.Number, e.State, e.Unit, e.Hall, e.Created, withoutCodes(e.Body)})
		}
	}
	return []metadata{
		{"metadata/case.json", p.Case}, {"metadata/project.json", p.project}, {"metadata/items.json", nonNil(p.items)}, {"metadata/filings.json", nonNil(p.filings)}, {"metadata/results.json", nonNil(p.results)},
		{"metadata/documents.json", nonNil(p.document)}, {"metadata/notices.json", nonNil(p.notices)}, {"metadata/registers.json", entries},
		{"metadata/files.json", nonNil(files)}, {"metadata/withheld.json", nonNil(p.withheld)},
	}
}

func nonNil[T any](list []T) []T { return append([]T{}, list...) }

type entry struct {
	ID      string          `json:"id"`
	Number  string          `json:"number,omitempty"`
	State   string          `json:"state"`
	Unit    string          `json:"unit,omitempty"`
	Hall    string          `json:"hall,omitempty"`
	Created time.Time       `json:"created_at"`
	Body    json.RawMessage `json:"body"`
}

func withoutCodes(body json.RawMessage) json.RawMessage {
	var m map[string]any
	if json.Unmarshal(body, &m) != nil {
		return json.RawMessage("null")
	}
	delete(m, "pickup_code")
	out, err := json.Marshal(m)
	if err != nil {
		return json.RawMessage("null")
	}
	return out
}

// row is a row of the audit trail as the package gives it.
type row struct {
	Seq    int64             `json:"seq"`
	At     time.Time         `json:"at"`
	Actor  string            `json:"actor"`
	Action string            `json:"action"`
	Object string            `json:"object"`
	Detail map[string]string `json:"detail,omitempty"`
	Prev   string            `json:"prev"`
	Hash   string            `json:"hash"`
}

// trail is every row about the case and what belongs to it, in order, one a line.
func (p *Package) trail(ctx context.Context) ([]byte, error) {
	var rows []row
	for _, object := range p.objects() {
		after := int64(0)
		for {
			found, err := p.office.Records.AuditTrail(ctx, object, after, 1000)
			if err != nil {
				return nil, err
			}
			for _, r := range found {
				rows = append(rows, row{r.Seq, r.At.UTC(), r.Actor, r.Action, r.Object, r.Detail, r.Prev, r.Hash})
				after = r.Seq
			}
			if len(found) < 1000 {
				break
			}
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.Seq, b.Seq) })
	var out bytes.Buffer
	for _, r := range rows {
		line, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("write trail: %w", err)
		}
		out.Write(append(line, '\n'))
	}
	return out.Bytes(), nil
}

// objects are all that rows of the trail may be about.
func (p *Package) objects() []string {
	out := []string{p.Case.ID}
	for _, it := range p.items {
		out = append(out, it.ID)
	}
	for _, d := range p.document {
		out = append(out, string(d.ID))
	}
	for _, r := range p.results {
		out = append(out, r.ID)
	}
	for _, n := range p.notices {
		out = append(out, n.ID)
	}
	for _, list := range p.entries {
		for _, e := range list {
			out = append(out, e.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// readme tells whoever opens the package in many years what it is.
const readme = `本文件夹是一个工程建设项目审批办件的归档包，按 BagIt 1.0（RFC 8493）组织，不依赖原系统即可校验和阅读。

校验：在本文件夹的上一级（bagit.txt 所在目录）执行
    sha256sum --strict -c manifest-sha256.txt tagmanifest-sha256.txt

data/originals   收到的原文件，文件名为文件编号，原名见 metadata/files.json
data/delivered   交付的审批成果（加水印的扫描件，或原样的电子证照）
data/notices     各类文书
data/metadata    办件、事项及时限、材料清单、成果数据、文书、出件、缴费等记录（JSON，UTF-8，时间为 UTC）
data/audit       审计记录摘录，一行一条，按序号排列；prev、hash 为其在原系统哈希链中的位置
metadata/withheld.json 列出因涉密隔离或销毁而未收入的文件编号
`
