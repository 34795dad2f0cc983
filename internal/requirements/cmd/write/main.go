// Command write makes docs/requirements.md; run it by go generate.
package main

import (
	"fmt"
	"os"

	"onewindow/internal/requirements"
)

func main() {
	page, err := requirements.Page("../..")
	if err == nil {
		err = os.WriteFile("../../docs/requirements.md", []byte(page), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "write requirements:", err)
		os.Exit(1)
	}
}
