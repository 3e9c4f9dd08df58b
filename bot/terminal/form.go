package terminal

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/words"
)

// screen is the page of a dialogue that somebody has before them.
type screen struct {
	view    bot.View
	queue   []int // the questions still to ask, as places in view.Fields
	asked   []int // those answered, for "back"
	answers map[string][]string
	change  string // the one question to ask again, from check-your-answers
}

// show begins a page, or asks again what needs another answer.
func (t *Terminal) show(v bot.View, problems map[string]string) {
	old := t.screens[t.user]
	s := &screen{view: v, answers: map[string][]string{}}
	again := old != nil && old.view.Session == v.Session && old.view.Page == v.Page && old.view.Seq == v.Seq
	for i, f := range v.Fields {
		s.answers[f.ID] = f.Value
		answered := again && len(old.answers[f.ID]) > 0
		if answered && len(f.Value) == 0 && problems[f.ID] == "" {
			s.answers[f.ID] = old.answers[f.ID]
		}
		wanted := old == nil || old.change == "" || old.change == f.ID
		if problems[f.ID] != "" || !answered && wanted && len(problems) == 0 || again && !answered && !f.Optional {
			s.queue = append(s.queue, i)
		}
	}
	if len(s.queue) == 0 && v.Page != bot.CheckPage {
		for i := range v.Fields {
			s.queue = append(s.queue, i)
		}
	}
	t.screens[t.user] = s
	if !again {
		title := v.Title
		if v.Step != "" {
			title += " (" + v.Step + ")"
		}
		t.bold("", title)
		if !v.CanBack && len(v.Fields) > 1 {
			t.say("terminal.question-help")
		}
	}
	t.blocks("", v.Intro)
	for _, problem := range inOrder(v, problems) {
		t.line("", "! "+problem)
	}
	t.ask(s)
}

// inOrder lists the problems in the order of the questions, that of the whole page first.
func inOrder(v bot.View, problems map[string]string) []string {
	var list []string
	if p := problems[""]; p != "" {
		list = append(list, p)
	}
	for _, f := range v.Fields {
		if p := problems[f.ID]; p != "" {
			list = append(list, p)
		}
	}
	return list
}

// ask shows the next question, or the answers to check.
func (t *Terminal) ask(s *screen) {
	if len(s.queue) == 0 {
		t.check(s)
		return
	}
	f := s.view.Fields[s.queue[0]]
	label := f.Label
	if f.Optional {
		label += " " + words.Say("en", "terminal.optional")
	}
	t.bold("", label)
	if f.Hint != "" {
		t.line("", "  "+f.Hint)
	}
	for i, o := range choices(f) {
		line := "  [" + strconv.Itoa(i+1) + "] " + o.Label
		if o.Hint != "" {
			line += ": " + o.Hint
		}
		t.line("", line)
	}
	if f.NotSure != "" && len(f.Options) == 0 {
		t.line("", "  "+words.Say("en", "terminal.not-sure", "label", strings.ToLower(f.NotSure)))
	}
	if f.Kind == bot.ManyField {
		t.line("", "  "+words.Say("en", "terminal.many"))
	}
	if len(f.Value) > 0 {
		t.line("", "  "+words.Say("en", "terminal.keep", "answer", shown(f, f.Value)))
	}
}

// choices are a question's options, "not sure" last.
func choices(f bot.FieldView) []bot.Option {
	if len(f.Options) == 0 || f.NotSure == "" {
		return f.Options
	}
	return append(slices.Clone(f.Options), bot.Option{Value: bot.NotSureValue, Label: f.NotSure})
}

func shown(f bot.FieldView, values []string) string {
	var labels []string
	for _, v := range values {
		i := slices.IndexFunc(choices(f), func(o bot.Option) bool { return o.Value == v })
		switch {
		case i >= 0:
			v = choices(f)[i].Label
		case v == bot.NotSureValue:
			v = f.NotSure
		}
		labels = append(labels, v)
	}
	return strings.Join(labels, ", ")
}

func (t *Terminal) check(s *screen) {
	for i, l := range s.view.Check {
		t.line("", "  "+l.Label+" — "+l.Answer+"  "+words.Say("en", "terminal.change", "number", strconv.Itoa(i+2)))
	}
	t.line("", "  [1] "+s.view.Submit)
	t.say("terminal.check-how")
}

