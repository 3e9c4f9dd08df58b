package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"shareright/scheduler"
)

// Register lets a record be listed, filtered and exported without knowing the feature.
type Register struct {
	Kind    string // the record kind
	Refs    string // only records whose reference begins with this; empty for all of the kind
	Name    string // one word for it at the command line, such as "breaches"; the title when empty
	Title   string
	Who     []Role
	Columns []Column

	// Hidden says that a record goes round this person, so that no list, export or count
	// shows them that it exists. nil hides nothing.
	Hidden func(record []byte, p Person) bool

	// Second says that the whole register leaves only with two people, because it tells of people and
	// of what went wrong: somebody else in charge agrees to the file, and hears of it when it is
	// written at the command line. A list of tools or policies needs nobody's yes.
	Second bool
}

// Column is one column of a register. Value reads it from the record's JSON.
type Column struct {
	Name  string
	Value func(record []byte) string
}

// ColumnOf is a column of a register of records of one type. A record that cannot be read has an empty cell.
func ColumnOf[R Record](name string, value func(R) string) Column {
	return Column{Name: name, Value: func(record []byte) string {
		var r R
		if json.Unmarshal(record, &r) != nil {
			return ""
		}
		return value(r)
	}}
}

// Called says whether somebody means this register: by its name, its kind or its title, however spelt.
func (r Register) Called(name string) bool {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(s))
	}
	return name != "" && (slices.Contains([]string{plain(r.Name), plain(r.Title)}, plain(name)) || r.Name == "" && r.Refs == "" && plain(r.Kind) == plain(name))
}

// Shows says whether this person may see this record in the register.
func (r Register) Shows(record []byte, p Person) bool {
	return p.Has(r.Who...) && (r.Hidden == nil || !r.Hidden(record, p))
}

// Registers lists every register of every feature.
func (b *Bot) Registers() []Register {
	var all []Register
	for _, f := range b.features {
		all = append(all, f.Registers...)
	}
	return all
}

// everything is more rows than a register can have: an export is never cut short in silence.
const everything = 10_000_000

// Register finds a register of any feature by its name.
func (t Turn) Register(name string) (Register, bool) {
	for _, f := range t.features {
		for _, r := range f.Registers {
			if r.Name == name {
				return r, true
			}
		}
	}
	return Register{}, false
}

// Listed returns the rows of a register that this person may see, oldest first, for whoever sits at the
// bot's computer. The audit trail notes that they were taken out, and the people in charge are told
// where the register is one that leaves only with two people.
func (b *Bot) Listed(ctx context.Context, org Org, by Person, r Register) ([]Row, error) {
	var shown []Row
	err := b.store.Update(ctx, func(tx Tx) (err error) {
		shown, err = listed(ctx, tx, org.ID, by, r)
		if err != nil {
			return err
		}
		if r.Second {
			if err := b.tellWritten(ctx, b.turn(tx, org, Person{}), r, shown); err != nil {
				return err
			}
		}
		return tx.Append(ctx, org.ID, Entry{At: b.now(), Who: by.ID, What: r.Kind + ".exported", Note: fmt.Sprintf("%d rows", len(shown))})
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", r.Kind, err)
	}
	b.o.Wake()
	return shown, nil
}

// tellWritten tells everybody who may read a register that it was written out at the computer. A bot
// that runs delivers it. Whom a written record goes round hears nothing.
func (b *Bot) tellWritten(ctx context.Context, t Turn, r Register, rows []Row) error {
	var round, told []PersonID
	for _, role := range everyRole {
		for _, id := range t.Org.People[role] {
			p, err := b.dir.ByID(ctx, t.tx, t.Org, id)
			if err != nil {
				return fmt.Errorf("find who is told: %w", err)
			}
			if r.Hidden != nil && slices.ContainsFunc(rows, func(row Row) bool { return r.Hidden(row.Body, p) }) {
				round = append(round, id)
			}
		}
	}
	key := "written/" + string(t.NewSecret()) + "/"
	o, err := t.decided(func(t Turn) (o Outcome, err error) {
		told = slices.Clone(round)
		for _, role := range everyRole {
			mine := func(id PersonID) bool { return !slices.Contains(told, id) }
			if !slices.Contains(r.Who, role) || !slices.ContainsFunc(t.Org.People[role], mine) {
				continue
			}
			told = append(told, t.Org.People[role]...)
			o.Posts = append(o.Posts, Post{Key: key + string(role), To: ToRolePrivately(role, round...), Class: scheduler.Escalation,
				Message: *Say(t.Say("bot.written", "register", r.Title), t.Say("bot.written-when", "when", inWords(t.Now, t.Org.Zone)), t.Say("bot.written-do"))})
		}
		return o, nil
	})
	if err != nil {
		return err
	}
	return b.apply(ctx, t, o)
}

func listed(ctx context.Context, tx Tx, org OrgID, by Person, r Register) ([]Row, error) {
	rows, err := tx.Find(ctx, org, Query{Kind: r.Kind, Refs: r.Refs, Limit: everything})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(row Row) bool { return !r.Shows(row.Body, by) }), nil
}

// Papers are the letters and forms that can be made from one kind of record.
type Papers struct {
	Kind string   // the record kind
	IDs  []string // stable names, such as "ico"; none where the record never makes a paper
	Who  []Role

	// Make returns one paper. It returns ErrNotFound for a record that goes round the person in t.By.
	Make func(ctx context.Context, t Turn, ref Ref, id string) (Message, error)
	// None is the key of the sentence that says why there are no papers of this kind.
	None string
}

// NoPaper says in plain words why there is no such paper.
type NoPaper struct{ Says string }

func (n *NoPaper) Error() string { return n.Says }

// Paper makes one paper of a record for this person. The audit trail notes it. The error is ErrNotFound
// where the person may not know of the record, and NoPaper where there is no such paper.
func (b *Bot) Paper(ctx context.Context, org Org, by Person, ref Ref, id string) (Message, error) {
	var m Message
	err := b.store.Update(ctx, func(tx Tx) error {
		t := b.turn(tx, org, by)
		t.Ref = ref
		set, err := b.papersOf(ctx, t, ref)
		switch {
		case err != nil:
			return err
		case len(set.IDs) == 0:
			return &NoPaper{t.Say(set.None, "ref", string(ref))}
		case !slices.Contains(set.IDs, id):
			return &NoPaper{t.Say("bot.paper-unknown", "papers", strings.Join(set.IDs, ", "))}
		case !by.Has(set.Who...):
			return &NoPaper{t.Say("bot.wrong-role-paper", "role", t.Called(set.Who...))}
		}
		if m, err = set.Make(ctx, t, ref, id); err != nil {
			return err
		}
		return tx.Append(ctx, org.ID, Entry{At: t.Now, Who: by.ID, What: set.Kind + ".paper." + id, Ref: ref})
	})
	return m, err
}

// papersOf finds the papers of the kind of record that ref is.
func (b *Bot) papersOf(ctx context.Context, t Turn, ref Ref) (Papers, error) {
	for _, f := range b.features {
		for _, set := range f.Papers {
			_, err := t.tx.Get(ctx, t.Org.ID, set.Kind, string(ref))
			if err == nil || !errors.Is(err, ErrNotFound) {
				return set, err
			}
		}
	}
	return Papers{}, fmt.Errorf("find %s: %w", ref, ErrNotFound)
}
