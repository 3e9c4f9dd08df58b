package commands

import (
	"context"
	"fmt"
	"os"
	"time"

	"shareright/bot"
	"shareright/internal/papers"
	"shareright/internal/program"
)

// Report makes the page of figures that trustees read.
type Report struct {
	Months int    `help:"How many months back, up to today." default:"12"`
	PDF    string `help:"Write it as PDF; otherwise it is text." placeholder:"FILE"`
	Reader
}

// Run prints the page, or draws it.
func (c *Report) Run(all *Commands, parts program.Parts) error {
	return all.open(parts, func(ctx context.Context, p *program.Program) error {
		org, err := p.Directory.OrgByID(ctx, all.org(p))
		if err != nil {
			return err
		}
		readers, err := c.persons(ctx, p, org)
		if err != nil {
			return err
		}
		page, err := p.Bot.Page(ctx, org, readers[0], "dp report", fmt.Sprint(c.Months))
		if err != nil {
			return err
		}
		if c.PDF == "" {
			fmt.Println(page.Plain())
			return nil
		}
		content, err := papers.Draw(bot.File{Name: c.PDF, Paper: &page}, bot.Register{}, nil, org, time.Now())
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.PDF, content, 0o600); err != nil {
			return err
		}
		fmt.Println(say("paper-done", "file", c.PDF))
		return nil
	})
}
