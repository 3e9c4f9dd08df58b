package share

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
	"shareright/scheduler"
)

// waiting says that a lead was asked: because the organisation wants to see such answers
// first, or because the person pressed the button. It is stored with the question.
type waiting struct {
	Asked    bool      `json:"asked,omitempty"` // by the person; otherwise the organisation's setting
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"` // then the person is told what to do
	Chased   bool      `json:"chased,omitempty"`
	SeenBy   string    `json:"seen_by,omitempty"`
	Over     bool      `json:"over,omitempty"`   // the time ran out, or the question was corrected
	Answer   string    `json:"answer,omitempty"` // the lead's: answerApproved, or a decision
	AnswerBy string    `json:"answer_by,omitempty"`

	Facts knowledge.Facts `json:"facts"` // what was answered: a correction asks anew
}

// answerApproved is a lead's "as the rules say".
const answerApproved = "approved"

func (w waiting) open() bool { return !w.Over && w.Answer == "" }

// askedHours is how long a lead has when the person asked them.
const askedHours = 4

// waitKind is the timer of a question that waits. It is stored with pending jobs.
const waitKind = "share.wait"

func waitKey(ref bot.Ref) scheduler.Key { return scheduler.Key{Kind: waitKind, Name: string(ref)} }

func leadKey(ref bot.Ref) string { return "share/" + string(ref) + "/lead" }

// mustWait says whether a lead wants to see this answer first, under which topic and for
// how many hours. Never for danger or a worry, never for a lead's own question, and never
// where nobody holds the role.
func (h handler) mustWait(ctx context.Context, t bot.Turn, q question, a knowledge.Answer) (topic string, hours int, err error) {
	if t.By.Has(leads()...) || len(t.Org.People[bot.DPLead]) == 0 || q.Wait != nil && !q.Wait.open() && q.Wait.Facts == q.Facts {
		return "", 0, nil
	}
	set, err := bot.Load[approvals](ctx, t, approvalsRef)
	if errors.Is(err, bot.ErrNotFound) {
		return "", 0, nil
	}
	return h.book.Approves(set.Topics, q.Facts, a), set.hours(), err
}

// wait holds an answer back until a lead has seen it, and tells the person by when they hear.
func (h handler) wait(t bot.Turn, ref bot.Ref, q question, a knowledge.Answer, x extra, hours int) bot.Outcome {
	if q.Wait == nil || !q.Wait.open() || q.Wait.Asked {
		q.Wait = &waiting{Since: t.Now, Until: t.Now.Add(time.Duration(hours) * time.Hour)}
	}
	q.Wait.Facts = q.Facts
	m := bot.Say(t.Say("share.wait", "who", t.Called(bot.DPLead)), t.Say("share.emergency-line"), t.Say("share.wait-until", "time", clock(t, q.Wait.Until)), t.Say("share.wait-worry"))
	if facts := h.understood(t, a, q, x.words); len(facts) > 0 {
		m.Add(bot.Heading, t.Say("share.part-understood")).List(bot.Bullets, facts...)
	}
	m.Body = append(m.Body, h.personalNote(t, x)...)
	known := h.known(q)
	for _, fact := range known[:min(mostFixes, len(known))] {
		m.With(bot.Button{Action: fixAction(fact), Ref: ref, Label: h.fixLabel(t, fact, q.Facts.Get(fact))})
	}
	m.With(bot.Button{Action: "share.correct", Ref: ref, Label: t.Say("share.button-correct")})
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{ref: q},
		Reply: m,
		Posts: []bot.Post{h.leadCard(t, ref, q, bot.ToRole(bot.DPLead))},
		Jobs:  []scheduler.Job{waitJob(ref, q.Wait.half())},
	}
}

func (w waiting) half() time.Time { return w.Since.Add(w.Until.Sub(w.Since) / 2) }

func waitJob(ref bot.Ref, due time.Time) scheduler.Job {
	return scheduler.Job{Key: waitKey(ref), Due: due, Class: scheduler.Escalation, About: string(ref)}
}

// clock is a moment as people say it: the time alone when it is today.
func clock(t bot.Turn, at time.Time) string {
	at, now := at.In(t.Org.Zone), t.Now.In(t.Org.Zone)
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return at.Format("3:04pm")
	}
	return at.Format("3:04pm on Monday 2 January")
}

