package retention

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/handlers/lists"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
	"shareright/knowledge/table"
)

// importLedger reads files and what they count from: file, kind, where, owner, and a
// column for each date, or one named "counted from". A bad list as a whole is an error
// that says what to change.
func (h handler) importLedger(ctx context.Context, t bot.Turn, text string, keepGood bool) (bot.Outcome, int, error) {
	rows, problems, err := table.Read(text, h.columns())
	if err != nil {
		return bot.Outcome{}, 0, lists.Unreadable(err)
	}
	found, err := bot.Find[Review](ctx, t, bot.Query{Limit: everything})
	if err != nil {
		return bot.Outcome{}, 0, err
	}
	members, err := bot.Members(ctx, t)
	if err != nil {
		return bot.Outcome{}, 0, err
	}
	in := intake{handler: h, members: members, taken: map[string]string{}}
	for _, f := range found {
		in.taken[strings.ToLower(f.Record.File)] = string(f.Ref)
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}, Audit: []string{"retention.imported"}}
	for _, row := range rows {
		r, problem := in.review(t, row)
		if problem != "" {
			problems = append(problems, row.Wrong(problem))
			continue
		}
		ref := t.NewRef("RT")
		in.taken[strings.ToLower(r.File)] = string(ref)
		o.Save[ref] = r
		h.plan(t, ref, r, &o)
	}
	return imported(t, o, problems, keepGood), len(problems), nil
}

// imported says what was read, and what was not.
func imported(t bot.Turn, o bot.Outcome, problems []table.Problem, keepGood bool) bot.Outcome {
	good := len(o.Save)
	if stop, halted := lists.Halted(t, problems, keepGood, good); halted {
		return stop
	}
	o.Reply = bot.Say(t.Say("retention.rows-read", "n", strconv.Itoa(good)))
	lists.NameLeftOut(t, o.Reply, problems)
	return o
}

// everything is more files than a ledger has: a list is never cut short in silence.
const everything = 1_000_000

// columns are what a list may hold. An export of the ledger can be read in again.
func (h handler) columns() []table.Column {
	list := []table.Column{{Name: "file", Also: []string{"file reference", "our reference"}, Needed: true},
		{Name: "kind", Also: []string{"kind of record", "category", "rule", "type"}, Needed: true},
		{Name: "where", Also: []string{"where it is", "place"}, Needed: true}, {Name: "owner", Also: []string{"looked after by"}},
		{Name: "counted from", Also: []string{"date", "trigger date"}}, {Name: "note"}, {Name: "hold", Also: []string{"on hold for"}}, {Name: "state"}}
	for _, trigger := range h.schedule.Triggers() {
		list = append(list, table.Column{Name: trigger, Also: []string{h.schedule.Label(trigger)}})
	}
	return list
}

// intake reads the rows of one list.
type intake struct {
	handler
	members []bot.Found[bot.Member]
	taken   map[string]string // references of files, and where they stand already
}

// review makes a review of a row, or says what is wrong with it.
func (in intake) review(t bot.Turn, row table.Row) (Review, string) {
	cell := row.Cells
	rule, problem := in.kindOf(t, cell["kind"])
	if problem != "" {
		return Review{}, problem
	}
	if at, twice := in.taken[strings.ToLower(cell["file"])]; twice {
		return Review{}, t.Say("retention.row-twice", "file", cell["file"], "ref", at)
	}
	if cell["state"] == destroyed {
		return Review{}, t.Say("retention.row-destroyed")
	}
	r := Review{Rule: rule.Name, Kind: rule.Kind, Category: rule.Category, File: cell["file"], Where: cell["where"], Note: cell["note"],
		Owner: t.MeantAmong(in.members, cell["owner"]), By: t.By.ID, ByName: t.ByName(), Set: t.Now, SetOn: t.Today(), Told: t.Today()}
	if slices.ContainsFunc(in.members, func(m bot.Found[bot.Member]) bool { return m.Record.Person == r.Owner && m.Record.Gone(t.Today()) }) {
		return Review{}, t.Say("retention.row-left", "name", cell["owner"])
	}
	if r.Days, problem = in.days(t, rule, row); problem != "" {
		return Review{}, problem
	}
	if problem = in.compute(&r, t.Today()); problem != "" {
		return Review{}, problem
	}
	r.note(t, t.Say("retention.log-set"))
	if why := cell["hold"]; why != "" {
		i := slices.IndexFunc(waits(false), func(o bot.Option) bool {
			return strings.EqualFold(o.Value, why) || strings.EqualFold(o.Label, why)
		})
		if i < 0 {
			return Review{}, t.Say("retention.row-hold", "why", why)
		}
		r.Hold = &Hold{Why: waits(false)[i].Value, Since: t.Today(), ByName: t.ByName()}
		r.note(t, t.Say("retention.log-held", "why", t.Say("retention.why-"+r.Hold.Why)))
	}
	return r, ""
}

// kindOf is the rule of a name as people write it; an unknown one is told with the nearest.
func (in intake) kindOf(t bot.Turn, name string) (knowledge.Rule, string) {
	for _, rule := range in.schedule.Rules() {
		if strings.EqualFold(rule.Name, name) || strings.EqualFold(rule.Category, name) {
			return rule, ""
		}
	}
	found := in.schedule.Find(name)
	if len(found) > 0 && found[0].Score >= knowledge.Sure && found[0].Rule.Kind != knowledge.Extension {
		return found[0].Rule, ""
	}
	var near []string
	for _, match := range found[:min(3, len(found))] {
		near = append(near, "“"+match.Rule.Category+"”")
	}
	if len(near) == 0 {
		return knowledge.Rule{}, t.Say("retention.row-unknown", "kind", name)
	}
	return knowledge.Rule{}, t.Say("retention.row-near", "kind", name, "near", strings.Join(near, ", "))
}

// days reads the dates of a row: from their own columns, or as "left=2024-01-31; dob=1990-05-01".
func (in intake) days(t bot.Turn, rule knowledge.Rule, row table.Row) ([]Day, string) {
	var days []Day
	add := func(trigger, text string) string {
		for one := range strings.SplitSeq(text, ";") {
			if strings.TrimSpace(one) == "" {
				continue
			}
			on, err := calendar.ParseDate(strings.TrimSpace(one), t.Today())
			if err != nil {
				return trigger + ": " + err.Error()
			}
			days = append(days, Day{Trigger: trigger, On: on})
		}
		return ""
	}
	for _, trigger := range in.schedule.Triggers() {
		if problem := add(trigger, row.Cells[trigger]); problem != "" {
			return nil, problem
		}
	}
	text := row.Cells["counted from"]
	if !strings.Contains(text, "=") {
		if trigger := single(rule); trigger != "" && text != "" {
			return days, add(trigger, text)
		}
		return days, ""
	}
	for pair := range strings.SplitSeq(text, ";") {
		trigger, day, _ := strings.Cut(pair, "=")
		if problem := add(strings.TrimSpace(trigger), day); problem != "" {
			return nil, problem
		}
	}
	return days, ""
}

// countedFrom writes the dates of a review as days reads them.
func countedFrom(days []Day) string {
	var list []string
	for _, d := range days {
		if !d.On.IsZero() {
			list = append(list, d.Trigger+"="+d.On.String())
		}
	}
	return strings.Join(list, "; ")
}

// pasted is the ledger as somebody pastes it.
func (h handler) pasted() lists.List {
	return lists.List{ID: "retention.list", Title: "A list of files", Columns: "First row: file, kind, where, owner, counted from",
		Why: "Long lists go faster with shareright import ledger FILE.", Who: leads(), Read: h.importLedger}
}
