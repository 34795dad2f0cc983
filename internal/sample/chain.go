package sample

// Chain draws the result documents of a project's life in the order in which
// offices issue them: what a demonstration or an archive would hold.
func Chain(p Project, seed uint64) []Document {
	kinds := []string{"rd-filing-cert", "rd-land-preexam", "rd-land-contract", "rd-land-use-permit"}
	if p.Government {
		kinds = []string{"rd-proposal-reply", "rd-land-preexam", "rd-feasibility-reply", "rd-land-allocation", "rd-land-use-permit"}
	}
	kinds = append(kinds, "rd-eia-reply", "rd-realestate-cert", "rd-scheme-opinion", "rd-civil-defense-opinion", "rd-engineering-permit",
		"rd-drawing-review-cert", "rd-fire-design-opinion", "rd-construction-permit",
		"rd-planning-verify", "rd-fire-accept-opinion", "rd-joint-opinion", "rd-completion-record")
	out := make([]Document, len(kinds))
	for i, kind := range kinds {
		out[i] = Make(kind, p, seed)
	}
	return out
}

// Bind puts documents on one stack, as a batch comes out of the feeder: the
// pages of one after the other, with an empty back after each if backs is set.
// The stack has no type and no fields of its own.
func Bind(backs bool, docs ...Document) Document {
	var out Document
	for _, d := range docs {
		out.Pages = append(out.Pages, d.Pages...)
		if backs && len(d.Pages) > 0 {
			out.Pages = append(out.Pages, Page{Width: d.Pages[0].Width, Height: d.Pages[0].Height})
		}
	}
	return out
}
