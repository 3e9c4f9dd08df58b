package training

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"shareright/knowledge/breach"
	"shareright/knowledge/calendar"
)

func TestThereAreEnoughCardsForEveryCauseRoleAndSeason(t *testing.T) {
	c := Default()
	if n := len(c.Cards); n < 44 {
		t.Errorf("only %d cards", n)
	}
	bySubject := map[string]int{}
	for _, card := range c.Cards {
		bySubject[card.Subject]++
	}
	for _, cause := range breach.Default().Causes {
		if bySubject[cause.Refresher] < 2 {
			t.Errorf("%d cards answer the cause %q (%s)", bySubject[cause.Refresher], cause.Value, cause.Refresher)
		}
	}
	for _, role := range Roles() {
		own := slices.IndexFunc(c.Cards, func(k Card) bool { return slices.Contains(k.Roles, role) })
		if own < 0 || len(c.Choose(Wish{Roles: []string{role}, On: day(t, "2026-11-23")})) < 30 {
			t.Errorf("too few cards suit a %s", role)
		}
	}
	for season := range c.seasons {
		if !slices.ContainsFunc(c.Cards, func(k Card) bool { return slices.Contains(k.Seasons, season) }) {
			t.Errorf("no card is for %s", season)
		}
	}
}

// Cards are read on a phone between two other things: short sentences, plain words, no blame.
func TestCardsArePlain(t *testing.T) {
	banned := regexp.MustCompile(`(?i)\b(please|sorry|valid|invalid|oops|data subject|pursuant)\b`)
	longest := 0
	for _, card := range Default().Cards {
		texts := []string{card.Ask, card.Why}
		for _, a := range card.Answers {
			texts = append(texts, a.Say)
		}
		if rights := len([]rune(card.Answers[card.Right()].Say)); !slices.ContainsFunc(card.Answers, func(a Answer) bool { return len([]rune(a.Say)) > rights }) {
			longest++
		}
		for _, text := range texts {
			if banned.MatchString(text) {
				t.Errorf("%s: a word we do not use: %s", card.ID, text)
			}
			for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(".?!;", r) }) {
				if n := len(strings.Fields(sentence)); n > 20 {
					t.Errorf("%s: %d words: %s", card.ID, n, sentence)
				}
			}
		}
	}
	if n := len(Default().Cards); longest > n/2 {
		t.Errorf("in %d of %d cards the right answer is the longest, so it can be guessed", longest, n)
	}
}

func TestWhichCardComesFirst(t *testing.T) {
	c := Default()
	for name, tc := range map[string]struct {
		wish Wish
		want func(Card) bool
	}{
		"what went wrong lately": {Wish{On: day(t, "2027-05-10"), Lately: map[string]int{"email": 1}}, func(k Card) bool { return k.Subject == "email" }},
		"more often goes first":  {Wish{On: day(t, "2027-05-10"), Lately: map[string]int{"email": 1, "post": 3}}, func(k Card) bool { return k.Subject == "post" }},
		"the season":             {Wish{On: day(t, "2027-07-10")}, func(k Card) bool { return slices.Contains(k.Seasons, "summer") }},
		"their own role":         {Wish{On: day(t, "2027-10-10"), Roles: []string{"trustee"}, Subject: "reporting"}, func(k Card) bool { return slices.Contains(k.Roles, "trustee") }},
		"one subject":            {Wish{On: day(t, "2027-07-10"), Subject: "retention"}, func(k Card) bool { return k.Subject == "retention" }},
		"a breach beats the season": {Wish{On: day(t, "2027-07-10"), Lately: map[string]int{"requests": 1}},
			func(k Card) bool { return k.Subject == "requests" }},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.Choose(tc.wish)
			if len(got) == 0 || !tc.want(got[0]) {
				t.Errorf("got %+v", got[:min(1, len(got))])
			}
		})
	}
}

