package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shareright/internal/failpoint"
)

// The engine's own buttons. Their ids are stored in messages, so they are stable.
const (
	actionResume  = "bot.resume"  // the reference is a dialogue
	actionRestart = "bot.restart" // the reference is a dialogue
	actionRun     = "bot.run"     // the reference is a command
)

const (
	sessionKind = "session"
	sessionLife = 24 * time.Hour // then an unfinished dialogue erases itself
)

// session is an unfinished dialogue as it is stored: fields may be added, never renamed.
type session struct {
	Form      string          `json:"form"`
	Page      string          `json:"page"`
	Seq       int             `json:"seq"`
	State     json.RawMessage `json:"state"`
	Fresh     json.RawMessage `json:"fresh"` // where "start again" begins
	Note      []Block         `json:"note,omitempty"`
	Returning bool            `json:"returning,omitempty"` // a change from check-your-answers goes back there
	Who       []Role          `json:"who,omitempty"`       // who may go on with it: who may do what began it

	id  string
	row Row
}

// begin shows a form. A dialogue of the same form that was left half-way is offered first.
func (b *Bot) begin(ctx context.Context, t Turn, asking *Asking) (Response, error) {
	form, ok := b.forms[asking.form]
	if !ok {
		return Response{}, fmt.Errorf("no feature offers the form %q", asking.form)
	}
	old, err := b.unfinished(ctx, t, asking.form)
	if err != nil {
		return Response{}, err
	}
	if old != nil && (old.Seq > 1 || string(old.State) != string(old.Fresh)) && !form.brief() {
		old.Fresh, old.Who = asking.state, t.gate
		if err := b.keep(ctx, t, old); err != nil {
			return Response{}, err
		}
		return reply(t.resumeOffer(old))
	}
	s := &session{Form: asking.form, State: asking.state, Fresh: asking.state, Note: asking.Note, Who: t.gate, id: randomLetters(12)}
	if old != nil {
		s.id, s.row, s.Seq = old.id, old.row, old.Seq
	}
	if s.Page, err = form.follow(s.State, "", false); err != nil {
		return Response{}, err
	}
	s.Seq++
	return b.show(ctx, t, s)
}

func (t Turn) resumeOffer(s *session) *Message {
	return Say(t.Say("bot.resume-title"), t.Say("bot.resume-body")).With(
		Button{Action: actionResume, Label: t.Say("bot.go-on"), Ref: Ref(s.id), Style: Primary},
		Button{Action: actionRestart, Label: t.Say("bot.start-again"), Ref: Ref(s.id)})
}

// show stores the session and draws the page it is at.
func (b *Bot) show(ctx context.Context, t Turn, s *session) (Response, error) {
	if err := b.keep(ctx, t, s); err != nil {
		return Response{}, err
	}
	failpoint.Hit("F6")
	view, err := b.drawn(t, s)
	return Response{Show: view}, err
}

func (b *Bot) drawn(t Turn, s *session) (*View, error) {
	form, ok := b.forms[s.Form]
	if !ok {
		return nil, fmt.Errorf("no feature offers the form %q any more", s.Form)
	}
	view, err := form.draw(s.State, s.Page, b.reader(t.Org, t.By))
	if err != nil {
		return nil, err
	}
	view.Session, view.Seq = s.id, s.Seq
	view.Intro = append(append([]Block{}, s.Note...), view.Intro...)
	return &view, nil
}

func (b *Bot) keep(ctx context.Context, t Turn, s *session) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("store dialogue: %w", err)
	}
	s.row.Kind, s.row.Ref, s.row.Body = sessionKind, s.id, body
	opened := s.row.Opened
	if opened.IsZero() {
		opened = t.Now
	}
	s.row.Index = Index{State: s.Form, Owner: t.By.ID, Opened: opened, Expires: t.Now.Add(sessionLife)}
	if err := t.tx.Put(ctx, t.Org.ID, s.row); err != nil {
		return fmt.Errorf("store dialogue: %w", err)
	}
	s.row.Version++
	return nil
}

// unfinished returns the person's open dialogue of a form, or nil.
func (b *Bot) unfinished(ctx context.Context, t Turn, form string) (*session, error) {
	rows, err := t.tx.Find(ctx, t.Org.ID, Query{Kind: sessionKind, Owner: t.By.ID, States: []string{form}})
	if err != nil {
		return nil, fmt.Errorf("find dialogues: %w", err)
	}
	for _, row := range rows {
		if row.Expires.After(t.Now) {
			return readSession(row)
		}
	}
	return nil, nil
}

