package terminal

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"shareright/bot"
	"shareright/knowledge/words"
)

func (t *Terminal) say(key string, fill ...string) { t.line("", words.Say("en", key, fill...)) }

// line writes one piece of text, each of its lines begun with lead.
func (t *Terminal) line(lead, text string) {
	for l := range strings.SplitSeq(text, "\n") {
		_, _ = t.out.WriteString(lead + harmless(l) + "\n") // a broken pipe shows at Flush, and ends the input too
	}
}

// bold writes a line that stands out where colour is allowed.
func (t *Terminal) bold(lead, text string) {
	if !t.o.Colour {
		t.line(lead, text)
		return
	}
	for l := range strings.SplitSeq(text, "\n") {
		_, _ = t.out.WriteString(lead + "\x1b[1m" + harmless(l) + "\x1b[0m\n")
	}
}

func (t *Terminal) prompt() {
	if t.o.Prompt {
		_, _ = t.out.WriteString(t.user + "> ")
	}
	t.out.Flush()
}

// harmless takes out what would steer a terminal or turn the reading direction: text
// comes from people, and a log of the window may be evidence.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069') {
			return -1
		}
		return r
	}, s)
}

func (t *Terminal) draw(lead string, m bot.Message) {
	if m.Title != "" {
		t.bold(lead, m.Title)
	}
	t.blocks(lead, m.Body)
	for _, s := range m.Sources {
		t.line(lead, words.Say("en", "terminal.source", "source", s.Line()))
	}
	for _, b := range m.Buttons {
		t.line(lead, "  ["+strconv.Itoa(t.number(b))+"] "+b.Label)
	}
}

func (t *Terminal) blocks(lead string, blocks []bot.Block) {
	for _, b := range blocks {
		for _, l := range b.Plain() {
			if b.Kind == bot.Heading {
				t.bold(lead, l)
			} else {
				t.line(lead, l)
			}
		}
	}
}

// number gives a button its number: the same one again when it was drawn before.
func (t *Terminal) number(b bot.Button) int {
	i := slices.IndexFunc(t.buttons, func(x bot.Button) bool {
		return x.Action == b.Action && x.Ref == b.Ref && x.Label == b.Label
	})
	if i < 0 {
		t.buttons = append(t.buttons, b)
		i = len(t.buttons) - 1
	}
	return i + 1
}
