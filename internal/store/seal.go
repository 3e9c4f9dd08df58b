package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
)

const keySize = 32 // AES-256

// newKey returns a random key. crypto/rand never fails.
func newKey() []byte {
	key := make([]byte, keySize)
	rand.Read(key)
	return key
}

// aead seals and opens by AES-256-GCM. The nonce is random and comes first in what it seals.
func aead(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// place names where a sealed value belongs. A value that was moved to another place
// does not open. Each part carries its length, so no two places read the same.
func place(table string, parts ...string) []byte {
	b := binary.AppendUvarint(nil, uint64(len(table)))
	b = append(b, table...)
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}
