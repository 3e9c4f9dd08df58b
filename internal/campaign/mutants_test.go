//go:build failpoint

package campaign

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// bites are lives that end soon after people were answered, at each place of the way.
func bites(chance *rand.Rand, n int, places ...string) []fate {
	var all []fate
	for i := range n {
		all = append(all, fate{place: places[i%len(places)], nth: 4 + chance.IntN(40)})
	}
	return all
}

// A campaign that finds nothing wrong in a program with a fault proves nothing about a
// program without one. Each of these faults is found.
func TestTheCampaignFindsEachFaultThatIsPutIn(t *testing.T) {
	for _, m := range []struct {
		fault, means, invariant string
		places                  []string
	}{
		{"early-answer", "people are answered before the commit", "I1", []string{"F4", "F2", "F3"}},
		{"clock-apart", "milestones are stored after the case, in a transaction of their own", "I3", []string{"F3"}},
		{"unsynced", "SQLite does not wait for the disk, and the power goes", "I1", []string{"F4", "F2", "F12"}},
	} {
		t.Run(m.fault, func(t *testing.T) {
			t.Parallel()
			a := newTally()
			seed := uint64(number(t, seedEnv, 8))
			chance := rand.New(rand.NewPCG(seed, 2))
			for a.kills() < 100 { // each time on a database that is new, for an old one has more to do at a start
				r := newRound(t, seed+uint64(a.kills()), false, a)
				r.mutant = m.fault
				if m.fault == "unsynced" {
					r.cut = newPower(t, r)
				}
				for _, v := range r.play(bites(chance, 10, m.places...), true) {
					if strings.Contains(v.Invariant, m.invariant) {
						t.Logf("found after %d deaths: %s: %s", a.kills(), v.Invariant, v.What)
						return
					}
				}
			}
			t.Errorf("not found in %d deaths, though %s", a.kills(), m.means)
		})
	}
}

// The power goes fifty times, and with it whatever SQLite had not had synced. What was
// acknowledged is there.
func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	cuts, seed := number(t, cutsEnv, 20), uint64(number(t, seedEnv, 9))
	a := newTally()
	for n := 0; n < cuts; n += perRound {
		own := seed*1000 + uint64(n)
		t.Run("", func(t *testing.T) {
			r := newRound(t, own, false, a)
			r.cut = newPower(t, r)
			for _, v := range r.play(fates(rand.New(rand.NewPCG(own, 3)), min(perRound, cuts-n)), false) {
				t.Errorf("%s: %s", v.Invariant, v.What)
			}
		})
	}
	t.Logf("seed %d\n%s", seed, a)
}
