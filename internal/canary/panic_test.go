package canary

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/discord/discordtest"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/config"
	"shareright/internal/program"
	"shareright/scheduler"
)

// typed is what somebody typed just before a feature broke.
const typed = "quillonfernsby-07700900461"

// broken is a feature with a mistake: it panics with what was typed, at once or when a clock runs out.
var broken = bot.Feature{Name: "broken",
	Commands: []bot.Command{
		{Name: "breach", Run: func(_ context.Context, _ bot.Turn, text string) (bot.Outcome, error) { panic("cannot file " + text) }},
		{Name: "later", Run: func(_ context.Context, t bot.Turn, text string) (bot.Outcome, error) {
			return bot.Outcome{Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: "boom", Name: "1"}, Due: t.Now, Body: []byte(text)}}}, nil
		}},
	},
	Timers: []bot.Timer{{Kind: "boom", Do: func(_ context.Context, _ bot.Turn, job scheduler.Job) (bot.Outcome, error) {
		panic("cannot file " + string(job.Body))
	}}},
}

// lines is a log that may be written from several goroutines.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func breaking(t *testing.T) (*program.Program, *lines, *slog.Logger, time.Time) {
	t.Helper()
	return joined(t, broken)
}

func joined(t *testing.T, feature bot.Feature) (*program.Program, *lines, *slog.Logger, time.Time) {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	log := &lines{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p, err := program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{feature}}, program.Options{Now: func() time.Time { return now }, Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p, log, logger, now
}

// A feature that breaks ends its turn and nothing else. Neither the log nor the answer
// repeats what was typed, and nothing of the turn is kept.
func TestAPanicTellsNothingOfWhatWasTyped(t *testing.T) {
	p, log, logger, _ := breaking(t)
	s := slacktest.New(t)
	platform, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	runs(t, p, platform)
	s.Ready(2)
	ack := s.Slash("U0JO", "/breach", typed)
	if text, _ := ack.Payload["text"].(string); !ack.OK || text == "" || strings.Contains(text, typed) {
		t.Errorf("answered %+v", ack)
	}
	if text := log.String(); !strings.Contains(text, "a turn panicked") || strings.Contains(text, typed) {
		t.Errorf("the log is\n%s", text)
	}
	if ack := s.Slash("U0JO", "/later", ""); !ack.OK {
		t.Errorf("the next command was answered %+v", ack)
	}
}

// The same when a clock runs out: the job is tried again, and its error, which is stored in the
// open, names no more than the kind of mistake.
func TestAPanicOfATimerTellsNothingEither(t *testing.T) {
	p, log, _, now := breaking(t)
	if _, err := p.Bot.Handle(t.Context(), bot.Event{ID: "E1", Platform: "slack", User: "U0JO", What: bot.Ran{Command: "later", Text: typed}}); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Runner.RunDue(t.Context(), now); err != nil || n != 1 {
		t.Fatalf("did %d jobs, %v", n, err)
	}
	if text := log.String(); !strings.Contains(text, "a job panicked") || strings.Contains(text, typed) {
		t.Errorf("the log is\n%s", text)
	}
	if at, some, err := p.Store.NextJob(t.Context()); err != nil || !some || !at.After(now) {
		t.Errorf("the job is not tried again: %v %v %v", at, some, err)
	}
}

// brittle is a way to a platform that panics once at a call whose address holds a word.
type brittle struct {
	at   string
	once sync.Once
}

func (b *brittle) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, b.at) {
		b.once.Do(func() { panic("cannot send " + typed) })
	}
	return http.DefaultTransport.RoundTrip(r)
}

// showing is a feature that works: what breaks here is the showing of what it answers.
var showing = bot.Feature{Name: "showing",
	Commands: []bot.Command{
		{Name: "breach", Help: "Report", Run: func(context.Context, bot.Turn, string) (bot.Outcome, error) {
			return bot.Outcome{Ask: lossForm.Begin(struct{ Story string }{})}, nil
		}},
		{Name: "hello", Help: "Say hello", Run: func(context.Context, bot.Turn, string) (bot.Outcome, error) {
			return bot.Outcome{Reply: bot.Say("Hello.")}, nil
		}},
	},
	Forms: []bot.Dialogue{lossForm},
}

var lossForm = bot.Form[struct{ Story string }]{ID: "showing", Title: "Report", Submit: "Send report", Quick: true,
	Pages: []bot.Page[struct{ Story string }]{{ID: "one", Fields: []bot.Field[struct{ Story string }]{
		bot.AskStory("story", "What happened?", func(s *struct{ Story string }) *string { return &s.Story })}}},
	Done: func(context.Context, bot.Turn, struct{ Story string }) (bot.Outcome, error) {
		return bot.Outcome{}, nil
	}}

// What is panicked with while an answer is shown is told to nobody; the person hears that there
// is no answer to be seen, and the next answer comes as ever.
func TestAPanicWhileAnAnswerIsShownIsToldWithoutWhatWasTyped(t *testing.T) {
	t.Run("slack", func(t *testing.T) {
		p, log, logger, _ := joined(t, showing)
		s := slacktest.New(t)
		platform, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), Log: logger,
			Client: &http.Client{Transport: &brittle{at: "views.open"}}})
		if err != nil {
			t.Fatal(err)
		}
		runs(t, p, platform)
		s.Ready(2)
		s.Slash("U0JO", "/breach", typed)
		if told := s.Wait("response_url", 1); !strings.Contains(fmt.Sprint(told.Args), "cannot be shown") {
			t.Errorf("told %v", told.Args)
		}
		if ack := s.Slash("U0JO", "/hello", ""); !ack.OK || !strings.Contains(fmt.Sprint(ack.Payload), "Hello.") {
			t.Errorf("the next command was answered %+v", ack)
		}
		broke(t, log)
	})
	t.Run("discord", func(t *testing.T) {
		p, log, logger, _ := joined(t, showing)
		s := discordtest.New(t)
		platform, err := discord.New(discord.Config{Token: discordtest.Token, PublicKey: s.PublicKey(), GuildID: discordtest.Guild, APIURL: s.URL(),
			Commands: p.Bot.Commands(), Log: logger, Client: &http.Client{Transport: &brittle{at: "/callback"}}})
		if err != nil {
			t.Fatal(err)
		}
		runs(t, p, platform)
		s.Ready()
		if a := s.Command("1", discordtest.Channel, "breach"); !strings.Contains(a.Text(), "cannot be shown") {
			t.Errorf("told %+v", a)
		}
		if a := s.Command("1", discordtest.Channel, "hello"); !strings.Contains(a.Text(), "Hello.") {
			t.Errorf("the next command was answered %+v", a)
		}
		broke(t, log)
	})
}

func broke(t *testing.T, log *lines) {
	t.Helper()
	if text := log.String(); !strings.Contains(text, "an answer panicked") || strings.Contains(text, typed) {
		t.Errorf("the log is\n%s", text)
	}
}

// runs runs a platform until the test ends.
func runs(t *testing.T, p *program.Program, platform bot.Platform) {
	t.Helper()
	p.Bot.Attach(platform)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- platform.Run(ctx, p.Bot) }()
	t.Cleanup(func() { cancel(); <-done })
}
