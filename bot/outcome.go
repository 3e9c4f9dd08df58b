package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"shareright/internal/failpoint"
	"shareright/scheduler"
)

// carryOut commits an outcome and turns it into what the person sees.
func (b *Bot) carryOut(ctx context.Context, t Turn, o Outcome) (Response, error) {
	if err := b.apply(ctx, t, o); err != nil {
		return Response{}, err
	}
	if o.Ask == nil {
		return Response{Reply: o.Reply}, nil
	}
	response, err := b.begin(ctx, t, o.Ask)
	if err == nil && o.Reply != nil {
		if response.Reply == nil {
			response.Reply = o.Reply
		}
	}
	return response, err
}

// apply writes records, posts, jobs and the audit trail into the turn's transaction.
func (b *Bot) apply(ctx context.Context, t Turn, o Outcome) error {
	failpoint.Hit("F9")
	for _, ref := range sortedRefs(o.Save) {
		if err := t.save(ctx, ref, o.Save[ref]); err != nil {
			return err
		}
	}
	for _, e := range o.Erase {
		if err := t.tx.Erase(ctx, t.Org.ID, e.Kind, string(e.Ref)); err != nil {
			return fmt.Errorf("erase %s: %w", e.Ref, err)
		}
	}
	failpoint.Hit("F18")
	for i, p := range o.Posts {
		// A thousandth of a second apart, so that they leave in the order they were written.
		due := t.Now.Add(-time.Duration(len(o.Posts)-i) * time.Millisecond)
		p.About = cmp.Or(p.About, t.Ref, o.only())
		if err := t.post(ctx, p, due); err != nil {
			return err
		}
	}
	failpoint.Hit("F10")
	for _, key := range o.Stop {
		key.Org = string(t.Org.ID)
		if err := t.tx.StopJob(ctx, key); err != nil {
			return fmt.Errorf("stop job %s: %w", key.Name, err)
		}
	}
	for _, job := range o.Jobs {
		if _, known := b.timers[job.Kind]; !known {
			return fmt.Errorf("no feature has a timer %q", job.Kind)
		}
		job.Org = string(t.Org.ID)
		if err := t.tx.PutJob(ctx, job); err != nil {
			return fmt.Errorf("put job %s: %w", job.Name, err)
		}
	}
	for _, about := range b.clocksOf(t, o) {
		if err := b.lookAhead(ctx, t.tx, t.Org.ID, about, t.Now); err != nil {
			return fmt.Errorf("look ahead for %s: %w", about, err)
		}
	}
	failpoint.Hit("F11")
	return t.trail(ctx, o)
}

// only is the one record that an outcome saves; empty where there are several or none.
func (o Outcome) only() Ref {
	for ref := range o.Save {
		if len(o.Save) == 1 {
			return ref
		}
	}
	return ""
}

// trail appends to the audit trail: what the feature says, and that each record was saved.
func (t Turn) trail(ctx context.Context, o Outcome) error {
	entries := make([]Entry, 0, len(o.Audit))
	for _, what := range o.Audit {
		entries = append(entries, Entry{What: what, Ref: t.Ref})
	}
	for _, ref := range sortedRefs(o.Save) {
		entries = append(entries, Entry{What: o.Save[ref].RecordKind() + ".saved", Ref: ref, Note: o.Save[ref].RecordIndex().State})
	}
	for _, e := range o.Erase {
		entries = append(entries, Entry{What: e.Kind + ".erased", Ref: e.Ref})
	}
	for _, entry := range entries {
		entry.At, entry.Who = t.Now, t.By.ID
		if err := t.tx.Append(ctx, t.Org.ID, entry); err != nil {
			return fmt.Errorf("append to the audit trail: %w", err)
		}
	}
	return nil
}

func sortedRefs(records map[Ref]Record) []Ref {
	refs := make([]Ref, 0, len(records))
	for ref := range records {
		refs = append(refs, ref)
	}
	sort.Slice(refs, func(i, j int) bool { return refs[i] < refs[j] })
	return refs
}

func (t Turn) save(ctx context.Context, ref Ref, record Record) error {
	body, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("store %s: %w", ref, err)
	}
	row := Row{Kind: record.RecordKind(), Ref: string(ref), Index: record.RecordIndex(), Body: body}
	if !t.minted[ref] {
		old, err := t.tx.Get(ctx, t.Org.ID, row.Kind, row.Ref)
		switch {
		case err == nil:
			row.Version = old.Version
		case !errors.Is(err, ErrNotFound):
			return fmt.Errorf("store %s: %w", ref, err)
		}
	}
	if err := t.tx.Put(ctx, t.Org.ID, row); err != nil {
		return fmt.Errorf("store %s: %w", ref, err)
	}
	delete(t.minted, ref)
	return nil
}

