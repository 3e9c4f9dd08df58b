package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// Sight is one thing on a person's screen: a message, a page of questions, or the home tab.
type Sight struct {
	User      string // who alone can see it; empty for everybody in the channel
	Channel   string
	Thread    string
	Ephemeral bool              // gone when Slack is opened again
	View      string            // the id of a page; empty for a message
	Blocks    []any             // as the bot drew them
	Typed     map[string]string // on a page: what stands in each box, by block
	Errors    map[string]any    // on a page: what is wrong, by block

	key string // of the message, or of the view
}

// sighted puts something on a screen, in place of what had the same key. The lock is held.
func (s *Server) sighted(x Sight) {
	s.unseen(x.key)
	s.sights = append(s.sights, x)
}

func (s *Server) unseen(key string) {
	s.sights = slices.DeleteFunc(s.sights, func(x Sight) bool { return x.key == key })
}

// Sees returns everything on one person's screens now, oldest first. Everybody is in every channel.
func (s *Server) Sees(user string) []Sight {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Sight
	for _, x := range s.sights {
		if x.User == user || x.User == "" && (!strings.HasPrefix(x.Channel, "D") || x.Channel == dm(user)) {
			all = append(all, x)
		}
	}
	return all
}

func (s *Server) sawMessage(user string, args map[string]any, channel, ts, thread string, ephemeral bool) {
	blocks, _ := args["blocks"].([]any)
	if len(blocks) == 0 {
		blocks = []any{map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": args["text"]}}}
	}
	s.sighted(Sight{User: user, Channel: channel, Thread: thread, Ephemeral: ephemeral, Blocks: blocks, key: channel + ts})
}

func (s *Server) sawView(id string, drawn map[string]any) {
	blocks, _ := drawn["blocks"].([]any)
	blocks = append([]any{map[string]any{"type": "title", "text": drawn["title"]}}, blocks...)
	s.sighted(Sight{User: s.owners[id], View: id, Blocks: blocks, Typed: initial(blocks), key: id})
}

// typedIn remembers what somebody typed: Slack keeps it on the screen until the view is drawn anew.
func (s *Server) typedIn(id string, values map[string]map[string]any, errors map[string]any) {
	for i, x := range s.sights {
		if x.key != id {
			continue
		}
		s.sights[i].Errors = errors
		for block, elements := range values {
			for _, e := range elements {
				if state, _ := e.(map[string]any); state["value"] != nil {
					s.sights[i].Typed[block], _ = state["value"].(string)
				}
			}
		}
	}
}

// initial is what stands in the boxes of a view that was just drawn.
func initial(blocks []any) map[string]string {
	values := map[string]string{}
	for _, b := range blocks {
		m, _ := b.(map[string]any)
		id, _ := m["block_id"].(string)
		element, _ := m["element"].(map[string]any)
		if text, ok := element["initial_value"].(string); ok && m["type"] == "input" {
			values[id] = text
		}
	}
	return values
}

// Reads is what a person reads, in order: labels, texts, errors, but no button.
func (x Sight) Reads() string {
	var lines []string
	for _, b := range x.Blocks {
		m, _ := b.(map[string]any)
		lines = append(lines, texts(m)...)
		if id, _ := m["block_id"].(string); x.Errors[id] != nil {
			lines = append(lines, x.Errors[id].(string))
		}
	}
	return strings.Join(lines, "\n")
}

// Buttons are the buttons on it, in order.
func (x Sight) Buttons() []map[string]any {
	var all []map[string]any
	for _, b := range x.Blocks {
		walk(b, func(m map[string]any) {
			if m["type"] == "button" {
				all = append(all, m)
			}
		})
	}
	return all
}

// Label is what stands on a button.
func Label(button map[string]any) string {
	text, _ := button["text"].(map[string]any)
	label, _ := text["text"].(string)
	return label
}

// order is how the parts of a block stand on the screen.
var order = []string{"title", "label", "text", "fields", "hint", "element", "elements", "accessory", "options"}

func texts(m map[string]any) []string {
	if m["type"] == "button" {
		return nil
	}
	var lines []string
	for _, part := range order {
		switch v := m[part].(type) {
		case string:
			lines = append(lines, v)
		case map[string]any:
			lines = append(lines, texts(v)...)
		case []any:
			for _, e := range v {
				if em, ok := e.(map[string]any); ok {
					lines = append(lines, texts(em)...)
				}
			}
		}
	}
	return lines
}

func walk(v any, do func(map[string]any)) {
	switch x := v.(type) {
	case map[string]any:
		do(x)
		for _, y := range x {
			walk(y, do)
		}
	case []any:
		for _, y := range x {
			walk(y, do)
		}
	}
}

var marks = regexp.MustCompile(`<([^<>]+)>`)

// Live lists what would call somebody, or hide where a link leads. A link to an address is
// nothing of the kind when the text that covers it is not itself an address.
func (x Sight) Live() []string {
	var found []string
	for _, b := range x.Blocks {
		walk(b, func(m map[string]any) {
			switch m["type"] {
			case "mrkdwn":
				text, _ := m["text"].(string)
				for _, mark := range marks.FindAllStringSubmatch(text, -1) {
					address, cover, _ := strings.Cut(mark[1], "|")
					if !strings.HasPrefix(address, "https://example.org/") || strings.Contains(cover, "https://evil.example.org|") {
						found = append(found, mark[0])
					}
				}
			case "plain_text":
				if m["emoji"] == true {
					found = append(found, "emoji names are drawn")
				}
			case "user", "usergroup", "channel", "broadcast", "emoji", "link", "date":
				found = append(found, m["type"].(string))
			}
		})
	}
	return found
}

// ViewOf is the modal that a person has open, or nil.
func (s *Server) ViewOf(user string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.sights) - 1; i >= 0; i-- {
		if x := s.sights[i]; x.User == user && x.View != "" && s.views[x.View]["type"] == "modal" {
			return s.views[x.View]
		}
	}
	return nil
}
