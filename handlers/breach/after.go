package breach

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/training"
	"shareright/scheduler"
)

// ends is what the closing form fills in.
type ends struct {
	Ref     bot.Ref `json:"ref"`
	Lessons string  `json:"lessons"`
	Policy  string  `json:"policy,omitempty"` // "yes": a policy or agreement has to change
}

func (h handler) askEnding(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if why, yet := b.notYet(t, ref); yet {
		return why, nil
	}
	return bot.Outcome{Ask: h.ending().Begin(ends{Ref: ref})}, nil
}

// notYet says why a breach cannot be closed yet, or again.
func (b Breach) notYet(t bot.Turn, ref bot.Ref) (why bot.Outcome, yet bool) {
	switch {
	case b.over():
		return t.Reply("breach.closed-already", "ref", string(ref)), true
	case b.Decision == nil:
		return t.Reply("breach.close-undecided"), true
	case b.running():
		return t.Reply("breach.close-untold", "ico", t.Org.ICO), true
	case b.peopleUntold():
		return t.Reply("breach.close-people"), true
	case b.phaseOpen() != nil:
		return t.Reply("breach.close-phase", "ico", t.Org.ICO), true
	}
	return bot.Outcome{}, false
}

func (h handler) ending() bot.Form[ends] {
	return bot.Form[ends]{
		ID: "breach.ending", Title: "Close the breach", Submit: "Close it", Done: h.closed,
		Pages: []bot.Page[ends]{{ID: "lessons", Fields: []bot.Field[ends]{
			bot.AskStory("lessons", "What will you do differently?", func(e *ends) *string { return &e.Lessons }).
				Why("A breach that changes nothing happens again. Trustees see lessons, never names."),
			bot.AskOne("policy", "Must a policy or an agreement change?", func(e *ends) *string { return &e.Policy },
				bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "no", Label: "No"}).NotSure().Optional().
				Why("We remind you until it is done."),
		}}},
	}
}

// closed ends a breach, thanks the reporter, and keeps what is still to do.
func (h handler) closed(ctx context.Context, t bot.Turn, e ends) (bot.Outcome, error) {
	return h.sent(ctx, t, e.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		ref := e.Ref
		if why, yet := b.notYet(t, ref); yet {
			return why
		}
		b.State, b.ClosedAt, b.Lessons = closed, t.Now, e.Lessons
		if e.Policy == "yes" {
			b.addTask(t, "policy", 30)
		}
		b.addTask(t, "effect", 90)
		line := t.Say("breach.line-closed", "name", t.ByName())
		b.note(t, line)
		o := h.changed(t, ref, b, line)
		o.Stop = append(b.stopClock(ref), scheduler.Key{Kind: recipients, Name: string(ref)})
		o.Jobs = b.taskJobs(ref, t)
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(ref) + "/closed", To: bot.ToPerson(b.By), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("breach.reporter-closed", "ref", string(ref)))})
		if cause, ok := h.content.Cause(b.Cause); ok && cause.Refresher != "" {
			m := bot.Say(t.Say("breach.refresher", "topic", training.Default().Subject(cause.Refresher), "ref", string(ref)), t.Say("breach.refresher-team")).
				With(bot.Button{Action: "training.suggest", Label: t.Say("breach.button-refresher"), Ref: bot.Ref(cause.Refresher)})
			o.Posts = append(o.Posts, bot.Post{Key: cardKey(ref) + "/refresher", To: b.audience(t), Under: cardKey(ref), Class: scheduler.Routine, Message: *m})
		}
		return o
	})
}

// task reminds of what is to do after a breach. The name is stored with pending jobs.
const task = "breach.task"

// addTask adds something to do within so many days, once.
func (b *Breach) addTask(t bot.Turn, what string, days int) {
	for _, x := range b.Tasks {
		if x.What == what {
			return
		}
	}
	b.Tasks = append(b.Tasks, FollowOn{What: what, Due: calendar.On(t.Now, t.Org.Zone).AddDays(days)})
}

// taskJobs are the reminders of everything that is not done.
func (b Breach) taskJobs(ref bot.Ref, t bot.Turn) []scheduler.Job {
	var jobs []scheduler.Job
	for i, x := range b.Tasks {
		if x.DoneAt.IsZero() {
			jobs = append(jobs, taskJob(ref, i, morning(t, x.Due)))
		}
	}
	return jobs
}

func taskJob(ref bot.Ref, i int, due time.Time) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: task, Name: fmt.Sprintf("%s/%d", ref, i)}, Due: due, Class: scheduler.Routine, About: string(ref),
		Body: []byte(strconv.Itoa(i))}
}

