package rights

import (
	"slices"
	"strings"
	"testing"

	"shareright/knowledge/calendar"
)

func day(text string) calendar.Date {
	if text == "" {
		return calendar.Date{}
	}
	d, err := calendar.ParseISO(text)
	if err != nil {
		panic(err)
	}
	return d
}

// said reports whether a sentence of the content, up to its first place to fill, was used.
func said(list []string, name string) bool {
	start, _, _ := strings.Cut(Default().phrases[name], "{")
	if start == "" {
		return false
	}
	return slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(s, start) })
}

func TestOneMonth(t *testing.T) {
	for name, c := range map[string]struct {
		received string
		nation   calendar.Nation
		want     string
	}{
		"New Year's Day counts as day one":                            {"2025-01-01", "EW", "2025-02-03"}, // 1 February is a Saturday
		"the regulator's example: 1 January to 1 February":            {"2024-01-01", "EW", "2024-02-01"},
		"the regulator's example: past both days of Christmas":        {"2024-11-25", "EW", "2024-12-27"},
		"the regulator's example: 3 September to 3 October":           {"2025-09-03", "EW", "2025-10-03"},
		"the regulator's example: 31 January in a common year":        {"2025-01-31", "EW", "2025-02-28"},
		"the regulator's example: 31 January in a leap year":          {"2028-01-31", "EW", "2028-02-29"},
		"the regulator's example: 31 January, then a Saturday":        {"2026-01-31", "EW", "2026-03-02"},
		"31 March ends with April":                                    {"2025-03-31", "EW", "2025-04-30"},
		"1 August to 1 September":                                     {"2025-08-01", "EW", "2025-09-01"},
		"30 January to 28 February":                                   {"2025-01-30", "EW", "2025-02-28"},
		"21 September to 21 October":                                  {"2022-09-21", "EW", "2022-10-21"},
		"31 August to a Saturday":                                     {"2023-08-31", "EW", "2023-10-02"},
		"Good Friday moves past Easter Monday in England":             {"2026-03-03", "EW", "2026-04-07"},
		"Good Friday moves to Easter Monday in Scotland":              {"2026-03-03", "S", "2026-04-06"},
		"St Patrick's Day counts in Northern Ireland":                 {"2026-02-17", "NI", "2026-03-18"},
		"St Patrick's Day is a working day elsewhere":                 {"2026-02-17", "EW", "2026-03-17"},
		"St Andrew's Day on a Sunday gives a Monday in Scotland":      {"2025-10-30", "S", "2025-12-02"},
		"the World Cup holiday of 2026 counts in Scotland":            {"2026-05-15", "S", "2026-06-16"},
		"the day before that counts on through the weekend elsewhere": {"2026-05-14", "EW", "2026-06-15"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Default().Access(Request{Received: day(c.received), Nation: c.nation})
			if err != nil || got.Date != day(c.want) {
				t.Errorf("received %s in %s: due %s, %v; want %s", c.received, c.nation, got.Date, err, c.want)
			}
			if !got.Safe.IsZero() || !got.Latest.IsZero() || len(got.Steps) == 0 || len(got.Sources) == 0 {
				t.Errorf("a plain month has one reading, shows its working and its source: %+v", got)
			}
		})
	}
}

func TestWhatMovesTheStart(t *testing.T) {
	october := Request{Received: day("2026-10-01"), Nation: calendar.EnglandWales}
	with := func(change func(*Request)) Request { r := october; change(&r); return r }
	for name, c := range map[string]struct {
		request Request
		want    string
		warns   string
	}{
		"proof of identity that was needed":       {with(func(r *Request) { r.ID, r.IDReceived = Needed, day("2026-10-08") }), "2026-11-09", ""},
		"proof of identity that was not needed":   {with(func(r *Request) { r.ID, r.IDReceived = NotNeeded, day("2026-10-08") }), "2026-11-02", "id_not_needed"},
		"proof of identity that nobody explained": {with(func(r *Request) { r.IDReceived = day("2026-10-08") }), "2026-11-02", "id_not_needed"},
		"proof of identity not here yet":          {with(func(r *Request) { r.ID = Needed }), "2026-11-02", "id_awaited"},
		"proof of identity asked for after the month": {with(func(r *Request) {
			r.ID, r.IDAsked, r.IDReceived = Needed, day("2026-11-10"), day("2026-11-12")
		}), "2026-11-02", "id_asked_too_late"},
		"proof of identity asked for slowly": {with(func(r *Request) {
			r.ID, r.IDAsked, r.IDReceived = Needed, day("2026-10-20"), day("2026-10-22")
		}), "2026-11-23", "id_asked_slowly"},
		"proof that came before the request":   {with(func(r *Request) { r.ID, r.IDReceived = Needed, day("2026-09-30") }), "2026-11-02", ""},
		"proof that somebody may act for them": {with(func(r *Request) { r.Authority = day("2026-10-12") }), "2026-11-12", ""},
		"a fee":                                {with(func(r *Request) { r.Fee = day("2026-10-20") }), "2026-11-20", "fee_rare"},
		"the latest of all of them": {with(func(r *Request) {
			r.ID, r.IDReceived, r.Authority, r.Fee = Needed, day("2026-10-05"), day("2026-10-14"), day("2026-10-13")
		}), "2026-11-16", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Default().Access(c.request)
			if err != nil || got.Date != day(c.want) {
				t.Errorf("due %s, %v; want %s", got.Date, err, c.want)
			}
			if c.warns != "" && !said(got.Warnings, c.warns) {
				t.Errorf("it does not warn of %s: %q", c.warns, got.Warnings)
			}
		})
	}
	got, _ := Default().Access(with(func(r *Request) { r.IDReceived = day("2026-10-08") }))
	if got.Safe != got.Date || got.Latest != day("2026-11-09") {
		t.Errorf("where nobody said whether proof was needed, both dates stand: safe %s, latest %s", got.Safe, got.Latest)
	}
}

