package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"shareright/bot"
)

// Answered implements bot.Inbox.
func (t *tx) Answered(ctx context.Context, org bot.OrgID, event string) ([]byte, bool, error) {
	if err := t.begin(org, event); err != nil {
		return nil, false, err
	}
	var at int64
	var sealed []byte
	err := t.row(ctx, `SELECT at, sealed FROM inbox WHERE org = ? AND event = ?`, org, event).Scan(&at, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, t.fail(fmt.Errorf("read the inbox: %w", err))
	}
	key, err := t.key(ctx, org)
	if err != nil {
		return nil, false, err
	}
	response, err := open(key.inbox, sealed, inboxPlace(org, event, at))
	if err != nil {
		return nil, false, t.fail(fmt.Errorf("open the answer to %s: %w", event, err))
	}
	return response, true, nil
}

// Answer implements bot.Inbox. An event that was answered before is a conflict: two
// deliveries of it met, and the one that runs again will find the answer.
func (t *tx) Answer(ctx context.Context, org bot.OrgID, event string, response []byte, at time.Time) error {
	if err := t.beginWrite(ctx, org, event); err != nil {
		return err
	}
	key, err := t.key(ctx, org)
	if err != nil {
		return err
	}
	ms := millis(at)
	n, err := t.exec(ctx, `INSERT INTO inbox (org, event, at, sealed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		org, event, ms, key.inbox.Seal(nil, nil, response, inboxPlace(org, event, ms)))
	if err != nil {
		return fmt.Errorf("answer %s: %w", event, err)
	}
	if n == 0 {
		return fmt.Errorf("answer %s: %w", event, bot.ErrConflict)
	}
	return nil
}

func inboxPlace(org bot.OrgID, event string, at int64) []byte {
	return place("inbox", string(org), event, strconv.FormatInt(at, 10))
}
