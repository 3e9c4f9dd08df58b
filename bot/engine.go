package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"shareright/internal/caught"
	"shareright/internal/failpoint"
	"shareright/knowledge/calendar"
	"shareright/knowledge/words"
)

// Options are the engine's settings; every zero value is useful.
type Options struct {
	Now       func() time.Time                   // time.Now when nil
	Emergency func(text string) (*Message, bool) // static words for a text that reads as an emergency
	Personal  func(text string) []string         // what a text gives away about people
	Blank     func(text string) string           // the text without that; nothing at all of it is kept where nil
	Checks    []func(View) []string              // a platform's limits, run over every page of every form
	Draw      Draw                               // makes files; without it none is sent
	Log       *slog.Logger
	Wake      func()             // called after a commit that may have made a job due
	Calendar  *calendar.Calendar // bank holidays and the mornings of reminders; those that are built in when nil
	Kept      map[string]int     // how many months each kind of record is kept after its end
	Simulated bool               // the clock is not the world's, so nothing is left with platforms for later
}

// Bot is the engine: it turns events into turns, asks the features, and commits what they decide.
type Bot struct {
	store     Store
	dir       Directory
	features  []Feature
	commands  map[string]Command // "breach", "dp retention"
	forms     map[string]Dialogue
	actions   map[string]Action
	timers    map[string]Timer
	platforms map[string]Platform
	echoes    echoes
	turnstile turnstile
	hung      hung
	expired   sync.Map // by organisation: the day on which it was last looked what has ended
	o         Options
}

// New joins the features to a store. It returns every mistake of the features at once:
// an id used twice, a form that fits no screen.
func New(store Store, dir Directory, features []Feature, o Options) (*Bot, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Emergency == nil {
		o.Emergency = func(string) (*Message, bool) { return nil, false }
	}
	if o.Wake == nil {
		o.Wake = func() {}
	}
	b := &Bot{store: store, dir: dir, features: features, o: o, commands: map[string]Command{}, forms: map[string]Dialogue{},
		actions: map[string]Action{}, timers: map[string]Timer{}, platforms: map[string]Platform{}}
	var faults []string
	for _, f := range features {
		faults = append(faults, b.join(f)...)
	}
	for _, form := range b.forms {
		faults = append(faults, form.faults()...)
		for _, l := range words.Languages() {
			for _, view := range form.every(b.reader(Org{Zone: time.UTC}, Person{Lang: Lang(l.Code)})) {
				for _, check := range o.Checks {
					faults = append(faults, check(view)...)
				}
			}
		}
	}
	if len(faults) > 0 {
		slices.Sort(faults)
		return nil, errors.New("the features do not fit together:\n" + strings.Join(faults, "\n"))
	}
	return b, nil
}

func (b *Bot) join(f Feature) (faults []string) {
	twice := func(what, id string, taken bool) {
		if taken || id == "" {
			faults = append(faults, fmt.Sprintf("feature %s: %s %q needs an id of its own", f.Name, what, id))
		}
	}
	for _, c := range f.Commands {
		_, taken := b.commands[c.path()]
		twice("command", c.path(), taken)
		b.commands[c.path()] = c
	}
	for _, d := range f.Forms {
		_, taken := b.forms[d.formID()]
		twice("form", d.formID(), taken)
		b.forms[d.formID()] = d
	}
	for _, a := range f.Actions {
		_, taken := b.actions[a.ID]
		twice("action", a.ID, taken || strings.HasPrefix(a.ID, "bot."))
		b.actions[a.ID] = a
	}
	for _, t := range f.Timers {
		_, taken := b.timers[t.Kind]
		twice("timer", t.Kind, taken || b.errands()[t.Kind] != nil)
		b.timers[t.Kind] = t
	}
	return faults
}

func (c Command) path() string { return strings.TrimSpace(c.Under + " " + c.Name) }

// Attach lets posts go out on a platform. Call it before the runner starts.
func (b *Bot) Attach(p Platform) { b.platforms[p.Name()] = p }

// Commands lists every command, in the order of the features.
func (b *Bot) Commands() []Command {
	var all []Command
	for _, f := range b.features {
		all = append(all, f.Commands...)
	}
	return all
}

