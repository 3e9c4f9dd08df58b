package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Form is a dialogue as data: pages of questions that together fill in one T. Every
// form ends in check-your-answers, and then in Done.
type Form[T any] struct {
	ID     string // stable: it is stored with unfinished dialogues
	Title  string
	Pages  []Page[T]
	Submit string // the label of the last button, naming the act: "Send report"
	Quick  bool   // one short page with nothing to send on: no check-your-answers after it
	Done   func(ctx context.Context, t Turn, answers T) (Outcome, error)
	// Dropped is what follows when the person stops for good, such as a reminder that is
	// not needed any more; nil means nothing.
	Dropped func(t Turn) Outcome
}

// perScreen is how many questions fit on a screen on every platform.
const perScreen = 5

// Page is one screen on every platform: at most five questions. It may list more when each
// is asked on a condition, as long as no more than five hold at a time.
type Page[T any] struct {
	ID, Title string
	Intro     string
	When      func(T) bool // sees the answers so far; nil means always
	Fields    []Field[T]
}

// Asking asks the engine to show a form.
type Asking struct {
	form  string
	state json.RawMessage
	// Note is shown above the first page: an answer so far, or why these questions.
	Note []Block
}

// Begin asks for the form with what is known already. Nobody is asked what is known.
func (f Form[T]) Begin(known T) *Asking {
	var given []string
	for _, page := range f.Pages {
		for _, field := range page.Fields {
			if !field.shown && len(field.get(&known)) > 0 {
				given = append(given, field.view.ID)
			}
		}
	}
	state, err := json.Marshal(formState[T]{Answers: known, Given: given})
	if err != nil {
		panic(fmt.Sprintf("form %s: %v", f.ID, err)) // T cannot be stored: a programmer's mistake
	}
	return &Asking{form: f.ID, state: state}
}

// Saying adds a note above the first page.
func (a *Asking) Saying(blocks ...Block) *Asking {
	a.Note = append(a.Note, blocks...)
	return a
}

// Dialogue is a Form of any T, as the engine sees it. Only Form implements it.
type Dialogue interface {
	formID() string
	draw(state json.RawMessage, page string, r reader) (View, error)
	answer(state json.RawMessage, page string, answers map[string][]string, r reader) (json.RawMessage, map[string]string, error)
	follow(state json.RawMessage, page string, back bool) (string, error)
	gap(state json.RawMessage) (string, error)
	reopen(state json.RawMessage, page string) (json.RawMessage, error)
	brief() bool
	dropped(t Turn) Outcome
	finish(ctx context.Context, t Turn, state json.RawMessage) (Outcome, error)
	every(r reader) []View // each page as if everything were asked, for the limits check
	faults() []string
}

// formState is what a session stores: fields may be added, never renamed.
type formState[T any] struct {
	Answers T        `json:"answers"`
	Given   []string `json:"given,omitempty"`  // known at the start, so not asked
	Unsure  []string `json:"unsure,omitempty"` // answered with "not sure"
}

func (f Form[T]) formID() string { return f.ID }

func (f Form[T]) load(state json.RawMessage) (formState[T], error) {
	var s formState[T]
	if err := json.Unmarshal(state, &s); err != nil {
		return s, fmt.Errorf("read answers of form %s: %w", f.ID, err)
	}
	return s, nil
}

// asks lists the fields of a page that are asked, given the answers so far.
func (p Page[T]) asks(s formState[T]) []Field[T] {
	if p.When != nil && !p.When(s.Answers) {
		return nil
	}
	var fields []Field[T]
	for _, field := range p.Fields {
		if slices.Contains(s.Given, field.view.ID) || field.when != nil && !field.when(s.Answers) {
			continue
		}
		fields = append(fields, field)
	}
	return fields
}

