//go:build failpoint

package campaign

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
	"shareright/bot/mail/mailtest"
	"shareright/bot/slack/slacktest"
)

// round is one fresh database with a Slack and a Discord, and many deaths.
type round struct {
	t      *testing.T
	dir    string
	url    string // of PostgreSQL; empty for SQLite
	mutant string // a fault that is switched on
	cut    *power // with the power goes what the disk was not told to keep; nil for a kill only

	slack   *slacktest.Server
	discord *discordtest.Server
	mail    *mailtest.Server
	post    []string // the settings with which the program finds the mail server
	book    *ledger
	tally   *tally
	ahead   time.Duration // how far the program's clock is ahead of ours
	channel bool          // the leads have a channel of their own
	deaf    bool          // nobody can write to the lead in Slack any more
	lives   int
	until   time.Time     // nobody is killed after this, if it is set
	lease   time.Duration // how long a claim holds; 0 for what the program does by itself

	mu      sync.Mutex
	chance  *rand.Rand
	up      chan struct{} // closed while the program runs
	done    chan struct{} // closed at the end of the round
	closing chan struct{} // closed when nobody begins anything new
	number  int
	taken   map[bot.Ref]bool       // cases that somebody leads
	cases   []bot.Ref              // that the last look found open
	posted  map[bot.MessageID]bool // by Slack itself, of what was left with it for later
	spoke   map[string][]string    // the same, by channel
	alive   *life                  // the last one born
	crowded *sync.WaitGroup        // the people, once they act
}

// newRound makes everything but the program. The seed decides all that chance decides here.
func newRound(t *testing.T, seed uint64, postgres bool, a *tally) *round {
	t.Helper()
	r := &round{t: t, dir: folder(t), tally: a, chance: rand.New(rand.NewPCG(seed, 8)), up: make(chan struct{}), done: make(chan struct{}), closing: make(chan struct{}), taken: map[bot.Ref]bool{},
		posted: map[bot.MessageID]bool{}, spoke: map[string][]string{}}
	if postgres {
		r.url = schema(t)
	}
	r.slack, r.discord = slacktest.New(t), discordtest.New(t)
	r.slack.Hasty, r.discord.Hasty = true, true
	r.mail, r.post = newMail(t, r.dir)
	r.book = newLedger(t, filepath.Join(r.dir, "ledger.jsonl"))
	r.channel = r.roll(2) == 0
	t.Cleanup(r.over)
	return r
}

// deafen has chat reach the lead no more: what is for them goes by e-mail, and to the deputy as well.
func (r *round) deafen() {
	r.channel, r.deaf = false, true
	r.slack.Gone = map[string]string{lead: "user_disabled"}
}

// over ends what a round leaves behind that came to no good end: a process with its connections, and people who still act.
func (r *round) over() {
	if r.alive != nil {
		r.alive.kill()
	}
	r.close(r.closing)
	r.close(r.done)
	if r.crowded != nil {
		r.crowded.Wait()
	}
}

// close closes a channel that may be closed already.
func (r *round) close(c chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-c:
	default:
		close(c)
	}
}

// roll is a number below n.
func (r *round) roll(n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.chance.IntN(n)
}

func (r *round) data() string { return filepath.Join(r.dir, "data") }
func (r *round) log() string  { return filepath.Join(r.dir, "log") }

// environment is what the program is started with.
func (r *round) environment() []string {
	env := []string{"SHARERIGHT_DATA=" + r.data(), "SHARERIGHT_DATABASE_URL=" + r.url, "SHARERIGHT_MASTER_KEY=" + masterKey, "SHARERIGHT_MUTANT=" + r.mutant,
		"SHARERIGHT_HTTP_ADDR=127.0.0.1:0", "SHARERIGHT_METRICS_ADDR=127.0.0.1:0", "SHARERIGHT_LOG=warn",
		"SLACK_API_URL=" + r.slack.URL(), "SLACK_BOT_TOKEN=" + slacktest.BotToken, "SLACK_APP_TOKEN=" + slacktest.AppToken,
		"DISCORD_API_URL=" + r.discord.URL(), "DISCORD_TOKEN=" + discordtest.Token, "DISCORD_GUILD_ID=" + discordtest.Guild, "DISCORD_APPLICATION_ID=" + discordtest.App,
		"SHARERIGHT_DP_LEAD=slack:" + lead, "SHARERIGHT_DEPUTY=discord:800", "SHARERIGHT_TRUSTEE=slack:U0TRUSTEE", "SHARERIGHT_SAFEGUARDING_LEAD=slack:U0SAFE",
		"SHARERIGHT_TEST_AHEAD=" + r.ahead.String(), "SHARERIGHT_TEST_LEASE=" + r.lease.String()}
	if r.channel {
		env = append(env, "SHARERIGHT_ESCALATION_CHANNEL=slack:C0ALERTS")
	}
	if r.cut != nil {
		env = append(env, r.cut.environment()...)
	}
	return append(env, r.post...)
}

