package setup_test

import (
	"maps"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/config"
)

// With alerts in a channel that one person picked, or notices at an address that one person
// gave, that person could keep everything from the others.
func TestOnePersonAloneMovesNeitherAlertsNorNotices(t *testing.T) {
	const people = `"roles":` + three
	const picked = `,"alerts":{"platform":"desk","channel":"C1"}`
	for name, tc := range map[string]struct {
		chosen, channel string
		wants           map[string][]string
		row             string
		got             func(bot.Org) string
		before, after   string
	}{
		"a first channel":       {people, "C9", map[string][]string{"where": {"here"}}, "Alerts: to a channel", channel, "", "C9"},
		"another channel":       {people + picked, "C9", map[string][]string{"where": {"here"}}, "Alerts: to a channel", channel, "C1", "C9"},
		"no channel any more":   {people + picked, "C9", map[string][]string{"where": {"direct"}}, "direct message", channel, "C1", ""},
		"a first address":       {people + picked, "C1", map[string][]string{"where": {"here"}, "lead-email": {"dee@example.org"}}, "a new address for the data protection lead", address, "", "dee@example.org"},
		"another address":       {people + `,"emails":{"dp-lead":"sam@example.org"}`, "", map[string][]string{"lead-email": {"dee@example.org"}}, "a new address for the data protection lead", address, "sam@example.org", "dee@example.org"},
		"no address any more":   {people + `,"emails":{"dp-lead":"sam@example.org"}`, "", map[string][]string{"lead-email": {""}}, "a new address for the data protection lead", address, "sam@example.org", ""},
		"by the settings' lead": {`"roles":{"deputy":["desk:dee"],"trustee":["desk:tess"]}`, "C9", map[string][]string{"where": {"here"}}, "Alerts: to a channel", channel, "", "C9"},
		"with somebody put in":  {`"roles":{"dp-lead":["desk:sam"],"deputy":["desk:dee"]}`, "C9", map[string][]string{"where": {"here"}}, "Alerts: to a channel", channel, "", "C9"},
	} {
		t.Run(name, func(t *testing.T) {
			o := openedWith(t, "{"+tc.chosen+"}", func(c *config.Config) {
				c.Mail.Server = "smtp.example.org:587"
				if name == "by the settings' lead" {
					c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "desk", ID: "sam"}}}
				}
			})
			wants := map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}}
			maps.Copy(wants, tc.wants)
			said := o.wantsIn("dee", tc.channel, wants)
			if !strings.Contains(said, "A second person needs to agree") || tc.got(o.org()) != tc.before {
				t.Fatalf("dee alone is answered %q, and it is %q", said, tc.got(o.org()))
			}
			if o.asked("sam") == "" || !o.told("sam", tc.row) || o.asked("dee") != "" || o.posted("C9") {
				t.Fatalf("asked: sam %q, dee %q; posted in the channel: %v; told %+v", o.asked("sam"), o.asked("dee"), o.posted("C9"), o.desk.got)
			}
			if said := o.do("dee", agree(o.asked("sam"))); tc.got(o.org()) != tc.before {
				t.Errorf("dee agrees with themselves: %q", said)
			}
			if said := o.do("sam", agree(o.asked("sam"))); tc.got(o.org()) != tc.after {
				t.Errorf("sam agrees: %q, and it is %q", said, tc.got(o.org()))
			}
		})
	}
}

func channel(o bot.Org) string { return o.Alerts.Channel }

func address(o bot.Org) string {
	for _, at := range o.Notices[bot.DPLead] {
		return at.User
	}
	return ""
}

// posted says whether anything went to a channel.
func (o *office) posted(channel string) bool {
	for _, m := range o.desk.got {
		if m.To.Channel == channel {
			return true
		}
	}
	return false
}

// What stands in the settings is no change, and what is stored beneath it stays as it was.
func TestAnAddressInTheSettingsIsNoChange(t *testing.T) {
	o := openedWith(t, `{"roles":`+three+`,"emails":{"deputy":"old@example.org"}}`, func(c *config.Config) {
		c.Mail.Server = "smtp.example.org:587"
		c.Organisations[0].Emails = map[string][]string{"dp-lead": {"sam@example.org"}, "deputy": {"dee@example.org"}}
	})
	if said := o.wants("dee", map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}}); strings.Contains(said, "second person") {
		t.Errorf("answered %q", said)
	}
	if address(o.org()) != "sam@example.org" {
		t.Errorf("the address is %q", address(o.org()))
	}
}

// Nobody else is in charge yet, so there is nobody from whom it could be kept.
func TestALoneLeadPicksAFirstPlaceAlone(t *testing.T) {
	o := openedWith(t, `{"roles":{"dp-lead":["desk:sam"]}}`, func(c *config.Config) { c.Mail.Server = "smtp.example.org:587" })
	said := o.wantsIn("sam", "C1", map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}, "where": {"here"}, "lead-email": {"sam@example.org"}})
	if strings.Contains(said, "second person") || channel(o.org()) != "C1" || address(o.org()) != "sam@example.org" {
		t.Errorf("answered %q; alerts go to %q, notices to %q", said, channel(o.org()), address(o.org()))
	}
}

// Filling a role that nobody holds takes nothing from anybody, so it needs no second person. But
// everybody else in charge hears of it, and not only who was named.
func TestWhoFillsAnEmptyRoleAloneIsHeardOf(t *testing.T) {
	o := opened(t, `{"dp-lead":["desk:sam"],"deputy":["desk:dee"]}`)
	if said := o.wants("dee", map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}}); strings.Contains(said, "second person") {
		t.Errorf("answered %q", said)
	}
	for _, user := range []string{"sam", "tess"} {
		if !o.told(user, "has changed the set-up") || !o.told(user, "now nobody, then Tess") {
			t.Errorf("%s is not told: %+v", user, o.desk.got)
		}
	}
	if o.told("dee", "has changed the set-up") {
		t.Error("dee is told what dee did")
	}
	heard := len(o.desk.got)
	if o.wants("dee", map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}}); len(o.desk.got) != heard+1 { // the test alert
		t.Errorf("nothing was changed, and told is %+v", o.desk.got[heard:])
	}
	o = opened(t, `{"dp-lead":["desk:sam"]}`)
	if said := o.wants("sam", map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}}); strings.Contains(said, "second person") {
		t.Errorf("a lone lead is answered %q", said)
	}
}
