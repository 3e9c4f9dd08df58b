//go:build failpoint

package campaign

import (
	"fmt"
	"strings"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
	"shareright/bot/slack/slacktest"
	"shareright/knowledge/words"
)

// lead is who is in charge of data protection, in Slack.
const lead = "U0LEAD"

// founds are what reporters type about when they found out: so that milestones of the 72
// hours come due in a campaign that lasts minutes, and some are over already.
var founds = []string{"", "23 hours ago", "47 hours ago", "59 hours ago", "67 hours ago", "70 hours ago", "71 hours ago", "80 hours ago"}

// tries is how often a person tries one thing before they give up. Who is killed under
// them each time needs many.
const tries = 60

// pause is how long they wait before they try again.
const pause = 20 * time.Millisecond

// do waits until the program runs and sends; it returns false when the round is over.
func (r *round) do(send func() bool) bool {
	for range tries {
		if !r.awaitUp() {
			return false
		}
		ok := send()
		acked := 0
		if ok {
			acked = 1
		}
		r.tally.count(1, acked)
		if ok {
			return true
		}
		time.Sleep(pause)
	}
	return false
}

// reportsInSlack fills in the breach form in Slack, and goes on where a death took the page away.
func (r *round) reportsInSlack(rep *report) {
	for range tries {
		view := r.slack.ViewOf(rep.User)
		if view == nil {
			if !r.do(func() bool { return r.slack.Slash(rep.User, "/breach", "").OK }) {
				return
			}
			if view = r.opened(rep.User); view == nil {
				continue
			}
		}
		last := onPage(view) == bot.CheckPage
		if last {
			r.book.sent(rep)
		}
		var ack slacktest.Ack
		if !r.awaitUp() {
			return
		}
		if ack = r.slack.Submit(rep.User, view, typed(view, reportAnswers(rep))); !ack.OK {
			r.tally.count(1, 0)
			time.Sleep(pause)
			continue // the page is still there: sent once more
		}
		r.tally.count(1, 1)
		if last && ack.Payload["response_action"] == "clear" {
			r.book.acked(rep)
			return
		}
	}
}

func reportAnswers(rep *report) map[string]string {
	return map[string]string{"people": fmt.Sprint(rep.Number), "story": story(rep.Number), "found": rep.Found}
}

func story(n int) string { return fmt.Sprintf("a folder was left on bus %d", n) }

// onPage is the page of a dialogue that a view shows.
func onPage(view map[string]any) string {
	id, _ := view["callback_id"].(string)
	return id[strings.LastIndex(id, "/")+1:]
}

// opened waits for a page that was asked for, or presses the button of an offer to go on.
func (r *round) opened(user string) map[string]any {
	for range 8 {
		if view := r.slack.ViewOf(user); view != nil {
			return view
		}
		if all := r.slack.Sees(user); len(all) > 0 {
			x := all[len(all)-1]
			for _, b := range x.Buttons() {
				if slacktest.Label(b) == words.Say("en", "bot.go-on") && r.awaitUp() {
					r.slack.PressOn(user, x, b, nil)
				}
			}
		}
		r.slack.Happens(25 * time.Millisecond)
	}
	return nil
}

// typed fills in what must be answered, and what is given by name.
func typed(view map[string]any, given map[string]string) map[string]map[string]any {
	values := map[string]map[string]any{}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if block["type"] != "input" {
			continue
		}
		id, _ := block["block_id"].(string)
		element, _ := block["element"].(map[string]any)
		state := map[string]any{"type": element["type"]}
		options, _ := element["options"].([]any)
		switch kind := element["type"]; {
		case kind == "plain_text_input":
			state["value"] = given[id]
			if given[id] == "" && block["optional"] != true {
				state["value"] = "because"
			}
		case block["optional"] == true || len(options) == 0:
		case kind == "radio_buttons" || kind == "static_select":
			state["selected_option"] = options[0]
			for _, o := range options {
				if om, _ := o.(map[string]any); om["value"] == given[id] {
					state["selected_option"] = o
				}
			}
		default:
			state["selected_options"] = options[:1]
		}
		action, _ := element["action_id"].(string)
		values[id] = map[string]any{action: state}
	}
	return values
}

