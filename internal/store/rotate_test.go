package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"shareright/bot"
)

// The master key is changed while people go on working. Nobody is refused, nothing is lost,
// and in the end the new key alone opens everything.
func TestKeysAreRotatedUnderLoad(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		const orgs, hands = 20, 4
		org := func(n int) bot.OrgID { return bot.OrgID(fmt.Sprint("org-", n)) }
		for n := range orgs {
			w.put(org(n), breach("BR-0", "said"))
		}
		w.opts.Keys = testKeys(t, 2, 1)
		w.reopen()
		var working, begun, again sync.WaitGroup
		var changed, stop atomic.Bool
		var done, later [hands]int
		begun.Add(hands)
		again.Add(hands)
		for hand := range hands {
			working.Go(func() {
				first, last := sync.OnceFunc(begun.Done), sync.OnceFunc(again.Done)
				defer first()
				defer last()
				for n := 1; !stop.Load(); n++ {
					at := org((n*hands + hand) % orgs)
					ref := fmt.Sprintf("BR-%d-%d", hand, n)
					after := changed.Load()
					err := w.Update(t.Context(), func(tx bot.Tx) error {
						if err := tx.Put(t.Context(), at, breach(ref, "said")); err != nil {
							return err
						}
						_, err := tx.Get(t.Context(), at, "breach", "BR-0")
						return err
					})
					if err != nil {
						t.Errorf("while the keys change: %v", err)
						return
					}
					done[hand] = n
					first()
					if after {
						later[hand]++
						last()
					}
				}
			})
		}
		begun.Wait() // everybody is at work
		sealed, err := w.Rotate(t.Context())
		changed.Store(true)
		again.Wait() // and still is
		stop.Store(true)
		working.Wait()
		if err != nil || sealed != orgs {
			t.Errorf("sealed %d keys anew, %v", sealed, err)
		}
		for hand := range hands {
			if done[hand] < 2 || later[hand] < 1 {
				t.Errorf("hand %d wrote %d times, %d of them after the change: that is no load", hand, done[hand], later[hand])
			}
		}
		w.opts.Keys = testKeys(t, 2)
		w.reopen()
		for hand := range hands {
			for n := 1; n <= done[hand]; n++ {
				if _, err := w.get(org((n*hands+hand)%orgs), "breach", fmt.Sprintf("BR-%d-%d", hand, n)); err != nil {
					t.Fatalf("written while the keys changed: %v", err)
				}
			}
		}
	})
}
