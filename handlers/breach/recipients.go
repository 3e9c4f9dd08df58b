package breach

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// maxGot is how many recipients are followed one by one.
const maxGot = 500

// recipients reminds of recipients without an answer. The name is stored with pending jobs.
const recipients = "breach.recipients"

func (h handler) tracked(b Breach) bool {
	cause, _ := h.content.Cause(b.Cause)
	return cause.Track == recipientsTrack || len(b.Got) > 0
}

// recipientsTrack is how content marks a cause whose recipients must each confirm.
const recipientsTrack = "recipients"

func (b Breach) gotLine(t bot.Turn) string {
	return t.Say("breach.got", "n", strconv.Itoa(b.confirmed()), "of", strconv.Itoa(len(b.Got)))
}

// got is what the form about recipients fills in.
type got struct {
	Ref   bot.Ref `json:"ref"`
	Count *int    `json:"count,omitempty"`
	Which string  `json:"which,omitempty"`
	State string  `json:"state,omitempty"`
}

func (h handler) askGot(_ context.Context, _ bot.Turn, ref bot.Ref, _ Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.gotForm().Begin(got{Ref: ref})}, nil
}

func (h handler) gotForm() bot.Form[got] {
	return bot.Form[got]{
		ID: "breach.got", Title: "Who got it", Submit: "Save", Quick: true, Done: h.gotMore,
		Pages: []bot.Page[got]{{ID: "count", Fields: []bot.Field[got]{
			bot.AskNumber("count", "How many people got it by mistake?", func(g *got) **int { return &g.Count }).
				Hint("A number only, no names or addresses").Why("Each of them must be asked, and must confirm in writing."),
		}}},
	}
}

func (h handler) gotMore(ctx context.Context, t bot.Turn, g got) (bot.Outcome, error) {
	return h.act(func(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
		switch {
		case !h.mayFollow(t, b):
			return t.Reply("bot.wrong-role", "role", t.Called(h.who()...)), nil
		case b.over():
			return t.Reply("breach.closed-already", "ref", string(ref)), nil
		case g.Count == nil || *g.Count < 1 || len(b.Got)+*g.Count > maxGot:
			return t.Reply("breach.got-many", "max", strconv.Itoa(maxGot)), nil
		}
		for range *g.Count {
			b.Got = append(b.Got, Recipient{State: unasked, At: t.Now})
		}
		line := t.Say("breach.line-got", "name", t.ByName(), "n", strconv.Itoa(*g.Count))
		b.note(t, line)
		o := h.changed(t, ref, b, line)
		o.Jobs = []scheduler.Job{recipientsJob(t, ref)}
		o.Reply = h.gotMessage(t, ref, b)
		if !t.By.Has(h.who()...) {
			o.Reply.Add(bot.Para, t.Say("breach.got-thanks"))
		}
		return o, nil
	})(ctx, t, g.Ref)
}

func (h handler) showGot(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if len(b.Got) == 0 {
		return h.askGot(ctx, t, ref, b)
	}
	return bot.Outcome{Reply: h.gotMessage(t, ref, b)}, nil
}

// gotMessage lists the recipients with a button for each of the first that still have to answer.
func (h handler) gotMessage(t bot.Turn, ref bot.Ref, b Breach) *bot.Message {
	m := bot.Say(t.Say("breach.got-title", "ref", string(ref), "line", b.gotLine(t)))
	var rows []string
	for i, r := range b.Got[:min(len(b.Got), 30)] {
		rows = append(rows, t.Say("breach.recipient", "n", strconv.Itoa(i+1)), t.Say("breach.recipient-"+r.State))
	}
	m.List(bot.Pairs, rows...)
	for i, n := range b.waiting() {
		if i == 5 {
			break
		}
		m.With(bot.Button{Action: "breach.one", Label: t.Say("breach.recipient", "n", strconv.Itoa(n)), Ref: bot.Ref(fmt.Sprintf("%s/%d", ref, n))})
	}
	m.With(bot.Button{Action: "breach.answered", Label: t.Say("breach.button-answered"), Ref: ref},
		bot.Button{Action: "breach.list", Label: t.Say("breach.button-list"), Ref: ref})
	if t.By.ID == "" || t.By.Has(h.who()...) { // a reminder goes to those in charge
		m.With(bot.Button{Action: "breach.contain", Label: t.Say("breach.button-contain"), Ref: ref})
	}
	return m
}

// oneGot offers what can have become of one recipient.
func (h handler) oneGot(_ context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error) {
	n, err := strconv.Atoi(part)
	if err != nil || n < 1 || n > len(b.Got) {
		return t.Reply("bot.unknown-button"), nil
	}
	m := bot.Say(t.Say("breach.one", "n", part, "state", t.Say("breach.recipient-"+b.Got[n-1].State)))
	for _, state := range []string{asked, confirmed, refused, silent} {
		m.With(bot.Button{Action: "breach.set", Label: t.Say("breach.recipient-" + state), Ref: bot.Ref(fmt.Sprintf("%s/%d/%s", ref, n, state))})
	}
	return bot.Outcome{Reply: m}, nil
}

func (h handler) setGot(_ context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error) {
	which, state, _ := strings.Cut(part, "/")
	n, err := strconv.Atoi(which)
	if err != nil || n < 1 || n > len(b.Got) {
		return t.Reply("bot.unknown-button"), nil
	}
	return h.setAll(t, ref, b, []int{n}, state), nil
}

func (h handler) askAnswered(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.answered().Begin(got{Ref: ref})}, nil
}

