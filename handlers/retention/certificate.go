package retention

import (
	"context"
	"errors"
	"fmt"

	"shareright/bot"
	"shareright/scheduler"
)

// certificateID is the paper of a destroyed file, at the command line too.
const certificateID = "certificate"

// certificate is the proof that a file was destroyed: how, when, and by which two people.
// It holds a reference and never says who was in the file.
func (h handler) certificate(t bot.Turn, ref bot.Ref, r Review) *bot.Message {
	m := bot.Say(t.Say("retention.certificate", "file", r.File))
	if t.Org.Name != "" {
		m.Add(bot.Para, t.Say("retention.certificate-of", "org", t.Org.Name, "ref", string(ref)))
	}
	m.Body = append(m.Body, proof(t, r))
	m.Sources = sources(h.sourcesOf(r))
	return m
}

// paper is the certificate for the command line.
func (h handler) paper(ctx context.Context, t bot.Turn, ref bot.Ref, _ string) (bot.Message, error) {
	r, err := bot.Load[Review](ctx, t, ref)
	if err != nil {
		return bot.Message{}, err
	}
	if r.state() != destroyed {
		return bot.Message{}, &bot.NoPaper{Says: t.Say("retention.certificate-none", "file", r.File)}
	}
	return *h.certificate(t, ref, r), nil
}

// pdf sends the certificate as a file, by direct message to the person who asked.
func (h handler) pdf(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	m, err := h.paper(ctx, t, ref, certificateID)
	var none *bot.NoPaper
	if errors.As(err, &none) {
		return bot.Outcome{Reply: bot.Say(none.Says)}, nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	t.Ref = ref
	name := fmt.Sprintf("%s-%s.pdf", ref, certificateID)
	file := &bot.File{Name: name, Paper: &m, Instead: t.Say("retention.pdf-instead", "command", "shareright paper "+string(ref)+" "+certificateID+" --pdf "+name)}
	return bot.Outcome{Reply: bot.Say(t.Say("retention.pdf-comes", "name", name)), Audit: []string{"retention.paper"},
		Posts: []bot.Post{{Key: "file/" + string(t.NewSecret()), To: bot.ToPerson(t.By.ID), Class: scheduler.Routine,
			Message: *bot.Say(m.Title), File: file}}}, nil
}
