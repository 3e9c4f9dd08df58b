package breach

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/handlers/exports"
)

// mine shows people what they have reported, and how far it is, without the investigation.
func (h handler) mine(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	found, err := bot.Find[Breach](ctx, t, bot.Query{Owner: t.By.ID})
	if err != nil {
		return bot.Outcome{}, err
	}
	if len(found) == 0 {
		return bot.Outcome{Reply: bot.Say(t.Say("breach.mine-none"))}, nil
	}
	m := bot.Say(t.Say("breach.mine"))
	var rows []string
	for _, f := range found {
		rows = append(rows, fmt.Sprintf("%s: %s", f.Ref, t.Say("breach.state-"+f.Record.State, "ref", string(f.Record.JoinedTo))))
		if h.tracked(f.Record) && !f.Record.over() && len(m.Buttons) < 5 {
			m.With(bot.Button{Action: "breach.got", Label: t.Say("breach.button-got-of", "ref", string(f.Ref)), Ref: f.Ref})
		}
	}
	return bot.Outcome{Reply: m.List(bot.Bullets, rows...)}, nil
}

// list shows the open breaches, the shortest clock first. The text may ask for others: "closed", "all", a year, a cause.
func (h handler) list(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "export" || strings.HasPrefix(text, "export ") {
		return exports.Ask(ctx, t, register(h), text)
	}
	query := bot.Query{}
	switch text {
	case "":
		query.States = []string{open, held, decided}
	case "closed":
		query.States = []string{closed, joined}
	}
	found, err := bot.Find[Breach](ctx, t, query)
	if err != nil {
		return bot.Outcome{}, err
	}
	slices.SortStableFunc(found, func(a, b bot.Found[Breach]) int {
		return a.Record.clock().End().Compare(b.Record.clock().End())
	})
	m := bot.Say(t.Say("breach.list"))
	if text != "" {
		m = bot.Say(t.Say("breach.list-filtered", "filter", text))
	}
	var rows []string
	for _, f := range found {
		if f.Record.hidden(t.By) || !h.fits(t, f.Record, text) {
			continue
		}
		rows = append(rows, f.Record.title(t, f.Ref))
		if len(m.Buttons) < 5 {
			m.With(bot.Button{Action: "breach.show", Label: string(f.Ref), Ref: f.Ref})
		}
	}
	if len(rows) == 0 {
		switch text {
		case "":
			return t.Reply("breach.list-none"), nil
		case "all":
			return t.Reply("breach.list-none-all"), nil
		default:
			return t.Reply("breach.list-none-fits", "filter", text), nil
		}
	}
	return bot.Outcome{Reply: m.List(bot.Bullets, rows...)}, nil
}

// fits says whether a breach is what a filter asks for.
func (h handler) fits(t bot.Turn, b Breach, filter string) bool {
	if filter == "" || filter == "all" || filter == "closed" {
		return true
	}
	if year, err := strconv.Atoi(filter); err == nil {
		return b.Reported.In(t.Org.Zone).Year() == year
	}
	for _, c := range h.content.MatchCauses(filter) {
		if c.Value == b.Cause {
			return true
		}
	}
	return false
}

// show is the whole record, privately, for those who may act on it, with everything that can be done next.
func (h handler) show(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	m := h.whole(t, ref, b, true)
	for _, button := range h.next(t, ref, b) {
		if button.Action != "breach.show" {
			m.With(button)
		}
	}
	for _, id := range []string{"facts", "got", "contain", "others", "review", "papers", "notes", "line", "aware", "hand"} {
		switch {
		case slices.ContainsFunc(m.Buttons, func(x bot.Button) bool { return x.Action == "breach."+id }):
		case b.State == joined, b.State == closed && !slices.Contains([]string{"papers", "line"}, id):
		case (id == "got" || id == "contain") && !h.tracked(b):
		default:
			m.With(bot.Button{Action: "breach." + id, Label: t.Say("breach.button-" + id), Ref: ref})
		}
	}
	if until := t.KeptUntil(b.RecordKind(), b.end(t)); b.State == closed && !until.IsZero() {
		m.Add(bot.SmallLine, t.Say("breach.keep-until", "date", until.Long()))
	}
	return bot.Outcome{Reply: m, Audit: []string{"breach.read"}}, nil
}