func TestTheExtension(t *testing.T) {
	for name, c := range map[string]struct {
		received, notice, want, warns string
	}{
		"three months from the start, not one and two":  {"2025-09-03", "2025-10-03", "2025-12-03", "extend_only_if_complex"},
		"over the end of February":                      {"2026-11-28", "2026-12-01", "2027-03-01", ""},
		"30 November and three months":                  {"2025-11-30", "2025-12-05", "2026-03-02", ""},
		"noticed one day late has no effect":            {"2026-02-03", "2026-03-04", "2026-03-03", "notice_late"},
		"noticed on the Monday after a Saturday counts": {"2026-09-03", "2026-10-05", "2026-12-03", "notice_after_month"},
		"noticed after that Monday does not":            {"2026-09-03", "2026-10-06", "2026-10-05", "notice_late"},
		"no notice yet, so it is asked for":             {"2026-09-03", "", "2026-12-03", "notice_needed"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Request{Received: day(c.received), Nation: calendar.EnglandWales, Extended: true, Notice: day(c.notice)}
			got, err := Default().Access(r)
			if err != nil || got.Date != day(c.want) {
				t.Errorf("due %s, %v; want %s", got.Date, err, c.want)
			}
			if c.warns != "" && !said(got.Warnings, c.warns) {
				t.Errorf("it does not warn of %s: %q", c.warns, got.Warnings)
			}
		})
	}
}

func TestTheExtensionNotice(t *testing.T) {
	got, err := Default().ExtensionNotice(Request{Received: day("2025-09-03"), Nation: calendar.EnglandWales})
	if err != nil || got.Date != day("2025-10-03") || !got.Safe.IsZero() {
		t.Errorf("notice by %s, safe %s, %v; want 3 October and one reading", got.Date, got.Safe, err)
	}
	got, err = Default().ExtensionNotice(Request{Received: day("2026-09-03"), Nation: calendar.EnglandWales})
	if err != nil || got.Date != day("2026-10-05") || got.Safe != day("2026-10-02") || got.Latest != got.Date {
		t.Errorf("over a weekend: by %s, safe %s, latest %s, %v", got.Date, got.Safe, got.Latest, err)
	}
}

func TestPauses(t *testing.T) {
	for name, c := range map[string]struct {
		received           string
		pauses             []Pause
		date, safe, latest string
		warns              string
	}{
		"a week":                      {"2026-10-06", []Pause{{day("2026-10-12"), day("2026-10-19")}}, "2026-11-13", "2026-11-13", "2026-11-16", "two_readings"},
		"answered on the same day":    {"2026-10-06", []Pause{{day("2026-10-12"), day("2026-10-12")}}, "2026-11-06", "2026-11-06", "2026-11-09", ""},
		"over Christmas":              {"2026-12-01", []Pause{{day("2026-12-21"), day("2027-01-05")}}, "2027-01-18", "", "", ""},
		"a weekend hides the reading": {"2026-10-01", []Pause{{day("2026-10-05"), day("2026-10-12")}}, "2026-11-09", "", "", ""},
		"not answered yet":            {"2026-10-06", []Pause{{Asked: day("2026-10-12")}}, "2026-11-06", "", "", "clock_stopped"},
		"asked when time had run out": {"2026-10-06", []Pause{{day("2026-11-07"), day("2026-11-09")}}, "2026-11-06", "", "", "asked_too_late"},
		"two that overlap count once": {"2026-10-06", []Pause{{day("2026-10-12"), day("2026-10-19")}, {day("2026-10-15"), day("2026-10-20")}}, "2026-11-16", "2026-11-16", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Default().Access(Request{Received: day(c.received), Nation: calendar.EnglandWales, Clarifications: c.pauses})
			if err != nil || got.Date != day(c.date) {
				t.Errorf("due %s, %v; want %s", got.Date, err, c.date)
			}
			if c.latest != "" && (got.Safe != day(c.safe) || got.Latest != day(c.latest)) {
				t.Errorf("safe %s, latest %s; want %s, %s", got.Safe, got.Latest, c.safe, c.latest)
			}
			if c.warns != "" && !said(got.Warnings, c.warns) {
				t.Errorf("it does not warn of %s: %q", c.warns, got.Warnings)
			}
		})
	}
}

func TestWhatIsMissingOrCannotBe(t *testing.T) {
	received := day("2026-10-06")
	for want, r := range map[string]Request{
		"received_missing":      {Nation: calendar.Scotland},
		"nation_missing":        {Received: received},
		"asked_missing":         {Received: received, Nation: "S", Clarifications: []Pause{{Answered: received}}},
		"asked_before_request":  {Received: received, Nation: "S", Clarifications: []Pause{{Asked: received.AddDays(-1)}}},
		"answered_before_asked": {Received: received, Nation: "S", Clarifications: []Pause{{received.AddDays(3), received.AddDays(2)}}},
	} {
		if _, err := Default().Access(r); err == nil || !said([]string{err.Error()}, want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func TestBeyondThePublishedCalendarItSaysSo(t *testing.T) {
	got, err := Default().Access(Request{Received: day("2031-05-01"), Nation: calendar.EnglandWales})
	if err != nil || !said(got.Warnings, "calendar_unknown") {
		t.Errorf("got %q, %v", got.Warnings, err)
	}
}
