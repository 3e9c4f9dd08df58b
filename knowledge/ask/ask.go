// Package ask puts the answer to a question together: what the sharing rules decide,
// what the retention schedule says, which words of the organisation's own policies
// answer it, and where those and the law are not the same.
//
// It decides nothing itself. Sharing is decided in knowledge/share, keeping in
// knowledge/retention, and passages are found in knowledge/policy. When none of them
// supports an answer it says so and names who to ask. It reads no clock and keeps
// nothing of the question; what people typed is never repeated in an answer.
package ask

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"shareright/knowledge"
	"shareright/knowledge/policy"
	"shareright/knowledge/retention"
)

// Kind says what a question is about.
type Kind string

// The kinds of question, as the ask command writes them.
const (
	Share     Kind = "share"
	Policy    Kind = "policy"
	Breach    Kind = "breach"
	Rights    Kind = "rights_request"
	Concern   Kind = "concern"
	Retention Kind = "retention"
	Training  Kind = "training"
	Help      Kind = "help"
	Unknown   Kind = "unknown"
)

// maxQuotes is how many passages an answer quotes at most.
const maxQuotes = 3

// mostAlso is how many questions that people also ask stand under an answer at most.
const mostAlso = 3

// keptSure is how sure the policies must be, when there are any, before the schedule
// answers in their place. Below it the question is about something else that happens to
// name a record, such as the number of an insurance policy.
const keptSure = 0.35

// nearSure is how sure the policies must be to be shown beside "I do not know".
const nearSure = 0.15

// Fact is one thing understood from the question and the words that it was read from.
type Fact struct {
	Value string `json:"value"`
	From  string `json:"from"`
}

// Quote is a passage that supports an answer.
type Quote struct {
	Source  string `json:"source"`  // the policy's file name, or the id of a legal source
	Section string `json:"section"` // headings or article
	Passage string `json:"passage"` // the source's own words, at most policy.MaxQuote characters
	URL     string `json:"url"`
}

// Answer is what a person is told. Its JSON form is that of the ask command.
type Answer struct {
	Kind        Kind            `json:"kind"`
	Decision    *string         `json:"decision"` // one of the five outcomes; only for Share
	Provisional bool            `json:"provisional"`
	Missing     []string        `json:"missing"`
	Facts       map[string]Fact `json:"facts"`
	Basis       []string        `json:"basis"`
	Escalate    []string        `json:"escalate"`
	Text        string          `json:"text"`
	Quotes      []Quote         `json:"quotes"`
	Answered    bool            `json:"answered"`

	Topic string        `json:"-"` // of an unanswered question, where one is known
	Also  []policy.Also `json:"-"` // what people also ask; only where the question wants it
}

// Shared is what the sharing rules say about a question.
type Shared struct {
	Decision    string // one of the five outcomes
	Provisional bool
	Missing     []string
	Facts       map[string]Fact
	Basis       []string
	Escalate    []string
	Text        string
	Sources     []knowledge.Source
	Weak        bool    // the words only hint at sharing: it answers when nothing else does
	Strength    float64 // how strongly they hint, from 0
}

// hintBesidePolicies is how strongly words must hint at sharing to be answered by the rules
// where the organisation's own policies have no answer: what those do not treat is mostly
// about something else.
const hintBesidePolicies = 2

func (s Shared) answersBeside(l *policy.Library) bool {
	return l.Passages() == 0 || s.Strength >= hintBesidePolicies
}

// mayBeElsewhere says whether the rules may leave a question to "I do not know": never
// when somebody may come to harm or somebody is to be told.
func (s Shared) mayBeElsewhere() bool {
	return s.Decision != "share_now" && !slices.Contains(s.Escalate, "safeguarding_lead")
}

// Sharing decides a question about sharing. It reports false when the question is about
// something else. Given holds the facts stated beside the question, as JSON; nations are those
// for which it answers, all where none is named.
type Sharing func(question string, given map[string]json.RawMessage, nations []string) (Shared, bool, error)

