package talk

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"shareright/bot"
)

// item is one thing that came to somebody.
type item struct {
	id    bot.MessageID // of a delivered message
	to    string        // a person, or a channel
	role  string        // the role it was meant for, if any
	edit  bool
	page  bool // a page of a form: it is on the screen, but it is no message
	text  string
	cards []bot.Button
}

// inbox holds everything that came, in order.
type inbox struct {
	items []item
	start int            // where what counts begins
	next  map[string]int // how far each person's messages were matched
	asked bool           // the last step asked what came
}

// turnOver begins a new count, if the step before asked what came.
func (in *inbox) turnOver() {
	if in.asked {
		in.start, in.next, in.asked = len(in.items), map[string]int{}, false
	}
}

// place is a person or a role in a conversation, with everything that is the same.
type place struct {
	name  string
	users []string // the people it stands for
	role  string
}

func (p place) sees(it item) bool {
	return it.to == p.name || it.role != "" && it.role == p.role || slices.Contains(p.users, it.to)
}

// take finds the next item to a place that fits.
func (in *inbox) take(p place, edit bool, want string) error {
	in.asked = true
	fits, err := matcher(want)
	if err != nil {
		return err
	}
	from := max(in.start, in.next[p.name])
	for i := from; i < len(in.items); i++ {
		if it := in.items[i]; p.sees(it) && it.edit == edit && fits(it) {
			in.next[p.name] = i + 1
			return nil
		}
	}
	return fmt.Errorf("that did not come to %s.%s", p.name, in.instead(p, from))
}

// silence says whether no message came to a place since the last step.
func (in *inbox) silence(p place) error {
	in.asked = true
	for i := max(in.start, in.next[p.name]); i < len(in.items); i++ {
		if it := in.items[i]; p.sees(it) && !it.edit && !it.page {
			return fmt.Errorf("there came:\n%s", indent(it.drawn()))
		}
	}
	return nil
}

// instead tells what did come, to the place or else to others.
func (in *inbox) instead(p place, from int) string {
	var theirs, others []string
	for _, it := range in.items[in.start:] {
		if p.sees(it) {
			theirs = append(theirs, indent(it.drawn()))
		} else if !it.page {
			others = append(others, fmt.Sprintf("  to %s: %s", it.to, firstLine(it.text)))
		}
	}
	switch {
	case len(theirs) > 0 && from > in.start:
		return fmt.Sprintf(" After what was matched already, of these:\n%s", strings.Join(theirs, "\n"))
	case len(theirs) > 0:
		return " There came:\n" + strings.Join(theirs, "\n")
	case len(others) > 0:
		return " Nothing came; to others there came:\n" + strings.Join(others, "\n")
	}
	return " Nothing came to anybody."
}

// drawn is the item as text, buttons in square brackets.
func (it item) drawn() string {
	text := it.text
	for _, b := range it.cards {
		text += " [" + b.Label + "]"
	}
	if it.edit {
		text = "(changed) " + text
	}
	return text
}

var trailingButtons = regexp.MustCompile(`^(.*?)((?:\s*\[[^\]]+\])+)$`)

// matcher understands an expectation: a part of the text, or /a pattern/. Buttons at the
// end of it may be any of the message's, wherever they stand.
func matcher(want string) (func(item) bool, error) {
	if len(want) > 1 && strings.HasPrefix(want, "/") && strings.HasSuffix(want, "/") {
		pattern, err := regexp.Compile(want[1 : len(want)-1])
		if err != nil {
			return nil, fmt.Errorf("the pattern cannot be read: %w", err)
		}
		return func(it item) bool {
			drawn := strings.TrimPrefix(it.drawn(), "(changed) ")
			return pattern.MatchString(strings.Join(strings.Fields(drawn), " ")) || pattern.MatchString(drawn)
		}, nil
	}
	part, labels := folded(want), []string(nil)
	if m := trailingButtons.FindStringSubmatch(part); m != nil {
		part = strings.TrimSpace(m[1])
		for _, l := range strings.Split(strings.Trim(strings.TrimSpace(m[2]), "[]"), "[") {
			labels = append(labels, strings.Trim(l, " ]"))
		}
	}
	return func(it item) bool {
		if strings.Contains(folded(it.drawn()), folded(want)) {
			return true
		}
		for _, label := range labels {
			if !slices.ContainsFunc(it.cards, func(b bot.Button) bool { return plain(b.Label) == plain(label) }) {
				return false
			}
		}
		return len(labels) > 0 && strings.Contains(folded(it.text), part)
	}, nil
}

var reference = regexp.MustCompile(`\b[A-Z]{2,3}-[2-9A-HJKMNP-Z]{4}\b`)

// newestRef is the reference that was shown last.
func (in *inbox) newestRef() (string, error) {
	for i := len(in.items) - 1; i >= 0; i-- {
		if found := reference.FindString(in.items[i].text); found != "" {
			return found, nil
		}
		for _, b := range in.items[i].cards {
			if found := reference.FindString(string(b.Ref)); found != "" {
				return found, nil
			}
		}
	}
	return "", fmt.Errorf("no reference such as BR-7K3Q was shown yet")
}

// button finds the newest card that shows it: among the person's own first, then among
// everybody's, because in a channel anybody can press. A card that was changed shows its
// buttons as they are now; with old it is as somebody sees it who has not looked since.
func (in *inbox) button(p place, label, ref string, old bool) (bot.Button, error) {
	for _, own := range []bool{true, false} {
		seen := map[bot.MessageID]bool{}
		for i := len(in.items) - 1; i >= 0; i-- {
			it := in.items[i]
			if !old && it.id != "" && seen[it.id] || own && !p.sees(it) {
				continue
			}
			seen[it.id] = true
			if b, ok := it.button(label, ref); ok {
				return b, nil
			}
		}
	}
	return bot.Button{}, fmt.Errorf("no card shows the button %q%s", label, onRef(ref))
}

func (it item) button(label, ref string) (bot.Button, bool) {
	for _, exact := range []bool{true, false} {
		for _, b := range it.cards {
			fits := plain(b.Label) == plain(label) || !exact && begins(b.Label, label)
			if fits && (ref == "" || string(b.Ref) == ref || strings.Contains(it.text, ref)) {
				return b, true
			}
		}
	}
	return bot.Button{}, false
}

func onRef(ref string) string {
	if ref == "" {
		return ""
	}
	return " on " + ref
}

func indent(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}
