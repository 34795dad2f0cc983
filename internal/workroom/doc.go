// Package workroom is the room where foreign bytes are handled. A Room wires
// sandbox children to what reads and stamps files: "page" children open files
// and recognize their pages in one process, so that page images never travel
// between processes, and "stamp" children draw the mark.
//
// Nothing outside this package needs to import pagesource, an OCR engine or a
// stamper. The binary calls Main first thing.
//
// A child keeps the file it opened last, so the pages of a long file are read
// without parsing it again; calls for a file prefer the child that has it open.
//
// What the file is to blame for comes back as a *document.Refusal: besides the
// refusals of the implementations, time, memory and crashes. A child that had
// served other files before it crashed or grew may have been spoiled by them, so
// the call is repeated once in a fresh one before the file is blamed.
package workroom
