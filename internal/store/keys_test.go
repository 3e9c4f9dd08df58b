package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shareright/bot"
)

func TestParseKeys(t *testing.T) {
	const (
		hexKey    = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
		base64Key = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8="
		urlKey    = "ABEiM0RVZneImaq7zN3u_wARIjNEVWZ3iJmqu8zd7v8"
	)
	for name, c := range map[string]struct {
		text string
		keys int // 0 means refused
	}{
		"hex":                           {hexKey, 1},
		"base64":                        {base64Key + "\n", 1},
		"base64 for addresses":          {urlKey, 1},
		"several, with notes":           {"# new\n" + base64Key + "\n\n  # old, two in a line\n" + hexKey + ", " + urlKey, 3},
		"nothing":                       {"", 0},
		"only a note":                   {"# " + hexKey, 0},
		"too short":                     {hexKey[:62], 0},
		"too long":                      {base64Key[:43] + "AAAA", 0},
		"a password":                    {"correct horse battery staple", 0},
		"a good one and a misspelt one": {hexKey + " " + base64Key[:42], 0},
	} {
		ring, err := ParseKeys(c.text)
		if (err == nil) != (c.keys > 0) || len(ring.keys) != c.keys {
			t.Errorf("%s: %d keys, %v", name, len(ring.keys), err)
		}
		if err != nil && (strings.Contains(err.Error(), "horse") || strings.Contains(err.Error(), base64Key[:20])) {
			t.Errorf("%s: the error tells the key: %v", name, err)
		}
	}
	a, b, c := must(ParseKeys(hexKey)), must(ParseKeys(base64Key)), must(ParseKeys(urlKey))
	if a.keys[0].id != b.keys[0].id || b.keys[0].id != c.keys[0].id {
		t.Error("the same key written in three ways has several ids")
	}
	text, err := json.Marshal(map[string]any{"keys": a})
	if all := fmt.Sprintf("%v %+v %#v %s %s", a, a, a, a.LogValue(), text); err != nil || strings.Count(all, "[secret]") != 5 || len(all) > 70 {
		t.Errorf("a key ring prints as %s, %v", all, err)
	}
}

func must(ring KeyRing, err error) KeyRing {
	if err != nil {
		panic(err)
	}
	return ring
}

func TestTheKeyFileIsMadeOnceAndGuarded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, keyFile)
	first, made, err := LoadOrCreateKey(dir)
	if err != nil || !made {
		t.Fatalf("first: made %v, %v", made, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v, %v", info.Mode(), err)
	}
	again, made, err := LoadOrCreateKey(dir)
	if err != nil || made || again.keys[0].id != first.keys[0].id {
		t.Errorf("again: made %v, %v", made, err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadOrCreateKey(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that the group can read gave %v", err)
	}
	// A lost key next to a database must not be replaced by one that opens nothing.
	if err := errors.Join(os.Remove(path), os.WriteFile(filepath.Join(dir, databaseFile), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, made, err := LoadOrCreateKey(dir); err == nil || made || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a lost key gave made %v, %v", made, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTheWrongMasterKeyIsFoundOutAtTheStart(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		wrong := w.opts
		wrong.Keys = testKeys(t, 2)
		s, err := Open(t.Context(), wrong)
		if err == nil {
			s.Close()
			t.Fatal("it opened")
		}
		if want := "The master key does not open this database"; !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) {
			t.Errorf("got %v, want %q", err, want)
		}
		wrong.Keys = KeyRing{}
		if _, err := Open(t.Context(), wrong); err == nil {
			t.Error("it opened without a key")
		}
	})
}

func TestKeysAreRotated(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.put(bot.OrgID(fmt.Sprint("org-", i)), breach("BR-1", "said"))
			w.append(bot.OrgID(fmt.Sprint("org-", i)), "one")
		}
		w.opts.Keys = testKeys(t, 2, 1)
		w.reopen()
		w.put("org-new", breach("BR-1", "said"))
		stopped, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.Rotate(stopped); err == nil {
			t.Error("a rotation that was stopped says it is done")
		}
		// Half of it done by another process that died.
		if err := w.rewrap(t.Context(), `SELECT wrapped FROM org_keys WHERE org = ?`,
			`UPDATE org_keys SET wrapped = ? WHERE org = ?`, "org-1", "org_keys"); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{4, 0} {
			if n, err := w.Rotate(t.Context()); err != nil || n != want {
				t.Errorf("rotated %d keys, %v, want %d", n, err, want)
			}
		}
		w.opts.Keys = testKeys(t, 2)
		w.reopen()
		for _, org := range []bot.OrgID{"org-0", "org-1", "org-4", "org-new"} {
			if row, err := w.get(org, "breach", "BR-1"); err != nil || string(row.Body) != `{"said":"said"}` {
				t.Errorf("%s with the new key only: %s, %v", org, row.Body, err)
			}
		}
		if r, err := w.Verify(t.Context(), "org-0"); err != nil || !r.OK() || r.Entries != 1 {
			t.Errorf("the trail after the rotation: %+v, %v", r, err)
		}
		w.opts.Keys = testKeys(t, 1)
		if s, err := Open(t.Context(), w.opts); err == nil {
			s.Close()
			t.Error("the old key still opens it")
		}
	})
}

// A key that was made in a turn that failed must not be remembered: what it sealed
// later would never open again.
func TestTheKeyOfATurnThatFailedIsForgotten(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		err := w.Update(t.Context(), func(tx bot.Tx) error {
			if err := tx.Put(t.Context(), oak, breach("BR-1", "x")); err != nil {
				return err
			}
			return bot.ErrNotFound
		})
		if err != bot.ErrNotFound {
			t.Fatal(err)
		}
		w.put(oak, breach("BR-1", "said"))
		w.reopen()
		if row, err := w.get(oak, "breach", "BR-1"); err != nil || string(row.Body) != `{"said":"said"}` {
			t.Errorf("after a restart: %s, %v", row.Body, err)
		}
	})
}
