package rights

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// roundKind is the timer that reminds those who were asked to search. It is stored with pending jobs.
const roundKind = "rights.round"

// The rhythm of a search round in working days. The law has no figure; it leaves time to
// search again inside the month.
const (
	roundDays  = 5 // to answer in
	roundAgain = 2 // between reminders
)

// The answers of a holder.
const (
	holdsNone   = "none"
	holdsSome   = "yes"
	holdsUnsure = "unsure"
)

// unanswered are the holders still asked, without those whose silence was noted.
func (r Request) unanswered() []int {
	var list []int
	for i, x := range r.Round {
		if x.Answer == "" && x.Silent.IsZero() {
			list = append(list, i)
		}
	}
	return list
}

func (r Request) names(which []int) []string {
	list := make([]string, 0, len(which))
	for _, i := range which {
		list = append(list, r.Round[i].Name)
	}
	return list
}

// asks is what the form about one holder fills in.
type asks struct {
	Ref    bot.Ref       `json:"ref"`
	Who    bot.PersonID  `json:"who,omitempty"`
	Places []string      `json:"places,omitempty"`
	Hint   string        `json:"hint,omitempty"`
	Due    calendar.Date `json:"due,omitzero"`
}

func (h handler) askHolder(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	if r.over() {
		return t.Reply("rights.over-already", "ref", string(ref)), nil
	}
	return bot.Outcome{Ask: h.asking().Begin(asks{Ref: ref})}, nil
}

func (h handler) asking() bot.Form[asks] {
	return bot.Form[asks]{ID: "rights.holder", Title: "Ask somebody to search", Submit: "Ask them", Quick: true, Done: h.asked,
		Pages: []bot.Page[asks]{{ID: "holder", Fields: []bot.Field[asks]{
			bot.AskPerson("who", "Who may hold something?", func(a *asks) *bot.PersonID { return &a.Who }).Shown().
				Why("I ask them by direct message whether they hold anything. Name yourself for what you searched."),
			bot.AskMany("places", "Where should they look?", func(a *asks) *[]string { return &a.Places }, placeOptions(h.guide.Places)...).Shown().
				Why("It becomes your log of searches, place by place."),
			bot.AskText("hint", "What should they look for?", func(a *asks) *string { return &a.Hint }).Shown().
				Hint("Only this goes to them, for example: file F-118").Optional().Why("I never write whom it is about. Tell them yourself, or give a file reference here."),
			bot.AskDate("due", "Until when?", func(a *asks) *calendar.Date { return &a.Due }).Shown().
				Hint("Leave empty for 5 working days").Optional().Why("Later there may be no time to search again."),
		}}}}
}

// asked puts a holder on the round and sends them the question. It names the reference and nobody.
func (h handler) asked(ctx context.Context, t bot.Turn, a asks) (bot.Outcome, error) {
	return h.act(mine(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
		if r.over() {
			return t.Reply("rights.over-already", "ref", string(ref)), nil
		}
		who := t.Meant(string(a.Who))
		problem := ""
		switch {
		case r.isAbout(t, who):
			problem = t.Say("rights.holder-about")
		case !a.Due.IsZero() && a.Due.Before(t.Today()):
			problem = t.Say("rights.holder-past")
		}
		if problem != "" {
			return bot.Outcome{Ask: h.asking().Begin(a).Saying(bot.Block{Kind: bot.Para, Text: problem})}, nil
		}
		x := Holder{Who: who, Name: t.KnownName(ctx, who), Places: a.Places, Hint: a.Hint, Asked: t.Today(), Due: a.Due}
		if x.Name == t.Say("bot.somebody") { // told apart until they answer
			x.Name = t.Say("rights.holder-unnamed", "n", strconv.Itoa(len(r.Round)+1))
		}
		if x.Due.IsZero() {
			x.Due = h.workingDays(t, t.Today(), roundDays)
		}
		before := r
		r.Round = append(slices.Clone(r.Round), x)
		o, err := h.changed(t, ref, before, r, t.Say("rights.holder-asked", "name", x.Name, "places", h.placesOf(x), "date", x.Due.Long()))
		if err != nil {
			return o, err
		}
		r = o.Save[ref].(Request)
		o.Posts = append(o.Posts, h.question(t, ref, r, len(r.Round)-1))
		o.Jobs = append(o.Jobs, roundJob(t, ref))
		o.Reply = h.searchMessage(t, ref, r)
		return o, nil
	}))(ctx, t, a.Ref)
}

