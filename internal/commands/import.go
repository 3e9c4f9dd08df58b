package commands

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"shareright/bot"
	"shareright/internal/program"
)

// Import reads a list into the organisation's records.
type Import struct {
	What     string `arg:"" help:"people, training or ledger."`
	File     string `arg:"" help:"The list as CSV: commas, semicolons or tabs, with the names of the columns in the first row." type:"existingfile"`
	KeepGood bool   `help:"Take the good rows when some cannot be read. Without it nothing is changed then."`
}

// maxList is the largest list that is read, in bytes.
const maxList = 32 << 20

// Run reads the list in one transaction and says what was read. It fails when a row was left out.
func (c *Import) Run(all *Commands, parts program.Parts) error {
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("read %s: %w", c.File, err)
	}
	if info.Size() > maxList {
		return fmt.Errorf("%s", say("import-large", "file", c.File, "most", fmt.Sprint(maxList>>20)))
	}
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read %s: %w", c.File, err)
	}
	return all.open(parts, func(ctx context.Context, p *program.Program) error {
		org, err := all.organisation(ctx, p)
		if err != nil {
			return err
		}
		list, err := c.intake(p.Bot.Intakes())
		if err != nil {
			return err
		}
		bad := 0
		reply, err := p.Bot.Carry(ctx, org.ID, operator(org), func(ctx context.Context, t bot.Turn) (o bot.Outcome, err error) {
			o, bad, err = list.Do(ctx, t, string(text), c.KeepGood)
			return o, err
		})
		if err != nil {
			return err
		}
		fmt.Println(reply.Plain())
		if bad > 0 {
			return errTold
		}
		return nil
	})
}

// intake is what reads this list.
func (c *Import) intake(all []bot.Intake) (bot.Intake, error) {
	var names []string
	for _, list := range all {
		if strings.EqualFold(list.Name, c.What) {
			return list, nil
		}
		names = append(names, list.Name)
	}
	return bot.Intake{}, errors.New(say("import-unknown", "name", c.What, "names", strings.Join(names, ", ")))
}

// operator is whoever works at the command line. A plain name in a list is somebody on the lead's platform.
func operator(org bot.Org) bot.Person {
	platform := "terminal"
	if leads := org.People[bot.DPLead]; len(leads) > 0 {
		platform, _, _ = strings.Cut(string(leads[0]), ":")
	}
	return bot.Person{ID: bot.PersonID(platform + ":operator"), Name: say("operator"), Roles: []bot.Role{bot.DPLead}}
}
