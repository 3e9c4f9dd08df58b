package policy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitter turns blocks into passages, remembering the headings and the lead-in line.
type splitter struct {
	doc      Document
	headings []block
	lead     string // introduces the bullets that follow
	label    string // first cell of the row under way
	columns  string // the row that names the columns; it leads in the other rows
	inTable  bool
	group    int
	titled   bool
}

// split makes a document's passages of its blocks.
func split(blocks []block) Document {
	s := &splitter{}
	for i, b := range blocks {
		if len(s.doc.Passages) >= maxPassages {
			break
		}
		if furniture.MatchString(b.text) {
			continue
		}
		s.inTable = s.inTable && rowSoon(blocks[i:])
		if b.kind != row && !s.inTable {
			s.columns = ""
		}
		next := blockKind(-1)
		if i+1 < len(blocks) {
			next = blocks[i+1].kind
		}
		switch b.kind {
		case heading:
			s.heading(b)
		case bullet:
			s.bullet(b.text, next)
		case row:
			if b.header {
				s.columns = b.text
				continue
			}
			s.row(b.text)
		default:
			s.paragraph(b.text, next)
		}
	}
	return s.doc
}

// furniture is what web pages say about themselves rather than about their subject.
var furniture = regexp.MustCompile(`(?i)^(?:cookies?|ok|accept(?: all)?|close|menu|search|share this page)$|^(?:we use cookies|skip to |help us (?:to )?improve this page|for more information, including how to manage your cookie)`)

// common are headings that name no document.
var common = regexp.MustCompile(`(?i)^(?:\d[\d.]*\s*)?(?:introduction|rationale|purpose|aims?|contents|background|example|overview|scope|definitions)\b|\b(?:includes?|following)$`)

// rowSoon says whether this block or one soon after it is a row of the same table.
func rowSoon(blocks []block) bool {
	for _, b := range blocks[:min(len(blocks), tableReach)] {
		if b.kind == heading {
			return false
		}
		if b.kind == row {
			return true
		}
	}
	return false
}

func (s *splitter) heading(b block) {
	if !s.titled && !common.MatchString(b.text) {
		s.doc.Title, s.titled = b.text, true
	}
	for len(s.headings) > 0 && s.headings[len(s.headings)-1].level >= b.level {
		s.headings = s.headings[:len(s.headings)-1]
	}
	s.headings = append(s.headings, b)
	s.lead, s.label, s.inTable = "", "", false
	s.group++
}

func (s *splitter) bullet(text string, next blockKind) {
	if s.lead == "" && s.label == "" {
		s.group++
	}
	s.add(text, s.leadIn(), Bullet)
	if strings.HasSuffix(text, ":") && next == paragraph {
		s.lead = text
	}
}

func (s *splitter) leadIn() string {
	if s.lead != "" {
		return s.lead
	}
	return s.label
}

func (s *splitter) paragraph(text string, next blockKind) {
	if s.inTable {
		if next == row && !endsSentence(text) && len(text) < 250 {
			s.group++
			s.label = text
		}
		s.sentences(text, s.label, Row)
		return
	}
	s.group++
	leads := strings.HasSuffix(text, ":") || next == bullet
	lead := ""
	if s.inList() {
		lead = s.lead
	}
	s.sentences(text, lead, Sentence)
	if leads {
		parts := Sentences(text)
		s.lead = parts[len(parts)-1]
	} else if lead == "" {
		s.lead = ""
	}
}

// inList says whether a paragraph stands among the items of a list that was led in by a bullet.
func (s *splitter) inList() bool {
	n := len(s.doc.Passages)
	return s.lead != "" && n > 0 && (s.doc.Passages[n-1].Text == s.lead && s.doc.Passages[n-1].Kind == Bullet ||
		s.doc.Passages[n-1].Lead == s.lead && s.doc.Passages[n-1].Kind == Sentence)
}

