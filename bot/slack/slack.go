// Package slack lets people talk to the bot in Slack: it reads what Slack sends, draws
// messages and dialogues as blocks and modals, and delivers posts.
//
// Socket Mode needs no public address and is the default; the HTTP transport verifies
// each request by its signature. In both, Slack is acknowledged only after the engine
// has committed what the event led to, so that nothing acknowledged can be lost.
//
// The package knows no feature, keeps nothing that must survive a restart, and retries
// no post: what must arrive is the engine's durable queue's to repeat.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
	"shareright/internal/caught"
	"shareright/internal/punctual"
	"shareright/knowledge/words"
)

// Name is what addresses and events of this platform carry.
const Name = "slack"

// The two ways in which Slack reaches the bot.
const (
	Socket = "socket" // the bot connects to Slack
	HTTP   = "http"   // Slack connects to the bot
)

// Config is what one Slack app needs. Secrets are never logged.
type Config struct {
	BotToken      string // xoxb-…
	AppToken      string // xapp-…, for Socket Mode
	SigningSecret string // for HTTP
	APIURL        string // ends in "/"; empty means Slack itself
	Transport     string // Socket (when empty) or HTTP

	// For an app that several workspaces install: then BotToken is not used.
	ClientID     string
	ClientSecret string
	PublicURL    string // where browsers reach the pages of the install, such as https://bot.example.org
	Vault        Vault

	Connections int // sockets held open at once, 2 to 10; 0 means 2
	Log         *slog.Logger
	Client      *http.Client // empty means a pooled client with a timeout of 10 seconds
}

// Platform is Slack, as the engine sees it.
type Platform struct {
	config  Config
	log     *slog.Logger
	client  *http.Client
	api     *api.Client
	teams   teams
	states  states
	sharing sharing
	pace    pace
	dms     dms
	places  places
	lanes   bot.Lanes
	sockets *sockets

	handler atomic.Pointer[bot.Handler]
	started chan struct{} // closed once the handler is there
	start   sync.Once
	drift   atomic.Int64          // how far our clock is from Slack's, in nanoseconds
	fault   atomic.Pointer[error] // why the bot's token does not work, if it does not
	doubt   chan string           // a workspace whose token may no longer work
	after   sync.WaitGroup        // what is still to be sent after an acknowledgement
}

