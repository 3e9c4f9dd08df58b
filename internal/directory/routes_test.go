package directory

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
)

// reachable is the club with e-mail addresses, and a lead who has linked an account in Discord.
func reachable() (*Directory, *people) {
	c := club()
	o := &c.Organisations[0]
	o.Emails = map[string][]string{"dp-lead": {"lead@example.org"}, "deputy": {"dep@example.org"}, "safeguarding-lead": {"safe@example.org"}}
	o.Roles["dp-lead"] = o.Roles["dp-lead"][:1]
	alias := bot.Row{Kind: bot.AliasKind, Ref: "discord:77", Index: bot.Index{Owner: "slack:LEAD"}}
	return New(c), &people{rows: map[string]bot.Row{"main/alias/discord:77": alias}}
}

func TestTheWaysToAnAudienceInTheirOrder(t *testing.T) {
	for name, tc := range map[string]struct {
		to   bot.Audience
		want []string
	}{
		"the lead": {bot.ToRole(bot.DPLead), []string{"slack#C1", "slack@LEAD", "discord@77", "email@lead@example.org",
			"slack@DEP", "email@dep@example.org", "slack@TRU"}},
		"the safeguarding lead has an e-mail address and no account, so nobody knows whose it is": {bot.ToRolePrivately(bot.SafeguardingLead),
			[]string{"slack@TRU", "slack@LEAD", "discord@77", "email@lead@example.org"}},
		"round the lead: none of their accounts, and not their e-mail": {bot.ToRolePrivately(bot.Trustee, "slack:LEAD"),
			[]string{"slack@TRU", "slack@DEP", "email@dep@example.org"}},
		"round the lead, known by the linked account": {bot.ToRolePrivately(bot.DPLead, "discord:77"),
			[]string{"slack@DEP", "email@dep@example.org", "slack@TRU"}},
		"a person: their own account, then the linked one": {bot.ToPerson("slack:LEAD"), []string{"slack@LEAD", "discord@77"}},
		"a person, by the linked account":                  {bot.ToPerson("discord:77"), []string{"discord@77", "slack@LEAD"}},
	} {
		t.Run(name, func(t *testing.T) {
			d, tx := reachable()
			org, err := d.OrgByID(t.Context(), "main")
			if err != nil {
				t.Fatal(err)
			}
			routes, err := d.Routes(t.Context(), tx, org, tc.to)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, drawn(routes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnAddressChosenInChatCountsWhereTheSettingsNameNone(t *testing.T) {
	d, tx := reachable()
	tx.rows["main/chosen/organisation"] = bot.Row{Kind: bot.ChosenKind, Ref: bot.ChosenRef,
		Body: []byte(`{"roles":{},"emails":{"dp-lead":"other@example.org","trustee":"tru@example.org"}}`)}
	org, _ := d.OrgByID(t.Context(), "main")
	now, err := d.Now(t.Context(), tx, org)
	if err != nil {
		t.Fatal(err)
	}
	if lead, tru := now.Notices[bot.DPLead], now.Notices[bot.Trustee]; len(lead) != 1 || lead[0].User != "lead@example.org" || len(tru) != 1 || tru[0].User != "tru@example.org" {
		t.Errorf("lead %v, trustee %v", lead, tru)
	}
	if len(org.Notices[bot.Trustee]) != 0 {
		t.Error("what one turn read changed the settings for all")
	}
}
