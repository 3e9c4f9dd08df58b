package parts

import (
	"context"
	"errors"
	"strings"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/directory"
	"shareright/internal/program"
	"shareright/knowledge/words"
)

// errUndo takes back what a try has written, so that every try meets the same records.
var errUndo = errors.New("taken back")

// trying is a store in which nothing stays, and which says what would have been written.
type trying struct {
	bot.Store
	wrote []string
}

func (s *trying) Update(ctx context.Context, fn func(bot.Tx) error) error {
	err := s.Store.Update(ctx, func(tx bot.Tx) error {
		if err := fn(noting{tx, s}); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

type noting struct {
	bot.Tx
	s *trying
}

func (n noting) Put(ctx context.Context, org bot.OrgID, row bot.Row) error {
	if row.Kind != "person" && row.Kind != "welcome" { // that somebody came, and what they are called
		n.s.wrote = append(n.s.wrote, row.Kind)
	}
	return n.Tx.Put(ctx, org, row)
}

func (n noting) Erase(ctx context.Context, org bot.OrgID, kind, ref string) error {
	n.s.wrote = append(n.s.wrote, "erased "+kind)
	return n.Tx.Erase(ctx, org, kind, ref)
}

// try is one deed of one person, without consequences.
type try struct {
	bot   *bot.Bot
	store *trying
	dir   bot.Directory
	user  map[string]string // role: who holds it
}

func newTry(p *program.Program, at time.Time, features []bot.Feature) (*try, error) {
	x := &try{store: &trying{Store: p.Store}, dir: directory.New(p.Config), user: map[string]string{"volunteer": "somebody-else"}}
	for _, role := range config.Roles {
		x.user[role] = p.Config.Organisations[0].Roles[role][0].ID
	}
	var err error
	x.bot, err = bot.New(x.store, x.dir, features, bot.Options{Now: func() time.Time { return at }})
	return x, err
}

func (x *try) do(role string, what bot.Deed) (bot.Response, []string, error) {
	x.store.wrote = nil
	r, err := x.bot.Handle(context.Background(), bot.Event{Platform: "terminal", User: x.user[role], What: what})
	return r, x.store.wrote, err
}

// verdict reads a reply: no for a refusal, hidden where the record does not exist for the person.
func verdict(r bot.Response) string {
	if r.Reply == nil {
		return "yes"
	}
	said := r.Reply.Title
	starts := func(key string) bool {
		before, _, _ := strings.Cut(words.Say("en", key), "{")
		return strings.HasPrefix(said, before)
	}
	switch {
	case starts("bot.wrong-role"), starts("bot.wrong-role-command"), said == words.Say("en", "bot.not-yours"):
		return "no"
	case said == words.Say("en", "bot.unknown-button"):
		return "hidden"
	}
	return "yes"
}

// within is a store of one transaction, so that two turns can be taken back together.
type within struct{ tx bot.Tx }

func (w within) Update(_ context.Context, fn func(bot.Tx) error) error { return fn(w.tx) }
func (w within) View(_ context.Context, fn func(bot.Tx) error) error   { return fn(w.tx) }

// withoutRoles is a directory in which nobody holds a role once gone is set.
type withoutRoles struct {
	bot.Directory
	gone *bool
}

func (d withoutRoles) Person(ctx context.Context, tx bot.Tx, org bot.Org, platform, user, name string) (bot.Person, error) {
	p, err := d.Directory.Person(ctx, tx, org, platform, user, name)
	if *d.gone {
		p.Roles = nil
	}
	return p, err
}

// refs are the first records of a kind.
func (x *try) refs(kind string) (refs []bot.Ref, err error) {
	org, err := x.org()
	if err != nil {
		return nil, err
	}
	err = x.store.View(context.Background(), func(tx bot.Tx) error {
		rows, err := tx.Find(context.Background(), org.ID, bot.Query{Kind: kind, Limit: 3})
		for _, row := range rows {
			refs = append(refs, bot.Ref(row.Ref))
		}
		return err
	})
	return refs, err
}

func (x *try) org() (bot.Org, error) {
	orgs, err := x.dir.Orgs(context.Background())
	if err != nil {
		return bot.Org{}, err
	}
	return orgs[0], nil
}

// paper makes a paper as the command line does, for somebody with this role.
func (x *try) paper(ref bot.Ref, id, role string) (got string, wrote []string) {
	x.store.wrote = nil
	_, err := x.makes(ref, id, role)
	var none *bot.NoPaper
	refused, _, _ := strings.Cut(words.Say("en", "bot.wrong-role-paper"), "{")
	switch {
	case errors.Is(err, bot.ErrNotFound):
		got = "hidden"
	case errors.As(err, &none) && strings.HasPrefix(none.Says, refused):
		got = "no"
	case err == nil, none != nil: // they may, also where this record has no such paper
		got = "yes"
	default:
		got = err.Error()
	}
	return got, x.store.wrote
}

// made says whether there is such a paper of this record, for somebody with this role.
func (x *try) made(ref bot.Ref, id, role string) bool {
	m, err := x.makes(ref, id, role)
	return err == nil && m.Plain() != ""
}

func (x *try) makes(ref bot.Ref, id, role string) (bot.Message, error) {
	org, err := x.org()
	if err != nil {
		return bot.Message{}, err
	}
	by := bot.Person{ID: bot.PersonID("terminal:" + x.user[role])}
	if role != "volunteer" {
		by.Roles = []bot.Role{bot.Role(role)}
	}
	return x.bot.Paper(context.Background(), org, by, ref, id)
}
