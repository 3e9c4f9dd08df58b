package policy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	bulletLine  = regexp.MustCompile(`^\s*(?:[•·▪◦‣●○■*–-]|o\s|\(?[a-z0-9ivx]{1,4}\)|[a-h]\.)\s+(\S.*)$`)
	numbered    = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(\p{Lu}.*)$`)
	appendix    = regexp.MustCompile(`(?i)^(appendix|annex|schedule|part|section)\s+[0-9a-z]{1,3}\b`)
	fieldLine   = regexp.MustCompile(`^[A-Z][A-Za-z ]{2,30}:\s*\S`)
	onlyMarks   = regexp.MustCompile(`^[\s|:=_.*-]*$`)
	brackets    = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]`)
	aboutItself = regexp.MustCompile(`(?i)\b(?:edited|reviewed|updated|review|version|date)\b.*\d`)
	inlineMarks = regexp.MustCompile(`\s*[·•]\s*`)
)

// readText reads plain text in which headings, bullets and tables have no marks of
// their own, as when a web page or PDF was copied into a file.
func readText(data []byte) ([]block, error) {
	text := clean(data)
	if len(text) > maxText {
		return nil, errTooMuch
	}
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if bare := strings.TrimSpace(line); bare != "" {
			lines = append(lines, bare)
		}
	}
	var blocks []block
	for i, line := range lines {
		blocks = append(blocks, lineBlocks(line, lines[i+1:], blocks)...)
	}
	return blocks, nil
}

// lineBlocks says what one line is, given what was read before and the lines that follow.
func lineBlocks(line string, after []string, before []block) []block {
	if onlyMarks.MatchString(line) && !strings.Contains(line, "|") {
		return nil
	}
	if isRow(line) {
		return []block{{kind: row, text: line}}
	}
	if m := bulletLine.FindStringSubmatch(line); m != nil {
		return bulletsOf(m[1])
	}
	if level := headingLevel(line, after, before); level > 0 {
		return []block{{kind: heading, level: level, text: oneLine(line)}}
	}
	if parts := inlineMarks.Split(line, -1); len(parts) > 2 {
		blocks := []block{}
		if first := oneLine(parts[0]); first != "" {
			blocks = append(blocks, block{kind: paragraph, text: first})
		}
		return append(blocks, bulletsOf(strings.Join(parts[1:], " · "))...)
	}
	return []block{{kind: paragraph, text: oneLine(line)}}
}

// bulletsOf splits bullets that were run together on one line.
func bulletsOf(line string) []block {
	var blocks []block
	for _, part := range inlineMarks.Split(line, -1) {
		if part = oneLine(part); part != "" {
			blocks = append(blocks, block{kind: bullet, text: part})
		}
	}
	return blocks
}

// headingLevel returns the level of a heading, or 0 when the line reads as a sentence
// or list item. A numbered heading's level is the length of its number.
func headingLevel(line string, after []string, before []block) int {
	length := utf8.RuneCountInString(line)
	last, _ := utf8.DecodeLastRuneInString(line)
	if length > 90 || len(after) == 0 || strings.ContainsRune(".,:;?!)", last) && !strings.HasSuffix(line, ")") {
		return 0
	}
	if m := numbered.FindStringSubmatch(line); m != nil {
		return 1 + strings.Count(m[1], ".")
	}
	if appendix.MatchString(line) {
		return 1
	}
	if aboutItself.MatchString(line) || insideTable(before, after) {
		return 0
	}
	words := strings.Fields(line)
	first, _ := utf8.DecodeRuneInString(line)
	if length > 65 || len(words) > 10 || !unicode.IsUpper(first) || fieldLine.MatchString(line) || startsSentence(words[0]) {
		return 0
	}
	if unfinished(before) && !strings.Contains(line, "(") && len(words) > 6 {
		return 0
	}
	return 3
}

// isRow says whether a line holds cells. A bar inside brackets belongs to the name of a link.
func isRow(line string) bool {
	return strings.Contains(brackets.ReplaceAllString(line, ""), "|")
}

// tableReach is how many lines without a bar may stand inside a table: cells of a
// table copied as text run over several lines.
const tableReach = 6

// insideTable says whether rows stand close before and close after.
func insideTable(before []block, after []string) bool {
	rowBefore := false
	for _, b := range before[max(0, len(before)-tableReach):] {
		rowBefore = rowBefore || b.kind == row
	}
	for _, line := range after[:min(len(after), tableReach)] {
		if rowBefore && isRow(line) {
			return true
		}
	}
	return false
}

// unfinished says whether the last block leads in a list, so that what follows belongs to it.
func unfinished(before []block) bool {
	return len(before) > 0 && strings.HasSuffix(before[len(before)-1].text, ":")
}

// startsSentence knows the words that open a sentence or a list item rather than a heading.
func startsSentence(word string) bool {
	switch strings.ToLower(word) {
	case "if", "with", "when", "whenever", "we", "you", "they", "where", "for", "it", "only", "please", "ask", "contact":
		return true
	}
	return false
}
