package parts

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/program"
	"shareright/internal/racing"
	"shareright/internal/talk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everybody is who tries everything: nobody in particular, and each role.
var everybody = append([]string{"volunteer"}, config.Roles...)

// matrix is what everybody may do, by what is done and on which surface.
type matrix struct {
	t     *testing.T
	cells map[string]map[string]string // "button breach.ack": role: yes, no or hidden
	tried int
	wrong []string
}

func (m *matrix) note(what, role, got string) {
	if m.cells[what] == nil {
		m.cells[what] = map[string]string{}
	}
	m.cells[what][role] = got
	m.tried++
}

func (m *matrix) judge(what, role string, may bool, got string, wrote []string) {
	m.note(what, role, got)
	switch {
	case !may && (got == "yes" || len(wrote) > 0):
		m.wrong = append(m.wrong, fmt.Sprintf("%s may not use %s, and got %q, wrote %v", role, what, got, wrote))
	case may && got == "no":
		m.wrong = append(m.wrong, fmt.Sprintf("%s may use %s, and was refused", role, what))
	}
}

func holds(role string, who []bot.Role) bool {
	p := bot.Person{}
	if role != "volunteer" {
		p.Roles = []bot.Role{bot.Role(role)}
	}
	return p.Has(who...)
}

// Every action, command, register and paper of every feature is tried by everybody, on
// every surface it can be reached from. Nobody gets what their role does not allow. Which
// role that is stands on the page beside it: a gate that is left open would judge itself.
func TestNobodyGetsWhatTheirRoleDoesNotAllow(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	m := &matrix{t: t, cells: map[string]map[string]string{}}
	buttons, papers := map[string]bool{}, map[string]bool{}
	files := conversations(t)
	parts := All()
	features := parts.Features
	for i, file := range files {
		drawn := map[string]bot.Button{}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		err = talk.Watch(t.Context(), file, string(text), parts, talk.Watcher{
			Message: func(_ bot.Address, msg bot.Message) {
				for _, b := range msg.Buttons {
					drawn[b.Action] = b
				}
			},
			End: func(p *program.Program, at time.Time) error {
				x, err := newTry(p, at, features)
				if err != nil {
					return err
				}
				if i == 0 {
					m.commands(x, features)
					m.home(x, features)
					m.registers(p, features)
				}
				m.buttons(x, features, drawn, buttons)
				if err := m.papers(x, features, papers); err != nil {
					return err
				}
				if i == len(files)-1 { // what no conversation shows
					m.buttons(x, features, nil, buttons)
				}
				return nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	unshown := m.unshown(features, buttons, papers)
	for _, w := range m.wrong {
		t.Error(w)
	}
	t.Logf("%d cells tried, %d wrong; of %d buttons and papers no conversation shows a record, so only their gate is tried", m.tried, len(m.wrong), len(unshown))
	m.golden(features, unshown)
}

// unshown are the buttons and papers of which no conversation has a record.
func (m *matrix) unshown(features []bot.Feature, buttons, papers map[string]bool) (ids []string) {
	for _, f := range features {
		for _, a := range f.Actions {
			if !buttons[a.ID] {
				ids = append(ids, "button "+a.ID)
			}
		}
		for _, set := range f.Papers {
			for _, id := range set.IDs {
				made, tried := papers[paperName(set, id)]
				if !tried {
					m.t.Errorf("nobody tries the paper %s of a %s: no conversation has such a record", id, set.Kind)
				} else if !made {
					ids = append(ids, paperName(set, id))
				}
			}
		}
	}
	return ids
}

func conversations(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("../../testdata/talk", func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".txt") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// commands tries every command as a slash command, as a message, as a shortcut, as a button, and while typing.
func (m *matrix) commands(x *try, features []bot.Feature) {
	for _, f := range features {
		for _, c := range f.Commands {
			path := strings.TrimSpace(c.Under + " " + c.Name)
			root, text, _ := strings.Cut(path, " ")
			surfaces := map[string]bot.Deed{
				"command": bot.Ran{Command: root, Text: text}, "message": bot.Said{Text: "/" + path},
				"shortcut": bot.Ran{Command: path}, "button": bot.Pressed{Action: "bot.run", Ref: bot.Ref(path)},
			}
			for _, role := range everybody {
				may := holds(role, c.Who)
				for surface, deed := range surfaces {
					r, wrote, err := x.do(role, deed)
					if err != nil {
						m.t.Errorf("/%s by %s as %s: %v", path, role, surface, err)
					}
					m.judge("/"+path, role, may, verdict(r), wrote)
				}
				m.typing(x, c, role, may)
			}
		}
	}
}

// typing sees to it that nobody is even shown what they may not use.
func (m *matrix) typing(x *try, c bot.Command, role string, may bool) {
	typing := bot.Typing{Command: c.Name}
	if c.Under != "" {
		typing = bot.Typing{Command: c.Under, Text: c.Name}
	}
	r, wrote, err := x.do(role, typing)
	m.tried++
	if err != nil || len(wrote) > 0 {
		m.t.Errorf("typing /%s %s by %s: wrote %v, %v", c.Under, c.Name, role, wrote, err)
	}
	shown := slices.ContainsFunc(r.Choices, func(o bot.Option) bool { return o.Value == c.Name })
	if c.Under == "" {
		shown = len(r.Choices) > 0
	}
	if shown && !may {
		m.wrong = append(m.wrong, fmt.Sprintf("%s is shown /%s %s while typing", role, c.Under, c.Name))
	}
}

// home sees to it that the home page shows nobody a button that would refuse them.
func (m *matrix) home(x *try, features []bot.Feature) {
	who := map[string][]bot.Role{}
	for _, f := range features {
		for _, c := range f.Commands {
			who["bot.run/"+strings.TrimSpace(c.Under+" "+c.Name)] = c.Who
		}
		for _, a := range f.Actions {
			who[a.ID] = a.Who
		}
	}
	for _, role := range everybody {
		r, _, err := x.do(role, bot.Opened{})
		if err != nil || len(r.Page) == 0 || len(r.Page[0].Buttons) == 0 || r.Page[0].Buttons[0].Ref != "breach" {
			m.t.Errorf("the home page of %s does not begin with the button to report: %+v, %v", role, r.Page, err)
		}
		var buttons []bot.Button
		for _, part := range r.Page {
			buttons = append(buttons, part.Buttons...)
		}
		for _, b := range buttons {
			key := b.Action
			if key == "bot.run" {
				key += "/" + string(b.Ref)
			}
			m.tried++
			if !holds(role, who[key]) {
				m.wrong = append(m.wrong, fmt.Sprintf("%s is shown %s on the home page", role, key))
			}
		}
	}
}

// buttons presses, as everybody, each button that the conversation has shown.
func (m *matrix) buttons(x *try, features []bot.Feature, drawn map[string]bot.Button, tried map[string]bool) {
	for _, f := range features {
		for _, a := range f.Actions {
			b, shown := drawn[a.ID]
			if tried[a.ID] || !shown && drawn != nil {
				continue
			}
			tried[a.ID] = shown
			for _, role := range everybody {
				r, wrote, err := x.do(role, bot.Pressed{Action: a.ID, Ref: b.Ref})
				if err != nil {
					m.t.Errorf("%s on %q by %s: %v", a.ID, b.Ref, role, err)
				}
				got := verdict(r)
				m.note("button "+a.ID, role, got)
				if got == "yes" && !holds(role, a.Who) {
					m.wrong = append(m.wrong, fmt.Sprintf("%s may not press %s, and could", role, a.ID))
				}
				if got != "yes" && len(wrote) > 0 {
					m.wrong = append(m.wrong, fmt.Sprintf("%s was refused %s and wrote %v", role, a.ID, wrote))
				}
				if r.Show != nil && len(a.Who) > 0 && got == "yes" {
					m.roleLost(x, features, a, b.Ref, role)
				}
			}
		}
	}
}

// roleLost opens the form of a button with the role, and goes on with it after the role is gone.
func (m *matrix) roleLost(x *try, features []bot.Feature, a bot.Action, ref bot.Ref, role string) {
	m.tried++
	gone := false
	lost := withoutRoles{Directory: x.dir, gone: &gone}
	var got string
	err := x.store.Store.Update(context.Background(), func(tx bot.Tx) error {
		one, err := bot.New(within{tx}, lost, features, bot.Options{})
		if err != nil {
			return err
		}
		e := bot.Event{Platform: "terminal", User: x.user[role], What: bot.Pressed{Action: a.ID, Ref: ref}}
		r, err := one.Handle(context.Background(), e)
		if err != nil || r.Show == nil {
			return errUndo // another state of the same record
		}
		gone = true
		e.What = bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq}
		if r, err = one.Handle(context.Background(), e); err != nil {
			return err
		}
		got = verdict(r)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		m.t.Errorf("%s by %s after the role is lost: %v", a.ID, role, err)
	}
	if got == "yes" {
		m.wrong = append(m.wrong, fmt.Sprintf("%s goes on with the form of %s after the role is lost", role, a.ID))
	}
}

// registers looks into every register as everybody: files and lists hold what this shows.
func (m *matrix) registers(p *program.Program, features []bot.Feature) {
	for _, f := range features {
		for _, list := range f.Registers {
			for _, role := range everybody {
				person := bot.Person{ID: "terminal:x"}
				if role != "volunteer" {
					person.Roles = []bot.Role{bot.Role(role)}
				}
				got := "no"
				if list.Shows([]byte(`{}`), person) {
					got = "yes"
				}
				m.judge("register "+list.Title, role, holds(role, list.Who), got, nil)
			}
		}
	}
}

func paperName(set bot.Papers, id string) string { return "paper " + set.Kind + " " + id }

// papers makes, as everybody, each paper of a record of the conversation: of the first there is, for its
// gate, and of the first of which it can really be made.
func (m *matrix) papers(x *try, features []bot.Feature, made map[string]bool) error {
	for _, f := range features {
		for _, set := range f.Papers {
			refs, err := x.refs(set.Kind)
			if err != nil {
				return err
			}
			for _, id := range set.IDs {
				for _, ref := range refs {
					name := paperName(set, id)
					done, tried := made[name]
					can := x.made(ref, id, "dp-lead") || x.made(ref, id, "trustee")
					if done || tried && !can {
						continue
					}
					made[name] = can
					for _, role := range everybody {
						got, wrote := x.paper(ref, id, role)
						m.judge(name, role, holds(role, set.Who), got, wrote)
					}
				}
			}
		}
	}
	return nil
}
