package digest

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// few is the smallest count of people or cases that is shown as it is: below it somebody
// could be recognised.
const few = 3

// report answers "/dp report": the figures of some months on one page.
func (h handler) report(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	months := 12
	if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.ToLower(text), "months"))); err == nil && n >= 1 && n <= 120 {
		months = n
	} else if text != "" {
		return t.Reply("digest.report-months"), nil
	}
	m, err := Page(ctx, t, months)
	return bot.Outcome{Reply: m, Audit: []string{"report.read"}}, err
}

// Page is the report of the last months, up to today: figures by their part, with no case
// and no name, and small counts of people as "<3".
func Page(ctx context.Context, t bot.Turn, months int) (*bot.Message, error) {
	span := bot.Span{From: t.Today().AddMonths(-months).AddDays(1), To: t.Today()}
	figures, err := t.Figures(ctx, span)
	if err != nil {
		return nil, err
	}
	m := bot.Say(t.Say("digest.report", "org", t.Org.Name), t.Say("digest.report-span", "from", span.From.Plain(), "to", span.To.Plain()))
	var parts []string
	for _, f := range figures {
		if !slices.Contains(parts, f.Part) {
			parts = append(parts, f.Part)
		}
	}
	for _, part := range parts {
		var pairs []string
		for _, f := range figures {
			if f.Part == part {
				pairs = append(pairs, f.Label, shown(t, f))
			}
		}
		m.Add(bot.Heading, part).List(bot.Pairs, pairs...)
	}
	doings, err := t.Doings(ctx)
	if err != nil {
		return nil, err
	}
	m.Add(bot.Heading, t.Say("digest.report-now")).List(bot.Pairs,
		t.Say("digest.report-late"), strconv.Itoa(overdue(doings, t.Today(), false)),
		t.Say("digest.report-late-law"), strconv.Itoa(overdue(doings, t.Today(), true)))
	m.Add(bot.SmallLine, t.Say("digest.report-small"))
	return m, nil
}

func overdue(doings []bot.Doing, today calendar.Date, statutory bool) int {
	n := 0
	for _, d := range doings {
		if d.Due.Before(today) && (d.Statutory || !statutory) {
			n++
		}
	}
	return n
}

// shown is a figure as it may be read. A part of a small whole is small as well, and so is
// what is left when it is taken away.
func shown(t bot.Turn, f bot.Figure) string {
	hide := func(n int) bool { return f.Small && n > 0 && n < few }
	if f.Of == 0 {
		if hide(f.Count) {
			return "<" + strconv.Itoa(few)
		}
		return strconv.Itoa(f.Count)
	}
	switch rest := f.Of - f.Count; {
	case hide(f.Of):
		return t.Say("digest.of-few", "few", strconv.Itoa(few))
	case rest == 0:
		return t.Say("digest.of-all", "of", strconv.Itoa(f.Of))
	case hide(f.Count) || hide(rest):
		return t.Say("digest.of-most", "of", strconv.Itoa(f.Of))
	}
	return t.Say("digest.of", "n", strconv.Itoa(f.Count), "of", strconv.Itoa(f.Of))
}
