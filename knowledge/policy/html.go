package policy

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML reads the words of a page. Scripts, styles, navigation and forms are left
// out. It reads tokens rather than building a tree, so that deep nesting costs nothing.
func readHTML(data []byte) ([]block, error) {
	page := &page{tokens: html.NewTokenizer(bytes.NewReader([]byte(clean(data))))}
	page.tokens.SetMaxBuf(maxText)
	for {
		switch page.tokens.Next() {
		case html.ErrorToken:
			page.flush()
			if err := page.tokens.Err(); err != io.EOF {
				return nil, fmt.Errorf("read the page: %w", err)
			}
			return page.blocks, nil
		case html.TextToken:
			page.text(string(page.tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := page.tokens.TagName()
			page.start(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := page.tokens.TagName()
			page.end(atom.Lookup(name))
		}
		if page.size > maxText {
			return nil, errTooMuch
		}
	}
}

type page struct {
	tokens *html.Tokenizer
	blocks []block
	words  strings.Builder
	kind   blockKind
	level  int
	cells  []string
	inRow  bool
	header bool        // the cells of the row so far are headers
	hidden []atom.Atom // open elements whose words are not read
	size   int
}

// unread lists elements whose words are not part of what the document says.
var unread = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Nav: true, atom.Template: true,
	atom.Noscript: true, atom.Head: true, atom.Svg: true, atom.Select: true, atom.Button: true, atom.Iframe: true}

// flowing lists elements that do not end a line.
var flowing = map[atom.Atom]bool{atom.A: true, atom.B: true, atom.I: true, atom.Em: true, atom.Strong: true,
	atom.Span: true, atom.U: true, atom.Abbr: true, atom.Sup: true, atom.Sub: true, atom.Small: true, atom.Mark: true,
	atom.Code: true, atom.Q: true, atom.Cite: true, atom.Font: true, atom.Time: true, atom.Label: true, atom.Img: true}

func (p *page) text(words string) {
	if len(p.hidden) > 0 {
		return
	}
	p.size += len(words)
	p.words.WriteString(words)
}

func (p *page) start(tag atom.Atom) {
	if unread[tag] {
		p.hidden = append(p.hidden, tag)
		return
	}
	if len(p.hidden) > 0 || flowing[tag] {
		return
	}
	switch tag {
	case atom.Td, atom.Th:
		p.inRow = true
		p.words.Reset()
		return
	case atom.Tr:
		p.flush()
		p.cells = nil
		return
	}
	if p.inRow {
		p.words.WriteByte(' ')
		return
	}
	p.flush()
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.kind, p.level = heading, int(tag.String()[1]-'0')
	case atom.Li:
		p.kind = bullet
	case atom.P, atom.Br:
		// a paragraph inside a list item or heading stays part of it
	default:
		p.kind = paragraph
	}
}

func (p *page) end(tag atom.Atom) {
	if n := len(p.hidden); n > 0 {
		if p.hidden[n-1] == tag {
			p.hidden = p.hidden[:n-1]
		}
		return
	}
	switch {
	case flowing[tag]:
	case tag == atom.Td || tag == atom.Th:
		p.header = tag == atom.Th && (p.header || len(p.cells) == 0)
		if cell := oneLine(p.words.String()); cell != "" {
			p.cells = append(p.cells, strings.ReplaceAll(cell, "|", "/"))
		}
		p.words.Reset()
	case tag == atom.Tr || tag == atom.Table:
		if len(p.cells) > 0 {
			p.blocks = append(p.blocks, block{kind: row, text: strings.Join(p.cells, " | "), header: p.header && len(p.cells) > 1})
		}
		p.cells, p.inRow, p.header = nil, false, false
	case p.inRow:
		p.words.WriteByte(' ')
	default:
		p.flush()
		if tag != atom.P {
			p.kind = paragraph
		}
	}
}

func (p *page) flush() {
	if text := oneLine(p.words.String()); text != "" && !p.inRow {
		p.blocks = append(p.blocks, block{kind: p.kind, level: p.level, text: text})
	}
	p.words.Reset()
	if p.kind == heading {
		p.kind = paragraph
	}
}
