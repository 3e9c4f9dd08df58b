package discord

import (
	"regexp"
	"strings"

	"shareright/bot"
)

const maxContent = 2000 // characters of a message, as Discord's reference gives it

var (
	address = regexp.MustCompile(`https?://[^\s<>]+`)
	marks   = regexp.MustCompile("[\\\\*_~|<>`#\\[\\]()]")
)

// escaped makes text safe where Discord reads markup; web addresses stay as they are.
func escaped(s string) string {
	var b strings.Builder
	at := 0
	for _, hit := range address.FindAllStringIndex(s, -1) {
		b.WriteString(marks.ReplaceAllString(s[at:hit[0]], `\$0`))
		b.WriteString("<" + s[hit[0]:hit[1]] + ">")
		at = hit[1]
	}
	b.WriteString(marks.ReplaceAllString(s[at:], `\$0`))
	return b.String()
}

// content is the message as Discord's markup, whole lines only, with a note where some did not fit.
func content(m bot.Message) string {
	var lines []string
	if m.Title != "" {
		lines = append(lines, "**"+escaped(m.Title)+"**")
	}
	for _, b := range m.Body {
		for _, line := range b.Plain() {
			lines = append(lines, escaped(line))
		}
	}
	for _, s := range m.Sources {
		lines = append(lines, escaped(say("discord.source", "source", s.Line())))
	}
	whole := strings.Join(lines, "\n")
	if len([]rune(whole)) <= maxContent {
		return whole
	}
	more := say("discord.more")
	head := string([]rune(whole)[:maxContent-len([]rune(more))-1])
	if end := strings.LastIndexByte(head, '\n'); end > 0 {
		head = head[:end]
	}
	return head + "\n" + more
}
