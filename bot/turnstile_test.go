package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// One organisation has a thousand turns in line. Another one's begins at once all the same, and
// those of the first come in the order in which they came, never more than a few at a time.
func TestACrowdStandsInLineWithItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			s            turnstile
			mu           sync.Mutex
			all          sync.WaitGroup
			came         []int
			inside, most int
		)
		turn := func(org OrgID, n int) {
			leave, err := s.enter(t.Context(), org)
			if err != nil {
				t.Error(err)
				return
			}
			defer leave()
			mu.Lock()
			inside++
			most, came = max(most, inside), append(came, n)
			mu.Unlock()
			time.Sleep(10 * time.Millisecond)
			mu.Lock()
			inside--
			mu.Unlock()
		}
		for n := range 1000 {
			all.Go(func() { turn("noisy", n) })
			synctest.Wait()
		}
		began := time.Now()
		leave, err := s.enter(t.Context(), "quiet")
		if err != nil || time.Since(began) > 0 {
			t.Errorf("the quiet one waited %v: %v", time.Since(began), err)
		}
		leave()
		all.Wait()
		if most != atOnce {
			t.Errorf("at most %d were in at once, and it should be %d", most, atOnce)
		}
		for i := 0; i < len(came); i += atOnce { // those who are let in together come in any order
			if group := came[i:min(i+atOnce, len(came))]; slices.Min(group) < i || slices.Max(group) >= i+atOnce {
				t.Fatalf("numbers %v came as number %d and after", group, i)
			}
		}
		if len(s.inside)+len(s.line) > 0 {
			t.Errorf("something is left: %v, %v", s.inside, s.line)
		}
	})
}

// Whoever waits for too long goes away, and keeps nobody's place.
func TestWhoGivesUpTheirPlaceInLineHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s turnstile
		var leave []func()
		for range atOnce {
			done, err := s.enter(t.Context(), "org")
			if err != nil {
				t.Fatal(err)
			}
			leave = append(leave, done)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.enter(short, "org"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it was let in: %v", err)
		}
		for _, done := range leave {
			done()
		}
		for range atOnce {
			if _, err := s.enter(t.Context(), "org"); err != nil {
				t.Error(err)
			}
		}
	})
}

// counted is a store that only counts the turns that come to it.
type counted struct {
	Store
	turns int
}

func (c *counted) Update(context.Context, func(Tx) error) error {
	c.turns++
	return nil
}

func TestAnEmergencyStandsInNoLine(t *testing.T) {
	store := &counted{}
	b := &Bot{store: store, o: Options{Emergency: func(text string) (*Message, bool) { return nil, text == "she has collapsed" }}}
	for range atOnce {
		if _, err := b.turnstile.enter(t.Context(), "org"); err != nil {
			t.Fatal(err)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		text  string
		turns int
	}{{"how long do we keep files?", 0}, {"she has collapsed", 1}} {
		if _, err := b.inLine(over, Org{ID: "org"}, Event{What: Said{Text: c.text}}); store.turns != c.turns || (err == nil) != (c.turns == 1) {
			t.Errorf("%q: %d turns, %v", c.text, store.turns, err)
		}
	}
}
