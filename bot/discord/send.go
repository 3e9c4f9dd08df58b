package discord

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// callback answers an interaction that came over the gateway. It tries while Discord still
// takes an answer; one that Discord has already is no failure.
func (p *Platform) callback(in incoming, arrived time.Time) func(context.Context, response) error {
	return func(ctx context.Context, r response) error {
		for wait := 100 * time.Millisecond; ; wait *= 2 {
			err := p.call(ctx, http.MethodPost, discordgo.EndpointInteractionResponse(in.id, in.token), r, nil)
			status, code := refusal(err)
			if err == nil || code == discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged {
				return nil
			}
			if after := retryAfter(err); after > 0 {
				wait = after
			}
			if status >= 400 && status < 500 || ctx.Err() != nil || time.Since(arrived)+wait > answerUntil {
				return err
			}
			time.Sleep(wait)
		}
	}
}

// carry carries out a plan: as the answer, or in place of "thinking". What does not get
// through this way goes by direct message.
func (p *Platform) carry(ctx context.Context, x *exchange, make func(late bool) plan) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.answered = true
	todo := make(x.thinking)
	var left []note
	switch {
	case x.thinking:
		left = p.replace(ctx, x, todo)
	default:
		if err := p.answerNow(ctx, x, todo); err != nil {
			p.log.Warn("an answer did not reach discord; sending it directly", "event", x.in.event.ID, "error", short(err))
			if todo.first.Type == opens {
				todo = p.drawing().offer(x.in, todo)
			}
			left = todo.notes()
		} else {
			left = p.followUp(ctx, x, todo.after)
		}
	}
	p.direct(ctx, x.in, left)
}

// answerNow answers; what Discord refuses to show is said in a simpler way.
func (p *Platform) answerNow(ctx context.Context, x *exchange, todo plan) error {
	err := x.first(ctx, todo.first)
	if status, _ := refusal(err); status != http.StatusBadRequest {
		return err
	}
	p.log.Error("discord refuses the drawing of an answer; sending it as text", "event", x.in.event.ID, "error", short(err))
	plain := note{Content: say("discord.refused"), Flags: noPreviews | onlyForYou, Mentions: nobody, Components: []*component{}}
	if n, ok := todo.first.Data.(note); ok {
		plain.Content = n.Content
	}
	return x.first(ctx, response{Type: says, Data: plain})
}

// offer is a button that opens the page, where the page itself could not be shown in time.
func (d drawing) offer(in incoming, todo plan) plan {
	m, ok := todo.first.Data.(modal)
	if !ok {
		return todo
	}
	text := content(*bot.Say(say("discord.late-title"), say("discord.late-body")))
	return told(in, parted(text, []*component{row(button(goOn+mark+modalPage(m.CustomID).session, say("bot.go-on"), blue))}))
}

// replace puts the answer in the place of "thinking". It returns what is left to say.
func (p *Platform) replace(ctx context.Context, x *exchange, todo plan) []note {
	notes := todo.notes()
	if len(notes) == 0 {
		if x.in.own {
			return nil
		}
		notes = drawReply(*bot.Say(say("discord.done")))
	}
	if time.Since(x.arrived) > tokenLife {
		return notes
	}
	first := notes[0]
	first.Flags = noPreviews // private was chosen when we asked Discord to wait
	err := p.again(ctx, func() error {
		return p.call(ctx, http.MethodPatch, discordgo.EndpointWebhookMessage(x.in.app, x.in.token, "@original"), first, nil)
	})
	if err != nil {
		p.log.Warn("a late answer did not reach discord; sending it directly", "event", x.in.event.ID, "error", short(err))
		return notes
	}
	return p.followUp(ctx, x, notes[1:])
}

// followUp sends what follows an answer. It returns what did not get through.
func (p *Platform) followUp(ctx context.Context, x *exchange, notes []note) []note {
	for i, n := range notes {
		err := p.again(ctx, func() error {
			return p.call(ctx, http.MethodPost, discordgo.EndpointWebhookToken(x.in.app, x.in.token), n, nil)
		})
		if err != nil {
			p.log.Warn("a follow-up did not reach discord; sending it directly", "event", x.in.event.ID, "error", short(err))
			return notes[i:]
		}
	}
	return nil
}

// again makes a call up to three times, with the time between that Discord asks for.
func (p *Platform) again(ctx context.Context, call func() error) error {
	for try, wait := 1, 200*time.Millisecond; ; try, wait = try+1, 2*wait {
		err := call()
		status, code := refusal(err)
		after := retryAfter(err)
		early := code == discordgo.ErrCodeUnknownWebhook // the answer itself may still be on its way
		if err == nil || try == 3 || status >= 400 && status < 500 && after == 0 && !early || after > 20*time.Second {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(max(wait, after)):
		}
	}
}

// direct says something to the person who acted by direct message: the way that is always there.
func (p *Platform) direct(ctx context.Context, in incoming, notes []note) {
	if len(notes) == 0 {
		return
	}
	channel, err := p.channelOf(ctx, bot.Address{User: in.event.User})
	for i := 0; i < len(notes) && err == nil; i++ {
		n := notes[i]
		n.Flags = noPreviews
		n.Nonce, n.OnlyOnce = nonce(fmt.Sprintf("%s|%d", in.event.ID, i)), true
		err = p.again(ctx, func() error {
			return p.call(ctx, http.MethodPost, discordgo.EndpointChannelMessages(channel), n, nil)
		})
	}
	if err != nil {
		p.log.Warn("a reply did not reach discord", "event", in.event.ID, "error", short(err))
	}
}
