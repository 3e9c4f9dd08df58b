package retention

import (
	"context"
	"regexp"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
)

// most is how many kinds of record are offered as buttons.
const most = 4

// asksHowLong is how people ask about keeping; anything else is another feature's.
var asksHowLong = regexp.MustCompile(`(?i)\bhow (long|many (years|months))\b.*\b(keep|kept|hold|held|store|stored|retain|retained)\b|\bwhen (can|may|must|should|do) (we|i|you) (destroy|delete|shred|throw|dispose|get rid)|\bretention (period|date|time)\b`)

// hears answers a plain question about keeping, where the schedule knows the record.
func (h handler) hears(_ context.Context, t bot.Turn, text string) (bot.Outcome, bool, error) {
	if !asksHowLong.MatchString(text) {
		return bot.Outcome{}, false, nil
	}
	if found := h.schedule.Find(text); len(found) == 0 || found[0].Score < knowledge.Sure {
		return bot.Outcome{}, false, nil
	}
	return h.answer(t, text), true, nil
}

// ask answers "/dp retention …".
func (h handler) ask(_ context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if text == "" {
		return h.all(context.Background(), t, "")
	}
	return h.answer(t, text), nil
}

// answer says the rule for the record in the question, and its date where the question gives the day.
func (h handler) answer(t bot.Turn, text string) bot.Outcome {
	found := h.schedule.Find(text)
	if len(found) == 0 || found[0].Score < knowledge.Sure {
		return h.nearest(t, text, "retention.rule")
	}
	rule := found[0].Rule
	if one := single(rule); one != "" {
		if day, problem := dayIn(text, t.Today()); problem != "" {
			return h.told(t, rule, problem)
		} else if !day.IsZero() {
			return h.reckoned(t, rule, []Day{{Trigger: one, On: day}})
		}
	}
	o := h.told(t, rule, "")
	for _, other := range found[1:] {
		if other.Score >= knowledge.Sure && other.Score > found[0].Score-0.1 && len(o.Reply.Buttons) < most {
			o.Reply.With(bot.Button{Action: "retention.rule", Label: other.Rule.Category, Ref: bot.Ref(other.Rule.Name)})
		}
	}
	return o
}

// told is the rule in words, with its sources and what can be done next.
func (h handler) told(t bot.Turn, rule knowledge.Rule, problem string) bot.Outcome {
	lines, err := h.schedule.Explain(rule.Name)
	if err != nil {
		return h.nearest(t, rule.Name, "retention.rule")
	}
	m := bot.Say(lines[0]).List(bot.Bullets, lines[1:]...)
	if problem != "" {
		m.Add(bot.Para, problem)
	}
	m.Add(bot.SmallLine, t.Say("retention.about", "category", rule.Category))
	m.Sources = sources(h.schedule.Sources(rule))
	if len(h.asks(rule)) > 0 {
		m.With(bot.Button{Action: "retention.date", Label: t.Say("retention.button-date"), Ref: bot.Ref(rule.Name), Style: bot.Primary})
	}
	return bot.Outcome{Reply: h.offer(t, m, rule)}
}

// offer adds the button that sets a review, for those who may.
func (h handler) offer(t bot.Turn, m *bot.Message, rule knowledge.Rule) *bot.Message {
	if t.By.Has(leads()...) && rule.Kind != knowledge.Extension {
		m.With(bot.Button{Action: "retention.set", Label: t.Say("retention.button-set"), Ref: bot.Ref(rule.Name)})
	}
	return m
}

// nearest says that the schedule has no such record, and offers the nearest ones.
func (h handler) nearest(t bot.Turn, text, action string) bot.Outcome {
	m := bot.Say(t.Say("retention.unknown"))
	found := h.schedule.Find(text)
	if len(found) > 0 {
		m.Title = t.Say("retention.which")
	} else {
		m.Add(bot.Para, t.Say("retention.unknown-keep", "who", t.Called(bot.DPLead)))
	}
	for _, match := range found[:min(most, len(found))] {
		m.With(bot.Button{Action: action, Label: match.Rule.Category, Ref: bot.Ref(match.Rule.Name)})
	}
	m.With(bot.Button{Action: "retention.all", Label: t.Say("retention.button-all")})
	return bot.Outcome{Reply: m}
}

