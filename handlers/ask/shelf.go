package ask

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/ask"
	"shareright/knowledge/policy"
)

// Policy is one document of the organisation's own, as it was read. It is stored: fields
// may be added, never renamed.
type Policy struct {
	Document policy.Document `json:"document"`
	Added    time.Time       `json:"added"`
}

// RecordKind names the rows of policies.
func (Policy) RecordKind() string { return "policy" }

// RecordIndex dates a policy.
func (p Policy) RecordIndex() bot.Index { return bot.Index{Opened: p.Added} }

// Edition says how often the shelf has changed, so that nobody searches an old one.
type Edition struct {
	Number int `json:"number"`
}

// RecordKind names the one row that counts the changes.
func (Edition) RecordKind() string { return "policies" }

// RecordIndex is empty: there is one a organisation.
func (Edition) RecordIndex() bot.Index { return bot.Index{} }

// EditionRef is where the edition is kept.
const EditionRef bot.Ref = "edition"

// Shelf holds each organisation's policies, indexed once an edition.
type Shelf struct {
	lexicon *policy.Lexicon

	mu   sync.Mutex
	orgs map[bot.OrgID]indexed
}

type indexed struct {
	edition int
	library *policy.Library
}

// NewShelf returns a shelf that indexes with this lexicon.
func NewShelf(lexicon *policy.Lexicon) *Shelf {
	return &Shelf{lexicon: lexicon, orgs: map[bot.OrgID]indexed{}}
}

// Library returns the organisation's policies, ready to search.
func (s *Shelf) Library(ctx context.Context, t bot.Turn) (*policy.Library, error) {
	now, err := bot.Load[Edition](ctx, t, EditionRef)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return nil, err
	}
	s.mu.Lock()
	have, ok := s.orgs[t.Org.ID]
	s.mu.Unlock()
	if ok && have.edition == now.Number {
		return have.library, nil
	}
	found, err := bot.Find[Policy](ctx, t, bot.Query{})
	if err != nil {
		return nil, err
	}
	docs := make([]policy.Document, len(found))
	for i, f := range found {
		docs[i] = f.Record.Document
	}
	library := policy.New(s.lexicon, docs...)
	s.mu.Lock()
	s.orgs[t.Org.ID] = indexed{edition: now.Number, library: library}
	s.mu.Unlock()
	return library, nil
}

// Passages quotes what the policies say about a question about sharing, at most two
// passages. Where the law says something else, both are shown and the difference is named.
func (s *Shelf) Passages(ctx context.Context, t bot.Turn, question string, book *knowledge.Book) ([]bot.Block, error) {
	library, err := s.Library(ctx, t)
	if err != nil || library.Passages() == 0 {
		return nil, err
	}
	found := library.Search(question, 2)
	if !found.Answered {
		return nil, nil
	}
	blocks := []bot.Block{{Kind: bot.Heading, Text: t.Say("ask.policy-says")}}
	for _, hit := range found.Hits {
		where := hit.Document.Title
		if section := strings.TrimPrefix(hit.Section, where+" > "); section != "" {
			where += ", " + section
		}
		blocks = append(blocks, bot.Block{Kind: bot.Quote, Text: hit.Quote}, bot.Block{Kind: bot.SmallLine, Text: where})
	}
	for _, hit := range found.Hits {
		for _, d := range book.Differences(hit.Quote) {
			source := d.Source.Title
			if d.Source.Section != "" {
				source += ", " + d.Source.Section
			}
			blocks = append(blocks, bot.Block{Kind: bot.Heading, Text: t.Say("ask.law-differs")},
				bot.Block{Kind: bot.Pairs, Items: []string{t.Say("ask.policy-words"), hit.Quote, t.Say("ask.law-words"), strings.Join(d.Law, " ")}},
				bot.Block{Kind: bot.SmallLine, Text: t.Say("ask.difference-source", "source", source, "mark", d.Mark)})
		}
	}
	return blocks, nil
}
