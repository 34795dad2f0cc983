package requirements

import "path/filepath"

// Page makes the text of docs/requirements.md for the source tree at root.
func Page(root string) (string, error) {
	reqs, err := Read(filepath.Join(root, "docs", "domain", "requirements.md"))
	if err != nil {
		return "", err
	}
	tests, err := Tests(root)
	if err != nil {
		return "", err
	}
	return Render(reqs, tests), nil
}
