package talk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shareright/bot"
)

// screen is the page of a form that somebody has open, with what is typed so far.
type screen struct {
	view    bot.View
	answers map[string][]string
}

// maxPages is far more than any form has; it ends a form that goes round in circles.
const maxPages = 30

// see takes in what the engine answers.
func (p *player) see(user string, r bot.Response) {
	if r.Done {
		delete(p.screens, user)
	}
	p.problem = nil
	for _, id := range slices.Sorted(maps.Keys(r.Problems)) {
		p.problem = append(p.problem, r.Problems[id])
	}
	if r.Reply != nil && p.watcher.Message != nil {
		p.watcher.Message(bot.Address{User: user}, *r.Reply)
	}
	if r.Show != nil && p.watcher.Page != nil {
		p.watcher.Page(*r.Show, r.Problems)
	}
	if r.Reply != nil {
		p.inbox.items = append(p.inbox.items, item{to: user, text: r.Reply.Plain(), cards: r.Reply.Buttons})
	}
	if r.Show == nil {
		return
	}
	s := &screen{view: *r.Show, answers: map[string][]string{}}
	for _, f := range r.Show.Fields {
		s.answers[f.ID] = f.Value
	}
	p.screens[user] = s
	p.inbox.items = append(p.inbox.items, item{to: user, page: true, text: drawn(*r.Show)})
}

// drawn is a page as text: everything that a person reads on it.
func drawn(v bot.View) string {
	page := []string{v.Title}
	for _, b := range v.Intro {
		page = append(page, b.Plain()...)
	}
	for _, f := range v.Fields {
		page = append(page, f.Label)
		if len(f.Value) > 0 {
			page = append(page, "  "+strings.Join(f.Value, ", "))
		}
	}
	for _, l := range v.Check {
		page = append(page, l.Label+": "+l.Answer)
	}
	return strings.Join(page, "\n")
}

// complete says whether everything that must be answered is.
func (s *screen) complete() bool {
	for _, f := range s.view.Fields {
		if !f.Optional && len(s.answers[f.ID]) == 0 {
			return false
		}
	}
	return true
}

func (s *screen) labels() string {
	var labels []string
	for _, f := range s.view.Fields {
		labels = append(labels, "  "+f.Label)
	}
	for _, l := range s.view.Check {
		labels = append(labels, "  "+l.Label+": "+l.Answer)
	}
	return strings.Join(labels, "\n")
}

// answer carries out one line that begins with ">".
func (p *player) answer(ctx context.Context, text string) error {
	s := p.screens[p.actor]
	if s == nil {
		return fmt.Errorf("%s has no questions open.%s", p.actor, p.inbox.instead(p.place(p.actor), p.inbox.start))
	}
	label, value, labelledSo := labelled(text)
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case text == "!":
		return p.deed(ctx, bot.Left{Session: s.view.Session, Seq: s.view.Seq, Answers: s.answers})
	case text == "back" || text == "<":
		return p.submit(ctx, bot.Go{Back: true})
	case text == "cancel":
		return p.submit(ctx, bot.Go{Cancel: true})
	case word == "why" && !labelledSo:
		return p.why(strings.TrimSpace(rest))
	case word == "change" && !labelledSo:
		return p.change(ctx, strings.TrimSpace(rest))
	}
	for range maxPages {
		s := p.screens[p.actor]
		if s == nil {
			return fmt.Errorf("the form ended before a question that begins with %q", label)
		}
		if f := s.field(label); f != nil {
			s.answers[f.ID] = []string{strings.ReplaceAll(value, `\n`, "\n")}
			return nil
		}
		if s.view.Page == bot.CheckPage || !s.complete() {
			return fmt.Errorf("no question begins with %q; on the screen is %q:\n%s", label, s.view.Title, s.labels())
		}
		if err := p.submit(ctx, bot.Go{}); err != nil {
			return err
		}
		if len(p.problem) > 0 {
			return fmt.Errorf("before %q came a problem: %s", label, strings.Join(p.problem, " "))
		}
	}
	return errors.New("the form never ends")
}

func (s *screen) field(label string) *bot.FieldView {
	for i, f := range s.view.Fields {
		if begins(f.Label, label) {
			return &s.view.Fields[i]
		}
	}
	return nil
}

func (p *player) why(label string) error {
	f := p.screens[p.actor].field(label)
	if f == nil {
		return fmt.Errorf("no question begins with %q", label)
	}
	p.inbox.items = append(p.inbox.items, item{to: p.actor, text: f.Why})
	return nil
}

// change goes on to check-your-answers and opens one of them again.
func (p *player) change(ctx context.Context, label string) error {
	for range maxPages {
		s := p.screens[p.actor]
		if s == nil {
			return errors.New("the form ended before check-your-answers")
		}
		if s.view.Page != bot.CheckPage {
			if !s.complete() {
				return fmt.Errorf("check-your-answers cannot be reached yet; on the screen is:\n%s", s.labels())
			}
			if err := p.submit(ctx, bot.Go{}); err != nil {
				return err
			}
			continue
		}
		for _, l := range s.view.Check {
			if begins(l.Label, label) {
				return p.submit(ctx, bot.Go{Change: l.Page})
			}
		}
		return fmt.Errorf("no answer to check begins with %q:\n%s", label, s.labels())
	}
	return errors.New("the form never ends")
}

func (p *player) submit(ctx context.Context, where bot.Go) error {
	s := p.screens[p.actor]
	return p.deed(ctx, bot.Submitted{Session: s.view.Session, Seq: s.view.Seq, Answers: s.answers, Go: where})
}

// endAnswers sends what is complete, page after page, and confirms the check at the end.
func (p *player) endAnswers(ctx context.Context, dying bool) error {
	if !p.answers {
		return nil
	}
	p.answers = false
	if p.life == nil {
		return errors.New("the program is stopped")
	}
	p.life.dying = dying
	for range maxPages {
		s := p.screens[p.actor]
		if s == nil || !s.complete() {
			return p.settle()
		}
		if err := p.submit(ctx, bot.Go{}); err != nil {
			return err
		}
		if len(p.problem) > 0 {
			return p.settle()
		}
	}
	return errors.New("the form never ends")
}
