package breach

import (
	"context"
	"fmt"

	"shareright/bot"
)

// noting is what the form with the lead's words fills in.
type noting struct {
	Ref bot.Ref `json:"ref"`
	PackNotes
}

func (h handler) askNotes(_ context.Context, _ bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.packNotes().Begin(noting{Ref: ref, PackNotes: b.Notes})}, nil
}

// packNotes asks for what the papers need and the report does not hold.
func (h handler) packNotes() bot.Form[noting] {
	story := func(id, label, hint string, at func(*noting) *string) bot.Field[noting] {
		return bot.AskStory(id, label, at).Hint(hint).Optional().Shown().Why("The papers use your words. The regulator must not be given names.")
	}
	return bot.Form[noting]{
		ID: "breach.notes", Title: "Words for the papers", Submit: "Save", Done: h.noted,
		Pages: []bot.Page[noting]{
			{ID: "what", Title: "What happened", Fields: []bot.Field[noting]{
				story("what", "What happened, without names?", "One or two plain sentences", func(n *noting) *string { return &n.What }),
				story("how", "How did it happen?", "Without names", func(n *noting) *string { return &n.How }),
				bot.AskNumber("records", "How many records?", func(n *noting) **int { return &n.Records }).NotSure("Not yet known").Optional().Shown().Why("The regulator’s form asks for it."),
				story("consequences", "What may follow for people?", "For example worry, fraud or harm", func(n *noting) *string { return &n.Consequences }),
				story("advice", "What can the people do now?", "Short steps", func(n *noting) *string { return &n.Advice }),
			}},
			{ID: "done", Title: "What was done", Fields: []bot.Field[noting]{
				bot.AskOne("staff", "Were staff or volunteers involved?", func(n *noting) *string { return &n.Staff },
					bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "no", Label: "No"}).NotSure("Not yet known").Optional().Shown().Why("The regulator’s form asks for it."),
				story("training", "Which training had they had, and when?", "The role, never the name", func(n *noting) *string { return &n.Training }),
				story("before", "What was in place before?", "Rules, locks, checks", func(n *noting) *string { return &n.Before }),
				story("actions", "What have you done, and what is planned?", "To stop it, and to keep people safe", func(n *noting) *string { return &n.Actions }),
				story("delay", "Why is the report late?", "Only after 72 hours", func(n *noting) *string { return &n.Delay }),
			}},
			{ID: "cyber", Title: "Computers", Fields: []bot.Field[noting]{
				story("impact", "What could you not do?", "Only for attacks on computers", func(n *noting) *string { return &n.Impact }),
				bot.AskText("recovery", "How long until all works again?", func(n *noting) *string { return &n.Recovery }).Optional().Shown().Why("The regulator’s form asks for it."),
			}},
		},
	}
}

func (h handler) noted(ctx context.Context, t bot.Turn, n noting) (bot.Outcome, error) {
	return h.sent(ctx, t, n.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		b.Notes = n.PackNotes
		line := t.Say("breach.line-notes", "name", t.ByName())
		b.note(t, line)
		o := h.changed(t, n.Ref, b, line)
		pack := Pack(h.content, t, n.Ref, b)
		o.Reply = bot.Say(line, fmt.Sprintf("%s %s", t.Say("breach.notes-next"), pack.Title)).
			With(bot.Button{Action: "breach.papers", Label: t.Say("breach.button-papers"), Ref: n.Ref, Style: bot.Primary})
		return o
	})
}
