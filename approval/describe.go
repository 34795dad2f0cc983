package approval

// Describe fills the parts of a result that its fields tell: title, issuer,
// dates, conclusion, project.
func Describe(r *Result) {
	f := r.Fields
	r.Title = first(f.Value("title"), r.TypeName)
	r.Issuer = first(f.Value("issuer"), f.Value("review_body"), f.Value("transferor"))
	r.IssueDate = first(f.Value("issue_date"), f.Value("sign_date"))
	r.ValidUntil = first(f.Value("valid_until"), NoExpiry)
	r.ProjectName = f.Value("project_name")
	if code := f["project_code"]; code.Valid { // a misread code would tie the result to nobody's project
		r.Project = first(r.Project, code.Value)
	}
	r.Positive = positive(f.Value("conclusion"))
}

// positive reports whether a conclusion allows the result to be a basis; a type
// without a conclusion is positive by being issued.
func positive(conclusion string) bool {
	switch conclusion {
	case "不合格", "不通过":
		return false
	}
	return true
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