// workingDays is the day so many working days after another.
func (h handler) workingDays(t bot.Turn, from calendar.Date, n int) calendar.Date {
	for ; n > 0; n-- {
		from = h.clocks.NextWorkingDay(t.Nation(), from.AddDays(1))
	}
	return from
}

func (h handler) placesOf(x Holder) string {
	var list []string
	for _, p := range h.guide.Places {
		if slices.Contains(x.Places, p.ID) {
			list = append(list, lowered(p.Label))
		}
	}
	return strings.Join(list, "; ")
}

func holderKey(ref bot.Ref, i int) string { return fmt.Sprintf("%s/holder/%d", cardKey(ref), i+1) }

// question is the direct message to one holder. When it is answered the same message says so.
func (h handler) question(t bot.Turn, ref bot.Ref, r Request, i int) bot.Post {
	x := r.Round[i]
	var m *bot.Message
	if x.Answer == "" && !r.over() {
		m = h.questionText(t, ref, r, i)
	} else {
		m = bot.Say(t.Say("rights.said-"+cmp.Or(x.Answer, holdsNone), "ref", string(ref)))
		if r.over() {
			m = bot.Say(t.Say("rights.hold-over", "ref", string(ref)))
		} else {
			m.With(bot.Button{Action: "rights.hold-change", Label: t.Say("rights.button-change"), Ref: part(ref, i)})
		}
	}
	return bot.Post{Key: holderKey(ref, i), To: bot.ToPerson(x.Who), Class: scheduler.Escalation, Message: *m}
}

func part(ref bot.Ref, i int, more ...string) bot.Ref {
	return bot.Ref(strings.Join(append([]string{string(ref), strconv.Itoa(i + 1)}, more...), "/"))
}

func (h handler) questionText(t bot.Turn, ref bot.Ref, r Request, i int) *bot.Message {
	x := r.Round[i]
	m := bot.Say(t.Say("rights.hold", "ref", string(ref)))
	if x.Hint != "" {
		m.Add(bot.Para, t.Say("rights.hold-hint", "hint", x.Hint))
	} else {
		m.Add(bot.Para, t.Say("rights.hold-whom", "name", cmp.Or(r.HolderName, t.Called(r.audience(t).Role))))
	}
	m.Add(bot.Para, t.Say("rights.hold-where", "places", h.placesOf(x)))
	m.Add(bot.Para, t.Say("rights.hold-rules", "date", x.Due.Long()))
	for _, answer := range []string{holdsNone, holdsSome, holdsUnsure} {
		m.With(bot.Button{Action: "rights.hold", Label: t.Say("rights.button-hold-" + answer), Ref: part(ref, i, answer)})
	}
	return m
}

// holderOf reads which holder a button is about, or says why this person's press changes nothing.
func holderOf(t bot.Turn, ref bot.Ref, r Request, which string) (int, *bot.Outcome) {
	n, err := strconv.Atoi(which)
	var no bot.Outcome
	switch {
	case err != nil || n < 1 || n > len(r.Round):
		no = t.Reply("bot.unknown-button")
	case r.Round[n-1].Who != t.By.ID && !r.mayAct(t.By):
		no = t.Reply("rights.hold-other")
	case r.over():
		no = t.Reply("rights.hold-over", "ref", string(ref))
	default:
		return n - 1, nil
	}
	return 0, &no
}

