package directory

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
	"shareright/config"
)

// people is a bot.Tx that keeps rows in memory. Whatever else a transaction can do is not asked of it.
type people struct {
	bot.Tx
	rows map[string]bot.Row
	puts int
}

func (p *people) Get(_ context.Context, org bot.OrgID, kind, ref string) (bot.Row, error) {
	row, ok := p.rows[string(org)+"/"+kind+"/"+ref]
	if !ok {
		return row, bot.ErrNotFound
	}
	return row, nil
}

func (p *people) Put(_ context.Context, org bot.OrgID, row bot.Row) error {
	key := string(org) + "/" + row.Kind + "/" + row.Ref
	if p.rows[key].Version != row.Version {
		return bot.ErrConflict
	}
	row.Version++
	p.puts++
	p.rows[key] = row
	return nil
}

func (p *people) Find(_ context.Context, org bot.OrgID, q bot.Query) ([]bot.Row, error) {
	var found []bot.Row
	for key, row := range p.rows {
		if strings.HasPrefix(key, string(org)+"/"+q.Kind+"/") {
			found = append(found, row)
		}
	}
	return found, nil
}

// club has a channel, two leads, a deputy and a trustee, and nobody for safeguarding.
func club() config.Config {
	c := config.Default()
	o := &c.Organisations[0]
	o.Escalation = config.Contact{Platform: "slack", ID: "C1"}
	o.Roles = map[string][]config.Contact{
		"dp-lead": {{Platform: "slack", ID: "LEAD"}, {Platform: "discord", ID: "22"}},
		"deputy":  {{Platform: "slack", ID: "DEP"}},
		"trustee": {{Platform: "slack", ID: "TRU"}},
	}
	return c
}

