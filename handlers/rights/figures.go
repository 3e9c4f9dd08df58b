package rights

import (
	"context"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// Year is what became of the requests that came in a span of days. It counts and names nobody.
type Year struct {
	Came, InTime, Late, Open, Refused, Longer, Withdrawn int // without complaints
	Complaints, AckInTime, AckLate, Upheld, Settled      int
	Days                                                 int // from receipt to answer, over all that were answered
	ByRight                                              map[string]int
}

// Count adds up requests that came in a span. One that was logged twice counts once.
func Count(list []Request, span bot.Span) Year {
	y := Year{ByRight: map[string]int{}}
	for _, r := range list {
		if r.State == joined || !span.Has(r.Came) {
			continue
		}
		y.ByRight[r.Right]++
		if r.Right == complaint {
			y.complaint(r)
		} else {
			y.request(r)
		}
	}
	return y
}

func (y *Year) request(r Request) {
	y.Came++
	if !r.Notice.IsZero() {
		y.Longer++
	}
	switch r.State {
	case open:
		y.Open++
	case dropped, lapsed:
		y.Withdrawn++
	default:
		if r.State == refused {
			y.Refused++
		}
		if r.LateBy > 0 {
			y.Late++
		} else {
			y.InTime++
		}
		y.Days += r.Came.DaysTo(r.Ended)
	}
}

func (y *Year) complaint(r Request) {
	y.Complaints++
	switch {
	case r.Acknowledged.IsZero():
	case r.AckLate > 0:
		y.AckLate++
	default:
		y.AckInTime++
	}
	if r.State == answered {
		y.Settled++
	}
	if r.Upheld == "yes" || r.Upheld == "part" {
		y.Upheld++
	}
}

// year shows the figures of a year to those who work on requests.
func (h handler) year(ctx context.Context, t bot.Turn, year int) (bot.Outcome, error) {
	found, err := visible(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	list := make([]Request, 0, len(found))
	for _, f := range found {
		list = append(list, f.Record)
	}
	y := Count(list, bot.Span{From: calendar.Date{Year: year, Month: 1, Day: 1}, To: calendar.Date{Year: year, Month: 12, Day: 31}})
	if y.Came+y.Complaints == 0 {
		return t.Reply("rights.year-none", "year", strconv.Itoa(year)), nil
	}
	m := bot.Say(t.Say("rights.year", "year", strconv.Itoa(year)))
	var rows []string
	row := func(key string, n int) { rows = append(rows, t.Say("rights.year-"+key), strconv.Itoa(n)) }
	row("came", y.Came)
	row("in-time", y.InTime)
	row("late", y.Late)
	row("open", y.Open)
	row("longer", y.Longer)
	row("refused", y.Refused)
	row("withdrawn", y.Withdrawn)
	if ended := y.InTime + y.Late; ended > 0 {
		row("days", y.Days/ended)
	}
	row("complaints", y.Complaints)
	row("ack-in-time", y.AckInTime)
	row("ack-late", y.AckLate)
	row("settled", y.Settled)
	row("upheld", y.Upheld)
	m.List(bot.Pairs, rows...).Add(bot.Heading, t.Say("rights.year-rights"))
	rows = nil
	for _, o := range rightOptions() {
		if n := y.ByRight[o.Value]; n > 0 {
			rows = append(rows, o.Label, strconv.Itoa(n))
		}
	}
	return bot.Outcome{Reply: m.List(bot.Pairs, rows...), Audit: []string{"rights.read"}}, nil
}