// leadCard shows a lead the facts, in words of ours and never the person's, and what the rules say.
func (h handler) leadCard(t bot.Turn, ref bot.Ref, q question, to bot.Audience) bot.Post {
	a := h.decide(t, q.Facts)
	title := "share.approve-card"
	if q.Wait.Asked {
		title = "share.lead-card"
	}
	m := bot.Say(t.Say(title, "name", q.Name), t.Say("share.lead-advice", "do", a.Parts.Do)).List(bot.Bullets, h.understood(t, a, q, nil)...).
		Add(bot.SmallLine, t.Say("share.lead-until", "time", clock(t, q.Wait.Until)))
	if q.Wait.SeenBy != "" {
		m.Add(bot.Para, t.Say("share.lead-has", "name", q.Wait.SeenBy))
	}
	m.With(bot.Button{Action: "share.approve", Label: t.Say("share.button-approve"), Ref: ref, Style: bot.Primary},
		bot.Button{Action: "share.decide", Label: t.Say("share.button-decide"), Ref: ref})
	if q.Wait.SeenBy == "" {
		m.With(bot.Button{Action: "share.seen", Label: t.Say("share.button-seen"), Ref: ref})
	}
	return bot.Post{Key: leadKey(ref), To: to, Class: scheduler.Escalation, Message: *m}
}

// askLead passes the facts of a question, not its words, to the data protection lead.
func (h handler) askLead(_ context.Context, t bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
	if q.Wait != nil && q.Wait.open() || !q.LeadAt.IsZero() {
		return bot.Outcome{Reply: bot.Say(t.Say("share.lead-already"))}, nil
	}
	q.Wait = &waiting{Asked: true, Since: t.Now, Until: t.Now.Add(askedHours * time.Hour), Facts: q.Facts}
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{ref: q},
		Posts: []bot.Post{h.leadCard(t, ref, q, bot.ToRole(bot.DPLead))},
		Jobs:  []scheduler.Job{waitJob(ref, q.Wait.half())},
		Reply: bot.Say(t.Say("share.lead-asked"), t.Say("share.lead-wait"), t.Say("share.wait-until", "time", clock(t, q.Wait.Until))),
	}, nil
}

// stopWaiting ends a wait that a correction made needless.
func (h handler) stopWaiting(t bot.Turn, ref bot.Ref, q *question, o *bot.Outcome) {
	q.Wait.Over = true
	o.Stop = append(o.Stop, waitKey(ref))
	o.Posts = append(o.Posts, closedCard(ref, t.Say("share.wait-needless", "name", q.Name)))
}

// closedCard is the lead's card once nothing is left to do.
func closedCard(ref bot.Ref, says string) bot.Post {
	return bot.Post{Key: leadKey(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *bot.Say(says)}
}

// chase asks again at half time, the deputy too, and at the end tells the person what to do.
func (h handler) chase(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	ref := bot.Ref(job.About)
	q, err := bot.Load[question](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) || err == nil && (q.Wait == nil || !q.Wait.open()) {
		return bot.Outcome{}, nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	if t.Now.Before(q.Wait.Until) && !q.Wait.Chased {
		q.Wait.Chased = true
		o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: q}, Jobs: []scheduler.Job{waitJob(ref, q.Wait.Until)}}
		for _, role := range leads() {
			again := h.leadCard(t, ref, q, bot.ToRole(role))
			again.Key += "/again/" + string(role)
			again.Message.Title = t.Say("share.chase-card", "name", q.Name)
			o.Posts = append(o.Posts, again)
		}
		return o, nil
	}
	q.Wait.Over = true
	a := h.decide(t, q.Facts)
	return bot.Outcome{
		Save: map[bot.Ref]bot.Record{ref: q},
		Posts: []bot.Post{
			h.toOwner(ref, q, h.message(t, ref, a, q, extra{note: t.Say("share.wait-over", "who", t.Called(bot.DPLead))})),
			closedCard(ref, t.Say("share.wait-over-lead", "name", q.Name)),
		},
	}, nil
}

