package parts

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/mail"
	"shareright/bot/slack"
	"shareright/config"
	"shareright/internal/program"
	"shareright/internal/racing"
)

// noticeRuns is how many reports are made; SHARERIGHT_TEST_NOTICES makes it another number,
// and SHARERIGHT_TEST_NOTICE plays the run of one seed and tells what happened.
const noticeRuns = 150

const (
	reporter = "UJO"
	never    = 24 * time.Hour  // longer than anybody looks
	soon     = time.Minute     // by when somebody must have heard, 99 times of 100
	latest   = 5 * time.Minute // and by when every time
)

// A breach is reported while the best way to the people in charge does not work, and others
// neither. It counts from the moment at which the volunteer is told that the report is in,
// and some way works for good, to the first notice that arrives at somebody in charge. All
// of it runs in the bubble's clock: what the processor and the disk take is not in it.
func TestSomebodyHearsWithinAMinuteWhateverIsBroken(t *testing.T) {
	if racing.On {
		t.Skip("thousands of timers in a bubble break the race detector of Go 1.26 now and then: go test without -race")
	}
	made := template(t)
	all := All()
	seeds := noticeRuns
	if n, err := strconv.Atoi(os.Getenv("SHARERIGHT_TEST_NOTICES")); err == nil {
		seeds = n
	}
	from := 0
	if n, err := strconv.Atoi(os.Getenv("SHARERIGHT_TEST_NOTICE")); err == nil {
		from, seeds = n, n+1
	}
	var at, later []noticed
	for seed := from; seed < seeds; seed++ {
		var h noticed
		synctest.Test(t, func(t *testing.T) { h = newNotice(t, uint64(seed), made, all).play() })
		switch {
		case h.none:
			t.Errorf("seed %d: nobody heard, though a way works: %s", seed, h.what)
		case h.asked && h.clear == 0:
			at = append(at, h)
		case h.asked:
			later = append(later, h)
		}
		if h.asked && (from > 0 || h.took > soon) {
			t.Logf("seed %d: clear after %s; %s later in %s; %s", seed, h.clear, h.took, h.where, h.what)
		}
	}
	tell(t, "a way works all the time", at)
	tell(t, "every way fails at first; from when one works", later)
	if n := len(at) + len(later); n < (seeds-from)/2 {
		t.Errorf("only %d of %d runs say anything", n, seeds-from)
	}
	for _, runs := range [][]noticed{at, later} {
		if p := quantile(runs, 0.99); p.took > soon {
			t.Errorf("99 of 100 take up to %s, more than %s: seed %d, %s", p.took, soon, p.seed, p.what)
		}
		if p := quantile(runs, 1); p.took > latest {
			t.Errorf("one takes %s, more than %s: seed %d, %s", p.took, latest, p.seed, p.what)
		}
	}
}

var quietLog = slog.New(slog.DiscardHandler)

var runLog = func() *slog.Logger {
	if os.Getenv("SHARERIGHT_TEST_NOTICE") != "" {
		return slog.Default()
	}
	return quietLog
}()

// noticed is how one run ended.
type noticed struct {
	seed  uint64
	asked bool          // some way works in the end, and the best one did not at first
	none  bool          // and yet nothing came
	clear time.Duration // after the receipt, when the first way works for good
	took  time.Duration // from then, or from the receipt, to the first notice
	where string
	what  string // what was wrong
}

func quantile(runs []noticed, q float64) noticed {
	if len(runs) == 0 {
		return noticed{}
	}
	sorted := slices.SortedFunc(slices.Values(runs), func(a, b noticed) int { return cmp.Compare(a.took, b.took) })
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

func tell(t *testing.T, title string, runs []noticed) {
	ways := map[string]int{}
	for _, h := range runs {
		way, _, _ := strings.Cut(h.where, " ")
		ways[way]++
	}
	t.Logf("%s: %d runs; first heard by %v", title, len(runs), ways)
	for _, q := range []float64{0.5, 0.9, 0.95, 0.99, 1} {
		p := quantile(runs, q)
		t.Logf("  %3.0f of 100 within %5.1f s (seed %d, in %s)", 100*q, p.took.Seconds(), p.seed, p.where)
	}
}

// notice is one run: an organisation with some ways to those in charge, and what is wrong with them.
type notice struct {
	t     *testing.T
	seed  uint64
	r     *rand.Rand
	c     config.Config
	parts program.Parts
	box   *box

	slack, discord *service
	mail           *office
	home           string // the platform everybody is on; the lead may be on the other one too
	linked         bool
	ways           []way
	wrong          []string
	begin          time.Time
}

// way is a place in which somebody in charge can be told, and when it works for good.
type way struct {
	where string
	from  time.Time // zero: all the time
}

// template is a data folder as a new organisation has it, so that not every run makes one.
func template(t *testing.T) string {
	dir := inMemory(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)))
		c := config.Default()
		c.Data = dir
		p, err := program.Open(t.Context(), c, All(), program.Options{})
		if err == nil {
			err = p.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return dir
}