// Whoever it is: each card that suits them once, what they have had at the end and the
// oldest of that first, and never a card that is only for others.
func TestChoosingIsFair(t *testing.T) {
	c := Default()
	rapid.Check(t, func(rt *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.SampledFrom(c.Cards), 0, 20, func(k Card) string { return k.ID }).Draw(rt, "had")
		w := Wish{Person: rapid.String().Draw(rt, "person"), Roles: rapid.SliceOfDistinct(rapid.SampledFrom(Roles()), rapid.ID).Draw(rt, "roles"),
			On: calendar.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 2000).Draw(rt, "day"))}
		for _, k := range ids {
			w.Seen = append(w.Seen, k.ID)
		}
		got := c.Choose(w)
		old := -1
		seen := map[string]bool{}
		for _, k := range got {
			if seen[k.ID] {
				rt.Fatalf("%s stands there twice", k.ID)
			}
			seen[k.ID] = true
			at := slices.Index(w.Seen, k.ID)
			if at < old {
				rt.Fatalf("%s, had before, stands in front of a newer one", k.ID)
			}
			old = at
			if len(w.Roles) > 0 && !k.suits(w.Roles) {
				rt.Fatalf("%s is not for %q", k.ID, w.Roles)
			}
			order := k.Order(w.Person)
			slices.Sort(order)
			if len(slices.Compact(order)) != len(k.Answers) {
				rt.Fatalf("an answer of %s is missing", k.ID)
			}
		}
	})
}

func TestACardIsRewrittenAfterAYear(t *testing.T) {
	c := Default()
	if n := len(c.Lapsed(day(t, "2026-12-01"))); n != 0 {
		t.Errorf("%d cards have lapsed already", n)
	}
	if n := len(c.Lapsed(day(t, "2027-12-01"))); n != len(c.Cards) {
		t.Errorf("%d of %d cards have lapsed", n, len(c.Cards))
	}
}

func TestMistakesInCardsAreExplained(t *testing.T) {
	const good = `ask: What?, why: So., sources: [a], checked: "2026-01-01", rewrite_by: "2027-01-01"`
	const answers = `answers: [{say: a, right: true}, {say: b}, {say: c}]`
	for name, tc := range map[string]struct{ card, says string }{
		"a subject that is misspelt": {"- {id: x, subject: emial, " + good + ", " + answers + "}", `did you mean "email"`},
		"a role that is misspelt":    {"- {id: x, subject: email, roles: [volunter], " + good + ", " + answers + "}", `did you mean "volunteer"`},
		"a season that is misspelt":  {"- {id: x, subject: email, seasons: [sumer], " + good + ", " + answers + "}", `did you mean "summer"`},
		"no right answer":            {"- {id: x, subject: email, " + good + ", answers: [{say: a}, {say: b}, {say: c}]}", "0 of them right"},
		"two answers":                {"- {id: x, subject: email, " + good + ", answers: [{say: a, right: true}, {say: b}]}", "three or four"},
		"an answer for no button":    {"- {id: x, subject: email, " + good + ", answers: [{say: " + strings.Repeat("a", 76) + ", right: true}, {say: b}, {say: c}]}", "76 characters"},
		"not rewritten for years":    {`- {id: x, subject: email, ask: What?, why: So., sources: [a], checked: "2026-01-01", rewrite_by: "2028-01-02", ` + answers + "}", "at most a year"},
		"an unknown source":          {strings.Replace("- {id: x, subject: email, "+good+", "+answers+"}", "[a]", "[b]", 1), `no source "b"`},
		"twice": {"- {id: x, subject: email, " + good + ", " + answers + "}\n- {id: x, subject: email, " + good + ", " + answers + "}",
			"stands there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{"topics.yaml": {Data: []byte("[]")}, "cards-x.yaml": {Data: []byte(tc.card)},
				"subjects.yaml": {Data: []byte("email: E-mail")}, "seasons.yaml": {Data: []byte("summer: [6, 7, 8]")},
				"sources.yaml": {Data: []byte("- {id: a, title: A, checked: \"2026-11-22\"}\n")}})
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want %q", err, tc.says)
			}
		})
	}
}

func day(t *testing.T, iso string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseISO(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
