package breach_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"shareright/bot"
)

// asking is a command that shows what the digest and the trustees' page would read.
var asking = bot.Feature{Name: "asking", Commands: []bot.Command{{Name: "todo", Run: func(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	doings, err := t.Doings(ctx)
	if err != nil {
		return bot.Outcome{}, err
	}
	m := bot.Say("todo")
	for _, d := range doings {
		if d.For(t, t.By.ID) {
			m.Add(bot.Para, fmt.Sprintf("%s by %s, law %v", d.Text, d.Due, d.Statutory))
		}
	}
	figures, err := t.Figures(ctx, bot.Span{From: t.Today().AddDays(-1), To: t.Today()})
	for _, f := range figures {
		m.Add(bot.Para, fmt.Sprintf("%s %d of %d", f.Label, f.Count, f.Of))
	}
	return bot.Outcome{Reply: m}, err
}}}}

func TestTheDigestHasOpenClocksAndNobodyReadsOfAReportAboutThem(t *testing.T) {
	w := &workspace{came: map[string][]string{}}
	_, do := at(t, w, "", asking)
	first := report(t, do)
	about := reportAbout(t, do, "dp-lead")
	for user, want := range map[string][]string{"sam": {string(first)}, "tess": {string(about)}, "dee": {}, "jo": {}} {
		text := do(user, bot.Ran{Command: "todo"}).Reply.Plain()
		for _, ref := range []bot.Ref{first, about} {
			wanted := len(want) == 1 && want[0] == string(ref)
			if strings.Contains(text, string(ref)) != wanted {
				t.Errorf("%s reads of %s: %v\n%s", user, ref, !wanted, text)
			}
		}
		if !strings.Contains(text, "Breaches reported 1 of 0") {
			t.Errorf("the figures for %s count a report about somebody in charge:\n%s", user, text)
		}
	}
	if text := do("sam", bot.Ran{Command: "todo"}).Reply.Plain(); !strings.Contains(text, "by 2026-11-26, law true") {
		t.Errorf("the clock is not shown:\n%s", text)
	}
}

func reportAbout(t *testing.T, do func(string, bot.Deed) bot.Response, role string) bot.Ref {
	t.Helper()
	r := do("kim", bot.Ran{Command: "breach"})
	for !r.Done {
		r = do("kim", bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: map[string][]string{"cause": {"wrong_access"}, "about": {role}}})
	}
	_, ref, _ := strings.Cut(strings.TrimSuffix(r.Reply.Title, "."), "Reported as ")
	return bot.Ref(ref)
}