func copied(t *testing.T, from string) string {
	to := inMemory(t)
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(from, name)
		if err != nil || d.IsDir() {
			return cmp.Or(err, os.MkdirAll(filepath.Join(to, rel), 0o700))
		}
		raw, err := os.ReadFile(name)
		return cmp.Or(err, os.WriteFile(filepath.Join(to, rel), raw, 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func newNotice(t *testing.T, seed uint64, made string, all program.Parts) *notice {
	r := rand.New(rand.NewPCG(seed, 72))
	n := &notice{t: t, seed: seed, r: r, parts: all, c: config.Default(), box: &box{one: make(chan struct{})}}
	n.c.Data = copied(t, made)
	time.Sleep(time.Until(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)) + time.Duration(r.IntN(60*24*60))*time.Minute)
	n.begin = time.Now()
	n.slack = &service{name: "slack", box: n.box, gone: map[string]bool{}, how: "is_archived", chance: r}
	n.discord = &service{name: "discord", box: n.box, gone: map[string]bool{}, chance: r, once: map[string]string{}}
	n.mail = &office{box: n.box, gone: map[string]bool{}, grey: map[string]time.Time{}, chance: r}
	n.slack.outage, n.slack.slow = n.trouble("slack", limits, broken, hangs, cuts, mumbles, flaky, revoked)
	n.discord.outage, n.discord.slow = n.trouble("discord", limits, broken, hangs, cuts, mumbles, flaky, revoked)
	n.mail.outage, n.mail.slow = n.trouble("email", limits, broken, hangs, cuts, mumbles, flaky)
	n.mail.slow /= 4 // a letter takes many answers
	n.settle()
	return n
}

func (n *notice) maybe(p float64) bool { return n.r.Float64() < p }

// trouble is what is wrong with a server, and how slow it is.
func (n *notice) trouble(name string, kinds ...string) (outage, time.Duration) {
	var slow time.Duration
	if n.maybe(0.3) {
		slow = time.Duration(n.r.IntN(2000)) * time.Millisecond
	}
	if n.maybe(0.35) {
		return outage{}, slow
	}
	o := outage{what: kinds[n.r.IntN(len(kinds))], from: n.begin, to: n.begin.Add(never)}
	if n.maybe(0.2) { // it begins while the message is on its way
		o.from = n.begin.Add(time.Duration(n.r.IntN(20_000)) * time.Millisecond)
	}
	if o.what != revoked && n.maybe(0.5) {
		o.to = o.from.Add(time.Duration(n.r.ExpFloat64() * float64(2*time.Minute)))
	}
	if asked := []time.Duration{1, 2, 5, 10, 30, 60, 600}[n.r.IntN(7)] * time.Second; o.what == limits || o.what == flaky {
		o.patience = asked
	}
	what := fmt.Sprintf("%s %s from %s to %s", name, o.what, o.from.Sub(n.begin), o.to.Sub(n.begin))
	if o.patience > 0 {
		what += fmt.Sprintf(" (%s)", o.patience)
	}
	n.wrong = append(n.wrong, what)
	return o, slow
}

// settle gives the organisation its people, and takes some of them away again.
func (n *notice) settle() {
	org := &n.c.Organisations[0]
	n.home = []string{"slack", "slack", "discord"}[n.r.IntN(3)]
	home, other := n.slack, n.discord
	if n.home == "discord" {
		home, other = other, home
	}
	add := func(s *service, place string, p float64) {
		if n.maybe(p) {
			s.gone[place] = true
			n.wrong = append(n.wrong, fmt.Sprintf("%s is gone from %s", place, s.name))
		}
		n.way(s.name+" "+place, s.outage, s.gone[place], time.Time{})
	}
	if n.maybe(0.7) {
		org.Escalation = config.Contact{Platform: n.home, ID: "CLEADS"}
		n.slack.how = []string{"is_archived", "not_in_channel", "channel_not_found"}[n.r.IntN(3)]
		add(home, "CLEADS", 0.4)
	}
	org.Roles = map[string][]config.Contact{}
	for i, role := range []string{"dp-lead", "deputy", "trustee"} {
		if i > 0 && n.maybe(0.35) {
			continue
		}
		user := "U" + strings.ToUpper(role[:2])
		org.Roles[role] = []config.Contact{{Platform: n.home, ID: user}}
		add(home, user, 0.35)
		if n.linked = n.linked || i == 0 && n.maybe(0.5); i == 0 && n.linked {
			add(other, user, 0.2)
		}
		if i < 2 && n.maybe(0.6) {
			n.address(org, role)
		}
	}
}

// address gives a role an e-mail address, which may be of nobody or put off for a time.
func (n *notice) address(org *config.Organisation, role string) {
	to := role + "@example.org"
	org.Emails[role] = []string{to}
	switch {
	case n.maybe(0.2):
		n.mail.gone[to] = true
		n.wrong = append(n.wrong, to+" is refused")
	case n.maybe(0.4):
		n.mail.grey[to] = n.begin.Add(time.Duration(n.r.IntN(300)) * time.Second)
		n.wrong = append(n.wrong, fmt.Sprintf("%s is put off until %s", to, n.mail.grey[to].Sub(n.begin)))
	}
	n.way("email "+to, n.mail.outage, n.mail.gone[to], n.mail.grey[to])
}

func (n *notice) way(where string, o outage, gone bool, from time.Time) {
	if until := o.to.Add(o.patience); o.to.After(from) { // a platform that asks for patience is left alone for that long
		from = until
	}
	if gone {
		from = n.begin.Add(never)
	}
	n.ways = append(n.ways, way{where, from})
}

// open starts the program over the servers of this run.
func (n *notice) open() *program.Program {
	p, err := program.Open(n.t.Context(), n.c, n.parts, program.Options{Log: runLog})
	if err != nil {
		n.t.Fatal(err)
	}
	client := func(s *service) *http.Client { return &http.Client{Transport: s, Timeout: 10 * time.Second} }
	s, err := slack.New(slack.Config{BotToken: "xoxb-example", SigningSecret: "example", Transport: slack.HTTP, Client: client(n.slack), Log: quietLog})
	if err != nil {
		n.t.Fatal(err)
	}
	d, err := discord.New(discord.Config{Token: "example", GuildID: "1", Client: client(n.discord), Log: quietLog})
	if err != nil {
		n.t.Fatal(err)
	}
	m, err := mail.New(mail.Config{Server: "127.0.0.1:25", TLS: mail.Open, From: "bot@example.org", Dial: n.mail.dial})
	if err != nil {
		n.t.Fatal(err)
	}
	for _, platform := range []bot.Platform{s, d, m} {
		p.Bot.Attach(platform)
	}
	if n.linked {
		there := map[string]string{"slack": "discord", "discord": "slack"}[n.home]
		row := bot.Row{Kind: bot.AliasKind, Ref: there + ":UDP", Index: bot.Index{Owner: bot.PersonID(n.home + ":UDP")}}
		if err := p.Store.Update(n.t.Context(), func(tx bot.Tx) error { return tx.Put(n.t.Context(), "main", row) }); err != nil {
			n.t.Fatal(err)
		}
	}
	return p
}

// play makes a report and waits until somebody has heard of it.
func (n *notice) play() noticed {
	h := noticed{seed: n.seed, what: n.home + "; " + strings.Join(n.wrong, "; ")}
	works := slices.MinFunc(n.ways, func(a, b way) int { return a.from.Compare(b.from) })
	h.clear = max(works.from.Sub(n.begin), 0)
	if h.asked = h.clear < never && n.ways[0].from.After(n.begin); !h.asked {
		return h
	}
	p := n.open()
	defer p.Close()
	ctx, stop := context.WithCancel(n.t.Context())
	over := make(chan error)
	go func() { over <- p.Runner.Run(ctx) }()
	ref := n.report(p)
	n.box.waitFor(ref)
	select {
	case <-n.box.one:
	case <-time.After(h.clear + 20*time.Minute):
		h.none = true
	}
	stop()
	<-over
	if runLog != quietLog {
		_ = p.Store.Entries(n.t.Context(), "main", func(_ int64, e bot.Entry) error {
			n.t.Logf("%6.1f %s %s", e.At.Sub(n.begin).Seconds(), e.What, e.Note)
			return nil
		})
	}
	n.box.mu.Lock()
	defer n.box.mu.Unlock()
	if len(n.box.odd) > 0 {
		n.t.Errorf("seed %d: no server here knows %q", n.seed, n.box.odd)
	}
	first, _ := n.box.first()
	h.where, h.took = first.place, max(first.at.Sub(n.begin.Add(h.clear)), 0)
	return h
}

// report is what the volunteer does: the shortest report. It takes no time in the bubble.
func (n *notice) report(p *program.Program) string {
	do := func(what bot.Deed) bot.Response {
		r, err := p.Bot.Handle(n.t.Context(), bot.Event{Platform: n.home, User: reporter, What: what})
		if err != nil {
			n.t.Fatal(err)
		}
		return r
	}
	r := do(bot.Ran{Command: "breach"})
	for !r.Done {
		answers := map[string][]string{}
		if r.Show.Page == "what" {
			answers["cause"] = []string{"lost"}
		}
		r = do(bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers})
	}
	if took := time.Since(n.begin); took > 0 {
		n.t.Fatalf("seed %d: the volunteer waited %s", n.seed, took)
	}
	_, ref, found := strings.Cut(strings.TrimSuffix(r.Reply.Title, "."), "Reported as ")
	if !found {
		n.t.Fatalf("no receipt but %q", r.Reply.Title)
	}
	return ref
}
