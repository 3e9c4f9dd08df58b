package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"shareright/knowledge/words"
)

// repeatMark begins a message that says that it may be there twice.
var repeatMark = words.Say("en", "bot.repeat")

// troubleMark begins a message that says that nothing was saved.
var troubleMark = words.Say("en", "bot.trouble-title")

// life is what a person does again and again.
type life int

const (
	asks      life = iota // asks a question in a direct message
	practises             // takes a two-minute question, and presses answers
	reports               // reports a breach, page by page
	lives
)

// screen is what a person sees last: a modal, or a message with buttons.
type screen struct{ view, message map[string]any }

// person is somebody with a screen. One step is taken at a time.
type person struct {
	user, team string
	does       life
	noisy      bool
	world      *world

	mu       sync.Mutex
	screen   screen
	changed  chan struct{}
	begun    int // questions asked
	acked    int // of those, the ones that were acknowledged
	replies  int // answers that do not say that they come again
	repeats  int // and those that do
	steps    int
	receipts []string // references of breaches that the person was told of
}

func (p *person) sees(s screen) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.screen = s
	p.note(s.message)
	p.happened()
}

// note keeps the reference that a receipt holds. The lock is held.
func (p *person) note(message map[string]any) {
	if p.does != reports || message == nil {
		return
	}
	text, _ := message["text"].(string)
	if ref := breachRef.FindString(text); ref != "" {
		p.receipts = append(p.receipts, ref)
	}
}

func (p *person) happened() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// posted is a message in the person's direct messages.
func (p *person) posted(message map[string]any, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note(message)
	if p.does != asks || strings.Contains(text, troubleMark) { // that nothing was saved is no answer
		return
	}
	if strings.Contains(text, repeatMark) {
		p.repeats++
	} else if p.replies++; p.replies > p.begun {
		p.world.doubled.Add(1)
	}
	p.happened()
}

// atOnce is how many questions, or presses, a person comes for.
const atOnce = 7

// step takes the person's next step, until it was acknowledged, and waits for what it leads
// to. It says whether the person has done what they came for.
func (p *person) step(due time.Time) (done bool) {
	p.mu.Lock()
	s := p.screen
	p.screen, p.steps = screen{}, p.steps+1
	if p.does == asks {
		p.begun++
	}
	for len(p.changed) > 0 {
		<-p.changed
	}
	p.mu.Unlock()
	w := p.world
	expects := true
	switch {
	case p.does == asks:
		id := w.slack.next("Ev")
		acked := p.send(due, "/slack/events", func() string {
			return encode(map[string]any{"type": "event_callback", "team_id": p.team, "event_id": id, "event": map[string]any{"type": "message", "channel_type": "im",
				"user": p.user, "channel": "D" + p.user[1:], "ts": id[2:] + ".1", "text": "How long do we keep volunteer files?"}})
		})
		if acked != nil {
			p.mu.Lock()
			p.acked++
			p.mu.Unlock()
		}
	case s.view != nil:
		done = p.submit(due, s.view)
		expects = !done
	case p.does == practises && len(buttons(s.message)) > 0 && p.steps%atOnce != 1:
		b := buttons(s.message)[0]
		p.send(due, "/slack/interactivity", func() string {
			return p.interaction("block_actions", map[string]any{"channel": map[string]any{"id": "C0GENERAL"}, "container": map[string]any{"type": "message",
				"channel_id": "C0GENERAL", "is_ephemeral": true}, "actions": []any{map[string]any{"type": "button", "action_id": b["action_id"],
				"block_id": b["block"], "value": b["value"], "action_ts": "1.1", "text": b["text"]}}})
		})
	default:
		command, text := "/breach", ""
		if p.does == practises {
			command, text = "/dp", "quiz"
		}
		answer := p.send(due, "/slack/commands", func() string {
			trigger, response := p.tickets()
			return url.Values{"team_id": {p.team}, "user_id": {p.user}, "user_name": {"name of " + p.user}, "channel_id": {"C0GENERAL"},
				"command": {command}, "text": {text}, "trigger_id": {trigger}, "response_url": {response}}.Encode()
		})
		if len(answer) > 0 {
			p.sees(screen{message: answer})
		}
	}
	if expects {
		p.await(due)
	}
	return done || p.does != reports && p.steps%atOnce == 0
}