// answer takes one line while a dialogue is open.
func (t *Terminal) answer(ctx context.Context, h bot.Handler, s *screen, line string) {
	said := strings.TrimSpace(line)
	submit := func(where bot.Go) {
		t.handle(ctx, h, bot.Submitted{Session: s.view.Session, Seq: s.view.Seq, Answers: s.answers, Go: where})
	}
	switch word := strings.ToLower(said); {
	case word == "cancel" || word == "/cancel":
		submit(bot.Go{Cancel: true})
	case word == "leave" || word == "/leave":
		t.leave(ctx, h, s)
	case strings.HasPrefix(said, "/"):
		t.leave(ctx, h, s)
		t.command(ctx, h, said)
	case (word == "back" || word == "/back") && len(s.asked) > 0:
		last := len(s.asked) - 1
		s.queue, s.asked = append([]int{s.asked[last]}, s.queue...), s.asked[:last]
		t.ask(s)
	case (word == "back" || word == "/back") && s.view.CanBack:
		submit(bot.Go{Back: true})
	case word == "back" || word == "/back":
		t.say("terminal.first-question")
		t.ask(s)
	case len(s.queue) == 0:
		t.decide(s, said, submit)
	case asksSomethingElse(s.view.Fields[s.queue[0]], said):
		t.leave(ctx, h, s)
		t.handle(ctx, h, bot.Said{Text: said})
	default:
		t.reply(s, line, submit)
	}
}

// sentence is how many words a line has at least that is no try at a choice.
const sentence = 5

// asksSomethingElse says whether a line, typed where a choice is asked for, is a new
// question rather than an answer. The form is then left, with what was answered kept.
func asksSomethingElse(f bot.FieldView, said string) bool {
	if f.Kind != bot.OneField || len(strings.Fields(said)) < sentence {
		return false
	}
	for _, o := range f.Options {
		words := append([]string{o.Label, o.Value}, o.Also...)
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(strings.ToLower(w), strings.ToLower(said)) }) {
			return false
		}
	}
	return true
}

func (t *Terminal) leave(ctx context.Context, h bot.Handler, s *screen) {
	t.handle(ctx, h, bot.Left{Session: s.view.Session, Seq: s.view.Seq, Answers: s.answers})
	delete(t.screens, t.user)
}

// leaveAll keeps what everybody has typed so far, when the conversation ends in the middle of it.
func (t *Terminal) leaveAll(ctx context.Context, h bot.Handler) {
	for _, user := range slices.Sorted(maps.Keys(t.screens)) {
		t.user = user
		t.leave(ctx, h, t.screens[user])
	}
}

// decide takes a line on check-your-answers: send, or change one of them.
func (t *Terminal) decide(s *screen, said string, submit func(bot.Go)) {
	n, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(strings.ToLower(said), "change "), "[]. "))
	switch {
	case err == nil && n >= 2 && n <= len(s.view.Check)+1:
		line := s.view.Check[n-2]
		s.change = line.Field
		submit(bot.Go{Change: line.Page})
	case said == "", err == nil && n == 1, strings.EqualFold(said, s.view.Submit), strings.EqualFold(said, "send"), strings.EqualFold(said, "yes"):
		submit(bot.Go{})
	default:
		t.say("terminal.check-how")
	}
}

// reply takes a line as the answer to the question on the screen.
func (t *Terminal) reply(s *screen, line string, submit func(bot.Go)) {
	f, said := s.view.Fields[s.queue[0]], strings.TrimSpace(line)
	switch {
	case strings.EqualFold(strings.TrimRight(said, "?"), "why"):
		t.line("", f.Why)
		t.bold("", f.Label)
		return
	case said == "" && len(f.Value) == 0 && !f.Optional:
		t.line("", "! "+words.Say("en", "bot.problem-missing", "label", f.Label))
		t.ask(s)
		return
	case said == "":
		s.answers[f.ID] = f.Value
	default:
		s.answers[f.ID] = picked(f, said)
	}
	if t.o.Emergency != nil && len(f.Options) == 0 {
		if m, yes := t.o.Emergency(said); yes {
			t.draw("", *m)
		}
	}
	s.asked, s.queue = append(s.asked, s.queue[0]), s.queue[1:]
	if len(s.queue) > 0 {
		t.ask(s)
		return
	}
	submit(bot.Go{})
}

// picked turns numbers into the choices they stand for. Anything else is for the engine to understand.
func picked(f bot.FieldView, said string) []string {
	options := choices(f)
	isChoice := func(o bot.Option) bool { return strings.EqualFold(o.Label, said) || strings.EqualFold(o.Value, said) }
	if len(options) == 0 || slices.ContainsFunc(options, isChoice) {
		return []string{said}
	}
	parts := []string{said}
	if f.Kind == bot.ManyField {
		parts = strings.FieldsFunc(said, func(r rune) bool { return r == ',' || r == ' ' || r == '+' })
	}
	var values []string
	for _, part := range parts {
		n, err := strconv.Atoi(strings.Trim(part, "[]."))
		if err != nil || n < 1 || n > len(options) {
			return []string{said}
		}
		values = append(values, options[n-1].Value)
	}
	return values
}