// reportsInDiscord does the same by modals and the buttons between them.
func (r *round) reportsInDiscord(rep *report) {
	var now discordtest.Answer // what is on the screen
	step := func(first map[string]any) bool {
		p := first
		return r.do(func() bool {
			now = r.discord.Send(p)
			p = r.discord.Afresh(p)
			return now.OK
		})
	}
	if !step(r.discord.CommandPayload(rep.User, discordtest.Channel, "breach")) {
		return
	}
	answers := map[string][]string{"people": {fmt.Sprint(rep.Number)}, "story": {story(rep.Number)}, "cause": {"lost"}}
	if rep.Found != "" {
		answers["found"] = []string{rep.Found}
	}
	for range tries {
		switch {
		case r.discord.Modal(rep.User) != nil:
			if !step(r.discord.SubmitPayload(rep.User, answers)) {
				return
			}
		case strings.Contains(now.Text(), "Check your answers"):
			r.book.sent(rep)
			if !step(r.discord.PressPayload(rep.User, "Send report")) {
				return
			}
			if strings.Contains(now.Text(), "BR-") || strings.Contains(now.Text(), words.Say("en", "bot.form-over")) {
				r.book.acked(rep)
				return
			}
		default:
			label := r.onward(rep.User)
			if label == "" || !step(r.discord.PressPayload(rep.User, label)) {
				return
			}
		}
	}
}

// onward is the button that goes on, if the person sees one.
func (r *round) onward(user string) string {
	for _, key := range []string{"bot.continue", "bot.go-on"} {
		if label := words.Say("en", key); r.discord.Offered(user, label) {
			return label
		}
	}
	return ""
}

// asks puts a question in a direct message. Slack delivers it again until it is acknowledged.
func (r *round) asks(user string) {
	r.book.asked(user, false)
	var first slacktest.Ack
	begun := false
	event := map[string]any{"type": "message", "channel_type": "im", "user": user, "ts": "1.1", "channel": "D" + user[1:], "text": "how long do we keep volunteer files?"}
	ok := r.do(func() bool {
		if begun {
			return r.slack.Again(first).OK
		}
		first, begun = r.slack.Event(event), true
		return first.OK
	})
	if ok {
		r.book.asked(user, true)
		r.slack.Again(first) // and once more than it need
	}
}

// looks opens the home page and asks for help: nothing of it is stored.
func (r *round) looks(user string) {
	r.do(func() bool {
		return r.slack.Event(map[string]any{"type": "app_home_opened", "user": user, "tab": "home", "channel": "D" + user[1:]}).OK
	})
	r.do(func() bool { return r.slack.Slash(user, "/dp", "help").OK })
}

// leads takes a case on, decides, tells the regulator where that was decided, and closes it.
func (r *round) leads(ref bot.Ref, tell bool) {
	press := func(what, action string) bool {
		d := deed{ref, what}
		r.book.did(d, false)
		if !r.do(func() bool { return r.slack.Press(lead, "D"+lead[1:], action, string(ref)).OK }) {
			return false
		}
		r.book.did(d, true)
		return true
	}
	answer := "no"
	if tell {
		answer = "yes"
	}
	if !press("take", "breach.ack") || !r.fills("decide", "breach.decide", ref, map[string]string{"ico": answer, "people": "no", "reason": "health details"}) {
		return
	}
	if tell && !r.fills("tell", "breach.ico", ref, map[string]string{"number": "IC-" + string(ref)}) {
		return
	}
	r.fills("close", "breach.close", ref, map[string]string{"lessons": "use the tablet"})
}

// fills presses a button that opens a form, and sends the form.
func (r *round) fills(what, action string, ref bot.Ref, answers map[string]string) bool {
	d := deed{ref, what}
	r.book.did(d, false)
	if left := r.slack.ViewOf(lead); left != nil { // of an act that came to no end
		r.slack.Close(lead, left)
	}
	for range tries {
		view := r.slack.ViewOf(lead)
		if view == nil {
			if !r.do(func() bool { return r.slack.Press(lead, "D"+lead[1:], action, string(ref)).OK }) {
				return false
			}
			if view = r.opened(lead); view == nil {
				continue
			}
		}
		if !r.awaitUp() {
			return false
		}
		ack := r.slack.Submit(lead, view, typed(view, answers))
		if !ack.OK {
			r.tally.count(1, 0)
			time.Sleep(pause)
			continue
		}
		r.tally.count(1, 1)
		if ack.Payload["response_action"] == "clear" {
			r.book.did(d, true)
			return true
		}
	}
	return false
}
