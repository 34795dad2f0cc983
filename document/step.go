package document

// Step is one station on the way of a document (design: received -> inspect ->
// screen -> recognize -> classify -> extract -> [review] -> stamp -> publish).
type Step string

// The steps that workers do. Receiving happens at the door and review is done
// by a person, so neither is here.
const (
	StepInspect   Step = "inspect"   // true type, page count, limits, damage, signatures
	StepScreen    Step = "screen"    // first page read in memory; secrecy marking -> quarantine (G.8)
	StepRecognize Step = "recognize" // one task per page
	StepClassify  Step = "classify"  // what is it
	StepExtract   Step = "extract"   // the approval-result data
	StepStamp     Step = "stamp"     // scanned results only (V2.12)
	StepPublish   Step = "publish"   // result record, basis, events (V2.13)
	// StepSearchable is beside the way: a copy of a scan with its text behind the
	// pictures. Nothing waits for it, and a document is none the worse without it.
	StepSearchable Step = "searchable"
	// StepErase is off the way: it destroys what was derived from a file that was
	// quarantined (G.8).
	StepErase Step = "erase"
)

// Steps lists the steps in order.
func Steps() []Step {
	return []Step{StepInspect, StepScreen, StepRecognize, StepClassify, StepExtract, StepStamp, StepPublish, StepSearchable}
}

// ArtifactKind says what a derived file of a document is.
type ArtifactKind string

// The artifacts the pipeline leaves.
const (
	ArtifactWorking    ArtifactKind = "working"    // the bytes to work on when they are not the original: a decrypted copy
	ArtifactFacts      ArtifactKind = "facts"      // what inspection learned, JSON
	ArtifactPageText   ArtifactKind = "page_text"  // one Page, JSON
	ArtifactDelivered  ArtifactKind = "delivered"  // the watermarked file (or the e-certificate itself)
	ArtifactSearchable ArtifactKind = "searchable" // page images with an invisible text layer
)

// Artifact is one derived file, stored as a blob under its digest.
type Artifact struct {
	Kind      ArtifactKind `json:"kind"`
	Page      int          `json:"page,omitempty"` // 0 for the whole document
	Digest    Digest       `json:"digest"`
	Size      int64        `json:"size"`
	MediaType string       `json:"media_type"`
}

// Beside reports a step that goes on beside the document's way: people decide about
// the document meanwhile, and what it makes is no part of what they see.
func (s Step) Beside() bool { return s == StepSearchable }
