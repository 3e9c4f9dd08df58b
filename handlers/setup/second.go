package setup

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// Who is in charge decides who hears of a breach and whom a report goes round. So one person
// alone cannot change it: somebody else in charge must agree, or, where they are silent for a
// day or there is nobody else, somebody whom the change puts in charge.
const (
	secondKind = "setup.second" // stored with jobs
	secondWait = 24 * time.Hour
	secondLife = 7 * 24 * time.Hour
)

// fixed leaves in a plan as it is stored what stands in the configuration, which counts more,
// and returns the roles that the plan would have changed there.
func fixed(t bot.Turn, stored bot.Chosen, next *bot.Chosen) (kept []bot.Role) {
	for _, role := range everyRole() {
		now := t.Org.People[role]
		if len(now) > 0 && !slices.Equal(now, stored.Roles[role]) {
			if !slices.Equal(now[:1], next.Roles[role]) {
				kept = append(kept, role)
			}
			leave(next.Roles, role, stored.Roles)
		}
		if mails := t.Org.Notices[role]; len(mails) > 0 && mails[0].User != stored.Emails[role] {
			leave(next.Emails, role, stored.Emails)
		}
	}
	if t.Org.Alerts.Channel != "" && t.Org.Alerts != stored.Alerts {
		next.Alerts = stored.Alerts
	}
	return kept
}

func leave[V any](next map[bot.Role]V, role bot.Role, stored map[bot.Role]V) {
	delete(next, role)
	if was, there := stored[role]; there {
		next[role] = was
	}
}

// changes says whether the plan takes a role from somebody, or sends alerts or notices to another place. A
// first place counts too where somebody else is in charge: they would not know where to look.
func changes(t bot.Turn, stored, next bot.Chosen) bool {
	for role, now := range stored.Roles {
		if len(now) > 0 && !slices.Equal(now, next.Roles[role]) {
			return true
		}
	}
	alone := len(others(t, t.Org.People)) == 0
	for _, role := range everyRole() {
		now, then := stored.Emails[role], next.Emails[role]
		if now != then && (now != "" || !alone) {
			return true
		}
	}
	return stored.Alerts != next.Alerts && (stored.Alerts.Channel != "" || !alone)
}

// tell lets everybody in charge know what one of them has changed alone: whom they put into a role that was empty.
func tell(ctx context.Context, t bot.Turn, o *bot.Outcome, stored, next bot.Chosen) {
	known := others(t, t.Org.People)
	changed := rows(ctx, t, stored, bot.Wanted{Roles: next.Roles, Alerts: next.Alerts, Emails: next.Emails, WorksIn: next.WorksIn})
	if len(known) == 0 || len(changed) == 0 {
		return
	}
	whom := append(known, others(t, next.Roles)...)
	slices.Sort(whom)
	for _, id := range slices.Compact(whom) {
		o.Posts = append(o.Posts, bot.Post{Key: "setup/alone/" + string(next.Test) + "/" + string(id), To: bot.ToPerson(id), Class: scheduler.Escalation,
			Message: *bot.Say(t.Say("setup.alone", "name", t.ByName()), t.Say("setup.alone-more", "name", t.ByName())).List(bot.Pairs, changed...)})
	}
}

func everyRole() []bot.Role { return append(inCharge(), bot.SafeguardingLead) }

