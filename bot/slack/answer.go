package slack

import (
	"strings"

	"shareright/bot"

	api "github.com/slack-go/slack"
)

// plan is how a response reaches the person: what the acknowledgement carries, and what
// is sent after it. Making it is pure; carrying it out is not.
type plan struct {
	ack   any // nil for a bare acknowledgement
	after []step
}

// step is one thing to send after the acknowledgement. Exactly one of the pointers is set.
type step struct {
	open   *api.ModalViewRequest // with the trigger of what happened
	update *api.ModalViewRequest // in place of the modal that is on the screen
	home   []bot.Message
	tell   *bot.Message
	note   *note // a reply that was too large for the acknowledgement

	anyway bool // update whatever is on the screen: it is ours
}

// answer decides how a response is shown, which depends on what the person did.
func answer(in incoming, r bot.Response) plan {
	switch in.origin {
	case fromCommand:
		p := plan{after: opening(in, r)}
		if r.Reply != nil {
			p.ack = ephemeral(*r.Reply)
		}
		return p
	case fromShortcut, fromButton:
		after := append(opening(in, r), telling(r)...)
		if in.used != "" && r.Reply == nil { // the form is open; the question above it is answered
			pressed := note{ResponseType: "ephemeral", Text: escaped(in.used), Blocks: []api.Block{small("✓ " + in.used)}}
			after = append(after, step{note: &pressed})
		}
		return plan{after: after}
	case fromModal:
		return answerModal(in, r)
	case fromSubmit:
		return answerSubmit(in, r)
	case fromClose:
		return plan{after: telling(r)}
	case fromHome:
		if len(r.Page) > 0 {
			return plan{after: []step{{home: r.Page}}}
		}
	}
	return plan{}
}

func opening(in incoming, r bot.Response) []step {
	if r.Show == nil {
		return nil
	}
	drawn := drawView(*r.Show, in.channel, r.Problems)
	return []step{{open: &drawn}}
}

func telling(r bot.Response) []step {
	if r.Reply == nil {
		return nil
	}
	return []step{{tell: r.Reply}}
}

// answerModal answers a button inside a dialogue. Slack cannot close a modal on such a
// press, so what ends the dialogue is shown in it.
func answerModal(in incoming, r bot.Response) plan {
	switch {
	case r.Show != nil:
		drawn := drawView(*r.Show, in.channel, r.Problems)
		return plan{after: append([]step{{update: &drawn}}, telling(r)...)}
	case r.Done && r.Reply != nil:
		drawn := result(*r.Reply)
		return plan{after: []step{{update: &drawn}}}
	}
	return plan{after: telling(r)}
}

func answerSubmit(in incoming, r bot.Response) plan {
	switch {
	case len(r.Problems) > 0 && onScreen(in, r) && allShown(in.view, r.Problems):
		errors := make(map[string]string, len(r.Problems))
		for field, problem := range r.Problems {
			errors[field] = bot.Cut(problem, maxError)
		}
		return plan{ack: api.NewErrorsViewSubmissionResponse(errors), after: telling(r)}
	case r.Show != nil:
		drawn := drawView(*r.Show, in.channel, r.Problems)
		return plan{ack: api.NewUpdateViewSubmissionResponse(&drawn), after: telling(r)}
	case r.Done:
		return plan{ack: api.NewClearViewSubmissionResponse(), after: telling(r)}
	case r.Reply != nil:
		drawn := result(*r.Reply)
		return plan{ack: api.NewUpdateViewSubmissionResponse(&drawn)}
	}
	return plan{}
}

// onScreen says whether the page is what stands on the screen already, so that only the
// errors need to be shown. A page with a new question, or with emergency words that were
// not there before, must be drawn.
func onScreen(in incoming, r bot.Response) bool {
	if r.Show == nil {
		return true
	}
	drawn := drawView(*r.Show, in.channel, nil).Blocks.BlockSet
	if in.view == nil || len(drawn) != len(in.view.Blocks) {
		return false
	}
	for i, b := range in.view.Blocks {
		if b.Type != string(drawn[i].BlockType()) || b.Type == string(api.MBTInput) && b.BlockID != drawn[i].ID() {
			return false
		}
	}
	return true
}

// allShown says whether each problem has its input on the screen. Slack shows an
// unexplained failure for an error that has none.
func allShown(v *view, problems map[string]string) bool {
	for field, problem := range problems {
		if problem == "" || v == nil || !v.asks(field) {
			return false
		}
	}
	return true
}

// asks says whether the modal has an input for the field.
func (v *view) asks(field string) bool {
	for _, b := range v.Blocks {
		if b.Type == string(api.MBTInput) && b.BlockID == field {
			return true
		}
	}
	return false
}

// trouble is what a person gets when the engine could not carry out what they did: its
// own words if it has any, such as for an emergency. What they typed stays on the screen.
func trouble(in incoming, m *bot.Message) plan {
	if m == nil {
		m = bot.Say(say("bot.trouble-title"), say("bot.trouble-safe"), say("bot.trouble-again"))
	}
	switch in.origin {
	case fromCommand:
		return plan{ack: ephemeral(*m)}
	case fromSubmit:
		for _, b := range in.view.Blocks {
			if b.Type == string(api.MBTInput) {
				return plan{ack: api.NewErrorsViewSubmissionResponse(map[string]string{
					b.BlockID: bot.Cut(strings.ReplaceAll(m.Plain(), "\n", " "), maxError),
				})}
			}
		}
		drawn := result(*m)
		return plan{ack: api.NewPushViewSubmissionResponse(&drawn)}
	case fromShortcut, fromButton, fromModal:
		return plan{after: []step{{tell: m}}}
	case fromMessage:
		if in.attempt == 0 {
			return plan{after: []step{{tell: m}}} // once; Slack sends the event again
		}
	}
	return plan{}
}

// late is what a person gets when Slack would not open the form any more. The session is
// stored, so a button goes on where they were.
func late(session string) *bot.Message {
	m := bot.Say(say("slack.late-title"), say("slack.late-body"))
	return m.With(bot.Button{Action: goResume, Label: say("bot.go-on"), Ref: bot.Ref(session), Style: bot.Primary})
}

// loading stands in a modal while the next page, too large for the acknowledgement, is on its way.
func loading() *api.ViewSubmissionResponse {
	drawn := result(*bot.Say(say("slack.loading"), say("slack.loading-body")))
	return api.NewUpdateViewSubmissionResponse(&drawn)
}
