package sample

import (
	"fmt"
	"slices"
)

// maker draws one kind of document.
type maker struct {
	kind string
	typ  string // Document.Type; "" for papers that must stay unrecognized
	draw func(p Project, d dice) Document
}

// makers are all kinds: results, materials, confusables.
func makers() []maker {
	return slices.Concat(results(), materials(), confusables(), classified(), open())
}

// results are the result documents of result-documents.yaml, in its order.
func results() []maker {
	all := mainResults()
	for _, l := range lessers() {
		all = append(all, l.maker())
	}
	return all
}

// materials are the papers of the catalogue that are nobody's result.
func materials() []maker {
	var all []maker
	for _, m := range slices.Concat(reports(), applications(), letters(), drawings()) {
		all = append(all, m.maker())
	}
	return append(all, maker{"legal-rep-id", "legal-rep-id", idCard}, maker{"completion-form", "completion-form", completionForm})
}

// mainResults are the eighteen types that are fully defined.
func mainResults() []maker {
	return []maker{
		{"rd-filing-cert", "rd-filing-cert", filingCert},
		{"rd-land-preexam", "rd-land-preexam", landPreexam},
		{"rd-land-use-permit", "rd-land-use-permit", landUsePermit},
		{"rd-land-contract", "rd-land-contract", landContract},
		{"rd-land-allocation", "rd-land-allocation", landAllocation},
		{"rd-realestate-cert", "rd-realestate-cert", realEstateCert},
		{"rd-engineering-permit", "rd-engineering-permit", engineeringPermit},
		{"rd-drawing-review-cert", "rd-drawing-review-cert", drawingReviewCert},
		{"rd-construction-permit", "rd-construction-permit", constructionPermit},
		{"rd-fire-design-opinion", "rd-fire-design-opinion", fireDesignOpinion},
		{"rd-civil-defense-opinion", "rd-civil-defense-opinion", defenceOpinion},
		{"rd-eia-reply", "rd-eia-reply", eiaReply},
		{"rd-completion-record", "rd-completion-record", completionRecord},
		{"rd-planning-verify", "rd-planning-verify", planningVerify},
		{"rd-fire-accept-opinion", "rd-fire-accept-opinion", fireAcceptOpinion},
		{"rd-business-licence", "rd-business-licence", businessLicence},
		{"rd-feasibility-reply", "rd-feasibility-reply", feasibilityReply},
		{"rd-joint-opinion", "rd-joint-opinion", jointOpinion},
	}
}

// Kinds returns every kind Make knows.
func Kinds() []string { return kindsOf(makers()) }

// Results returns the result types (rd-…) Make knows.
func Results() []string { return kindsOf(results()) }

// MainResults returns the eighteen result types with full definitions.
func MainResults() []string { return kindsOf(mainResults()) }

// Materials returns the material codes Make knows: all of the catalogue but
// those that are results.
func Materials() []string { return kindsOf(materials()) }

// Confusables returns the kinds (x-…) that must stay unrecognized.
func Confusables() []string { return kindsOf(confusables()) }

// Classified returns the kinds (secret-…) that carry a marking of secrecy.
func Classified() []string { return kindsOf(classified()) }

// Open returns the kinds (open-…) that speak of secrecy without being classified.
func Open() []string { return kindsOf(open()) }

// Has reports whether Make knows kind.
func Has(kind string) bool { return slices.Contains(Kinds(), kind) }

// Make draws a document of a kind for a project. Seed varies what may vary
// between two papers of the same content: wording, form, seal, units as
// printed. It panics for a kind it does not know; Has asks first.
func Make(kind string, p Project, seed uint64) Document {
	for _, m := range makers() {
		if m.kind == kind {
			doc := m.draw(p, newDice(p.Seed^seed*0x9E3779B97F4A7C15, kind))
			doc.Kind, doc.Type, doc.Truth.Type = m.kind, m.typ, m.typ
			return doc
		}
	}
	panic(fmt.Sprintf("sample: unknown kind %q", kind))
}

func kindsOf(all []maker) []string {
	out := make([]string, len(all))
	for i, m := range all {
		out[i] = m.kind
	}
	return out
}