// others are the people in charge, as things stand or as they would be, without the one who acts.
func others(t bot.Turn, roles map[bot.Role][]bot.PersonID) (ids []bot.PersonID) {
	for _, role := range inCharge() {
		for _, id := range roles[role] {
			if id != t.By.ID && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// wish keeps the change until a second person has agreed, and asks them.
func (h handler) wish(ctx context.Context, t bot.Turn, c, next bot.Chosen) bot.Outcome {
	asked := others(t, t.Org.People)
	if len(asked) == 0 {
		asked = others(t, next.Roles)
	}
	w := bot.Wanted{Ref: t.NewRef("CH"), Roles: next.Roles, Alerts: next.Alerts, Emails: next.Emails, WorksIn: next.WorksIn, By: t.By.ID, At: t.Now, Asked: asked}
	c.Wanted = &w
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{bot.ChosenRef: c}, Audit: []string{"setup.wanted"},
		Reply: bot.Say(t.Say("setup.second-needed"), t.Say("setup.second-asked", "names", named(ctx, t, asked))),
		Jobs:  []scheduler.Job{{Key: scheduler.Key{Kind: secondKind, Name: string(w.Ref)}, Due: t.Now.Add(secondWait), Class: scheduler.Routine, About: string(w.Ref)}}}
	ask(ctx, t, &o, c, asked)
	return o
}

// ask shows the change to people whose yes counts.
func ask(ctx context.Context, t bot.Turn, o *bot.Outcome, c bot.Chosen, whom []bot.PersonID) {
	w := *c.Wanted
	for _, id := range whom {
		m := bot.Say(t.Say(about("setup.second", c, w), "name", t.KnownName(ctx, w.By)), t.Say("setup.second-more")).List(bot.Pairs, rows(ctx, t, c, w)...).
			With(bot.Button{Action: "setup.agree", Label: t.Say("setup.button-agree"), Ref: w.Ref, Style: bot.Primary},
				bot.Button{Action: "setup.refuse", Label: t.Say("setup.button-refuse"), Ref: w.Ref})
		o.Posts = append(o.Posts, bot.Post{Key: secondKey(w.Ref, id), To: bot.ToPerson(id), Class: scheduler.Escalation, Message: *m})
	}
}

// about is the key of a sentence for a change of people, or, with the ending "-where", of a place alone.
func about(key string, c bot.Chosen, w bot.Wanted) string {
	for _, role := range everyRole() {
		if !slices.Equal(c.Roles[role], w.Roles[role]) {
			return key
		}
	}
	return key + "-where"
}

func secondKey(ref bot.Ref, id bot.PersonID) string {
	return "setup/second/" + string(ref) + "/" + string(id)
}

// rows tell what changes, role by role.
func rows(ctx context.Context, t bot.Turn, c bot.Chosen, w bot.Wanted) (items []string) {
	for _, role := range everyRole() {
		now, then := c.Roles[role], w.Roles[role]
		if !slices.Equal(now, then) {
			items = append(items, t.Called(role), t.Say("setup.second-row", "now", named(ctx, t, now), "then", named(ctx, t, then)))
		}
	}
	if w.Alerts != c.Alerts {
		where := t.Say("setup.where-direct")
		if w.Alerts.Channel != "" {
			where = t.Say("setup.where-channel")
		}
		items = append(items, t.Say("setup.row-where"), where)
	}
	if !slices.Equal(w.WorksIn, c.WorksIn) {
		items = append(items, t.Say("setup.ask-works-in"), placed(t, w.WorksIn))
	}
	for _, role := range []bot.Role{bot.DPLead, bot.Deputy} {
		if w.Emails[role] != c.Emails[role] { // the address itself is nobody else's business
			items = append(items, t.Say("setup.row-mail"), t.Say("setup.second-mail", "role", t.Called(role)))
		}
	}
	return items
}

func named(ctx context.Context, t bot.Turn, ids []bot.PersonID) string {
	if len(ids) == 0 {
		return t.Say("setup.nobody")
	}
	var names []string
	for _, id := range ids {
		names = append(names, t.KnownName(ctx, id))
	}
	return strings.Join(names, ", ")
}

// waiting loads the change that this reference names, or says why there is none for this person.
func (h handler) waiting(ctx context.Context, t bot.Turn, ref bot.Ref) (c bot.Chosen, no *bot.Outcome, err error) {
	c, err = bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return c, nil, err
	}
	say := func(key string, fill ...string) *bot.Outcome { o := t.Reply(key, fill...); return &o }
	switch w := c.Wanted; {
	case w == nil || w.Ref != ref || t.Now.Sub(w.At) > secondLife:
		if !t.By.Has(inCharge()...) {
			return c, say("bot.wrong-role", "role", t.Called(inCharge()...)), nil
		}
		return c, say("setup.second-over"), nil
	case w.By == t.By.ID:
		return c, say("setup.second-other"), nil
	case !slices.Contains(w.Asked, t.By.ID):
		return c, say("bot.wrong-role", "role", t.Called(inCharge()...)), nil
	}
	return c, nil, nil
}

// agree is the second person's yes: the change is made, and everybody it touches is told.
func (h handler) agree(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	c, no, err := h.waiting(ctx, t, ref)
	if err != nil || no != nil {
		return orNothing(no), err
	}
	w := *c.Wanted
	line, changed := t.Say(about("setup.second-agreed", c, w), "name", t.KnownName(ctx, w.By), "second", t.ByName()), rows(ctx, t, c, w)
	c.Wanted, c.Roles, c.Alerts, c.Emails, c.WorksIn, c.At = nil, w.Roles, w.Alerts, w.Emails, w.WorksIn, t.Now
	o := h.send(t, c)
	o.Audit = append(o.Audit, "setup.agreed")
	o.Stop = append(o.Stop, scheduler.Key{Kind: secondKind, Name: string(ref)})
	touched := append(append(others(t, t.Org.People), others(t, w.Roles)...), w.Asked...)
	slices.Sort(touched)
	for _, id := range slices.Compact(touched) {
		o.Posts = append(o.Posts, bot.Post{Key: secondKey(ref, id), To: bot.ToPerson(id), Class: scheduler.Escalation,
			Message: *bot.Say(line).List(bot.Pairs, changed...)})
	}
	o.Reply = bot.Say(line, t.Say("setup.second-done"))
	return o, nil
}

// refuse is the second person's no: nothing changes, and whoever wanted it is told.
func (h handler) refuse(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	c, no, err := h.waiting(ctx, t, ref)
	if err != nil || no != nil {
		return orNothing(no), err
	}
	w := *c.Wanted
	c.Wanted = nil
	line := bot.Say(t.Say("setup.second-refused", "name", t.ByName()))
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{bot.ChosenRef: c}, Audit: []string{"setup.refused"}, Reply: line,
		Stop:  []scheduler.Key{{Kind: secondKind, Name: string(ref)}},
		Posts: []bot.Post{{Key: secondKey(ref, w.By), To: bot.ToPerson(w.By), Class: scheduler.Escalation, Message: *line}}}
	for _, id := range w.Asked {
		o.Posts = append(o.Posts, bot.Post{Key: secondKey(ref, id), To: bot.ToPerson(id), Class: scheduler.Escalation, Message: *line})
	}
	return o, nil
}

// silent asks those whom the change would put in charge, when nobody has answered for a day:
// whoever was in charge may be gone.
func (h handler) silent(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	c, err := bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if err != nil || c.Wanted == nil || c.Wanted.Ref != bot.Ref(job.Name) {
		return bot.Outcome{}, err
	}
	w := *c.Wanted
	var more []bot.PersonID
	for _, id := range others(t, w.Roles) {
		if id != w.By && !slices.Contains(w.Asked, id) {
			more = append(more, id)
		}
	}
	if len(more) == 0 {
		return bot.Outcome{}, nil
	}
	w.Asked = append(slices.Clone(w.Asked), more...)
	c.Wanted = &w
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{bot.ChosenRef: c}}
	ask(ctx, t, &o, c, more)
	return o, nil
}

func orNothing(o *bot.Outcome) bot.Outcome {
	if o == nil {
		return bot.Outcome{}
	}
	return *o
}
