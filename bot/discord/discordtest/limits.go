package discordtest

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits as Discord's reference gives them, written down here a second time on purpose.

func (s *Server) checkMessage(what string, m map[string]any) bool {
	ok := true
	wrong := func(format string, args ...any) {
		s.complain(what+": "+format, args...)
		ok = false
	}
	text, _ := m["content"].(string)
	if n := utf8.RuneCountInString(text); n > 2000 || n == 0 {
		wrong("%d characters", n)
	}
	allowed, _ := m["allowed_mentions"].(map[string]any)
	if parse, given := allowed["parse"].([]any); !given || len(parse) > 0 {
		wrong("it may call somebody: %v", m["allowed_mentions"])
	}
	if strings.Contains(text, "@everyone") || strings.Contains(text, "@here") {
		wrong("it calls everybody: %s", text)
	}
	if flags, _ := m["flags"].(float64); int(flags)&4 == 0 {
		wrong("previews of links are not off")
	}
	rows, _ := m["components"].([]any)
	if len(rows) > 5 {
		wrong("%d rows", len(rows))
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if kind(r) != 1 {
			wrong("a part of type %d outside a row", kind(r))
		}
		parts := list(r, "components")
		selects := 0
		for _, p := range parts {
			ok = s.checkPart(what, p, seen) && ok
			if kind(p) != 2 {
				selects++
			}
		}
		if len(parts) == 0 || len(parts) > 5 || selects > 0 && len(parts) > 1 {
			wrong("a row with %d parts", len(parts))
		}
	}
	return ok
}

// checkPart checks a button or a select, or what asks in a modal.
func (s *Server) checkPart(what string, part any, seen map[string]bool) bool {
	ok := true
	wrong := func(format string, args ...any) {
		s.complain(what+": "+format, args...)
		ok = false
	}
	p, _ := part.(map[string]any)
	id, _ := p["custom_id"].(string)
	if n := utf8.RuneCountInString(id); n == 0 || n > 100 || seen[id] {
		wrong("the custom_id %q is empty, too long or there twice", id)
	}
	seen[id] = true
	text := func(key string, most int) {
		if v, _ := p[key].(string); utf8.RuneCountInString(v) > most {
			wrong("%s %q is longer than %d", key, v, most)
		}
	}
	text("placeholder", 150)
	switch kind(part) {
	case 2:
		text("label", 80)
	case 3:
		options := list(part, "options")
		if len(options) == 0 || len(options) > 25 {
			wrong("%d choices", len(options))
		}
		for _, o := range options {
			om, _ := o.(map[string]any)
			for _, key := range []string{"label", "value", "description"} {
				if v, _ := om[key].(string); utf8.RuneCountInString(v) > 100 || v == "" && key != "description" {
					wrong("choice %v: %s", om["label"], key)
				}
			}
		}
	case 4:
		text("value", 4000)
		if most, given := p["max_length"].(float64); given && (most < 1 || most > 4000) {
			wrong("a box for %v characters", most)
		}
	case 5:
	default:
		wrong("a part of type %d", kind(part))
	}
	return ok
}

func (s *Server) checkModal(m map[string]any) bool {
	ok := true
	wrong := func(format string, args ...any) {
		s.complain("a modal: "+format, args...)
		ok = false
	}
	title, _ := m["title"].(string)
	id, _ := m["custom_id"].(string)
	if n := utf8.RuneCountInString(title); n == 0 || n > 45 || len(id) == 0 || len(id) > 100 {
		wrong("the title %q or the id %q", title, id)
	}
	parts := list(m, "components")
	if len(parts) == 0 || len(parts) > 5 {
		wrong("%d parts", len(parts))
	}
	seen := map[string]bool{}
	for _, p := range parts {
		pm, _ := p.(map[string]any)
		label, _ := pm["label"].(string)
		hint, _ := pm["description"].(string)
		switch kind(p) {
		case 10:
			if text, _ := pm["content"].(string); text == "" || utf8.RuneCountInString(text) > 4000 {
				wrong("a text of %d characters", utf8.RuneCountInString(text))
			}
		case 18:
			if n := utf8.RuneCountInString(label); n == 0 || n > 45 || utf8.RuneCountInString(hint) > 100 {
				wrong("the label %q or its hint %q", label, hint)
			}
			ok = s.checkPart("a modal", pm["component"], seen) && ok
		default:
			wrong("a part of type %d", kind(p))
		}
	}
	return ok
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// setCommands replaces the commands, if Discord would take them. The lock is held.
func (s *Server) setCommands(path string, commands []any) result {
	for _, c := range commands {
		m, _ := c.(map[string]any)
		name, _ := m["name"].(string)
		help, _ := m["description"].(string)
		slash := m["type"] == 1.0
		if slash && (!commandName.MatchString(name) || strings.ToLower(name) != name || help == "") || utf8.RuneCountInString(name) > 32 || utf8.RuneCountInString(help) > 100 {
			s.complain("the command %q with help %q", name, help)
			return no(400, 50035, "Invalid Form Body")
		}
		s.checkOptions(name, list(c, "options"))
	}
	var kept []any
	for _, c := range commands { // Discord gives an id and fills in what was left out
		m := map[string]any{"id": s.next(), "application_id": App, "default_member_permissions": nil, "contexts": nil, "nsfw": false}
		for key, value := range c.(map[string]any) {
			m[key] = value
		}
		kept = append(kept, m)
	}
	s.commands[path] = kept
	return result{200, kept}
}

func (s *Server) checkOptions(where string, options []any) {
	if len(options) > 25 {
		s.complain("/%s: %d options", where, len(options))
	}
	optional := false
	for _, o := range options {
		m, _ := o.(map[string]any)
		name, _ := m["name"].(string)
		help, _ := m["description"].(string)
		if !commandName.MatchString(name) || help == "" || utf8.RuneCountInString(help) > 100 {
			s.complain("/%s: option %q with help %q", where, name, help)
		}
		if m["required"] == true && optional {
			s.complain("/%s: %s is required and stands after one that is not", where, name)
		}
		optional = optional || m["type"] == 3.0 && m["required"] != true
		s.checkOptions(where+" "+name, list(o, "options"))
	}
}

func kind(part any) int {
	m, _ := part.(map[string]any)
	n, _ := m["type"].(float64)
	return int(n)
}

func list(part any, key string) []any {
	m, _ := part.(map[string]any)
	l, _ := m[key].([]any)
	return l
}

// Faults lists what Discord would refuse of something that is drawn: messages and modals,
// however deep they stand in it.
func Faults(drawn any) []string {
	raw, err := json.Marshal(drawn)
	if err != nil {
		return []string{err.Error()}
	}
	var whole any
	if err := json.Unmarshal(raw, &whole); err != nil {
		return []string{err.Error()}
	}
	s := &Server{}
	s.checkAll(whole)
	return s.faulty
}

func (s *Server) checkAll(part any) {
	switch v := part.(type) {
	case []any:
		for _, each := range v {
			s.checkAll(each)
		}
	case map[string]any:
		switch {
		case v["allowed_mentions"] != nil:
			s.checkMessage("a message", v)
		case v["title"] != nil && v["components"] != nil:
			s.checkModal(v)
		default:
			for _, each := range v {
				s.checkAll(each)
			}
		}
	}
}
