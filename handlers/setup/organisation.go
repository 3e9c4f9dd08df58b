package setup

import (
	"context"
	"errors"
	"strings"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

const (
	// alertWait is how long a test alert waits for an answer before the next people get it.
	alertWait = 10 * time.Minute
	// chaseKind is stored with jobs.
	chaseKind = "setup.chase"
)

// plan is what is asked. It is stored with unfinished dialogues: fields may be added, never renamed.
type plan struct {
	Lead         bot.PersonID `json:"lead,omitempty"`
	Deputy       bot.PersonID `json:"deputy,omitempty"`
	Safeguarding bot.PersonID `json:"safeguarding,omitempty"`
	Trustee      bot.PersonID `json:"trustee,omitempty"`
	Where        string       `json:"where,omitempty"` // here or direct
	Here         *bot.Address `json:"here,omitempty"`  // the channel where it was begun
	WorksIn      []string     `json:"works_in,omitempty"`
	Set          bool         `json:"set,omitempty"` // where they work stands in the configuration

	Mails       bool   `json:"mails,omitempty"` // e-mail is set up
	LeadEmail   string `json:"lead_email,omitempty"`
	DeputyEmail string `json:"deputy_email,omitempty"`
}

// emails are the addresses by role.
func (p *plan) emails() map[bot.Role]*string {
	return map[bot.Role]*string{bot.DPLead: &p.LeadEmail, bot.Deputy: &p.DeputyEmail}
}

// people are the questions of the form, by role.
func (p *plan) people() map[bot.Role]*bot.PersonID {
	return map[bot.Role]*bot.PersonID{bot.DPLead: &p.Lead, bot.Deputy: &p.Deputy, bot.SafeguardingLead: &p.Safeguarding, bot.Trustee: &p.Trustee}
}

// inCharge may change what was set up. While nobody is, a code or the installer begins.
func inCharge() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} }

func (h handler) form() bot.Form[plan] {
	return bot.Form[plan]{ID: "setup.organisation", Title: h.say("form"), Submit: h.say("submit"), Done: h.chosen, Pages: []bot.Page[plan]{
		{ID: "people", Title: h.say("form-people"), Fields: []bot.Field[plan]{
			bot.AskPerson("lead", h.say("ask-lead"), func(p *plan) *bot.PersonID { return &p.Lead }).Hint(h.say("hint-lead")).Why(h.say("why-lead")).Shown(),
			bot.AskPerson("deputy", h.say("ask-deputy"), func(p *plan) *bot.PersonID { return &p.Deputy }).Hint(h.say("hint-deputy")).Why(h.say("why-deputy")).Optional().Shown(),
			bot.AskPerson("safeguarding", h.say("ask-safeguarding"), func(p *plan) *bot.PersonID { return &p.Safeguarding }).Why(h.say("why-safeguarding")).Optional().Shown(),
			bot.AskPerson("trustee", h.say("ask-trustee"), func(p *plan) *bot.PersonID { return &p.Trustee }).Why(h.say("why-trustee")).Optional().Shown(),
			bot.AskMany("works-in", h.say("ask-works-in"), func(p *plan) *[]string { return &p.WorksIn }, h.nations()...).
				Hint(h.say("hint-works-in")).Why(h.say("why-works-in")).Optional().Shown().When(func(p plan) bool { return !p.Set }),
		}},
		{ID: "where", Title: h.say("form-where"), When: func(p plan) bool { return p.Here != nil }, Fields: []bot.Field[plan]{
			bot.AskOne("where", h.say("ask-where"), func(p *plan) *string { return &p.Where },
				bot.Option{Value: "here", Label: h.say("where-here")}, bot.Option{Value: "direct", Label: h.say("where-direct")}).Why(h.say("why-where")),
		}},
		{ID: "mail", Title: h.say("form-mail"), When: func(p plan) bool { return p.Mails }, Fields: []bot.Field[plan]{
			bot.AskEmail("lead-email", h.say("ask-lead-email"), func(p *plan) *string { return &p.LeadEmail }).Hint(h.say("hint-email")).Why(h.say("why-email")).Optional().Shown(),
			bot.AskEmail("deputy-email", h.say("ask-deputy-email"), func(p *plan) *string { return &p.DeputyEmail }).Hint(h.say("hint-email")).Why(h.say("why-email")).Optional().Shown(),
		}},
	}}
}

// nations are where an organisation may work.
func (h handler) nations() []bot.Option {
	var options []bot.Option
	for _, place := range []string{"england", "wales", "scotland", "northern-ireland"} {
		options = append(options, bot.Option{Value: place, Label: h.say("nation-" + place)})
	}
	return options
}

// placed are the nations in words.
func placed(t bot.Turn, nations []string) string {
	if len(nations) == 0 {
		return t.Say("setup.nation-none")
	}
	var names []string
	for _, place := range nations {
		names = append(names, t.Say("setup.nation-"+place))
	}
	return strings.Join(names, ", ")
}

