package training

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
	"shareright/scheduler"
)

// The timers of quizzes. The names are stored with pending jobs.
const (
	sendKind   = "training.quiz"        // the next few people get their questions
	resultKind = "training.quiz-result" // the lead reads the counts
)

// Many people are asked a few at a time: 300 a minute, which is what a workspace takes in
// "several hundred messages a minute". The jobs are routine, so that what is urgent goes
// first, and one job stands for the rest, so that an outage cannot pile them up.
const (
	batch = 25
	pause = 5 * time.Second
	after = 7 // days, then the lead reads the counts
)

// spread is how long the nth person waits, so that no more than a batch leaves at once.
func spread(n int) time.Duration { return time.Duration(n/batch) * pause }

// minutes is how long it takes until so many people have been asked.
func minutes(n int) int { return int(spread(n)/time.Minute) + 1 }

// Invited is everybody who gets the questions this time. It is stored: fields may be added,
// never renamed.
type Invited struct {
	Quiz   bot.Ref        `json:"quiz"`
	Round  int            `json:"round"`
	People []bot.PersonID `json:"people"`
	Set    time.Time      `json:"set"`
}

// RecordKind names the records.
func (Invited) RecordKind() string { return "quiz-people" }

// RecordIndex lets the list erase itself when everybody has been asked for long.
func (i Invited) RecordIndex() bot.Index {
	return bot.Index{Opened: i.Set, Expires: i.Set.AddDate(0, 3, 0)}
}

// Sitting is one person with the questions of one time: which they had, not what they
// answered. It is stored: fields may be added, never renamed.
type Sitting struct {
	Quiz   bot.Ref      `json:"quiz"`
	Round  int          `json:"round"`
	Person bot.PersonID `json:"person"`
	Cards  []string     `json:"cards"`
	At     int          `json:"at"` // how many are answered
	Set    time.Time    `json:"set"`
}

// RecordKind names the records.
func (Sitting) RecordKind() string { return "quiz-sitting" }

// RecordIndex finds somebody's sittings. They erase themselves after two years.
func (s Sitting) RecordIndex() bot.Index {
	return bot.Index{State: open, Owner: s.Person, Opened: s.Set, Expires: s.Set.AddDate(2, 0, 0)}
}

// send asks the next few people, and plans the next few after them.
func (h handler) send(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	q, err := bot.Load[Quiz](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil || q.State == closed {
		return bot.Outcome{}, err
	}
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}}
	at, _ := strconv.Atoi(string(job.Body)) // nothing at the beginning
	list := Invited{Quiz: t.Ref, Round: q.Round + 1, Set: t.Now}
	if at == 0 {
		list.People = q.audience(t, all)
		q.Round, q.Sent, q.Finished, q.Tally = list.Round, len(list.People), 0, nil
		q.Next = calendar.Date{}
		o.Save[t.Ref+"/people"] = list
	} else if list, err = bot.Load[Invited](ctx, t, t.Ref+"/people"); err != nil {
		return bot.Outcome{}, err
	}
	lately, err := h.lately(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	end := min(at+batch, len(list.People))
	for n := at; n < end; n++ {
		if err := h.invite(ctx, t, q, list.People[n], n, all, lately, &o); err != nil {
			return bot.Outcome{}, err
		}
	}
	if end < len(list.People) {
		o.Jobs = append(o.Jobs, scheduler.Job{Key: job.Key, Due: t.Now.Add(pause), Class: scheduler.Routine, About: job.About, Body: []byte(strconv.Itoa(end))})
	} else {
		h.sentAll(t, &q, job.Key, &o)
	}
	if at == 0 || end == len(list.People) {
		o.Save[t.Ref] = q
	}
	return o, nil
}

// sentAll plans the counts for the lead and, where it comes round, the next time.
func (h handler) sentAll(t bot.Turn, q *Quiz, key scheduler.Key, o *bot.Outcome) {
	told := t.Today().AddDays(after)
	o.Jobs = append(o.Jobs, jobOn(t, scheduler.Key{Kind: resultKind, Name: string(t.Ref)}, t.Ref, told))
	if q.Months > 0 {
		q.Next = t.Today().AddMonths(q.Months)
		o.Jobs = append(o.Jobs, jobOn(t, key, t.Ref, q.Next))
	}
}

// invite chooses the questions of one person and posts the first.
func (h handler) invite(ctx context.Context, t bot.Turn, q Quiz, who bot.PersonID, n int, all team, lately map[string]int, o *bot.Outcome) error {
	before, err := bot.Find[Sitting](ctx, t, bot.Query{Owner: who})
	if err != nil {
		return err
	}
	wish := knowledge.Wish{Person: string(who), Subject: q.Subject, Lately: lately, On: t.Today()}
	for _, role := range all.does(t, who) {
		wish.Roles = append(wish.Roles, string(role))
	}
	for _, f := range before {
		wish.Seen = append(wish.Seen, f.Record.Cards...)
	}
	s := Sitting{Quiz: t.Ref, Round: q.Round, Person: who, Set: t.Now}
	for _, card := range h.content.Choose(wish) {
		if len(s.Cards) < q.Cards {
			s.Cards = append(s.Cards, card.ID)
		}
	}
	if len(s.Cards) == 0 {
		return nil // no question on this subject suits them
	}
	ref := bot.Ref(fmt.Sprintf("%s-%d-%d", t.Ref, q.Round, n+1))
	o.Save[ref] = s
	o.Posts = append(o.Posts, bot.Post{Key: sittingKey(ref), To: bot.ToPerson(who), Class: scheduler.Routine, Message: *h.question(t, ref, s)})
	return nil
}

func sittingKey(ref bot.Ref) string { return "quiz/" + string(ref) }

// mishap is what is read of a breach: its cause, and nothing else of it.
type mishap struct {
	Cause string    `json:"cause"`
	About bot.Role  `json:"about"`
	At    time.Time `json:"reported"`
}

// RecordKind is the kind of record that handlers/breach keeps.
func (mishap) RecordKind() string { return "breach" }

// RecordIndex is never used: a mishap is only read.
func (mishap) RecordIndex() bot.Index { return bot.Index{} }

// lately counts the subjects of the breaches of the last year. One about somebody in
// charge is left out: even its subject is not for everybody.
func (h handler) lately(ctx context.Context, t bot.Turn) (map[string]int, error) {
	found, err := bot.Find[mishap](ctx, t, bot.Query{Limit: most})
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, f := range found {
		cause, known := h.causes.Cause(f.Record.Cause)
		if known && f.Record.About == bot.Anyone && f.Record.At.After(t.Now.AddDate(-1, 0, 0)) {
			counts[cause.Refresher]++
		}
	}
	return counts, nil
}

// result tells the lead the counts, once a sending.
func (h handler) result(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	q, err := bot.Load[Quiz](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	if !t.Mornings().Open(t.Today()) {
		return bot.Outcome{Jobs: []scheduler.Job{jobOn(t, job.Key, t.Ref, t.Today())}}, nil
	}
	o := bot.Outcome{Posts: []bot.Post{{Key: fmt.Sprintf("quiz/%s/result/%d", t.Ref, q.Round), To: bot.ToRole(bot.DPLead), Class: scheduler.Routine,
		Message: *h.results(t, t.Ref, q)}}}
	if q.Months == 0 {
		q.State = closed
		o.Save = map[bot.Ref]bot.Record{t.Ref: q}
	}
	return o, nil
}
