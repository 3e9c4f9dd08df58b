// Package lists is the way of a list through the chat: it is pasted into a form, read by
// the feature it belongs to, and, where rows are bad, kept for a day until somebody mends
// it or takes the good rows. With bad rows nothing is changed by itself.
//
// What the cells mean belongs to the feature, how a list is cut into cells to
// knowledge/table, and lists in files to the command line.
package lists

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/table"
)

// shown is how many bad rows are named at once.
const shown = 20

// List is one kind of list that a feature takes.
type List struct {
	ID      string // of the form and of the button that opens it, such as "training.list"
	Title   string
	Columns string // what the first row says, as a hint
	Why     string
	Who     []bot.Role // who may paste one
	// Read is the feature's intake. A list that cannot be read as a whole is an error of
	// the kind Unreadable; rows that cannot are counted, and named in the reply.
	Read func(ctx context.Context, t bot.Turn, text string, keepGood bool) (o bot.Outcome, bad int, err error)
}

// Unreadable wraps what is wrong with a list as a whole, in words for whoever pasted it.
func Unreadable(err error) error { return &unreadable{err} }

type unreadable struct{ error }

// pasting is what the form fills in. It is stored while the form is open: never renamed.
type pasting struct {
	List string `json:"list"`
}

// Form is where the list is pasted.
func (l List) Form() bot.Dialogue { return l.form() }

func (l List) form() bot.Form[pasting] {
	return bot.Form[pasting]{ID: l.ID, Title: l.Title, Submit: "Read the list", Quick: true,
		Pages: []bot.Page[pasting]{{ID: "list", Fields: []bot.Field[pasting]{
			bot.AskStory("list", "Paste the list", func(p *pasting) *string { return &p.List }).Shown().Hint(l.Columns).Why(l.Why),
		}}},
		Done: func(ctx context.Context, t bot.Turn, p pasting) (bot.Outcome, error) { return l.pasted(ctx, t, p.List) }}
}

// Actions open the form, empty or with the list that has rows to mend, and take the good rows.
func (l List) Actions() []bot.Action {
	return []bot.Action{{ID: l.ID, Who: l.Who, Do: l.open}, {ID: l.good(), Who: l.Who, Do: l.takeGood}}
}

func (l List) good() string { return l.ID + "-good" }

func (l List) open(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	old, err := bot.Load[bot.Pasted](ctx, t, ref)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	return bot.Outcome{Ask: l.form().Begin(pasting{List: old.Text})}, nil
}

// pasted reads a list. One with bad rows changes nothing and waits until somebody decides.
func (l List) pasted(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if !t.By.Has(l.Who...) {
		return t.Reply("bot.wrong-role-command", "role", t.Called(l.Who...)), nil
	}
	o, bad, err := l.Read(ctx, t, text, false)
	whole, isWhole := errors.AsType[*unreadable](err)
	switch {
	case isWhole:
		o.Reply = bot.Say(whole.Error())
	case err != nil || bad == 0:
		return o, err
	}
	ref := t.NewSecret()
	o.Save = map[bot.Ref]bot.Record{ref: bot.Pasted{Text: text, Set: t.Now}}
	if !isWhole {
		o.Reply.With(bot.Button{Action: l.good(), Label: t.Say("lists.button-good"), Ref: ref})
	}
	o.Reply.With(bot.Button{Action: l.ID, Label: t.Say("lists.button-mend"), Ref: ref})
	return o, nil
}

// takeGood takes the good rows of a list that waits.
func (l List) takeGood(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	waits, err := bot.Load[bot.Pasted](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return t.Reply("lists.gone"), nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	o, _, err := l.Read(ctx, t, waits.Text, true)
	o.Erase = append(o.Erase, bot.Erased{Kind: waits.RecordKind(), Ref: ref})
	return o, err
}

// Halted is the answer where rows are bad and the good ones were not asked for, or there
// are none. Nothing is changed then. It reports false when the good rows are to be taken.
func Halted(t bot.Turn, problems []table.Problem, keepGood bool, good int) (bot.Outcome, bool) {
	if len(problems) == 0 || keepGood && good > 0 {
		return bot.Outcome{}, false
	}
	m := bot.Say(t.Say("lists.rows-bad", "n", strconv.Itoa(len(problems)), "good", strconv.Itoa(good)))
	return bot.Outcome{Reply: m.List(bot.Bullets, reasons(t, problems)...)}, true
}

// NameLeftOut adds to a reply which rows were left out, and why.
func NameLeftOut(t bot.Turn, m *bot.Message, problems []table.Problem) {
	if m == nil || len(problems) == 0 {
		return
	}
	m.Add(bot.Para, t.Say("lists.rows-left", "n", strconv.Itoa(len(problems)))).List(bot.Bullets, reasons(t, problems)...)
}

func reasons(t bot.Turn, problems []table.Problem) []string {
	ordered := slices.SortedStableFunc(slices.Values(problems), func(a, b table.Problem) int { return a.Row - b.Row })
	var lines []string
	for _, p := range ordered[:min(shown, len(ordered))] {
		lines = append(lines, p.Text)
	}
	if more := len(ordered) - shown; more > 0 {
		lines = append(lines, t.Say("lists.more", "n", strconv.Itoa(more)))
	}
	return lines
}