// New checks the settings and makes the platform. It opens no connection.
func New(c Config) (*Platform, error) {
	var wrong []error
	if c.Transport == "" {
		c.Transport = Socket
	}
	if c.Connections == 0 {
		c.Connections = 2
	}
	if c.several() {
		if c.ClientSecret == "" || !strings.HasPrefix(c.PublicURL, "http") || c.Vault == nil {
			wrong = append(wrong, errors.New("set SLACK_CLIENT_SECRET and SLACK_PUBLIC_URL beside SLACK_CLIENT_ID, or leave all three out and set SLACK_BOT_TOKEN"))
		}
	} else if !strings.HasPrefix(c.BotToken, "xox") {
		wrong = append(wrong, errors.New("set SLACK_BOT_TOKEN to the bot token of your Slack app; it begins with xoxb-"))
	}
	switch c.Transport {
	case Socket:
		if !strings.HasPrefix(c.AppToken, "xapp-") {
			wrong = append(wrong, errors.New("set SLACK_APP_TOKEN to the app-level token of your Slack app; it begins with xapp-"))
		}
		if c.Connections < 2 || c.Connections > 10 {
			wrong = append(wrong, fmt.Errorf("slack connections are %d; choose 2 to 10, so that a refresh leaves no gap", c.Connections))
		}
	case HTTP:
		if c.SigningSecret == "" {
			wrong = append(wrong, errors.New("set SLACK_SIGNING_SECRET, or choose slack.transport: socket"))
		}
	default:
		wrong = append(wrong, fmt.Errorf("slack.transport is %q; choose socket or http", c.Transport))
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	if c.APIURL == "" {
		c.APIURL = api.APIURL
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Client == nil {
		c.Client = punctual.Client()
	}
	p := &Platform{config: c, log: c.Log.With("platform", Name), client: c.Client, doubt: make(chan string, 16), started: make(chan struct{})}
	p.lanes.Log = p.log
	p.config.Client = p.watched(c.Client)
	p.api = p.newClient(c.BotToken)
	p.sockets = newSockets(c.Connections, p.api, p.log, p.received)
	return p, nil
}

// Name is "slack".
func (p *Platform) Name() string { return Name }

// Run takes events until ctx ends; then it finishes what is in hand, for at most eight seconds.
func (p *Platform) Run(ctx context.Context, h bot.Handler) error {
	p.attach(&h)
	defer p.handler.Store(nil)
	if p.config.several() {
		p.load(ctx)
		go caught.Again(ctx, p.log, "the watch of workspaces", func() { p.watchTeams(ctx) })
	} else {
		go caught.Again(ctx, p.log, "the watch of the token", func() { p.watchToken(ctx) })
	}
	if p.config.Transport == Socket {
		p.sockets.run(ctx, p.finish)
	} else {
		<-ctx.Done()
		p.finish()
	}
	return nil
}

// startLimit is how long what arrives over HTTP while the program starts waits for it.
const startLimit = 2 * time.Second

func (p *Platform) attach(h *bot.Handler) {
	p.handler.Store(h)
	p.start.Do(func() { close(p.started) })
}

// engine is the handler, or nil when the program has not started in time or has ended.
func (p *Platform) engine() *bot.Handler {
	select {
	case <-p.started:
	case <-time.After(startLimit):
	}
	return p.handler.Load()
}

// finish waits for turns in hand and what they still have to say.
func (p *Platform) finish() {
	done := make(chan struct{})
	go func() {
		p.lanes.Wait()
		p.after.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(8 * time.Second):
		p.log.Warn("stopped before everything in hand was finished")
	}
}

// Ready says why people cannot reach the bot now, or nil when they can.
func (p *Platform) Ready() error {
	if p.handler.Load() == nil {
		return errors.New("slack: not started")
	}
	if fault := p.fault.Load(); fault != nil {
		return *fault
	}
	if p.config.Transport == Socket && p.sockets.live() == 0 {
		return errors.New("slack: no Socket Mode connection is open")
	}
	return nil
}

// Facts are what health pages show: how many sockets are open and wanted, and how many
// Slack counts for this app. More than wanted means that the app runs twice, or that
// dead sockets pile up.
type Facts struct{ Open, Wanted, Counted int }

// Facts returns the state of the connections.
func (p *Platform) Facts() Facts {
	if p.config.Transport != Socket {
		return Facts{}
	}
	return Facts{Open: p.sockets.live(), Wanted: p.config.Connections, Counted: int(p.sockets.counted.Load())}
}

// probe asks Slack whether the bot token works, and returns the team and the bot's name.
func (p *Platform) probe(ctx context.Context) (team, name string, err error) {
	var who *api.AuthTestResponse
	err = p.call(ask{method: "auth.test"}, true, func() (err error) {
		who, err = p.api.AuthTestContext(ctx)
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("test the Slack bot token: %w", deliveryError(err, bot.Address{}))
	}
	return who.TeamID, who.User, nil
}

// watchToken asks Slack at the start, and again when it says that the app was removed or
// a token revoked, so that this shows in the health page and not at the first post.
func (p *Platform) watchToken(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		_, _, err := p.probe(ctx)
		if ctx.Err() != nil {
			return
		}
		again := time.After(wait)
		if err == nil {
			p.fault.Store(nil)
			again, wait = nil, time.Second
		}
		if gone := new(bot.Unreachable); errors.As(err, &gone) {
			p.log.Error("slack refuses the bot token", "error", err, "fix", gone.Fix)
			p.fault.Store(&err)
		}
		select {
		case <-ctx.Done():
			return
		case <-again:
		case <-p.doubt:
		}
	}
}

// watchTeams looks after the tokens of the workspaces that Slack says something about.
func (p *Platform) watchTeams(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case team := <-p.doubt:
			if err := p.gone(ctx, team); err != nil && ctx.Err() == nil {
				p.log.Error("whether a workspace still has the app is not known; asking again", "workspace", team, "error", err)
				time.AfterFunc(time.Minute, func() { p.suspect(team) })
			}
		}
	}
}

// suspect has a workspace's token tested. What does not fit is dropped: a post that fails asks again.
func (p *Platform) suspect(team string) {
	select {
	case p.doubt <- team:
	default:
	}
}

// say is a sentence of this package or of the engine. Views and messages carry their
// language in their words; the few labels Slack itself needs are English.
func say(key string, fill ...string) string { return words.Say("en", key, fill...) }
