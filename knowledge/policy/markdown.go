package policy

import (
	"regexp"
	"strings"
)

var (
	hashHeading = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
	orderedItem = regexp.MustCompile(`^\s*\d{1,3}[.)]\s+(\S.*)$`)
	inlineLink  = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	emphasis    = strings.NewReplacer("**", "", "__", "", "`", "")
)

// readMarkdown reads headings, lists, tables and paragraphs. Marks inside a line are
// taken away; code fences are read as text.
func readMarkdown(data []byte) ([]block, error) {
	text := clean(data)
	if len(text) > maxText {
		return nil, errTooMuch
	}
	m := &markdown{}
	for _, line := range strings.Split(text, "\n") {
		m.line(line)
	}
	m.flush()
	return m.blocks, nil
}

type markdown struct {
	blocks []block
	open   []string // lines of the paragraph or bullet under way
	kind   blockKind
	front  bool // inside front matter between lines of dashes
	begun  bool
}

func (m *markdown) line(line string) {
	bare := strings.TrimSpace(line)
	if bare == "---" && (!m.begun || m.front) {
		m.front, m.begun = !m.front, true
		m.flush()
		return
	}
	if bare != "" {
		m.begun = true
	}
	switch {
	case bare == "" || strings.HasPrefix(bare, "```"):
		m.flush()
	case m.front:
		m.flush()
		m.blocks = append(m.blocks, block{kind: paragraph, text: bare})
	case hashHeading.MatchString(bare):
		m.flush()
		h := hashHeading.FindStringSubmatch(bare)
		m.blocks = append(m.blocks, block{kind: heading, level: len(h[1]), text: plain(h[2])})
	case strings.HasPrefix(bare, "|"):
		m.flush()
		if !onlyMarks.MatchString(bare) {
			m.blocks = append(m.blocks, block{kind: row, text: plain(strings.Trim(bare, "|"))})
		} else if n := len(m.blocks); n > 0 && m.blocks[n-1].kind == row {
			m.blocks[n-1].header = true // the line of dashes below makes it one
		}
	case m.underline(bare):
	default:
		m.words(line, bare)
	}
}

// underline reads a line of = or - below one line of text as a heading.
func (m *markdown) underline(bare string) bool {
	if len(m.open) != 1 || m.kind != paragraph || strings.Trim(bare, "=") != "" && strings.Trim(bare, "-") != "" {
		return false
	}
	level := 1
	if bare[0] == '-' {
		level = 2
	}
	m.blocks = append(m.blocks, block{kind: heading, level: level, text: plain(m.open[0])})
	m.open = nil
	return true
}

func (m *markdown) words(line, bare string) {
	item := orderedItem.FindStringSubmatch(line)
	if item == nil {
		item = bulletLine.FindStringSubmatch(strings.TrimPrefix(bare, "+ "))
		if strings.HasPrefix(bare, "+ ") {
			item = []string{bare, bare[2:]}
		}
	}
	if item != nil {
		m.flush()
		m.kind, m.open = bullet, []string{item[1]}
		return
	}
	m.open = append(m.open, strings.TrimLeft(bare, "> "))
}

func (m *markdown) flush() {
	if text := plain(strings.Join(m.open, " ")); text != "" {
		m.blocks = append(m.blocks, block{kind: m.kind, text: text})
	}
	m.open, m.kind = nil, paragraph
}

// plain takes the marks of Markdown out of a line and leaves the words.
func plain(text string) string {
	return oneLine(emphasis.Replace(inlineLink.ReplaceAllString(text, "$1")))
}
