//go:build failpoint

package campaign

import (
	"encoding/json"
	"time"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

const (
	aheadRow = "ahead"     // of a message that a platform keeps for later
	aheadJob = "bot.ahead" // has them brought in line with the clocks of a record
	// grace is how long after its own moment the program's silence counts as a failure.
	grace = 10 * time.Minute
	// soonest is how much earlier Slack must have a message.
	soonest = 2 * time.Minute
)

// held is a message for later, as the engine keeps it.
type held struct {
	ID bot.MessageID
	At time.Time

	clock string // its job, by kind and name
}

// readHeld reads what the engine knows to lie ready, by record.
func readHeld(rows []bot.Row) (map[bot.Ref][]held, error) {
	all := map[bot.Ref][]held{}
	for _, row := range rows {
		h := held{clock: row.Ref}
		if err := json.Unmarshal(row.Body, &h); err != nil {
			return nil, err
		}
		all[bot.Ref(row.State)] = append(all[bot.Ref(row.State)], h)
	}
	return all, nil
}

// judgeKept compares what Slack keeps for later with the clocks. Where no look at a record is
// outstanding, one message lies ready for each moment still to come, and no other. posted is
// what Slack has posted by itself. settled says that the program has looked for orphans since the last death.
func (s scene) judgeKept(j *judgment, kept []slacktest.Kept, posted map[bot.MessageID]bool, settled bool) {
	there := map[bot.MessageID]bool{}
	for _, k := range kept {
		there[inChannel(k)] = true
	}
	looks := map[bot.Ref]bool{}
	for _, job := range s.jobs {
		looks[bot.Ref(job.Name)] = looks[bot.Ref(job.Name)] || job.Kind == aheadJob
	}
	known := map[bot.MessageID]bool{}
	for ref := range s.cases {
		wants := s.moments(ref)
		for _, h := range s.held[ref] {
			at, wanted := wants[h.clock]
			delete(wants, h.clock)
			known[h.ID] = true
			switch {
			case looks[ref]:
			case !wanted || !at.Equal(h.At):
				j.wrong("I3", "for %s a message lies ready at %v that no clock wants", ref, h.At)
			case h.ID == "":
				j.wrong("I3", "nobody looks any more whether a message for %s was left with Slack", ref)
			case !there[h.ID] && !posted[h.ID]:
				j.wrong("I3", "a message for %s at %v counts as left with Slack, and is not there", ref, h.At)
			}
		}
		for clock, at := range wants {
			if !looks[ref] && at.After(s.now.Add(soonest)) {
				j.wrong("I3", "for %s no message lies ready at %v, for %s", ref, at, clock)
			}
		}
	}
	for _, k := range kept {
		if settled && !known[inChannel(k)] {
			j.wrong("I2", "Slack keeps a message that nobody knows of, for %v: %q", k.At, k.Text)
		}
	}
}

// moments are those at which a message should lie ready, by the clock's job.
func (s scene) moments(ref bot.Ref) map[string]time.Time {
	all := map[string]time.Time{}
	for _, job := range s.jobs {
		if job.Kind == "breach.milestone" && job.About == string(ref) {
			all[job.Kind+"/"+job.Name] = job.Due.Add(grace).Truncate(time.Second)
		}
	}
	return all
}

func inChannel(k slacktest.Kept) bot.MessageID { return bot.MessageID(k.Channel + ":" + k.ID) }