const (
	postKind    = "post"
	postDue     = "due" // the state of an urgent post that is on its way, so that it is found when its job is lost
	deliverKind = "deliver"
	postLife    = 400 * 24 * time.Hour // long enough to edit a year's card
	replyLife   = 48 * time.Hour
)

// stored is a post as it is kept: fields may be added, never renamed.
type stored struct {
	To      Audience         `json:"to"`
	Under   string           `json:"under,omitempty"`
	Class   scheduler.Class  `json:"class"`
	Message Message          `json:"message"`
	In      map[Lang]Message `json:"in,omitempty"` // for people who chose another language
	File    *File            `json:"file,omitempty"`
	About   Ref              `json:"about,omitempty"`
	Trail   string           `json:"trail,omitempty"` // the checkpoint that an e-mail holds
	Edition int              `json:"edition"`         // raised with each change of the message
	Since   time.Time        `json:"since,omitzero"`  // when this edition was put
	Wide    bool             `json:"wide,omitempty"`  // a better way failed for so long that the next ones were tried as well
	Sent    []sent           `json:"sent,omitempty"`

	row Row
}

// sent is one place a post has reached.
type sent struct {
	At      Address   `json:"at"`
	ID      MessageID `json:"id"`
	Edition int       `json:"edition"`
}

func (s *stored) at(a Address) *sent {
	i := slices.IndexFunc(s.Sent, func(x sent) bool { return x.At == a })
	if i < 0 {
		return nil
	}
	return &s.Sent[i]
}

// post stores a post, or a new edition of it, and the job that delivers it.
func (t Turn) post(ctx context.Context, p Post, due time.Time) error {
	s, err := readPost(ctx, t.tx, t.Org.ID, p.Key)
	if errors.Is(err, ErrNotFound) {
		s, err = &stored{}, nil
		s.row.Kind, s.row.Ref = postKind, p.Key
		s.row.Index = Index{Opened: t.Now, Expires: t.Now.Add(postLife)}
		if p.To.At != nil && p.Trail == "" || p.File != nil { // a paper is not kept a second time; a checkpoint is tried until it arrives
			s.row.Expires = t.Now.Add(replyLife)
		}
	}
	if err != nil {
		return fmt.Errorf("find post %s: %w", p.Key, err)
	}
	s.To, s.Under, s.Class, s.Message, s.In, s.File = p.To, p.Under, p.Class, p.Message, p.in, p.File
	s.About, s.Trail, s.Since, s.Wide = cmp.Or(p.About, t.Ref), p.Trail, t.Now, false
	s.row.State = ""
	if p.Class.Lane() <= scheduler.Escalation.Lane() {
		s.row.State = postDue
	}
	s.Edition++
	if err := s.put(ctx, t.tx, t.Org.ID); err != nil {
		return err
	}
	return t.tx.PutJob(ctx, s.job(t.Org.ID, due))
}

// job delivers the newest edition of a post.
func (s *stored) job(org OrgID, due time.Time) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Org: string(org), Kind: deliverKind, Name: s.row.Ref}, Due: due, Class: s.Class, About: string(s.About), Behind: true}
}

func readPost(ctx context.Context, tx Tx, org OrgID, key string) (*stored, error) {
	row, err := tx.Get(ctx, org, postKind, key)
	if err != nil {
		return nil, err
	}
	return storedPost(row)
}

func storedPost(row Row) (*stored, error) {
	s := &stored{row: row}
	if err := json.Unmarshal(row.Body, s); err != nil {
		return nil, fmt.Errorf("read post %s: %w", row.Ref, err)
	}
	return s, nil
}

func (s *stored) put(ctx context.Context, tx Tx, org OrgID) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("store post: %w", err)
	}
	s.row.Body = body
	if err := tx.Put(ctx, org, s.row); err != nil {
		return fmt.Errorf("store post %s: %w", s.row.Ref, err)
	}
	return nil
}

// replyByPost sends the reply to a place instead of a screen, and offers a form with a button that opens it.
func (b *Bot) replyByPost(ctx context.Context, t Turn, e Event, r Response) (Response, error) {
	m := r.Reply
	if r.Show != nil {
		if m == nil {
			m = Say(t.Say("bot.questions-wait"))
		}
		offer := *m
		offer.Body = append(append([]Block{}, r.Show.Intro...), m.Body...)
		m = (&offer).With(Button{Action: actionResume, Label: t.Say("bot.answer-questions"), Ref: Ref(r.Show.Session), Style: Primary})
	}
	if m == nil {
		return Response{}, nil
	}
	at := *e.ReplyTo
	return Response{}, t.post(ctx, Post{Key: "reply/" + e.Platform + "/" + e.ID, To: Audience{At: &at}, Class: scheduler.Escalation, Message: *m}, t.Now)
}