// awaitUp waits until the program runs. It returns false when the round is over.
func (r *round) awaitUp() bool {
	r.mu.Lock()
	up := r.up
	r.mu.Unlock()
	select {
	case <-r.done:
		return false
	default:
	}
	select {
	case <-up:
		return true
	case <-r.done:
		return false
	}
}

func (r *round) isUp(yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if yes {
		close(r.up)
	} else {
		r.up = make(chan struct{})
	}
}

// start begins a life and waits until people can reach it, or it is over. A moment of our
// own choosing may come before that.
func (r *round) start(moment time.Duration, more ...string) *life {
	r.t.Helper()
	r.lives++
	for _, k := range r.slack.Pass(time.Now().Add(r.ahead)) {
		r.posted[inChannel(k)] = true
		r.spoke[k.Channel] = append(r.spoke[k.Channel], k.Text)
		r.tally.came(1, "messages that Slack posted by itself, while the program was silent")
	}
	l, err := bear(r.log(), append(r.environment(), more...)...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.alive = l
	r.book.note(line{Life: r.lives, What: "started", More: more})
	late := time.After(2 * time.Minute)
	var now <-chan time.Time
	if moment > 0 {
		now = time.After(moment)
	}
	for r.slack.Open() < 2 || !r.discord.Connected() {
		select {
		case <-l.over:
			return l
		case <-now:
			return l
		case <-late:
			l.kill()
			r.t.Fatalf("the program does not come up:\n%s", tail(r.log()))
		case <-time.After(2 * time.Millisecond):
		}
	}
	r.tally.longest(time.Since(l.began), 0)
	return l
}

// gone waits until the fakes have noticed a death.
func (r *round) gone() {
	for limit := time.Now().Add(5 * time.Second); (r.slack.Open() > 0 || r.discord.Connected()) && time.Now().Before(limit); {
		time.Sleep(time.Millisecond)
	}
}

// fate is how one life will end.
type fate struct {
	place  string        // where, or "" for a moment
	nth    int           // at which hit of the place
	moment time.Duration // after the start; for a life that ends while it recovers
	again  bool          // it dies while it recovers from the last death
}

// most is at which hit of a place at most a life ends: what happens often is let happen more often.
var most = map[string]int{"F3": 60, "F2": 8, "F4": 8, "F6": 4, "F9": 6, "F10": 6, "F11": 6, "F18": 6, "F12": 4, "F13": 4, "F14": 4}

// waking are the places that a program comes to by itself while it recovers.
var waking = []string{"F3", "F12", "F13", "F14", "F15", "F16"}

// anyMoment is where a life ends that ends at no place.
const anyMoment = "any moment"

// patience is how long a life lasts that never comes to its place.
const patience = 1500 * time.Millisecond

// live is one life and its death. It returns where it died.
func (r *round) live(f fate) string {
	r.t.Helper()
	var l *life
	if f.place != "" {
		l = r.start(0, fmt.Sprintf("SHARERIGHT_FAILPOINT=%s:%d", f.place, f.nth))
	} else {
		l = r.start(f.moment)
	}
	wait := patience
	if f.place == "" {
		wait = max(time.Millisecond, f.moment-time.Since(l.began))
	}
	r.isUp(true)
	select {
	case <-l.over:
	case <-time.After(wait):
		l.kill()
	}
	r.isUp(false)
	if err := l.fault(); err != nil {
		r.t.Fatalf("%v\n%s", err, tail(r.log()))
	}
	at := anyMoment
	if l.byItself() {
		at = f.place
	}
	r.book.note(line{Life: r.lives, What: "killed", Of: at})
	r.tally.died(at, f.again, l.took())
	r.gone()
	if r.cut != nil {
		if err := r.cut.lose(); err != nil {
			r.t.Fatal(err)
		}
	}
	return at
}

// look compares the database with the ledger, and gives the lead new cases.
func (r *round) look(at string) judgment {
	r.t.Helper()
	s, err := r.scene(false)
	if err != nil {
		r.t.Fatalf("look at the database after a death at %s: %v", at, err)
	}
	r.mu.Lock()
	r.cases = nil
	for ref, b := range s.cases {
		if b.State == "open" && !r.taken[ref] {
			r.cases = append(r.cases, ref)
		}
	}
	r.mu.Unlock()
	j := s.judge(r.book)
	s.judgeKept(&j, r.slack.Kept(), r.posted, false)
	r.tally.found(at, len(j))
	for _, v := range j {
		r.book.note(line{Life: r.lives, What: "violation", Of: v.Invariant, More: v.What})
	}
	return j
}

// later moves the program's clock on between two lives: not at all, by more than a lease, or by hours.
func (r *round) later() {
	switch r.roll(8) {
	case 0, 1:
		r.ahead += time.Duration(31+r.roll(60)) * time.Second
	case 2:
		r.ahead += time.Duration(1+r.roll(90)) * time.Minute
	}
}

// crowd lets people act until the round is over.
func (r *round) crowd() *sync.WaitGroup {
	all := new(sync.WaitGroup)
	r.crowded = all
	acts := []func(n int){
		func(n int) { r.reportsInSlack(r.reporter(n, "slack", fmt.Sprintf("U0P%d", n))) },
		func(n int) { r.reportsInDiscord(r.reporter(n, "discord", fmt.Sprint(90_000+n))) },
		func(n int) { r.asks(fmt.Sprintf("U0Q%d", n)) },
		func(n int) { r.reportsInSlack(r.reporter(n, "slack", fmt.Sprintf("U0P%d", n))) },
		func(n int) { r.looks(fmt.Sprintf("U0H%d", n)) },
	}
	for first := range 4 {
		all.Go(func() {
			for i := first; r.goesOn(); i++ {
				acts[i%len(acts)](r.next())
			}
		})
	}
	all.Go(func() {
		for r.goesOn() {
			if ref, ok := r.aCase(); ok {
				r.leads(ref, r.roll(2) == 0)
				continue
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	return all
}

// goesOn says whether something new may be begun, once the program runs.
func (r *round) goesOn() bool {
	select {
	case <-r.closing:
		return false
	default:
		return r.awaitUp()
	}
}

func (r *round) next() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.number++
	return r.number
}

func (r *round) reporter(n int, platform, user string) *report {
	rep := &report{Number: n, Platform: platform, User: user, Found: founds[r.roll(len(founds))]}
	r.book.begin(rep)
	return rep
}

// aCase is an open case that nobody leads yet. Every third stays open, so that its clock goes on.
func (r *round) aCase() (bot.Ref, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.cases) > 0 {
		ref := r.cases[0]
		r.cases = r.cases[1:]
		if !r.taken[ref] {
			r.taken[ref] = true
			if r.chance.IntN(3) > 0 {
				return ref, true
			}
		}
	}
	return "", false
}

// begin makes the database in a life that ends at no place.
func (r *round) begin() {
	r.t.Helper()
	if err := os.MkdirAll(r.data(), 0o700); err != nil {
		r.t.Fatal(err)
	}
	fault := r.mutant
	r.mutant = "" // the database itself is made as it should be
	l := r.start(0)
	r.mutant = fault
	l.kill()
	if err := l.fault(); err != nil {
		r.t.Fatalf("%v\n%s", err, tail(r.log()))
	}
	r.gone()
	if r.cut != nil {
		if err := r.cut.lose(); err != nil {
			r.t.Fatal(err)
		}
	}
}
