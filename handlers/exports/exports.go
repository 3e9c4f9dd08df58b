// Package exports is the way of a whole register out of the chat, as a file for one person.
// A register that leaves only with two people waits until somebody else in charge agrees.
// Where they are silent for a day it is made, so that nobody is locked out, and everybody in
// charge is told.
//
// What a register holds belongs to the feature, and who may see a row to the engine: the file
// is made when it is sent, and what goes round its reader is not in it.
package exports

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

const (
	silentKind = "export.silent" // stored with jobs
	wait       = 24 * time.Hour
	life       = 7 * 24 * time.Hour
)

// wanted is a register that somebody has asked for. It is stored: fields may be added, never renamed.
type wanted struct {
	Register string         `json:"register"` // its name
	Format   string         `json:"format"`   // csv or xlsx
	By       bot.PersonID   `json:"by"`
	At       time.Time      `json:"at"`
	Asked    []bot.PersonID `json:"asked"` // whose yes counts
}

// RecordKind names the rows.
func (wanted) RecordKind() string { return "export" }

// RecordIndex names who asked, and lets it erase itself.
func (w wanted) RecordIndex() bot.Index {
	return bot.Index{Owner: w.By, Opened: w.At, Expires: w.At.Add(life + wait)}
}

func (w wanted) file() string { return w.Register + "." + w.Format }

// inCharge may agree to a file, and hear of one that was made without a yes.
func inCharge() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} }

// Feature is the answers to a register that was asked for.
func Feature() bot.Feature {
	return bot.Feature{Name: "exports",
		Actions: []bot.Action{
			{ID: "exports.agree", Who: inCharge(), Do: agree},
			{ID: "exports.refuse", Who: inCharge(), Do: refuse},
			{ID: "exports.back", Who: inCharge(), Do: back},
		},
		Timers: []bot.Timer{{Kind: silentKind, Do: silent}},
	}
}

// Ask sends a register to whoever asks for it, or asks a second person first.
func Ask(ctx context.Context, t bot.Turn, r bot.Register, format string) (bot.Outcome, error) {
	w := wanted{Register: r.Name, Format: "csv", By: t.By.ID, At: t.Now}
	if strings.Contains(format, "xlsx") || strings.Contains(format, "excel") {
		w.Format = "xlsx"
	}
	if !r.Second {
		return made(t, r, w), nil
	}
	if w.Asked = others(ctx, t, r.Who, w.By); len(w.Asked) == 0 {
		o := made(t, r, w)
		key := "export/alone/" + string(t.NewSecret())
		tell(&o, key, others(ctx, t, inCharge(), w.By), *bot.Say(t.Say("exports.alone", "name", t.ByName(), "register", r.Title), t.Say("exports.alone-more")))
		return o, nil
	}
	old, err := bot.Find[wanted](ctx, t, bot.Query{Owner: w.By})
	if err != nil {
		return bot.Outcome{}, err
	}
	for _, f := range old {
		if f.Record.Register == r.Name && !f.Record.over(t) {
			return bot.Outcome{Reply: waits(ctx, t, f.Ref, f.Record, "exports.waits")}, nil
		}
	}
	ref := t.NewRef("EX")
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: w}, Reply: waits(ctx, t, ref, w, "exports.needed"), Audit: []string{"export.asked"},
		Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: silentKind, Name: string(ref)}, Due: t.Now.Add(wait), Class: scheduler.Routine, About: string(ref)}}}
	tell(&o, askKey(ref), w.Asked, *bot.Say(t.Say("exports.second", "name", t.KnownName(ctx, w.By), "register", r.Title), t.Say("exports.second-more")).
		With(bot.Button{Action: "exports.agree", Label: t.Say("exports.button-agree"), Ref: ref, Style: bot.Primary},
			bot.Button{Action: "exports.refuse", Label: t.Say("exports.button-refuse"), Ref: ref}))
	return o, nil
}

func waits(ctx context.Context, t bot.Turn, ref bot.Ref, w wanted, key string) *bot.Message {
	var names []string
	for _, id := range w.Asked {
		names = append(names, t.KnownName(ctx, id))
	}
	return bot.Say(t.Say(key), t.Say("exports.asked", "names", strings.Join(names, ", ")), t.Say("exports.asked-silent")).
		With(bot.Button{Action: "exports.back", Label: t.Say("exports.button-back"), Ref: ref})
}

// others are the people in these roles, each once, without one of them. An account that was joined to
// another speaks as that one, so it is nobody else.
func others(ctx context.Context, t bot.Turn, roles []bot.Role, without bot.PersonID) (ids []bot.PersonID) {
	for _, role := range roles {
		for _, id := range t.Org.People[role] {
			if id == without || slices.Contains(ids, id) {
				continue
			}
			if _, err := bot.Load[bot.Alias](ctx, t, bot.Ref(id)); errors.Is(err, bot.ErrNotFound) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// holds says whether somebody still has one of the roles.
func holds(ctx context.Context, t bot.Turn, id bot.PersonID, roles []bot.Role) bool {
	return slices.Contains(others(ctx, t, roles, ""), id)
}

func askKey(ref bot.Ref) string { return "export/" + string(ref) }

// tell posts to each of them. The same key changes what they were shown.
func tell(o *bot.Outcome, key string, whom []bot.PersonID, m bot.Message) {
	for _, id := range whom {
		o.Posts = append(o.Posts, bot.Post{Key: key + "/" + string(id), To: bot.ToPerson(id), Class: scheduler.Escalation, Message: m})
	}
}

// made sends the file to whoever asked for it, by direct message.
func made(t bot.Turn, r bot.Register, w wanted) bot.Outcome {
	command := "shareright export " + w.Register + " --format " + w.Format + " --out " + w.file()
	file := &bot.File{Name: w.file(), Register: r.Kind, Instead: t.Say("exports.instead", "command", command)}
	return bot.Outcome{
		Reply: bot.Say(t.Say("exports.comes", "name", w.file())),
		Posts: []bot.Post{{Key: "file/" + string(t.NewSecret()), To: bot.ToPerson(w.By), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("exports.here", "register", r.Title), t.Say("exports.check")), File: file}},
		Audit: []string{r.Kind + ".exported"},
	}
}

func (w wanted) over(t bot.Turn) bool { return t.Now.Sub(w.At) > life }

// end takes the question away, and the buttons from everybody who was asked.
func (w wanted) end(o *bot.Outcome, ref bot.Ref, says string) {
	o.Erase = append(o.Erase, bot.Erased{Kind: w.RecordKind(), Ref: ref})
	o.Stop = append(o.Stop, scheduler.Key{Kind: silentKind, Name: string(ref)})
	tell(o, askKey(ref), w.Asked, *bot.Say(says))
}

// load finds what waits under this reference; over when nothing does.
func load(ctx context.Context, t bot.Turn, ref bot.Ref) (w wanted, r bot.Register, over bool, err error) {
	w, err = bot.Load[wanted](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return w, r, true, nil
	}
	r, known := t.Register(w.Register)
	return w, r, !known || w.over(t), err
}
