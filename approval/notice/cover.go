package notice

import "onewindow/document"

// Cover is a sheet to be printed and laid in front of paper that is scanned
// (P3.3): what its code says, and the same in words for the people who handle it.
type Cover struct {
	document.Sheet
	Project string // name; "" is not printed
	Applies string // name of the item
	Title   string // name of the material; "" is any paper of the case
	Made    string // when and where it was made, e.g. "2026年11月27日 10:15 长沙市政务服务大厅"
}
