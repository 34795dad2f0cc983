package pagesource

import (
	"bytes"
	"context"
	"fmt"

	"github.com/klippa-app/go-pdfium/requests"

	"onewindow/ocr"
)

// inspectPDF finds the facts of a PDF: first by reading its objects, which is
// safe, then by opening it.
func (s *Source) inspectPDF(ctx context.Context, in *input, opts ocr.OpenOptions) (ocr.Facts, error) {
	if err := checkPDFEnds(in); err != nil {
		return ocr.Facts{}, err
	}
	scan, err := scanPDF(ctx, in, opts.Limits)
	if err != nil {
		return ocr.Facts{}, err
	}
	pages, err := s.openPDF(ctx, in, opts)
	if err != nil {
		return ocr.Facts{}, err
	}
	defer pages.reset()
	facts := ocr.Facts{
		MediaType: media[kindPDF].mediaType, Extension: media[kindPDF].extension,
		Pages: pages.count, Encrypted: pages.password != "",
	}
	if err := pages.askPDFium(ctx, scan); err != nil {
		return ocr.Facts{}, err
	}
	facts.Signed, facts.Active = scan.signed, scan.list()
	if facts.Repaired, err = pages.repaired(); err != nil {
		return ocr.Facts{}, err
	}
	return facts, pages.firstPage()
}

// askPDFium adds what only a reader that can decrypt sees.
func (p *pdfPages) askPDFium(ctx context.Context, scan *pdfScan) error {
	inst := p.doc.inst
	if n, err := inst.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: p.doc.ref}); err == nil && n.AttachmentCount > 0 {
		scan.active[activeEmbedded] = true
	}
	if n, err := inst.FPDFDoc_GetJavaScriptActionCount(&requests.FPDFDoc_GetJavaScriptActionCount{Document: p.doc.ref}); err == nil && n.JavaScriptActionCount > 0 {
		scan.active[activeJavaScript] = true
	}
	if n, err := inst.FPDF_GetXFAPacketCount(&requests.FPDF_GetXFAPacketCount{Document: p.doc.ref}); err == nil && n.Count > 0 {
		scan.active[activeXFA] = true
	}
	if !scan.encrypted || p.in.size > maxDecrypted {
		return nil
	}
	plain, err := p.decrypted(ctx)
	if err != nil {
		return nil //nolint:nilerr // facts of the outside stand; PDFium can still read the pages
	}
	inner, err := scanPDF(ctx, plain, p.limits)
	if err != nil {
		return err
	}
	inner.list()
	for k := range inner.active {
		scan.active[k] = true
	}
	scan.signed = scan.signed || inner.signed
	return nil
}

// maxDecrypted is the largest encrypted file that is decrypted to be looked into.
const maxDecrypted = 64 << 20

// decrypted has PDFium write the document without encryption.
func (p *pdfPages) decrypted(ctx context.Context) (*input, error) {
	var buf bytes.Buffer
	_, err := p.doc.inst.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{
		Document: p.doc.ref, Flags: requests.SaveFlagRemoveSecurity, FileWriter: &buf})
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return memoryInput(ctx, buf.Bytes()), nil
}

// repaired reports a document whose index PDFium had to rebuild.
func (p *pdfPages) repaired() (bool, error) {
	valid, err := p.doc.inst.FPDF_DocumentHasValidCrossReferenceTable(
		&requests.FPDF_DocumentHasValidCrossReferenceTable{Document: p.doc.ref})
	if err != nil {
		return false, fmt.Errorf("check index: %w", err)
	}
	return !valid.DocumentHasValidCrossReferenceTable, nil
}

// firstPage makes sure that one page at least can be loaded.
func (p *pdfPages) firstPage() error {
	var first error
	for i := range min(p.count, 20) {
		page, err := p.doc.load(i)
		if err == nil {
			page.close()
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return refuseCorrupt("no page loads: %v", first)
}
