package rights

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	base "shareright/knowledge"
	"shareright/knowledge/calendar"
)

// undecided are the entries on which two people have not agreed yet.
func (r Request) undecided() []int {
	var list []int
	for i, k := range r.Kept {
		if k.Verdict == "" || k.Verdict == "no" {
			list = append(list, i)
		}
	}
	return list
}

// keeps is what the form about something to keep back fills in.
type keeps struct {
	Ref bot.Ref `json:"ref"`
	Kept
}

func (h handler) askKeep(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	if r.over() {
		return t.Reply("rights.over-already", "ref", string(ref)), nil
	}
	return bot.Outcome{Ask: h.keeping().Begin(keeps{Ref: ref}).Saying(bot.Block{Kind: bot.Para, Text: t.Say("rights.keep-note")})}, nil
}

func planOptions() []bot.Option {
	return []bot.Option{{Value: "hide", Label: "Black it out"}, {Value: "keep", Label: "Keep it back"}, {Value: "give", Label: "Give it all the same"}}
}

// keeping asks for one exemption. Of other people it asks the three steps of paragraph 16,
// Schedule 2 Data Protection Act 2018.
func (h handler) keeping() bot.Form[keeps] {
	var kinds []bot.Option
	for _, e := range h.guide.Exemptions {
		kinds = append(kinds, bot.Option{Value: e.ID, Label: e.Label, Hint: e.Law})
	}
	yes, no := bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "no", Label: "No"}
	return bot.Form[keeps]{ID: "rights.keeping", Title: "Keep something back", Submit: "Ask a second person", Done: h.proposed,
		Pages: []bot.Page[keeps]{
			{ID: "what", Fields: []bot.Field[keeps]{
				bot.AskOne("kind", "Why might it stay back?", func(k *keeps) *string { return &k.Kind }, kinds...).Shown().Why("Each reason in law has its own test."),
				bot.AskText("where", "Which pages or files?", func(k *keeps) *string { return &k.Where }).Shown().Hint("Numbers only, never the words").Why("The second person must find it."),
			}},
			{ID: "others", Title: "Other people in it", When: func(k keeps) bool { return k.Kind == "others" }, Fields: []bot.Field[keeps]{
				bot.AskOne("apart", "1. Can you answer without showing who they are?", func(k *keeps) *string { return &k.Apart }, yes, no).Shown().Why("If so, black out who they are and give the rest."),
				bot.AskOne("agreed", "2. Do they agree?", func(k *keeps) *string { return &k.Agreed }, yes, no, bot.Option{Value: "unasked", Label: "Not asked, for a reason"}).Shown().
					Why("Ask them where you can. There is a letter for it."),
				bot.AskOne("fair", "3. Is it reasonable without that?", func(k *keeps) *string { return &k.Fair }, yes, no).Shown().
					Why("Think of promises made, what it is, and whether they said no."),
			}},
			{ID: "harm", Title: "Serious harm", When: func(k keeps) bool { return k.Kind == "harm" }, Fields: []bot.Field[keeps]{
				bot.AskDate("opinion", "When did a health professional give an opinion?", func(k *keeps) *calendar.Date { return &k.Opinion }).Shown().
					Hint("Leave empty if it is not health data").Optional().Past().Why("For health data the law asks for it. It may be at most six months old."),
			}},
			{ID: "plan", Title: "What you propose", Fields: []bot.Field[keeps]{
				bot.AskOne("plan", "What do you propose?", func(k *keeps) *string { return &k.Plan }, planOptions()...).Shown().Why("A second person says yes or no to it."),
				bot.AskOne("read", "Have you read the regulator’s guidance on it?", func(k *keeps) *string { return &k.Read }, yes, no).Shown().
					Why("Read it first, so that nothing in it is missed. I name it when you have not."),
				bot.AskText("why", "Why?", func(k *keeps) *string { return &k.Why }).Shown().Hint("No names").Why("You may have to explain it to the person and to the regulator."),
			}},
		}}
}

// opinionMonths is how old a health professional's opinion may be: paragraph 2, Schedule 3 Data Protection Act 2018.
const opinionMonths = 6

// proposed puts the entry on the log and asks a second person. The program decides nothing.
func (h handler) proposed(ctx context.Context, t bot.Turn, k keeps) (bot.Outcome, error) {
	return h.act(mine(func(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
		if r.over() {
			return t.Reply("rights.over-already", "ref", string(ref)), nil
		}
		exemption, _ := h.guide.Exemption(k.Kind)
		problem := ""
		switch {
		case slices.Contains(exemption.NotIn, t.Nation()):
			problem = t.Say("rights.keep-nation")
		case k.Kind == "others" && k.Apart == "yes" && k.Plan == "keep":
			problem = t.Say("rights.keep-apart")
		case k.Read != "yes":
			problem = t.Say("rights.keep-read", "links", links(h.guide.Sources(exemption.Sources)))
		case !k.Opinion.IsZero() && k.Opinion.AddMonths(opinionMonths).Before(t.Today()):
			problem = t.Say("rights.keep-opinion")
		}
		if problem != "" {
			k.Plan, k.Read = "", "" // thought about again; the rest stays
			return bot.Outcome{Ask: h.keeping().Begin(k).Saying(bot.Block{Kind: bot.Para, Text: problem})}, nil
		}
		before, entry := r, k.Kept
		entry.By, entry.ByName, entry.On = t.By.ID, t.ByName(), t.Today()
		r.Kept = append(slices.Clone(r.Kept), entry)
		o, err := h.changed(t, ref, before, r, t.Say("rights.line-keep", "kind", lowered(exemption.Label), "where", k.Where, "plan", lowered(labelOf(planOptions(), k.Plan))))
		if err != nil {
			return o, err
		}
		i := len(r.Kept) - 1
		role := bot.Deputy
		if exemption.With == "safeguarding" {
			role = bot.SafeguardingLead
		}
		m := bot.Say(t.Say("rights.second", "ref", string(ref), "kind", lowered(exemption.Label)),
			t.Say("rights.second-plan", "name", t.ByName(), "where", k.Where, "plan", lowered(labelOf(planOptions(), k.Plan)), "why", k.Why))
		m.List(bot.Bullets, exemption.Weigh...).Add(bot.Para, t.Say("rights.second-rule"))
		m.With(bot.Button{Action: "rights.agree", Label: t.Say("rights.button-agree"), Ref: part(ref, i), Style: bot.Primary},
			bot.Button{Action: "rights.against", Label: t.Say("rights.button-against"), Ref: part(ref, i)})
		m.Sources = sourcesOf(h.guide.Sources(exemption.Sources))
		o.Posts = append(o.Posts, later(t, ref, r, "kept-"+strconv.Itoa(i+1), r.second(t, role, t.By.ID), *m))
		o.Reply = bot.Say(t.Say("rights.keep-asked"), exemption.Weigh...).With(button(t, ref, "kept", bot.Primary))
		if exemption.Quiet {
			o.Reply.Add(bot.Para, t.Say("rights.keep-quiet"))
		}
		if !another(t, r, bot.SafeguardingLead) {
			o.Reply.Add(bot.Para, t.Say("rights.second-nobody"))
		}
		return o, nil
	}))(ctx, t, k.Ref)
}

