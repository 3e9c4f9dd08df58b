package commands

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"shareright/bot/terminal"
	"shareright/config"
	"shareright/internal/program"
)

// Chat is a conversation in the terminal, or over a pipe.
type Chat struct {
	Data string `help:"Folder that keeps what you type." placeholder:"DIR"`
	As   string `help:"Who you are: volunteer, deputy, dp-lead, safeguarding-lead, trustee or a name." default:"volunteer"`
}

// Run talks until the input ends.
func (c *Chat) Run(all *Commands, parts program.Parts) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := all.settings(c.Data)
	if err != nil {
		return err
	}
	if c.Data == "" {
		s.Data = filepath.Join(s.Data, "chat") // apart from what serve keeps
	}
	s.DatabaseURL = ""
	s.Organisations = []config.Organisation{aloneIn(s.Organisations[0])}
	if err := program.RealTime(s.Data); err != nil {
		return err
	}
	p, err := program.Open(ctx, s, parts, program.Options{Log: logger(slog.LevelError)})
	if err != nil {
		return err
	}
	defer p.Close()
	window := terminal.New(terminal.Options{
		In: os.Stdin, Out: os.Stdout, As: c.As,
		Prompt: isScreen(os.Stdin) && isScreen(os.Stdout),
		Colour: isScreen(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		Settle: func(ctx context.Context) error {
			_, err := p.Runner.RunDue(ctx, time.Now())
			return err
		},
		Emergency: parts.Emergency,
		Log:       logger(slog.LevelError),
		Files:     filepath.Join(s.Data, "papers"),
	})
	p.Bot.Attach(window)
	if err := sound(parts); err != nil {
		fmt.Println(err)
		fmt.Println(say("content-built-in"))
	}
	if _, err := p.Expire(ctx, time.Now()); err != nil {
		return fmt.Errorf("erase what has expired: %w", err)
	}
	if err := p.Bot.Start(ctx); err != nil {
		return err
	}
	fmt.Println(say("chat-kept", "folder", s.Data))
	if p.KeyMade {
		fmt.Println(say("chat-key"))
	}
	return window.Run(ctx, p.Bot)
}

// aloneIn is the organisation with every role in this terminal, so that one person can try the whole job.
func aloneIn(o config.Organisation) config.Organisation {
	o.Workspaces, o.Escalation = nil, config.Contact{}
	o.Roles = map[string][]config.Contact{}
	for _, role := range config.Roles {
		o.Roles[role] = []config.Contact{{Platform: terminal.Platform, ID: role}}
	}
	return o
}

// isScreen says whether a person looks at the file, rather than a program.
func isScreen(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
