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
func (t Turn) Nation() calendar.Nation {
	if n, err := calendar.ParseNation(t.Org.Nation); err == nil {
		return n
	}
	return calendar.EnglandWales
}

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

// NameOf is what others call somebody: a role, or a name where the id holds one.
func (t Turn) NameOf(id PersonID) string {
	for _, role := range everyRole {
		if slices.Contains(t.Org.People[role], id) {
			return t.Called(role)
		}
	}
	_, text, _ := strings.Cut(string(id), ":")
	switch {
	case id == t.By.ID && t.By.Name != "":
		return t.By.Name
	case text == "" || strings.ContainsAny(text, "0123456789"):
		return t.Say("bot.somebody")
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// KnownName is the name somebody goes by on their platform, where they have told it; otherwise NameOf.
func (t Turn) KnownName(ctx context.Context, id PersonID) string {
	if t.dir == nil {
		return t.NameOf(id)
	}
	if p, err := t.dir.ByID(ctx, t.tx, t.Org, id); err == nil && p.Name != "" {
		return p.Name
	}
	return t.NameOf(id)
}
