package parts

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/handlers/ask"
	"shareright/knowledge/policy"
)

// An answer about sharing shows what the policy says, what the law says, and that they differ.
func TestAnAnswerAboutSharingNamesWherePolicyAndLawDiffer(t *testing.T) {
	abroad := afterReading(t, "We do not share personal details with anybody outside the European Economic Area.",
		"can we share her personal details with a charity outside the European Economic Area?")
	for _, want := range []string{"Our own policy says", "Where our policy and the law differ", "Our policy says: We do not share", "The law says: The UK has its own rules", "law notes F11"} {
		if !strings.Contains(abroad, want) {
			t.Errorf("%q is missing in\n%s", want, abroad)
		}
	}
	near := afterReading(t, "We share contact details with partner charities when the family agrees.", "can we share contact details with a partner charity?")
	if !strings.Contains(near, "Our own policy says") || strings.Contains(near, "the law differ") {
		t.Errorf("a difference is named where there is none:\n%s", near)
	}
}

// afterReading is the final answer to a question by a program that has read one policy,
// when the person is sure of nothing else.
func afterReading(t *testing.T, says, question string) string {
	t.Helper()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p := open(t, now, "slack:U0SAM")
	doc, err := policy.Read("sharing.md", []byte("# Sharing policy\n\n## Whom we tell\n\n"+says+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Store.Update(t.Context(), func(tx bot.Tx) error { return ask.Add(t.Context(), tx, "main", now, doc) }); err != nil {
		t.Fatal(err)
	}
	r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "slack", User: "U0JO", What: bot.Said{Text: question}})
	for err == nil && r.Show != nil {
		answers := map[string][]string{}
		for _, f := range r.Show.Fields {
			answers[f.ID] = []string{bot.NotSureValue}
		}
		r, err = p.Bot.Handle(t.Context(), bot.Event{Platform: "slack", User: "U0JO", What: bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.Reply.Plain()
}

// Every contradiction of the law notes has its place in the content.
func TestEveryKnownContradictionIsInTheContent(t *testing.T) {
	var all strings.Builder
	for _, topic := range topics() {
		for _, name := range topic.files() {
			if strings.HasSuffix(name, "differences.yaml") {
				text, err := fs.ReadFile(topic.base, name)
				if err != nil {
					t.Fatal(err)
				}
				all.Write(text)
			}
		}
	}
	for n := 1; n <= 22; n++ {
		if mark := fmt.Sprintf("mark: F%d\n", n); !strings.Contains(all.String(), mark) {
			t.Errorf("nothing in the content deals with F%d", n)
		}
	}
}