func (f Form[T]) draw(state json.RawMessage, page string, r reader) (View, error) {
	s, err := f.load(state)
	if err != nil {
		return View{}, err
	}
	view := View{Form: f.ID, Page: page, Title: r.native(f.Title), Submit: r.say("bot.continue")}
	if page == CheckPage {
		view.Title, view.Submit = r.say("bot.check-title"), f.submit(r)
		view.Check, view.CanBack = f.check(s, r), true
		return view, nil
	}
	number, of := 0, 0
	for _, p := range f.Pages {
		fields := p.asks(s)
		if len(fields) == 0 && p.ID != page {
			continue
		}
		of++
		if p.ID != page {
			continue
		}
		number = of
		if p.Title != "" {
			view.Title = r.native(p.Title)
		}
		if p.Intro != "" {
			view.Intro = []Block{{Kind: Para, Text: r.native(p.Intro)}}
		}
		for _, field := range fields {
			view.Fields = append(view.Fields, field.drawn(&s.Answers, slices.Contains(s.Unsure, field.view.ID), r))
		}
	}
	if number == 0 {
		return View{}, fmt.Errorf("form %s has no page %q", f.ID, page)
	}
	view.CanBack = number > 1
	if f.Quick {
		view.Submit = f.submit(r)
	} else if of > 1 {
		view.Step = r.say("bot.step", "n", strconv.Itoa(number), "of", strconv.Itoa(of))
	}
	return view, nil
}

func (f Form[T]) submit(r reader) string {
	if f.Submit != "" {
		return r.native(f.Submit)
	}
	return r.say("bot.send")
}

func (f Form[T]) check(s formState[T], r reader) []CheckLine {
	var lines []CheckLine
	for _, p := range f.Pages {
		if p.When != nil && !p.When(s.Answers) {
			continue
		}
		for _, field := range p.Fields {
			if field.when != nil && !field.when(s.Answers) {
				continue
			}
			answer := field.readable(&s.Answers, r)
			switch {
			case slices.Contains(s.Unsure, field.view.ID):
				answer = field.drawn(&s.Answers, true, r).NotSure
			case answer == "":
				answer = r.say("bot.none-given")
			}
			lines = append(lines, CheckLine{Page: p.ID, Field: field.view.ID, Label: r.native(field.view.Label), Answer: answer})
		}
	}
	return lines
}

// answer takes the answers of one page into the state. Problems are by field id; with
// any problem the good answers are kept all the same, so that nothing typed is lost.
func (f Form[T]) answer(state json.RawMessage, page string, answers map[string][]string, r reader) (json.RawMessage, map[string]string, error) {
	s, err := f.load(state)
	if err != nil {
		return nil, nil, err
	}
	problems := map[string]string{}
	for _, p := range f.Pages {
		if p.ID != page {
			continue
		}
		for _, field := range p.Fields {
			if field.when != nil && !field.when(s.Answers) {
				continue // depends on an answer further up the same page
			}
			id := field.view.ID
			values, sent := answers[id]
			if !sent && slices.Contains(s.Given, id) {
				continue
			}
			s.Unsure = slices.DeleteFunc(s.Unsure, func(u string) bool { return u == id })
			unsure, problem := field.take(&s.Answers, values, r)
			if problem != "" {
				problems[id] = problem
			}
			if unsure {
				s.Unsure = append(s.Unsure, id)
			}
		}
	}
	out, err := json.Marshal(s)
	if err != nil {
		return nil, nil, fmt.Errorf("store answers of form %s: %w", f.ID, err)
	}
	return out, problems, nil
}

// follow returns the next page with something to ask, or the one before. The empty
// page stands for the beginning; after the last page comes CheckPage.
func (f Form[T]) follow(state json.RawMessage, page string, back bool) (string, error) {
	s, err := f.load(state)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(f.Pages, func(p Page[T]) bool { return p.ID == page })
	step := 1
	if back {
		step = -1
		if page == CheckPage {
			at = len(f.Pages)
		}
	}
	for i := at + step; i >= 0 && i < len(f.Pages); i += step {
		if len(f.Pages[i].asks(s)) > 0 {
			return f.Pages[i].ID, nil
		}
	}
	if back {
		return page, nil
	}
	return CheckPage, nil
}

