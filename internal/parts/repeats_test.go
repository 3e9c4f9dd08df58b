package parts

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/discord/discordtest"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/config"
	"shareright/internal/program"
	"shareright/internal/racing"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

// How many messages go out in a flood, of all classes alike; SHARERIGHT_TEST_POSTS makes it
// another number. Every other one goes to a person, of half a crowd.
const (
	posts = 1500
	crowd = 500
)

var classes = []scheduler.Class{scheduler.Statutory, scheduler.Escalation, scheduler.Routine, scheduler.Digest, scheduler.Cosmetic}

// kind is a class of messages, to the channel or to a person.
type kind struct {
	class  scheduler.Class
	direct bool
}

func kindOf(n int) kind { return kind{classes[n%len(classes)], n/len(classes)%2 == 1} }

// fate is what became of a message.
type fate struct{ faults, times, marked int }

// Slack stores a message, and the connection breaks before it says so: so it goes with one
// post in twenty, and with one in twenty of those that are sent again. What must arrive is
// there, at most once more for each such fault, and the repeat says that it is one. In a
// direct message the bot sees that it is there; what only looks nice is not sent again.
func TestWhatSlackStoredAndDidNotConfirmIsNeitherLostNorDoubled(t *testing.T) {
	fates := flood(t, slack.Name, "C0LEADS", func(w *flooding) bot.Platform {
		fake := slacktest.Near(t)
		fake.Whim = func(c slacktest.Call) (slacktest.Fault, bool) {
			if c.Method != "chat.postMessage" || !w.stored(c.Args["text"], 0.05) {
				return slacktest.Fault{}, false
			}
			return slacktest.Fault{Commit: true, Drop: true}, true
		}
		p, err := slack.New(slack.Config{BotToken: slacktest.BotToken, SigningSecret: "example", Transport: slack.HTTP, APIURL: fake.URL(), Client: fake.Client(), Log: quietLog})
		w.look = func() {
			for _, c := range fake.Calls("chat.postMessage") {
				w.there(c.Args["text"])
			}
		}
		return w.must(p, err)
	})
	for n, f := range fates {
		most := 1
		if k := kindOf(n); !k.direct && k.class != scheduler.Cosmetic {
			most += f.faults
		}
		if f.times == 0 || f.times > most || f.marked != f.times-1 {
			t.Errorf("message %d (%+v): %d faults, there %d times, %d of them marked", n, kindOf(n), f.faults, f.times, f.marked)
		}
	}
}

// Discord knows a post again by its key, within two minutes: then no message is there twice.
func TestWhatDiscordStoredAndDidNotConfirmIsThereOnce(t *testing.T) {
	fates := flood(t, discord.Name, discordtest.Channel, func(w *flooding) bot.Platform {
		fake := discordtest.Near(t)
		fake.Whim = func(c discordtest.Call) (discordtest.Fault, bool) {
			if c.What != "post" || !w.stored(c.Body["content"], 0.1) {
				return discordtest.Fault{}, false
			}
			return discordtest.Fault{Commit: true, Drop: true}, true
		}
		p, err := discord.New(discord.Config{Token: discordtest.Token, GuildID: discordtest.Guild, ApplicationID: discordtest.App, APIURL: fake.URL(), Client: fake.Client(), Log: quietLog})
		w.look = func() {
			for _, m := range fake.All() {
				w.there(m["content"])
			}
		}
		return w.must(p, err)
	})
	for n, f := range fates {
		if f.times != 1 || f.marked > 0 {
			t.Errorf("message %d (%+v): %d faults, there %d times, %d of them marked", n, kindOf(n), f.faults, f.times, f.marked)
		}
	}
}

// flooding is a flood of messages on one platform.
type flooding struct {
	*testing.T
	chance *rand.Rand
	fates  []fate
	look   func() // reads what stands there in the end
}

func (w *flooding) must(p bot.Platform, err error) bot.Platform {
	if err != nil {
		w.Fatal(err)
	}
	return p
}

