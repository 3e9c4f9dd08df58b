//go:build failpoint

package campaign

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
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
	before := leftOpen()
	began, until := time.Now(), time.Time{}
	if d, err := time.ParseDuration(os.Getenv(forEnv)); err == nil {
		until = began.Add(d)
	}
	t.Run("rounds", func(t *testing.T) {
		slots := make(chan struct{}, number(t, sideEnv, 2))
		for n, left := 0, kills; left > 0; n++ {
			some := min(left, perRound, (kills+len(engines)-1)/len(engines))
			left -= some
			engine := engines[n%len(engines)]
			t.Run(fmt.Sprintf("%s %d", engine, n), func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				if !until.IsZero() && time.Now().After(until) {
					t.Skip("the time is over")
				}
				own := seed*1000 + uint64(n)
				r := newRound(t, own, engine == "PostgreSQL", tallies[engine])
				r.until = until
				if n%4 == 1 || n%4 == 2 {
					r.deafen()
				}
				for _, v := range r.play(fates(rand.New(rand.NewPCG(own, 1)), some), false) {
					t.Errorf("%s: %s", v.Invariant, v.What)
				}
			})
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
	if after := leftOpen(); after > before+20 {
		t.Errorf("%d files and connections are open after the rounds, %d were before: something is not given back", after, before)
	}
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

// leftOpen is how many files and connections this process has.
func leftOpen() int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0 // not on this system
	}
	return len(all)
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
