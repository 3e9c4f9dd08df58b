//go:build failpoint

package campaign

import (
	"encoding/json"
	"maps"
	"os"
	"sync"
	"testing"
	"time"

	"shareright/bot"
)

// ledger is what the campaign itself knows: what was sent, and which acknowledgements were
// seen. Every line is on disk before the next step.
type ledger struct {
	t    *testing.T
	mu   sync.Mutex
	file *os.File

	reports   map[int]*report // by the number of people affected, which each report has to itself
	questions map[string]bool // who asked, and whether the question was acknowledged
	deeds     map[deed]bool   // what the lead did, and whether it was acknowledged
}

// report is one breach report, as the person who sent it knows it.
type report struct {
	Number   int
	Platform string
	User     string
	Found    string // what was typed, such as "71 hours ago"
	Sent     bool   // the last page was sent, perhaps in vain
	Acked    bool   // and it was acknowledged
}

// deed is something that the lead does with a case.
type deed struct {
	Ref  bot.Ref
	What string // "take", "decide", "tell", "close"
}

// line is what the file holds: one thing that happened.
type line struct {
	At   time.Time
	Life int    `json:",omitempty"`
	What string // "report sent", "report acknowledged" …
	Of   string `json:",omitempty"`
	More any    `json:",omitempty"`
}

func newLedger(t *testing.T, path string) *ledger {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // every line was synced
	return &ledger{t: t, file: f, reports: map[int]*report{}, questions: map[string]bool{}, deeds: map[deed]bool{}}
}

// write puts one line on disk. The lock is held.
func (l *ledger) write(x line) {
	x.At = time.Now()
	text, err := json.Marshal(x)
	if err == nil {
		_, err = l.file.Write(append(text, '\n'))
	}
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		l.t.Errorf("the ledger cannot be written: %v", err)
	}
}

func (l *ledger) note(x line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(x)
}

func (l *ledger) begin(r *report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reports[r.Number] = r
	l.write(line{What: "report begun", More: r})
}

func (l *ledger) sent(r *report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Sent = true
	l.write(line{What: "report sent", More: r})
}

func (l *ledger) acked(r *report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Acked = true
	l.write(line{What: "report acknowledged", More: r})
}

func (l *ledger) asked(user string, acked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.questions[user] = acked
	l.write(line{What: "question", Of: user, More: acked})
}

func (l *ledger) did(d deed, acked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deeds[d] = acked
	l.write(line{What: "deed", More: struct {
		deed
		Acked bool
	}{d, acked}})
}

// copied is the ledger as it is now.
func (l *ledger) copied() (reports map[int]report, questions map[string]bool, deeds map[deed]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	reports = map[int]report{}
	for n, r := range l.reports {
		reports[n] = *r
	}
	return reports, maps.Clone(l.questions), maps.Clone(l.deeds)
}

// violation is something that may never be.
type violation struct {
	Invariant string // "I1" to "I10", as docs/crashes.md lists them
	What      string
}

// tally counts deaths and what was found wrong after them, by place.
type tally struct {
	mu       sync.Mutex
	deaths   map[string]int
	wrong    map[string]int
	inRow    int           // deaths while it recovered from another
	recovery time.Duration // the longest time from a start to ready
	catchUp  time.Duration // the longest time from a start until nothing statutory was due any more
	work     time.Duration // processor time of all that died
	events   int
	acked    int
	others   map[string]int // messages by what they are: repeats that are marked as such, e-mails …
}

func newTally() *tally {
	return &tally{deaths: map[string]int{}, wrong: map[string]int{}, others: map[string]int{}}
}

func (a *tally) died(at string, again bool, took time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.deaths[at]++
	a.work += took
	if again {
		a.inRow++
	}
}

func (a *tally) found(at string, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wrong[at] += n
}

func (a *tally) longest(recovery, catchUp time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.recovery, a.catchUp = max(a.recovery, recovery), max(a.catchUp, catchUp)
}

func (a *tally) count(events, acked int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events += events
	a.acked += acked
}

func (a *tally) came(n int, what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.others[what] += n
}

func (a *tally) kills() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, k := range a.deaths {
		n += k
	}
	return n
}

// strikes is how often the program died, by place.
func (a *tally) strikes() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.deaths)
}
