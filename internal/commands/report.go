package commands

import (
	"context"
	"fmt"

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
	return all.look(parts, func(ctx context.Context, p *program.Program) error {
		org, err := all.organisation(ctx, p)
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
		return showPaper(page, c.PDF, org)
	})
}
