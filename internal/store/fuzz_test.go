package store

import (
	"bytes"
	"strings"
	"testing"

	"shareright/bot"
)

// What was changed outside the program never opens, and nothing that is stored stops the program.
func FuzzSealedRowsOpenOnlyAsTheyWere(f *testing.F) {
	key, err := newOrgKey(bytes.Repeat([]byte{7}, keySize))
	if err != nil {
		f.Fatal(err)
	}
	row := bot.Row{Kind: "breach", Ref: "BR-1", Version: 3, Index: bot.Index{State: "open"}, Body: []byte(`{"story":"folder"}`)}
	sealed, wrapped, err := sealRow(key, oak, row)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(byte(0), uint16(0), byte(0), uint16(0), int64(3), "open") // as it was
	f.Add(byte(1), uint16(3), byte(1), uint16(0), int64(3), "open")
	f.Add(byte(2), uint16(9), byte(0), uint16(12), int64(0), "")
	f.Fuzz(func(t *testing.T, which byte, at uint16, flip byte, cut uint16, version int64, state string) {
		harm := func(b []byte, me byte) []byte {
			if b = bytes.Clone(b); which&me != 0 {
				b[int(at)%len(b)] ^= flip
				b = b[:max(0, len(b)-int(cut))]
			}
			return b
		}
		changed := sealedRow{Row: row, sealed: harm(sealed, 1), wrapped: harm(wrapped, 2)}
		changed.Version, changed.State = version, state
		body, err := openRow(key, oak, changed)
		same := bytes.Equal(changed.sealed, sealed) && bytes.Equal(changed.wrapped, wrapped) && version == 3 && state == "open"
		if same != (err == nil) || same && string(body) != `{"story":"folder"}` {
			t.Fatalf("same %v, and it opened to %q, %v", same, body, err)
		}
		if _, err := openRow(key, elm, changed); err == nil {
			t.Fatal("it opened for another organisation")
		}
	})
}

// A master key is read or refused without being repeated, and a sealed key opens only with it.
func FuzzKeysAreReadOrRefused(f *testing.F) {
	f.Add(strings.Repeat("0a", keySize), []byte("sealed"))
	f.Add("ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8= , #", []byte{})
	f.Fuzz(func(t *testing.T, text string, sealed []byte) {
		ring, err := ParseKeys(text)
		if err != nil {
			if word := strings.TrimSpace(text); len(word) > 12 && strings.Contains(err.Error(), word) {
				t.Fatalf("the error tells the key: %v", err)
			}
			return
		}
		at := place("org_keys", "oak")
		if _, err := ring.open(sealed, at); err == nil {
			t.Fatalf("%x opened", sealed)
		}
		if plain, err := ring.open(ring.seal([]byte("key"), at), at); err != nil || string(plain) != "key" {
			t.Fatalf("what it sealed opens to %q, %v", plain, err)
		}
	})
}

// A line that somebody kept is a checkpoint or is refused; what is read is written the same again.
func FuzzCheckpointsAreReadBack(f *testing.F) {
	f.Add("trail oak 3 " + strings.Repeat("ab", 32))
	f.Add("trail oak -1 zz")
	f.Fuzz(func(t *testing.T, line string) {
		c, err := ParseCheckpoint(line)
		if err != nil {
			return
		}
		again, err := ParseCheckpoint(c.String())
		if err != nil || again.String() != c.String() || c.Size < 1 {
			t.Fatalf("%q is read as %q, and that as %q, %v", line, c, again, err)
		}
	})
}
