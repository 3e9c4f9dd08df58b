//go:build failpoint

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"shareright/bot"
	"shareright/internal/store"
)

// `shareright keys rotate` is killed at each of its steps and run again. After every kill the
// records open with the key file as it is, and in the end only with the new key.
func TestAKillAtEachStepOfAChangeOfTheMasterKeyLosesNothing(t *testing.T) {
	const orgs = 4
	dir := t.TempDir()
	keys, _, err := store.LoadOrCreateKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	for n := range orgs {
		err := s.Update(t.Context(), func(tx bot.Tx) error {
			org := bot.OrgID(fmt.Sprint("org-", n))
			return errors.Join(tx.Put(t.Context(), org, bot.Row{Kind: "breach", Ref: "BR-1", Body: []byte(`{"story":"folder"}`)}),
				tx.Append(t.Context(), org, bot.Entry{At: time.Now(), What: "breach.report"}))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{"F21", "F24"} { // a key sealed anew; the key file written
		if kills := rotateThrough(t, dir, place, orgs); kills < 2 {
			t.Errorf("only %d kills at %s", kills, place)
		}
	}
	if s, err := store.Open(t.Context(), store.Options{Dir: dir, Keys: keys}); err == nil {
		s.Close()
		t.Error("the old key still opens the records")
	}
}

// rotateThrough changes the master key, killed at each hit of a place and run again, to its end.
func rotateThrough(t *testing.T, dir, place string, orgs int) (kills int) {
	t.Helper()
	for nth := 1; nth < 100; nth++ {
		c := exec.CommandContext(t.Context(), os.Args[0], "keys", "rotate")
		c.Env = append(os.Environ(), "SHARERIGHT_TEST_MAIN=yes", "SHARERIGHT_DATA="+dir, "SHARERIGHT_CONFIG=", "SHARERIGHT_HTTP_ADDR=127.0.0.1:1",
			fmt.Sprintf("SHARERIGHT_FAILPOINT=%s:%d", place, nth))
		out, err := c.CombinedOutput()
		wholeAfter(t, dir, orgs, nth)
		var ended *exec.ExitError
		if errors.As(err, &ended) && ended.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
			kills++
			continue
		}
		if err != nil || !strings.Contains(string(out), "The new key is in use.") {
			t.Fatalf("%s, hit %d: %v\n%s", place, nth, err, out)
		}
		t.Logf("killed %d times at %s", kills, place)
		return kills
	}
	t.Fatalf("the change of keys never comes to its end at %s", place)
	return kills
}

// wholeAfter opens the records as the bot would after the kill.
func wholeAfter(t *testing.T, dir string, orgs, step int) {
	t.Helper()
	keys, made, err := store.LoadOrCreateKey(dir)
	if err != nil || made {
		t.Fatalf("step %d: the key file: made %v, %v", step, made, err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Keys: keys})
	if err != nil {
		t.Fatalf("step %d: %v", step, err)
	}
	defer s.Close()
	for n := range orgs {
		org := bot.OrgID(fmt.Sprint("org-", n))
		err := s.View(t.Context(), func(tx bot.Tx) error {
			row, err := tx.Get(t.Context(), org, "breach", "BR-1")
			if err == nil && string(row.Body) != `{"story":"folder"}` {
				err = fmt.Errorf("the record is %s", row.Body)
			}
			return err
		})
		if err != nil {
			t.Errorf("step %d, %s: %v", step, org, err)
		}
		if r, err := s.Verify(t.Context(), org); err != nil || !r.OK() {
			t.Errorf("step %d, the trail of %s: %v, %v", step, org, r.Problems, err)
		}
	}
}
