// Package approval is the vocabulary and the rules of approvals: projects,
// results, and the basis that later items rely on. Standard library only.
package approval
