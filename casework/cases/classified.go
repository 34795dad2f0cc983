package cases

import (
	"cmp"
	"context"
	"errors"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/casework/notices"
	"onewindow/document"
	"onewindow/storage"
)

// tellClassified gives the sender of a file in quarantine the 涉密资料线下办理告知
// (G.8): it names no file, no project and quotes nothing. Heard twice it is issued
// once, because its ID follows from the document's.
func (o *Office) tellClassified(ctx context.Context, e approval.Event) error {
	d, err := o.Records.Document(ctx, e.Document)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	id := "ntc_" + string(d.ID)
	if _, err := o.Records.Notice(ctx, id); !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	n, err := notices.Compose(ctx, o.Templates, o.Catalogue, o.classifiedDraft(id, d))
	if err != nil {
		return err
	}
	_, err = o.Records.IssueNotices(ctx, []notice.Notice{n}, nil, nil)
	if err == nil {
		return nil
	}
	if _, look := o.Records.Notice(ctx, id); look == nil {
		return nil // another process was faster
	}
	return err
}

func (o *Office) classifiedDraft(id string, d document.Document) notices.Draft {
	division := cmp.Or(d.Origin.Division, o.province())
	heading := o.Catalogue.Name("window")
	if at, _, ok := o.Catalogue.Division(division); ok {
		heading = at.Name + heading
	}
	c := o.Contact
	return notices.Draft{Kind: "classified_notice", ID: id, At: o.now(), Heading: heading, Signer: heading,
		Vars:   map[string]string{"time": notices.Moment(o.now()), "contact": cmp.Or(c.Person, "窗口工作人员"), "telephone": c.Telephone, "supervision_telephone": c.Supervision},
		Notice: notice.Notice{Series: cmp.Or(d.Origin.Hall, division), Division: division, To: d.Origin.By, IssuedBy: "system"}}
}

// province is the division of what names none.
func (o *Office) province() string {
	for _, d := range o.Catalogue.Divisions {
		if d.Kind == "province" {
			return d.Code
		}
	}
	return ""
}