func TestRoutesToAnAudience(t *testing.T) {
	at := bot.Address{Platform: "slack", Channel: "C9"}
	for name, tc := range map[string]struct {
		to   bot.Audience
		want []string // one string a route
	}{
		"the lead: the channel, both leads, then who stands in": {bot.ToRole(bot.DPLead),
			[]string{"slack#C1", "slack@LEAD discord@22", "slack@DEP", "slack@TRU"}},
		"the lead privately: never the channel": {bot.ToRolePrivately(bot.DPLead),
			[]string{"slack@LEAD discord@22", "slack@DEP", "slack@TRU"}},
		"round a lead: not the channel they read": {bot.Audience{Role: bot.DPLead, Not: []bot.PersonID{"slack:LEAD"}},
			[]string{"discord@22", "slack@DEP", "slack@TRU"}},
		"round a trustee, who stands in": {bot.ToRolePrivately(bot.DPLead, "slack:TRU"),
			[]string{"slack@LEAD discord@22", "slack@DEP"}},
		"the deputy, by direct message": {bot.ToRole(bot.Deputy),
			[]string{"slack@DEP", "slack@LEAD discord@22", "slack@TRU"}},
		"the safeguarding lead, whom nobody is, goes past the deputy": {bot.ToRolePrivately(bot.SafeguardingLead),
			[]string{"slack@TRU", "slack@LEAD discord@22"}},
		"a person":               {bot.ToPerson("discord:77"), []string{"discord@77"}},
		"a person it goes round": {bot.Audience{Person: "slack:A", Not: []bot.PersonID{"slack:A"}}, nil},
		"a known place":          {bot.Audience{At: &at}, []string{"slack#C9"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := New(club())
			org, err := d.OrgByID(t.Context(), "main")
			if err != nil {
				t.Fatal(err)
			}
			routes, err := d.Routes(t.Context(), nil, org, tc.to)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, drawn(routes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func drawn(routes []bot.Route) []string {
	var all []string
	for _, r := range routes {
		var one []string
		for _, a := range r {
			if a.User != "" {
				one = append(one, a.Platform+"@"+a.User)
			} else {
				one = append(one, a.Platform+"#"+a.Channel)
			}
		}
		all = append(all, strings.Join(one, " "))
	}
	return all
}

func TestAnAddressStaysTheSameWhenANameBecomesKnown(t *testing.T) {
	d, tx := New(club()), &people{rows: map[string]bot.Row{}}
	org, _ := d.OrgByID(t.Context(), "main")
	before, _ := d.Routes(t.Context(), tx, org, bot.ToPerson("slack:A"))
	if _, err := d.Person(t.Context(), tx, org, "slack", "A", "Ali"); err != nil {
		t.Fatal(err)
	}
	after, _ := d.Routes(t.Context(), tx, org, bot.ToPerson("slack:A"))
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("a card would be posted twice instead of edited: %s", diff)
	}
}

func TestWhoSomebodyIs(t *testing.T) {
	d, tx := New(club()), &people{rows: map[string]bot.Row{}}
	org, _ := d.OrgByID(t.Context(), "main")
	p, err := d.Person(t.Context(), tx, org, "slack", "LEAD", "Sam")
	if err != nil || p.ID != "slack:LEAD" || p.Name != "Sam" || !p.Has(bot.DPLead) || p.Has(bot.Deputy) {
		t.Errorf("the lead is %+v, %v", p, err)
	}
	if _, err := d.Person(t.Context(), tx, org, "slack", "LEAD", "Sam"); err != nil || tx.puts != 1 {
		t.Errorf("an unchanged name was stored %d times, %v", tx.puts, err)
	}
	if p, err = d.Person(t.Context(), tx, org, "slack", "LEAD", ""); err != nil || p.Name != "Sam" {
		t.Errorf("without a name from the platform: %+v, %v", p, err)
	}
	if p, err = d.Person(t.Context(), tx, org, "slack", "LEAD", "Sam Lee"); err != nil || p.Name != "Sam Lee" || tx.puts != 2 {
		t.Errorf("a changed name: %+v, %v", p, err)
	}
	if p, err = d.Person(t.Context(), tx, org, "discord", "LEAD", ""); err != nil || len(p.Roles) != 0 {
		t.Errorf("the same id on another platform is somebody else: %+v, %v", p, err)
	}
	if p, err = d.ByID(t.Context(), tx, org, "slack:DEP"); err != nil || !p.Has(bot.Deputy) {
		t.Errorf("a holder who never spoke: %+v, %v", p, err)
	}
	if _, err = d.ByID(t.Context(), tx, org, "slack:NOBODY"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestAWorkspaceBelongsToOneOrganisation(t *testing.T) {
	two := config.Default()
	two.Organisations = []config.Organisation{
		{ID: "one", Workspaces: []config.Contact{{Platform: "slack", ID: "T1"}}},
		{ID: "two", Workspaces: []config.Contact{{Platform: "slack", ID: "T2"}}},
	}
	listed := club()
	listed.Organisations[0].Workspaces = []config.Contact{{Platform: "slack", ID: "T1"}}
	for name, tc := range map[string]struct {
		c                   config.Config
		platform, workspace string
		want                bot.OrgID // empty: a stranger
	}{
		"the only one takes all":              {club(), "slack", "T9", "main"},
		"the first of two":                    {two, "slack", "T1", "one"},
		"the second of two":                   {two, "slack", "T2", "two"},
		"an unknown workspace":                {two, "slack", "T3", ""},
		"the same id on another platform":     {two, "discord", "T1", ""},
		"the only one lists another":          {listed, "slack", "T2", ""},
		"the only one lists another platform": {listed, "terminal", "", "main"},
	} {
		t.Run(name, func(t *testing.T) {
			org, err := New(tc.c).Org(t.Context(), tc.platform, tc.workspace)
			if org.ID != tc.want || (tc.want == "") != errors.Is(err, bot.ErrNotFound) {
				t.Errorf("want %q, got %q, %v", tc.want, org.ID, err)
			}
		})
	}
}
