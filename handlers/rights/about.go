package rights

import (
	"slices"

	"shareright/bot"
)

// hidden says that the request is about this person's role: for them it does not exist.
func (r Request) hidden(p bot.Person) bool { return r.About != bot.Anyone && p.Has(r.About) }

// audience is who has the request in hand: the lead, or a trustee where it is about the lead.
func (r Request) audience(t bot.Turn) bot.Audience {
	if r.About == bot.DPLead {
		return r.around(t, bot.Trustee)
	}
	return r.around(t, bot.DPLead)
}

// around is a role, reached privately and round the people it is about.
func (r Request) around(t bot.Turn, role bot.Role) bot.Audience {
	if r.About == bot.Anyone {
		return bot.ToRole(role)
	}
	return bot.ToRolePrivately(role, t.Org.People[r.About]...)
}

// second is a role for a second opinion: by direct message, never the person who was
// first, and never those it is about.
func (r Request) second(t bot.Turn, role bot.Role, first bot.PersonID) bot.Audience {
	return bot.ToRolePrivately(role, append(slices.Clone(t.Org.People[r.About]), first)...)
}

// mayAct says who works on a request: the lead and the deputy, and the trustee where it is about the lead.
func (r Request) mayAct(p bot.Person) bool {
	return !r.hidden(p) && (p.Has(leads()...) || r.About == bot.DPLead && p.Has(bot.Trustee))
}

// mayCheck says who may be the second person: those who work on it, and the trustees.
func (r Request) mayCheck(p bot.Person) bool {
	return !r.hidden(p) && (r.mayAct(p) || p.Has(bot.Trustee))
}

// isAbout says whether somebody holds the role that the request is about.
func (r Request) isAbout(t bot.Turn, id bot.PersonID) bool {
	return r.About != bot.Anyone && slices.Contains(t.Org.People[r.About], id)
}

// another says whether somebody else could be the second person: in a role that may, and not about whom it is.
func another(t bot.Turn, r Request, more ...bot.Role) bool {
	for _, role := range append([]bot.Role{bot.DPLead, bot.Deputy, bot.Trustee}, more...) {
		if slices.ContainsFunc(t.Org.People[role], func(id bot.PersonID) bool { return id != t.By.ID && !r.isAbout(t, id) }) {
			return true
		}
	}
	return false
}