// decides is the second person's yes or no. Whoever proposed it cannot give it.
func (h handler) decides(verdict string) partDeed {
	return func(_ context.Context, t bot.Turn, ref bot.Ref, r Request, which string) (bot.Outcome, error) {
		n, err := strconv.Atoi(which)
		if err != nil || n < 1 || n > len(r.Kept) {
			return t.Reply("bot.unknown-button"), nil
		}
		entry := r.Kept[n-1]
		exemption, _ := h.guide.Exemption(entry.Kind)
		switch may := r.mayCheck(t.By) || exemption.With == "safeguarding" && t.By.Has(bot.SafeguardingLead); {
		case !may:
			return t.Reply("bot.wrong-role", "role", t.Called(h.who()...)), nil
		case r.over():
			return t.Reply("rights.over-already", "ref", string(ref)), nil
		case entry.By == t.By.ID:
			return t.Reply("rights.second-other"), nil
		case entry.Verdict != "":
			return t.Reply("rights.second-already"), nil
		}
		before := r
		r.Kept = slices.Clone(r.Kept)
		entry.Verdict, entry.Second, entry.SecondAs, entry.Decided = verdict, t.By.ID, t.ByName(), t.Today()
		r.Kept[n-1] = entry
		o, err := h.changed(t, ref, before, r, t.Say("rights.line-second-"+verdict, "name", t.ByName(), "kind", lowered(exemption.Label), "where", entry.Where))
		o.Reply = t.Reply("rights.second-thanks-"+verdict, "name", entry.ByName).Reply
		return o, err
	}
}

// keepBack takes a proposal back, so that another can take its place.
func (h handler) keepBack(_ context.Context, t bot.Turn, ref bot.Ref, r Request, which string) (bot.Outcome, error) {
	n, err := strconv.Atoi(which)
	if err != nil || n < 1 || n > len(r.Kept) || r.over() || !slices.Contains(r.undecided(), n-1) {
		return t.Reply("bot.unknown-button"), nil
	}
	before := r
	r.Kept = slices.Clone(r.Kept)
	r.Kept[n-1].Verdict = "back"
	exemption, _ := h.guide.Exemption(r.Kept[n-1].Kind)
	return h.changed(t, ref, before, r, t.Say("rights.line-back", "kind", lowered(exemption.Label), "where", r.Kept[n-1].Where))
}

// keptList shows what may be kept back, and where two people have not agreed yet.
func (h handler) keptList(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	m := bot.Say(t.Say("rights.kept", "ref", string(ref)), t.Say("rights.second-rule"))
	m.List(bot.Bullets, h.keptLines(t, r)...)
	if !r.over() {
		m.With(button(t, ref, "keep", bot.Primary))
		for _, i := range r.undecided() {
			if len(m.Buttons) < 6 {
				m.With(bot.Button{Action: "rights.keep-back", Label: t.Say("rights.button-back", "where", r.Kept[i].Where), Ref: part(ref, i)})
			}
		}
	}
	return bot.Outcome{Reply: m, Audit: []string{"rights.read"}}, nil
}

// keptLines are the log of exemptions: kind, pages, plan, and the two people.
func (h handler) keptLines(t bot.Turn, r Request) []string {
	lines := make([]string, 0, len(r.Kept))
	for _, k := range r.Kept {
		exemption, _ := h.guide.Exemption(k.Kind)
		verdict := t.Say("rights.verdict-"+cmp.Or(k.Verdict, "open"), "name", k.SecondAs, "date", k.Decided.Plain())
		line := t.Say("rights.kept-line", "kind", exemption.Label, "where", k.Where, "plan", lowered(labelOf(planOptions(), k.Plan)),
			"name", k.ByName, "why", sentence(k.Why), "verdict", verdict)
		if k.Kind == "others" {
			line += " " + t.Say("rights.kept-steps", "apart", t.Say("rights.answer-"+k.Apart), "agreed", t.Say("rights.answer-"+k.Agreed), "fair", t.Say("rights.answer-"+k.Fair))
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// links are where sources stand, for somebody who has to read them.
func links(sources []base.Source) string {
	var list []string
	for _, s := range sources {
		if s.URL != "" {
			list = append(list, s.Title+", "+s.URL)
		}
	}
	return strings.Join(list, "; ")
}
