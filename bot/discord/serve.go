package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
	"shareright/internal/caught"
)

const (
	turnLimit   = 90 * time.Second
	thinkAfter  = 2 * time.Second         // Discord waits three for an answer
	answerUntil = 2800 * time.Millisecond // after this no answer is tried any more
	tokenLife   = 15*time.Minute - 5*time.Second
	seenFor     = 20 * time.Minute
	placeLife   = 24 * time.Hour
)

// dispatched takes one event of the gateway.
func (p *Platform) dispatched(name string, raw json.RawMessage) {
	switch name {
	case "INTERACTION_CREATE":
		in, err := decodeInteraction(raw)
		if err != nil {
			p.log.Warn("discord sent an interaction that cannot be read", "error", fmt.Sprintf("%T", err))
			return
		}
		if in.origin == fromNobody || !p.seen.first(in.id, time.Now(), seenFor) {
			return // a repeat would be answered twice, which Discord refuses
		}
		if err := p.received(in, p.callback(in, time.Now())); err != nil {
			p.log.Warn("an interaction was not taken", "event", in.event.ID, "error", err)
		}
	case "MESSAGE_CREATE":
		var m written
		if err := json.Unmarshal(raw, &m); err != nil {
			p.log.Warn("discord sent a message that cannot be read", "error", fmt.Sprintf("%T", err))
			return
		}
		if in := readMessage(m); in.origin == fromMessage {
			p.lanes.Do(in.lane(), func() { p.message(in) })
		}
	}
}

func decodeInteraction(raw []byte) (incoming, error) {
	var i interaction
	if err := json.Unmarshal(raw, &i); err != nil {
		return incoming{}, err
	}
	return readInteraction(i), nil
}

// exchange is one interaction and its answer, which is given once: at once, or after
// Discord was told to wait.
type exchange struct {
	in      incoming
	arrived time.Time
	first   func(context.Context, response) error

	mu       sync.Mutex
	thinking bool // Discord shows that we are at it
	answered bool
}

// received takes one interaction and returns at once. first is called exactly once, later.
func (p *Platform) received(in incoming, first func(context.Context, response) error) error {
	h := p.engine()
	if h == nil {
		return errors.New("not started")
	}
	x := &exchange{in: in, arrived: time.Now(), first: first}
	if in.origin == fromTyping {
		go func() { _ = caught.Run(p.log, "suggestions", func() { p.suggest(*h, x) }) }()
		return nil
	}
	timer := time.AfterFunc(p.thinks, func() { _ = caught.Run(p.log, "an answer", func() { p.think(x) }, "event", in.event.ID) })
	if !p.lanes.Do(in.lane(), func() { defer timer.Stop(); p.turn(*h, x) }) {
		timer.Stop()
		p.log.Warn("too much waits for one person", "user", in.event.User)
		p.carry(context.Background(), x, func(bool) plan {
			return told(in, drawReply(*bot.Say(say("bot.trouble-title"), say("bot.trouble-safe"))))
		})
	}
	return nil
}

// think tells Discord to wait, so that the answer may come within 15 minutes. Whether the
// answer is private is decided here already: it always is.
func (p *Platform) think(x *exchange) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.answered {
		return
	}
	r := response{Type: thinks, Data: struct {
		Flags int `json:"flags"`
	}{onlyForYou}}
	if x.in.own {
		r = response{Type: keeps}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := x.first(ctx, r); err != nil {
		p.log.Warn("discord could not be told to wait", "event", x.in.event.ID, "error", short(err))
	}
	x.thinking = true
}

// turn carries out one interaction and answers it.
func (p *Platform) turn(h bot.Handler, x *exchange) {
	ctx, cancel := context.WithTimeout(context.Background(), turnLimit)
	defer cancel()
	defer func() {
		if caught.Panic(p.log, "an answer", recover(), "event", x.in.event.ID) != nil {
			p.carry(ctx, x, func(bool) plan { return undrawn(x.in) })
		}
	}()
	in, ours := p.placed(ctx, x.in)
	if !ours {
		p.carry(ctx, x, func(bool) plan { return told(in, drawReply(*bot.Say(say("discord.other-server")))) })
		return
	}
	question, _ := p.confirms.recall(in.pressed, time.Now())
	if todo, yes := in.local(question); yes {
		p.carry(ctx, x, func(bool) plan { return todo })
		return
	}
	r, err := p.handle(ctx, h, in.event)
	t := p.typing(in, r, err)
	if err != nil {
		p.log.Error("an event was not carried out", "event", in.event.ID, "error", err)
		p.carry(ctx, x, func(bool) plan { return trouble(in, r.Reply) })
		return
	}
	if r.Reply != nil {
		p.rememberQuestions(*r.Reply)
	}
	p.carry(ctx, x, func(late bool) plan { return p.drawing().answer(in, r, t, late) })
}

