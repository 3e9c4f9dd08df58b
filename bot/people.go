package bot

import (
	"context"
	"slices"
	"strings"

	"shareright/knowledge/calendar"
)

// Reply is an outcome that only says one sentence from knowledge/words to the person who acted.
func (t Turn) Reply(key string, fill ...string) Outcome {
	return Outcome{Reply: Say(t.Say(key, fill...))}
}

// ByName is what the person who acted is called: a name, or the id where no name is known.
func (t Turn) ByName() string {
	if t.By.Name != "" {
		return t.By.Name
	}
	return string(t.By.ID)
}

// Today is the day of the turn in the organisation's time zone.
func (t Turn) Today() calendar.Date { return calendar.On(t.Now, t.Org.Zone) }

// Nation is the organisation's nation, England and Wales where none is set.
func (t Turn) Nation() calendar.Nation { return t.Org.nation() }

func (o Org) nation() calendar.Nation {
	if n, err := calendar.ParseNation(o.Nation); err == nil {
		return n
	}
	return calendar.EnglandWales
}

// Mornings are when the organisation's people are reminded: the days and the hour.
func (t Turn) Mornings() calendar.Mornings { return t.calendar.Mornings(t.Nation()) }

// everyRole lists the roles in the order of their duty.
var everyRole = []Role{DPLead, Deputy, SafeguardingLead, Trustee}

// Meant is who somebody means by "me", a role, a name or an id; nobody named means the
// data protection lead. A plain name is somebody on the same platform.
func (t Turn) Meant(named string) PersonID {
	named = strings.Trim(strings.TrimSpace(named), "<@>")
	named, _, _ = strings.Cut(named, "|")
	for _, role := range everyRole {
		meant := strings.EqualFold(named, string(role)) || strings.EqualFold(named, t.Called(role)) || named == "" && role == DPLead
		if holders := t.Org.People[role]; meant && len(holders) > 0 {
			return holders[0]
		}
	}
	platform, _, _ := strings.Cut(string(t.By.ID), ":")
	switch {
	case named == "", strings.EqualFold(named, "me"), strings.EqualFold(named, t.By.Name):
		return t.By.ID
	case strings.Contains(named, ":"):
		return PersonID(named)
	case strings.ContainsAny(named, "0123456789"):
		return PersonID(platform + ":" + named)
	}
	return PersonID(platform + ":" + strings.ToLower(strings.Join(strings.Fields(named), "-")))
}

// NameOf is what others call somebody: by their role, or else by name.
func (t Turn) NameOf(ctx context.Context, id PersonID) string {
	for _, role := range everyRole {
		if slices.Contains(t.Org.People[role], id) {
			return t.Called(role)
		}
	}
	return t.KnownName(ctx, id)
}

// KnownName is the name that somebody goes by on their platform, where it has told it. Where
// it has not, it is their role, a name that the id holds, or "somebody": never a number.
func (t Turn) KnownName(ctx context.Context, id PersonID) string {
	_, text, _ := strings.Cut(string(id), ":")
	number := text == "" || strings.ContainsAny(text, "0123456789")
	if t.dir != nil {
		if p, err := t.dir.ByID(ctx, t.tx, t.Org, id); err == nil && p.Name != "" && p.Name != text {
			return p.Name
		}
	}
	for _, role := range everyRole {
		if slices.Contains(t.Org.People[role], id) {
			return t.Called(role)
		}
	}
	switch {
	case id == t.By.ID && t.By.Name != "" && t.By.Name != text:
		return t.By.Name
	case number:
		return t.Say("bot.somebody")
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
