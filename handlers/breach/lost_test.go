package breach

import (
	"slices"
	"testing"
	"time"

	"shareright/bot"
)

func TestWhichJobsARunningClockOughtToHave(t *testing.T) {
	aware := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	told := func(hours int) *int { return &hours }
	for name, c := range map[string]struct {
		b    Breach
		at   time.Duration // after awareness
		want []string
	}{
		"at the start": {Breach{Reported: aware}, time.Minute, []string{"", "0h", "12h", "1h", "24h", "48h", "4h"}},
		"a milestone has passed and nobody was told": {Breach{Reported: aware, Warned: told(48)}, 49 * time.Hour, []string{"", "0h", "12h", "1h", "24h now", "4h"}},
		"a milestone has passed and was told":        {Breach{Reported: aware, Warned: told(24)}, 49 * time.Hour, []string{"", "0h", "12h", "1h", "4h"}},
		"it had passed before the report":            {Breach{Reported: aware.Add(49 * time.Hour)}, 50 * time.Hour, []string{"", "0h", "12h", "1h", "4h"}},
		"it is over, and nobody was told":            {Breach{Reported: aware}, 80 * time.Hour, []string{"", "0h now"}},
		"it was over before the report":              {Breach{Reported: aware.Add(75 * time.Hour)}, 76 * time.Hour, []string{"", "0h now"}},
		"it is over, and was told":                   {Breach{Reported: aware, Warned: told(0)}, 80 * time.Hour, []string{""}},
	} {
		c.b.Aware = aware
		now := aware.Add(c.at)
		var got []string
		for _, job := range c.b.pending("BR-7K3Q", bot.Turn{Now: now}) {
			name := ""
			if job.Kind == milestone {
				name = job.Name[len("BR-7K3Q/"):]
				if !job.Due.After(now) {
					name += " now"
				}
			}
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