func readSession(row Row) (*session, error) {
	s := &session{id: row.Ref, row: row}
	if err := json.Unmarshal(row.Body, s); err != nil {
		return nil, fmt.Errorf("read dialogue: %w", err)
	}
	return s, nil
}

// open returns a session that belongs to the person, or the message that says why not.
func (b *Bot) open(ctx context.Context, t Turn, id string) (*session, *Message, error) {
	row, err := t.tx.Get(ctx, t.Org.ID, sessionKind, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, Say(t.Say("bot.form-over")), nil
	case err != nil:
		return nil, nil, fmt.Errorf("find dialogue: %w", err)
	case row.Owner != t.By.ID:
		return nil, Say(t.Say("bot.not-yours")), nil
	case !row.Expires.After(t.Now):
		return nil, Say(t.Say("bot.form-over")), nil
	}
	s, err := readSession(row)
	if err == nil && !t.By.Has(s.Who...) { // the role was lost since the form was begun
		return nil, Say(t.Say("bot.wrong-role", "role", t.Called(s.Who...))), nil
	}
	return s, nil, err
}

func (b *Bot) resume(ctx context.Context, t Turn, id string) (Response, error) {
	s, no, err := b.open(ctx, t, id)
	if err != nil || no != nil {
		return Response{Reply: no}, err
	}
	return b.show(ctx, t, s)
}

func (b *Bot) restart(ctx context.Context, t Turn, id string) (Response, error) {
	s, no, err := b.open(ctx, t, id)
	if err != nil || no != nil {
		return Response{Reply: no}, err
	}
	s.State, s.Note, s.Returning = s.Fresh, nil, false
	if s.Page, err = b.forms[s.Form].follow(s.State, "", false); err != nil {
		return Response{}, err
	}
	s.Seq++
	return b.show(ctx, t, s)
}

// leave keeps what was typed on the page as a draft.
func (b *Bot) leave(ctx context.Context, t Turn, left Left) (Response, error) {
	s, no, err := b.open(ctx, t, left.Session)
	if err != nil || no != nil {
		return Response{}, err // it is over anyway
	}
	if left.Seq == s.Seq && len(left.Answers) > 0 {
		if err := b.draft(t, s, left.Answers); err != nil {
			return Response{}, err
		}
		if err := b.keep(ctx, t, s); err != nil {
			return Response{}, err
		}
	}
	m := Say(t.Say("bot.left"), t.Say("bot.left-more")).With(Button{Action: actionResume, Label: t.Say("bot.go-on"), Ref: Ref(s.id)})
	return Response{Reply: m, Done: true}, nil
}

// draft takes answers without complaint about those that are missing.
func (b *Bot) draft(t Turn, s *session, answers map[string][]string) error {
	if s.Page == CheckPage || len(answers) == 0 {
		return nil // nothing was sent, so nothing of it changes
	}
	state, _, err := b.forms[s.Form].answer(s.State, s.Page, answers, b.reader(t.Org, t.By))
	if err == nil {
		s.State = state
	}
	return err
}

// submit takes the answers of the page on the screen and goes where the person wants.
func (b *Bot) submit(ctx context.Context, t Turn, sub Submitted) (Response, error) {
	s, no, err := b.open(ctx, t, sub.Session)
	if err != nil {
		return Response{}, err
	}
	if no != nil {
		return Response{Reply: no, Done: true}, nil
	}
	form, ok := b.forms[s.Form]
	if !ok {
		return Response{}, fmt.Errorf("no feature offers the form %q any more", s.Form)
	}
	if sub.Seq != s.Seq { // a repeat, or an old screen: it changes nothing
		view, err := b.drawn(t, s)
		return Response{Show: view, Problems: map[string]string{"": t.Say("bot.form-moved")}}, err
	}
	failpoint.Hit("F8")
	on, err := b.drawn(t, s)
	if err != nil {
		return Response{}, err
	}
	danger := b.dangerIn(on, sub.Answers)
	response, err := b.move(ctx, t, form, s, sub)
	if err == nil && danger != nil {
		response = withDanger(response, danger)
	}
	return response, err
}