// remindTask tells what is to do, and a week later again until it is done.
func (h handler) remindTask(t bot.Turn, b Breach, job scheduler.Job) (bot.Outcome, error) {
	i, err := strconv.Atoi(string(job.Body))
	if err != nil || i >= len(b.Tasks) || !b.Tasks[i].DoneAt.IsZero() {
		return bot.Outcome{}, err
	}
	m := bot.Say(t.Say("breach.task-"+b.Tasks[i].What, "ref", string(t.Ref))).
		With(bot.Button{Action: "breach.task", Label: t.Say("breach.button-task"), Ref: t.Ref + "/" + bot.Ref(job.Body), Style: bot.Primary})
	return bot.Outcome{
		Posts: []bot.Post{{Key: fmt.Sprintf("breach/%s/task/%d/%d", t.Ref, i, t.Now.Unix()), To: b.audience(t), Under: cardKey(t.Ref), Class: scheduler.Routine, Message: *m}},
		Jobs:  []scheduler.Job{taskJob(t.Ref, i, morning(t, calendar.On(t.Now, t.Org.Zone).AddDays(7)))},
	}, nil
}

func (h handler) taskDone(_ context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error) {
	i, err := strconv.Atoi(part)
	if err != nil || i < 0 || i >= len(b.Tasks) {
		return t.Reply("bot.unknown-button"), nil
	}
	if !b.Tasks[i].DoneAt.IsZero() {
		return t.Reply("breach.task-already"), nil
	}
	b.Tasks[i].DoneAt = t.Now
	line := t.Say("breach.line-task", "name", t.ByName(), "task", t.Say("breach.done-"+b.Tasks[i].What))
	b.note(t, line)
	o := h.changed(t, ref, b, line)
	o.Stop = []scheduler.Key{{Kind: task, Name: fmt.Sprintf("%s/%d", ref, i)}}
	return o, nil
}

// adding is what the form about the timeline fills in.
type adding struct {
	Ref  bot.Ref   `json:"ref"`
	What string    `json:"what"`
	When time.Time `json:"when,omitzero"`
	Link string    `json:"link,omitempty"`
}

// beginLine adds to the timeline of a breach that is named, or of the only open one. A message it was called on is kept as a link.
func (h handler) beginLine(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	a := adding{Ref: bot.Ref(strings.ToUpper(strings.TrimSpace(text))), Link: t.Link}
	if a.Ref != "" {
		return bot.Outcome{Ask: h.addLine().Begin(a)}, nil
	}
	found, err := bot.Find[Breach](ctx, t, bot.Query{States: []string{open, held, decided}})
	if err != nil {
		return bot.Outcome{}, err
	}
	found = slices.DeleteFunc(found, func(f bot.Found[Breach]) bool { return f.Record.hidden(t.By) })
	switch len(found) {
	case 0:
		return t.Reply("breach.list-none"), nil
	case 1:
		a.Ref = found[0].Ref
		return bot.Outcome{Ask: h.addLine().Begin(a).Saying(bot.Block{Kind: bot.Para, Text: found[0].Record.title(t, a.Ref)})}, nil
	}
	var titles []string
	for _, f := range found {
		titles = append(titles, f.Record.title(t, f.Ref))
	}
	return bot.Outcome{Ask: h.addLine().Begin(a).Saying(bot.Block{Kind: bot.Bullets, Items: titles})}, nil
}

func (h handler) askLine(_ context.Context, t bot.Turn, ref bot.Ref, _ Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.addLine().Begin(adding{Ref: ref, Link: t.Link})}, nil
}

func (h handler) addLine() bot.Form[adding] {
	return bot.Form[adding]{
		ID: "breach.line", Title: "Add to the timeline", Submit: "Add it", Quick: true, Done: h.lineAdded,
		Pages: []bot.Page[adding]{{ID: "line", Fields: []bot.Field[adding]{
			bot.AskText("ref", "Which breach?", func(a *adding) *string { return (*string)(&a.Ref) }).
				Hint("Its reference, such as BR-7K3Q").Why("The line goes into the timeline of that breach."),
			bot.AskStory("what", "What happened?", func(a *adding) *string { return &a.What }).
				Hint("A correction is a new line. No names of people affected").Why("Nothing in the timeline is ever changed or removed."),
			bot.AskWhen("when", "When was that?", func(a *adding) *time.Time { return &a.When }).
				Hint("Leave empty if it was just now").Optional().Past().Why("Date and time make the order clear."),
			bot.AskText("link", "Link to a message", func(a *adding) *string { return &a.Link }).
				Hint("The link only. The text stays where it is").Optional().Why("It shows what the line rests on."),
		}}},
	}
}

func (h handler) lineAdded(ctx context.Context, t bot.Turn, a adding) (bot.Outcome, error) {
	a.Ref = bot.Ref(strings.ToUpper(strings.TrimSpace(string(a.Ref))))
	o, err := h.sent(ctx, t, a.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		b.Log = append(b.Log, Line{At: t.Now, When: a.When, Link: a.Link, Who: t.ByName(), What: a.What})
		return h.changed(t, a.Ref, b, t.Say("breach.line-added", "name", t.ByName()))
	})
	if errors.Is(err, bot.ErrNotFound) { // what was typed is kept, and only the reference is asked again
		unknown := string(a.Ref)
		a.Ref = ""
		return bot.Outcome{Ask: h.addLine().Begin(a).Saying(bot.Block{Kind: bot.Para, Text: t.Say("breach.line-which", "ref", unknown)})}, nil
	}
	return o, err
}