// toOwner is what the person who asked hears in the end.
func (h handler) toOwner(ref bot.Ref, q question, m *bot.Message) bot.Post {
	return bot.Post{Key: leadKey(ref) + "/answer", To: bot.ToPerson(q.Owner), Class: scheduler.Escalation, Message: *m}
}

// onWaiting wraps what a lead does about a question. It answers what was settled meanwhile.
func (h handler) onWaiting(ctx context.Context, t bot.Turn, ref bot.Ref, do func(q question) (bot.Outcome, error)) (bot.Outcome, error) {
	q, err := bot.Load[question](ctx, t, ref)
	switch {
	case err != nil:
		return bot.Outcome{}, err
	case q.Wait == nil:
		return bot.Outcome{}, bot.ErrNotFound
	case q.Wait.Answer != "":
		return t.Reply("share.answered-already", "name", q.Wait.AnswerBy), nil
	}
	return do(q)
}

// seen tells the volunteer that the lead is on it.
func (h handler) seen(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	return h.onWaiting(ctx, t, ref, func(q question) (bot.Outcome, error) {
		q.Wait.SeenBy = t.ByName()
		return bot.Outcome{
			Save:  map[bot.Ref]bot.Record{ref: q},
			Reply: bot.Say(t.Say("share.seen")),
			Posts: []bot.Post{
				h.leadCard(t, ref, q, bot.ToRole(bot.DPLead)),
				{Key: leadKey(ref) + "/seen", To: bot.ToPerson(q.Owner), Class: scheduler.Escalation, Message: *bot.Say(t.Say("share.seen-owner", "name", t.ByName()))},
			},
		}, nil
	})
}

// approve lets the rules' answer go to the person.
func (h handler) approve(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	return h.onWaiting(ctx, t, ref, func(q question) (bot.Outcome, error) {
		a := h.decide(t, q.Facts)
		return h.leadAnswers(t, ref, q, answerApproved, h.message(t, ref, a, q, extra{note: t.Say("share.approved", "name", t.ByName())})), nil
	})
}

// leadAnswers ends the wait with a lead's answer.
func (h handler) leadAnswers(t bot.Turn, ref bot.Ref, q question, answer string, m *bot.Message) bot.Outcome {
	q.Wait.Answer, q.Wait.AnswerBy, q.At = answer, t.ByName(), t.Now
	t.Ref = ref
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{ref: q},
		Stop:  []scheduler.Key{waitKey(ref)},
		Posts: []bot.Post{h.toOwner(ref, q, m), closedCard(ref, t.Say("share.lead-answered", "name", t.ByName(), "asker", q.Name))},
		Reply: bot.Say(t.Say("share.lead-sent", "name", q.Name)),
		Audit: []string{"decision." + answer},
	}
}

// verdict is what the form of a lead's own answer fills in.
type verdict struct {
	Ref      bot.Ref `json:"ref"`
	Decision string  `json:"decision"`
	Words    string  `json:"words"`
}

func (h handler) askDecision(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	return h.onWaiting(ctx, t, ref, func(question) (bot.Outcome, error) {
		return bot.Outcome{Ask: h.deciding().Begin(verdict{Ref: ref})}, nil
	})
}

func (h handler) deciding() bot.Form[verdict] {
	return bot.Form[verdict]{
		ID: "share.decide", Title: say("lead-title-your-answer"), Submit: say("lead-submit-send-it"), Quick: true, Done: h.decided,
		Pages: []bot.Page[verdict]{{ID: "answer", Fields: []bot.Field[verdict]{
			bot.AskOne("decision", say("lead-label-what-should-they"), func(v *verdict) *string { return &v.Decision },
				bot.Option{Value: string(knowledge.Share), Label: say("lead-choice-share-it")},
				bot.Option{Value: string(knowledge.WithSafeguards), Label: say("lead-choice-share-it-in")},
				bot.Option{Value: string(knowledge.DoNotShare), Label: say("lead-choice-do-not-share")},
				bot.Option{Value: string(knowledge.AskLead), Label: say("lead-choice-speak-to-me")}).Why(say("lead-why-they-act-on")),
			bot.AskStory("words", say("lead-label-what-do-you"), func(v *verdict) *string { return &v.Words }).
				Hint(say("lead-hint-how-what-to-leave")).Why(say("lead-why-they-see-it")),
		}}},
	}
}

