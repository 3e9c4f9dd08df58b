package commands

import (
	"context"
	"errors"

	"shareright/bot"
	"shareright/config"
)

// mail tests the way out by e-mail: server, password, and whether it takes the addresses. It sends nothing.
func (e *examination) mail(ctx context.Context) {
	if !e.config.Mail.Used() {
		return
	}
	p, err := mailFrom(e.config, logger(e.config.LogLevel))
	if err != nil {
		e.problem("mail", err.Error(), "")
		return
	}
	err = p.Probe(ctx, everyEmail(e.config))
	if gone := new(bot.Unreachable); errors.As(err, &gone) {
		e.problem("mail", err.Error(), gone.Fix)
		return
	}
	e.note("mail", err, say("doctor-mail"))
}

// everyEmail lists the addresses of the settings. Those chosen in chat are tested by the test alert.
func everyEmail(c config.Config) []string {
	var all []string
	for _, o := range c.Organisations {
		for _, role := range config.Roles {
			all = append(all, o.Emails[role]...)
		}
		if o.Mailbox != "" {
			all = append(all, o.Mailbox)
		}
	}
	return all
}
