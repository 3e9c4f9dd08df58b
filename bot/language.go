package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"shareright/knowledge/words"
)

// english is what records, channels and the audit trail are written in, whatever people chose.
const english Lang = words.English

// Speaker is what is remembered of somebody who has spoken: fields may be added, never renamed.
// The directory reads it; a feature saves it under the person's id.
type Speaker struct {
	Name string   `json:"name,omitempty"`
	Lang Lang     `json:"lang,omitempty"`
	ID   PersonID `json:"-"`
}

// SpeakerKind is the kind of the rows of people.
const SpeakerKind = "person"

// RecordKind names the rows.
func (Speaker) RecordKind() string { return SpeakerKind }

// RecordIndex names whose row it is.
func (s Speaker) RecordIndex() Index { return Index{Owner: s.ID} }

// mints repeats the references of the first telling in every further one.
type mints struct {
	refs []Ref
	at   int
}

func (m *mints) next(fresh func() Ref) Ref {
	if m == nil {
		return fresh()
	}
	if m.at == len(m.refs) {
		m.refs = append(m.refs, fresh())
	}
	m.at++
	return m.refs[m.at-1]
}

// decided asks a feature in English, which counts, and once more in each language that is read by
// whoever acted or by somebody who gets a post. A feature may be run twice, so this changes nothing.
func (t Turn) decided(do func(Turn) (Outcome, error)) (Outcome, error) {
	languages := words.Languages()
	if len(languages) == 1 {
		return do(t)
	}
	in := t
	in.Lang, in.mints = english, &mints{}
	o, err := do(in)
	if err != nil {
		return o, err
	}
	for _, l := range languages[1:] {
		in.Lang, in.mints = Lang(l.Code), &mints{refs: in.mints.refs}
		if in.Lang != t.Lang && len(o.Posts) == 0 {
			continue
		}
		if again, err := do(in); err == nil && o.like(again) { // else English is said: words never stop what was decided
			o = o.said(again, in.Lang, in.Lang == t.Lang)
		}
	}
	return o, nil
}

// like says whether another telling does the same. If it does not, its words would be about something else.
func (o Outcome) like(p Outcome) bool {
	key := func(x, y Post) bool { return x.Key == y.Key }
	return slices.Equal(sortedRefs(o.Save), sortedRefs(p.Save)) && slices.EqualFunc(o.Posts, p.Posts, key) &&
		slices.Equal(o.Erase, p.Erase) && len(o.Jobs) == len(p.Jobs) && len(o.Stop) == len(p.Stop) && slices.Equal(o.Audit, p.Audit) &&
		(o.Ask == nil) == (p.Ask == nil) && (o.Ask == nil || o.Ask.form == p.Ask.form)
}

// said takes the words of another telling: the reply if it is for who acted, and those of the posts.
func (o Outcome) said(p Outcome, lang Lang, reply bool) Outcome {
	if reply {
		o.Reply, o.Page = p.Reply, p.Page
		if o.Ask != nil {
			asking := *o.Ask
			asking.Note = p.Ask.Note
			o.Ask = &asking
		}
	}
	o.Posts = slices.Clone(o.Posts)
	for i := range o.Posts {
		in := maps.Clone(o.Posts[i].in)
		if in == nil {
			in = map[Lang]Message{}
		}
		in[lang] = p.Posts[i].Message
		o.Posts[i].in = in
	}
	return o
}

// native gives a sentence that was made in English in the reader's language.
func (r reader) native(sentence string) string { return words.In(string(r.lang), sentence) }

// natives gives choices in the reader's language. What they are called in English is understood too.
func (r reader) natives(options []Option) []Option {
	if r.lang == "" || r.lang == english || len(options) == 0 {
		return options
	}
	said := slices.Clone(options)
	for i, o := range options {
		said[i].Label, said[i].Hint = r.native(o.Label), r.native(o.Hint)
		if said[i].Label != o.Label {
			said[i].Also = append(slices.Clone(o.Also), o.Label)
		}
	}
	return said
}

// native gives the help of a command in the person's language.
func (c Command) native(lang Lang) Command {
	c.Help, c.Hint, c.Example = words.In(string(lang), c.Help), words.In(string(lang), c.Hint), words.In(string(lang), c.Example)
	return c
}

// words are what a post says to somebody who chose this language.
func (s *stored) words(lang Lang) Message {
	if m, ok := s.In[lang]; ok {
		return m
	}
	return s.Message
}

// readers finds the language of everybody on the routes. A channel has none.
func (b *Bot) readers(ctx context.Context, tx Tx, org Org, routes []Route) (map[Address]Lang, error) {
	reads := map[Address]Lang{}
	for _, to := range slices.Concat(routes...) {
		if to.User == "" || b.onlyNotice(to) {
			continue
		}
		p, err := b.dir.Person(ctx, tx, org, to.Platform, to.User, "")
		if err != nil {
			return nil, fmt.Errorf("find who reads it: %w", err)
		}
		reads[to] = p.Lang
	}
	return reads, nil
}