var numbered = regexp.MustCompile(`message (\d+)`)

// of is the fate of the message with this text.
func (w *flooding) of(text any) *fate {
	found := numbered.FindStringSubmatch(fmt.Sprint(text))
	if found == nil {
		w.Errorf("posted %v", text)
		return &fate{}
	}
	n, _ := strconv.Atoi(found[1])
	return &w.fates[n]
}

// stored says whether a post is stored and not confirmed, by chance.
func (w *flooding) stored(text any, chance float64) bool {
	drops := w.chance.Float64() < chance
	if drops {
		w.of(text).faults++
	}
	return drops
}

// there counts a message that stands somewhere.
func (w *flooding) there(text any) {
	f := w.of(text)
	if f.times++; strings.Contains(fmt.Sprint(text), words.Say("en", "bot.repeat")) {
		f.marked++
	}
}

// flood posts all messages through the engine's own queue, and returns what became of each.
func flood(t *testing.T, platform, channel string, attach func(*flooding) bot.Platform) []fate {
	if racing.On {
		t.Skip("one message after the other: go test without -race")
	}
	many := posts
	if n, err := strconv.Atoi(os.Getenv("SHARERIGHT_TEST_POSTS")); err == nil {
		many = n
	}
	w := &flooding{T: t, chance: rand.New(rand.NewPCG(10, 9)), fates: make([]fate, many)}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)))
		c := config.Default()
		c.Data = inMemory(t)
		c.Organisations[0].Escalation = config.Contact{Platform: platform, ID: channel}
		c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: platform, ID: "900"}}}
		p, err := program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{flooder(platform, len(w.fates))}, Emergency: All().Emergency}, program.Options{Log: quietLog})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		p.Bot.Attach(attach(w))
		if _, err := p.Bot.Handle(t.Context(), bot.Event{Platform: platform, User: reporter, What: bot.Ran{Command: "flood"}}); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- p.Runner.Run(ctx) }()
		for waits, began := true, time.Now(); waits && time.Since(began) < time.Hour; time.Sleep(time.Second) {
			if _, waits, err = p.Store.NextJob(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		<-over
		w.look()
	})
	w.tell()
	return w.fates
}

// flooder is a feature whose command posts them all at once.
func flooder(platform string, posts int) bot.Feature {
	return bot.Feature{Name: "flood", Commands: []bot.Command{{Name: "flood", Help: "Post", Run: func(context.Context, bot.Turn, string) (bot.Outcome, error) {
		var o bot.Outcome
		for n := range posts {
			k, to := kindOf(n), bot.ToRole(bot.DPLead)
			if k.direct {
				to = bot.ToPerson(bot.PersonID(fmt.Sprint(platform, ":", 1000+n%crowd)))
			}
			o.Posts = append(o.Posts, bot.Post{Key: fmt.Sprint("flood/", n), To: to, Class: k.class, Message: *bot.Say(fmt.Sprint("message ", n))})
		}
		return o, nil
	}}}}
}

// tell logs what became of each kind, and fails where too few faults came to say anything.
func (w *flooding) tell() {
	sums := map[kind]*[5]int{}
	faults := 0
	for n, f := range w.fates {
		s := sums[kindOf(n)]
		if s == nil {
			s = new([5]int)
			sums[kindOf(n)] = s
		}
		faults += f.faults
		for i, add := range []int{1, f.faults, min(1, max(0, 1-f.times)), max(0, f.times-1), f.marked} {
			s[i] += add
		}
	}
	for _, class := range classes {
		for _, direct := range []bool{false, true} {
			s := sums[kind{class, direct}]
			w.Logf("%-10s direct %-5v: %d messages, %d faults, %d lost, %d repeats, %d of them marked", class, direct, s[0], s[1], s[2], s[3], s[4])
		}
	}
	if faults < len(w.fates)/50 {
		w.Errorf("only %d faults: that says nothing", faults)
	}
}
