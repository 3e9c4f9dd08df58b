package retention

import (
	"slices"

	"shareright/bot"
	base "shareright/knowledge"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
	"shareright/knowledge/words"
)

// datesPage asks for the dates that a rule counts from, each only where the rule needs
// it. at gives the answers and the rule of a form.
func datesPage[T any](h handler, at func(*T) (*[]Day, string)) bot.Page[T] {
	page := bot.Page[T]{ID: "dates", Title: "The dates it counts from"}
	for _, ask := range h.everyAsk() {
		page.Fields = append(page.Fields, dateField(h, ask, at))
	}
	return page
}

func dateField[T any](h handler, ask asked, at func(*T) (*[]Day, string)) bot.Field[T] {
	label := capital(h.schedule.Label(ask.trigger))
	if key := "retention.ask-" + ask.trigger; words.Has(key) {
		label = words.Say("en", key)
	}
	id := "day-" + ask.trigger
	if ask.optional {
		id = "maybe-" + ask.trigger
	}
	field := bot.AskDate(id, label, func(answers *T) *calendar.Date {
		days, _ := at(answers)
		return slot(days, ask.trigger)
	}).Hint("For example 27 3 2024").
		Why("The rule counts from this day. A guess could destroy the record too early.").
		When(func(answers T) bool {
			_, name := at(&answers)
			rule, err := h.schedule.Rule(name)
			return err == nil && slices.Contains(h.asks(rule), ask)
		})
	if ask.optional {
		return field.Optional().Hint("Leave empty if there is none")
	}
	return field
}

// everyAsk lists every date that any rule asks for, once, in the order of the triggers.
func (h handler) everyAsk() []asked {
	var list []asked
	for _, trigger := range h.schedule.Triggers() {
		for _, optional := range []bool{false, true} {
			ask := asked{trigger, optional}
			if slices.ContainsFunc(h.schedule.Rules(), func(r knowledge.Rule) bool { return slices.Contains(h.asks(r), ask) }) {
				list = append(list, ask)
			}
		}
	}
	return list
}

// slot is the place of a trigger's date, made when it is not there.
func slot(days *[]Day, trigger string) *calendar.Date {
	at := slices.IndexFunc(*days, func(d Day) bool { return d.Trigger == trigger })
	if at < 0 {
		at = len(*days)
		*days = append(slices.Clip(*days), Day{Trigger: trigger})
	}
	return &(*days)[at].On
}

// given leaves out the dates that were not answered.
func given(days []Day) []Day {
	return slices.DeleteFunc(slices.Clone(days), func(d Day) bool { return d.On.IsZero() })
}

func sources(list []base.Source) []bot.Source {
	var out []bot.Source
	for _, s := range list {
		title := s.Title
		if s.Section != "" {
			title += ", " + s.Section
		}
		out = append(out, bot.Source{Title: title, URL: s.URL, Checked: s.Checked})
	}
	return out
}
