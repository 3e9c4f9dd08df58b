package bot_test

import (
	"testing"

	"shareright/bot"
)

func TestANameThatCouldBeTakenForAnothersHasTheIdBesideIt(t *testing.T) {
	for name, c := range map[string]struct {
		person bot.Person
		want   string
	}{
		"a name":                         {bot.Person{ID: "slack:U1", Name: "Sam O’Neill-Łuczak"}, "Sam O’Neill-Łuczak"},
		"a name in another script":       {bot.Person{ID: "slack:U1", Name: "Сара"}, "Сара"},
		"names of two scripts":           {bot.Person{ID: "slack:U1", Name: "Ольга Smith 🙂"}, "Ольга Smith 🙂"},
		"a letter of another script":     {bot.Person{ID: "slack:U1", Name: "S\u0430m"}, "S\u0430m (U1)"},
		"a Greek letter":                 {bot.Person{ID: "slack:U1", Name: "J\u03bf Example"}, "J\u03bf Example (U1)"},
		"wide letters":                   {bot.Person{ID: "discord:77", Name: "Ｓａｍ"}, "Ｓａｍ (77)"},
		"a letter out of sight":          {bot.Person{ID: "slack:U1", Name: "Sa\u200bm"}, "Sa\u200bm (U1)"},
		"turned round":                   {bot.Person{ID: "slack:U1", Name: "\u202emaS"}, "\u202emaS (U1)"},
		"a title that is not theirs":     {bot.Person{ID: "slack:U1", Name: "Data Protection Lead"}, "Data Protection Lead (U1)"},
		"a short title":                  {bot.Person{ID: "slack:U1", Name: "DP-Lead"}, "DP-Lead (U1)"},
		"a title that is theirs":         {bot.Person{ID: "slack:U1", Name: "Data Protection Lead", Roles: []bot.Role{bot.DPLead}}, "Data Protection Lead"},
		"somebody who is called like it": {bot.Person{ID: "terminal:dp-lead", Name: "dp-lead"}, "dp-lead"},
	} {
		if got := bot.ShownName(c.person); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Somebody who calls themselves like the lead, with a letter of another script, is told from the lead.
func TestWhoeverSpellsTheLeadsNameWithAnotherLetterIsTold(t *testing.T) {
	w := newWorld(t, toy())
	w.config.Organisations[0].Roles["deputy"][0].ID = "mallory"
	w.config.Organisations[0].Roles["dp-lead"] = append(w.config.Organisations[0].Roles["dp-lead"], w.config.Organisations[0].Roles["deputy"][0])
	w.open(toy())
	ref := w.report("jo")
	w.event(bot.Event{Platform: "desk", User: "mallory", UserName: "S\u0430m", What: bot.Pressed{Action: "toy.take", Ref: ref}})
	w.runDue()
	if got := w.desk.got[len(w.desk.got)-1].Message.Title; got != "Lost: bag. S\u0430m (mallory) has got this." {
		t.Errorf("the card says %q", got)
	}
}