// await waits for what the person must see next. After a minute they begin again.
func (p *person) await(due time.Time) {
	select {
	case <-p.changed:
		p.world.seen.add(time.Since(due), p.noisy)
	case <-time.After(time.Minute):
		p.world.waited.Add(1)
	}
}

// submit sends a page with something in each field that must be filled.
// It says whether that was the last.
func (p *person) submit(due time.Time, view map[string]any) (done bool) {
	filled := map[string]any{"state": map[string]any{"values": answers(view)}}
	for key, value := range view {
		filled[key] = value
	}
	answer := p.send(due, "/slack/interactivity", func() string { return p.interaction("view_submission", map[string]any{"view": filled}) })
	drawn, _ := answer["view"].(map[string]any)
	switch answer["response_action"] {
	case "update":
		drawn["id"], drawn["hash"] = view["id"], p.world.slack.next("h")
		p.sees(screen{view: drawn})
	case "clear":
		p.world.finished.Add(1)
		return true
	case "errors":
		p.world.refused.Add(1)
		return true
	}
	return false
}

func (p *person) tickets() (trigger, response string) {
	s := p.world.slack
	trigger, response = s.next("trigger"), s.next("r")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.triggers[trigger], s.replies[response] = p, p
	return trigger, s.http.URL + "/response/" + response
}

func (p *person) interaction(kind string, more map[string]any) string {
	trigger, response := p.tickets()
	body := map[string]any{"type": kind, "team": map[string]any{"id": p.team, "domain": "example"}, "trigger_id": trigger,
		"user": map[string]any{"id": p.user, "username": "name of " + p.user, "team_id": p.team}}
	if kind == "block_actions" {
		body["response_url"] = response
	}
	for key, value := range more {
		body[key] = value
	}
	return url.Values{"payload": {encode(body)}}.Encode()
}

// send posts what body makes until it is acknowledged: Slack sends an event again, and a
// person presses again. The time counts from when it was due, tries and all. It returns nil
// for what was never acknowledged.
func (p *person) send(due time.Time, path string, body func() string) map[string]any {
	w := p.world
	for try := 0; ; try++ {
		answer, err := w.post(path, body())
		if err == nil {
			w.acks.add(time.Since(due), p.noisy)
			return answer
		}
		w.failed.Add(1)
		if time.Since(due) > 30*time.Second {
			w.gaveUp.Add(1)
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// post signs and posts, as Slack does.
func (w *world) post(path, body string) (map[string]any, error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+w.address+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	stamp := fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, []byte(signingSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	request.Header.Set("X-Slack-Request-Timestamp", stamp)
	request.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := w.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("answered %s", response.Status)
	}
	answer := map[string]any{}
	if len(bytes.TrimSpace(raw)) > 0 {
		err = json.Unmarshal(raw, &answer)
	}
	return answer, err
}

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of plain values always encode
	}
	return string(raw)
}

// buttons are those of a message, in order.
func buttons(message map[string]any) (found []map[string]any) {
	blocks, _ := message["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			if element, _ := e.(map[string]any); element["type"] == "button" {
				element["block"] = block["block_id"]
				found = append(found, element)
			}
		}
	}
	return found
}

// answers fills in what must be answered.
func answers(view map[string]any) map[string]any {
	values := map[string]any{}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		element, _ := block["element"].(map[string]any)
		id, _ := block["block_id"].(string)
		action, _ := element["action_id"].(string)
		if block["type"] != "input" || id == "" {
			continue
		}
		state := map[string]any{"type": element["type"]}
		options, _ := element["options"].([]any)
		switch kind := element["type"]; {
		case kind == "plain_text_input" && block["optional"] != true:
			state["value"] = "12"
		case len(options) > 0 && (kind == "radio_buttons" || kind == "static_select"):
			state["selected_option"] = options[0]
		case len(options) > 0:
			state["selected_options"] = options[:1]
		}
		values[id] = map[string]any{action: state}
	}
	return values
}
