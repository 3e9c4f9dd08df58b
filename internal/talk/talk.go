// Package talk plays conversations as tests: a text file says who types what and what
// must come back, and the real engine, store and scheduler play it on a simulated clock.
//
// One line, one step:
//
//	today 2026-10-23 09:15          when it starts, in the organisation's time zone
//	cast: sam = dp-lead             gives a role a person; several with commas
//	organisation nation: S          a setting of the organisation, as in the configuration file
//	jo: text                        somebody types a command, a question, an answer
//	  > label  answer               answers the question whose label begins so (two spaces or a tab between)
//	                                (\n in an answer is a new line)
//	  > !                           leaves the form; what was typed is kept
//	  > back · > cancel             goes a page back · stops for good
//	  > change label                from check-your-answers, opens that question again
//	  > why label                   asks why; the answer comes to the person
//	jo: press "Label" [on BR-…]     a button on the newest card that shows it
//	jo: press old "Label" on BR-…   the same on a card as it was before it changed
//	bot to jo: text                 comes next to that person, role or channel: a part of it, or /a pattern/
//	bot edits dp-lead: text         the same for a message that is changed
//	bot says problem: text          what the last answers were sent back with
//	nothing to jo                   no message to that person since the last step
//	ref X                           keeps the newest reference as $X
//	wait 3h · at 2026-10-25 01:30   the clock moves on, from one due job to the next
//	restart · kill                  stops cleanly, or at once with a post under way, and starts again
//	stop · start                    the same, with time in between
//	platform fails 3                the next three deliveries fail
//	platform takes no files         from here on a file cannot be sent
//	gone sam · back sam             nothing reaches that person or channel: they left, or it is archived
//
// When the answers end, a page that has all it needs is sent, and the next, and the
// check at the end. What comes counts from the last step; messages that the file does
// not mention are passed over. It decides nothing about the product: it only plays.
package talk

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"shareright/bot"
	"shareright/internal/program"
)

// Play plays one conversation on a temporary database. The error names the first line
// that differs and what came instead.
func Play(ctx context.Context, name, text string, parts program.Parts) error {
	return Watch(ctx, name, text, parts, Watcher{})
}

// Watcher looks on while a conversation is played. Each of its functions may be nil.
type Watcher struct {
	Message func(to bot.Address, m bot.Message)          // a reply or a post
	Page    func(v bot.View, problems map[string]string) // a page of a form
	End     func(p *program.Program, at time.Time) error // after the last line, if the program runs then
}

// Watch is Play with somebody looking on.
func Watch(ctx context.Context, name, text string, parts program.Parts, w Watcher) (err error) {
	lines := parse(text)
	dir, err := os.MkdirTemp("", "shareright-talk-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() {
		if cleanErr := os.RemoveAll(dir); err == nil && cleanErr != nil {
			err = fmt.Errorf("remove the temporary folder: %w", cleanErr)
		}
	}()
	p := newPlayer(dir, parts)
	p.watcher = w
	if line, err := p.prepare(ctx, lines); err != nil {
		return fmt.Errorf("%s:%d: %w", name, line, err)
	}
	defer p.end()
	for i, l := range lines {
		l.killNext = i+1 < len(lines) && lines[i+1].text == "kill"
		if err := p.play(ctx, l); err != nil {
			return fmt.Errorf("%s:%d: %s\n%w", name, l.number, l.text, err)
		}
	}
	if err := p.endAnswers(ctx, false); err != nil {
		return fmt.Errorf("%s:%d: %w", name, len(strings.Split(text, "\n")), err)
	}
	if w.End != nil && p.life != nil {
		return w.End(p.life.Program, p.clock.now())
	}
	return nil
}

// PlayFile plays the conversation in a file.
func PlayFile(ctx context.Context, path string, parts program.Parts) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read conversation: %w", err)
	}
	return Play(ctx, path, string(text), parts)
}