// row reads one line with cells. Tables copied as text break inside cells, so a label
// stays in force until a line with cells of its own.
func (s *splitter) row(line string) {
	s.lead, s.inTable = "", true
	cells := cellsOf(line)
	switch {
	case len(cells) == 0:
		s.labelFromLast()
	case len(cells) == 1 && strings.HasSuffix(strings.TrimSpace(line), "|"):
		s.group++
		if endsSentence(cells[0]) {
			s.group--
			s.sentences(cells[0], s.label, Row)
			s.label = ""
			return
		}
		s.label = joinLabel(s.doc.Passages, s.label, cells[0])
		s.sentences(cells[0], "", Row)
	default:
		s.group++
		text := strings.Join(cells, " | ")
		s.label = cells[0]
		if utf8.RuneCountInString(s.label) < 3 && len(cells) > 1 {
			s.label = cells[1]
		}
		if utf8.RuneCountInString(text) <= 250 {
			s.add(text, s.columns, Row)
			return
		}
		parts := Sentences(strings.Join(cells[1:], " | "))
		s.add(cells[0]+" | "+parts[0], s.columns, Row)
		for _, part := range parts[1:] {
			s.add(part, s.label, Row)
		}
	}
}

// labelFromLast takes the line before a lone bar as the label of the row that follows.
func (s *splitter) labelFromLast() {
	s.group++
	if n := len(s.doc.Passages); n > 0 && !endsSentence(s.doc.Passages[n-1].Text) {
		s.label = s.doc.Passages[n-1].Text
		return
	}
	s.label = ""
}

// joinLabel puts two lines of one label together: the first is the passage read last.
func joinLabel(read []Passage, label, more string) string {
	if n := len(read); n > 0 && label != "" && read[n-1].Text == label {
		return label + " " + more
	}
	return more
}

// cellsOf returns the cells that hold words; blanks to be filled in, such as DD/MM/YYYY, hold none.
func cellsOf(line string) []string {
	var cells []string
	for _, cell := range strings.Split(line, "|") {
		cell = oneLine(cell)
		if cell != "" && !onlyMarks.MatchString(cell) && !strings.Contains(cell, "DD/MM/YY") {
			cells = append(cells, cell)
		}
	}
	return cells
}

func (s *splitter) sentences(text, lead string, kind Kind) {
	if marks := inlineMarks.Split(text, -1); kind == Row && len(marks) > 1 {
		for _, part := range marks {
			s.add(strings.TrimSpace(part), lead, Bullet)
		}
		return
	}
	for _, part := range Sentences(text) {
		s.add(part, lead, kind)
	}
}

// add keeps a passage, cut at a word when it is longer than may be quoted.
func (s *splitter) add(text, lead string, kind Kind) {
	if utf8.RuneCountInString(text) < 3 || !hasLetter(text) {
		return
	}
	if text == lead {
		lead = ""
	}
	for _, part := range chunks(text, MaxQuote) {
		s.doc.Passages = append(s.doc.Passages, Passage{Text: part, Lead: lead, Section: s.section(), Kind: kind, Group: s.group})
	}
}

func (s *splitter) section() string {
	names := make([]string, len(s.headings))
	for i, h := range s.headings {
		names[i] = h.text
	}
	return strings.Join(names, " > ")
}

func hasLetter(text string) bool { return strings.IndexFunc(text, unicode.IsLetter) >= 0 }

func endsSentence(text string) bool {
	text = strings.TrimRight(text, ` "'’”)`)
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?")
}

var (
	sentenceEnd  = regexp.MustCompile(`[.!?]["'’”)]*\s+`)
	abbreviation = regexp.MustCompile(`(?i)\b(?:e\.g|i\.e|etc|eg|ie|cf|no|mr|mrs|ms|dr|st|art|para|inc|ltd|vs|approx|[a-z])\.$`)
)

// Sentences splits a paragraph. A full stop after an abbreviation or before a small
// letter does not end a sentence.
func Sentences(text string) []string {
	var parts []string
	start := 0
	for _, at := range sentenceEnd.FindAllStringIndex(text, -1) {
		next, _ := utf8.DecodeRuneInString(text[at[1]:])
		if unicode.IsLower(next) || abbreviation.MatchString(text[start:at[0]+1]) {
			continue
		}
		parts = append(parts, strings.TrimSpace(text[start:at[1]]))
		start = at[1]
	}
	if rest := strings.TrimSpace(text[start:]); rest != "" || len(parts) == 0 {
		parts = append(parts, rest)
	}
	return parts
}

// chunks cuts a text at spaces into pieces of at most limit characters.
func chunks(text string, limit int) []string {
	var parts []string
	for utf8.RuneCountInString(text) > limit {
		cut := len(string([]rune(text)[:limit]))
		if space := strings.LastIndexByte(text[:cut], ' '); space > 0 {
			cut = space
		}
		parts = append(parts, strings.TrimSpace(text[:cut]))
		text = strings.TrimSpace(text[cut:])
	}
	return append(parts, text)
}
