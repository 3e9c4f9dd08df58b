// Package registers keeps the organisation's registers in chat: a line is filled in by a
// short dialogue, looked at again when its time comes, and exported with the others. It
// also answers "can we use this app?", whose answer is a line of one of them.
//
// Which registers there are and what stands in them is in knowledge/registers, which app
// can be used in knowledge/tool, and the mornings on which people are reminded in knowledge/reminder. Where messages go is the
// engine's business.
package registers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/registers"
	"shareright/knowledge/tool"
)

// The states of a line.
const (
	open   = "open"
	closed = "closed"
)

// Entry is one line of a register. It is stored: fields may be added, never renamed.
type Entry struct {
	Register string                   `json:"register"`
	Text     map[string]string        `json:"text,omitempty"` // by field; the id of the choice where there is one
	Many     map[string][]string      `json:"many,omitempty"`
	Days     map[string]calendar.Date `json:"days,omitempty"`
	Review   calendar.Date            `json:"review,omitzero"` // when it is looked at again, or due back
	State    string                   `json:"state"`
	Told     calendar.Date            `json:"told"`           // the last reminder, or the day of the last change
	Quiet    calendar.Date            `json:"quiet,omitzero"` // put off until
	Card     string                   `json:"card,omitempty"` // the reminder that stands on a screen
	CardTo   []bot.Audience           `json:"card_to,omitempty"`
	By       bot.PersonID             `json:"by"`
	ByName   string                   `json:"by_name"`
	Set      time.Time                `json:"set"`
	Log      []Line                   `json:"log"` // append-only: a correction is a new line
}

// Line is one line of an entry's history.
type Line struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who"`
	What string    `json:"what"`
}

// RecordKind names the record.
func (Entry) RecordKind() string { return "register-line" }

// RecordIndex finds a line by its state, who made it, and the day it is due.
func (e Entry) RecordIndex() bot.Index {
	index := bot.Index{State: e.State, Owner: e.By, Opened: e.Set}
	if !e.Review.IsZero() {
		index.Due = time.Date(e.Review.Year, e.Review.Month, e.Review.Day, 0, 0, 0, 0, time.UTC)
	}
	return index
}

// Feature is everything this package offers.
func Feature(content *knowledge.Content, tools *tool.Book) bot.Feature {
	h := handler{content: content, tools: tools}
	f := bot.Feature{
		Name: "registers",
		Commands: []bot.Command{
			{Under: "dp", Name: "registers", Help: "See and fill in the registers", Who: leads(), Hint: "[name]", Example: "/dp registers processors", Run: h.overview},
			{Under: "dp", Name: "sign-out", Help: "Sign papers or a device out", Example: "/dp sign-out", Run: h.signOut},
			{Under: "dp", Name: "tool", Help: "Ask whether you can use an app", Hint: "[name of the app]", Example: "/dp tool", Run: h.tool},
		},
		Forms: []bot.Dialogue{h.asking(), h.later(), h.retiring()},
		Actions: []bot.Action{
			{ID: "registers.list", Who: leads(), Do: h.list},
			{ID: "registers.add", Do: h.add},
			{ID: "registers.show", Do: h.act(h.show)},
			{ID: "registers.change", Do: h.act(living(h.change))},
			{ID: "registers.reviewed", Do: h.act(living(h.reviewed))},
			{ID: "registers.later", Do: h.act(living(h.askLater))},
			{ID: "registers.retire", Do: h.act(living(h.askRetire))},
			{ID: "registers.tool-pass", Do: h.toolPass},
			{ID: "registers.tool-keep", Who: leads(), Do: h.toolKeep},
			{ID: "registers.tool-dpia", Who: leads(), Do: h.toolDPIA},
		},
		Timers:  []bot.Timer{{Kind: remindKind, Do: h.remind}},
		Doings:  h.doings,
		Figures: h.figures,
		Keeps:   keeps(),
	}
	for _, r := range content.Registers {
		f.Forms = append(f.Forms, h.form(r))
		f.Registers = append(f.Registers, register(r))
	}
	return f
}

type handler struct {
	content *knowledge.Content
	tools   *tool.Book
}

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

type deed func(context.Context, bot.Turn, bot.Ref, knowledge.Register, Entry) (bot.Outcome, error)

// act wraps what people do with one line: the lead and the deputy with all, others with their own.
func (h handler) act(do deed) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		e, err := bot.Load[Entry](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		r, known := h.content.Register(e.Register)
		if !known {
			return bot.Outcome{}, fmt.Errorf("line %s: there is no register %q any more", ref, e.Register)
		}
		t.Ref = ref
		if !t.By.Has(leads()...) && (!r.Anyone || e.By != t.By.ID) {
			return t.Reply("registers.not-yours", "role", t.Called(leads()...)), nil
		}
		return do(ctx, t, ref, r, e)
	}
}

// living wraps what makes no sense once a line is closed.
func living(do deed) deed {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, r knowledge.Register, e Entry) (bot.Outcome, error) {
		if e.State == closed {
			return t.Reply("registers.closed-already", "ref", string(ref)), nil
		}
		return do(ctx, t, ref, r, e)
	}
}

