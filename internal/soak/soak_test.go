package soak

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/config"
	"shareright/internal/parts"
	"shareright/internal/program"
	"shareright/knowledge/words"
)

// childEnv makes the test binary the bot that gets killed: a data folder, and the address of Slack.
const childEnv = "SHARERIGHT_TEST_SOAK_CHILD"

// eventsEnv is how many events the long run has.
const eventsEnv = "SHARERIGHT_TEST_SOAK_EVENTS"

func TestMain(m *testing.M) {
	if dir, address, is := strings.Cut(os.Getenv(childEnv), "|"); is {
		if err := child(dir, address); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func settings(dir string) config.Config {
	c := config.Default()
	c.Data, c.HTTPAddr, c.MetricsAddr = dir, "127.0.0.1:0", "127.0.0.1:0"
	c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "slack", ID: "U0LEAD"}}}
	return c
}

// child is what `shareright serve` runs.
func child(dir, address string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.DiscardHandler)
	platform, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: address, Log: log})
	if err != nil {
		return err
	}
	p, err := program.Open(ctx, settings(dir), parts.All(), program.Options{Log: log})
	if err != nil {
		return err
	}
	server := &program.Server{Program: p, Platforms: []bot.Platform{platform}, Log: log}
	return errors.Join(server.Serve(ctx), p.Close())
}

// load is one run: people who do things, and a program that is killed under them.
type load struct {
	t    *testing.T
	fake *slacktest.Server
	dir  string

	mu    sync.Mutex
	cmd   *exec.Cmd
	sent  atomic.Int64
	twice struct{ events, interactions atomic.Int64 }
	acks  []time.Duration
}

func (l *load) start() {
	l.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+l.dir+"|"+l.fake.URL())
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	l.cmd = cmd
	l.mu.Unlock()
}

func (l *load) end(with os.Signal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.cmd.Process.Signal(with)
	_ = l.cmd.Wait() // killed on purpose
}

// oneIn is how many come once for each that comes twice, so that a tenth of all is repeated.
const oneIn = 9

// do sends until it is acknowledged: events as Slack does, the same once more, and the rest
// as people do, anew. A tenth of all that arrives arrived before.
func (l *load) do(event bool, send func() slacktest.Ack) slacktest.Ack {
	for {
		ack := l.deliver(send)
		if !ack.OK {
			if first := ack; event {
				send = func() slacktest.Ack { return l.fake.Again(first) }
			}
			continue
		}
		if rand.IntN(oneIn) == 0 {
			again := l.deliver(func() slacktest.Ack { return l.fake.Again(ack) })
			switch {
			case !again.OK: // a kill came between; Slack would try no more
			case event:
				l.twice.events.Add(1)
			default:
				l.twice.interactions.Add(1)
			}
		}
		return ack
	}
}

// deliver sends once. With each hundredth the next post is refused for a second.
func (l *load) deliver(send func() slacktest.Ack) slacktest.Ack {
	if n := l.sent.Add(1); n%100 == 0 {
		l.fake.Fault("chat.postMessage", slacktest.Fault{Status: 429, RetryAfter: 1})
	}
	began := time.Now()
	ack := send()
	if ack.OK {
		l.mu.Lock()
		l.acks = append(l.acks, time.Since(began))
		l.mu.Unlock()
	}
	return ack
}

// reports says whether somebody reports a breach: one in twelve, as Slack takes one message a
// second for the lead and each report has two.
func reports(n int) bool { return n%12 == 3 }

// reporters counts them among so many people.
func reporters(people int) int { return (people + 8) / 12 }

// person does one of four things.
func (l *load) person(n int) {
	user := "U0P" + strconv.Itoa(n)
	if reports(n) {
		l.report(user)
		return
	}
	switch n % 4 {
	case 0:
		l.do(true, func() slacktest.Ack {
			return l.fake.Event(map[string]any{"type": "message", "channel_type": "im", "user": user, "ts": "1.1", "channel": "D" + user[1:],
				"text": "how long do we keep volunteer files?"})
		})
	case 1:
		l.do(true, func() slacktest.Ack {
			return l.fake.Event(map[string]any{"type": "app_home_opened", "user": user, "tab": "home", "channel": "D" + user[1:]})
		})
	default:
		l.do(false, func() slacktest.Ack { return l.fake.Slash(user, "/dp", "help") })
	}
}

// report goes from the command to the receipt, and begins again where a kill took the page away.
func (l *load) report(user string) {
	for range 40 {
		view := l.fake.ViewOf(user)
		if view == nil {
			l.do(false, func() slacktest.Ack { return l.fake.Slash(user, "/breach", "") })
			view = l.open(user)
		}
		if view == nil {
			continue
		}
		ack := l.do(false, func() slacktest.Ack { return l.fake.Submit(user, view, answers(view)) })
		if ack.Payload["response_action"] == "clear" {
			return
		}
	}
	l.t.Errorf("%s came to no end", user)
}

// open waits for the page, or presses the button of an offer to go on.
func (l *load) open(user string) map[string]any {
	for range 100 {
		if view := l.fake.ViewOf(user); view != nil {
			return view
		}
		all := l.fake.Sees(user)
		for i := len(all) - 1; i >= 0; i-- {
			for _, b := range all[i].Buttons() {
				if slacktest.Label(b) == words.Say("en", "bot.go-on") {
					l.do(false, func() slacktest.Ack { return l.fake.PressOn(user, all[i], b, nil) })
					return l.fake.ViewOf(user)
				}
			}
		}
		l.fake.Happens(50 * time.Millisecond)
	}
	return nil
}

