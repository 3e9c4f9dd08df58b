package commands

import (
	"errors"
	"fmt"
	"os"

	"shareright/config"
	"shareright/internal/parts"
	"shareright/internal/program"
)

// Check lists the mistakes in the content and in the settings.
type Check struct{}

// Run prints every mistake, and fails when there is one.
func (c *Check) Run(all *Commands) error {
	folder := all.Folder()
	mistakes := parts.Content(folder)
	if len(mistakes) == 0 {
		if err := program.Fits(parts.Over(folder)); err != nil {
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
	if s.File != "" || s.Slack.Used() || s.Discord.Token != "" {
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
	for _, advice := range parts.Advice(folder) {
		fmt.Println(advice)
	}
	if folder != "" {
		fmt.Println(say("check-own", "folder", folder))
	}
	fmt.Println(say("check-ok"))
	return nil
}
