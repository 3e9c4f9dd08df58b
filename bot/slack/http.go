package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	api "github.com/slack-go/slack"
)

// maxRequest is more than Slack ever sends: a view with everything typed in it is below 300 KB.
const maxRequest = 1 << 20

// Routes returns handlers by path: of the HTTP transport, and of the pages for installing. They
// verify Slack's signature themselves, so they need no protection against other sites.
func (p *Platform) Routes() map[string]http.Handler {
	routes := map[string]http.Handler{}
	if p.config.several() {
		routes = p.installRoutes()
	}
	if p.config.Transport == HTTP {
		routes["/slack/events"] = p.verified("events_api")
		routes["/slack/commands"] = p.verified("slash_commands")
		routes["/slack/interactivity"] = p.verified("interactive")
	}
	return routes
}

// verified lets through what Slack signed in the last five minutes. Everything else gets
// the same answer, and what the check found out is neither sent nor logged.
func (p *Platform) verified(kind string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "use POST", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			http.Error(w, "too large, or cut short", http.StatusRequestEntityTooLarge)
			return
		}
		if !signed(r.Header, body, p.config.SigningSecret) {
			p.log.Warn("a request to the slack address was not signed by slack", "kind", kind)
			http.Error(w, "not from Slack", http.StatusUnauthorized)
			return
		}
		p.serve(w, r, kind, body)
	})
}

// signed checks the signature over the raw body. The library's errors stay in here: they
// have held the right signature before now.
func signed(h http.Header, body []byte, secret string) bool {
	if len(h.Values("X-Slack-Signature")) != 1 || len(h.Values("X-Slack-Request-Timestamp")) != 1 {
		return false
	}
	verifier, err := api.NewSecretsVerifier(h, secret)
	if err != nil {
		return false
	}
	if _, err := verifier.Write(body); err != nil {
		return false
	}
	return verifier.Ensure() == nil
}

func (p *Platform) serve(w http.ResponseWriter, r *http.Request, kind string, body []byte) {
	in, err := decodeHTTP(kind, body)
	if err != nil {
		http.Error(w, "cannot be read", http.StatusBadRequest)
		return
	}
	if in.Type == "url_verification" {
		reply(w, map[string]string{"challenge": in.Challenge})
		return
	}
	attempt, err := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num"))
	if err != nil {
		attempt = 0
	}
	acked, failed := make(chan any, 1), make(chan error, 1)
	p.received(kind, in, attempt, 0, func(with any) error { acked <- with; return nil }, func(err error) { failed <- err })
	select {
	case with := <-acked:
		if with != nil {
			reply(w, with)
		}
	case <-failed:
		http.Error(w, "not now", http.StatusServiceUnavailable) // Slack sends events again
	case <-r.Context().Done():
	}
}

func reply(w http.ResponseWriter, with any) {
	raw, err := json.Marshal(with)
	if err != nil {
		http.Error(w, "cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	_, _ = io.Copy(w, bytes.NewReader(raw)) // nobody is left to tell
}

// decodeHTTP reads the same payload from the two forms and the JSON that Slack posts.
func decodeHTTP(kind string, body []byte) (payload, error) {
	var p payload
	if kind == "events_api" {
		return p, json.Unmarshal(body, &p)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return p, errors.New("the form cannot be read")
	}
	if form.Get("ssl_check") == "1" {
		return p, nil
	}
	if kind == "interactive" {
		return p, json.Unmarshal([]byte(form.Get("payload")), &p)
	}
	p.TeamID, p.UserID, p.UserName = form.Get("team_id"), form.Get("user_id"), form.Get("user_name")
	p.ChannelID, p.Command, p.Text = form.Get("channel_id"), form.Get("command"), form.Get("text")
	p.TriggerID, p.ResponseURL = form.Get("trigger_id"), form.Get("response_url")
	return p, nil
}