func (b *Bot) move(ctx context.Context, t Turn, form Dialogue, s *session, sub Submitted) (Response, error) {
	switch {
	case sub.Go.Cancel:
		if err := t.tx.Erase(ctx, t.Org.ID, sessionKind, s.id); err != nil {
			return Response{}, fmt.Errorf("erase dialogue: %w", err)
		}
		dropped, err := t.decided(func(t Turn) (Outcome, error) { return form.dropped(t), nil })
		if err != nil {
			return Response{}, err
		}
		if err := b.apply(ctx, t, dropped); err != nil {
			return Response{}, err
		}
		return Response{Reply: Say(t.Say("bot.cancelled")), Done: true}, nil
	case sub.Go.Back:
		if err := b.draft(t, s, sub.Answers); err != nil {
			return Response{}, err
		}
		return b.goTo(ctx, t, s, func() (string, error) { return form.follow(s.State, s.Page, true) })
	case sub.Go.Change != "":
		if err := b.draft(t, s, sub.Answers); err != nil {
			return Response{}, err
		}
		state, err := form.reopen(s.State, sub.Go.Change)
		if err != nil {
			return reply(Say(t.Say("bot.form-moved")))
		}
		s.State, s.Returning = state, true
		return b.goTo(ctx, t, s, func() (string, error) { return sub.Go.Change, nil })
	case s.Page == CheckPage:
		return b.finish(ctx, t, form, s)
	}
	state, problems, err := form.answer(s.State, s.Page, sub.Answers, b.reader(t.Org, t.By))
	if err != nil {
		return Response{}, err
	}
	s.State = state
	if len(problems) > 0 {
		response, err := b.show(ctx, t, s) // the sequence stays: the same screen is still up
		response.Problems = problems
		return response, err
	}
	next, err := b.nextPage(form, s)
	if err != nil {
		return Response{}, err
	}
	if next == CheckPage && form.brief() {
		return b.finish(ctx, t, form, s)
	}
	return b.goTo(ctx, t, s, func() (string, error) { return next, nil })
}

// nextPage is the page after this one, or from a change straight back to check-your-answers,
// with a stop only where the change opened a question that must be answered.
func (b *Bot) nextPage(form Dialogue, s *session) (string, error) {
	if !s.Returning {
		return form.follow(s.State, s.Page, false)
	}
	return form.gap(s.State)
}

func (b *Bot) goTo(ctx context.Context, t Turn, s *session, where func() (string, error)) (Response, error) {
	page, err := where()
	if err != nil {
		return Response{}, err
	}
	s.Page, s.Seq, s.Note = page, s.Seq+1, nil
	return b.show(ctx, t, s)
}

// finish ends the dialogue and carries out what it was for.
func (b *Bot) finish(ctx context.Context, t Turn, form Dialogue, s *session) (Response, error) {
	gap, err := form.gap(s.State)
	if err != nil {
		return Response{}, err
	}
	if gap != CheckPage {
		return b.goTo(ctx, t, s, func() (string, error) { return gap, nil })
	}
	outcome, err := t.decided(func(t Turn) (Outcome, error) { return form.finish(ctx, t, s.State) })
	if err != nil {
		return Response{}, fmt.Errorf("finish %s: %w", s.Form, err)
	}
	if err := t.tx.Erase(ctx, t.Org.ID, sessionKind, s.id); err != nil {
		return Response{}, fmt.Errorf("erase dialogue: %w", err)
	}
	response, err := b.carryOut(ctx, t, outcome)
	response.Done = response.Show == nil
	return response, err
}

// dangerIn returns the emergency words if anything that was typed reads as one. The name of
// a choice is nobody's words: "in_danger" may stand for a person who is hiding.
func (b *Bot) dangerIn(on *View, answers map[string][]string) *Message {
	choices := map[string]bool{}
	for _, f := range on.Fields {
		for _, o := range f.Options {
			choices[f.ID+"/"+o.Value] = true
		}
	}
	for id, values := range answers {
		for _, v := range values {
			if m, yes := b.o.Emergency(v); yes && !choices[id+"/"+v] {
				return m
			}
		}
	}
	return nil
}

// withDanger puts the emergency words above whatever comes next.
func withDanger(r Response, danger *Message) Response {
	blocks := append([]Block{{Kind: Heading, Text: danger.Title}}, danger.Body...)
	if r.Show != nil {
		r.Show.Intro = append(blocks, r.Show.Intro...)
		return r
	}
	if r.Reply == nil {
		r.Reply = danger
		return r
	}
	combined := *r.Reply
	combined.Title = danger.Title
	combined.Body = append(append(append([]Block{}, danger.Body...), Block{Kind: Heading, Text: r.Reply.Title}), r.Reply.Body...)
	r.Reply = &combined
	return r
}
