package store

import (
	"bytes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

const keyFile = "master.key"

// KeyRing holds the master keys: the first seals, any opens. It never prints a key.
type KeyRing struct{ keys []masterKey }

type masterKey struct {
	id   [4]byte // stands before everything the key sealed
	aead cipher.AEAD
}

// String keeps keys out of logs.
func (KeyRing) String() string { return "[secret]" }

// GoString keeps keys out of debug output.
func (KeyRing) GoString() string { return "[secret]" }

// LogValue keeps keys out of structured logs.
func (KeyRing) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalText keeps keys out of JSON.
func (KeyRing) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

// ParseKeys reads one or more master keys: 32 bytes each, as base64 or as 64 hex
// digits, apart by spaces, commas or lines. A line that begins with # is a note.
func ParseKeys(text string) (KeyRing, error) {
	var ring KeyRing
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ,\t\r\n", r) }) {
			key, err := parseKey(word)
			if err != nil {
				return KeyRing{}, err
			}
			ring.keys = append(ring.keys, key)
		}
	}
	if len(ring.keys) == 0 {
		return KeyRing{}, errors.New("there is no master key. Make one with: openssl rand -base64 32")
	}
	return ring, nil
}

// parseKey never repeats the text in its error: it is a secret, if a wrong one.
func parseKey(word string) (masterKey, error) {
	raw, err := hex.DecodeString(word)
	if err != nil || len(raw) != keySize {
		raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(word, "="))
	}
	if err != nil {
		raw, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(word, "="))
	}
	if err != nil || len(raw) != keySize {
		return masterKey{}, errors.New("a master key is 32 random bytes as base64 or hex. Make one with: openssl rand -base64 32")
	}
	sealer, err := aead(raw)
	if err != nil {
		return masterKey{}, err
	}
	k := masterKey{aead: sealer}
	sum := sha256.Sum256(append([]byte("shareright master key id"), raw...))
	copy(k.id[:], sum[:])
	return k, nil
}

// LoadOrCreateKey reads master.key in the data folder. When neither the key nor a
// database is there it makes the key, readable by its owner only, and reports made:
// the person must be told to keep a copy, because nothing opens without it.
func LoadOrCreateKey(dir string) (ring KeyRing, made bool, err error) {
	path := filepath.Join(dir, keyFile)
	ring, err = loadKeys(path)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return ring, false, err
	}
	if _, err := os.Stat(filepath.Join(dir, databaseFile)); err == nil {
		return KeyRing{}, false, fmt.Errorf("the database is here but %s is missing. Put the key file back from your copy", path)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return KeyRing{}, false, fmt.Errorf("make the data folder: %w", err)
	}
	text := "# The key to everything in this folder. Keep a copy in another place.\n" +
		base64.StdEncoding.EncodeToString(newKey()) + "\n"
	if err := writeNew(path, []byte(text)); err != nil {
		return KeyRing{}, false, fmt.Errorf("make the key file: %w", err)
	}
	ring, err = loadKeys(path)
	return ring, err == nil, err
}

// loadKeys refuses a key that other people on the machine can read.
func loadKeys(path string) (KeyRing, error) {
	info, err := os.Stat(path)
	if err != nil {
		return KeyRing{}, fmt.Errorf("read the key file: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return KeyRing{}, fmt.Errorf("other people on this computer can read %s (mode %04o). Run: chmod 600 %s", path, mode, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return KeyRing{}, fmt.Errorf("read the key file: %w", err)
	}
	ring, err := ParseKeys(string(text))
	if err != nil {
		return KeyRing{}, fmt.Errorf("read %s: %w", path, err)
	}
	return ring, nil
}

// writeNew makes a file that is there whole or not at all, and on disk when it returns.
// When somebody else made it meanwhile, theirs stays.
func writeNew(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

var errWrongKey = errors.New("the master key does not open this database. Give back the key it was made with")

// seal seals under the first master key.
func (r KeyRing) seal(plain, at []byte) []byte {
	k := r.keys[0]
	return k.aead.Seal(append([]byte{}, k.id[:]...), nil, plain, at)
}

// open opens what any key of the ring sealed.
func (r KeyRing) open(sealed, at []byte) ([]byte, error) {
	for _, k := range r.keys {
		if rest, ok := bytes.CutPrefix(sealed, k.id[:]); ok {
			plain, err := k.aead.Open(nil, nil, rest, at)
			if err != nil {
				return nil, fmt.Errorf("open a sealed key: %w", err)
			}
			return plain, nil
		}
	}
	return nil, errWrongKey
}

// current says whether the first key sealed this.
func (r KeyRing) current(sealed []byte) bool { return bytes.HasPrefix(sealed, r.keys[0].id[:]) }