// answers fills in what must be answered.
func answers(view map[string]any) map[string]map[string]any {
	values := map[string]map[string]any{}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if block["type"] != "input" {
			continue
		}
		element := block["element"].(map[string]any)
		state := map[string]any{"type": element["type"]}
		options, _ := element["options"].([]any)
		switch kind := element["type"].(string); {
		case kind == "plain_text_input" && block["optional"] != true:
			state["value"] = "12"
		case len(options) > 0 && (kind == "radio_buttons" || kind == "static_select"):
			state["selected_option"] = options[0]
		case len(options) > 0:
			state["selected_options"] = options[:1]
		}
		values[block["block_id"].(string)] = map[string]any{element["action_id"].(string): state}
	}
	return values
}

var cardRef = regexp.MustCompile(`Breach (BR-[A-Z0-9]{4})`)

// Mixed events, a tenth of them twice, a hundredth of the posts refused for a second, sockets
// renewed every ten seconds, and three kills: nothing is lost and nothing doubled.
func TestNothingIsLostOrDoubledUnderLoad(t *testing.T) {
	events := 500
	if text := os.Getenv(eventsEnv); text != "" {
		events, _ = strconv.Atoi(text)
	} else if testing.Short() {
		t.Skip("takes half a minute")
	}
	l := &load{t: t, fake: slacktest.New(t), dir: t.TempDir()}
	l.start()
	l.fake.Ready(2)
	renewing, stop := context.WithCancel(t.Context())
	var background sync.WaitGroup
	background.Go(func() {
		for tick := time.NewTicker(10 * time.Second); ; {
			select {
			case <-renewing.Done():
				return
			case <-tick.C:
				l.fake.Refresh()
			}
		}
	})
	people := l.crowd(events)
	stop()
	background.Wait()
	l.settle(people)
	l.end(syscall.SIGTERM)
	l.judge(people)
}

// crowd lets people act, eight at a time, until there were enough events; three times on the way the program is killed.
func (l *load) crowd(events int) (people int) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for int(l.sent.Load()) < events {
				l.person(int(next.Add(1)) - 1)
			}
		})
	}
	for kill := 1; kill <= 3; kill++ {
		for int(l.sent.Load()) < kill*events/4 {
			l.fake.Happens(20 * time.Millisecond)
		}
		l.end(syscall.SIGKILL)
		l.start()
	}
	workers.Wait()
	return int(next.Load())
}

// settle waits until everything that was promised has been posted, or nothing more comes.
func (l *load) settle(people int) {
	for quiet := 0; quiet < 300; {
		before := len(l.fake.Calls("chat.postMessage"))
		if lost, _ := l.replies(people); lost == 0 && len(l.cards()) >= reporters(people) && quiet > 20 {
			return
		}
		l.fake.Happens(100 * time.Millisecond)
		if quiet++; len(l.fake.Calls("chat.postMessage")) > before {
			quiet = 0
		}
	}
}

// replies counts the people whose question has no answer, and answers that are there twice and do not say so.
func (l *load) replies(people int) (lost, doubled int) {
	repeat := words.Say("en", "bot.repeat")
	for n := 0; n < people; n += 4 {
		got, marked := 0, 0
		for _, x := range l.fake.Sees("U0P" + strconv.Itoa(n)) {
			switch {
			case x.View != "" || x.Ephemeral:
			case strings.Contains(x.Reads(), repeat):
				marked++
			default:
				got++
			}
		}
		if got+marked == 0 {
			lost++
		}
		doubled += max(0, got-1)
	}
	return lost, doubled
}

// cards counts the lead's cards by breach. One that says that it is sent again counts only
// where it is alone: then the first never arrived.
func (l *load) cards() map[string]int {
	cards, marked := map[string]int{}, map[string]bool{}
	for _, x := range l.fake.Sees("U0LEAD") {
		found := cardRef.FindStringSubmatch(x.Reads())
		switch {
		case found == nil || x.Thread != "":
		case strings.Contains(x.Reads(), words.Say("en", "bot.repeat")):
			marked[found[1]] = true
		default:
			cards[found[1]]++
		}
	}
	for ref := range marked {
		cards[ref] = max(cards[ref], 1)
	}
	return cards
}

func (l *load) judge(people int) {
	t := l.t
	lost, doubled := l.replies(people)
	cards := l.cards()
	p, err := program.Open(t.Context(), settings(l.dir), parts.All(), program.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var stored []bot.Row
	err = p.Store.View(t.Context(), func(tx bot.Tx) (err error) {
		stored, err = tx.Find(t.Context(), "main", bot.Query{Kind: "breach", Limit: 100_000})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(l.acks)
	at := func(q float64) time.Duration { return l.acks[int(float64(len(l.acks)-1)*q)].Round(time.Millisecond) }
	t.Logf("%d deliveries of %d people: %d events and %d interactions came twice; 3 kills; %d breaches from %d reporters, %d cards; ack p50 %v, p99 %v, longest %v",
		l.sent.Load(), people, l.twice.events.Load(), l.twice.interactions.Load(), len(stored), reporters(people), len(cards), at(.5), at(.99), at(1))
	if lost > 0 || doubled > 0 {
		t.Errorf("%d answers are lost, %d are there twice", lost, doubled)
	}
	if len(stored) != reporters(people) {
		t.Errorf("%d people reported, and %d breaches are stored", reporters(people), len(stored))
	}
	for _, row := range stored {
		if n := cards[row.Ref]; n != 1 {
			t.Errorf("breach %s has %d cards", row.Ref, n)
		}
	}
}
