package store

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"

	"shareright/bot"
)

// Report is what a check of one audit trail found.
type Report struct {
	Org      bot.OrgID
	Entries  int64    // how many entries are there
	Problems []string // one sentence each; empty when the trail is whole
}

// OK says whether the trail is whole.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// Verify reads an organisation's whole audit trail and finds entries that were changed,
// taken out, put in or swapped, and an end that was cut off. A trail that was rolled
// back to an earlier day as a whole, head included, shows only against checkpoints that
// were kept outside.
func (s *Store) Verify(ctx context.Context, org bot.OrgID, kept ...Checkpoint) (Report, error) {
	var report Report
	err := s.retry(ctx, func() error {
		return s.engine.view(ctx, s, func(t *tx) (err error) {
			report, err = t.verify(ctx, org, kept)
			return err
		})
	})
	if err != nil {
		return Report{}, fmt.Errorf("verify the trail of %s: %w", org, err)
	}
	return report, nil
}

func (t *tx) verify(ctx context.Context, org bot.OrgID, kept []Checkpoint) (Report, error) {
	r := Report{Org: org}
	if err := t.begin(org); err != nil {
		return r, err
	}
	h, err := t.head(ctx, org)
	if err != nil {
		return r, err
	}
	v := verifier{report: &r, org: org, links: map[int64][]byte{}}
	for _, c := range kept {
		v.links[c.Size] = nil
	}
	key, err := t.key(ctx, org)
	switch {
	case err == nil:
		v.key = key.trail
		if err := t.eachEntry(ctx, org, v.next); err != nil {
			return r, err
		}
	case !errors.Is(err, bot.ErrNotFound):
		return r, err
	case h.size > 0:
		v.problem("The key of the organisation is missing, so its trail cannot be checked.")
		return r, nil
	}
	v.end(h)
	v.against(kept)
	return r, nil
}

// verifier walks a trail from its first entry.
type verifier struct {
	report *Report
	org    bot.OrgID
	key    []byte
	seq    int64
	link   []byte
	links  map[int64][]byte // of the entries that a checkpoint names
}

func (v *verifier) problem(format string, args ...any) {
	v.report.Problems = append(v.report.Problems, fmt.Sprintf(format, args...))
}

func (v *verifier) next(l entryLine) error {
	v.report.Entries++
	switch {
	case l.seq == v.seq+2:
		v.problem("Entry %d is missing.", v.seq+1)
	case l.seq > v.seq+2:
		v.problem("Entries %d to %d are missing.", v.seq+1, l.seq-1)
	case l.seq <= v.seq:
		v.problem("Entry %d was put in.", l.seq)
	case !hmac.Equal(l.link, l.linkAfter(v.key, v.org, v.link)):
		v.problem("Entry %d was changed, put in or moved.", l.seq)
	}
	// Going on from the link that is stored names each fault once.
	v.seq, v.link = l.seq, l.link
	if _, asked := v.links[l.seq]; asked {
		v.links[l.seq] = l.link
	}
	return nil
}

func (v *verifier) end(h *head) {
	switch {
	case h.size > v.seq:
		v.problem("The end is cut off: %d entries were written and the last one here is %d.", h.size, v.seq)
	case h.size < v.seq:
		v.problem("Entries after %d were put in at the end.", h.size)
	case h.size > 0 && !hmac.Equal(h.link, v.link):
		v.problem("The head of the trail does not fit its last entry.")
	}
}

func (v *verifier) against(kept []Checkpoint) {
	for _, c := range kept {
		switch link := v.links[c.Size]; {
		case c.Org != v.org:
			v.problem("The checkpoint with %d entries is of another organisation.", c.Size)
		case link == nil:
			v.problem("The end is cut off: a checkpoint names entry %d and the last one here is %d.", c.Size, v.seq)
		case !hmac.Equal(link, c.Link):
			v.problem("The trail was written anew: entry %d does not fit its checkpoint.", c.Size)
		}
	}
}

// eachEntry calls fn for every entry, in order.
func (t *tx) eachEntry(ctx context.Context, org bot.OrgID, fn func(entryLine) error) error {
	rows, err := t.query(ctx, `SELECT seq, at, who, what, ref, note, link FROM entries
		WHERE org = ? ORDER BY seq`, org)
	if err != nil {
		return t.fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		var l entryLine
		if err := rows.Scan(&l.seq, &l.at, &l.who, &l.what, &l.ref, &l.note, &l.link); err != nil {
			return t.fail(err)
		}
		if err := fn(l); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Entries calls fn for each entry of an organisation's trail, oldest first, until fn
// returns an error. It does not verify them.
func (s *Store) Entries(ctx context.Context, org bot.OrgID, fn func(seq int64, entry bot.Entry) error) error {
	return s.engine.view(ctx, s, func(t *tx) error {
		if err := t.begin(org); err != nil {
			return err
		}
		return t.eachEntry(ctx, org, func(l entryLine) error { return fn(l.seq, l.entry()) })
	})
}

// Trails lists the organisations that have an audit trail.
func (s *Store) Trails(ctx context.Context) ([]bot.OrgID, error) {
	rows, err := s.engine.reader().QueryContext(ctx, `SELECT DISTINCT org FROM
		(SELECT org FROM trails WHERE size > 0 UNION SELECT org FROM entries) AS both_tables ORDER BY org`)
	if err != nil {
		return nil, fmt.Errorf("list trails: %w", err)
	}
	defer rows.Close()
	var orgs []bot.OrgID
	for rows.Next() {
		var org bot.OrgID
		if err := rows.Scan(&org); err != nil {
			return nil, fmt.Errorf("list trails: %w", err)
		}
		orgs = append(orgs, org)
	}
	return orgs, rows.Err()
}
