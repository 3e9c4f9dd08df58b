//go:build failpoint

package campaign

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/internal/failpoint"
)

// The long run sets these; without them it is the short one.
const (
	killsEnv = "SHARERIGHT_TEST_KILLS" // how many deaths in all
	seedEnv  = "SHARERIGHT_TEST_SEED"  // repeats the choices of an earlier run
	forEnv   = "SHARERIGHT_TEST_FOR"   // the campaign ends after this long, such as 45m, with however many deaths
	cutsEnv  = "SHARERIGHT_TEST_POWER_CUTS"
	sideEnv  = "SHARERIGHT_TEST_PARALLEL" // how many rounds run side by side; 2 if it is not set
)

const (
	// perRound is how many deaths one database lives through at most.
	perRound = 50
	// enough is after how many deaths each place must have been struck.
	enough = 1000
)

func number(t *testing.T, env string, otherwise int) int {
	t.Helper()
	text := os.Getenv(env)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", env, err)
	}
	return n
}

// fates are how many lives end: most at a place, each place as often as the next, some at any
// moment; three in ten die again while they recover.
func fates(chance *rand.Rand, kills int) []fate {
	places := failpoint.Names()
	var all []fate
	for i := chance.IntN(len(places)); len(all) < kills; i++ {
		f := fate{place: places[i%len(places)]}
		if chance.IntN(8) == 0 {
			f = fate{moment: time.Duration(100+chance.IntN(1400)) * time.Millisecond}
		}
		f.nth = 1 + chance.IntN(max(2, most[f.place]))
		all = append(all, f)
		if chance.IntN(10) >= 4 { // of all that follow, three in ten come at once
			continue
		}
		f = fate{moment: time.Duration(1+chance.IntN(500)) * time.Millisecond, again: true}
		if chance.IntN(2) == 0 {
			f.place, f.moment = waking[chance.IntN(len(waking))], 0
			f.nth = 1 + chance.IntN(3)
		}
		all = append(all, f)
	}
	return all[:kills]
}

// play runs a whole round and returns what was found wrong. stop ends it at the first of these.
func (r *round) play(fates []fate, stop bool) (wrong judgment) {
	r.t.Helper()
	r.begin()
	crowd := r.crowd()
	for _, f := range fates {
		if !f.again {
			r.later()
		}
		if !r.until.IsZero() && time.Now().After(r.until) {
			break
		}
		wrong = append(wrong, r.look(r.live(f))...)
		if stop && len(wrong) > 0 {
			r.close(r.closing)
			r.close(r.done)
			crowd.Wait()
			return wrong
		}
	}
	wrong = append(wrong, r.settle(crowd)...)
	s, err := r.scene(false)
	if err != nil {
		r.t.Fatalf("look at the database at the end: %v", err)
	}
	wrong = append(wrong, s.judge(r.book)...)
	s.judgeKept(&wrong, r.slack.Kept(), r.posted, true)
	return append(wrong, r.arrivals(s)...)
}

