package pagesource

import (
	"errors"
	"fmt"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
)

// flatten makes annotations part of the page: filled form fields, stamps and
// seals are text and pictures like any other then. It returns the page to use.
func (p *pdfPage) flatten(index int) (*pdfPage, error) {
	drawn, err := p.drawnAnnotations()
	if err != nil || !drawn {
		return p, err
	}
	done, err := p.doc.inst.FPDFPage_Flatten(&requests.FPDFPage_Flatten{Page: p.by, Usage: requests.FPDFPage_FlattenUsageNormalDisplay})
	if err != nil {
		return p, fmt.Errorf("flatten annotations: %w", err)
	}
	_ = done
	fresh, err := p.doc.load(index)
	if err != nil {
		return p, err
	}
	p.close()
	return fresh, nil
}

// drawnAnnotations reports annotations that show more than a link does.
func (p *pdfPage) drawnAnnotations() (bool, error) {
	inst := p.doc.inst
	n, err := inst.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: p.by})
	if err != nil {
		return false, fmt.Errorf("count annotations: %w", err)
	}
	for i := range min(n.Count, maxWalk) {
		a, err := inst.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: p.by, Index: i})
		if err != nil {
			continue // not an annotation
		}
		kind, err := inst.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a.Annotation})
		_, closeErr := inst.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
		if err = errors.Join(err, closeErr); err != nil {
			return false, fmt.Errorf("get annotation: %w", err)
		}
		switch kind.Subtype {
		case enums.FPDF_ANNOT_SUBTYPE_LINK, enums.FPDF_ANNOT_SUBTYPE_POPUP, enums.FPDF_ANNOT_SUBTYPE_TEXT, enums.FPDF_ANNOT_SUBTYPE_UNKNOWN:
		default:
			return true, nil
		}
	}
	return false, nil
}
