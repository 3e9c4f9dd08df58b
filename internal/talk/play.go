package talk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/bot/terminal"
)

var (
	expectation = regexp.MustCompile(`^bot (to|edits) ([^:]+): ?(.*)$`)
	speech      = regexp.MustCompile(`^([^\s:]+):(?: (.*))?$`)
	pressing    = regexp.MustCompile(`^press (old )?"([^"]+)"(?: on (\S+))?$`)
	keptRef     = regexp.MustCompile(`\$[A-Za-z][A-Za-z0-9]*`)
)

// play carries out one line.
func (p *player) play(ctx context.Context, l line) error {
	text, err := p.fill(l.text)
	if err != nil {
		return err
	}
	if l.answer {
		if !p.answers {
			p.inbox.turnOver()
		}
		p.answers = true
		return p.answer(ctx, text)
	}
	if err := p.endAnswers(ctx, text == "kill"); err != nil {
		return err
	}
	if known, err := p.expect(text); known {
		return err
	}
	p.inbox.turnOver()
	if known, err := p.happen(ctx, text); known {
		return err
	}
	said := speech.FindStringSubmatch(text)
	if said == nil {
		return errors.New("this line is not understood; see the table in internal/talk")
	}
	return p.act(ctx, said[1], said[2], l.killNext)
}

// fill puts kept references in.
func (p *player) fill(text string) (string, error) {
	var err error
	text = keptRef.ReplaceAllStringFunc(text, func(name string) string {
		ref, ok := p.kept[name[1:]]
		if !ok {
			err = fmt.Errorf("%s was not kept; write “ref %s” first", name, name[1:])
		}
		return ref
	})
	return text, err
}

// expect carries out the lines that ask what came.
func (p *player) expect(text string) (known bool, err error) {
	if m := expectation.FindStringSubmatch(text); m != nil {
		return true, p.inbox.take(p.place(m[2]), m[1] == "edits", m[3])
	}
	if want, ok := strings.CutPrefix(text, "bot says problem:"); ok {
		return true, p.sentBack(strings.TrimSpace(want))
	}
	if name, ok := strings.CutPrefix(text, "nothing to "); ok {
		return true, p.inbox.silence(p.place(strings.TrimSpace(name)))
	}
	if name, ok := strings.CutPrefix(text, "ref "); ok {
		ref, err := p.inbox.newestRef()
		p.kept[strings.TrimPrefix(strings.TrimSpace(name), "$")] = ref
		return true, err
	}
	return false, nil
}

func (p *player) sentBack(want string) error {
	p.inbox.asked = true
	fits, err := matcher(want)
	if err != nil {
		return err
	}
	for _, problem := range p.problem {
		if fits(item{text: problem}) {
			return nil
		}
	}
	if len(p.problem) == 0 {
		return fmt.Errorf("the answers were not sent back.%s", p.inbox.instead(p.place(p.actor), p.inbox.start))
	}
	return fmt.Errorf("the answers were sent back with:\n%s", indent(strings.Join(p.problem, "\n")))
}

// happen carries out the lines in which nobody acts: time, stops and starts.
func (p *player) happen(ctx context.Context, text string) (known bool, err error) {
	word, rest, _ := strings.Cut(text, " ")
	switch word {
	case "today", "cast:", "organisation":
		return true, nil // read before the start
	case "wait":
		d, err := duration(rest)
		if err != nil {
			return true, err
		}
		return true, p.wait(ctx, p.clock.now().Add(d))
	case "at":
		at, err := moment(rest, p.zone())
		if err != nil {
			return true, err
		}
		return true, p.wait(ctx, at)
	case "restart":
		if err := p.stop(); err != nil {
			return true, err
		}
		return true, p.begin(ctx, p.config.Data)
	case "stop":
		return true, p.stop()
	case "start":
		if p.life != nil {
			return true, errors.New("the program runs already")
		}
		return true, p.begin(ctx, p.config.Data)
	case "kill":
		return true, p.kill(ctx)
	case "gone", "back":
		for _, who := range strings.Fields(rest) {
			p.gone[who] = word == "gone"
		}
		return true, nil
	case "platform":
		if rest == "takes no files" {
			p.noFiles = true
			return true, nil
		}
		n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(rest, "fails")))
		if err != nil {
			return true, errors.New("write: platform fails 3")
		}
		p.fails = n
		return true, nil
	}
	return false, nil
}

// act lets a person type, or press a button.
func (p *player) act(ctx context.Context, name, said string, dying bool) error {
	p.actor = p.person(name)
	if p.life == nil {
		return errors.New("the program is stopped; write start first")
	}
	p.life.dying = dying
	if m := pressing.FindStringSubmatch(said); m != nil {
		return p.press(ctx, name, m[2], m[3], m[1] != "")
	}
	if command, ok := strings.CutPrefix(said, "/"); ok {
		command, rest, _ := strings.Cut(command, " ")
		return p.deedAndAfter(ctx, bot.Ran{Command: command, Text: strings.TrimSpace(rest)})
	}
	return p.deedAndAfter(ctx, bot.Said{Text: said})
}

func (p *player) press(ctx context.Context, name, label, ref string, old bool) error {
	b, err := p.inbox.button(p.place(name), label, ref, old)
	if err == nil {
		return p.deedAndAfter(ctx, bot.Pressed{Action: b.Action, Ref: b.Ref})
	}
	if s := p.screens[p.actor]; s != nil && plain(s.view.Submit) == plain(label) {
		if err := p.submit(ctx, bot.Go{}); err != nil {
			return err
		}
		return p.settle()
	}
	return err
}

func (p *player) deedAndAfter(ctx context.Context, what bot.Deed) error {
	if err := p.deed(ctx, what); err != nil {
		return err
	}
	return p.settle()
}

// deed hands what somebody does to the engine.
func (p *player) deed(ctx context.Context, what bot.Deed) error {
	if p.life == nil {
		return errors.New("the program is stopped; write start first")
	}
	r, err := p.life.Bot.Handle(ctx, bot.Event{Platform: terminal.Platform, User: p.actor, UserName: terminal.NameOf(p.actor), What: what})
	p.see(p.actor, r)
	if err != nil {
		return fmt.Errorf("the engine failed: %w", err)
	}
	return nil
}
