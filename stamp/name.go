package stamp

import "strconv"

// Name identifies a template and its version in records, e.g. "standard/1".
func (t Template) Name() string { return t.ID + "/" + strconv.Itoa(t.Version) }