// Question is what somebody asks, with all that the answer may depend on.
type Question struct {
	Text    string
	Given   map[string]json.RawMessage // facts stated beside the question; may be nil
	Library *policy.Library            // the organisation's policies; may hold none
	Today   time.Time                  // for telling a lapsed policy
	Nations []string                   // where the organisation works; all nations are answered for where none is named
	Suggest bool                       // name up to three questions that people also ask
}

// Book answers questions. It does not change and is safe for use by several goroutines.
type Book struct {
	sharing     Sharing
	schedule    *retention.Schedule
	lexicon     *policy.Lexicon
	sentences   sentences
	differences []difference
	terms       []Term
	byWord      map[string]int // a word of a term, and the term's place
}

// Answer answers a question. Danger and sharing come first; the policies are searched
// for every question.
func (b *Book) Answer(q Question) (Answer, error) {
	a := Answer{Kind: Unknown, Missing: []string{}, Facts: map[string]Fact{}, Basis: []string{}, Escalate: []string{}, Quotes: []Quote{}}
	text := strings.TrimSpace(q.Text)
	if text == "" {
		a.Kind, a.Text = Help, b.sentences.Empty
		return a, nil
	}
	if term, asked := b.Meaning(text); asked && len(q.Given) == 0 {
		return b.explained(b.policyAnswer(a, text, q.Library.Search(text, maxQuotes), q), term), nil
	}
	shared, isShare, err := b.sharing(text, q.Given, q.Nations)
	if err != nil {
		return Answer{}, err
	}
	found := q.Library.Search(text, maxQuotes)
	outside := found.Elsewhere && q.Library.Passages() > 0
	if isShare && !shared.Weak && !(outside && shared.mayBeElsewhere()) {
		return b.shareAnswer(a, shared, found), nil
	}
	switch {
	case isOneOf(b.sentences.HelpWords, text):
		a.Kind, a.Text, a.Answered = Help, lines(b.sentences.Help, b.sentences.HelpMore), true
		return a, nil
	case isOneOf(b.sentences.ThanksWords, text):
		a.Kind, a.Text, a.Answered = Help, b.sentences.Thanks, true
		return a, nil
	}
	said := b.policyAnswer(a, text, found, q)
	if isShare && !said.Answered && !outside && shared.answersBeside(q.Library) {
		return b.shareAnswer(a, shared, found), nil
	}
	return said, nil
}

// shareAnswer is led by the decision. Policies are quoted when they clearly speak of it;
// the law fills the rest.
func (b *Book) shareAnswer(a Answer, s Shared, found policy.Result) Answer {
	a.Kind, a.Decision, a.Provisional, a.Text, a.Answered = Share, &s.Decision, s.Provisional, s.Text, true
	a.Missing, a.Basis, a.Escalate = orEmpty(s.Missing), orEmpty(s.Basis), orEmpty(s.Escalate)
	if s.Facts != nil {
		a.Facts = s.Facts
	}
	a.Quotes = quotesOf(found)
	for _, difference := range b.differ(a.Quotes) {
		a.Text = lines(a.Text, "", b.sentences.LawDiffers, difference.text())
	}
	for _, source := range s.Sources {
		if len(a.Quotes) < maxQuotes {
			a.Quotes = append(a.Quotes, legal(source))
		}
	}
	return a
}

// policyAnswer is led by the calculated period, when that was asked for, then by the
// policies' own words.
func (b *Book) policyAnswer(a Answer, text string, found policy.Result, q Question) Answer {
	if found.Kind != "" {
		a.Kind = Kind(found.Kind)
	}
	a.Quotes = quotesOf(found)
	if q.Suggest {
		a.Also = q.Library.Also(found, mostAlso)
	}
	var kept []string
	if q.Library.Passages() == 0 || found.Sure >= keptSure {
		kept = b.kept(text, a.Kind)
	}
	a.Answered = found.Answered || len(kept) > 0
	if !a.Answered {
		return b.unanswered(a, found, q.Library)
	}
	var said []string
	if len(kept) > 0 {
		said = append(said, b.sentences.Retention)
		said = append(said, kept...)
	}
	if found.Answered {
		said = append(said, b.quoted(found, q)...)
	}
	a.Text = lines(append(said, b.sentences.AskLead)...)
	for _, d := range b.differ(a.Quotes) {
		if len(a.Quotes) < maxQuotes {
			a.Quotes = append(a.Quotes, legal(d.from))
		}
	}
	return a
}