// note adds to the history. The list is copied, because a turn may run twice.
func (e *Entry) note(t bot.Turn, what string) {
	e.Log = append(e.Log[:len(e.Log):len(e.Log)], Line{At: t.Now, Who: t.ByName(), What: what})
}

// name is what people call the line.
func (e Entry) name(r knowledge.Register) string {
	f, _ := r.Field(r.Name)
	return f.LabelOf(e.Text[r.Name])
}

// value is one answer as people read it.
func (e Entry) value(f knowledge.Field) string {
	switch f.Kind {
	case knowledge.Day:
		if day := e.Days[f.ID]; !day.IsZero() {
			return day.Plain()
		}
		return ""
	case knowledge.Many:
		var labels []string
		for _, id := range e.Many[f.ID] {
			labels = append(labels, f.LabelOf(id))
		}
		return strings.Join(labels, ", ")
	case knowledge.One:
		return f.LabelOf(e.Text[f.ID])
	}
	return e.Text[f.ID]
}

// next is the day after `day` on which the line is looked at again; zero means never.
func (e Entry) next(r knowledge.Register, day calendar.Date) calendar.Date {
	switch {
	case r.Back != "":
		return e.Days[r.Back]
	case r.Months > 0:
		return day.AddMonths(r.Months)
	}
	return calendar.Date{}
}

// lines lists the lines of one register, oldest first.
func lines(ctx context.Context, t bot.Turn, r knowledge.Register, states ...string) ([]bot.Found[Entry], error) {
	return bot.Find[Entry](ctx, t, bot.Query{Refs: r.Prefix + "-", States: states})
}

// register is one register for exports, with a column for each field.
func register(r knowledge.Register) bot.Register {
	column := func(name string, value func(Entry) string) bot.Column {
		return bot.Column{Name: name, Value: func(record []byte) string {
			var e Entry
			if json.Unmarshal(record, &e) != nil {
				return ""
			}
			return value(e)
		}}
	}
	var columns []bot.Column
	for _, f := range r.Fields() {
		columns = append(columns, column(strings.TrimSuffix(f.Label, "?"), func(e Entry) string {
			if f.Kind == knowledge.Day {
				return e.Days[f.ID].String()
			}
			return e.value(f)
		}))
	}
	columns = append(columns,
		column("State", func(e Entry) string { return e.State }),
		column("Look at again", func(e Entry) string { return e.Review.String() }),
		column("Added by", func(e Entry) string { return e.ByName }),
		column("Added", func(e Entry) string { return e.Set.Format(time.DateOnly) }),
		column("Last change", func(e Entry) string {
			if n := len(e.Log); n > 0 {
				return e.Log[n-1].At.Format(time.DateOnly)
			}
			return ""
		}))
	return bot.Register{Kind: Entry{}.RecordKind(), Refs: r.Prefix + "-", Name: r.ID, Title: r.Title, Who: leads(), Columns: columns}
}

// doings tells the digest which lines are due to be looked at, or due back.
func (h handler) doings(ctx context.Context, t bot.Turn) ([]bot.Doing, error) {
	found, err := bot.Find[Entry](ctx, t, bot.Query{States: []string{open}, DueBefore: t.Now.AddDate(0, 0, before()[0]+1)})
	if err != nil {
		return nil, err
	}
	var all []bot.Doing
	for _, f := range found {
		e := f.Record
		r, known := h.content.Register(e.Register)
		if !known || e.Review.IsZero() || t.Today().Before(e.Quiet) {
			continue
		}
		d := bot.Doing{Role: bot.DPLead, Text: h.headline(t, r, e, "todo"), Due: e.Review, Told: e.Told, Ref: f.Ref,
			Button: &bot.Button{Action: "registers.show", Label: t.Say("registers.button-show", "ref", string(f.Ref)), Ref: f.Ref}}
		if r.Anyone {
			d.Owner, d.Role = e.By, bot.Anyone
		}
		all = append(all, d)
	}
	return all, nil
}

// figures counts what each register holds and what of it is overdue.
func (h handler) figures(ctx context.Context, t bot.Turn, span bot.Span) ([]bot.Figure, error) {
	found, err := bot.Find[Entry](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return nil, err
	}
	held, late := map[string]int{}, 0
	for _, f := range found {
		e := f.Record
		if calendar.On(e.Set, t.Org.Zone).After(span.To) {
			continue
		}
		held[e.Register]++
		if !e.Review.IsZero() && e.Review.Before(span.To) {
			late++
		}
	}
	part := t.Say("registers.figures")
	var all []bot.Figure
	for _, r := range h.content.Registers {
		if n := held[r.ID]; n > 0 {
			all = append(all, bot.Figure{Part: part, Label: r.Title, Count: n})
		}
	}
	return append(all, bot.Figure{Part: part, Label: t.Say("registers.figure-late"), Count: late}), nil
}

// registerOf finds the register that people mean by a word of its title or its id.
func (h handler) registerOf(word string) (knowledge.Register, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	if word == "" {
		return knowledge.Register{}, false
	}
	i := slices.IndexFunc(h.content.Registers, func(r knowledge.Register) bool {
		return r.ID == word || strings.Contains(strings.ToLower(r.Title), word)
	})
	if i < 0 {
		return knowledge.Register{}, false
	}
	return h.content.Registers[i], true
}
