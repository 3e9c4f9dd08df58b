package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
)

// head is the end of an organisation's trail: how many entries there are, and the link of the last.
type head struct {
	size  int64
	link  []byte
	moved bool
}

// Append implements bot.Trail. Each entry is linked to all before it by an HMAC under
// a key of the organisation: whoever can write to the database but has no master key
// cannot make a link, not even for the newest entry.
func (t *tx) Append(ctx context.Context, org bot.OrgID, entry bot.Entry) error {
	if err := t.beginWrite(ctx, org); err != nil {
		return err
	}
	key, err := t.key(ctx, org)
	if err != nil {
		return err
	}
	h, err := t.head(ctx, org)
	if err != nil {
		return err
	}
	line := entryLine{seq: h.size + 1, at: millis(entry.At), who: storable(string(entry.Who)),
		what: storable(entry.What), ref: storable(string(entry.Ref)), note: storable(entry.Note)}
	link := line.linkAfter(key.trail, org, h.link)
	err = t.later(ctx, `INSERT INTO entries (org, seq, at, who, what, ref, note, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		org, line.seq, line.at, line.who, line.what, line.ref, line.note, link)
	if err != nil {
		return fmt.Errorf("write the audit trail: %w", err)
	}
	h.size, h.link, h.moved = line.seq, link, true
	return nil
}

// storable drops what PostgreSQL cannot keep: a note must never cost us the turn.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

func (t *tx) head(ctx context.Context, org bot.OrgID) (*head, error) {
	if h := t.heads[org]; h != nil {
		return h, nil
	}
	h := &head{}
	err := t.row(ctx, `SELECT size, link FROM trails WHERE org = ?`, org).Scan(&h.size, &h.link)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, t.fail(fmt.Errorf("read the audit trail: %w", err))
	}
	t.setHead(org, h)
	return h, nil
}

// Head implements bot.Trail.
func (t *tx) Head(ctx context.Context, org bot.OrgID) (bot.Head, error) {
	if err := t.begin(org); err != nil {
		return bot.Head{}, err
	}
	h, err := t.head(ctx, org)
	if err != nil || h.size == 0 {
		return bot.Head{}, err
	}
	return bot.Head{Size: h.size, Line: Checkpoint{Org: org, Size: h.size, Link: h.link}.String()}, nil
}

func (t *tx) setHead(org bot.OrgID, h *head) {
	if t.heads == nil {
		t.heads = map[bot.OrgID]*head{}
	}
	t.heads[org] = h
}

// saveHeads writes each head once, however many entries the turn had.
func (t *tx) saveHeads(ctx context.Context) error {
	for _, org := range slices.Sorted(maps.Keys(t.heads)) {
		h := t.heads[org]
		if !h.moved {
			continue
		}
		err := t.later(ctx, `INSERT INTO trails (org, turns, size, link) VALUES (?, 1, ?, ?)
			ON CONFLICT (org) DO UPDATE SET size = excluded.size, link = excluded.link`, org, h.size, h.link)
		if err != nil {
			return fmt.Errorf("write the audit trail: %w", err)
		}
	}
	return nil
}

// entryLine is an entry as it is stored.
type entryLine struct {
	seq, at              int64
	who, what, ref, note string
	link                 []byte
}

func (l entryLine) linkAfter(key []byte, org bot.OrgID, before []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(place("entries", string(before), string(org), strconv.FormatInt(l.seq, 10), strconv.FormatInt(l.at, 10),
		l.who, l.what, l.ref, l.note))
	return mac.Sum(nil)
}

func (l entryLine) entry() bot.Entry {
	return bot.Entry{At: fromMillis(l.at), Who: bot.PersonID(l.who), What: l.what, Ref: bot.Ref(l.ref), Note: l.note}
}

// Checkpoint is the head of a trail at one moment. Kept outside the machine, it proves
// later that nothing up to it was changed or cut off, even by somebody who has the keys.
type Checkpoint struct {
	Org  bot.OrgID
	Size int64
	Link []byte
}

// String is the line to post or mail: the organisation, the number of entries, the link in hex.
func (c Checkpoint) String() string {
	return fmt.Sprintf("trail %s %d %s", c.Org, c.Size, hex.EncodeToString(c.Link))
}

// ParseCheckpoint reads what String wrote.
func ParseCheckpoint(line string) (Checkpoint, error) {
	words := strings.Fields(line)
	wrong := fmt.Errorf("%q is no checkpoint. It has four words: trail, the organisation, a number and a long code", line)
	if len(words) != 4 || words[0] != "trail" {
		return Checkpoint{}, wrong
	}
	size, err1 := strconv.ParseInt(words[2], 10, 64)
	link, err2 := hex.DecodeString(words[3])
	if err1 != nil || err2 != nil || size < 1 || len(link) != sha256.Size {
		return Checkpoint{}, wrong
	}
	return Checkpoint{Org: bot.OrgID(words[1]), Size: size, Link: link}, nil
}

// ParseCheckpoints finds the checkpoints in a text: lines alone, or whole e-mails they were sent in. A
// mail program may have put "> " before a line, or broken a long one in two.
func ParseCheckpoints(text string) ([]Checkpoint, error) {
	var list []Checkpoint
	var words []string
	var begins []bool                                                                            // whether the word is the first of its line
	for line := range strings.Lines(strings.NewReplacer("=\r\n", "", "=\n", "").Replace(text)) { // as raw e-mails break lines
		for i, word := range strings.Fields(strings.TrimLeft(line, "> \t\u00a0\ufeff")) {
			words, begins = append(words, word), append(begins, i == 0)
		}
	}
	for i := range words {
		if !strings.EqualFold(words[i], "trail") {
			continue
		}
		point, err := ParseCheckpoint(strings.Join(append([]string{"trail"}, words[i+1:min(i+4, len(words))]...), " "))
		switch {
		case err == nil:
			list = append(list, point)
		case begins[i]: // one that was spoilt must not be passed over in silence
			return nil, err
		}
	}
	return list, nil
}

// Checkpoint returns the head of an organisation's trail as it is now.
func (s *Store) Checkpoint(ctx context.Context, org bot.OrgID) (Checkpoint, error) {
	c := Checkpoint{Org: org}
	err := s.engine.reader().QueryRowContext(ctx, s.engine.rebind(`SELECT size, link FROM trails WHERE org = ? AND size > 0`),
		org).Scan(&c.Size, &c.Link)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkpoint{}, fmt.Errorf("checkpoint of %s: %w", org, bot.ErrNotFound)
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of %s: %w", org, err)
	}
	return c, nil
}