// unanswered says that nothing supports an answer and whom to ask. What comes near is
// shown for what it is.
func (b *Book) unanswered(a Answer, found policy.Result, library *policy.Library) Answer {
	if len(found.Topics) == 0 {
		a.Kind = Unknown
	} else {
		a.Topic = found.Topics[0]
	}
	a.Text = lines(b.sentences.dontKnow(library), b.sentences.AskPerson)
	if found.Sure < nearSure {
		a.Quotes = []Quote{}
		return a
	}
	a.Text = lines(a.Text, b.sentences.Nearest, "“"+found.Hits[0].Quote+"”", "("+where(found.Hits[0])+")")
	return a
}

// keeping are the beginnings of words that ask how long something is kept.
var keeping = []string{"long", "keep", "kept", "retain", "retention", "destroy", "shred", "delet", "hold", "held", "stor", "bin", "dispos", "throw", "rid", "ever", "until", "after", "when", "age"}

func asksToKeep(text string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		for _, k := range keeping {
			if strings.HasPrefix(strings.Trim(word, ".,?!\"'()"), k) {
				return true
			}
		}
	}
	return false
}

// kept says how long a record is kept, when the question asks that and the schedule knows the record.
func (b *Book) kept(text string, kind Kind) []string {
	if kind != Retention || !asksToKeep(text) {
		return nil
	}
	matches := b.schedule.Find(text)
	if len(matches) == 0 || matches[0].Score < retention.Sure {
		return nil
	}
	said := []string{matches[0].Rule.Says}
	for _, d := range b.schedule.Differences(matches[0].Rule) {
		said = append(said, d.Warn...)
	}
	return said
}

// quoted shows the best passage, what contradicts it, whether its policy has lapsed or has
// an older copy, and how the law differs from it.
func (b *Book) quoted(found policy.Result, q Question) []string {
	hit := found.Hits[0]
	said := []string{b.sentences.PolicySays, "“" + hit.Quote + "”", "(" + where(hit) + ")"}
	if len(found.Hits) > 1 && found.Hits[1].Differs {
		other := found.Hits[1]
		said = append(said, b.sentences.Contradicts, "“"+other.Quote+"”", "("+where(other)+")")
	}
	if hit.Document.Stale(q.Today) {
		said = append(said, b.sentences.lapsed(hit.Document))
	}
	for _, older := range q.Library.Older(hit.Document.ID) {
		said = append(said, b.sentences.older(older))
	}
	for _, d := range b.differ(quotesOf(found)[:1]) {
		said = append(said, b.sentences.LawDiffers, d.text())
	}
	return said
}

func where(h policy.Hit) string {
	if h.Section == "" {
		return h.Document.Title
	}
	return h.Document.Title + ", " + h.Section
}

func quotesOf(found policy.Result) []Quote {
	quotes := []Quote{}
	for _, h := range found.Hits {
		quotes = append(quotes, Quote{Source: h.Document.ID, Section: h.Section, Passage: h.Quote})
	}
	return quotes
}

// legal is a source of the law as a quote: where it stands, without words of its own.
func legal(s knowledge.Source) Quote {
	return Quote{Source: s.ID, Section: s.Section, Passage: s.Title, URL: s.URL}
}

func lines(parts ...string) string { return strings.TrimSpace(strings.Join(parts, "\n")) }

// WithAlso is the text of an answer with the questions that people also ask under it, for
// where there are no buttons.
func (b *Book) WithAlso(a Answer) string {
	if len(a.Also) == 0 {
		return a.Text
	}
	said := []string{a.Text, "", b.sentences.Also}
	for _, also := range a.Also {
		said = append(said, "- "+also.Question)
	}
	return lines(said...)
}

// Asks returns the question behind the topic of an Also; empty when there is none.
func (b *Book) Asks(topic string) string { return b.lexicon.Asks(topic) }

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
