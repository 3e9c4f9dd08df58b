package breach

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
	"shareright/scheduler"
)

// highRisk says whom to ask for a second view when the advice is to tell the people affected.
func (h handler) highRisk(t bot.Turn, b Breach) (bot.Audience, bool) {
	return h.reviewer(t, b), h.content.Assess(h.attributes(b)).NotifyIndividuals
}

// reviewer is a trustee, or the deputy where the report is about a trustee. The trustee who handles a report about the lead asks the deputy.
func (h handler) reviewer(t bot.Turn, b Breach) bot.Audience {
	role := bot.Trustee
	if b.About == bot.Trustee || b.About == bot.DPLead {
		role = bot.Deputy
	}
	return bot.ToRolePrivately(role, t.Org.People[b.About]...)
}

func (h handler) reviewPost(t bot.Turn, ref bot.Ref, b Breach, to bot.Audience) bot.Post {
	m := bot.Say(t.Say("breach.review-asked", "ref", string(ref), "people", b.people(t)), h.advice(t, b), t.Say("breach.review-private")).With(
		bot.Button{Action: "breach.reviewing", Label: t.Say("breach.button-reviewing"), Ref: ref, Style: bot.Primary},
		bot.Button{Action: "breach.show", Label: t.Say("breach.button-show"), Ref: ref})
	return bot.Post{Key: fmt.Sprintf("breach/%s/review/%d", ref, len(b.Log)), To: to, Class: scheduler.Escalation, Message: *m}
}

// askReview asks for a second pair of eyes.
func (h handler) askReview(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	to := h.reviewer(t, b)
	b.ReviewBy = to.Role
	line := t.Say("breach.line-review-asked", "name", t.ByName(), "who", t.Called(to.Role))
	b.note(t, line)
	o := h.changed(t, ref, b, line)
	o.Posts = append(o.Posts, h.reviewPost(t, ref, b, to))
	return o, nil
}

// viewing is what the reviewer's form fills in.
type viewing struct {
	Ref  bot.Ref `json:"ref"`
	View string  `json:"view"`
	Note string  `json:"note,omitempty"`
}

func (h handler) beginReview(_ context.Context, _ bot.Turn, ref bot.Ref, _ Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.reviewing().Begin(viewing{Ref: ref})}, nil
}

func (h handler) reviewing() bot.Form[viewing] {
	return bot.Form[viewing]{
		ID: "breach.review", Title: "Your view", Submit: "Save your view", Done: h.reviewed,
		Pages: []bot.Page[viewing]{{ID: "view", Fields: []bot.Field[viewing]{
			bot.AskOne("view", "Do you agree with the advice?", func(v *viewing) *string { return &v.View },
				bot.Option{Value: "agree", Label: "Yes"}, bot.Option{Value: "change", Label: "No, it should change"}, bot.Option{Value: "unsure", Label: "I need to know more"}).
				Why("Two people see more than one."),
			bot.AskStory("note", "Your notes", func(v *viewing) *string { return &v.Note }).
				Hint("Only those in charge of the breach see them").Optional().Why("They are in no paper and no export."),
		}}},
	}
}

// reviewed keeps the note with those in charge: the thread hears only the view.
func (h handler) reviewed(ctx context.Context, t bot.Turn, v viewing) (bot.Outcome, error) {
	return h.sent(ctx, t, v.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		b.Reviews = append(b.Reviews, Review{View: v.View, Note: v.Note, By: t.ByName(), At: t.Now})
		line := t.Say("breach.line-reviewed", "name", t.ByName(), "view", t.Say("breach.view-"+v.View))
		b.note(t, line)
		return h.changed(t, v.Ref, b, line)
	})
}

// notices are everybody who must or may have to hear, by the facts and the decision.
func (h handler) notices(t bot.Turn, b Breach) []knowledge.Notice {
	a := h.content.Assess(h.attributes(b))
	s := knowledge.Situation{Nation: t.Org.Nation, Network: t.Org.Network, Cause: b.Cause, Attributes: h.attributes(b),
		NotifyICO: a.NotifyICO, TellPeople: a.NotifyIndividuals, Known: map[string]bool{}}
	if b.Decision != nil {
		s.NotifyICO, s.TellPeople = b.Decision.ICO == "yes", b.Decision.People == "yes"
	}
	for fact, answer := range b.Facts {
		if answer == "yes" || answer == "no" {
			s.Known[fact] = answer == "yes"
		}
	}
	return slices.DeleteFunc(h.content.WhoElse(s), func(n knowledge.Notice) bool {
		return n.ID == "dp_lead" || n.ID == "chair" && b.About == bot.Trustee || n.ID == "safeguarding_lead" && b.About == bot.SafeguardingLead
	})
}

// heard says whether somebody was told, and when.
func (b Breach) heard(id string) (Heard, bool) {
	if id == "ico" && !b.ICOAt.IsZero() {
		return Heard{At: b.ICOAt, Number: b.ICORef}, true
	}
	told, ok := b.Heard[id]
	return told, ok
}

// toTell lists who must hear and has not.
func (h handler) toTell(t bot.Turn, b Breach) []knowledge.Notice {
	return slices.DeleteFunc(h.notices(t, b), func(n knowledge.Notice) bool {
		_, told := b.heard(n.ID)
		return told || !n.Must
	})
}

// showOthers lists who else must hear. Before that it asks the five questions.
func (h handler) showOthers(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if b.Facts == nil {
		return h.askOthers(ctx, t, ref, b)
	}
	return bot.Outcome{Reply: h.othersMessage(t, ref, b)}, nil
}

