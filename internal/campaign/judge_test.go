//go:build failpoint

package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/handlers/breach"
	"shareright/internal/store"
	knowledge "shareright/knowledge/breach"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

const org = "main"

// masterKey seals the databases of the campaign.
var masterKey = strings.Repeat("5a", 32)

// scene is what the database holds at one moment.
type scene struct {
	now      time.Time // of the program's clock
	cases    map[bot.Ref]breach.Breach
	jobs     []scheduler.Job
	posts    map[string]outgoing
	held     map[bot.Ref][]held // messages that lie ready, by the case they are about
	damage   []string           // what the database's own check and the audit trail complain of
	sessions int
}

// outgoing is a post as the engine keeps it, as far as the campaign reads it.
type outgoing struct {
	Class scheduler.Class
	To    bot.Audience
	Sent  []arrived
}

// arrived is where a post stands.
type arrived struct {
	At bot.Address
	ID bot.MessageID
}

// scene reads the database as death has left it. SQLite's files are copied first, so that
// the program finds them as they are and recovers by itself. While the program runs the
// database is opened beside it.
func (r *round) scene(running bool) (scene, error) {
	ctx := context.Background()
	keys, err := store.ParseKeys(masterKey)
	if err != nil {
		return scene{}, err
	}
	o := store.Options{URL: r.url, Dir: r.data(), Keys: keys, NoMigrate: true}
	if r.url == "" && !running {
		if o.Dir, err = os.MkdirTemp(r.dir, "look-"); err != nil {
			return scene{}, err
		}
		defer os.RemoveAll(o.Dir)
		if err := copyFiles(r.data(), o.Dir, "shareright.db", "shareright.db-wal"); err != nil {
			return scene{}, err
		}
	}
	s, err := store.Open(ctx, o)
	if err != nil {
		return scene{}, err
	}
	defer s.Close()
	got := scene{now: time.Now().Add(r.ahead), cases: map[bot.Ref]breach.Breach{}, posts: map[string]outgoing{}}
	if got.damage, err = s.Check(ctx); err != nil {
		return got, err
	}
	return got, s.View(ctx, func(tx bot.Tx) error { return got.read(ctx, tx) })
}

func (s *scene) read(ctx context.Context, tx bot.Tx) (err error) {
	if s.jobs, err = tx.Pending(ctx, org, ""); err != nil {
		return err
	}
	sessions, err := tx.Find(ctx, org, bot.Query{Kind: "session", Limit: 100_000})
	if err != nil {
		return err
	}
	s.sessions = len(sessions)
	rows, err := tx.Find(ctx, org, bot.Query{Kind: "breach", Limit: 100_000})
	if err != nil {
		return err
	}
	for _, row := range rows {
		var b breach.Breach
		if err := json.Unmarshal(row.Body, &b); err != nil {
			return err
		}
		s.cases[bot.Ref(row.Ref)] = b
	}
	if rows, err = tx.Find(ctx, org, bot.Query{Kind: aheadRow, Limit: 100_000}); err != nil {
		return err
	}
	if s.held, err = readHeld(rows); err != nil {
		return err
	}
	if rows, err = tx.Find(ctx, org, bot.Query{Kind: "post", Limit: 100_000}); err != nil {
		return err
	}
	for _, row := range rows {
		var p outgoing
		if err := json.Unmarshal(row.Body, &p); err != nil {
			return err
		}
		s.posts[row.Ref] = p
	}
	return nil
}

// undelivered are the posts that are still on their way.
func (s scene) undelivered() map[string]bool {
	waiting := map[string]bool{}
	for _, job := range s.jobs {
		if job.Kind == "deliver" {
			waiting[job.Name] = true
		}
	}
	return waiting
}

