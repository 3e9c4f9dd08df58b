package discordtest

import (
	"fmt"
	"regexp"
	"strings"
)

// Sight is one thing on a person's screen: a message, or a window with questions.
type Sight struct {
	Channel string
	Only    bool              // nobody else sees it, and it is gone when Discord is opened again
	Under   bool              // it answers another message
	Window  bool              // it asks questions
	Texts   []string          // as the bot drew them
	Markup  []string          // those of the texts in which Discord reads markup
	Buttons []Button          // in order
	Values  map[string]string // of a window: what stands in each box, or is chosen
}

// Button is what can be pressed.
type Button struct{ Label, ID string }

// Sees returns everything on one person's screens now, oldest first; a window stands over
// the rest. Everybody is in every channel.
func (s *Server) Sees(user string) []Sight {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Sight
	for n := range s.number + 1 {
		m := s.messages[fmt.Sprint(n)]
		channel, _ := m["channel_id"].(string)
		if m == nil || m["only"] != nil && m["only"] != user || strings.HasPrefix(channel, DM("")) && channel != DM(user) {
			continue
		}
		content, _ := m["content"].(string)
		x := Sight{Channel: channel, Only: m["only"] != nil, Under: m["message_reference"] != nil, Texts: []string{content}, Markup: []string{content}}
		for _, row := range list(m, "components") {
			for _, part := range list(row, "components") {
				x.part(part)
			}
		}
		all = append(all, x)
	}
	if open := s.modals[user]; open != nil {
		all = append(all, window(open))
	}
	return all
}

// part is a button or a select of a message.
func (x *Sight) part(part any) {
	m, _ := part.(map[string]any)
	id, _ := m["custom_id"].(string)
	if label, _ := m["label"].(string); kind(part) == 2 {
		x.Buttons = append(x.Buttons, Button{label, id})
		return
	}
	x.options(part)
}

// options adds what a select says, and returns what is chosen in it.
func (x *Sight) options(part any) (chosen []string) {
	m, _ := part.(map[string]any)
	if text, _ := m["placeholder"].(string); text != "" {
		x.Texts = append(x.Texts, text)
	}
	for _, o := range list(part, "options") {
		om, _ := o.(map[string]any)
		label, _ := om["label"].(string)
		x.Texts = append(x.Texts, label)
		if value, _ := om["value"].(string); om["default"] == true {
			chosen = append(chosen, value)
		}
	}
	return chosen
}

func window(open *shown) Sight {
	title, _ := open.modal["title"].(string)
	x := Sight{Channel: open.channel, Only: true, Window: true, Texts: []string{title}, Values: map[string]string{}}
	for _, part := range list(open.modal, "components") {
		m, _ := part.(map[string]any)
		for _, key := range []string{"content", "label", "description"} {
			if text, _ := m[key].(string); text != "" {
				x.Texts = append(x.Texts, text)
				if key == "content" {
					x.Markup = append(x.Markup, text)
				}
			}
		}
		asks, _ := m["component"].(map[string]any)
		if id, _ := asks["custom_id"].(string); id != "" {
			value, _ := asks["value"].(string)
			x.Values[id] = value + strings.Join(x.options(asks), ", ")
		}
	}
	return x
}

// Shut closes the window on somebody's screen. Discord tells the bot nothing of it.
func (s *Server) Shut(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.modals, user)
}

var (
	escapes  = regexp.MustCompile(`\\([[:punct:]])`)
	covers   = regexp.MustCompile(`\[([^\[\]]*)\]\(<?([^()<>]*)>?\)`)
	plainURL = regexp.MustCompile(`<(https?://[^<>\s]*)>`)
	lines    = regexp.MustCompile(`(?m)^(-# |> )`)
	called   = regexp.MustCompile(`<(?:@[!&]?|#|/|t:|a?:)[^<>]*>|@everyone|@here`)
	drawing  = regexp.MustCompile("[*_`~]|\\|\\|")
)

// Reads is what a person reads, in order, without markup and without buttons.
func (x Sight) Reads() string {
	text := strings.Join(x.Texts, "\n")
	if !x.Window {
		text = covers.ReplaceAllString(text, "$1")
		text = plainURL.ReplaceAllString(strings.ReplaceAll(lines.ReplaceAllString(text, ""), "**", ""), "$1")
	}
	return escapes.ReplaceAllString(text, "$1")
}

// Live lists what would call somebody, hide where a link leads or change how the rest is
// drawn. The bot's own markup is bold, small lines, quotes and links whose text is no address.
func (x Sight) Live() []string {
	var found []string
	for _, text := range x.Markup {
		text = escapes.ReplaceAllString(text, "")
		for _, link := range covers.FindAllStringSubmatch(text, -1) {
			if strings.Contains(link[1], "://") || !strings.HasPrefix(link[2], "https://") {
				found = append(found, link[0])
			}
		}
		text = plainURL.ReplaceAllString(covers.ReplaceAllString(text, ""), "")
		found = append(found, called.FindAllString(text, -1)...)
		found = append(found, drawing.FindAllString(strings.ReplaceAll(text, "**", ""), -1)...)
	}
	return found
}
