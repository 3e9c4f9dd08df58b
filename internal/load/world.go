package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// world is the bot with everybody around it.
type world struct {
	binary, dir, address string
	slack                *slack
	client               *http.Client
	quiet, noisy         pool
	people               []*person

	mu  sync.Mutex
	bot *exec.Cmd

	acks, seen                                                     spans
	sent, failed, gaveUp, waited, doubled, finished, refused, late atomic.Int64
	cpu                                                            time.Duration // of bots that have ended
}

func teamName(n int) string { return fmt.Sprintf("T0%05d", n) }

// newWorld makes organisations with so many people each, in a fresh data folder.
func newWorld(binary string, organisations, each int) (*world, error) {
	dir, err := os.MkdirTemp("", "shareright-load-")
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &world{binary: binary, dir: dir, address: listener.Addr().String(), slack: newSlack(),
		client: &http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 500, MaxIdleConns: 500}},
		quiet:  newPool(), noisy: newPool()}
	var settings strings.Builder
	fmt.Fprintf(&settings, "http_addr: %s\nlog: error\nslack: {transport: http, api_url: %q}\norganisations:\n", w.address, w.slack.http.URL+"/api/")
	for n := range organisations {
		fmt.Fprintf(&settings, "  - {id: org-%d, name: Example Charity %d, workspaces: [\"slack:%s\"], roles: {dp_lead: \"slack:U0LEAD%d\"}}\n", n, n, teamName(n), n)
		for i := range each {
			w.add(n, i, false)
		}
	}
	return w, errors.Join(listener.Close(), os.WriteFile(w.settings(), []byte(settings.String()), 0o600))
}

func (w *world) settings() string { return filepath.Join(w.dir, "settings.yaml") }

func (w *world) add(team, i int, noisy bool) {
	p := &person{user: fmt.Sprintf("U0P%dX%d", team, i), team: teamName(team), does: life(i % int(lives)), noisy: noisy, world: w, changed: make(chan struct{}, 16)}
	if noisy {
		p.user = "U0N" + p.user[3:]
	}
	w.slack.people[p.user] = p
	w.people = append(w.people, p)
	if noisy {
		w.noisy.resting <- p
		return
	}
	w.quiet.resting <- p
}

// pool is people who take turns: as many as there are steps in a second are in the middle of
// something, and the others rest.
type pool struct{ resting, middle chan *person }

// crowdMost is more people than any load has.
const crowdMost = 30_000

func newPool() pool { return pool{make(chan *person, crowdMost), make(chan *person, crowdMost)} }

// take gives somebody who may take a step now; nil when everybody waits for the bot.
func (c pool) take(middle int) *person {
	first, second := c.middle, c.resting
	if len(c.middle) < middle {
		first, second = c.resting, c.middle
	}
	for _, from := range []chan *person{first, second} {
		select {
		case p := <-from:
			return p
		default:
		}
	}
	return nil
}

func (c pool) giveBack(p *person, done bool) {
	if done {
		c.resting <- p
		return
	}
	c.middle <- p
}

// start starts the bot and waits until it is ready. It tells how long that took.
func (w *world) start(ctx context.Context) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, w.binary, "serve")
	cmd.Env = append(os.Environ(), "SHARERIGHT_CONFIG="+w.settings(), "SHARERIGHT_DATA="+filepath.Join(w.dir, "data"), "SHARERIGHT_METRICS_ADDR=127.0.0.1:0",
		"SLACK_BOT_TOKEN="+botToken, "SLACK_SIGNING_SECRET="+signingSecret)
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	w.mu.Lock()
	w.bot = cmd
	w.mu.Unlock()
	for time.Since(began) < time.Minute {
		answer, err := w.client.Get("http://" + w.address + "/readyz")
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return time.Since(began), nil
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	return 0, errors.New("the bot did not become ready within a minute")
}

// end ends the bot with a signal, and keeps what it used.
func (w *world) end(with os.Signal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bot == nil {
		return
	}
	w.cpu += usage(w.bot.Process.Pid).cpu
	_ = w.bot.Process.Signal(with)
	_ = w.bot.Wait() // ended on purpose
	w.bot = nil
}

func (w *world) usage() used {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bot == nil {
		return used{cpu: w.cpu}
	}
	u := usage(w.bot.Process.Pid)
	u.cpu += w.cpu
	return u
}

// drive lets people act at a rate a second for a while. Steps begin when they are due, however
// long others take; who is not done yet is not asked again.
func (w *world) drive(ctx context.Context, from pool, rate float64, length time.Duration) {
	var steps sync.WaitGroup
	began := time.Now()
	for n := 0; ; n++ {
		due := began.Add(time.Duration(float64(n) / rate * float64(time.Second)))
		if due.Sub(began) > length || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Until(due))
		p := from.take(int(rate))
		if p == nil {
			w.late.Add(1)
			continue
		}
		w.sent.Add(1)
		steps.Go(func() { from.giveBack(p, p.step(due)) })
	}
	steps.Wait()
}

// close ends the bot as an operator does, and takes the folder away.
func (w *world) close() {
	w.end(syscall.SIGTERM)
	w.slack.http.Close()
	_ = os.RemoveAll(w.dir)
}

// judge counts what was acknowledged and is nowhere: questions without an answer, and breaches
// that somebody holds a receipt for and no lead heard of. And what is there twice as if it were new.
func (w *world) judge() (lost, doubled int) {
	for range 100 { // cards come through the queue, after the receipt
		if lost, doubled = w.count(); lost == 0 {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	return lost, doubled + int(w.doubled.Load())
}

func (w *world) count() (lost, doubled int) {
	w.slack.mu.Lock()
	defer w.slack.mu.Unlock()
	for _, p := range w.people {
		var team int
		_, _ = fmt.Sscanf(p.team, "T0%05d", &team)
		unanswered, refs := p.held()
		lost += unanswered
		for _, ref := range refs {
			if w.slack.cards[fmt.Sprintf("%d %s", team, ref)] == 0 {
				lost++
			}
		}
	}
	for _, n := range w.slack.cards {
		doubled += n - 1
	}
	return lost, doubled
}

// held is how many acknowledged questions have no answer, and the references the person was told.
func (p *person) held() (unanswered int, refs []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.acked-p.replies-p.repeats), append([]string(nil), p.receipts...)
}