// gap returns the first page with a question that must be answered and is not, or CheckPage.
func (f Form[T]) gap(state json.RawMessage) (string, error) {
	s, err := f.load(state)
	if err != nil {
		return "", err
	}
	for _, p := range f.Pages {
		for _, field := range p.asks(s) {
			v := field.view
			if !v.Optional && len(field.get(&s.Answers)) == 0 && !slices.Contains(s.Unsure, v.ID) {
				return p.ID, nil
			}
		}
	}
	return CheckPage, nil
}

// reopen asks a page's questions again, those that were known at the start too.
func (f Form[T]) reopen(state json.RawMessage, page string) (json.RawMessage, error) {
	s, err := f.load(state)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(f.Pages, func(p Page[T]) bool { return p.ID == page })
	if at < 0 {
		return nil, fmt.Errorf("form %s has no page %q", f.ID, page)
	}
	for _, field := range f.Pages[at].Fields {
		s.Given = slices.DeleteFunc(s.Given, func(id string) bool { return id == field.view.ID })
	}
	return json.Marshal(s)
}

func (f Form[T]) brief() bool { return f.Quick }

func (f Form[T]) dropped(t Turn) Outcome {
	if f.Dropped == nil {
		return Outcome{}
	}
	return f.Dropped(t)
}

func (f Form[T]) finish(ctx context.Context, t Turn, state json.RawMessage) (Outcome, error) {
	s, err := f.load(state)
	if err != nil {
		return Outcome{}, err
	}
	return f.Done(ctx, t, s.Answers)
}

func (f Form[T]) every(r reader) []View {
	var none T
	views := make([]View, 0, len(f.Pages)+1)
	for _, p := range f.Pages {
		view := View{Form: f.ID, Page: p.ID, Title: r.native(f.Title), Submit: r.say("bot.continue"), CanBack: true, Step: r.say("bot.step", "n", "1", "of", "3")}
		if p.Title != "" {
			view.Title = r.native(p.Title)
		}
		if p.Intro != "" {
			view.Intro = []Block{{Kind: Para, Text: r.native(p.Intro)}}
		}
		for fields := range slices.Chunk(p.Fields, perScreen) {
			view.Fields = nil
			for _, field := range fields {
				view.Fields = append(view.Fields, field.drawn(&none, false, r))
			}
			views = append(views, view)
		}
	}
	if f.Quick {
		return views
	}
	check := View{Form: f.ID, Page: CheckPage, Title: r.say("bot.check-title"), Submit: f.submit(r), CanBack: true}
	for _, p := range f.Pages {
		for _, field := range p.Fields {
			check.Check = append(check.Check, CheckLine{Page: p.ID, Field: field.view.ID, Label: r.native(field.view.Label), Answer: r.say("bot.none-given")})
		}
	}
	return append(views, check)
}

// faults lists what no platform could show or store: the programmer's mistakes.
func (f Form[T]) faults() []string {
	var found []string
	say := func(format string, a ...any) {
		found = append(found, fmt.Sprintf("form %q: ", f.ID)+fmt.Sprintf(format, a...))
	}
	if f.ID == "" || f.Title == "" || f.Done == nil || len(f.Pages) == 0 {
		say("needs an id, a title, pages and Done")
	}
	pages, fields := map[string]bool{}, map[string]bool{}
	for _, p := range f.Pages {
		if p.ID == "" || p.ID == CheckPage || pages[p.ID] {
			say("page %q needs an id of its own", p.ID)
		}
		pages[p.ID] = true
		always := 0
		for _, field := range p.Fields {
			v := field.view
			if field.when == nil {
				always++
			}
			if v.ID == "" || v.Label == "" || fields[v.ID] {
				say("question %q needs an id of its own and a label", v.ID)
			}
			fields[v.ID] = true
			if v.Confided && !v.Optional {
				say("question %q is confided, so not every platform asks it: make it optional", v.ID)
			}
			if (v.Kind == OneField || v.Kind == ManyField) && len(v.Options) == 0 {
				say("question %q has nothing to choose from", v.ID)
			}
		}
		if len(p.Fields) == 0 || always > perScreen {
			say("page %q has %d questions; one to five fit on a screen", p.ID, always)
		}
	}
	return found
}
