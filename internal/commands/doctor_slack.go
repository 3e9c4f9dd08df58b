package commands

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"shareright/bot/slack"
	"shareright/internal/program"
)

// mostDrift is how far this computer's clock may be from Slack's: their requests are refused at five minutes.
const mostDrift = 30 * time.Second

// slack tests the set-up in Slack: tokens, permissions, connection, channel and people.
func (e *examination) slack(ctx context.Context) {
	p, err := slackFrom(e.config, &program.Installs{}, logger(max(e.config.LogLevel, slog.LevelWarn)))
	if err != nil {
		e.problem("slack", err.Error(), "")
		return
	}
	channels, people := e.places(slack.Name)
	team, name, found := p.Examine(ctx, channels, people)
	for _, f := range found {
		e.problem("slack", f.What, f.Fix)
	}
	switch {
	case len(found) > 0:
	case team == "":
		e.fine("slack", say("doctor-slack-several"))
	default:
		e.fine("slack", say("doctor-slack-works", "team", team, "name", name))
	}
	if drift, known := driftFrom(ctx, e.config.Slack.APIURL); known && drift > mostDrift {
		e.problem("clock", say("doctor-drift", "time", drift.Round(time.Second).String()), say("doctor-clock"))
	}
}

// driftFrom compares this computer's clock with the date that the platform's answers carry.
func driftFrom(ctx context.Context, address string) (time.Duration, bool) {
	if address == "" {
		address = "https://slack.com/api/"
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return 0, false
	}
	answer, err := (&http.Client{Timeout: 10 * time.Second}).Do(ask)
	if err != nil {
		return 0, false
	}
	defer answer.Body.Close()
	at, err := http.ParseTime(answer.Header.Get("Date"))
	return time.Since(at).Abs(), err == nil
}
