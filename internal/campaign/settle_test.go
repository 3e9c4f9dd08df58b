//go:build failpoint

package campaign

import (
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

const (
	// limit is how long after a start everything statutory that was missed may take to be told (I7).
	limit = 60 * time.Second
	// ends is how long people may take to finish what they are at, with nobody dying any more.
	ends = 3 * time.Minute
	// stops is how long the program may take to stop when it is asked to (A33).
	stops = 10 * time.Second
)

// settle is the last life of a round: what was missed is told before anybody does anything new,
// people finish, and the program stops cleanly. Every fifth round waits for the leases of the
// dead; in the others their time has passed while nobody lived.
func (r *round) settle(crowd *sync.WaitGroup) (j judgment) {
	r.t.Helper()
	if r.roll(5) > 0 {
		r.ahead += 31 * time.Second
	}
	l := r.start(0)
	r.tally.longest(0, r.told(l.began, &j))
	r.isUp(true)
	finished := make(chan struct{})
	go func() { crowd.Wait(); close(finished) }()
	r.close(r.closing)
	select {
	case <-finished:
	case <-l.over:
		r.t.Fatalf("the program died by itself:\n%s", tail(r.log()))
	case <-time.After(ends):
		j.wrong("I2", "people came to no end, though nobody dies any more")
	}
	r.close(r.done)
	<-finished
	r.told(time.Now(), &j)
	_ = l.cmd.Process.Signal(syscall.SIGTERM) // that it is gone shows next
	select {
	case <-l.over:
		if l.end != nil {
			j.wrong("I1", "the program did not stop cleanly: %v", l.end)
		}
	case <-time.After(stops):
		j.wrong("I1", "the program does not stop within %v", stops)
		l.kill()
	}
	return j
}

// told waits until nothing that must be told is due any more, and returns how long that took since
// a moment. A message that nobody has yet counts whenever it is tried again.
func (r *round) told(since time.Time, j *judgment) time.Duration {
	for {
		s, err := r.scene(true)
		if err != nil {
			r.t.Fatalf("look at the running database: %v", err)
		}
		var due []string
		for _, job := range s.jobs {
			untold := job.Kind == "deliver" && len(s.posts[job.Name].Sent) == 0
			urgent := job.Class.Lane() <= scheduler.Escalation.Lane() || job.Kind == aheadJob
			if urgent && (untold || !job.Due.After(s.now)) {
				due = append(due, fmt.Sprintf("%s/%s, try %d", job.Kind, job.Name, job.Try))
			}
		}
		took := time.Since(since)
		switch {
		case len(due) == 0:
			return took
		case took > limit:
			j.wrong("I7", "not told after %v: %q", took.Round(time.Second), due)
			return took
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// arrivals compares the messages that came with the ledger and with what the engine says that it has sent.
func (r *round) arrivals(s scene) (j judgment) {
	in := r.inSlack(&j)
	for channel, texts := range r.inDiscord(&j, s) {
		in[channel] = texts
	}
	reports, questions, _ := r.book.copied()
	refs := map[int]bot.Ref{}
	for ref, b := range s.cases {
		refs[*b.People] = ref
	}
	card := "D" + lead[1:]
	switch {
	case r.channel:
		card = "C0ALERTS"
	case r.deaf:
		card = discordtest.DM("800")
	}
	expected := map[string]bool{card: true, "D" + lead[1:]: true, "D0TRUSTEE": true, "D0SAFE": true, discordtest.DM("800"): true}
	for n, rep := range reports {
		own := "D" + rep.User[1:]
		if rep.Platform == "discord" {
			own = discordtest.DM(rep.User)
		}
		expected[own] = true
		if ref := refs[n]; rep.Acked && (!some(in[own], string(ref)) || !some(in[card], string(ref))) {
			j.wrong("I1", "report %d of %s is stored as %s, and its receipt or its card never came", n, rep.User, ref)
		}
	}
	for user, acked := range questions {
		own := "D" + user[1:]
		expected[own] = true
		if acked && len(in[own]) == 0 {
			j.wrong("I1", "the question of %s was acknowledged and never answered", user)
		}
	}
	for channel := range in {
		if !expected[channel] {
			j.wrong("I10", "a message went to %s, where none belongs: %q", channel, in[channel][0])
		}
	}
	for channel, texts := range r.spoke {
		if !expected[channel] {
			j.wrong("I10", "Slack posted by itself to %s, where nothing belongs: %q", channel, texts[0])
		}
	}
	r.sentAndThere(&j, s)
	letters := r.mail.Letters()
	r.tally.came(s.judgeMail(&j, letters, r.book, r.deaf), "repeats by e-mail, marked by the Message-ID")
	r.tally.came(len(letters), "e-mails")
	return j
}

func some(texts []string, part string) bool {
	for _, text := range texts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// inSlack lists the messages by channel. One key may come once; again only where it says so.
func (r *round) inSlack(j *judgment) map[string][]string {
	in, came := map[string][]string{}, map[string]int{}
	repeat := words.Say("en", "bot.repeat")
	for _, c := range r.slack.Calls("chat.postMessage") {
		if c.Error != "" {
			continue
		}
		channel, _ := c.Args["channel"].(string)
		text, _ := c.Args["text"].(string)
		meta, _ := c.Args["metadata"].(map[string]any)
		payload, _ := meta["event_payload"].(map[string]any)
		once, _ := payload["once"].(string)
		in[channel] = append(in[channel], text)
		switch marked := strings.Contains(text, repeat); {
		case once == "":
		case marked && strings.HasPrefix(channel, "C"):
			r.tally.came(1, "repeats in a Slack channel, marked")
		case marked:
			r.tally.came(1, "repeats in a Slack direct message, marked")
		default:
			if came[once]++; came[once] > 1 {
				j.wrong("I3", "a message came twice to %s and does not say so: %q", channel, text)
			}
		}
	}
	return in
}

// inDiscord lists the messages by channel.
func (r *round) inDiscord(j *judgment, s scene) map[string][]string {
	in := map[string][]string{}
	channels := map[string]bool{discordtest.DM("800"): true}
	for _, b := range s.cases {
		if user, ok := strings.CutPrefix(string(b.By), "discord:"); ok {
			channels[discordtest.DM(user)] = true
		}
	}
	repeat := words.Say("en", "bot.repeat")
	for channel := range channels {
		seen, most := map[string]int{}, 1
		if r.deaf { // the deputy hears for themselves and for the lead
			most = 2
		}
		for _, m := range r.discord.Messages(channel) {
			text, _ := m["content"].(string)
			key := fmt.Sprint(text, m["message_reference"]) // the same words may stand under two cards
			switch {
			case m["only"] != nil:
			case strings.Contains(text, repeat):
				r.tally.came(1, "repeats in Discord, marked")
			case m["message_reference"] == nil && !strings.Contains(text, "BR-"):
				r.tally.came(1, "lines in Discord that came before their card") // which case they are about is not to be seen
			case seen[key] >= most && !strings.Contains(text, "chase"):
				j.wrong("I3", "a message came twice to %s and does not say so: %q", channel, text)
			}
			seen[key]++
			in[channel] = append(in[channel], text)
		}
	}
	return in
}

// sentAndThere looks for each message that the engine says it has sent, and for posts that it
// has finished and sent to nobody.
func (r *round) sentAndThere(j *judgment, s scene) {
	waiting := s.undelivered()
	there := map[string]bool{}
	for key, p := range s.posts {
		if len(p.Sent) == 0 && !waiting[key] {
			j.wrong("I1", "the post %s is finished and went to nobody", key)
		}
		for _, sent := range p.Sent {
			channel, id, ok := strings.Cut(string(sent.ID), ":")
			if !ok {
				continue
			}
			if sent.At.Platform == "discord" {
				if !there[channel] {
					there[channel] = true
					for _, m := range r.discord.Messages(channel) {
						there[channel+":"+m["id"].(string)] = true
					}
				}
				ok = there[string(sent.ID)]
			} else {
				ok = r.slack.Holds(channel, id)
			}
			if !ok {
				j.wrong("I1", "the post %s counts as sent to %s, and is not there", key, channel)
			}
		}
	}
}
