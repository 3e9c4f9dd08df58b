package training

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// reading is how many days people have for a policy when the lead does not say.
const reading = 21

// publication is what the form about a policy fills in.
type publication struct {
	Title   string        `json:"title"`
	Where   string        `json:"where"`
	Changed string        `json:"changed,omitempty"`
	Who     string        `json:"who"`
	By      calendar.Date `json:"by,omitzero"`
}

// policies shows people what they have to read, and lets the lead publish.
func (h handler) policies(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	lead := t.By.Has(leads()...)
	if lead && text != "" {
		return h.beginPolicy(ctx, t, text)
	}
	own, err := bot.Find[Part](ctx, t, bot.Query{Owner: t.By.ID})
	if err != nil {
		return bot.Outcome{}, err
	}
	m := bot.Say(t.Say("training.policies"))
	var lines []string
	for _, f := range own {
		p := f.Record
		if p.Topic != policyTopic {
			continue
		}
		lines = append(lines, p.Title+": "+state(t, p)+" "+p.Where)
		if p.State == open && len(m.Buttons) < 4 {
			m.With(finishButton(t, f.Ref, p))
		}
	}
	if len(lines) == 0 {
		m.Title = t.Say("training.policies-none")
	}
	m.List(bot.Bullets, lines...)
	if lead {
		if err := h.published(ctx, t, m); err != nil {
			return bot.Outcome{}, err
		}
	}
	return bot.Outcome{Reply: m}, nil
}

// published adds what the lead needs: each policy as counts, and the way to publish.
func (h handler) published(ctx context.Context, t bot.Turn, m *bot.Message) error {
	all, err := bot.Find[Refresher](ctx, t, bot.Query{States: []string{open}, Limit: most})
	if err != nil {
		return err
	}
	var lines []string
	for _, f := range all {
		if f.Record.Topic != policyTopic {
			continue
		}
		found, err := parts(ctx, t, f.Ref)
		if err != nil {
			return err
		}
		lines = append(lines, string(f.Ref)+" "+counted(t, f.Record, stands(found, t.Today())))
		if len(m.Buttons) < 8 {
			m.With(bot.Button{Action: "training.show", Label: string(f.Ref), Ref: f.Ref})
		}
	}
	if len(lines) > 0 {
		m.Add(bot.Heading, t.Say("training.policies-all")).List(bot.Bullets, lines...)
	}
	m.With(bot.Button{Action: "training.publish", Label: t.Say("training.button-publish"), Style: bot.Primary})
	return nil
}

