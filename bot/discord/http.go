package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	// endpoint is where Discord sends interactions, when the app's page names it.
	endpoint = "/discord/interactions"
	// maxRequest is more than Discord ever sends: a modal with everything typed in it is below 50 KB.
	maxRequest = 1 << 20
	// freshFor is how old a signed request may be: an older one may be somebody's copy.
	freshFor = 5 * time.Minute
)

// Routes returns the interactions endpoint, or nil without a public key. It verifies
// Discord's signature itself, so it needs no protection against other sites. It works beside
// the gateway too: Discord uses it as soon as the app's page names it.
func (p *Platform) Routes() map[string]http.Handler {
	if p.key == nil {
		return nil
	}
	return map[string]http.Handler{endpoint: http.HandlerFunc(p.endpoint)}
}

// RoutesOptional says that the bot works without its endpoint: it has the gateway.
func (p *Platform) RoutesOptional() bool { return p.config.Transport == Gateway }

// endpoint lets through what Discord signed in the last five minutes. Everything else gets
// the same answer.
func (p *Platform) endpoint(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "use POST", http.StatusMethodNotAllowed)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if !fresh(r.Header, time.Now()) || !discordgo.VerifyInteraction(r, p.key) {
		p.log.Warn("a request to the discord address was not signed by discord")
		http.Error(w, "not from Discord", http.StatusUnauthorized)
		return
	}
	var i interaction
	if err := json.NewDecoder(r.Body).Decode(&i); err != nil {
		http.Error(w, "cannot be read", http.StatusBadRequest)
		return
	}
	if i.Type == pingKind {
		reply(w, response{Type: pong})
		return
	}
	in := readInteraction(i)
	if in.origin == fromNobody {
		http.Error(w, "cannot be read", http.StatusBadRequest)
		return
	}
	answers, written := make(chan response, 1), make(chan struct{})
	defer close(written)
	err := p.received(in, func(ctx context.Context, r response) error {
		select {
		case answers <- r:
		default:
			return errors.New("it was answered already")
		}
		select { // what follows must not be there before the answer
		case <-written:
		case <-ctx.Done():
		}
		return nil
	})
	if err != nil {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	select {
	case r := <-answers:
		reply(w, r)
		_ = http.NewResponseController(w).Flush() // some writers cannot; then it goes with the end
	case <-r.Context().Done():
	}
}

// fresh says whether the request names one time, not long ago.
func fresh(h http.Header, now time.Time) bool {
	if len(h.Values("X-Signature-Ed25519")) != 1 || len(h.Values("X-Signature-Timestamp")) != 1 {
		return false
	}
	at, err := strconv.ParseInt(h.Get("X-Signature-Timestamp"), 10, 64)
	return err == nil && now.Sub(time.Unix(at, 0)).Abs() <= freshFor
}

func reply(w http.ResponseWriter, with response) {
	raw, err := encoded(with)
	if err != nil {
		http.Error(w, "cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	_, _ = io.Copy(w, bytes.NewReader(raw)) // nobody is left to tell
}
