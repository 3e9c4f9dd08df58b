package training

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

// Card is one question that takes two minutes: what happens, what to do, and why.
type Card struct {
	ID        string   `yaml:"id"`
	Subject   string   `yaml:"subject"` // what it is about; causes of breaches name it
	Roles     []string `yaml:"roles"`   // whom it suits best; none means everybody
	Seasons   []string `yaml:"seasons"` // none means all year
	Ask       string   `yaml:"ask"`
	Answers   []Answer `yaml:"answers"`
	Why       string   `yaml:"why"`
	Sources   []string `yaml:"sources"`
	Checked   string   `yaml:"checked"`
	RewriteBy string   `yaml:"rewrite_by"`
}

// Answer is one way to go on. Exactly one of a card's answers is right.
type Answer struct {
	Say   string `yaml:"say"`
	Right bool   `yaml:"right"`
}

// Right is the place of the right answer.
func (c Card) Right() int { return slices.IndexFunc(c.Answers, func(a Answer) bool { return a.Right }) }

// Order is the order in which somebody sees the answers. It differs from person to person,
// so that nobody learns “the second one”.
func (c Card) Order(person string) []int {
	order := make([]int, len(c.Answers))
	turn := int(mix(c.ID, person) % uint32(len(order)))
	for i := range order {
		order[i] = (i + turn) % len(order)
	}
	return order
}

func mix(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p + "\x00"))
	}
	return h.Sum32()
}

// Wish is what is known of somebody who is to get a card.
type Wish struct {
	Person  string         // any id; it only makes people start at different cards
	Roles   []string       // what they do; none is read as a volunteer
	Subject string         // only this subject; empty for any
	Lately  map[string]int // how often each subject was the cause of a breach lately
	Seen    []string       // ids of cards they have had, oldest first
	On      calendar.Date
}

// Choose lists cards for somebody, best first, each once: what went wrong lately, what the
// season brings and what suits their role go first; a card they have had goes last, the
// oldest of those first.
func (c *Content) Choose(w Wish) []Card {
	if len(w.Roles) == 0 {
		w.Roles = []string{Volunteer}
	}
	var fit []Card
	for _, card := range c.Cards {
		if (w.Subject == "" || card.Subject == w.Subject) && card.suits(w.Roles) {
			fit = append(fit, card)
		}
	}
	slices.SortStableFunc(fit, func(a, b Card) int {
		return cmp.Or(
			cmp.Compare(slices.Index(w.Seen, a.ID), slices.Index(w.Seen, b.ID)), // never seen is -1
			cmp.Compare(c.weight(b, w), c.weight(a, w)),
			cmp.Compare(mix(a.ID, w.Person), mix(b.ID, w.Person)),
			cmp.Compare(a.ID, b.ID))
	})
	return fit
}

func (card Card) suits(roles []string) bool {
	return len(card.Roles) == 0 || slices.ContainsFunc(card.Roles, func(r string) bool { return slices.Contains(roles, r) })
}

// weight says how well a card fits now: a recent breach counts most, then the season, then the role.
func (c *Content) weight(card Card, w Wish) int {
	n := 0
	if w.Lately[card.Subject] > 0 {
		n += 8 + min(w.Lately[card.Subject], 4)
	}
	switch {
	case c.inSeason(card, w.On.Month):
		n += 4
	case len(card.Seasons) > 0:
		n -= 2
	}
	if len(card.Roles) > 0 {
		n++
	}
	return n
}

func (c *Content) inSeason(card Card, month time.Month) bool {
	return slices.ContainsFunc(card.Seasons, func(s string) bool { return slices.Contains(c.seasons[s], int(month)) })
}

// Card finds a card by its id.
func (c *Content) Card(id string) (Card, bool) {
	i := slices.IndexFunc(c.Cards, func(k Card) bool { return k.ID == id })
	if i < 0 {
		return Card{}, false
	}
	return c.Cards[i], true
}

// SourcesOfCard lists where a card's answer comes from.
func (c *Content) SourcesOfCard(card Card) []knowledge.Source {
	list, err := c.sources.Pick(card.Sources...)
	if err != nil {
		return nil // a card that Load did not check
	}
	return list
}