func (h handler) othersMessage(t bot.Turn, ref bot.Ref, b Breach) *bot.Message {
	left := h.toTell(t, b)
	m := bot.Say(t.Say("breach.others-title", "ref", string(ref), "n", fmt.Sprint(len(left))))
	var must, may []string
	for _, n := range h.notices(t, b) {
		text := n.Within + ". " + n.How
		if n.ID == "ico" && b.running() {
			text = t.Say("breach.others-by", "when", moment(t, b.clock().End())) + " " + n.How
		}
		if told, ok := b.heard(n.ID); ok {
			text = strings.TrimSpace(t.Say("breach.others-told", "when", moment(t, told.At)) + " " + told.Number)
		}
		if n.Must {
			must = append(must, n.Label, text)
		} else {
			may = append(may, n.Label, text)
		}
	}
	m.List(bot.Pairs, must...)
	if len(may) > 0 {
		m.Add(bot.Heading, t.Say("breach.others-may")).List(bot.Pairs, may...)
	}
	for i, n := range left {
		if i == 8 {
			break
		}
		m.With(bot.Button{Action: "breach.heard", Label: t.Say("breach.button-heard", "who", n.Label), Ref: ref + "/" + bot.Ref(n.ID)})
	}
	return m.With(bot.Button{Action: "breach.askothers", Label: t.Say("breach.button-askothers"), Ref: ref})
}

// asking is what the five questions fill in.
type asking struct {
	Ref  bot.Ref   `json:"ref"`
	Held [5]string `json:"held"` // in the order of the questions
}

func (h handler) askOthers(_ context.Context, _ bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	a := asking{Ref: ref}
	for i, q := range h.content.Questions() {
		if i < len(a.Held) {
			a.Held[i] = b.Facts[q.ID]
		}
	}
	return bot.Outcome{Ask: h.others().Begin(a)}, nil
}

func (h handler) others() bot.Form[asking] {
	f := bot.Form[asking]{ID: "breach.others", Title: "Who else must hear", Submit: "Show who must hear", Quick: true, Done: h.othersAnswered,
		Pages: []bot.Page[asking]{{ID: "five"}}}
	for i, q := range h.content.Questions() {
		if i == 5 {
			break
		}
		f.Pages[0].Fields = append(f.Pages[0].Fields, bot.AskOne(q.ID, q.Question, func(a *asking) *string { return &a.Held[i] },
			bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "no", Label: "No"}).Hint(q.Hint).NotSure().Optional().Shown().
			Why("Other bodies have rules of their own."))
	}
	return f
}

func (h handler) othersAnswered(ctx context.Context, t bot.Turn, a asking) (bot.Outcome, error) {
	return h.sent(ctx, t, a.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		b.Facts = map[string]string{}
		for i, q := range h.content.Questions() {
			if i < len(a.Held) {
				b.Facts[q.ID] = a.Held[i]
			}
		}
		line := t.Say("breach.line-others", "n", fmt.Sprint(len(h.toTell(t, b))))
		b.note(t, line)
		o := h.changed(t, a.Ref, b, line)
		o.Reply = h.othersMessage(t, a.Ref, b)
		return o
	})
}

// hearings is what the form about somebody told fills in.
type hearings struct {
	Ref    bot.Ref   `json:"ref"`
	Who    string    `json:"who"`
	At     time.Time `json:"at,omitzero"`
	Number string    `json:"number,omitempty"`
}

func (h handler) askHeard(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error) {
	if part == "ico" {
		return h.askICO(ctx, t, ref, b)
	}
	return bot.Outcome{Ask: h.hearing().Begin(hearings{Ref: ref, Who: part})}, nil
}

func (h handler) hearing() bot.Form[hearings] {
	return bot.Form[hearings]{
		ID: "breach.heard", Title: "They were told", Submit: "Save", Quick: true, Done: h.wasHeard,
		Pages: []bot.Page[hearings]{{ID: "told", Fields: []bot.Field[hearings]{
			bot.AskWhen("at", "When were they told?", func(x *hearings) *time.Time { return &x.At }).
				Hint("Leave empty if it was just now").Optional().Past().Why("The record must show when."),
			bot.AskText("number", "Reference", func(x *hearings) *string { return &x.Number }).
				Hint("Such as a crime or case number").Optional().Why("It ties the record to theirs."),
		}}},
	}
}

func (h handler) wasHeard(ctx context.Context, t bot.Turn, x hearings) (bot.Outcome, error) {
	return h.sent(ctx, t, x.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		if b.Heard == nil {
			b.Heard = map[string]Heard{}
		}
		if x.At.IsZero() {
			x.At = t.Now
		}
		b.Heard[x.Who] = Heard{At: x.At, Number: x.Number, By: t.ByName()}
		label := x.Who
		for _, k := range h.content.Hearers {
			if k.ID == x.Who {
				label = strings.NewReplacer("{{regulator}}", h.content.Regulator, "{{network}}", t.Org.Network).Replace(k.Label)
			}
		}
		line := t.Say("breach.line-heard", "name", t.ByName(), "who", label, "when", moment(t, x.At), "number", x.Number)
		b.note(t, strings.TrimSpace(line))
		o := h.changed(t, x.Ref, b, line)
		o.Reply = h.othersMessage(t, x.Ref, b)
		return o
	})
}

// nudge reminds the writer of a report that was not sent.
func (h handler) nudge(_ context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	to := bot.PersonID(job.Name)
	if to == "" {
		return bot.Outcome{}, errors.New("a nudge without a person")
	}
	m := bot.Say(t.Say("breach.nudge"), t.Say("breach.nudge-more"))
	return bot.Outcome{Posts: []bot.Post{{Key: fmt.Sprintf("breach/nudge/%s/%d", to, t.Now.Unix()), To: bot.ToPerson(to), Class: scheduler.Routine, Message: *m}}}, nil
}