func (h handler) decided(ctx context.Context, t bot.Turn, v verdict) (bot.Outcome, error) {
	return h.onWaiting(ctx, t, v.Ref, func(q question) (bot.Outcome, error) {
		if !t.By.Has(leads()...) {
			return t.Reply("bot.wrong-role", "role", t.Called(leads()...)), nil
		}
		m := bot.Say(t.Say("share.lead-says", "name", t.ByName(), "decision", t.Say("share.lead-says-"+v.Decision))).Add(bot.Quote, v.Words).
			Add(bot.Para, t.Say("share.emergency-line"))
		for _, b := range h.buttons(t, v.Ref, h.decide(t, q.Facts), q) {
			wanted := []string{"share.keep", "share.keep-no", "share.law"}
			if v.Decision == string(knowledge.Share) || v.Decision == string(knowledge.WithSafeguards) {
				wanted = append(wanted, "share.draft")
			}
			if slices.Contains(wanted, b.Action) {
				m.With(b)
			}
		}
		return h.leadAnswers(t, v.Ref, q, v.Decision, m), nil
	})
}

// approvals is what an organisation's lead wants to see first. It is stored.
type approvals struct {
	Topics []string     `json:"topics"`
	Hours  string       `json:"hours"`
	By     bot.PersonID `json:"by"`
	At     time.Time    `json:"at"`
}

const (
	approvalsRef = bot.Ref("topics")
	fewestHours  = 1
)

// RecordKind names the one row of this setting.
func (approvals) RecordKind() string { return "approval" }

// RecordIndex is empty: there is one an organisation.
func (approvals) RecordIndex() bot.Index { return bot.Index{} }

func (s approvals) hours() int {
	n, err := strconv.Atoi(s.Hours)
	if err != nil {
		return fewestHours
	}
	return max(n, fewestHours)
}

// choose lets the lead pick topics and the time they have.
func (h handler) choose(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	set, err := bot.Load[approvals](ctx, t, approvalsRef)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	return bot.Outcome{Ask: h.choosing().Begin(set)}, nil
}

func (h handler) choosing() bot.Form[approvals] {
	var topics []bot.Option
	for _, topic := range h.book.ApprovalTopics() {
		topics = append(topics, bot.Option{Value: topic.ID, Label: topic.Label})
	}
	return bot.Form[approvals]{
		ID: "share.approval", Title: say("lead-title-answers-you-see"), Submit: say("lead-submit-save"), Quick: true, Done: h.chosen,
		Pages: []bot.Page[approvals]{{ID: "topics", Intro: say("lead-intro-danger-and-worries"), Fields: []bot.Field[approvals]{
			bot.AskMany("topics", say("lead-label-which-answers-do"), func(s *approvals) *[]string { return &s.Topics }, topics...).
				Shown().Optional().Why(say("lead-why-only-answers-that")),
			bot.AskOne("hours", say("lead-label-how-long-may"), func(s *approvals) *string { return &s.Hours },
				bot.Option{Value: "1", Label: say("lead-choice-1-hour")}, bot.Option{Value: "4", Label: say("lead-choice-4-hours")}, bot.Option{Value: "24", Label: say("lead-choice-a-day")}).
				Shown().Why(say("lead-why-at-half-time")),
		}}},
	}
}

func (h handler) chosen(_ context.Context, t bot.Turn, s approvals) (bot.Outcome, error) {
	if !t.By.Has(leads()...) {
		return t.Reply("bot.wrong-role", "role", t.Called(leads()...)), nil
	}
	s.By, s.At = t.By.ID, t.Now
	m := bot.Say(t.Say("share.approval-none"))
	if len(s.Topics) > 0 {
		var labels []string
		for _, topic := range h.book.ApprovalTopics() {
			if slices.Contains(s.Topics, topic.ID) {
				labels = append(labels, topic.Label)
			}
		}
		m = bot.Say(t.Say("share.approval-saved", "hours", strconv.Itoa(s.hours()))).List(bot.Bullets, labels...)
	}
	return bot.Outcome{Save: map[bot.Ref]bot.Record{approvalsRef: s}, Reply: m.Add(bot.SmallLine, t.Say("share.approval-never")), Audit: []string{"approval.set"}}, nil
}
