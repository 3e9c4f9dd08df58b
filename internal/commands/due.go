package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"shareright/internal/parts"
	"shareright/internal/program"
	"shareright/knowledge"
	"shareright/knowledge/breach"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
	"shareright/knowledge/retention"
	"shareright/knowledge/rights"
)

// Due is the command of that name.
type Due struct {
	JSON bool   `name:"json" help:"Read and write one JSON object a line."`
	File string `arg:"" optional:"" help:"File with the lines; standard input when absent."`
}

// Run answers every line.
func (c *Due) Run(all *Commands) error {
	books, err := dueBooksOf(all.Folder())
	if err != nil {
		return err
	}
	in, err := openBatch(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	return dueLines(in, os.Stdout, time.Now, books)
}

// dueBooks are the clocks and the schedule that dates are worked out with.
type dueBooks struct {
	clocks   *rights.Clocks
	schedule *retention.Schedule
}

// dueBooksOf reads them with an organisation's own content over ours, where it has some.
func dueBooksOf(folder string) (dueBooks, error) {
	if folder == "" {
		return dueBooks{rights.Default(), retention.Default()}, nil
	}
	known, mistakes := parts.Know(folder)
	if len(mistakes) > 0 {
		return dueBooks{}, sound(program.Parts{Mistakes: mistakes})
	}
	return dueBooks{known.Clocks, known.Retention}, nil
}

// home is the zone of a date or time that names none.
const home = "Europe/London"

func dueLines(in io.Reader, out io.Writer, clock func() time.Time, books dueBooks) error {
	zone, err := time.LoadLocation(home)
	if err != nil {
		return fmt.Errorf("load time zone %s: %w", home, err)
	}
	return answerLines(in, out, func(line dueLine) (any, error) {
		now := clock()
		if line.Now != nil {
			now = *line.Now
		}
		return line.answer(calendar.On(now, zone), zone, books)
	})
}

// dueLine is one question: when is this due?
type dueLine struct {
	ID     json.RawMessage            `json:"id"`
	Kind   string                     `json:"kind"`
	Inputs map[string]json.RawMessage `json:"inputs"`
	Now    *time.Time                 `json:"now"`
}

// dueAnswer is what is written for a line. Date is an ISO date, or "permanent".
type dueAnswer struct {
	ID       json.RawMessage `json:"id"`
	Date     string          `json:"date,omitempty"`
	Time     string          `json:"time,omitempty"`
	Safe     string          `json:"safe,omitempty"`
	Latest   string          `json:"latest,omitempty"`
	Steps    []string        `json:"steps"`
	Warnings []string        `json:"warnings"`
}

// permanent stands in place of a date for a record that is never destroyed.
const permanent = "permanent"

// dueKind is one kind of question, with the inputs it reads.
type dueKind struct {
	inputs []string
	answer func(*inputs) (dueAnswer, error)
}

var dueKinds = map[string]dueKind{
	"breach_72h":           {[]string{"aware_at_local", "discovered_local", "occurred_at_local"}, breachDue},
	"sar":                  {sarInputs, sarDue},
	"sar_extension_notice": {sarInputs, noticeDue},
	"sar_clarification":    {sarInputs, sarDue},
	"education_record":     {[]string{"written_request", "school_closed", "nation", "day_one"}, schoolDue},
	"complaint_ack":        {[]string{"received", "nation"}, complaintDue},
	"state_pension_age":    {[]string{"dob", "sex"}, pensionDue},
	"retention":            {nil, retentionDue}, // its inputs are the schedule's triggers
	"policy_review":        {[]string{"last_review", "interval_years"}, reviewDue},
	"limitation":           {[]string{"kind", "injured", "accrued", "dob", "nation"}, limitDue},
}

func (l dueLine) answer(today calendar.Date, zone *time.Location, books dueBooks) (dueAnswer, error) {
	names := make([]string, 0, len(dueKinds))
	for name := range dueKinds {
		names = append(names, name)
	}
	kind, ok := dueKinds[l.Kind]
	if !ok {
		slices.Sort(names)
		return dueAnswer{}, fmt.Errorf("there is no kind %q%s (the kinds are %s)", l.Kind, knowledge.DidYouMean(l.Kind, names), strings.Join(names, ", "))
	}
	in := &inputs{values: l.Inputs, today: today, zone: zone, books: books}
	answer, err := kind.answer(in)
	known := kind.inputs
	if l.Kind == "retention" {
		known = retentionInputs(books.schedule)
	}
	unread := in.unread(known)
	if err = errors.Join(append(in.problems, err)...); err != nil {
		return dueAnswer{}, plainError(err, unread)
	}
	answer.ID = l.ID
	if len(answer.ID) == 0 {
		answer.ID = json.RawMessage("null")
	}
	if answer.Steps == nil {
		answer.Steps = []string{}
	}
	answer.Warnings = append(append([]string{}, unread...), answer.Warnings...)
	return answer, nil
}

// plainError is one line of sentences: what is wrong, and which input was not understood.
func plainError(err error, unread []string) error {
	text := strings.ReplaceAll(err.Error(), "\n", " ")
	if len(unread) > 0 {
		text += " " + strings.Join(unread, " ")
	}
	return errors.New(text)
}

func dated(due calendar.Due) dueAnswer {
	return dueAnswer{Date: due.Date.String(), Safe: due.Safe.String(), Latest: due.Latest.String(),
		Steps: due.Steps, Warnings: unique(due.Warnings)}
}

// unique drops repeats and keeps the order.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func breachDue(in *inputs) (dueAnswer, error) {
	clock, err := breach.Start(breach.Happened{
		Aware: in.instant("aware_at_local"), Discovered: in.instant("discovered_local"), Occurred: in.instant("occurred_at_local"),
	})
	if err != nil || len(in.problems) > 0 {
		if len(in.problems) > 0 {
			err = nil // the time is there and could not be read
		}
		return dueAnswer{}, err
	}
	return dueAnswer{Time: stamp(clock.Deadline), Safe: stamp(clock.Safe), Latest: stamp(clock.Latest),
		Steps: clock.Steps, Warnings: clock.Warnings}, nil
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

var sarInputs = []string{"received", "nation", "id_reasonably_requested", "id_received", "id_requested_unreasonably",
	"third_party_authority_received", "manifestly_excessive_fee_paid", "extended", "extension_notice_by",
	"clarification_asked", "clarification_received"}

func request(in *inputs) rights.Request {
	r := rights.Request{
		Received: in.date("received"), Nation: in.nation(""),
		IDReceived: in.date("id_received"),
		Authority:  in.date("third_party_authority_received"), Fee: in.date("manifestly_excessive_fee_paid"),
		Notice: in.date("extension_notice_by"),
	}
	needed, askedNeeded := in.dateOrBool("id_reasonably_requested")
	unneeded, askedUnneeded := in.dateOrBool("id_requested_unreasonably")
	switch {
	case unneeded:
		r.ID, r.IDAsked = rights.NotNeeded, askedUnneeded
	case needed:
		r.ID, r.IDAsked = rights.Needed, askedNeeded
	case in.has("id_reasonably_requested"): // false
		r.ID = rights.NotNeeded
	}
	extended, agreed := in.dateOrBool("extended")
	r.Extended = extended || !in.has("extended") && !r.Notice.IsZero()
	if r.Notice.IsZero() {
		r.Notice = agreed
	}
	pause := rights.Pause{Asked: in.date("clarification_asked"), Answered: in.date("clarification_received")}
	if pause != (rights.Pause{}) {
		r.Clarifications = []rights.Pause{pause}
	}
	return r
}

func sarDue(in *inputs) (dueAnswer, error) {
	r := request(in)
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	due, err := in.books.clocks.Access(r)
	return dated(due), err
}

func noticeDue(in *inputs) (dueAnswer, error) {
	r := request(in)
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	due, err := in.books.clocks.ExtensionNotice(r)
	return dated(due), err
}

func schoolDue(in *inputs) (dueAnswer, error) {
	r := rights.SchoolRequest{Written: in.date("written_request"), Closed: in.dates("school_closed"), Nation: in.nation(calendar.EnglandWales)}
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	due, err := in.books.clocks.EducationRecord(r)
	return dated(due), err
}

func complaintDue(in *inputs) (dueAnswer, error) {
	received, nation := in.date("received"), in.nation("")
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	due, err := in.books.clocks.ComplaintAcknowledgement(received, nation)
	return dated(due), err
}

func pensionDue(in *inputs) (dueAnswer, error) {
	dob, sex := in.date("dob"), in.text("sex")
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	due, err := retention.DefaultPensions().Age(dob, sex)
	return dated(due), err
}

func reviewDue(in *inputs) (dueAnswer, error) {
	last, years := in.date("last_review"), in.number("interval_years")
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	due, err := governance.Default().Next(last, years, in.today)
	return dated(due), err
}

func limitDue(in *inputs) (dueAnswer, error) {
	kind, nation := in.text("kind"), in.nation(calendar.EnglandWales)
	happened := calendar.Latest(in.date("injured"), in.date("accrued"))
	dob := in.date("dob")
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	due, err := retention.DefaultLimits().Until(kind, nation, happened, dob)
	return dated(due), err
}

func retentionDue(in *inputs) (dueAnswer, error) {
	schedule := in.books.schedule
	known := retention.Inputs{Dates: map[string][]calendar.Date{}, Sex: in.text("sex"), Base: in.text("base"),
		ExtraYears: in.number("consent_extra_years"), Holds: in.texts("holds"), Today: in.today}
	for _, trigger := range schedule.Triggers() {
		if list := in.dates(trigger); len(list) > 0 {
			known.Dates[trigger] = list
		}
	}
	rule := in.text("rule")
	if len(in.problems) > 0 {
		return dueAnswer{}, nil
	}
	res, err := schedule.Compute(rule, known)
	if err != nil {
		return dueAnswer{}, err
	}
	answer := dated(res.Due)
	if res.Rule.Kind == retention.Permanent {
		answer.Date = permanent
	}
	return answer, nil
}

func retentionInputs(s *retention.Schedule) []string {
	return append(s.Triggers(), "rule", "sex", "base", "consent_extra_years", "holds")
}
