package share

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"shareright/knowledge"
)

// Drafts writes messages that hold no more than their reader needs. A draft has places to
// fill in and never anybody's own words or details.
type Drafts struct {
	items    []DraftItem
	kinds    []DraftKind
	channels []Channel
}

// DraftItem is one thing a reader may need.
type DraftItem struct {
	ID      string `yaml:"id"`
	Label   string `yaml:"label"` // what the person ticks
	Line    string `yaml:"line"`  // what stands in the message, with places in [brackets]
	Opinion bool   `yaml:"opinion,omitempty"`
}

// DraftKind is a kind of reader.
type DraftKind struct {
	ID       string   `yaml:"id"`
	Label    string   `yaml:"label"`
	For      []string `yaml:"for"` // recipients, in the words of the rules
	Offers   []string `yaml:"offers"`
	Suggests []string `yaml:"suggests"`
	LeaveOut []string `yaml:"leave_out"`
	Channels []string `yaml:"channels"` // best first
}

// Channel is a way to pass something on.
type Channel struct {
	ID    string   `yaml:"id"`
	Label string   `yaml:"label"`
	Safe  bool     `yaml:"safe,omitempty"`
	Says  []string `yaml:"says"` // what to check before it is used
}

// Draft is a message to fill in.
type Draft struct {
	Kind     DraftKind
	Facts    []string // lines that can be checked
	Opinions []string // lines that are somebody's view
	Channel  Channel
	Better   []Channel // safer ways, when the chosen one is not safe
}

func readDrafts(files fs.FS, questions map[string]Question, sources knowledge.Sources) (*Drafts, error) {
	var file struct {
		Checked  string      `yaml:"checked"`
		Sources  []string    `yaml:"sources"`
		Items    []DraftItem `yaml:"items"`
		Kinds    []DraftKind `yaml:"kinds"`
		Channels []Channel   `yaml:"channels"`
	}
	if err := knowledge.ReadYAML(files, "draft.yaml", &file); err != nil {
		return nil, err
	}
	d := &Drafts{items: file.Items, kinds: file.Kinds, channels: file.Channels}
	problems := []error{cited("draft.yaml", file.Checked, file.Sources, sources)}
	items, channels := idsOf(d.items, func(i DraftItem) string { return i.ID }), idsOf(d.channels, func(c Channel) string { return c.ID })
	known := func(kind, what string, ids, among []string) {
		for _, id := range ids {
			if !slices.Contains(among, id) {
				problems = append(problems, fmt.Errorf("draft.yaml: kind %q: there is no %s %q%s", kind, what, id, knowledge.DidYouMean(id, among)))
			}
		}
	}
	for _, k := range d.kinds {
		known(k.ID, "recipient", k.For, questions["recipient"].values())
		known(k.ID, "item", k.Offers, items)
		known(k.ID, "offered item", k.Suggests, k.Offers)
		known(k.ID, "channel", k.Channels, channels)
		if len(k.Offers) == 0 || len(k.Channels) == 0 {
			problems = append(problems, fmt.Errorf("draft.yaml: kind %q needs items to offer and channels", k.ID))
		}
	}
	if len(d.kinds) == 0 || len(d.kinds[len(d.kinds)-1].For) > 0 {
		problems = append(problems, errors.New("draft.yaml: the last kind is for everybody else, so its “for” is empty"))
	}
	return d, errors.Join(problems...)
}

// cited refuses content without a source or the date it was checked.
func cited(name, checked string, ids []string, sources knowledge.Sources) error {
	if checked == "" || len(ids) == 0 {
		return fmt.Errorf("%s: name its sources and the date they were checked", name)
	}
	if _, err := sources.Pick(ids...); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func idsOf[T any](list []T, id func(T) string) []string {
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = id(x)
	}
	return ids
}

// Drafts returns what writes messages.
func (b *Book) Drafts() *Drafts { return b.drafts }

// Kinds are the kinds of reader, the one for everybody else last.
func (d *Drafts) Kinds() []DraftKind { return d.kinds }

// Channels are the ways to pass something on.
func (d *Drafts) Channels() []Channel { return d.channels }

// KindFor is the kind of reader that a recipient is; everybody else when it is not known.
func (d *Drafts) KindFor(recipient string) DraftKind {
	for _, k := range d.kinds {
		if slices.Contains(k.For, recipient) {
			return k
		}
	}
	return d.kinds[len(d.kinds)-1]
}

// Reader is the kind of reader of a message about these facts. A worry about harm goes to
// our own lead first, unless somebody who keeps people safe is asking.
func (b *Book) Reader(f Facts, a Answer) DraftKind {
	if f.Harm != "" && f.Harm != "none" && !slices.Contains(guardians, f.Recipient) && slices.Contains(a.Escalate, "safeguarding_lead") {
		return b.drafts.KindFor("safeguarding_lead")
	}
	return b.drafts.KindFor(f.Recipient)
}

// Items are the items of these ids, in the order of the content.
func (d *Drafts) Items(ids []string) []DraftItem {
	var list []DraftItem
	for _, item := range d.items {
		if slices.Contains(ids, item.ID) {
			list = append(list, item)
		}
	}
	return list
}

// Write drafts a message with these items and no other, for a kind of reader and a channel
// by id. What the kind does not offer is left out.
func (d *Drafts) Write(kind string, ticked []string, channel string) Draft {
	at := max(0, slices.IndexFunc(d.kinds, func(k DraftKind) bool { return k.ID == kind }))
	if kind == "" {
		at = len(d.kinds) - 1
	}
	draft := Draft{Kind: d.kinds[at], Channel: d.channel(channel)}
	for _, item := range d.Items(ticked) {
		switch {
		case !slices.Contains(draft.Kind.Offers, item.ID):
		case item.Opinion:
			draft.Opinions = append(draft.Opinions, item.Line)
		default:
			draft.Facts = append(draft.Facts, item.Line)
		}
	}
	if !draft.Channel.Safe {
		for _, id := range draft.Kind.Channels {
			if c := d.channel(id); c.Safe {
				draft.Better = append(draft.Better, c)
			}
		}
	}
	return draft
}

func (d *Drafts) channel(id string) Channel {
	if at := slices.IndexFunc(d.channels, func(c Channel) bool { return c.ID == id }); at >= 0 {
		return d.channels[at]
	}
	return Channel{}
}
