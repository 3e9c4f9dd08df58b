package bot_test

import (
	"context"
	"strings"
	"testing"

	"shareright/bot"
)

// listed is a feature whose commands stand below "dp", one of them for the lead.
func listed() bot.Feature {
	run := func(context.Context, bot.Turn, string) (bot.Outcome, error) { return bot.Outcome{}, nil }
	return bot.Feature{Name: "listed", Commands: []bot.Command{
		{Under: "dp", Name: "files", Help: "See the files", Run: run,
			Suggest: func(_ context.Context, _ bot.Turn, typed string) ([]bot.Option, error) {
				var found []bot.Option
				for i := range 30 {
					found = append(found, bot.Option{Value: strings.Repeat("x", i+1), Label: typed})
				}
				return found, nil
			}},
		{Under: "dp", Name: "shred", Help: "Destroy a file", Who: []bot.Role{bot.DPLead}, Run: run,
			Suggest: func(context.Context, bot.Turn, string) ([]bot.Option, error) {
				return []bot.Option{{Value: "F-118", Label: "F-118"}}, nil
			}},
	}}
}

func TestWhatComesNextIsSuggestedByRole(t *testing.T) {
	w := newWorld(t, listed())
	names := func(r bot.Response) string {
		var all []string
		for _, c := range r.Choices {
			all = append(all, c.Value)
		}
		return strings.Join(all, " ")
	}
	for _, c := range []struct{ what, user, text, want string }{
		{"everybody sees the commands for everybody", "jo", "", "files"},
		{"the lead sees all", "sam", "", "files shred"},
		{"what was typed narrows it", "sam", "destr", "shred"},
		{"a command suggests what follows it", "sam", "shred ", "F-118"},
		{"what is for the lead suggests nothing to others", "jo", "shred ", ""},
	} {
		if got := names(w.do(c.user, bot.Typing{Command: "dp", Text: c.text})); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if got := w.do("jo", bot.Typing{Command: "dp files", Text: "a"}).Choices; len(got) != 25 || got[0].Label != "a" {
		t.Errorf("%d suggestions, the first %+v", len(got), got[0])
	}
}

func TestBackWithNothingSentKeepsWhatIsThere(t *testing.T) {
	w := newWorld(t, toy())
	two := w.answer("jo", w.do("jo", bot.Ran{Command: "lost"}), map[string][]string{"what": {"paper"}, "story": {"in the park"}})
	back := w.do("jo", bot.Submitted{Session: two.Show.Session, Seq: two.Show.Seq, Go: bot.Go{Back: true}})
	still := w.do("jo", bot.Submitted{Session: back.Show.Session, Seq: back.Show.Seq, Go: bot.Go{Back: true}})
	if got := still.Show.Fields[1].Value; len(got) != 1 || got[0] != "in the park" {
		t.Errorf("the story is %q", got)
	}
}

func TestAConfidedQuestionMustBeOptional(t *testing.T) {
	form := bot.Form[lost]{ID: "c", Title: "C", Done: func(context.Context, bot.Turn, lost) (bot.Outcome, error) { return bot.Outcome{}, nil },
		Pages: []bot.Page[lost]{{ID: "one", Fields: []bot.Field[lost]{bot.AskStory("story", "What worries you?", func(l *lost) *string { return &l.Story }).Confided()}}}}
	_, err := bot.New(nil, nil, []bot.Feature{{Name: "c", Forms: []bot.Dialogue{form}}}, bot.Options{})
	if err == nil || !strings.Contains(err.Error(), "make it optional") {
		t.Errorf("told %v", err)
	}
}
