package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"shareright/bot"
)

const defaultLimit = 1000

// Find implements bot.Rows.
func (t *tx) Find(ctx context.Context, org bot.OrgID, q bot.Query) ([]bot.Row, error) {
	if err := t.begin(org, slices.Concat(q.States, []string{q.Kind, q.Refs, string(q.Owner)})...); err != nil {
		return nil, err
	}
	owners, err := t.owners(ctx, org, q.Owner)
	if err != nil {
		return nil, err
	}
	query, args := findQuery(org, q, owners)
	found, err := t.scanRows(ctx, query, args)
	if err != nil {
		return nil, t.fail(fmt.Errorf("find %s: %w", q.Kind, err))
	}
	rows := make([]bot.Row, 0, len(found))
	for _, f := range found {
		row, err := t.opened(ctx, org, f)
		if spoilt := new(spoiltError); q.Spoilt != nil && errors.As(err, &spoilt) {
			q.Spoilt(err)
			continue
		}
		if err != nil {
			return nil, t.spoil(err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (t *tx) scanRows(ctx context.Context, query string, args []any) ([]sealedRow, error) {
	rows, err := t.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []sealedRow
	for rows.Next() {
		var row sealedRow
		if err := row.scan(rows); err != nil {
			return nil, err
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// owners are the ways in which rows name an owner: by the mark, and in rows of an older program as it is.
func (t *tx) owners(ctx context.Context, org bot.OrgID, owner bot.PersonID) ([]any, error) {
	if owner == "" {
		return nil, nil
	}
	key, err := t.key(ctx, org)
	if errors.Is(err, bot.ErrNotFound) { // an organisation without a key has no rows
		return []any{owner, owner}, nil
	}
	if err != nil {
		return nil, err
	}
	return []any{key.mark(owner), owner}, nil
}

func findQuery(org bot.OrgID, q bot.Query, owners []any) (string, []any) {
	var where strings.Builder
	args := []any{org}
	and := func(condition string, values ...any) {
		where.WriteString(" AND " + condition)
		args = append(args, values...)
	}
	if q.Kind != "" {
		and("r.kind = ?", q.Kind)
	}
	if q.Refs != "" {
		// The last code point stands after every ref that begins so, and lets the index be used.
		and("r.ref >= ? AND r.ref < ?", q.Refs, q.Refs+"\U0010FFFF")
	}
	// An index that leaves out empty values is used only when the query does so too.
	if len(q.States) > 0 {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(q.States)), ", ")
		states := make([]any, len(q.States))
		for i, s := range q.States {
			states[i] = s
		}
		and("r.state IN ("+marks+")", states...)
		if !slices.Contains(q.States, "") {
			and("r.state <> ''")
		}
	}
	if len(owners) > 0 {
		and("r.owner IN (?, ?) AND r.owner <> ''", owners...)
	}
	if !q.DueBefore.IsZero() {
		and("r.due <> 0 AND r.due < ?", millis(q.DueBefore))
	}
	if !q.Expired.IsZero() {
		and("r.expires <> 0 AND r.expires <= ?", millis(q.Expired))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	args = append(args, limit)
	return selectRows + " WHERE r.org = ?" + where.String() + " ORDER BY r.opened, r.ref, r.kind LIMIT ?", args
}