func (p *Platform) drawing() drawing {
	return drawing{freeText: p.config.FreeText, betterPlace: p.config.BetterPlace}
}

// typing remembers answers that were not taken, so that the page shows them again, and
// returns what is remembered for the page that comes.
func (p *Platform) typing(in incoming, r bot.Response, err error) typed {
	now := time.Now()
	if sub, yes := in.event.What.(bot.Submitted); yes {
		if len(sub.Answers) > 0 && (err != nil || len(r.Problems) > 0) {
			p.typed.keep(sub.Session, sub.Answers, now.Add(placeLife))
			return sub.Answers
		}
		if err == nil {
			p.typed.forget(sub.Session)
		}
	}
	if r.Show == nil {
		return nil
	}
	t, _ := p.typed.recall(r.Show.Session, now)
	return t
}

// rememberQuestions keeps what dangerous buttons ask before they act: a button has no room for it.
func (p *Platform) rememberQuestions(m bot.Message) {
	for _, b := range m.Buttons {
		if b.Confirm != "" {
			p.confirms.keep(buttonID(b), b.Confirm, time.Now().Add(400*placeLife))
		}
	}
}

// suggest answers while somebody types. Without an answer there are just no suggestions.
func (p *Platform) suggest(h bot.Handler, x *exchange) {
	ctx, cancel := context.WithTimeout(context.Background(), thinkAfter)
	defer cancel()
	in, ours := p.placed(ctx, x.in)
	var r bot.Response
	if ours {
		var err error
		if r, err = p.handle(ctx, h, in.event); err != nil {
			p.log.Info("no suggestions", "error", err)
			r = bot.Response{}
		}
	}
	if err := x.first(ctx, p.drawing().answer(in, r, nil, false).first); err != nil {
		p.log.Info("suggestions did not reach discord", "error", short(err))
	}
}

// handle keeps one turn's panic from ending the program for everybody.
func (p *Platform) handle(ctx context.Context, h bot.Handler, e bot.Event) (r bot.Response, err error) {
	defer func() {
		if broke := caught.Panic(p.log, "a turn", recover(), "event", e.ID); broke != nil {
			err = broke
		}
	}()
	if ran, is := e.What.(bot.Ran); is {
		e.What = p.ran(ran)
	}
	return h.Handle(ctx, e)
}

// placed finds the server a person belongs to, which decides the organisation. It is false
// for people of another one. In direct messages Discord names none: then it is the one
// server that is set, the one they were last seen in, or the only one.
func (p *Platform) placed(ctx context.Context, in incoming) (incoming, bool) {
	user, now := in.event.User, time.Now()
	only := p.config.GuildID
	if in.guild != "" {
		p.homes.keep(user, in.guild, now.Add(placeLife))
		return in, only == "" || in.guild == only
	}
	if only == "" {
		home, known := p.homes.recall(user, now)
		if !known {
			home = p.gateway.onlyGuild()
		}
		in.event.Workspace = home
		return in, true
	}
	in.event.Workspace = only
	stranger, known := p.strangers.recall(user, now)
	if !known {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		err := p.call(ctx, http.MethodGet, discordgo.EndpointGuildMember(only, user), nil, nil)
		_, code := refusal(err)
		stranger = code == discordgo.ErrCodeUnknownMember
		if err == nil || stranger {
			p.strangers.keep(user, stranger, now.Add(10*time.Minute))
		} // otherwise nobody is kept waiting for Discord to answer
	}
	return in, !stranger
}

// message carries out what somebody wrote to the bot. Discord does not send it again, so it
// is tried again here; meanwhile the person is told.
func (p *Platform) message(in incoming) {
	h := p.handler.Load()
	if h == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), turnLimit)
	defer cancel()
	in, ours := p.placed(ctx, in)
	to := bot.Address{Platform: Name, Workspace: in.event.Workspace, User: in.event.User}
	if !ours {
		return // a stranger gets no answer, and causes no post
	}
	in.event.ReplyTo = &to
	for try, wait := 1, time.Second; ; try, wait = try+1, 4*wait {
		r, err := p.handle(ctx, *h, in.event)
		if err == nil {
			return
		}
		p.log.Error("a message was not carried out", "event", in.event.ID, "try", try, "error", err)
		if try == 1 {
			p.direct(ctx, in, trouble(in, r.Reply).notes())
		}
		if try == 4 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