// answered records the same answer for many recipients.
func (h handler) answered() bot.Form[got] {
	return bot.Form[got]{
		ID: "breach.answered", Title: "Record answers", Submit: "Save", Quick: true, Done: h.manyAnswered,
		Pages: []bot.Page[got]{{ID: "which", Fields: []bot.Field[got]{
			bot.AskText("which", "Which recipients?", func(g *got) *string { return &g.Which }).
				Hint("Their numbers, such as 1, 3, 5 to 9, or all").Why("Each recipient has a number, so that no name is kept."),
			bot.AskOne("state", "What became of it?", func(g *got) *string { return &g.State },
				bot.Option{Value: asked, Label: "Asked"}, bot.Option{Value: confirmed, Label: "Confirmed in writing"},
				bot.Option{Value: refused, Label: "Refused"}, bot.Option{Value: silent, Label: "No reply"}).
				Why("The record must show who has deleted it."),
		}}},
	}
}

func (h handler) manyAnswered(ctx context.Context, t bot.Turn, g got) (bot.Outcome, error) {
	return h.act(h.reporterToo(func(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
		which := numbers(g.Which, len(b.Got))
		if len(which) == 0 {
			return t.Reply("breach.got-which", "n", strconv.Itoa(len(b.Got))), nil
		}
		return h.setAll(t, ref, b, which, g.State), nil
	}))(ctx, t, g.Ref)
}

// numbers reads "1, 3, 5 to 9" or "all"; nothing when it cannot be read or a number is not there.
func numbers(text string, most int) []int {
	text = strings.NewReplacer(" to ", "-", "–", "-", " and ", ",").Replace(strings.ToLower(strings.TrimSpace(text)))
	if text == "all" {
		text = fmt.Sprintf("1-%d", most)
	}
	var all []int
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		first, last, ranged := strings.Cut(word, "-")
		if !ranged {
			last = first
		}
		from, err := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err != nil || err2 != nil || from < 1 || to > most || from > to {
			return nil
		}
		for n := from; n <= to; n++ {
			all = append(all, n)
		}
	}
	return all
}

// setAll records what became of recipients. When all have confirmed, it is back in safe hands, and the advice is weighed again.
func (h handler) setAll(t bot.Turn, ref bot.Ref, b Breach, which []int, state string) bot.Outcome {
	if b.over() {
		return t.Reply("breach.closed-already", "ref", string(ref))
	}
	before := h.advice(t, b)
	for _, n := range which {
		b.Got[n-1] = Recipient{State: state, At: t.Now}
	}
	line := t.Say("breach.line-answered", "name", t.ByName(), "state", t.Say("breach.recipient-"+state), "n", strconv.Itoa(len(which)), "line", b.gotLine(t))
	if b.confirmed() == len(b.Got) && b.Back != "yes" {
		b.Back = "yes"
		line += " " + t.Say("breach.line-all-confirmed")
		if after := h.advice(t, b); after != before {
			line += " " + t.Say("breach.line-advice", "advice", after)
		}
	}
	b.note(t, line)
	o := h.changed(t, ref, b, line)
	o.Reply = h.gotMessage(t, ref, b)
	if len(b.waiting()) == 0 {
		o.Stop = []scheduler.Key{{Kind: recipients, Name: string(ref)}}
	}
	return o
}

func recipientsJob(t bot.Turn, ref bot.Ref) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: recipients, Name: string(ref)}, Due: morning(t, calendar.On(t.Now, t.Org.Zone)), Class: scheduler.Routine, About: string(ref)}
}

// chaseRecipients reminds on each working morning of those who have not answered, and after three of what else can be done.
func (h handler) chaseRecipients(t bot.Turn, b Breach, _ scheduler.Job) (bot.Outcome, error) {
	open := b.waiting()
	if b.over() || len(open) == 0 {
		return bot.Outcome{}, nil
	}
	b.Asked++
	m := h.gotMessage(t, t.Ref, b)
	m.Title = t.Say("breach.got-chase", "ref", string(t.Ref), "n", strconv.Itoa(len(open)), "line", b.gotLine(t))
	if b.Asked >= 3 {
		m.Add(bot.Para, t.Say("breach.got-long"))
	}
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{t.Ref: b},
		Posts: []bot.Post{{Key: fmt.Sprintf("breach/%s/got/%d", t.Ref, b.Asked), To: b.audience(t), Under: cardKey(t.Ref), Class: scheduler.Escalation, Message: *m}},
		Jobs:  []scheduler.Job{recipientsJob(t, t.Ref)},
	}, nil
}

// contain shows the next step of getting a mis-sent e-mail back.
func (h handler) contain(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	step, open := h.content.NextStep(b.Contained)
	if !open {
		return t.Reply("breach.contained"), nil
	}
	m := bot.Say(step.Label, step.Says).With(
		bot.Button{Action: "breach.step", Label: t.Say("breach.button-worked"), Ref: ref + "/" + bot.Ref(step.ID) + "/worked", Style: bot.Primary},
		bot.Button{Action: "breach.step", Label: t.Say("breach.button-failed"), Ref: ref + "/" + bot.Ref(step.ID) + "/failed"})
	return bot.Outcome{Reply: m}, nil
}

func (h handler) stepDone(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error) {
	id, how, _ := strings.Cut(part, "/")
	step, open := h.content.NextStep(b.Contained)
	if !open || step.ID != id {
		return t.Reply("breach.step-old"), nil
	}
	if b.Contained == nil {
		b.Contained = map[string]string{}
	}
	b.Contained[id] = how
	line := t.Say("breach.line-step-"+how, "name", t.ByName(), "step", step.Label)
	b.note(t, line)
	o := h.changed(t, ref, b, line)
	next, err := h.contain(ctx, t, ref, b)
	o.Reply = next.Reply
	return o, err
}