// The real program on SQLite and on PostgreSQL dies hundreds of times, at each place that has
// a name and at any moment, while people report, ask and lead. What was acknowledged is there
// once; what was not is there once at most; no case is without its clock.
func TestNoDeathLosesOrDoublesAnything(t *testing.T) {
	kills, seed := number(t, killsEnv, 200), uint64(number(t, seedEnv, int(time.Now().UnixNano()%1_000_000)))
	t.Logf("seed %d: %s=%d repeats it", seed, seedEnv, seed)
	engines := []string{"SQLite", "PostgreSQL"}
	if os.Getenv(databaseEnv) == "" {
		engines = engines[:1]
		t.Logf("%s names no server: SQLite only", databaseEnv)
	}
	tallies := map[string]*tally{}
	for _, engine := range engines {
		tallies[engine] = newTally()
	}
	files, memory := inHand()
	began, until := time.Now(), time.Time{}
	if d, err := time.ParseDuration(os.Getenv(forEnv)); err == nil {
		until = began.Add(d)
	}
	sideBySide(t, kills, engines, func(t *testing.T, n, some int) {
		if !until.IsZero() && time.Now().After(until) {
			t.Skip("the time is over")
		}
		own, engine := seed*1000+uint64(n), engines[n%len(engines)]
		r := newRound(t, own, engine == "PostgreSQL", tallies[engine])
		r.until = until
		if n%4 == 1 || n%4 == 2 {
			r.deafen()
		}
		for _, v := range r.play(fates(rand.New(rand.NewPCG(own, 1)), some), false) {
			t.Errorf("%s: %s", v.Invariant, v.What)
		}
	})
	struck, all := map[string]int{}, 0
	for _, engine := range engines {
		t.Logf("%s, seed %d, %v\n%s", engine, seed, time.Since(began).Round(time.Second), tallies[engine])
		for place, n := range tallies[engine].strikes() {
			struck[place] += n
			all += n
		}
	}
	everywhere(t, struck, all)
	filesNow, memoryNow := inHand()
	t.Logf("the campaign itself has %d files and connections and %d MB; before, %d and %d MB", filesNow, memoryNow>>20, files, memory>>20)
	if filesNow > files+20 || memoryNow > memory+64<<20 {
		t.Error("something is not given back after a round: a long run would come to an end by it")
	}
}

// sideBySide runs the rounds, a few at a time. They are no parallel tests: such a test is kept,
// with all that it has used, until the last of them is over.
func sideBySide(t *testing.T, kills int, engines []string, round func(t *testing.T, n, some int)) {
	type part struct{ n, some int }
	parts := make(chan part)
	var sides sync.WaitGroup
	for range number(t, sideEnv, 2) {
		sides.Go(func() {
			for p := range parts {
				t.Run(fmt.Sprintf("%s %d", engines[p.n%len(engines)], p.n), func(t *testing.T) { round(t, p.n, p.some) })
			}
		})
	}
	most := min(perRound, (kills+len(engines)-1)/len(engines))
	for n, left := 0, kills; left > 0; n++ {
		parts <- part{n, min(left, most)}
		left -= most
	}
	close(parts)
	sides.Wait()
}

// everywhere looks for places that nothing died at. In a short run that may happen.
func everywhere(t *testing.T, struck map[string]int, deaths int) {
	t.Helper()
	for _, place := range failpoint.Names() {
		switch {
		case struck[place] > 0:
		case deaths >= enough:
			t.Errorf("nothing died at %s in %d deaths", place, deaths)
		default:
			t.Logf("nothing died at %s in %d deaths; after %d that is an error", place, deaths, enough)
		}
	}
}

// inHand is how many files and connections this process has, and how much memory it uses.
func inHand() (files int, memory uint64) {
	if all, err := os.ReadDir("/proc/self/fd"); err == nil { // elsewhere they are not counted
		files = len(all)
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return files, m.HeapAlloc
}

// String is the table of the campaign.
func (a *tally) String() string {
	var b strings.Builder
	kills, wrong := a.kills(), 0
	a.mu.Lock()
	defer a.mu.Unlock()
	if kills > 0 {
		fmt.Fprintf(&b, "%-12s %6s %10s\n", "died at", "kills", "violations")
		for _, place := range append(failpoint.Names(), anyMoment) {
			fmt.Fprintf(&b, "%-12s %6d %10d\n", place, a.deaths[place], a.wrong[place])
			wrong += a.wrong[place]
		}
		fmt.Fprintf(&b, "%-12s %6d %10d\n", "all", kills, wrong)
	}
	fmt.Fprintf(&b, "%d of them while it recovered from another; %d events, %d acknowledged; longest start to ready %v; longest until nothing urgent was due %v; processor time of a life %v",
		a.inRow, a.events, a.acked, a.recovery.Round(time.Millisecond), a.catchUp.Round(100*time.Millisecond), (a.work / time.Duration(max(kills, 1))).Round(time.Millisecond))
	for _, what := range slices.Sorted(maps.Keys(a.others)) {
		fmt.Fprintf(&b, "; %d %s", a.others[what], what)
	}
	return b.String()
}
