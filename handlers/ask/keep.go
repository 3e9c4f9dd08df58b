package ask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shareright/bot"
	"shareright/knowledge/policy"
)

// Add keeps documents for an organisation, over earlier ones of the same id, for the
// command that reads them from a folder.
func Add(ctx context.Context, tx bot.Tx, org bot.OrgID, now time.Time, docs ...policy.Document) error {
	for _, d := range docs {
		if err := put(ctx, tx, org, bot.Ref(d.ID), Policy{Document: d, Added: now}); err != nil {
			return err
		}
	}
	return turnPage(ctx, tx, org)
}

// Remove takes a document away. It returns bot.ErrNotFound when there is none of that id.
func Remove(ctx context.Context, tx bot.Tx, org bot.OrgID, id string) error {
	if _, err := tx.Get(ctx, org, Policy{}.RecordKind(), id); err != nil {
		return fmt.Errorf("find policy %s: %w", id, err)
	}
	if err := tx.Erase(ctx, org, Policy{}.RecordKind(), id); err != nil {
		return fmt.Errorf("erase policy %s: %w", id, err)
	}
	return turnPage(ctx, tx, org)
}

// List returns the documents of an organisation, by id.
func List(ctx context.Context, tx bot.Tx, org bot.OrgID) ([]Policy, error) {
	rows, err := tx.Find(ctx, org, bot.Query{Kind: Policy{}.RecordKind()})
	if err != nil {
		return nil, fmt.Errorf("list policies: %w", err)
	}
	policies := make([]Policy, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row.Body, &policies[i]); err != nil {
			return nil, fmt.Errorf("read policy %s: %w", row.Ref, err)
		}
	}
	return policies, nil
}

// turnPage counts the change, so that a running bot reads the shelf anew.
func turnPage(ctx context.Context, tx bot.Tx, org bot.OrgID) error {
	var e Edition
	row, err := tx.Get(ctx, org, e.RecordKind(), string(EditionRef))
	if err == nil {
		err = json.Unmarshal(row.Body, &e)
	}
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return fmt.Errorf("read the edition of the policies: %w", err)
	}
	e.Number++
	return put(ctx, tx, org, EditionRef, e)
}

func put(ctx context.Context, tx bot.Tx, org bot.OrgID, ref bot.Ref, r bot.Record) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("store %s: %w", ref, err)
	}
	row := bot.Row{Kind: r.RecordKind(), Ref: string(ref), Index: r.RecordIndex(), Body: body}
	old, err := tx.Get(ctx, org, row.Kind, row.Ref)
	switch {
	case err == nil:
		row.Version = old.Version
	case !errors.Is(err, bot.ErrNotFound):
		return fmt.Errorf("store %s: %w", ref, err)
	}
	if err := tx.Put(ctx, org, row); err != nil {
		return fmt.Errorf("store %s: %w", ref, err)
	}
	return nil
}
