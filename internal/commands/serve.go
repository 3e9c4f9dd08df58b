package commands

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/mail"
	"shareright/bot/slack"
	"shareright/config"
	"shareright/internal/caught"
	"shareright/internal/failpoint"
	"shareright/internal/program"
	"shareright/internal/store"
)

// stopWithin is when the program ends after it was told to, whatever is still in hand:
// jobs are durable, so nothing is lost. Containers kill after ten seconds.
const stopWithin = 9500 * time.Millisecond

// Serve runs the bot on every platform that is set up.
type Serve struct {
	Data     string  `help:"Data folder." placeholder:"DIR"`
	Simulate float64 `help:"Run the clock RATE times as fast, in a data folder of its own." placeholder:"RATE"`
}

// Run serves until it is told to stop.
func (c *Serve) Run(all *Commands, parts program.Parts) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return c.serve(ctx, all, parts)
}

func (c *Serve) serve(ctx context.Context, all *Commands, parts program.Parts) error {
	s, err := all.settings(c.Data)
	if err != nil {
		return err
	}
	log := logger(s.LogLevel)
	for _, gap := range s.Gaps() {
		log.Warn("settings: " + gap.String())
	}
	o, err := c.clock(s)
	if err != nil {
		return err
	}
	o.Log = log
	installs := &program.Installs{}
	platforms, err := platforms(s, parts.Features, installs, log)
	if err != nil {
		return err
	}
	lock, err := alone(ctx, s, log)
	if errors.Is(err, context.Canceled) {
		return nil // told to stop while it waited for another
	}
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(lock) // until the process ends, or has closed everything
	p, err := program.Open(ctx, s, parts, o)
	if err != nil {
		return errors.Join(err, lock.Close())
	}
	if err := prepare(ctx, p, parts, lock, installs); err != nil {
		return errors.Join(err, p.Close(), lock.Close())
	}
	if runtime.GOMAXPROCS(0) < 2 {
		runtime.GOMAXPROCS(2) // one core: others work while SQLite waits for the disk
	}
	server := &program.Server{Program: p, Platforms: platforms, Now: o.Now, Simulated: c.Simulate != 0, Log: log}
	return untilStopped(ctx, server, lock)
}

// prepare does what comes before anybody is served.
func prepare(ctx context.Context, p *program.Program, parts program.Parts, lock *store.Lock, installs *program.Installs) error {
	log := logger(p.Config.LogLevel)
	if lock != nil {
		n, err := p.Store.FreeClaims(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			log.Info("taken over from a process that died", "jobs", n)
		}
	}
	if p.Config.Slack.ClientID != "" {
		if err := installs.Open(ctx, p); err != nil {
			return err
		}
	} else if code, err := p.OfferSetup(ctx); err != nil {
		log.Error("make a code for the set-up in chat", "error", err)
	} else if code != "" {
		log.Warn(say("setup-code", "code", code))
	}
	if p.KeyMade {
		log.Warn(say("key-made"), "folder", p.Config.Data)
	}
	for _, mistake := range parts.Mistakes {
		log.Warn("content: " + mistake.Error())
	}
	if err := p.TellMistakes(ctx, parts.Mistakes); err != nil {
		log.Error("tell the leads about mistakes in the content", "error", err)
	}
	return nil
}

// untilStopped serves until ctx ends, and a little longer for what is in hand. The folder is
// left to others only when everything is closed; otherwise the end of the process does that.
func untilStopped(ctx context.Context, server *program.Server, lock *store.Lock) error {
	done := make(chan error, 1)
	go func() {
		var err error
		if broke := caught.Run(server.Log, "the program", func() { err = server.Serve(ctx) }); broke != nil {
			err = broke
		}
		if errors.Is(err, program.ErrWedged) {
			done <- err // what is stuck would keep the store from closing; everything in it is durable
			return
		}
		done <- errors.Join(err, server.Close(), lock.Close())
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(stopWithin):
		server.Log.Warn("stopped before everything in hand was finished; it goes on at the next start")
		return nil
	}
}

func (c *Serve) clock(s config.Config) (program.Options, error) {
	if c.Simulate == 0 {
		return program.Options{Now: failpoint.Clock()}, program.RealTime(s.Data)
	}
	if s.DatabaseURL != "" {
		return program.Options{}, errors.New(say("simulate-postgres"))
	}
	now, err := program.Simulated(s.Data, c.Simulate)
	return program.Options{Now: now, Rate: c.Simulate}, err
}

// platforms makes every platform that the settings name.
func platforms(s config.Config, features []bot.Feature, installs *program.Installs, log *slog.Logger) ([]bot.Platform, error) {
	var list []bot.Platform
	if s.Slack.Used() {
		p, err := slackFrom(s, installs, log)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	if s.Discord.Token != "" {
		p, err := discordFrom(s, features, log)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	if len(list) == 0 {
		return nil, errors.New(say("no-platform"))
	}
	if s.Mail.Used() {
		p, err := mailFrom(s, log)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func mailFrom(s config.Config, log *slog.Logger) (*mail.Platform, error) {
	return mail.New(mail.Config{Server: s.Mail.Server, TLS: s.Mail.TLS, From: s.Mail.From, User: s.Mail.User, Password: s.Mail.Password.Reveal(), Log: log})
}

func slackFrom(s config.Config, installs *program.Installs, log *slog.Logger) (*slack.Platform, error) {
	return slack.New(slack.Config{
		BotToken: s.Slack.BotToken.Reveal(), AppToken: s.Slack.AppToken.Reveal(), SigningSecret: s.Slack.SigningSecret.Reveal(),
		APIURL: s.Slack.APIURL, Transport: s.Slack.Transport, Connections: s.Slack.Connections, Log: log,
		ClientID: s.Slack.ClientID, ClientSecret: s.Slack.ClientSecret.Reveal(), PublicURL: s.Slack.PublicURL, Vault: installs,
	})
}

func discordFrom(s config.Config, features []bot.Feature, log *slog.Logger) (*discord.Platform, error) {
	var commands []bot.Command
	for _, f := range features {
		commands = append(commands, f.Commands...)
	}
	return discord.New(discord.Config{
		Token: s.Discord.Token.Reveal(), PublicKey: s.Discord.PublicKey, ApplicationID: s.Discord.ApplicationID, GuildID: s.Discord.GuildID,
		APIURL: s.Discord.APIURL, Transport: s.Discord.Transport, Commands: commands,
		FreeText: s.Discord.FreeText, BetterPlace: s.Discord.BetterPlace, Files: s.Discord.Files, Log: log,
	})
}

// Healthcheck asks a running bot whether it is ready.
type Healthcheck struct{}

// Run fails when the bot does not answer that it is ready.
func (c *Healthcheck) Run(all *Commands) error {
	s, err := all.settings("")
	if err != nil {
		return err
	}
	address, err := here(s.HTTPAddr)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://" + address + "/readyz")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New("the bot is not ready: " + answer.Status)
	}
	return nil
}

// here is an address to listen on as somebody on this machine calls it.
func here(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}
