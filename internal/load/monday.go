package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	_ "github.com/mattn/go-sqlite3" // the bot's database, while the bot is off
)

// ahead is how long before everything is due the bot is started.
const ahead = 3 * time.Second

// monday lets each of 300 organisations report a breach, and then makes everything that
// waits in all of them due in the same second. It tells when each lead has heard.
func (r run) monday(ctx context.Context) error {
	const organisations = 300
	w, err := newWorld(r.binary, organisations, 0)
	if err != nil {
		return err
	}
	defer w.close()
	if _, err := w.start(ctx); err != nil {
		return err
	}
	for n := range organisations {
		w.add(n, int(reports), false)
	}
	for w.slack.heard() < organisations && ctx.Err() == nil {
		w.drive(ctx, w.quiet, 30, 10*time.Second)
	}
	if lost, doubled := w.judge(); lost+doubled > 0 {
		return fmt.Errorf("%d lost and %d doubled before it began", lost, doubled)
	}
	w.end(syscall.SIGTERM)
	due := time.Now().Add(ahead)
	jobs, err := allDue(ctx, filepath.Join(w.dir, "data", "shareright.db"), due)
	if err != nil {
		return err
	}
	w.slack.forget()
	w.cpu = 0
	if _, err := w.start(ctx); err != nil {
		return err
	}
	time.Sleep(time.Until(due))
	calls, idle := w.slack.calls.Load(), w.usage()
	var all time.Duration
	for all == 0 && time.Since(due) < 10*time.Minute && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
		if w.slack.heard() == organisations {
			all = time.Since(due)
		}
	}
	spent := w.usage()
	w.slack.mu.Lock()
	defer w.slack.mu.Unlock()
	fmt.Printf("%d jobs due at once; %d of %d leads heard within %.1f s, with %d calls and %.1f s of processor (%.0f of 100 of one core); load average %s\n", jobs,
		len(w.slack.told), organisations, all.Seconds(), w.slack.calls.Load()-calls, (spent.cpu - idle.cpu).Seconds(), 100*(spent.cpu-idle.cpu).Seconds()/all.Seconds(), busy())
	if all == 0 {
		return fmt.Errorf("%d leads did not hear", organisations-len(w.slack.told))
	}
	return nil
}

// allDue makes every job in a database due at one time, and counts them.
func allDue(ctx context.Context, file string, due time.Time) (int64, error) {
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	done, err := db.ExecContext(ctx, `UPDATE jobs SET due = ?, leased = 0, token = 0`, due.UnixMilli())
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
