// Package discord lets people talk to the bot in Discord: it reads what Discord sends, draws
// messages and dialogues as messages, buttons and modals, and delivers posts.
//
// The gateway needs no public address and is the default; the HTTP endpoint verifies each
// interaction by its signature. In both, Discord is answered only after the engine has
// committed what the event led to. What takes longer than two seconds is answered first with
// Discord's "thinking", which promises nothing.
//
// The package knows no feature, keeps nothing that must survive a restart, and repeats no
// post: what must arrive is the engine's durable queue's to repeat.
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
	"shareright/internal/caught"
	"shareright/knowledge/words"
)

// Name is what addresses and events of this platform carry.
const Name = "discord"

// The two ways in which Discord reaches the bot.
const (
	Gateway = "gateway" // the bot connects to Discord
	HTTP    = "http"    // Discord connects to the bot
)

// Config is what one Discord app needs. Secrets are never logged.
type Config struct {
	Token         string // the bot's token, without "Bot "
	PublicKey     string // hexadecimal; for the HTTP endpoint
	ApplicationID string // empty: Discord is asked
	GuildID       string // the one server; others are refused. Empty: every server the bot is in
	APIURL        string // with the version; empty means Discord itself
	Transport     string // Gateway (when empty) or HTTP
	Commands      []bot.Command

	FreeText    bool   // ask for free text about people at risk here too
	BetterPlace string // where such things are better told, in words or as an address
	Files       bool   // send papers and registers as files, by direct message

	Log    *slog.Logger
	Client *http.Client // empty means a pooled client with a timeout of 10 seconds
}

// Platform is Discord, as the engine sees it.
type Platform struct {
	config  Config
	log     *slog.Logger
	key     ed25519.PublicKey
	api     *discordgo.Session
	pace    pace
	lanes   bot.Lanes
	gateway *gateway

	app       atomic.Pointer[string]
	dms       memory[string]     // a person's direct messages, by user
	homes     memory[string]     // the server somebody was last seen in, by user
	strangers memory[bool]       // who is no member of the server, by user
	seen      memory[bool]       // interactions in hand or done
	typed     memory[typed]      // answers that could not be used, by dialogue
	confirms  memory[string]     // what a button asks before it acts, by its custom_id
	dead      memory[*goneError] // places that nothing reaches, so that they are not tried over and over
	open      memory[bool]       // channels that everybody in the server reads, or does not
	tried     memory[bool]       // deliveries that Discord may have, by their key

	handler atomic.Pointer[bot.Handler]
	started chan struct{} // closed once the handler is there
	start   sync.Once
	fault   atomic.Pointer[error] // why the bot's token does not work, if it does not
	doubt   chan struct{}         // says that the token may no longer work
	thinks  time.Duration         // how long an answer may take before Discord is told to wait
}

// New checks the settings and makes the platform. It opens no connection.
func New(c Config) (*Platform, error) {
	if c.Transport == "" {
		c.Transport = Gateway
	}
	if c.APIURL == "" {
		c.APIURL = "https://discord.com/api/v10"
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	p := &Platform{config: c, log: c.Log.With("platform", Name), doubt: make(chan struct{}, 1), started: make(chan struct{}), thinks: thinkAfter}
	p.lanes.Log = p.log
	var wrong []error
	if c.Token == "" {
		wrong = append(wrong, errors.New("set DISCORD_TOKEN to the token of your Discord bot"))
	}
	if c.Transport != Gateway && c.Transport != HTTP {
		wrong = append(wrong, fmt.Errorf("discord.transport is %q; choose gateway or http", c.Transport))
	}
	if key, err := hex.DecodeString(c.PublicKey); err == nil && len(key) == ed25519.PublicKeySize {
		p.key = key
	} else if c.PublicKey != "" || c.Transport == HTTP {
		wrong = append(wrong, errors.New("set DISCORD_PUBLIC_KEY to the app's public key: 64 letters and figures"))
	}
	to, err := url.Parse(c.APIURL)
	if err != nil || to.Host == "" {
		wrong = append(wrong, errors.New("DISCORD_API_URL is no web address"))
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	if c.ApplicationID != "" {
		p.app.Store(&c.ApplicationID)
	}
	p.api = newAPI(c, to, &p.pace)
	p.gateway = &gateway{token: c.Token, find: p.gatewayURL, take: p.dispatched, log: p.log}
	return p, nil
}

// Name is "discord".
func (p *Platform) Name() string { return Name }

// Run takes events until ctx ends; then it finishes what is in hand, for at most eight seconds.
func (p *Platform) Run(ctx context.Context, h bot.Handler) error {
	p.attach(&h)
	defer p.handler.Store(nil)
	go caught.Again(ctx, p.log, "the watch of the token", func() { p.watchToken(ctx) })
	go caught.Again(ctx, p.log, "the offer of commands", func() { p.offerCommands(ctx) })
	if p.config.Transport == Gateway {
		p.gateway.run(ctx)
	} else {
		<-ctx.Done()
	}
	p.finish()
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
		return errors.New("discord: not started")
	}
	if fault := p.fault.Load(); fault != nil {
		return *fault
	}
	if p.config.Transport == HTTP {
		return nil
	}
	return p.gateway.ready(p.config.GuildID)
}

// watchToken asks Discord at the start, and again when it refuses the token, so that this
// shows in the health page and not at the first post. It asks at most once a minute then:
// Discord bans an address that goes on with a bad token.
func (p *Platform) watchToken(ctx context.Context) {
	for {
		_, err := p.me(ctx)
		if ctx.Err() != nil {
			return
		}
		select {
		case <-p.doubt: // raised by the question itself
		default:
		}
		again := time.After(time.Minute)
		switch {
		case err == nil:
			p.fault.Store(nil)
			again = nil
		case isTokenGone(err):
			fault := fmt.Errorf("discord refuses the bot token: %s", say("discord.fix-token"))
			p.log.Error("discord refuses the bot token", "fix", say("discord.fix-token"))
			p.fault.Store(&fault)
		}
		select {
		case <-ctx.Done():
			return
		case <-again:
		case <-p.doubt:
		}
	}
}

// doubtful has the token tested.
func (p *Platform) doubtful() {
	select {
	case p.doubt <- struct{}{}:
	default: // in doubt already
	}
}

// application is the app's id: as set, or as Discord says.
func (p *Platform) application(ctx context.Context) (string, error) {
	if id := p.app.Load(); id != nil {
		return *id, nil
	}
	var app struct {
		ID string `json:"id"`
	}
	if err := p.call(ctx, http.MethodGet, discordgo.EndpointApplication("@me"), nil, &app); err != nil {
		return "", fmt.Errorf("ask for the application's id: %w", err)
	}
	p.app.Store(&app.ID)
	return app.ID, nil
}

// say is a sentence of this package or of the engine. Views and messages carry their
// language in their words; the few labels Discord itself needs are English.
func say(key string, fill ...string) string { return words.Say("en", key, fill...) }
