package training

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
)

// What people do besides the roles that hold a duty. The names are those of knowledge/training.
const (
	volunteer = bot.Role(knowledge.Volunteer)
	staff     = bot.Role(knowledge.Staff)
	everyone  = bot.Role("everyone")
)

// team is everybody of the organisation who is still there.
type team struct {
	members map[bot.PersonID]bot.Member
	entered []bot.Found[bot.Member]
	ids     []bot.PersonID // in the order of their names, then whoever only holds a role
	gone    map[bot.PersonID]bool
}

func teamOf(ctx context.Context, t bot.Turn) (team, error) {
	found, err := bot.Members(ctx, t)
	if err != nil {
		return team{}, err
	}
	return newTeam(t, found), nil
}

func newTeam(t bot.Turn, found []bot.Found[bot.Member]) team {
	found = slices.Clone(found)
	slices.SortFunc(found, func(a, b bot.Found[bot.Member]) int {
		return cmp.Or(strings.Compare(nameOr(t, a.Record), nameOr(t, b.Record)), cmp.Compare(a.Record.Person, b.Record.Person))
	})
	all := team{members: map[bot.PersonID]bot.Member{}, entered: found, gone: map[bot.PersonID]bool{}}
	for _, f := range found {
		all.members[f.Record.Person] = f.Record
		if f.Record.Gone(t.Today()) {
			all.gone[f.Record.Person] = true
			continue
		}
		all.ids = append(all.ids, f.Record.Person)
	}
	for _, role := range everyRole() {
		for _, id := range t.Org.People[role] {
			if !all.gone[id] && !slices.Contains(all.ids, id) {
				all.ids = append(all.ids, id)
			}
		}
	}
	return all
}

// member is what is known of somebody, at least their id.
func (all team) member(id bot.PersonID) bot.Member {
	m := all.members[id]
	m.Person = id
	return m
}

// does says what somebody does: the roles they hold and what was entered about them.
func (all team) does(t bot.Turn, id bot.PersonID) []bot.Role {
	return append(rolesOf(t.Org, id), all.members[id].Does...)
}

func rolesOf(org bot.Org, id bot.PersonID) []bot.Role {
	var held []bot.Role
	for _, role := range everyRole() {
		if slices.Contains(org.People[role], id) {
			held = append(held, role)
		}
	}
	return held
}

// holders is everybody who does something and has not left.
func (all team) holders(t bot.Turn, role bot.Role) []bot.PersonID {
	var ids []bot.PersonID
	for _, id := range all.ids {
		if role == everyone || slices.Contains(t.Org.People[role], id) || slices.Contains(all.members[id].Does, role) {
			ids = append(ids, id)
		}
	}
	return ids
}

// crowd is who is meant by somebody’s words.
type crowd struct {
	ids   []bot.PersonID
	as    map[bot.PersonID]bot.Role // the role that brings somebody in; none when they were named
	roles []bot.Role
}

func (c *crowd) add(id bot.PersonID, as bot.Role) {
	if _, in := c.as[id]; !in {
		c.ids = append(c.ids, id)
		c.as[id] = as
	}
}

// crowd reads names, ids and roles with commas between them. Mentions may have only spaces.
func (all team) crowd(t bot.Turn, who string, one bot.PersonID) crowd {
	c := crowd{as: map[bot.PersonID]bot.Role{}}
	if strings.HasPrefix(who, "<@") || strings.HasPrefix(who, "@") {
		who = strings.ReplaceAll(who, " ", ",")
	}
	for part := range strings.FieldsFuncSeq(who, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		part = strings.TrimSpace(part)
		if role := roleNamed(t, part); role != bot.Anyone {
			c.roles = append(c.roles, role)
		} else if part != "" {
			c.add(all.meant(t, part), bot.Anyone)
		}
	}
	if one != "" {
		c.add(all.meant(t, string(one)), bot.Anyone)
	}
	for _, role := range c.roles {
		for _, id := range all.holders(t, role) {
			c.add(id, role)
		}
	}
	return c
}

// meant is the person of this name among those who were entered, or whoever the name stands for.
func (all team) meant(t bot.Turn, name string) bot.PersonID { return t.MeantAmong(all.entered, name) }

// roleNamed is the role that a word stands for: "trustee", "the trustees", "dp-lead", "everyone".
func roleNamed(t bot.Turn, word string) bot.Role {
	word = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(word)), "the ")
	switch word {
	case "everyone", "everybody", "all", "team", "whole team", "all of us":
		return everyone
	case "staff", "workers", "employees", "all staff":
		return staff
	case "volunteer", "volunteers", "all volunteers", "helpers":
		return volunteer
	}
	word = strings.TrimSuffix(word, "s")
	for _, role := range everyRole() {
		if word == string(role) || word == strings.TrimPrefix(t.Called(role), "the ") {
			return role
		}
	}
	return bot.Anyone
}

// named is how many names are read out at once.
const named = 12

// names lists people for the lead, and how many more there are.
func (all team) names(t bot.Turn, ids []bot.PersonID) string {
	var list []string
	for _, id := range ids[:min(named, len(ids))] {
		if m := all.members[id]; m.Name != "" {
			list = append(list, m.Name)
			continue
		}
		list = append(list, called(t, id))
	}
	text := strings.Join(list, ", ")
	if more := len(ids) - named; more > 0 {
		text += " " + t.Say("training.names-more", "n", strconv.Itoa(more))
	}
	return text
}

// join brings the parts of a refresher in line with who holds its roles now.
func (h handler) join(t bot.Turn, all team, r *Refresher, found []bot.Found[Part], o *bot.Outcome) []bot.Found[Part] {
	in := map[bot.PersonID]bool{}
	for i, f := range found {
		p := f.Record
		holds := !all.gone[p.Person] && (p.Role == bot.Anyone || slices.Contains(all.holders(t, p.Role), p.Person))
		if p.State == open && !holds {
			p.State = closed
			p.replace(o, t.Say("training.over", "title", p.Title))
			o.Save[f.Ref] = p
			plan(t, f.Ref, p, o)
			found[i].Record = p
		}
		in[p.Person] = in[p.Person] || holds
	}
	for _, role := range r.Roles {
		for _, id := range all.holders(t, role) {
			if in[id] || !h.wants(*r, all.member(id)) {
				continue
			}
			in[id] = true
			ref, p := h.enrol(t, t.Ref, r, all.member(id), role, o)
			found = append(found, bot.Found[Part]{Ref: ref, Record: p})
		}
	}
	return found
}

// enrol brings one more person into a refresher.
func (h handler) enrol(t bot.Turn, of bot.Ref, r *Refresher, who bot.Member, role bot.Role, o *bot.Outcome) (bot.Ref, Part) {
	r.Count++
	due := calendar.Latest(r.First, t.Today().AddDays(starting))
	if topic, known := h.content.Topic(r.Topic); known && topic.ID == inductionTopic {
		due = calendar.Latest(who.Started, t.Today()).AddDays(topic.Days())
	}
	ref, p := partRef(of, r.Count), r.part(t, of, who, role, due)
	p.Where, p.Changed, p.wait = r.Where, r.Changed, spread(r.Count)
	h.add(t, ref, p, o)
	return ref, p
}

// wants says whether a refresher is for somebody: the first training only for whoever began since it was set.
func (h handler) wants(r Refresher, who bot.Member) bool {
	return r.Topic != inductionTopic || !who.Started.IsZero() && !who.Started.Before(r.First)
}
