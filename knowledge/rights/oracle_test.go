package rights

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/knowledge/calendar"
)

// The oracle is written without the calendar package: published dates as text, days as
// time.Time, paused days as a set. It shares only the law with what it checks.

var bankHolidays = map[calendar.Nation]string{
	"EW": `2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
		2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
		2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
		2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28`,
	"S": `2024-01-01 2024-01-02 2024-03-29 2024-05-06 2024-05-27 2024-08-05 2024-12-02 2024-12-25 2024-12-26
		2025-01-01 2025-01-02 2025-04-18 2025-05-05 2025-05-26 2025-08-04 2025-12-01 2025-12-25 2025-12-26
		2026-01-01 2026-01-02 2026-04-03 2026-05-04 2026-05-25 2026-06-15 2026-08-03 2026-11-30 2026-12-25 2026-12-28
		2027-01-01 2027-01-04 2027-03-26 2027-05-03 2027-05-31 2027-08-02 2027-11-30 2027-12-27 2027-12-28`,
	"NI": `2024-01-01 2024-03-18 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-07-12 2024-08-26 2024-12-25 2024-12-26
		2025-01-01 2025-03-17 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-07-14 2025-08-25 2025-12-25 2025-12-26
		2026-01-01 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-07-13 2026-08-31 2026-12-25 2026-12-28
		2027-01-01 2027-03-17 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-07-12 2027-08-30 2027-12-27 2027-12-28`,
}

const iso = "2006-01-02"

func instant(d calendar.Date) time.Time {
	t, err := time.Parse(iso, d.String())
	if err != nil {
		return time.Time{}
	}
	return t
}

func workday(t time.Time, nation calendar.Nation) time.Time {
	for t.Weekday()%6 == 0 || strings.Contains(bankHolidays[nation], t.Format(iso)) {
		t = t.Add(24 * time.Hour)
	}
	return t
}

func monthsOn(t time.Time, n int) time.Time {
	next := t.AddDate(0, n, 0)
	if next.Day() != t.Day() { // it ran over: back to the last day of the month before
		next = next.AddDate(0, 0, -next.Day())
	}
	return next
}

// expected is the due date and the latest reading by the words of the law.
func expected(r Request) (date, latest string) {
	start := instant(r.Received)
	events := []time.Time{instant(r.Authority), instant(r.Fee)}
	if r.ID == Needed {
		events = append(events, instant(r.IDReceived))
	}
	for _, e := range events {
		if e.Unix() > start.Unix() {
			start = e
		}
	}
	careful, literal := map[string]bool{}, map[string]bool{}
	for _, p := range r.Clarifications {
		for d := instant(p.Asked); !d.After(instant(p.Answered)); d = d.AddDate(0, 0, 1) {
			if d.Before(start) {
				continue
			}
			literal[d.Format(iso)] = true
			if d.Before(instant(p.Answered)) {
				careful[d.Format(iso)] = true
			}
		}
	}
	months := 1
	if r.Extended {
		noticeLimit := workday(monthsOn(start, 1).AddDate(0, 0, len(literal)), r.Nation)
		if !instant(r.Notice).After(noticeLimit) {
			months = 3
		}
	}
	end := monthsOn(start, months)
	return workday(end.AddDate(0, 0, len(careful)), r.Nation).Format(iso), workday(end.AddDate(0, 0, len(literal)), r.Nation).Format(iso)
}

// anyRequest draws a request whose dates all fall in the published years.
func anyRequest(t *rapid.T) Request {
	received := day("2024-01-01").AddDays(rapid.IntRange(0, 1100).Draw(t, "received"))
	after := func(label string, most int) calendar.Date {
		if !rapid.Bool().Draw(t, label) {
			return calendar.Date{}
		}
		return received.AddDays(rapid.IntRange(0, most).Draw(t, label+" days"))
	}
	r := Request{
		Received: received, Nation: rapid.SampledFrom([]calendar.Nation{"EW", "S", "NI"}).Draw(t, "nation"),
		ID: rapid.SampledFrom([]Need{NeedNotSaid, Needed, NotNeeded}).Draw(t, "need"), IDReceived: after("identity", 25),
		Authority: after("authority", 20), Fee: after("fee", 20),
		Extended: rapid.Bool().Draw(t, "extended"), Notice: after("notice", 50),
	}
	for range rapid.IntRange(0, 2).Draw(t, "pauses") {
		asked := received.AddDays(rapid.IntRange(0, 28).Draw(t, "asked"))
		r.Clarifications = append(r.Clarifications, Pause{asked, asked.AddDays(rapid.IntRange(0, 30).Draw(t, "answered"))})
	}
	return r
}

func TestTenThousandRequestsAgreeWithTheOracle(t *testing.T) {
	check := func(t *rapid.T) {
		r := anyRequest(t)
		got, err := Default().Access(r)
		if err != nil {
			t.Fatal(err)
		}
		want, latest := expected(r)
		if got.Date.String() != want {
			t.Fatalf("due %s; the oracle says %s\n%+v\n%s", got.Date, want, r, strings.Join(got.Steps, "\n"))
		}
		if len(r.Clarifications) > 0 && r.ID != NeedNotSaid && latest != want && got.Latest.String() != latest {
			t.Fatalf("latest %s; the oracle says %s\n%+v", got.Latest, latest, r)
		}
	}
	for range 100 { // rapid runs 100 requests a check unless told otherwise
		rapid.Check(t, check)
	}
}

func TestADueDateIsAWorkingDayAndNeverBeforeTheMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		due, err := Default().Access(r)
		if err != nil {
			t.Fatal(err)
		}
		if !calendar.Default().Working(r.Nation, due.Date) || due.Date.Before(r.Received.AddMonths(1)) {
			t.Fatalf("%+v is due on %s", r, due.Date)
		}
		if !due.Safe.IsZero() && (due.Safe.After(due.Date) || due.Latest.Before(due.Date)) {
			t.Fatalf("safe %s, date %s, latest %s are out of order", due.Safe, due.Date, due.Latest)
		}
		unextended := r
		unextended.Extended = false
		if short, err := Default().Access(unextended); err != nil || short.Date.After(due.Date) {
			t.Fatalf("an extension made it earlier: %s, %s", short.Date, due.Date)
		}
	})
}

func TestOtherLimitsAgreeWithTheOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		r.Clarifications, r.Extended = nil, false
		ack, err := Default().ComplaintAcknowledgement(r.Received, r.Nation)
		if err != nil {
			t.Fatal(err)
		}
		if want := workday(instant(r.Received).Add(30*24*time.Hour), r.Nation).Format(iso); ack.Date.String() != want {
			t.Fatalf("a complaint of %s is acknowledged by %s; the oracle says %s", r.Received, ack.Date, want)
		}
		notice, err := Default().ExtensionNotice(r)
		if err != nil {
			t.Fatal(err)
		}
		if month, _ := expected(r); notice.Date.String() != month {
			t.Fatalf("the notice is due on %s; the oracle says %s", notice.Date, month)
		}
		record, err := Default().EducationRecord(SchoolRequest{Written: r.Received, Nation: r.Nation})
		if err != nil {
			t.Fatal(err)
		}
		last := instant(r.Received)
		for range 15 {
			last = workday(last.Add(24*time.Hour), r.Nation)
		}
		if record.Date.String() != last.Format(iso) {
			t.Fatalf("a pupil's record asked for on %s is due on %s; the oracle says %s", r.Received, record.Date, last.Format(iso))
		}
	})
}
