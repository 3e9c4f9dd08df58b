package commands

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/papers"
	"shareright/internal/program"
	"shareright/knowledge/words"
)

// Reader says for whom something is taken out. What goes round that person is left out, as if it were not there.
type Reader struct {
	For string `help:"Who will read it: ${enum}. What goes round that person is left out." enum:"dp-lead,deputy,safeguarding-lead,trustee" default:"dp-lead"`
}

// persons are the people in the role, each with all their roles; somebody with that role alone when nobody holds it.
func (r Reader) persons(ctx context.Context, p *program.Program, org bot.Org) ([]bot.Person, error) {
	var all []bot.Person
	err := p.Store.View(ctx, func(tx bot.Tx) error {
		for _, id := range org.People[bot.Role(r.For)] {
			person, err := p.Directory.ByID(ctx, tx, org, id)
			if err != nil {
				return err
			}
			all = append(all, person)
		}
		return nil
	})
	if len(all) == 0 {
		all = []bot.Person{{Roles: []bot.Role{bot.Role(r.For)}}}
	}
	return all, err
}

// called is the role in words.
func (r Reader) called() string { return words.Say("en", "bot.role-"+r.For) }

// Export writes a register as a table.
type Export struct {
	Register string `arg:"" help:"The register, such as breaches or near-misses."`
	Format   string `help:"csv or xlsx." enum:"csv,xlsx" default:"csv"`
	Only     string `help:"Only rows in which a cell holds this text, such as 2026 or wrong_email." placeholder:"TEXT"`
	Out      string `help:"The file to write; the screen when not given." short:"o" placeholder:"FILE"`
	Reader
}

// Run writes the rows that the reader may see.
func (c *Export) Run(all *Commands, parts program.Parts) error {
	return all.look(parts, func(ctx context.Context, p *program.Program) error {
		org, err := all.organisation(ctx, p)
		if err != nil {
			return err
		}
		list, err := c.register(p.Bot.Registers())
		if err != nil {
			return err
		}
		readers, err := c.persons(ctx, p, org)
		if err != nil {
			return err
		}
		found, err := p.Bot.Listed(ctx, org, readers[0], list)
		if err != nil {
			return err
		}
		rows := papers.Rows(slices.DeleteFunc(found, func(row bot.Row) bool {
			return slices.ContainsFunc(readers, func(r bot.Person) bool { return !list.Shows(row.Body, r) }) || !c.fits(list, row)
		}))
		return c.write(list, rows)
	})
}

func (c *Export) register(lists []bot.Register) (bot.Register, error) {
	var names []string
	for _, r := range lists {
		if r.Called(c.Register) {
			if !(bot.Person{Roles: []bot.Role{bot.Role(c.For)}}).Has(r.Who...) {
				return r, errors.New(say("export-role", "role", c.called(), "roles", roleNames(r.Who)))
			}
			return r, nil
		}
		names = append(names, cmp.Or(r.Name, strings.ToLower(strings.ReplaceAll(r.Title, " ", "-"))))
	}
	slices.Sort(names)
	return bot.Register{}, errors.New(say("export-unknown", "name", c.Register, "names", strings.Join(names, ", ")))
}

func (c *Export) fits(r bot.Register, row bot.Row) bool {
	want := strings.ToLower(c.Only)
	return slices.ContainsFunc(r.Columns, func(col bot.Column) bool { return strings.Contains(strings.ToLower(col.Value(row.Body)), want) }) ||
		strings.Contains(strings.ToLower(row.Ref), want)
}

func (c *Export) write(list bot.Register, rows []papers.Row) error {
	write, toScreen := papers.CSV, c.Out == "" || c.Out == "-"
	if c.Format == "xlsx" {
		write = papers.XLSX
	}
	if toScreen && c.Format == "xlsx" && isScreen(os.Stdout) {
		return errors.New(say("export-screen"))
	}
	var out bytes.Buffer
	if err := write(&out, list, rows); err != nil {
		return err
	}
	if toScreen {
		_, err := io.Copy(os.Stdout, &out)
		return err
	}
	if err := os.WriteFile(c.Out, out.Bytes(), 0o600); err != nil {
		return err
	}
	fmt.Println(say("export-done", "n", fmt.Sprint(len(rows)), "file", c.Out))
	return nil
}

// Paper makes a letter or a form from a record.
type Paper struct {
	Ref   string `arg:"" help:"The record, such as BR-7K3Q."`
	Paper string `arg:"" help:"The paper, such as ico, people or board of a breach, response or checklist of a request, or case. A wrong name lists them all."`
	PDF   string `help:"Write it as PDF; otherwise it is text to copy." placeholder:"FILE"`
	Reader
}

// Run prints the paper, or draws it.
func (c *Paper) Run(all *Commands, parts program.Parts) error {
	return all.look(parts, func(ctx context.Context, p *program.Program) error {
		org, err := all.organisation(ctx, p)
		if err != nil {
			return err
		}
		readers, err := c.persons(ctx, p, org)
		if err != nil {
			return err
		}
		var paper bot.Message
		for _, by := range slices.Backward(readers) { // a record that goes round one of them is for none of them
			if paper, err = p.Bot.Paper(ctx, org, by, bot.Ref(strings.ToUpper(c.Ref)), strings.ToLower(c.Paper)); err != nil {
				break
			}
		}
		var none *bot.NoPaper
		switch {
		case errors.As(err, &none):
			return none
		case errors.Is(err, bot.ErrNotFound):
			return errors.New(say("paper-none", "ref", c.Ref, "role", c.called()))
		case err != nil:
			return err
		}
		return showPaper(paper, c.PDF, org)
	})
}

// showPaper prints a paper as text to copy, or draws it into a file.
func showPaper(m bot.Message, file string, org bot.Org) error {
	if file == "" {
		fmt.Println(m.Plain())
		return nil
	}
	content, err := papers.Draw(bot.File{Name: file, Paper: &m}, bot.Register{}, nil, org, time.Now())
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return err
	}
	fmt.Println(say("paper-done", "file", file))
	return nil
}

func roleNames(roles []bot.Role) string {
	var names []string
	for _, r := range config.Roles {
		if slices.Contains(roles, bot.Role(r)) {
			names = append(names, r)
		}
	}
	return strings.Join(names, ", ")
}
