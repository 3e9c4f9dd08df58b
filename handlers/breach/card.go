package breach

import (
	"fmt"
	"strconv"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

func cardKey(ref bot.Ref) string { return "breach/" + string(ref) }

// title is the one line everybody sees: reference, people, time left, who has it. It never says what happened.
func (b Breach) title(t bot.Turn, ref bot.Ref) string {
	line := t.Say("breach.title", "ref", string(ref), "people", b.people(t))
	switch {
	case b.State == closed:
		return t.Say("breach.title-closed", "line", line)
	case b.State == joined:
		return t.Say("breach.title-joined", "line", line, "ref", string(b.JoinedTo))
	case b.running():
		line = t.Say("breach.title-left", "line", line, "left", remaining(t, b.clock().Left(t.Now)))
	case !b.ICOAt.IsZero():
		line = t.Say("breach.title-told", "line", line)
	default:
		line = t.Say("breach.title-recorded", "line", line)
	}
	if b.Holder != "" {
		line = t.Say("breach.title-held", "line", line, "name", b.HolderName)
	}
	return line
}

func (b Breach) people(t bot.Turn) string {
	switch {
	case b.People == nil:
		return t.Say("breach.people-unknown")
	case *b.People == 1:
		return t.Say("breach.people-one")
	}
	return t.Say("breach.people", "n", strconv.Itoa(*b.People))
}

// remaining is the time left in whole hours, or in minutes for the last one.
func remaining(t bot.Turn, left time.Duration) string {
	left = left.Round(time.Minute)
	switch {
	case left <= 0:
		return t.Say("breach.left-none", "hours", strconv.Itoa(int(-left/time.Hour)))
	case left < time.Hour:
		return t.Say("breach.left-minutes", "n", strconv.Itoa(int(left/time.Minute)))
	}
	return t.Say("breach.left-hours", "n", strconv.Itoa(int(left/time.Hour)))
}

// card is the post that stands for the breach in the channel; every change edits it.
func (b Breach) card(h handler, t bot.Turn, ref bot.Ref) bot.Post {
	m := bot.Say(b.title(t, ref))
	cause, _ := h.content.Cause(b.Cause)
	rows := []string{t.Say("breach.row-cause"), cause.Label}
	if b.running() {
		rows = append(rows, t.Say("breach.row-due"), moment(t, b.clock().End()))
	}
	rows = append(rows, t.Say("breach.row-advice"), h.advice(t, b))
	if len(b.Got) > 0 {
		rows = append(rows, t.Say("breach.row-got"), b.gotLine(t))
	}
	if left := h.toTell(t, b); b.Decision != nil && len(left) > 0 {
		rows = append(rows, t.Say("breach.row-others"), strconv.Itoa(len(left)))
	}
	if len(b.Like) > 0 && !b.over() {
		rows = append(rows, t.Say("breach.row-like"), string(b.Like[0]))
	}
	m.List(bot.Pairs, rows...)
	m.With(h.next(t, ref, b)...)
	return bot.Post{Key: cardKey(ref), To: b.audience(t), Class: scheduler.Escalation, Message: *m}
}

// line is a post in the card's thread, because an edit alone is easily missed.
func (b Breach) line(t bot.Turn, ref bot.Ref, what string) bot.Post {
	return bot.Post{Key: fmt.Sprintf("breach/%s/line/%d", ref, len(b.Log)), To: b.audience(t), Under: cardKey(ref),
		Class: scheduler.Escalation, Message: *bot.Say(what)}
}

// next are the buttons for what should happen next.
func (h handler) next(t bot.Turn, ref bot.Ref, b Breach) []bot.Button {
	button := func(id, label string, style bot.Style) bot.Button {
		return bot.Button{Action: id, Label: t.Say(label), Ref: ref, Style: style}
	}
	details := button("breach.show", "breach.button-show", bot.Plain)
	switch {
	case b.over():
		return []bot.Button{details}
	case b.Decision == nil && b.Holder == "":
		buttons := []bot.Button{button("breach.ack", "breach.button-ack", bot.Primary), details}
		if len(b.Like) > 0 {
			buttons = append(buttons, bot.Button{Action: "breach.join", Label: t.Say("breach.button-join", "ref", string(b.Like[0])), Ref: ref + "/" + b.Like[0]})
		}
		return buttons
	case b.Decision == nil:
		return []bot.Button{button("breach.decide", "breach.button-decide", bot.Primary), details}
	case b.running() && b.Holder == "": // decided, and then nobody said any more
		return []bot.Button{button("breach.ack", "breach.button-ack", bot.Primary), button("breach.ico", "breach.button-ico", bot.Plain), details}
	case b.running():
		return []bot.Button{button("breach.ico", "breach.button-ico", bot.Primary), button("breach.decide", "breach.button-redecide", bot.Plain), details}
	}
	var buttons []bot.Button
	if b.phaseOpen() != nil {
		buttons = append(buttons, button("breach.later", "breach.button-later", bot.Plain))
	}
	if len(h.toTell(t, b)) > 0 {
		buttons = append(buttons, button("breach.others", "breach.button-others", bot.Plain))
	}
	if b.phaseOpen() == nil {
		buttons = append(buttons, button("breach.close", "breach.button-close", bot.Plain))
	}
	buttons[0].Style = bot.Primary
	return append(buttons, button("breach.decide", "breach.button-redecide", bot.Plain), details)
}

// moment is an instant as people read it: weekday, date, time, in the organisation's zone.
func moment(t bot.Turn, at time.Time) string {
	local := at.In(t.Org.Zone)
	clock := local.Format("3:04pm")
	if local.Minute() == 0 {
		clock = local.Format("3pm")
	}
	return fmt.Sprintf("%s, %s", clock, local.Format("Monday 2 January 2006"))
}
