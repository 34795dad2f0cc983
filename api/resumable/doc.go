// Package resumable is the door for uploads that may break off: tus 1.0
// (https://tus.io/protocols/resumable-upload) in front of the one Receive. What
// has come so far of a file lies in a folder; with the last byte it becomes a
// document, once, whoever asks and however often the process died on the way.
package resumable
