package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
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

// state is what the gateway should know after some frames, worked out in the plainest way.
type state struct {
	session string
	seq     int64
	up      map[string]bool
	taken   []string
}

func (s *state) after(f frame) {
	type named struct {
		ID          string `json:"id"`
		Unavailable bool   `json:"unavailable"`
	}
	var one named
	var greeted struct {
		Session string  `json:"session_id"`
		Resume  string  `json:"resume_gateway_url"`
		Guilds  []named `json:"guilds"`
	}
	if f.Op == opInvalid && string(f.Data) != "true" {
		s.session, s.seq = "", 0
	}
	if f.Op != opEvent {
		return
	}
	if f.Seq > 0 {
		s.seq = f.Seq
	}
	switch f.Name {
	case "READY":
		_ = json.Unmarshal(f.Data, &greeted) // what can be read of it counts
		s.session, s.up = greeted.Session, map[string]bool{}
		for _, g := range greeted.Guilds {
			s.up[g.ID] = true
		}
	case "RESUMED":
	case "GUILD_CREATE", "GUILD_DELETE":
		if json.Unmarshal(f.Data, &one) != nil || one.ID == "" {
			return
		}
		delete(s.up, one.ID)
		if f.Name == "GUILD_CREATE" || one.Unavailable {
			s.up[one.ID] = !one.Unavailable
		}
	default:
		s.taken = append(s.taken, f.Name+" "+string(f.Data))
	}
}

// Whatever frames come, one a line: the session, the place in it and the servers are what they
// say, each other event is taken once and in its order, and a beat is a time one can wait for.
func FuzzFramesAreRead(f *testing.F) {
	f.Add(`{"op":10,"d":{"heartbeat_interval":41250}}
{"op":0,"s":1,"t":"READY","d":{"session_id":"S1","resume_gateway_url":"wss://example.org","guilds":[{"id":"5000"},{"id":"5001"}]}}
{"op":0,"s":2,"t":"GUILD_DELETE","d":{"id":"5000","unavailable":true}}
{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"id":"1"}}
{"op":11}
{"op":0,"s":4,"t":"GUILD_CREATE","d":{"id":"5000"}}
{"op":0,"s":5,"t":"GUILD_DELETE","d":{"id":"5001"}}
{"op":7}`)
	f.Add(`{"op":9,"d":false}
{"op":9,"d":true}
{"op":0,"s":-1,"t":"INTERACTION_CREATE","d":{"id":"1","type":2}}
not JSON
{"op":0,"t":"READY","d":7}
{"op":10,"d":{"heartbeat_interval":9223372036854775807}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var taken []string
		g := &gateway{log: slog.New(slog.DiscardHandler), take: func(name string, data json.RawMessage) { taken = append(taken, name+" "+string(data)) }}
		want := state{up: map[string]bool{}}
		for raw := range strings.Lines(text) {
			f := readFrame([]byte(raw))
			if every, err := interval(f); err == nil && (every <= 0 || 2*every+writeLimit <= every || every > longestBeat) {
				t.Fatalf("a beat every %s", every)
			}
			if f.Op == opHeartbeat {
				continue // it is answered on the connection, and there is none
			}
			ready, err := g.frame(nil, f, &heart{})
			if ready != (f.Op == opEvent && (f.Name == "READY" || f.Name == "RESUMED")) || (err != nil) != (f.Op == opReconnect || f.Op == opInvalid) {
				t.Fatalf("%s: ready %v, %v", raw, ready, err)
			}
			want.after(f)
			if g.session != want.session || g.seq != want.seq || !maps.Equal(g.guilds, want.up) {
				t.Fatalf("after %s it is at %q %d %v, want %q %d %v", raw, g.session, g.seq, g.guilds, want.session, want.seq, want.up)
			}
		}
		if !slices.Equal(taken, want.taken) {
			t.Fatalf("taken %q, want %q", taken, want.taken)
		}
	})
}
