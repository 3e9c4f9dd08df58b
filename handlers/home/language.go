package home

import (
	"context"
	"errors"
	"slices"
	"strings"

	"shareright/bot"
	"shareright/knowledge/words"
)

// languageCommand lets people choose. Where there is one language, no list names it.
func languageCommand() bot.Command {
	say := func(key string) string { return words.Say(words.English, "home.language-"+key) }
	return bot.Command{Under: "dp", Name: "language", Help: say("help"), Hint: say("hint"), Example: "/dp language English",
		Quiet: len(words.Languages()) == 1, Run: language, Suggest: named}
}

// language asks for a language, or takes the one that was named.
func language(ctx context.Context, t bot.Turn, said string) (bot.Outcome, error) {
	all := words.Languages()
	if len(all) == 1 {
		return bot.Outcome{Reply: bot.Say(t.Say("home.language-one", "name", all[0].Name), t.Say("home.language-add"))}, nil
	}
	if said == "" {
		return bot.Outcome{Reply: bot.Say(t.Say("home.language-ask"), t.Say("home.language-private")).With(choices("")...)}, nil
	}
	i := slices.IndexFunc(all, func(l words.Language) bool { return strings.EqualFold(l.Code, said) || strings.EqualFold(l.Name, said) })
	if i < 0 {
		var names []string
		for _, l := range all {
			names = append(names, l.Name)
		}
		return bot.Outcome{Reply: bot.Say(t.Say("home.language-unknown", "said", said, "names", strings.Join(names, ", "))).With(choices("")...)}, nil
	}
	return speak(ctx, t, all[i])
}

// speak remembers the language with the person, and says so in it.
func speak(ctx context.Context, t bot.Turn, l words.Language) (bot.Outcome, error) {
	who, err := bot.Load[bot.Speaker](ctx, t, bot.Ref(t.By.ID))
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	who.ID, who.Lang, t.Lang = t.By.ID, bot.Lang(l.Code), bot.Lang(l.Code)
	reply := bot.Say(t.Say("home.language-set", "name", l.Name), t.Say("home.language-private"))
	if l.Code != words.English {
		reply.Add(bot.SmallLine, t.Say("home.language-partly"))
	}
	return bot.Outcome{Reply: reply, Save: map[bot.Ref]bot.Record{bot.Ref(t.By.ID): who}}, nil
}

// named lists the languages by name, for platforms that show it while people type.
func named(_ context.Context, _ bot.Turn, typed string) ([]bot.Option, error) {
	var found []bot.Option
	for _, l := range words.Languages() {
		if strings.Contains(strings.ToLower(l.Name+" "+l.Code), strings.ToLower(typed)) {
			found = append(found, bot.Option{Value: l.Code, Label: l.Name})
		}
	}
	return found, nil
}

// mostLanguages fits on every platform; the others are named in words.
const mostLanguages = 5

// choices are a button for each language, except the one that is spoken now.
func choices(now bot.Lang) (buttons []bot.Button) {
	for _, l := range words.Languages() {
		if bot.Lang(l.Code) != now && len(buttons) < mostLanguages {
			buttons = append(buttons, bot.Button{Action: "bot.run", Label: l.Name, Ref: bot.Ref("dp language " + l.Code)})
		}
	}
	return buttons
}

// languages is the part of the page where people choose; nil where there is one language.
func languages(t bot.Turn) *bot.Message {
	all := words.Languages()
	if len(all) == 1 {
		return nil
	}
	return bot.Say(t.Say("home.language"), t.Say("home.language-now", "name", t.Say("bot.language-name"))).With(choices(t.Lang)...)
}