// Lapsed are the cards that were to be written anew before a day.
func (c *Content) Lapsed(today calendar.Date) []Card {
	var list []Card
	for _, card := range c.Cards {
		if by, err := calendar.ParseISO(card.RewriteBy); err != nil || by.Before(today) {
			list = append(list, card)
		}
	}
	return list
}

// Subjects are what cards can be about, in alphabetical order of their ids.
func (c *Content) Subjects() []string { return sorted(c.subjects) }

// Subject is what people call a subject; empty when there is none of this id.
func (c *Content) Subject(id string) string { return c.subjects[id] }

// readCards reads every cards-*.yaml with the subjects and seasons they use.
func (c *Content) readCards(files fs.FS) error {
	names, err := fs.Glob(files, "cards-*.yaml")
	if err != nil {
		return fmt.Errorf("list cards: %w", err)
	}
	for _, name := range names {
		var part []Card
		if err := knowledge.ReadYAML(files, name, &part); err != nil {
			return err
		}
		c.Cards = append(c.Cards, part...)
	}
	if len(names) == 0 {
		return nil // an organisation's own topics may stand without cards
	}
	if err := knowledge.ReadYAML(files, "subjects.yaml", &c.subjects); err != nil {
		return err
	}
	return knowledge.ReadYAML(files, "seasons.yaml", &c.seasons)
}

// What fits on every platform's screen, in characters.
const (
	maxAsk    = 300
	maxAnswer = 75
)

func (c *Content) checkCards() error {
	var problems []error
	seen := map[string]bool{}
	for _, card := range c.Cards {
		if seen[card.ID] {
			problems = append(problems, fmt.Errorf("cards: %q stands there twice", card.ID))
		}
		seen[card.ID] = true
		for _, problem := range c.checkCard(card) {
			problems = append(problems, fmt.Errorf("cards: %q: %s", card.ID, problem))
		}
	}
	return errors.Join(problems...)
}

func (c *Content) checkCard(card Card) (problems []string) {
	wrong := func(format string, a ...any) { problems = append(problems, fmt.Sprintf(format, a...)) }
	if card.ID == "" || strings.ContainsAny(card.ID, "/ ") || card.Ask == "" || card.Why == "" || len(card.Sources) == 0 {
		wrong("it needs an id without spaces, ask, why and sources")
	}
	if _, known := c.subjects[card.Subject]; !known {
		wrong("there is no subject %q%s", card.Subject, knowledge.DidYouMean(card.Subject, sorted(c.subjects)))
	}
	right := 0
	for _, a := range card.Answers {
		if a.Right {
			right++
		}
		if n := utf8.RuneCountInString(a.Say); n == 0 || n > maxAnswer {
			wrong("an answer has %d characters; 1 to %d fit on a button", n, maxAnswer)
		}
	}
	if len(card.Answers) < 3 || len(card.Answers) > 4 || right != 1 {
		wrong("it has %d answers, %d of them right; write three or four with one right", len(card.Answers), right)
	}
	if n := utf8.RuneCountInString(card.Ask); n > maxAsk {
		wrong("ask has %d characters; %d fit", n, maxAsk)
	}
	for _, role := range card.Roles {
		if !slices.Contains(roles, role) {
			wrong("there is no role %q%s", role, knowledge.DidYouMean(role, roles))
		}
	}
	for _, season := range card.Seasons {
		if _, known := c.seasons[season]; !known {
			wrong("there is no season %q%s", season, knowledge.DidYouMean(season, sorted(c.seasons)))
		}
	}
	if _, err := c.sources.Pick(card.Sources...); err != nil {
		wrong("%s", err)
	}
	checked, err := calendar.ParseISO(card.Checked)
	by, byErr := calendar.ParseISO(card.RewriteBy)
	if err != nil || byErr != nil || !by.After(checked) || by.After(checked.AddYears(1)) {
		wrong("checked and rewrite_by are days such as 2026-11-23, the second at most a year after the first")
	}
	return problems
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Few is the number of people below which a count is not told: it could point at somebody.
const Few = 3