// begin answers "/dp setup": the questions, or how far it is.
func (h handler) begin(ctx context.Context, t bot.Turn, typed string) (bot.Outcome, error) {
	allowed, spent, err := h.may(ctx, t, typed)
	if err != nil {
		return bot.Outcome{}, err
	}
	if !allowed {
		return bot.Outcome{Reply: bot.Say(t.Say("setup.not-yet"), t.Say("setup.not-yet-more"))}, nil
	}
	c, err := bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if err == nil && len(t.Org.People[bot.DPLead]) > 0 && !strings.EqualFold(typed, "again") {
		return bot.Outcome{Reply: h.progress(t, c)}, nil
	}
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	return bot.Outcome{Ask: h.form().Begin(known(t, c)), Erase: spent}, nil
}

// known is what is set up already, and the channel where the question was typed.
func known(t bot.Turn, c bot.Chosen) plan {
	p := plan{Here: t.At, Mails: t.Org.Mails, WorksIn: t.Org.WorksIn, Set: len(t.Org.WorksIn) > 0 && len(c.WorksIn) == 0}
	for role, at := range p.emails() {
		if known := t.Org.Notices[role]; len(known) > 0 {
			*at = known[0].User
		}
	}
	for role, at := range p.people() {
		if holders := t.Org.People[role]; len(holders) > 0 {
			*at = holders[0]
		}
	}
	return p
}

// may says who begins: those in charge; while there is nobody, the installer, or who has the code.
func (h handler) may(ctx context.Context, t bot.Turn, typed string) (ok bool, spent []bot.Erased, err error) {
	for _, role := range inCharge() {
		if len(t.Org.People[role]) > 0 {
			return t.By.Has(inCharge()...), nil, nil
		}
	}
	if t.Org.Installer != "" && t.Org.Installer == t.By.ID {
		return true, nil, nil
	}
	ref := bot.Ref(strings.ToUpper(strings.ReplaceAll(typed, "-", "")))
	code, err := bot.Load[bot.SetupCode](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) || typed == "" {
		return false, nil, nil
	}
	return err == nil && code.Until.After(t.Now), []bot.Erased{{Kind: bot.SetupCode{}.RecordKind(), Ref: ref}}, err
}

// chosen keeps what was set up, says so where alerts will come, and sends a test alert.
func (h handler) chosen(ctx context.Context, t bot.Turn, p plan) (bot.Outcome, error) {
	for _, role := range inCharge() { // two may have begun at once
		if len(t.Org.People[role]) > 0 && !t.By.Has(inCharge()...) {
			return t.Reply("bot.wrong-role", "role", t.Called(inCharge()...)), nil
		}
	}
	c := bot.Chosen{Roles: map[bot.Role][]bot.PersonID{}, Emails: map[bot.Role]string{}, By: t.By.ID, At: t.Now}
	if !p.Set {
		c.WorksIn = p.WorksIn
	}
	for role, at := range p.people() {
		if *at != "" {
			c.Roles[role] = []bot.PersonID{t.Meant(string(*at))}
		}
	}
	for role, at := range p.emails() {
		if *at != "" {
			c.Emails[role] = *at
		}
	}
	if p.Where == "here" && p.Here != nil {
		c.Alerts = *p.Here
	}
	stored, err := bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	kept := fixed(t, stored, &c)
	o := bot.Outcome{}
	if changes(t, stored, c) && len(others(t, t.Org.People))+len(others(t, c.Roles)) > 0 {
		o = h.wish(ctx, t, stored, c)
	} else {
		o = h.send(t, c)
		tell(ctx, t, &o, stored, o.Save[bot.ChosenRef].(bot.Chosen))
	}
	if len(kept) > 0 {
		o.Reply.Add(bot.Para, t.Say("setup.second-fixed", "roles", t.Called(kept...)))
	}
	return o, nil
}

// again sends another test alert.
func (h handler) again(ctx context.Context, t bot.Turn, _ bot.Ref) (bot.Outcome, error) {
	c, err := bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if errors.Is(err, bot.ErrNotFound) {
		c, err = bot.Chosen{By: t.By.ID, At: t.Now}, nil // people and place are in the configuration
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	c.By = t.By.ID
	return h.send(t, c), nil
}

// change opens the questions again.
func (h handler) change(ctx context.Context, t bot.Turn, _ bot.Ref) (bot.Outcome, error) {
	c, err := bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	return bot.Outcome{Ask: h.form().Begin(known(t, c))}, nil
}

func (h handler) send(t bot.Turn, c bot.Chosen) bot.Outcome {
	c.Test, c.Proved = t.NewRef("TA"), time.Time{}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{bot.ChosenRef: c}, Audit: []string{"setup.chosen"},
		Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: chaseKind, Name: string(c.Test)}, Due: t.Now.Add(alertWait), Class: scheduler.Escalation, About: string(c.Test)}}}
	if c.Alerts.Channel != "" {
		at := c.Alerts
		o.Posts = append(o.Posts, bot.Post{Key: "setup/hello/" + string(c.Test), To: bot.Audience{At: &at}, Class: scheduler.Routine,
			Message: *bot.Say(t.Say("setup.hello", "name", t.ByName()), t.Say("setup.hello-more"))})
	}
	o.Posts = append(o.Posts, bot.Post{Key: alertKey(c.Test), To: bot.ToRole(bot.DPLead).Louder(), Class: scheduler.Escalation, Message: *h.alert(t, c.Test), About: c.Test})
	o.Reply = h.progress(t, c)
	return o
}

