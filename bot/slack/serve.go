package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
	"shareright/internal/caught"
)

// How long a turn may take, and after how long Slack no longer listens to its acknowledgement.
const (
	turnLimit = 30 * time.Second
	ackLimit  = 2900 * time.Millisecond
)

// errFlood says that one person has too much waiting.
var errFlood = errors.New("too many requests of one person are waiting")

// received takes one frame or request and returns at once. Later exactly one of two
// functions is called: ack, after the engine has committed, or failed, so that Slack
// sends the event again. ackMax is how large an acknowledgement may be; 0 is any size.
func (p *Platform) received(kind string, body payload, attempt int, ackMax int, ack func(any) error, failed func(error)) {
	in, err := read(kind, body, attempt)
	if err != nil {
		p.log.Warn("slack sent something that cannot be read", "kind", kind, "error", err)
	}
	if err != nil || in.origin == fromNobody {
		p.acknowledge(ack, nil, kind) // a repeat would be no easier to read
		return
	}
	if in.origin == fromSlack {
		p.acknowledge(ack, nil, kind)
		p.suspect(in.event.Workspace)
		return
	}
	if body.Shared && in.channel != "" { // Slack says so with each event from there
		p.remember(in.channel, known{shared: true, until: time.Now().Add(knownFor)})
	}
	arrived := time.Now()
	turn := func() {
		h := p.engine()
		if h == nil {
			failed(errors.New("not started"))
			return
		}
		p.turn(*h, in, arrived, ackMax, ack, failed)
	}
	if !p.lanes.Do(in.lane(), turn) {
		p.log.Warn("too much waits for one person", "workspace", in.event.Workspace, "user", in.event.User)
		failed(errFlood)
	}
}

// turn carries out one event and answers it.
func (p *Platform) turn(h bot.Handler, in incoming, arrived time.Time, ackMax int, acknowledge func(any) error, failed func(error)) {
	taken := false
	ack := func(with any) error {
		if taken {
			return nil
		}
		taken = true
		return acknowledge(with)
	}
	defer func() {
		if caught.Panic(p.log, "an answer", recover(), "event", in.event.ID) != nil {
			p.undrawn(in, ack, taken)
		}
	}()
	if in.origin == fromOther {
		p.acknowledge(ack, nil, "other team")
		p.later(in, []step{{tell: bot.Say(say("slack.other-team"))}})
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), turnLimit)
	defer cancel()
	response, err := p.handle(ctx, h, in.event)
	if err != nil {
		p.log.Error("an event was not carried out", "event", in.event.ID, "error", err)
		todo := trouble(in, response.Reply)
		if in.origin == fromMessage || in.origin == fromHome {
			failed(err)
		} else {
			p.acknowledge(ack, todo.ack, in.event.ID)
		}
		p.later(in, todo.after)
		return
	}
	todo := answer(in, response)
	if response.Show != nil {
		p.places.remember(response.Show.Session, place{channel: in.channel, response: in.response}, arrived)
	}
	if in.origin == fromSubmit || in.origin == fromClose || in.origin == fromModal {
		in.response = p.places.recall(metadataOf(in.view).Session, arrived)
	}
	if in.origin == fromCommand && response.Reply != nil && time.Since(arrived) > ackLimit {
		todo.ack, todo.after = nil, append([]step{{tell: response.Reply}}, todo.after...) // Slack has stopped listening
	}
	if todo, err = fit(todo, ackMax); err != nil {
		p.log.Error("an answer cannot be encoded", "event", in.event.ID, "error", err)
	}
	p.acknowledge(ack, todo.ack, in.event.ID)
	p.later(in, todo.after)
}

// undrawn says that the answer cannot be shown, where drawing it or sending it panicked.
func (p *Platform) undrawn(in incoming, ack func(any) error, taken bool) {
	m := bot.Say(say("bot.undrawn-title"), say("bot.trouble-safe"), say("bot.undrawn-look"))
	todo := plan{after: []step{{tell: m}}}
	if !taken {
		todo = trouble(in, m)
	}
	p.acknowledge(ack, todo.ack, in.event.ID)
	p.later(in, todo.after)
}

// handle keeps one turn's panic from ending the program for everybody.
func (p *Platform) handle(ctx context.Context, h bot.Handler, e bot.Event) (r bot.Response, err error) {
	defer func() {
		if broke := caught.Panic(p.log, "a turn", recover(), "event", e.ID); broke != nil {
			err = broke
		}
	}()
	return h.Handle(ctx, e)
}

// fit encodes the acknowledgement, and moves what is too large for it behind it: Slack
// drops such an acknowledgement without a word. ackMax 0 is any size.
func fit(todo plan, ackMax int) (plan, error) {
	if todo.ack == nil {
		return todo, nil
	}
	raw, err := json.Marshal(todo.ack)
	if err != nil {
		return todo, fmt.Errorf("encode an acknowledgement: %w", err)
	}
	if ackMax == 0 || len(raw) < ackMax-200 { // the envelope's own part is about 80 bytes
		todo.ack = json.RawMessage(raw)
		return todo, nil
	}
	switch large := todo.ack.(type) {
	case note:
		todo.ack, todo.after = nil, append([]step{{note: &large}}, todo.after...)
	case *api.ViewSubmissionResponse:
		todo.ack, todo.after = loading(), append([]step{{update: large.View, anyway: true}}, todo.after...)
	}
	return todo, nil
}

func (p *Platform) acknowledge(ack func(any) error, with any, what string) {
	if err := ack(with); err != nil {
		p.log.Warn("an acknowledgement did not reach slack", "event", what, "error", err)
	}
}

// later sends what comes after the acknowledgement, still in this person's order.
func (p *Platform) later(in incoming, steps []step) {
	if len(steps) == 0 {
		return
	}
	p.after.Add(1)
	defer p.after.Done()
	ctx, cancel := context.WithTimeout(context.Background(), turnLimit)
	defer cancel()
	for _, s := range steps {
		if err := p.send(ctx, in, s); err != nil {
			p.log.Warn("a reply did not reach slack", "event", in.event.ID, "error", err)
		}
	}
}

// decode reads one frame of Socket Mode.
func decode(frame []byte) (envelope, error) {
	var e envelope
	err := json.Unmarshal(frame, &e)
	return e, err
}
