package bot

import (
	"context"
	"fmt"
	"regexp"
)

// Whoever is in charge may look at every record that does not go round them. So it is on record
// who looked at which, and who was turned away: a person who reads what is none of their business
// can be found out afterwards. What a platform shows by itself, such as an old card, nobody can note.

// recordRef is how a reference of a record begins. A button may carry other things, which are not noted.
var recordRef = regexp.MustCompile(`^[A-Z]{2,4}-[0-9A-Z]{2,12}`)

// looked notes that somebody in charge was shown something, where the outcome does nothing else:
// whatever changes a record is noted anyway.
func (t Turn) looked(ctx context.Context, what string, o Outcome) error {
	shows := o.Reply != nil || o.Ask != nil || len(o.Page) > 0
	if len(t.By.Roles) == 0 || !shows || len(o.Save)+len(o.Erase)+len(o.Posts)+len(o.Audit) > 0 {
		return nil
	}
	return t.noted(ctx, "seen", what)
}

// noted puts what somebody did with a record on the audit trail.
func (t Turn) noted(ctx context.Context, what, with string) error {
	e := Entry{At: t.Now, Who: t.By.ID, What: what, Ref: Ref(recordRef.FindString(string(t.Ref))), Note: with}
	if err := t.tx.Append(ctx, t.Org.ID, e); err != nil {
		return fmt.Errorf("append to the audit trail: %w", err)
	}
	return nil
}

// turnedAway is the answer to somebody without the role, and a line on the audit trail.
func (t Turn) turnedAway(ctx context.Context, what, key string, who []Role) (Response, error) {
	if err := t.noted(ctx, "refused", what); err != nil {
		return Response{}, err
	}
	return reply(Say(t.Say(key, "role", t.Called(who...))))
}