// askPublish opens the form for a new policy, or for the next version of one.
func (h handler) askPublish(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	if ref == "" {
		return bot.Outcome{Ask: h.publishing().Begin(publication{})}, nil
	}
	r, err := bot.Load[Refresher](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	return h.beginPolicy(ctx, t, r.Title)
}

func (h handler) beginPolicy(ctx context.Context, t bot.Turn, title string) (bot.Outcome, error) {
	d := publication{Title: title}
	_, r, known, err := policyNamed(ctx, t, title)
	if err != nil {
		return bot.Outcome{}, err
	}
	if !known {
		return bot.Outcome{Ask: h.publishing().Begin(d)}, nil
	}
	d.Title, d.Where, d.Who = r.Title, r.Where, roleWords(r.Roles)
	note := bot.Block{Kind: bot.Para, Text: t.Say("training.policy-next", "title", r.Title, "version", strconv.Itoa(r.Version+1))}
	return bot.Outcome{Ask: h.publishing().Begin(d).Saying(note)}, nil
}

func roleWords(roles []bot.Role) string {
	var list []string
	for _, r := range roles {
		list = append(list, string(r))
	}
	return strings.Join(list, ", ")
}

func (h handler) publishing() bot.Form[publication] {
	return bot.Form[publication]{ID: "training.policy", Title: "A policy to read", Submit: "Ask them to read it", Done: h.publish,
		Pages: []bot.Page[publication]{{ID: "policy", Fields: []bot.Field[publication]{
			bot.AskText("title", "What is the policy called?", func(d *publication) *string { return &d.Title }).Shown().
				Hint("For example: Photo policy").Why("The same name again is a new version of it."),
			bot.AskText("where", "Where can people read it?", func(d *publication) *string { return &d.Where }).Shown().
				Hint("A link, or the place it hangs").Why("It stands in the message that asks them."),
			bot.AskText("changed", "What is new in it?", func(d *publication) *string { return &d.Changed }).Optional().
				Hint("In one sentence").Why("People who know the old one see what to look for."),
			bot.AskText("who", "Who reads it?", func(d *publication) *string { return &d.Who }).Shown().
				Hint("Names, or trustees, staff, volunteers, everyone; with commas between").Why("Each person is asked privately."),
			bot.AskDate("by", "By which day?", func(d *publication) *calendar.Date { return &d.By }).Optional().Ahead().
				Hint("Leave empty for three weeks").Why("They are reminded 14, 7 and 1 days before."),
		}}},
	}
}

// policyNamed finds the policy that is called so, open or not.
func policyNamed(ctx context.Context, t bot.Turn, title string) (bot.Ref, Refresher, bool, error) {
	all, err := bot.Find[Refresher](ctx, t, bot.Query{Limit: most})
	at := slices.IndexFunc(all, func(f bot.Found[Refresher]) bool {
		return f.Record.Topic == policyTopic && strings.EqualFold(strings.TrimSpace(f.Record.Title), strings.TrimSpace(title))
	})
	if err != nil || at < 0 {
		return "", Refresher{}, false, err
	}
	return all[at].Ref, all[at].Record, true, nil
}

// publish asks everybody to read a version. Whoever has read an older one is asked again.
func (h handler) publish(ctx context.Context, t bot.Turn, d publication) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	ref, r, known, err := policyNamed(ctx, t, d.Title)
	if err != nil {
		return bot.Outcome{}, err
	}
	again := func(key string) (bot.Outcome, error) {
		return bot.Outcome{Ask: h.publishing().Begin(d).Saying(bot.Block{Kind: bot.Para, Text: t.Say(key)})}, nil
	}
	who := all.crowd(t, d.Who, "")
	switch {
	case len(who.ids) == 0:
		d.Who = ""
		return again("training.form-nobody")
	case !d.By.IsZero() && !d.By.After(t.Today()):
		d.By = calendar.Date{}
		return again("training.form-past")
	case d.By.IsZero():
		d.By = t.Today().AddDays(reading)
	}
	if !known {
		ref = t.NewRef("PO")
		r = Refresher{Topic: policyTopic, Title: d.Title, By: t.By.ID, ByName: t.ByName(), Set: t.Now}
	}
	r.Version++
	r.Where, r.Changed, r.Roles, r.First, r.State, r.Told = d.Where, d.Changed, who.roles, d.By, open, t.Today()
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}, Audit: []string{"training.published"}}
	if err := h.askAll(ctx, t, ref, &r, all, who, &o); err != nil {
		return bot.Outcome{}, err
	}
	o.Save[ref] = r
	planCount(t, ref, r, d.By, &o)
	o.Reply = bot.Say(t.Say("training.policy-set", "ref", string(ref), "title", r.Title, "version", strconv.Itoa(r.Version), "date", d.By.Long()),
		t.Say("training.set-who", "n", strconv.Itoa(len(who.ids)), "names", all.names(t, who.ids)), t.Say("training.policy-when"))
	if r.Version > 1 {
		o.Reply.With(button(t, ref, "change", bot.Plain))
	}
	return o, nil
}

// askAll opens the part of everybody who is to read this version, and ends that of everybody else.
func (h handler) askAll(ctx context.Context, t bot.Turn, ref bot.Ref, r *Refresher, all team, who crowd, o *bot.Outcome) error {
	found, err := parts(ctx, t, ref)
	if err != nil {
		return err
	}
	had := map[bot.PersonID]bool{}
	for i, f := range found {
		p := f.Record
		p.replace(o, t.Say("training.policy-newer", "title", p.Title))
		role, in := who.as[p.Person]
		if in {
			p.Role, p.State, p.Due, p.Told, p.Quiet = role, open, r.First, t.Today(), calendar.Date{}
			p.Version, p.Where, p.Changed, p.wait = r.Version, r.Where, r.Changed, spread(i)
			had[p.Person] = true
		} else {
			p.State = closed
		}
		o.Save[f.Ref] = p
		plan(t, f.Ref, p, o)
	}
	for _, id := range who.ids {
		if had[id] {
			continue
		}
		r.Count++
		p := r.part(t, ref, all.member(id), who.as[id], r.First)
		p.Where, p.Changed, p.wait = r.Where, r.Changed, spread(r.Count)
		h.add(t, partRef(ref, r.Count), p, o)
	}
	return nil
}

// read is "I have read it": one press, no form.
func (h handler) read(_ context.Context, t bot.Turn, ref bot.Ref, p Part) (bot.Outcome, error) {
	return h.finished(t, ref, p, finishing{Ref: ref, On: t.Today(), How: t.Say("training.policy-how", "version", strconv.Itoa(p.Version))}), nil
}

// trainOnPolicy opens the refresher form for what has changed in a policy.
func (h handler) trainOnPolicy(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, err := bot.Load[Refresher](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return t.Reply("bot.unknown-button"), nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	d := draft{Topic: changeTopic, Title: t.Say("training.change-of", "title", r.Title), Who: roleWords(r.Roles), Often: "0"}
	return bot.Outcome{Ask: h.refresher().Begin(d)}, nil
}