func copyFiles(from, to string, names ...string) error {
	for _, name := range names {
		in, err := os.Open(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		out, err := os.Create(filepath.Join(to, name))
		if err == nil {
			_, err = io.Copy(out, in)
			err = errors.Join(err, out.Close())
		}
		if err := errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	return nil
}

// judgment collects what is wrong.
type judgment []violation

func (j *judgment) wrong(invariant, format string, args ...any) {
	*j = append(*j, violation{invariant, fmt.Sprintf(format, args...)})
}

// judge compares a scene with the ledger. It holds at every moment, also in the middle of a story.
func (s scene) judge(l *ledger) (j judgment) {
	reports, _, deeds := l.copied()
	for _, what := range s.damage {
		j.wrong("I5", "%s", what)
	}
	refs := map[int]bot.Ref{}
	for ref, b := range s.cases {
		if b.People == nil {
			j.wrong("I4", "%s has lost the number of people that was typed", ref)
			continue
		}
		n := *b.People
		rep, known := reports[n]
		switch {
		case !known || !rep.Sent:
			j.wrong("I2", "%s is stored, and report %d was never sent", ref, n)
		case refs[n] != "":
			j.wrong("I1", "report %d is stored twice: %s and %s", n, refs[n], ref)
		}
		refs[n] = ref
		if b.Story != story(n) || b.Cause == "" || rep.Found != "" && b.Found.IsZero() {
			j.wrong("I4", "%s has lost answers: %q, %q, %v", ref, b.Cause, b.Story, b.Found)
		}
		s.judgeClock(&j, ref, b)
		s.judgeDeeds(&j, ref, b, deeds)
	}
	for n, rep := range reports {
		if rep.Acked && refs[n] == "" {
			j.wrong("I1", "report %d of %s was acknowledged and is lost", n, rep.User)
		}
	}
	return j
}

// judgeClock looks for each milestone that is still to come, once, and for none after the end.
func (s scene) judgeClock(j *judgment, ref bot.Ref, b breach.Breach) {
	waiting := map[string]int{}
	chases := 0
	for _, job := range s.jobs {
		switch {
		case job.About != string(ref):
		case job.Kind == "breach.milestone":
			waiting[job.Name]++
		case job.Kind == "breach.chase":
			chases++
		}
	}
	running := b.State != "closed" && b.State != "joined" && b.ICOAt.IsZero() && (b.Decision == nil || b.Decision.ICO == "yes")
	if !running {
		if len(waiting)+chases > 0 {
			j.wrong("I3", "%s is %s and its clock still runs: %v, %d chases", ref, b.State, waiting, chases)
		}
		return
	}
	if chases != 1 {
		j.wrong("I3", "%s is open and has %d chases", ref, chases)
	}
	left := append(slices.Clone(knowledge.Remaining[:]), 0)
	for _, hours := range left {
		at, name := b.Aware.Add(knowledge.Limit-hours), fmt.Sprintf("%s/%dh", ref, int(hours.Hours()))
		told := b.Warned != nil && *b.Warned <= int(hours.Hours())
		switch {
		case waiting[name] == 1 || told:
		case at.After(b.Reported):
			j.wrong("I3", "%s has no milestone with %v left, which is at %v", ref, hours, at)
		}
	}
}

// judgeDeeds looks for one line in the timeline for each thing the lead did and saw acknowledged.
func (s scene) judgeDeeds(j *judgment, ref bot.Ref, b breach.Breach, deeds map[deed]bool) {
	lines := map[string]int{}
	for _, line := range b.Log {
		lines[kindOf(line.What)]++
	}
	for what, n := range map[string]int{"take": lines["take"], "decide": lines["decide"], "tell": lines["tell"], "close": lines["close"], "report": lines["report"]} {
		acked, tried := deeds[deed{ref, what}]
		most := 1
		if what == "take" {
			most += lines["silent"] // who was silent may take it on again
		}
		switch {
		case what == "report":
			if n != 1 {
				j.wrong("I1", "%s was reported %d times", ref, n)
			}
		case acked && n == 0:
			j.wrong("I1", "%q of %s was acknowledged and is lost", what, ref)
		case n > most:
			j.wrong("I1", "%q of %s was done %d times", what, ref, n)
		case n > 0 && !tried:
			j.wrong("I2", "%q of %s was done by nobody", what, ref)
		}
	}
	if b.Decision == nil && deeds[deed{ref, "decide"}] || b.State != "closed" && deeds[deed{ref, "close"}] {
		j.wrong("I1", "%s is %s after what was acknowledged", ref, b.State)
	}
}

// kindOf says what a line of a timeline tells of.
func kindOf(text string) string {
	for kind, key := range map[string]string{"take": "breach.log-taken", "report": "breach.log-reported", "decide": "breach.line-decided",
		"tell": "breach.line-told", "close": "breach.line-closed", "silent": "breach.log-silent"} {
		if like(text, words.Say("en", key)) {
			return kind
		}
	}
	return text
}

var gap = regexp.MustCompile(`\{[a-z]+\}`)

// like says whether a text is a sentence with its gaps filled in.
func like(text, sentence string) bool {
	for _, part := range gap.Split(sentence, -1) {
		_, rest, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}
