// Package hotfolder is the physical window's door: a folder that scanners write
// to. A file is taken when it rests and is complete, claimed by a rename, and
// leaves only when the stored copy was read back and matched.
//
//	inbox/<hall>/<window>/[<case or project>/][<material>/]file
//	inbox/.onewindow/claimed/<token>/   being taken in; survives a crash
//	inbox/.onewindow/received/          stored, on its way through the pipeline
//	inbox/.onewindow/done/<day>/        finished
//	inbox/.onewindow/quarantine/        could not be used; a reason file beside it
//
// Events are hints; the periodic search is the truth. Several watchers may share
// one folder: the rename lets exactly one of them have a file.
package hotfolder