// Handle carries out one event in one transaction. See Handler. A panic ends this turn and nothing else.
func (b *Bot) Handle(ctx context.Context, e Event) (response Response, err error) {
	defer func() {
		if broke := caught.Panic(b.o.Log, "a turn", recover(), "platform", e.Platform, "event", e.ID); broke != nil {
			response, err = b.trouble(e), fmt.Errorf("handle %T: %w", e.What, broke)
		}
	}()
	if b.echoes.loops(e, b.o.Now()) {
		if _, yes := b.o.Emergency(e.texts()[0]); !yes {
			return Response{}, nil
		}
	}
	org, err := b.dir.Org(ctx, e.Platform, e.Workspace)
	if err == nil {
		failpoint.Hit("F2")
		response, err = b.inLine(ctx, org, e)
	}
	if err != nil {
		b.o.Log.Error("handle event", "platform", e.Platform, "event", e.ID, "deed", fmt.Sprintf("%T", e.What), "error", err)
		return b.trouble(e), fmt.Errorf("handle %T: %w", e.What, err)
	}
	failpoint.Hit("F4")
	b.o.Wake()
	return response, nil
}

// inLine carries out an event when its organisation's turn has come. An emergency stands in no line.
func (b *Bot) inLine(ctx context.Context, org Org, e Event) (response Response, err error) {
	if !slices.ContainsFunc(e.texts(), func(text string) bool { _, yes := b.o.Emergency(text); return yes }) {
		leave, err := b.turnstile.enter(ctx, org.ID)
		if err != nil {
			return Response{}, err
		}
		defer leave()
	}
	err = b.store.Update(ctx, func(tx Tx) error {
		var again error
		response, again = b.once(ctx, tx, org, e)
		return again
	})
	return response, err
}

// trouble is what a person is told when nothing could be saved. An emergency is answered all the same: its words need no database.
func (b *Bot) trouble(e Event) Response {
	for _, text := range e.texts() {
		if m, yes := b.o.Emergency(text); yes {
			return Response{Reply: m}
		}
	}
	say := func(key string) string { return words.Say("en", key) }
	return Response{Reply: Say(say("bot.trouble-title"), say("bot.trouble-safe"), say("bot.trouble-again"))}
}

// texts are the free words of an event.
func (e Event) texts() []string {
	switch what := e.What.(type) {
	case Said:
		return []string{what.Text}
	case Ran:
		return []string{what.Text}
	case Submitted:
		var all []string
		for _, values := range what.Answers {
			all = append(all, values...)
		}
		return all
	}
	return nil
}

// once carries the event out, unless it was carried out before; then the answer is the same as before.
func (b *Bot) once(ctx context.Context, tx Tx, org Org, e Event) (Response, error) {
	inbox := e.Platform + "/" + e.ID
	if e.ID != "" {
		stored, done, err := tx.Answered(ctx, org.ID, inbox)
		if err != nil {
			return Response{}, fmt.Errorf("look for event: %w", err)
		}
		if done {
			var response Response
			if err := json.Unmarshal(stored, &response); err != nil {
				return Response{}, fmt.Errorf("read earlier response: %w", err)
			}
			return response, nil
		}
	}
	org, err := b.dir.Now(ctx, tx, org)
	if err != nil {
		return Response{}, fmt.Errorf("look up what was set up: %w", err)
	}
	person, err := b.dir.Person(ctx, tx, org, e.Platform, e.User, e.UserName)
	if err != nil {
		return Response{}, fmt.Errorf("look up person: %w", err)
	}
	t := b.turn(tx, org, person)
	t.Link = e.Link
	if e.Channel != "" {
		t.At = &Address{Platform: e.Platform, Workspace: e.Workspace, Channel: e.Channel}
	}
	response, err := b.dispatch(ctx, t, e)
	if err != nil {
		return Response{}, err
	}
	if e.ReplyTo != nil {
		if response, err = b.replyByPost(ctx, t, e, response); err != nil {
			return Response{}, err
		}
	}
	if e.ID == "" {
		return response, nil
	}
	stored, err := json.Marshal(response)
	if err != nil {
		return Response{}, fmt.Errorf("store response: %w", err)
	}
	return response, tx.Answer(ctx, org.ID, inbox, stored, t.Now)
}

func (b *Bot) turn(tx Tx, org Org, by Person) Turn {
	if !words.Spoken(string(by.Lang)) {
		by.Lang = english
	}
	return Turn{Org: org, By: by, Now: b.now(), Lang: by.Lang, tx: tx, minted: map[Ref]bool{}, features: b.features, dir: b.dir, kept: b.o.Kept, calendar: b.o.Calendar}
}

// now is the time in milliseconds, which are what the store keeps: a time read back is the time that was saved.
func (b *Bot) now() time.Time { return b.o.Now().UTC().Truncate(time.Millisecond) }

func (b *Bot) reader(org Org, p Person) reader {
	return reader{now: b.o.Now(), zone: org.Zone, lang: p.Lang, personal: b.o.Personal, blank: b.o.Blank}
}

