// Package parts lists what this program is made of: the features over what we know, the
// words that work without a database, and the limits that every form must keep to.
//
// It joins nothing and decides nothing; internal/program does the joining.
package parts

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/slack"
	"shareright/handlers"
	"shareright/internal/program"
	"shareright/knowledge/ask"
	"shareright/knowledge/privacy"
	"shareright/knowledge/share"
	"shareright/knowledge/words"
)

// All returns the parts of the real program over what is built in. It panics when that
// cannot be read, which a test sees first.
func All() program.Parts {
	known, mistakes := Know("")
	if len(mistakes) > 0 {
		panic(errors.Join(mistakes...))
	}
	return join(known, known.Share.Emergency)
}

// Over returns the parts of the real program over an organisation's own content, or over
// what is built in when the folder is empty or holds a mistake. Mistakes never stop the
// program: they are told in the parts, and an emergency is heard by our own words as well.
func Over(folder string) program.Parts {
	all := All()
	if folder == "" {
		return all
	}
	known, said, mistakes := know(folder)
	if len(mistakes) > 0 {
		all.Mistakes = mistakes
		return all
	}
	words.Use(said)
	return join(known, func(text string) bool {
		_, ours := all.Emergency(text)
		return ours || known.Share.Emergency(text)
	})
}

func join(known handlers.Knowledge, urgent func(string) bool) program.Parts {
	kept := map[string]int{}
	for _, own := range known.Kept {
		kept[own.ID] = own.Months
	}
	return program.Parts{
		Kept:      kept,
		Features:  handlers.All(known),
		Calendar:  known.Calendar,
		Checks:    []func(bot.View) []string{slack.Check, discord.Check},
		Personal:  closed(privacy.Certain),
		Blank:     privacy.Blank,
		Emergency: func(text string) (*bot.Message, bool) { return emergency(), urgent(text) },
	}
}

// closed is a check that fails closed: when it cannot look, everything counts as personal.
func closed(check func(string) []string) func(string) []string {
	return func(text string) (found []string) {
		defer func() {
			if recover() != nil {
				found = []string{words.Say("en", "share.personal-unchecked")}
			}
		}()
		return check(text)
	}
}

// emergency is the static text of knowledge/share as a message.
func emergency() *bot.Message {
	title, rest, _ := strings.Cut(share.EmergencyText, "\n")
	return bot.Say(title, strings.Split(rest, "\n")...)
}

// Sharing decides a question about sharing by the rule book, for knowledge/ask. Facts that
// are stated beside a question count more than what is read from its words.
func Sharing(book *share.Book) ask.Sharing {
	return func(question string, given map[string]json.RawMessage, nations []string) (ask.Shared, bool, error) {
		said := make(map[string]any, len(given))
		for fact, value := range given {
			var any any
			if json.Unmarshal(value, &any) == nil {
				said[fact] = any
			}
		}
		reading, stated, err := book.ReadWith(question, said)
		if err != nil {
			return ask.Shared{}, false, fmt.Errorf("fact: %w", err)
		}
		strong := stated > 0 || book.Intent(question).Kind == share.IntentShare
		strength, may := book.MaySay(question)
		if !strong && !may {
			return ask.Shared{}, false, nil
		}
		a := book.In(book.Decide(reading.Facts), nations...)
		facts := map[string]ask.Fact{}
		for fact, u := range reading.From {
			facts[fact] = ask.Fact{Value: u.Value, From: u.From}
		}
		if a.Like != "" {
			facts["like"] = ask.Fact{Value: a.Like}
		}
		return ask.Shared{Decision: string(a.Decision), Provisional: a.Provisional, Missing: a.Missing, Facts: facts,
			Basis: a.Basis, Escalate: a.Escalate, Text: a.Text(), Sources: a.Sources, Weak: !strong, Strength: strength}, true, nil
	}
}
