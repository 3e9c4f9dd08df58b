package talk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"shareright/bot"
	"shareright/internal/program"
	"shareright/scheduler"
)

// The toy feature: somebody reports a lost umbrella, the lead takes it on, and a clock warns.
type umbrella struct {
	Where  string `json:"where"`
	Colour string `json:"colour"`
	Count  *int   `json:"count,omitempty"`
	Note   string `json:"note,omitempty"`
	Holder string `json:"holder,omitempty"`
}

func (umbrella) RecordKind() string     { return "umbrella" }
func (umbrella) RecordIndex() bot.Index { return bot.Index{State: "open"} }

func umbrellaForm() bot.Form[umbrella] {
	return bot.Form[umbrella]{ID: "umbrella", Title: "Report a lost umbrella", Submit: "Send report",
		Pages: []bot.Page[umbrella]{
			{ID: "what", Fields: []bot.Field[umbrella]{
				bot.AskText("where", "Where was it lost?", func(u *umbrella) *string { return &u.Where }).Why("So that somebody can look there."),
				bot.AskOne("colour", "What colour is it?", func(u *umbrella) *string { return &u.Colour },
					bot.Option{Value: "red", Label: "Bright red"}, bot.Option{Value: "blue", Label: "Deep blue"}),
			}},
			{ID: "many", Fields: []bot.Field[umbrella]{
				bot.AskNumber("count", "How many umbrellas?", func(u *umbrella) **int { return &u.Count }).NotSure(),
			}},
			{ID: "note", Fields: []bot.Field[umbrella]{
				bot.AskText("note", "Anything else?", func(u *umbrella) *string { return &u.Note }).Optional(),
			}},
		},
		Done: func(_ context.Context, t bot.Turn, u umbrella) (bot.Outcome, error) {
			ref := t.NewRef("UM")
			return bot.Outcome{
				Reply: bot.Say("Thank you. Reported as "+string(ref)+".", "Buy a new one."),
				Save:  map[bot.Ref]bot.Record{ref: u},
				Posts: []bot.Post{{Key: "card/" + string(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *card(ref, u)}},
				Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: "umbrella.warn", Name: string(ref)}, Due: t.Now.Add(24 * time.Hour),
					Class: scheduler.Statutory, About: string(ref)}},
			}, nil
		}}
}

func card(ref bot.Ref, u umbrella) *bot.Message {
	m := bot.Say(fmt.Sprintf("Umbrella %s is lost", ref), "It is "+u.Colour+".")
	if u.Holder != "" {
		m.Add(bot.Para, u.Holder+" has got this.")
		return m
	}
	return m.With(bot.Button{Action: "umbrella.take", Label: "I have got this", Ref: ref})
}

func toy() program.Parts {
	form := umbrellaForm()
	feature := bot.Feature{
		Name:  "umbrella",
		Forms: []bot.Dialogue{form},
		Commands: []bot.Command{{Name: "umbrella", Help: "Report a lost umbrella", Run: func(_ context.Context, _ bot.Turn, where string) (bot.Outcome, error) {
			return bot.Outcome{Ask: form.Begin(umbrella{Where: where})}, nil
		}}},
		Actions: []bot.Action{{ID: "umbrella.take", Who: []bot.Role{bot.DPLead}, Do: take}},
		Timers:  []bot.Timer{{Kind: "umbrella.warn", Do: warn}},
		Hears: func(_ context.Context, _ bot.Turn, said string) (bot.Outcome, bool, error) {
			if strings.Contains(said, "break") {
				return bot.Outcome{}, true, errors.New("made to break")
			}
			return bot.Outcome{Reply: bot.Say("You said: " + said)}, said != "", nil
		},
	}
	return program.Parts{Features: []bot.Feature{feature}}
}

func take(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	u, err := bot.Load[umbrella](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	if u.Holder != "" {
		return bot.Outcome{Reply: bot.Say(u.Holder + " has this already.")}, nil
	}
	u.Holder = t.By.Name
	return bot.Outcome{Save: map[bot.Ref]bot.Record{ref: u},
		Posts: []bot.Post{{Key: "card/" + string(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *card(ref, u)}}}, nil
}

func warn(_ context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	return bot.Outcome{Posts: []bot.Post{{Key: "warn/" + string(t.Ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Statutory,
		Message: *bot.Say("Umbrella " + string(t.Ref) + ": a day has passed")}}}, nil
}
