package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/document"
)

// CoverWish says which cover sheets of a case are wanted (P3.3).
type CoverWish struct {
	// Materials are entries of the checklist, a sheet for each; none asks for one
	// sheet of the whole case, below which the content tells what a paper is.
	Materials []string
	Missing   bool  // also a sheet for each entry that is needed and not there yet
	Pages     []int // expected, of Materials in order; 0 or none: not said
	Separator bool  // a separator sheet at the end
}

// maxCovers bounds what is printed at once.
const maxCovers = 200

// Covers are the sheets to be laid in front of a case's papers before they are
// scanned. Errors: *casework.Invalid for an entry that the checklist has not.
func (o *Office) Covers(ctx context.Context, k approval.Case, wish CoverWish, made string) ([]notice.Cover, error) {
	list, err := o.Checklist(ctx, k)
	if err != nil {
		return nil, err
	}
	project, err := o.Records.Registration(ctx, k.Project)
	if err != nil {
		return nil, fmt.Errorf("read project: %w", err)
	}
	blank := notice.Cover{Sheet: document.Sheet{Case: k.Number}, Project: project.Name, Made: made}
	var out []notice.Cover
	for i, material := range wish.Materials {
		at := slices.IndexFunc(list.Entries, func(e ChecklistEntry) bool { return strings.EqualFold(e.Material, material) })
		if at < 0 {
			return nil, &casework.Invalid{Fields: map[string]string{"materials": "清单中没有材料 " + material}}
		}
		c := coverOf(blank, list.Entries[at])
		if i < len(wish.Pages) {
			c.Pages = wish.Pages[i]
		}
		out = append(out, c)
	}
	for _, e := range list.Entries {
		if wish.Missing && e.Needed == "true" && !e.Satisfied && !slices.Contains(wish.Materials, e.Material) {
			out = append(out, coverOf(blank, e))
		}
	}
	if len(out) == 0 {
		whole := blank
		if len(wish.Pages) == 1 {
			whole.Pages = wish.Pages[0]
		}
		out = append(out, whole)
	}
	if wish.Separator {
		out = append(out, notice.Cover{Sheet: document.Sheet{Separator: true}, Made: made})
	}
	return out, checkCovers(out)
}

// coverOf is the sheet of one entry. Where several items want it, the sheet names
// the first: the paper is filed once for all of them.
func coverOf(blank notice.Cover, e ChecklistEntry) notice.Cover {
	blank.Material, blank.Title = e.Material, e.Name
	if len(e.Consumers) > 0 {
		blank.Item, blank.Applies = e.Consumers[0].Item, e.Consumers[0].Name
	}
	return blank
}

func checkCovers(covers []notice.Cover) error {
	if len(covers) > maxCovers {
		return &casework.Invalid{Fields: map[string]string{"materials": fmt.Sprintf("一次最多打印 %d 张", maxCovers)}}
	}
	for _, c := range covers {
		if wrong := c.Check(); wrong != nil {
			return &casework.Invalid{Fields: wrong}
		}
	}
	return nil
}
