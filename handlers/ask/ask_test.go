package ask_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/ask"
	"shareright/internal/program"
	knowledge "shareright/knowledge/ask"
	"shareright/knowledge/policy"
	"shareright/knowledge/retention"
)

const privacyPolicy = `# Privacy policy

Owner: Sam Reed
Next review: May 2025

## Requests

Send every request to see personal data to the data protection lead.
We answer within one month of receipt. There is no fee.

## Pictures

A parent gives written consent before we take photographs of a child.

## Keeping records

Volunteer files are kept for two years after the volunteer leaves.
Board minutes are kept permanently.
`

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

var lexicon = sync.OnceValues(policy.DefaultLexicon)

// office is a running bot with the feature and the people around it. It remembers what it delivered.
type office struct {
	*program.Program
	t   *testing.T
	got []bot.Delivery
}

func (*office) Name() string                           { return "desk" }
func (*office) Run(context.Context, bot.Handler) error { return nil }

func (o *office) Deliver(_ context.Context, m bot.Delivery) (bot.MessageID, error) {
	o.got = append(o.got, m)
	return "m1", nil
}

// open starts the bot of one organisation, with these policies.
func open(t *testing.T, policies ...string) *office {
	t.Helper()
	words, err := lexicon()
	if err != nil {
		t.Fatal(err)
	}
	book, err := knowledge.New(words, retention.Default(), sharing)
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Data = t.TempDir()
	for role, id := range map[string]string{"dp-lead": "sam", "safeguarding-lead": "sal"} {
		c.Organisations[0].Roles[role] = []config.Contact{{Platform: "desk", ID: id}}
	}
	feature := ask.Feature(book, ask.NewShelf(words), intent)
	p, err := program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{feature}}, program.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	o := &office{Program: p, t: t}
	p.Bot.Attach(o)
	for i, text := range policies {
		o.add(string(rune('a'+i))+".md", text)
	}
	return o
}

// sharing takes questions with the word "share" and answers none.
func sharing(question string, _ map[string]json.RawMessage, _ []string) (knowledge.Shared, bool, error) {
	return knowledge.Shared{Decision: "ask_dp_lead", Text: "Ask first."}, strings.Contains(question, "share"), nil
}

// intent knows three sorts of message by a word each.
func intent(text string) knowledge.Kind {
	for word, kind := range map[string]knowledge.Kind{"lost": knowledge.Breach, "her own file": knowledge.Rights, "bruises": knowledge.Concern} {
		if strings.Contains(text, word) {
			return kind
		}
	}
	return knowledge.Policy
}

func (o *office) add(id, text string) {
	o.t.Helper()
	doc, err := policy.Read(id, []byte(text))
	if err != nil {
		o.t.Fatal(err)
	}
	o.update(func(tx bot.Tx) error { return ask.Add(o.t.Context(), tx, "main", now, doc) })
}

func (o *office) update(do func(bot.Tx) error) {
	o.t.Helper()
	if err := o.Store.Update(o.t.Context(), do); err != nil {
		o.t.Fatal(err)
	}
}

// does is what somebody does, and what they read then. Posts that are due are delivered.
func (o *office) does(user string, what bot.Deed) *bot.Message {
	o.t.Helper()
	r, err := o.Bot.Handle(o.t.Context(), bot.Event{Platform: "desk", User: user, What: what})
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Runner.RunDue(o.t.Context(), now); err != nil {
		o.t.Fatal(err)
	}
	if r.Reply == nil {
		o.t.Fatalf("%+v: no reply", what)
	}
	return r.Reply
}

func (o *office) dp(user, text string) *bot.Message {
	o.t.Helper()
	return o.does(user, bot.Ran{Command: "dp", Text: text})
}

func labels(m *bot.Message) (list []string) {
	for _, b := range m.Buttons {
		list = append(list, b.Label)
	}
	return list
}

func TestAQuestionIsAnsweredInThePolicysOwnWords(t *testing.T) {
	o := open(t, privacyPolicy)
	tests := map[string]struct{ question, quote string }{
		"in the policy's words":     {"how long are volunteer files kept", "two years after the volunteer leaves"},
		"in other words":            {"do mums have to agree to pics of kids", "written consent before we take photographs"},
		"with a slip of the finger": {"how long for comittee minuets", "Board minutes are kept permanently"},
		"about what it costs":       {"does it cost anything to see my file", "There is no fee"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := o.dp("jo", "ask "+test.question)
			quotes := 0
			for _, b := range m.Body {
				if b.Kind == bot.Quote && strings.Contains(b.Text, test.quote) {
					quotes++
				}
			}
			if quotes == 0 {
				t.Errorf("%q is not quoted in\n%s", test.quote, m.Plain())
			}
			if len(m.Sources) == 0 || !strings.HasPrefix(m.Sources[0].Title, "a.md") {
				t.Errorf("sources %v", m.Sources)
			}
			if !strings.Contains(m.Plain(), "due for a fresh look by May 2025") {
				t.Errorf("it is not said that the policy has lapsed:\n%s", m.Plain())
			}
			if slices.Contains(labels(m), "Ask the lead") {
				t.Error("an answered question offers to ask the lead")
			}
		})
	}
}

