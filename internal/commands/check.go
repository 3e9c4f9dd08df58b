package commands

import (
	"errors"
	"fmt"
	"os"

	"shareright/config"
	"shareright/internal/program"
)

// Content reads everything that is built in and returns its mistakes.
type Content func() []error

// Check lists the mistakes in what is built in and in the settings.
type Check struct{}

// Run prints every mistake, and fails when there is one.
func (c *Check) Run(all *Commands, content Content, parts func() program.Parts) error {
	mistakes := content()
	if len(mistakes) == 0 {
		if err := program.Fits(parts()); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	s, err := config.Load(all.Config, os.Environ())
	var problems config.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			mistakes = append(mistakes, errors.New(p.String()))
		}
	}
	if s.File != "" || s.Slack.BotToken != "" || s.Discord.Token != "" {
		for _, gap := range s.Gaps() { // with no settings at all there is only the terminal, which fills every role
			mistakes = append(mistakes, errors.New(gap.String()))
		}
	}
	for _, m := range mistakes {
		fmt.Println(m)
	}
	if len(mistakes) > 0 {
		return errTold
	}
	fmt.Println(say("check-ok"))
	return nil
}
