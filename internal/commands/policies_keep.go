package commands

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"shareright/bot"
	"shareright/handlers/ask"
	"shareright/internal/program"
	"shareright/knowledge/policy"
)

// org returns the organisation that a command about one organisation works on.
func (c *Commands) org(p *program.Program) bot.OrgID { return bot.OrgID(p.Config.Organisations[0].ID) }

// organisation is that organisation as it is now, with what was set up in chat.
func (c *Commands) organisation(ctx context.Context, p *program.Program) (bot.Org, error) {
	org, err := p.Directory.OrgByID(ctx, c.org(p))
	if err != nil {
		return org, err
	}
	err = p.Store.View(ctx, func(tx bot.Tx) (err error) {
		org, err = p.Directory.Now(ctx, tx, org)
		return err
	})
	return org, err
}

// PoliciesAdd keeps an organisation's own documents, so that answers quote them.
type PoliciesAdd struct {
	Folder string `arg:"" help:"Folder with .md .txt .html .docx and .pdf files."`
}

// Run reads the folder and keeps what could be read. A running bot uses it from the next question on.
func (c *PoliciesAdd) Run(all *Commands, parts program.Parts) error {
	docs, unread, err := readPolicies(c.Folder)
	if err != nil {
		return err
	}
	for _, problem := range unread {
		fmt.Fprintf(os.Stderr, "left out: %v\n", problem)
	}
	if len(docs) == 0 {
		return fmt.Errorf("%s", say("policies-none", "folder", c.Folder))
	}
	return all.open(parts, func(ctx context.Context, p *program.Program) error {
		err := p.Store.Update(ctx, func(tx bot.Tx) error { return ask.Add(ctx, tx, all.org(p), time.Now().UTC(), docs...) })
		if err != nil {
			return err
		}
		for _, d := range docs {
			fmt.Println(policyLine(d))
		}
		return nil
	})
}

// PoliciesList shows the documents that are kept.
type PoliciesList struct{}

// Run prints one line a document.
func (c *PoliciesList) Run(all *Commands, parts program.Parts) error {
	return all.open(parts, func(ctx context.Context, p *program.Program) error {
		return p.Store.View(ctx, func(tx bot.Tx) error {
			kept, err := ask.List(ctx, tx, all.org(p))
			for _, k := range kept {
				fmt.Println(policyLine(k.Document))
			}
			if err == nil && len(kept) == 0 {
				fmt.Println(say("policies-empty"))
			}
			return err
		})
	})
}

// PoliciesRemove takes a document away.
type PoliciesRemove struct {
	ID string `arg:"" help:"The document, as policies list shows it."`
}

// Run erases the document.
func (c *PoliciesRemove) Run(all *Commands, parts program.Parts) error {
	return all.open(parts, func(ctx context.Context, p *program.Program) error {
		err := p.Store.Update(ctx, func(tx bot.Tx) error { return ask.Remove(ctx, tx, all.org(p), c.ID) })
		if errors.Is(err, bot.ErrNotFound) {
			return fmt.Errorf("%s", say("policies-unknown", "id", c.ID))
		}
		if err == nil {
			fmt.Println(say("policies-removed", "id", c.ID))
		}
		return err
	})
}

func policyLine(d policy.Document) string {
	line := say("policy-line", "id", d.ID, "title", d.Title, "passages", fmt.Sprint(len(d.Passages)))
	if d.Stale(time.Now()) {
		line += " " + say("policy-stale")
	}
	return line
}
