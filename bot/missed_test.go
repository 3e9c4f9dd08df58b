package bot_test

import (
	"context"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// errand is a feature with one timer, which tells the lead whenever its job is run.
func errand(class scheduler.Class) bot.Feature {
	return bot.Feature{Name: "errand",
		Commands: []bot.Command{{Name: "later", Help: "Put a job for tomorrow", Run: func(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
			return bot.Outcome{Reply: bot.Say("Put."), Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: "errand.run", Name: "one"}, Due: t.Now.Add(24 * time.Hour), Class: class}}}, nil
		}}},
		Timers: []bot.Timer{{Kind: "errand.run", Do: func(_ context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
			return bot.Outcome{Posts: []bot.Post{{Key: "errand", To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *bot.Say("Run at " + t.Now.Format("Mon 15:04"))}}}, nil
		}}}}
}

// What was due while the program was down, and is not urgent: a card that is redrawn late helps
// nobody, and the list of the day before yesterday is in the next one. The law’s dates are never dropped.
func TestWhatIsDroppedWhenItIsLate(t *testing.T) {
	for name, tc := range map[string]struct {
		class scheduler.Class
		late  time.Duration
		told  string // at once, or at the next morning of reminders; empty: dropped
	}{
		"a card in time":                 {scheduler.Cosmetic, bot.Late, "Run at Tue 10:10"},
		"a card that is late":            {scheduler.Cosmetic, bot.Late + time.Second, ""},
		"a list in time":                 {scheduler.Digest, bot.Late, "Run at Tue 10:10"},
		"a list a day late":              {scheduler.Digest, 24 * time.Hour, "Run at Wed 10:00"},
		"a list more than a day late":    {scheduler.Digest, 24*time.Hour + time.Second, ""},
		"a reminder, found at night":     {scheduler.Routine, 36 * time.Hour, "Run at Thu 09:00"},
		"a date of the law, a week late": {scheduler.Statutory, 7 * 24 * time.Hour, "Run at Tue 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, errand(tc.class))
			w.now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) // a Monday; in winter London has this time
			w.do("jo", bot.Ran{Command: "later"})
			w.now = w.now.Add(24*time.Hour + tc.late)
			w.runDue()
			w.wait(30 * time.Hour)
			got := w.desk.to("sam")
			if len(got) > 1 || len(got) == 1 && got[0] != tc.told || len(got) == 0 && tc.told != "" {
				t.Errorf("told %q, want %q", got, tc.told)
			}
			if _, some, err := w.store.NextJob(t.Context()); err != nil || some {
				t.Errorf("a job is left: %v, %v", some, err)
			}
		})
	}
}