func alertKey(ref bot.Ref) string { return "setup/test/" + string(ref) }

func (h handler) alert(t bot.Turn, ref bot.Ref) *bot.Message {
	return bot.Say(t.Say("setup.alert"), t.Say("setup.alert-more")).
		With(bot.Button{Action: "setup.ack", Label: t.Say("setup.button-ack"), Ref: ref, Style: bot.Primary})
}

// progress says which steps are done, and what comes next.
func (h handler) progress(t bot.Turn, c bot.Chosen) *bot.Message {
	done := func(yes bool) string {
		if yes {
			return t.Say("setup.done")
		}
		return t.Say("setup.open")
	}
	has := func(r bot.Role) bool { return len(t.Org.People[r]) > 0 || len(c.Roles[r]) > 0 }
	test := t.Say("setup.waiting")
	switch {
	case !c.Proved.IsZero():
		test = t.Say("setup.proved")
	case c.Test == "":
		test = t.Say("setup.open")
	}
	where := t.Say("setup.where-direct")
	if t.Org.Alerts.Channel != "" || c.Alerts.Channel != "" {
		where = t.Say("setup.where-channel")
	}
	m := bot.Say(t.Say("setup.progress")).List(bot.Pairs,
		t.Say("setup.ask-lead"), done(has(bot.DPLead)), t.Say("setup.ask-deputy"), done(has(bot.Deputy)),
		t.Say("setup.ask-safeguarding"), done(has(bot.SafeguardingLead)), t.Say("setup.ask-trustee"), done(has(bot.Trustee)),
		t.Say("setup.row-where"), where, t.Say("setup.row-test"), test)
	if len(c.WorksIn) > 0 {
		m.List(bot.Pairs, t.Say("setup.ask-works-in"), placed(t, c.WorksIn))
	}
	if t.Org.Mails {
		m.List(bot.Pairs, t.Say("setup.row-mail"), t.Say("setup.mail-"+mails(t, c)))
	}
	m.Add(bot.Para, t.Say(map[bool]string{true: "setup.ready", false: "setup.next"}[!c.Proved.IsZero()]))
	return m.With(bot.Button{Action: "setup.again", Label: t.Say("setup.button-again")}, bot.Button{Action: "setup.change", Label: t.Say("setup.button-change")})
}

// mails says for how many of the lead and the deputy there is an e-mail address.
func mails(t bot.Turn, c bot.Chosen) string {
	n := 0
	for _, role := range []bot.Role{bot.DPLead, bot.Deputy} {
		if len(t.Org.Notices[role]) > 0 || c.Emails[role] != "" {
			n++
		}
	}
	return []string{"none", "one", "both"}[n]
}

// acknowledge is the button of the test alert: alerts arrive, and somebody reads them.
func (h handler) acknowledge(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	c, err := bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if err != nil {
		return bot.Outcome{}, err
	}
	if c.Test != ref || !c.Proved.IsZero() {
		return t.Reply("setup.ack-already"), nil
	}
	c.Proved = t.Now
	seen := bot.Say(t.Say("setup.acked", "name", t.ByName()))
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{bot.ChosenRef: c}, Audit: []string{"setup.acknowledged"}, Reply: bot.Say(t.Say("setup.ack-thanks")),
		Stop:  []scheduler.Key{{Kind: chaseKind, Name: string(ref)}},
		Posts: []bot.Post{{Key: alertKey(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *seen}}}
	if c.By != t.By.ID {
		o.Posts = append(o.Posts, bot.Post{Key: "setup/ready/" + string(ref), To: bot.ToPerson(c.By), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("setup.acked", "name", t.ByName()), t.Say("setup.ready"))})
	}
	return o, nil
}

// chase goes on to those who stand in when nobody has answered the test alert.
func (h handler) chase(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	c, err := bot.Load[bot.Chosen](ctx, t, bot.ChosenRef)
	if err != nil || c.Test != bot.Ref(job.Name) || !c.Proved.IsZero() {
		return bot.Outcome{}, err
	}
	return bot.Outcome{Posts: []bot.Post{
		{Key: alertKey(c.Test) + "/deputy", To: bot.ToRole(bot.Deputy).Louder(), Class: scheduler.Escalation, Message: *h.alert(t, c.Test), About: c.Test},
		{Key: "setup/silent/" + string(c.Test), To: bot.ToPerson(c.By), Class: scheduler.Escalation,
			Message: *bot.Say(t.Say("setup.silent"), t.Say("setup.silent-more"))},
	}}, nil
}
