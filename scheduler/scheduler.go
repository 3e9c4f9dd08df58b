// Package scheduler makes things happen at the right time, and happen once: durable
// jobs with a lease, recurring schedules, and legal clocks with milestones.
//
// A job is a row in a store, never a timer in memory, so a restart loses nothing.
// What a job does is not known here: the runner hands it to a Worker, which finishes
// the job in the same transaction as its effect. SQL lives in internal/store.
package scheduler

import (
	"context"
	"errors"
	"time"
)

// Class says how much a job matters: which one goes first, and what happens to it when
// its time passed while the program was down.
type Class string

const (
	Statutory  Class = "statutory"  // a legal clock: late is told at once, all missed ones in one message
	Escalation Class = "escalation" // a person must be reached: the latest step runs, quiet hours ignored
	Routine    Class = "routine"    // a review or training reminder: waits for the next working morning
	Digest     Class = "digest"     // many people or a summary: dropped when more than a day late
	Cosmetic   Class = "cosmetic"   // a card to redraw: dropped when late, never repeated
)

// Lane is the order in which due jobs are taken, 0 first. An urgent job never waits behind a bulk one.
func (c Class) Lane() int {
	switch c {
	case Statutory:
		return 0
	case Escalation:
		return 1
	case Digest:
		return 3
	}
	return 2
}

// Key names a job. There is at most one pending job a key, so asking twice is harmless.
type Key struct {
	Org  string
	Kind string // which worker it is for, such as "deliver" or "breach.milestone"
	Name string // unique within the kind, such as "BR-7K3Q/48h"
}

// Job is one thing to do at one time. Its body holds references, never people's answers.
type Job struct {
	Key
	Due   time.Time
	Class Class
	About string // the record it is about, a reference such as "BR-7K3Q"; may be empty
	Body  []byte // small JSON, or nothing

	// Behind lets a claim on the pending job of the same key stand while its lease holds, so that
	// the same thing is not done by two at once. Whoever has it in hand puts the job again after.
	Behind bool

	Try   int   // how often it was claimed, this time included
	Token int64 // the claim that holds it; who finishes a job must still hold its claim
}

// ErrLost says that the claim on a job is gone: it was stopped, replaced, or taken over by another runner.
var ErrLost = errors.New("the claim on the job is gone")

// Queue is the part of a store's transaction that holds jobs.
type Queue interface {
	// PutJob adds a job, or replaces the pending one of the same key and ends any claim on it, unless the job is to stand Behind.
	PutJob(ctx context.Context, job Job) error
	// StopJob removes the pending job of this key. It is no error when there is none.
	StopJob(ctx context.Context, key Key) error
	// FinishJob removes a claimed job. It returns ErrLost when the claim is gone.
	FinishJob(ctx context.Context, job Job) error
	// Holds returns ErrLost when the claim is gone, or its lease has ended at this time. Whoever
	// was held up asks before anything leaves that cannot be taken back.
	Holds(ctx context.Context, job Job, at time.Time) error
	// Pending lists an organisation's pending jobs about one record, or all of them when about is empty, by due time.
	Pending(ctx context.Context, org, about string) ([]Job, error)
}

// Claim asks for due jobs.
type Claim struct {
	Now   time.Time
	Lease time.Duration // how long the claim holds; then the job may be claimed again
	Limit int
	Lanes int // only jobs in lanes below this number; 0 means all
}

// Store is what a runner needs from the database. Each call is a transaction of its own.
type Store interface {
	// ClaimJobs takes due jobs, lane by lane and then by due time, and counts the try.
	// No job is handed to two claimants while its lease holds.
	ClaimJobs(ctx context.Context, claim Claim) ([]Job, error)
	// NextJob says when the earliest pending job can be claimed: its due time, or the end of its lease.
	NextJob(ctx context.Context) (at time.Time, any bool, err error)
	// PutBack gives a claimed job back, to be claimed again from due on, and keeps the reason for the operator.
	// It is no error when the claim is gone.
	PutBack(ctx context.Context, job Job, due time.Time, reason string) error
}

// Clock is a legal limit that runs in elapsed time, through nights, weekends and clock
// changes, such as the 72 hours of Article 33(1) UK GDPR.
type Clock struct {
	From  time.Time
	Limit time.Duration
	Warn  []time.Duration // time left at which somebody is told, longest first
}

// Milestone is a moment of a clock at which somebody is told.
type Milestone struct {
	Left time.Duration // zero at the end of the clock
	At   time.Time
}

// End is when the limit is reached.
func (c Clock) End() time.Time { return c.From.Add(c.Limit) }

// Left is the time that remains at now; it is negative once the limit has passed.
func (c Clock) Left(now time.Time) time.Duration { return c.End().Sub(now) }

// Milestones lists every warning and the end itself, earliest first.
func (c Clock) Milestones() []Milestone {
	stones := make([]Milestone, 0, len(c.Warn)+1)
	for _, left := range append(append([]time.Duration{}, c.Warn...), 0) {
		stones = append(stones, Milestone{Left: left, At: c.End().Add(-left)})
	}
	return stones
}
