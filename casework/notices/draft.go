package notices

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/stamp/verifycode"
)

// Draft is what a notice is made from: the catalogue's words and what is filled
// into them.
type Draft struct {
	Kind  string
	ID    string
	Vars  map[string]string
	Table *notice.Table
	// Title, when set, stands in place of the catalogue's.
	Title      string
	Commitment bool // with the block to be signed (P3.7)
	Heading    string
	Addressee  string
	Signer     string
	At         time.Time // the legal date
	Notice     notice.Notice
}

// tableMarks are the variables that stand for the table of a notice: the text
// before goes above it, what follows below.
var tableMarks = []string{"{gaps}", "{rows}", "{reasons}"}

// Compose makes a notice that only lacks its number, from the template in force,
// else from the catalogue's draft; t may be nil. Errors: the catalogue has no such
// notice, or the words name a variable that nobody filled.
func Compose(ctx context.Context, t *Templates, cat *catalogue.Catalogue, d Draft) (notice.Notice, error) {
	words, version, err := t.words(ctx, cat, d.Kind)
	if err != nil {
		return notice.Notice{}, err
	}
	return compose(words, version, d)
}

func compose(words catalogue.Notice, version string, d Draft) (notice.Notice, error) {
	n := d.Notice
	n.ID, n.Kind, n.Title, n.Template = d.ID, d.Kind, words.Title, version
	if d.Title != "" {
		n.Title = d.Title
	}
	n.IssuedAt, n.Code = d.At.UTC(), verifycode.New()
	n.Content = notice.Content{Heading: d.Heading, Addressee: d.Addressee, Table: d.Table, Signer: d.Signer, Date: Day(d.At), Before: []string{}}
	var err error
	if err = bodyOf(&n.Content, words.Body, d); err != nil {
		return n, fmt.Errorf("compose %s: %w", d.Kind, err)
	}
	if d.Commitment {
		if n.Content.Commitment, err = notice.Expand(words.Commitment, d.Vars); err != nil {
			return n, fmt.Errorf("compose %s: %w", d.Kind, err)
		}
	}
	footer := words.Footer
	if footer == "" {
		footer = defaultFooter
	}
	n.Content.Footer, err = notice.Expand(footer, d.Vars)
	return n, err
}

// defaultFooter closes notices whose draft has none (notices.yaml: contact,
// supervision, two copies).
const defaultFooter = "{contact?联系人：{contact}  }{telephone?联系电话：{telephone}  }{supervision_telephone?监督电话：{supervision_telephone}  }注：本文书一式两份，申请人、受理机关各存一份。"

// bodyOf sets the text around the table.
func bodyOf(c *notice.Content, body string, d Draft) error {
	before, after := body, ""
	for _, mark := range tableMarks {
		if d.Table == nil {
			break
		}
		if head, tail, found := strings.Cut(body, mark); found {
			before, after = head, strings.TrimLeft(tail, "。，；：")
			break
		}
	}
	for _, part := range []struct {
		text string
		into *[]string
	}{{before, &c.Before}, {after, &c.After}} {
		if part.text == "" {
			continue
		}
		text, err := notice.Expand(part.text, d.Vars)
		if err != nil {
			return err
		}
		*part.into = append(*part.into, strings.Split(strings.TrimSpace(text), "\n")...)
	}
	return nil
}

// Day is a date as official papers write it.
func Day(t time.Time) string { return t.In(calendar.Zone).Format("2006年1月2日") }

// Moment is a date with its time.
func Moment(t time.Time) string { return t.In(calendar.Zone).Format("2006年1月2日15:04") }
