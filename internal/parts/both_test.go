package parts

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/discord/discordtest"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/internal/program"
)

// both is one program with a volunteer in Discord and a lead in Slack.
type both struct {
	*testing.T
	*program.Program
	slack   *slacktest.Server
	discord *discordtest.Server
	now     time.Time
}

const (
	volunteer = "1"
	lead      = "U0SAM"
)

func inBoth(t *testing.T) *both {
	t.Helper()
	b := &both{T: t, now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), slack: slacktest.New(t), discord: discordtest.New(t)}
	b.Program = open(t, b.now, "slack:"+lead)
	quiet := slog.New(slog.DiscardHandler)
	inSlack, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: b.slack.URL(), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	inDiscord, err := discord.New(discord.Config{Token: discordtest.Token, GuildID: discordtest.Guild, APIURL: b.discord.URL(), Commands: b.Bot.Commands(), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	for _, platform := range []bot.Platform{inSlack, inDiscord} {
		b.Bot.Attach(platform)
		done := make(chan error)
		go func() { done <- platform.Run(t.Context(), b.Bot) }()
		t.Cleanup(func() { <-done }) // the context has ended by then
	}
	b.slack.Ready(2)
	b.discord.Ready()
	b.discord.Wait("commands", 2)
	return b
}

// until does what is due until it holds: a platform may ask for a second between two posts.
func (b *both) until(what string, holds func() bool) {
	b.Helper()
	for range 100 {
		if _, err := b.Runner.RunDue(b.Context(), b.now); err != nil {
			b.Fatal(err)
		}
		if holds() {
			return
		}
		b.now = b.now.Add(2 * time.Second)
		b.slack.Happens(50 * time.Millisecond)
	}
	b.Fatalf("%s does not come; the lead sees %+v, the volunteer has %v", what, b.slack.Sees(lead), b.discord.Messages(discordtest.DM(volunteer)))
}

// shows says whether the lead has the words on the screen, outside a form.
func (b *both) shows(words string) func() bool {
	return func() bool {
		for _, x := range b.slack.Sees(lead) {
			if x.View == "" && strings.Contains(x.Reads(), words) {
				return true
			}
		}
		return false
	}
}

// told says whether the volunteer has the words as a direct message.
func (b *both) told(words string) func() bool {
	return func() bool {
		for _, m := range b.discord.Messages(discordtest.DM(volunteer)) {
			if text, _ := m["content"].(string); strings.Contains(text, words) {
				return true
			}
		}
		return false
	}
}

// press presses the newest button of the lead's with this label.
func (b *both) press(label string) {
	b.Helper()
	all := b.slack.Sees(lead)
	for i := len(all) - 1; i >= 0; i-- {
		for _, button := range all[i].Buttons() {
			if all[i].View == "" && slacktest.Label(button) == label {
				if ack := b.slack.PressOn(lead, all[i], button, nil); !ack.OK {
					b.Fatalf("pressing %q was not acknowledged", label)
				}
				return
			}
		}
	}
	b.Fatalf("the lead has no button %q", label)
}

// answers fills in the lead's form to its end.
func (b *both) answers(values map[string]string) {
	b.Helper()
	b.until("the form", func() bool { return b.slack.ViewOf(lead) != nil })
	var last slacktest.Ack
	for range 5 {
		view := b.slack.ViewOf(lead)
		states := map[string]map[string]any{}
		for _, block := range lists(view["blocks"]) {
			m := block.(map[string]any)
			id, _ := m["block_id"].(string)
			if m["type"] != "input" || values[id] == "" {
				continue
			}
			element := m["element"].(map[string]any)
			state := map[string]any{"type": element["type"], "value": values[id]}
			if element["options"] != nil {
				state = map[string]any{"type": element["type"], "selected_option": map[string]any{"value": values[id]}}
			}
			states[id] = map[string]any{element["action_id"].(string): state}
		}
		if last = b.slack.Submit(lead, view, states); last.Payload["response_action"] == "clear" {
			return
		}
	}
	b.Fatalf("the form does not end: %.600v", last)
}

// Jo reports in Discord. Sam hears of it in Slack, takes it on, decides and closes it there;
// Jo has the receipt, the state and the thanks in Discord. Neither has seen the other's program.
func TestAReportFromDiscordIsDealtWithInSlack(t *testing.T) {
	b := inBoth(t)
	b.discord.Command(volunteer, discordtest.Channel, "breach")
	receipt := ""
	for receipt == "" {
		switch a := b.discord.Submit(volunteer, said); {
		case !a.OK:
			t.Fatalf("the page was not taken: %+v", a)
		case strings.Contains(a.Text(), "Check your answers"):
			receipt = b.discord.Press(volunteer, "Send report").Text()
		default:
			b.discord.Press(volunteer, "Continue")
		}
	}
	at := strings.Index(receipt, "BR-")
	if at < 0 {
		t.Fatalf("the receipt says %q", receipt)
	}
	ref := receipt[at : at+len("BR-7K3Q")]

	b.until("the card in Slack", b.shows("Breach "+ref+": 12 people"))
	b.until("the receipt in Discord", b.told("Your breach report is "+ref))
	b.press("I have got this")
	b.until("the changed card", b.shows("has got this"))
	if a := b.discord.Command(volunteer, "", "dp reports"); !strings.Contains(a.Text(), ref+": somebody is working on it") {
		t.Errorf("in Discord Jo reads %q", a.Text())
	}
	b.press("Decide")
	b.answers(map[string]string{"ico": "no", "people": "no", "reason": "The folder came back unopened."})
	b.until("the decision", b.shows("Tell the regulator: no"))
	b.press("Close")
	b.answers(map[string]string{"lessons": "Lists stay on the tablet."})
	b.until("the thanks in Discord", b.told("The breach you reported, "+ref+", is closed."))
	for _, m := range b.discord.Messages(discordtest.DM(volunteer)) {
		if text, _ := m["content"].(string); strings.Contains(text, "h left") {
			t.Errorf("the lead's card went to the volunteer: %q", text)
		}
	}
}
