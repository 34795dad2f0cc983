package sample_test

import (
	"fmt"

	"onewindow/internal/sample"
)

// Papers made from one project agree with each other.
func ExampleMake() {
	p := sample.NewProject(7)
	permit := sample.Make("rd-construction-permit", p, 1)
	record := sample.Make("rd-completion-record", p, 1)
	fmt.Println(permit.Title)
	fmt.Println(permit.Truth.Fields["doc_no"] == record.Truth.Fields["construction_permit_no"])
	// Output:
	// 中华人民共和国建筑工程施工许可证
	// true
}

// Read gives a page as a perfect reader would, for tests of what comes after
// recognition.
func ExampleDocument_Read() {
	d := sample.Make("rd-eia-reply", sample.NewProject(1), 1)
	page := d.Read(300)[0]
	fmt.Println(page.Width, page.Height, page.Lines[0].Text)
	// Output:
	// 2480 3508 长沙市生态环境局
}
