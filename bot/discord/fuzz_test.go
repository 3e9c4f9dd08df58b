package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// Whatever Discord sends, it is read or refused, and what is read can be answered.
func FuzzInteractionsAreRead(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","type":2,"token":"t","guild_id":"9","member":{"user":{"id":"8","username":"jo"},"nick":"Jo"},"data":{"name":"dp","type":1,"options":[{"name":"other","type":1,"options":[{"name":"text","type":3,"value":"x"}]}]}}`,
		`{"id":"1","type":2,"user":{"id":"8"},"data":{"name":"Report","type":3,"target_id":"7"}}`,
		`{"id":"1","type":3,"user":{"id":"8"},"message":{"components":[{"type":1,"components":[{"type":2,"custom_id":"breach.ack|BR-1","label":"x"}]}]},"data":{"custom_id":"breach.ack|BR-1","component_type":2}}`,
		`{"id":"1","type":3,"user":{"id":"8"},"data":{"custom_id":"go:change|S1|2","values":["page"]}}`,
		`{"id":"1","type":4,"user":{"id":"8"},"data":{"name":"dp","options":[{"name":"command","value":"re","focused":true}]}}`,
		`{"id":"1","type":5,"user":{"id":"8"},"data":{"custom_id":"modal|S1|2|page|m","components":[{"type":18,"component":{"type":4,"custom_id":"story","value":"x"}}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m written
		if json.Unmarshal(raw, &m) == nil {
			readMessage(m)
		}
		in, err := decodeInteraction(raw)
		if err != nil || in.origin == fromNobody {
			return
		}
		if in.event.What == nil && in.ask == askEngine {
			t.Fatalf("origin %d with nothing done", in.origin)
		}
		if _, yes := in.local("Sure?"); yes {
			return
		}
		v := page("what", 1)
		drawing{}.answer(in, bot.Response{Reply: bot.Say("x")}, nil, false)
		drawing{}.answer(in, bot.Response{Show: &v, Problems: map[string]string{"story": "b"}}, nil, true)
		trouble(in, nil)
	})
}

// Nobody but the holder of the key gets through, whatever the headers say.
func FuzzASignatureIsNeverGuessed(f *testing.F) {
	key, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("00", "0", []byte("{}"))
	f.Add(strings.Repeat("00", 64), "1", []byte(""))
	f.Fuzz(func(t *testing.T, signature, stamp string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, endpoint, strings.NewReader(string(body)))
		r.Header.Set("X-Signature-Ed25519", signature)
		r.Header.Set("X-Signature-Timestamp", stamp)
		_ = fresh(r.Header, time.Now())
		if discordgo.VerifyInteraction(r, key) && !strings.EqualFold(signature, hex.EncodeToString(ed25519.Sign(private, []byte(stamp+string(body))))) {
			t.Fatalf("%q at %q passed for %q", signature, stamp, body)
		}
	})
}

// live is what Discord would read as a call to somebody, or as a link with another name.
var live = regexp.MustCompile(`@everyone|@here|(?:^|[^\\])(?:\\\\)*(?:<[@#&/:]|<t:|\[|\|\|)`)

// What a person typed calls nobody and hides no address, however it is written and parted.
func FuzzNoTextIsMarkup(f *testing.F) {
	f.Add("@everyone <@8> <@&9> [bank](https://example.org) ||x|| # head\n> quote `code` https://example.org/<@8>")
	f.Add("\\[x](https://example.org)")
	f.Add("@every\u200bone\n-# small\n1. one")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // JSON carries valid text only
		}
		got := escaped(text)
		if bad := live.FindString(got); bad != "" {
			t.Fatalf("%q holds %q", got, bad)
		}
		for _, piece := range split(got, 50) {
			if bad := live.FindString(piece); bad != "" {
				t.Fatalf("the piece %q of %q holds %q", piece, got, bad)
			}
			if utf8.RuneCountInString(piece) > 50 {
				t.Fatalf("the piece %q is too long", piece)
			}
		}
	})
}