// holderAnswers takes "none", "yes" or "not sure" from the person who was asked, or from the lead who asked them.
func (h handler) holderAnswers(_ context.Context, t bot.Turn, ref bot.Ref, r Request, what string) (bot.Outcome, error) {
	which, answer, _ := strings.Cut(what, "/")
	i, no := holderOf(t, ref, r, which)
	switch {
	case no != nil:
		return *no, nil
	case answer == holdsSome:
		return bot.Outcome{Ask: h.foundForm().Begin(found{Ref: ref, Which: i + 1})}, nil
	case answer != holdsNone && answer != holdsUnsure:
		return t.Reply("bot.unknown-button"), nil
	}
	return h.answeredBy(t, ref, r, i, answer, "")
}

// holderChanges offers the answers again.
func (h handler) holderChanges(_ context.Context, t bot.Turn, ref bot.Ref, r Request, which string) (bot.Outcome, error) {
	i, no := holderOf(t, ref, r, which)
	if no != nil {
		return *no, nil
	}
	return bot.Outcome{Reply: h.questionText(t, ref, r, i)}, nil
}

// found is what a holder tells who holds something.
type found struct {
	Ref   bot.Ref `json:"ref"`
	Which int     `json:"which"`
	Where string  `json:"where,omitempty"`
}

func (h handler) foundForm() bot.Form[found] {
	return bot.Form[found]{ID: "rights.found", Title: "You hold something", Submit: "Tell the lead", Quick: true,
		Pages: []bot.Page[found]{{ID: "found", Fields: []bot.Field[found]{
			bot.AskText("where", "Where is it, and about how much?", func(f *found) *string { return &f.Where }).
				Hint("For example: 12 e-mails, one folder. No names").Why("The lead must know what to collect. Do not send it here."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, f found) (bot.Outcome, error) {
			return h.act(func(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
				i, no := holderOf(t, ref, r, strconv.Itoa(f.Which))
				if no != nil {
					return *no, nil
				}
				return h.answeredBy(t, ref, r, i, holdsSome, f.Where)
			})(ctx, t, f.Ref)
		}}
}

func (h handler) answeredBy(t bot.Turn, ref bot.Ref, r Request, i int, answer, where string) (bot.Outcome, error) {
	before := r
	r.Round = slices.Clone(r.Round)
	x := &r.Round[i]
	x.Answer, x.On, x.Found, x.By = answer, t.Today(), where, ""
	if x.Who == t.By.ID {
		x.Name = t.ByName()
	} else {
		x.By = t.ByName()
	}
	o, err := h.changed(t, ref, before, r, t.Say("rights.line-hold-"+answer, "name", x.Name))
	if err != nil {
		return o, err
	}
	r = o.Save[ref].(Request)
	o.Posts = append(o.Posts, h.question(t, ref, r, i))
	o.Reply = bot.Say(t.Say("rights.thanks-"+answer, "name", cmp.Or(r.HolderName, t.Called(r.audience(t).Role))), t.Say("rights.hold-keep"))
	if r.mayAct(t.By) && x.Who != t.By.ID {
		o.Reply = h.searchMessage(t, ref, r)
	}
	if len(r.unanswered()) == 0 {
		o.Stop = append(o.Stop, scheduler.Key{Kind: roundKind, Name: string(ref)})
		o.Posts = append(o.Posts, later(t, ref, r, "round-over", r.audience(t), *h.searchMessage(t, ref, r)))
	}
	return o, nil
}

// roundJob is the next working morning on which the round is looked at.
func roundJob(t bot.Turn, ref bot.Ref) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: roundKind, Name: string(ref)}, Class: scheduler.Escalation, About: string(ref),
		Due: t.Mornings().At(t.Today().AddDays(1), t.Org.Zone)}
}

