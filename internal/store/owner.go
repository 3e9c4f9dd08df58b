package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"

	"shareright/bot"
)

// An owner can be a name that somebody typed. So the column that finds rows by their owner
// holds a keyed mark, and the owner itself is sealed in front of the body. Rows of an older
// program hold the owner as it is until they are next saved.

// ownerMark begins a mark; no person's id begins so.
const ownerMark = "#"

// mark is what stands for the owner: the same for the same person of one organisation, and
// nothing to whoever has no key.
func (k *orgKey) mark(owner bot.PersonID) bot.PersonID {
	if owner == "" {
		return ""
	}
	mac := hmac.New(sha256.New, k.owners)
	mac.Write([]byte(owner))
	return bot.PersonID(ownerMark + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16]))
}

func marked(owner bot.PersonID) bool { return strings.HasPrefix(string(owner), ownerMark) }

// withOwner is the body with its owner in front; the body alone where nobody owns the row.
func withOwner(row bot.Row) []byte {
	if row.Owner == "" {
		return row.Body
	}
	b := binary.AppendUvarint(nil, uint64(len(row.Owner)))
	b = append(b, row.Owner...)
	return append(b, row.Body...)
}

// ownerOf parts what withOwner joined.
func ownerOf(text []byte) (bot.PersonID, []byte, error) {
	n, read := binary.Uvarint(text)
	if read <= 0 || n > uint64(len(text)-read) {
		return "", nil, errors.New("its owner cannot be read")
	}
	rest := text[read:]
	return bot.PersonID(rest[:n]), rest[n:], nil
}