// all lists every kind of record.
func (h handler) all(_ context.Context, t bot.Turn, _ bot.Ref) (bot.Outcome, error) {
	var kinds []string
	for _, rule := range h.schedule.Rules() {
		kinds = append(kinds, rule.Category)
	}
	m := bot.Say(t.Say("retention.all")).Add(bot.Para, t.Say("retention.all-how")).List(bot.Bullets, kinds...)
	return bot.Outcome{Reply: m}, nil
}

func (h handler) showRule(_ context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	rule, err := h.schedule.Rule(string(ref))
	if err != nil {
		return h.nearest(t, string(ref), "retention.rule"), nil
	}
	return h.told(t, rule, ""), nil
}

// reckoning is what the form about dates fills in.
type reckoning struct {
	Rule string `json:"rule"`
	Days []Day  `json:"days,omitempty"`
}

func (h handler) askDates(_ context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	rule, err := h.schedule.Rule(string(ref))
	if err != nil || len(h.asks(rule)) == 0 {
		return h.showRule(context.Background(), t, ref)
	}
	return bot.Outcome{Ask: h.reckon().Begin(reckoning{Rule: rule.Name})}, nil
}

func (h handler) reckon() bot.Form[reckoning] {
	page := datesPage(h, func(r *reckoning) (*[]Day, string) { return &r.Days, r.Rule })
	return bot.Form[reckoning]{ID: "retention.reckon", Title: "Work out the date", Submit: "Work it out", Quick: true, Pages: []bot.Page[reckoning]{page},
		Done: func(_ context.Context, t bot.Turn, r reckoning) (bot.Outcome, error) {
			rule, err := h.schedule.Rule(r.Rule)
			if err != nil {
				return h.nearest(t, r.Rule, "retention.rule"), nil
			}
			return h.reckoned(t, rule, r.Days), nil
		}}
}

// reckoned is the date with its working, or what stands in its way.
func (h handler) reckoned(t bot.Turn, rule knowledge.Rule, days []Day) bot.Outcome {
	result, err := h.schedule.Compute(rule.Name, inputs(days, t.Today()))
	if err != nil {
		return bot.Outcome{Reply: bot.Say(t.Say("retention.no-date"), err.Error()).
			With(bot.Button{Action: "retention.date", Label: t.Say("retention.button-date"), Ref: bot.Ref(rule.Name), Style: bot.Primary})}
	}
	last := len(result.Steps) - 1
	m := bot.Say(result.Steps[last]).List(bot.Bullets, result.Steps[:last]...).List(bot.Bullets, result.Warnings...)
	m.Add(bot.SmallLine, t.Say("retention.about", "category", rule.Category))
	m.Sources = sources(result.Sources)
	return bot.Outcome{Reply: h.offer(t, m, rule)}
}

func inputs(days []Day, today calendar.Date) knowledge.Inputs {
	in := knowledge.Inputs{Dates: map[string][]calendar.Date{}, Today: today}
	for _, d := range days {
		if !d.On.IsZero() {
			in.Dates[d.Trigger] = append(in.Dates[d.Trigger], d.On)
		}
	}
	return in
}

// asked is a date that a rule asks for.
type asked struct {
	trigger  string
	optional bool
}

// asks are the dates of a rule, each span's first one. A rule that keeps nothing, but
// where the law wants a copy, asks too: without the date nothing may be destroyed.
func (h handler) asks(rule knowledge.Rule) []asked {
	var list []asked
	for _, span := range rule.Keep {
		list = append(list, asked{span.From[0], span.Optional})
	}
	return list
}

// single is the one date that a rule counts from, where there is only one.
func single(rule knowledge.Rule) string {
	if len(rule.Keep) == 1 && rule.Kind != knowledge.Never {
		return rule.Keep[0].From[0]
	}
	return ""
}

// writtenDay is a day as it stands in a question.
var writtenDay = regexp.MustCompile(`(?i)\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{1,2} \d{1,2} \d{4}\b|\b\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: \d{4})?\b`)

// dayIn finds the day in a question. What is written like one and is none gives the problem in words.
func dayIn(text string, today calendar.Date) (calendar.Date, string) {
	written := writtenDay.FindString(text)
	if written == "" {
		return calendar.Date{}, ""
	}
	day, err := calendar.ParseDate(written, today)
	if err != nil {
		return calendar.Date{}, err.Error()
	}
	return day, ""
}

// capital makes a trigger the beginning of a question: "The day the person left".
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