// chase reminds those who have not answered. After their last day their silence is noted, and the lead hears of it.
func (h handler) chase(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	r, err := bot.Load[Request](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil || r.over() || len(r.unanswered()) == 0 {
		return bot.Outcome{}, err
	}
	now := t.Today()
	r.Round = slices.Clone(r.Round)
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}}
	var silent []int
	for _, i := range r.unanswered() {
		x := &r.Round[i]
		switch last := calendar.Latest(x.Asked, x.Reminded); {
		case now.After(x.Due) && !x.Reminded.IsZero():
			x.Silent = now
			silent = append(silent, i)
		case !now.Before(x.Due) || !now.Before(h.workingDays(t, last, roundAgain)):
			x.Reminded, x.Due = now, calendar.Latest(x.Due, now) // after an outage nobody is silent before they were reminded
			m := h.questionText(t, t.Ref, r, i)
			m.Title = t.Say("rights.hold-again", "ref", string(t.Ref), "date", x.Due.Long())
			o.Posts = append(o.Posts, bot.Post{Key: holderKey(t.Ref, i) + "/" + now.String(), To: bot.ToPerson(x.Who), Class: scheduler.Escalation, Message: *m})
		}
	}
	if len(silent) > 0 {
		line := t.Say("rights.line-silent", "names", strings.Join(r.names(silent), ", "))
		r.Log = append(slices.Clone(r.Log), Line{At: t.Now, Who: t.Say("rights.clock"), What: line})
		m := h.searchMessage(t, t.Ref, r)
		m.Title = t.Say("rights.silent", "ref", string(t.Ref), "names", strings.Join(r.names(silent), ", "))
		m.Body = append([]bot.Block{{Kind: bot.Para, Text: t.Say("rights.silent-more")}}, m.Body...)
		o.Posts = append(o.Posts, h.card(t, t.Ref, r), later(t, t.Ref, r, "silent", r.audience(t), *m))
	}
	o.Save[t.Ref] = r
	if len(r.unanswered()) > 0 {
		o.Jobs = []scheduler.Job{roundJob(t, t.Ref)}
	}
	return o, nil
}

// searches shows the round: who was asked, where, and what came of it.
func (h handler) searches(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	return bot.Outcome{Reply: h.searchMessage(t, ref, r), Audit: []string{"rights.read"}}, nil
}

func (h handler) searchMessage(t bot.Turn, ref bot.Ref, r Request) *bot.Message {
	m := bot.Say(t.Say("rights.searches", "ref", string(ref)))
	if len(r.Round) == 0 {
		m.Add(bot.Para, t.Say("rights.searches-none"))
	}
	m.List(bot.Bullets, h.searchLines(t, r)...)
	if r.over() {
		return m
	}
	m.With(button(t, ref, "holder", bot.Primary))
	for i, x := range r.Round {
		if x.Answer == "" && len(m.Buttons) < 6 { // the lead spoke to them
			m.With(bot.Button{Action: "rights.hold-change", Label: t.Say("rights.button-for", "name", x.Name), Ref: part(ref, i)})
		}
	}
	if r.copies() {
		m.With(button(t, ref, "checklist", bot.Plain))
	}
	return m
}

// searchLines are the log of searches: person, places, answer and day.
func (h handler) searchLines(t bot.Turn, r Request) []string {
	lines := make([]string, 0, len(r.Round))
	for _, x := range r.Round {
		answer := t.Say("rights.search-waiting", "date", x.Due.Plain())
		switch {
		case x.Answer != "":
			answer = t.Say("rights.hold-"+x.Answer) + ", " + x.On.Plain()
			if x.By != "" {
				answer += ", " + t.Say("rights.search-by", "name", x.By)
			}
			if x.Found != "" {
				answer += ": " + x.Found
			}
		case !x.Silent.IsZero():
			answer = t.Say("rights.search-silent", "date", x.Silent.Plain())
		}
		if x.Answer != "" && !x.Silent.IsZero() {
			answer += " (" + t.Say("rights.search-silent", "date", x.Silent.Plain()) + ")"
		}
		lines = append(lines, t.Say("rights.search-line", "name", x.Name, "places", h.placesOf(x), "answer", answer))
	}
	return lines
}
