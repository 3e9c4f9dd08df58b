package discord

import (
	"strings"

	"shareright/bot"
)

// plan is how a response reaches the person: what answers the interaction, and what is sent
// after it. Making it is pure; carrying it out is not.
type plan struct {
	first response
	after []note
}

// notes is everything that the plan says, for when it must be said another way.
func (p plan) notes() []note {
	if n, ok := p.first.Data.(note); ok {
		return append([]note{n}, p.after...)
	}
	return p.after
}

// answer decides how a response is shown, which depends on what the person did. late says
// that Discord has been told to wait: then nothing but a message can follow.
func (d drawing) answer(in incoming, r bot.Response, t typed, late bool) plan {
	switch {
	case in.origin == fromTyping:
		return plan{first: response{Type: suggestsAll, Data: suggested(r)}}
	case r.Show != nil && in.ask == askWhy:
		m := whys(*r.Show)
		return told(in, drawReply(m))
	case r.Show != nil && !late && d.opensNow(in, r):
		return plan{first: response{Type: opens, Data: d.modal(t.again(*r.Show), in.own)}}
	case r.Show != nil:
		return told(in, d.before(*r.Show, r.Reply, r.Problems, t))
	case r.Reply != nil:
		return told(in, drawReply(*r.Reply))
	case in.origin == fromButton && !in.own:
		return plan{first: response{Type: keeps}}
	}
	return told(in, drawReply(*bot.Say(say("discord.done"))))
}

// opensNow says whether the page can be shown as a modal in answer to what was done.
func (d drawing) opensNow(in incoming, r bot.Response) bool {
	v := *r.Show
	if in.origin == fromSubmit || r.Reply != nil || len(r.Problems) > 0 || v.Page == bot.CheckPage || len(v.Fields) == 0 {
		return false
	}
	return in.resumes() || d.fits(v, r.Problems)
}

// resumes says that the person has asked for the next page, having read what is above it.
func (in incoming) resumes() bool {
	switch what := in.event.What.(type) {
	case bot.Resumed:
		return true
	case bot.Pressed:
		return what.Action == "bot.resume"
	}
	return false
}

// told answers with messages. They replace the message of a dialogue, and are private.
func told(in incoming, notes []note) plan {
	kind := says
	if in.own {
		kind = changes
	}
	return plan{first: response{Type: kind, Data: notes[0]}, after: notes[1:]}
}

// local answers what needs no engine: a question before something is done, or nothing.
func (in incoming) local(question string) (plan, bool) {
	switch in.ask {
	case askSure:
		pressed := in.event.What.(bot.Pressed)
		if question == "" {
			question = say("discord.sure-label", "label", in.label)
		}
		yes := button(goSure+mark+pressed.Action+mark+string(pressed.Ref), bot.Cut(firstOf(in.label, say("discord.yes")), maxButton), red)
		text := content(*bot.Say(say("discord.sure"), question))
		return told(in, parted(text, []*component{row(yes, button(goNot, say("discord.no"), grey))})), true
	case askStop:
		sub := in.event.What.(bot.Submitted)
		_, rest, _ := strings.Cut(in.pressed, mark)
		text := content(*bot.Say(say("discord.sure"), say("discord.discard-confirm")))
		return told(in, parted(text, []*component{row(button(goStop+mark+rest, say("discord.discard"), red),
			button(goOn+mark+sub.Session, say("discord.no"), grey))})), true
	case askNothing:
		return told(in, drawReply(*bot.Say(say("discord.nothing-changed")))), true
	}
	return plan{}, false
}

// undrawn says that the answer cannot be shown, where drawing it or sending it panicked.
func undrawn(in incoming) plan {
	return told(in, drawReply(*bot.Say(say("bot.undrawn-title"), say("bot.trouble-safe"), say("bot.undrawn-look"))))
}

// trouble is what a person gets when the engine could not carry out what they did: its own
// words if it has any, such as for an emergency. What they typed is kept for the next try.
func trouble(in incoming, m *bot.Message) plan {
	if m == nil {
		m = bot.Say(say("bot.trouble-title"), say("bot.trouble-safe"), say("bot.trouble-again"))
	}
	buttons := []*component{}
	switch what := in.event.What.(type) {
	case bot.Submitted:
		buttons = append(buttons, row(button(goOn+mark+what.Session, say("discord.again"), blue)))
	case bot.Resumed:
		buttons = append(buttons, row(button(goOn+mark+what.Session, say("discord.again"), blue)))
	}
	return told(in, parted(content(*m), buttons))
}