// dispatch finds who the event is for.
func (b *Bot) dispatch(ctx context.Context, t Turn, e Event) (Response, error) {
	switch what := e.What.(type) {
	case Ran:
		return b.run(ctx, t, what)
	case Said:
		return b.hear(ctx, t, what)
	case Pressed:
		return b.press(ctx, t, what)
	case Submitted:
		return b.submit(ctx, t, what)
	case Resumed:
		return b.resume(ctx, t, what.Session)
	case Left:
		return b.leave(ctx, t, what)
	case Opened:
		return b.opened(ctx, t, what)
	case Typing:
		return b.suggest(ctx, t, what)
	}
	return Response{}, fmt.Errorf("an event of an unknown type %T", e.What)
}

// run carries out a command. "help" after any command explains it.
func (b *Bot) run(ctx context.Context, t Turn, ran Ran) (Response, error) {
	name, text := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(ran.Command), "/")), clean(ran.Text)
	c, known := b.commands[name]
	if !known {
		sub, rest, _ := strings.Cut(text, " ")
		sub = strings.ToLower(sub)
		if c, known = b.commands[name+" "+sub]; known {
			text = strings.TrimSpace(rest)
		} else if name == rootCommand && (sub == "" || sub == "help") {
			return reply(b.help(t))
		} else {
			typed := "/" + strings.TrimSpace(name+" "+sub)
			return reply(Say(t.Say("bot.unknown-command", "command", short(typed))))
		}
	}
	if strings.EqualFold(text, "help") {
		return reply(b.explain(t, c))
	}
	if !t.By.Has(c.Who...) {
		return t.turnedAway(ctx, c.path(), "bot.wrong-role-command", c.Who)
	}
	t.gate = c.Who
	outcome, err := t.decided(func(t Turn) (Outcome, error) { return c.Run(ctx, t, text) })
	if err != nil {
		return Response{}, fmt.Errorf("run /%s: %w", c.path(), err)
	}
	if len(c.Who) > 0 {
		if err := t.looked(ctx, c.path(), outcome); err != nil {
			return Response{}, err
		}
	}
	return b.carryOut(ctx, t, outcome)
}

// hear answers a plain message: the first feature that knows it.
func (b *Bot) hear(ctx context.Context, t Turn, said Said) (Response, error) {
	text := clean(said.Text)
	switch {
	case text == "":
		return reply(Say(t.Say("bot.empty")))
	case strings.HasPrefix(text, "/"):
		command, rest, _ := strings.Cut(text, " ")
		return b.run(ctx, t, Ran{Command: command, Text: rest})
	case strings.EqualFold(strings.Trim(text, "?!. "), "help"):
		return reply(b.help(t))
	}
	for _, f := range b.features {
		if f.Hears == nil {
			continue
		}
		mine := false
		outcome, err := t.decided(func(t Turn) (o Outcome, err error) {
			o, heard, err := f.Hears(ctx, t, text)
			if t.Lang == english {
				mine = heard
			}
			return o, err
		})
		if err != nil {
			return Response{}, fmt.Errorf("hear %s: %w", f.Name, err)
		}
		if mine {
			return b.carryOut(ctx, t, outcome)
		}
	}
	return reply(Say(t.Say("bot.unknown-text"), t.Say("bot.unknown-text-more")))
}

// press carries out a button. Who may press it is decided now, not when it was drawn.
func (b *Bot) press(ctx context.Context, t Turn, pressed Pressed) (Response, error) {
	t.Ref = pressed.Ref
	switch pressed.Action {
	case actionResume:
		return b.resume(ctx, t, string(pressed.Ref))
	case actionRestart:
		return b.restart(ctx, t, string(pressed.Ref))
	case actionRun:
		name, text, _ := strings.Cut(string(pressed.Ref), " ")
		return b.run(ctx, t, Ran{Command: name, Text: text})
	}
	a, ok := b.actions[pressed.Action]
	if !ok {
		return reply(Say(t.Say("bot.unknown-button")))
	}
	if !t.By.Has(a.Who...) {
		return t.turnedAway(ctx, a.ID, "bot.wrong-role", a.Who)
	}
	t.gate = a.Who
	outcome, err := t.decided(func(t Turn) (Outcome, error) { return a.Do(ctx, t, pressed.Ref) })
	if errors.Is(err, ErrNotFound) {
		return reply(Say(t.Say("bot.unknown-button")))
	}
	if err != nil {
		return Response{}, fmt.Errorf("press %s: %w", a.ID, err)
	}
	if err := t.looked(ctx, a.ID, outcome); err != nil {
		return Response{}, err
	}
	failpoint.Hit("F19")
	return b.carryOut(ctx, t, outcome)
}

func reply(m *Message) (Response, error) { return Response{Reply: m}, nil }

// short keeps what is echoed back to a person within a line.
func short(s string) string {
	if r := []rune(strings.Join(strings.Fields(s), " ")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return strings.Join(strings.Fields(s), " ")
}
