package access

import (
	"context"
	"fmt"
	"slices"

	"onewindow/storage"
)

// Posts knows who is appointed to what (casework/organisation).
type Posts interface {
	// Post returns what an account is appointed to, nil for one that is not.
	Post(ctx context.Context, account string) (*storage.Post, error)
}

// ownRoles are those an account has by itself; all others come from the
// appointment of whoever has one.
var ownRoles = []Role{Applicant, Admin, System}

// appointed gives somebody the rights of their appointment instead of those the
// account was made with. Errors: ErrDenied outside its period (W2.3).
func (g *Guard) appointed(ctx context.Context, w Who) (Who, error) {
	if g.Posts == nil {
		return w, nil
	}
	p, err := g.Posts.Post(ctx, w.Account)
	if err != nil {
		return Who{}, fmt.Errorf("find appointment: %w", err)
	}
	if p == nil {
		return w, nil
	}
	if !p.Active {
		return Who{}, ErrDenied
	}
	w.Roles = slices.DeleteFunc(slices.Clone(w.Roles), func(r Role) bool { return !slices.Contains(ownRoles, r) })
	for _, r := range p.Roles {
		w.Roles = append(w.Roles, Role(r))
	}
	w.Unit, w.Division, w.Hall, w.Window, w.Halls, w.Items = p.Unit, p.Division, p.Hall, p.Window, p.Halls, p.Items
	w.Actions = both(w.Actions, p.Actions)
	return w, nil
}

// both are the actions that a token and an appointment allow; nil allows all.
func both(token []Action, post []string) []Action {
	if post == nil {
		return token
	}
	out := []Action{}
	for _, a := range post {
		if token == nil || slices.Contains(token, Action(a)) {
			out = append(out, Action(a))
		}
	}
	return out
}

// HallsServed are the halls whose hot folders an account may look into; nil is all.
func (w Who) HallsServed() []string {
	if w.Hall == "" || w.Has(Admin) {
		return nil
	}
	return append([]string{w.Hall}, w.Halls...)
}

// ServesHall reports whether a clerk works for a hall: their own, or one they are
// lent to (G.10). A clerk without a hall serves all.
func (w Who) ServesHall(hall string) bool {
	return w.Hall == "" || hall == w.Hall || slices.Contains(w.Halls, hall)
}