// whole is the record as a message. Private notes are only for the screen of those in charge.
func (h handler) whole(t bot.Turn, ref bot.Ref, b Breach, private bool) *bot.Message {
	cause, _ := h.content.Cause(b.Cause)
	a := h.content.Assess(h.attributes(b))
	or := func(s string) string {
		if s == "" {
			return t.Say("bot.none-given")
		}
		return s
	}
	m := bot.Say(b.title(t, ref))
	rows := []string{t.Say("breach.row-cause"), or(cause.Label)}
	if private {
		by := b.ByName
		if b.Other == "yes" {
			by = t.Say("breach.by-for-other", "name", b.ByName)
		}
		rows = append(rows, t.Say("breach.row-story"), or(b.Story), t.Say("breach.row-by"), or(by))
		if b.Link != "" {
			rows = append(rows, t.Say("breach.row-link"), b.Link)
		}
	} else {
		rows = append(rows, t.Say("breach.row-what"), or(b.Notes.What))
	}
	m.List(bot.Pairs, append(rows, t.Say("breach.row-data"), or(labels(h.dataKinds(), b.Data)), t.Say("breach.row-whom"), or(labels(h.peopleKinds(), b.Whom)),
		t.Say("breach.row-happened"), b.at(t, b.Happened), t.Say("breach.row-found"), b.at(t, b.Found),
		t.Say("breach.row-aware"), b.at(t, b.Aware), t.Say("breach.row-reported"), b.at(t, b.Reported),
		t.Say("breach.row-due"), moment(t, b.clock().End()), t.Say("breach.row-advice"), adviceLine(t, a))...)
	if len(b.Got) > 0 {
		m.List(bot.Pairs, t.Say("breach.row-got"), b.gotLine(t))
	}
	h.sideBySide(t, m, b)
	if d := b.Decision; d != nil {
		m.List(bot.Pairs, t.Say("breach.row-decision"), t.Say("breach.line-decided", "name", d.ByName, "ico", t.Say("breach.answer-"+d.ICO), "people", t.Say("breach.answer-"+d.People)),
			t.Say("breach.row-reason"), d.Reason)
	}
	if private {
		for _, r := range b.Reviews {
			m.List(bot.Pairs, t.Say("breach.row-review"), t.Say("breach.review-line", "name", r.By, "view", t.Say("breach.view-"+r.View), "note", r.Note))
		}
	}
	var log []string
	for _, l := range b.Log {
		if line := l.shown(t); private {
			log = append(log, line)
		} else {
			log = append(log, b.withoutReporter(t, line))
		}
	}
	return m.Add(bot.Heading, t.Say("breach.row-log")).List(bot.Bullets, log...)
}

// withoutReporter is a line for a paper: who reported is nobody's business there.
func (b Breach) withoutReporter(t bot.Turn, line string) string {
	if b.ByName == "" {
		return line
	}
	name := regexp.MustCompile(`(^|[^\pL])` + regexp.QuoteMeta(b.ByName) + `([^\pL]|$)`)
	return name.ReplaceAllString(line, "${1}"+t.Say("breach.reporter")+"${2}")
}

func (b Breach) at(t bot.Turn, when time.Time) string {
	if when.IsZero() {
		return t.Say("bot.none-given")
	}
	return moment(t, when)
}

// shown is the line as people read it, with the time it is about where that is another.
func (l Line) shown(t bot.Turn) string {
	text := l.Who + ": " + l.What
	if strings.HasPrefix(l.What, l.Who) { // it says who by itself
		text = l.What
	}
	text = strings.TrimSpace(moment(t, l.At) + " — " + text)
	if !l.When.IsZero() {
		text += " (" + moment(t, l.When) + ")"
	}
	return strings.TrimSpace(text + " " + l.Link)
}

// sideBySide puts the regulator's questions and the severity score under each other, with the reasons.
func (h handler) sideBySide(t bot.Turn, m *bot.Message, b Breach) {
	facts := h.attributes(b)
	a := h.content.Assess(facts)
	var rows []string
	for _, s := range h.content.Steps(facts) {
		rows = append(rows, s.Question, s.Answer)
	}
	rows = append(rows, t.Say("breach.row-score"), t.Say("breach.score", "score", strconv.FormatFloat(a.Severity.Score, 'f', 2, 64),
		"band", h.content.Advice.Bands[a.Severity.Band], "dpc", fmt.Sprint(a.Severity.DPC), "ei", fmt.Sprint(a.Severity.EI), "cb", fmt.Sprint(a.Severity.CB)))
	m.Add(bot.Heading, t.Say("breach.assessment")).List(bot.Pairs, rows...).List(bot.Bullets, a.Reasons...).List(bot.Bullets, a.Overrides...)
	var open []string
	for _, u := range a.Unknown {
		if q := h.content.Advice.Questions[u]; q != "" {
			open = append(open, q)
		}
	}
	if len(open) > 0 {
		m.Add(bot.Para, t.Say("breach.still-open")).List(bot.Bullets, open...)
	}
}