func TestAQuestionWithoutAnAnswerBringsInTheLead(t *testing.T) {
	o := open(t, privacyPolicy)
	m := o.dp("jo", "ask which paint is best for the fence")
	if !strings.HasPrefix(m.Title, "I do not know") || !slices.Contains(labels(m), "Ask the lead") {
		t.Fatalf("got\n%s\n%v", m.Plain(), labels(m))
	}
	told := o.does("jo", bot.Pressed{Action: "ask.lead", Ref: "question"})
	if !strings.Contains(told.Title, "data protection lead") {
		t.Errorf("the person reads %q", told.Title)
	}
	if len(o.got) != 1 || o.got[0].To.User != "sam" {
		t.Fatalf("delivered %+v", o.got)
	}
	if post := o.got[0].Message.Plain(); strings.Contains(post, "paint") || strings.Contains(post, "fence") {
		t.Errorf("the lead reads the person's words: %s", post)
	}
}

func TestNothingTypedIsNoQuestion(t *testing.T) {
	o := open(t)
	if m := o.dp("jo", "ask"); m.Title != "Type your question after the command." {
		t.Errorf("got %q", m.Title)
	}
	if m := o.dp("jo", "ask how long do we keep the boat keys"); !strings.Contains(m.Title, "I have no policy of yours") {
		t.Errorf("without policies: %q", m.Title)
	}
}

func TestWhatPeopleAlsoAskIsOfferedAndAnsweredWithOnePress(t *testing.T) {
	o := open(t, privacyPolicy)
	m := o.dp("jo", "ask does it cost anything to see my file")
	var also []bot.Button
	for _, b := range m.Buttons {
		if b.Action == "ask.also" {
			also = append(also, b)
		}
	}
	if len(also) == 0 || len(also) > 3 {
		t.Fatalf("offered %v", labels(m))
	}
	for _, b := range also {
		if !strings.HasSuffix(b.Label, "?") || len([]rune(b.Label)) > 75 {
			t.Errorf("a button says %q", b.Label)
		}
		if answer := o.does("jo", bot.Pressed{Action: b.Action, Ref: b.Ref}); !strings.Contains(answer.Plain(), "Your own policy says") {
			t.Errorf("%q: %s", b.Label, answer.Plain())
		}
	}
	if gone := o.does("jo", bot.Pressed{Action: "ask.also", Ref: "a_topic_of_last_year"}); gone.Title != "Type your question after the command." {
		t.Errorf("a button of last year says %q", gone.Title)
	}
}

func TestWhatBelongsToAnotherDialogueIsHandedOver(t *testing.T) {
	o := open(t, privacyPolicy)
	tests := map[string]struct {
		said, action string
		ref          bot.Ref
	}{
		"a breach":                     {"i lost the register", "bot.run", "breach"},
		"a request for one's own data": {"she wants her own file", "bot.run", "dp request"},
		"a worry about somebody":       {"a boy has bruises", "ask.lead", "concern"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := o.does("jo", bot.Said{Text: test.said})
			if len(m.Buttons) != 1 || m.Buttons[0].Action != test.action || m.Buttons[0].Ref != test.ref {
				t.Errorf("buttons %+v", m.Buttons)
			}
			if strings.Contains(m.Plain(), test.said) {
				t.Errorf("the words are repeated: %s", m.Plain())
			}
		})
	}
	o.does("jo", bot.Pressed{Action: "ask.lead", Ref: "concern"})
	if len(o.got) != 1 || o.got[0].To.User != "sal" {
		t.Errorf("a worry went to %+v", o.got)
	}
}

func TestAPlainMessageIsAnsweredToo(t *testing.T) {
	o := open(t, privacyPolicy)
	if m := o.does("jo", bot.Said{Text: "how long do we keep volunteer files"}); !strings.Contains(m.Plain(), "two years after the volunteer leaves") {
		t.Errorf("got %s", m.Plain())
	}
	if m := o.does("jo", bot.Said{Text: "can i share the volunteer files"}); strings.Contains(m.Plain(), "Ask first.") {
		t.Errorf("a question about sharing is left to the sharing rules, and was answered here: %s", m.Plain())
	}
}

func TestAWordIsExplained(t *testing.T) {
	o := open(t)
	if m := o.dp("jo", "word lado"); !strings.EqualFold(m.Title, "LADO") || len(m.Sources) == 0 {
		t.Errorf("got %q from %v", m.Title, m.Sources)
	}
	list, unknown := o.dp("jo", "word"), o.dp("jo", "word flibbertigibbet")
	if !strings.Contains(strings.ToLower(list.Plain()), "lado") {
		t.Errorf("the list is %s", list.Plain())
	}
	if unknown.Title == list.Title || strings.Contains(unknown.Plain(), "flibbertigibbet") {
		t.Errorf("an unknown word: %s", unknown.Plain())
	}
}
