package discord

import (
	"strconv"
	"strings"

	"shareright/bot"
)

// content is the message as Discord's markup, however long. Text from people is only text.
func content(m bot.Message) string {
	var parts []string
	if m.Title != "" {
		parts = append(parts, "**"+escaped(m.Title)+"**")
	}
	parts = append(parts, drawBody(m.Body)...)
	if s := drawSources(m.Sources); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, "\n\n")
}

func drawBody(body []bot.Block) []string {
	var parts []string
	for _, b := range body {
		if drawn := drawBlock(b); drawn != "" {
			parts = append(parts, drawn)
		}
	}
	return parts
}

func drawBlock(b bot.Block) string {
	switch b.Kind {
	case bot.Bullets, bot.Steps:
		var lines []string
		for i, item := range b.Items {
			if item == "" {
				continue
			}
			sign := "• "
			if b.Kind == bot.Steps {
				sign = strconv.Itoa(i+1) + ". "
			}
			lines = append(lines, sign+escaped(item))
		}
		return strings.Join(lines, "\n")
	case bot.Pairs:
		return drawPairs(b.Items)
	}
	text := strings.TrimSpace(escaped(b.Text))
	switch {
	case text == "":
		return ""
	case b.Kind == bot.Heading:
		return "**" + text + "**"
	case b.Kind == bot.Quote:
		return "> " + strings.ReplaceAll(text, "\n", "\n> ")
	case b.Kind == bot.SmallLine:
		return small(text)
	}
	return text
}

func drawPairs(items []string) string {
	var lines []string
	for i := 0; i+1 < len(items); i += 2 {
		line := escaped(items[i+1])
		if items[i] != "" {
			line = "**" + strings.ReplaceAll(escaped(items[i])+":", "?:", "?") + "** " + line
		}
		if items[i]+items[i+1] != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// small makes lines of less important text, which is drawn already.
func small(text string) string { return "-# " + strings.ReplaceAll(text, "\n", "\n-# ") }

func drawSources(sources []bot.Source) string {
	var lines []string
	for _, s := range sources {
		line := say("discord.source") + " " + link(s.Title, s.URL)
		if s.Checked != "" {
			line += " " + escaped(say("discord.checked", "date", bot.Day(s.Checked)))
		}
		lines = append(lines, small(line))
	}
	return strings.Join(lines, "\n")
}

// drawPost is one message, at most as long as Discord takes it; what is cut says so.
func drawPost(m bot.Message) note {
	text := content(m)
	if length(text) > maxContent {
		text = cut(text)
	}
	return note{Content: text, Flags: noPreviews, Mentions: nobody, Components: drawButtons(m.Buttons)}
}

// cut is the beginning of a text that goes on, and says that there is more.
func cut(text string) string {
	more := " …\n\n" + small(say("discord.more"))
	return split(text, maxContent-length(more))[0] + more
}

// drawReply is a reply for one person: as many messages as it needs, the buttons below the last.
func drawReply(m bot.Message) []note { return parted(content(m), drawButtons(m.Buttons)) }

// parted parts a text into private messages. Beyond what anybody reads it says that there is more.
func parted(text string, buttons []*component) []note {
	pieces := split(text, maxContent)
	if len(pieces) > maxNotes {
		pieces = append(pieces[:maxNotes-1], cut(pieces[maxNotes-1]))
	}
	notes := make([]note, len(pieces))
	for i, piece := range pieces {
		notes[i] = note{Content: piece, Flags: noPreviews | onlyForYou, Mentions: nobody, Components: []*component{}}
	}
	notes[len(notes)-1].Components = buttons
	return notes
}

// buttonID is what a button carries: what it does and to which record. One that asks first
// is pressed twice.
func buttonID(b bot.Button) string {
	if b.Confirm != "" {
		return askFirst + mark + b.Action + mark + string(b.Ref)
	}
	return b.Action + mark + string(b.Ref)
}

func drawButtons(buttons []bot.Button) []*component {
	rows := []*component{}
	seen := map[string]int{}
	primary := false
	for i, b := range buttons {
		if i == maxRows*maxRowButtons {
			break
		}
		id := buttonID(b)
		seen[id]++
		if n := seen[id]; n > 1 {
			id += "#" + strconv.Itoa(n)
		}
		style := grey
		switch {
		case b.Style == bot.Danger:
			style = red
		case b.Style == bot.Primary && !primary:
			style, primary = blue, true
		}
		if i%maxRowButtons == 0 {
			rows = append(rows, row())
		}
		last := rows[len(rows)-1]
		last.Components = append(last.Components, button(id, bot.Cut(b.Label, maxButton), style))
	}
	return rows
}
