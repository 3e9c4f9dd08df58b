package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/knowledge/words"
	"shareright/scheduler"
)

// Once a day everybody in charge, and the channel for alerts, is looked for, so that a lead
// who has left is noticed before the next breach and not by it.

const (
	rollKind  = "bot.rollcall" // stored with jobs
	rollEvery = "40 8 * * *"
	rollRow   = "rollcall" // stored: what was missing the last time, so that it is told once
	rollRef   = "last"
	rollWait  = 10 * time.Second
)

// missing is what the last look found. It is stored: fields may be added, never renamed.
type missing struct {
	Places []string `json:"places,omitempty"`
}

// lack is somebody or something that does not answer to its name.
type lack struct {
	at    Address
	gone  bool // otherwise it is there, and too many people read it
	says  string
	place string
}

// rollcall looks whether everybody in charge can still be reached, and tells the next in charge who cannot.
func (b *Bot) rollcall(ctx context.Context, org Org, job scheduler.Job) error {
	var places []Address
	err := b.store.View(ctx, func(tx Tx) (err error) {
		if org, err = b.dir.Now(ctx, tx, org); err == nil {
			places, err = b.inCharge(ctx, tx, org)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("who is in charge: %w", err)
	}
	var lacks []lack
	for _, at := range places {
		if l, found := b.look(ctx, at); found {
			lacks = append(lacks, l)
		}
	}
	err = b.store.Update(ctx, func(tx Tx) error {
		if err := tx.FinishJob(ctx, job); err != nil {
			return err
		}
		if err := b.putNext(ctx, tx, org, Timer{Kind: rollKind, Every: rollEvery}); err != nil {
			return err
		}
		return b.tellLacks(ctx, tx, org, lacks)
	})
	if err == nil {
		b.o.Wake()
	}
	return err
}

// inCharge lists the channel for alerts and every account in chat of everybody in a role.
func (b *Bot) inCharge(ctx context.Context, tx Tx, org Org) ([]Address, error) {
	var places []Address
	if org.Alerts.Channel != "" {
		places = append(places, org.Alerts)
	}
	for _, role := range everyRole {
		routes, err := b.dir.Routes(ctx, tx, org, ToRolePrivately(role))
		if err != nil {
			return nil, err
		}
		for _, to := range slices.Concat(routes...) {
			if to.Name == string(role) && !b.onlyNotice(to) {
				places = append(places, to)
			}
		}
	}
	return places, nil
}

// look asks a platform about one address. What is not known now is no finding.
func (b *Bot) look(ctx context.Context, at Address) (lack, bool) {
	prober, can := able[Prober](b.platforms[at.Platform])
	if !can {
		return lack{}, false
	}
	in, cancel := context.WithTimeout(ctx, rollWait)
	defer cancel()
	err := prober.Reach(in, at)
	l := lack{at: at, place: at.Platform + "/" + at.Channel + "/" + at.User}
	var gone *Unreachable
	var open *Exposed
	switch {
	case errors.As(err, &gone):
		l.gone, l.says = true, strings.TrimSpace(words.Say("en", "bot.unreachable", "who", called(at), "fix", gone.Fix))
	case errors.As(err, &open):
		l.says = open.Fix
	default:
		if err != nil {
			b.o.Log.Info("whether somebody in charge can be reached is not known today", "platform", at.Platform, "error", err)
		}
		return lack{}, false
	}
	return l, true
}

// tellLacks tells what was not missing the last time. What is mended is forgotten, so that it is told again if it goes wrong again.
func (b *Bot) tellLacks(ctx context.Context, tx Tx, org Org, lacks []lack) error {
	row, err := tx.Get(ctx, org.ID, rollRow, rollRef)
	var last, now missing
	if err == nil {
		err = json.Unmarshal(row.Body, &last)
	} else if errors.Is(err, ErrNotFound) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("read what was missing: %w", err)
	}
	var fresh []lack
	for _, l := range lacks {
		now.Places = append(now.Places, l.place)
		if !slices.Contains(last.Places, l.place) && !slices.ContainsFunc(fresh, func(f lack) bool { return f.place == l.place }) {
			fresh = append(fresh, l)
		}
	}
	if slices.Equal(now.Places, last.Places) {
		return nil
	}
	row.Kind, row.Ref = rollRow, rollRef
	if row.Body, err = json.Marshal(now); err != nil {
		return fmt.Errorf("store what is missing: %w", err)
	}
	if err := tx.Put(ctx, org.ID, row); err != nil || len(fresh) == 0 {
		return err
	}
	t := b.turn(tx, org, Person{})
	m := Say(t.Say("bot.roll-title"))
	for _, l := range fresh {
		m.Add(Para, l.says)
		if err := tx.Append(ctx, org.ID, Entry{At: t.Now, What: "rollcall.missing", Note: way(l.at)}); err != nil {
			return fmt.Errorf("append to the audit trail: %w", err)
		}
	}
	m.Add(Para, t.Say("bot.roll-do"))
	sum := sha256.Sum256([]byte(strings.Join(now.Places, "|")))
	key := "rollcall/" + t.Today().String() + "/" + hex.EncodeToString(sum[:6])
	for _, to := range nextInCharge(org, lacks) {
		if err := t.post(ctx, Post{Key: key + "/" + string(to.Role), To: to, Class: scheduler.Escalation, Message: *m}, t.Now); err != nil {
			return err
		}
	}
	return nil
}

// nextInCharge is the first role somebody of which is there; everybody in charge where nobody is.
func nextInCharge(org Org, lacks []lack) []Audience {
	var gone []PersonID
	for _, l := range lacks {
		if l.gone && l.at.User != "" {
			gone = append(gone, PersonID(l.at.Platform+":"+l.at.User))
		}
	}
	order := []Role{DPLead, Deputy, Trustee, SafeguardingLead}
	var all []Audience
	for _, role := range order {
		holders := org.People[role]
		if slices.ContainsFunc(holders, func(id PersonID) bool { return !slices.Contains(gone, id) }) {
			return []Audience{ToRolePrivately(role, gone...)}
		}
		if len(holders) > 0 {
			all = append(all, ToRolePrivately(role).Louder())
		}
	}
	return all
}
