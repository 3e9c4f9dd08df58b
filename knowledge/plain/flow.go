package plain

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// bareLines reads a text without quotes. Where it may go on on lines further in, it is not plain.
func (p *parser) bareLines(indent int) *node {
	n := &node{kind: bare, text: p.bareLine()}
	if p.bad {
		return nil
	}
	start := p.at
	spaces := 0
	for p.peek() == ' ' {
		p.at, spaces = p.at+1, spaces+1
	}
	c := p.peek()
	p.at = start
	switch {
	case c == '\n' || c == '#': // an empty line or a remark: nothing may go on behind it
		if here, some := p.next(); some && here > indent {
			return p.fail()
		}
		p.at = start
		return n
	case p.at >= len(p.s) || spaces <= indent:
		return n
	}
	return p.fail() // a text over several lines: the full reader knows how to join it
}

// bareLine reads a text without quotes to the end of the line.
func (p *parser) bareLine() string {
	end := p.at + strings.IndexByte(p.s[p.at:], '\n')
	text := p.s[p.at:end]
	if at := strings.Index(text, " #"); at >= 0 {
		text = text[:at]
	}
	p.at = end + 1
	text = strings.TrimRight(text, " ")
	if text == "" || strings.Contains(text, ": ") || strings.HasSuffix(text, ":") || strings.HasPrefix(text, "- ") || text == "-" || strings.IndexByte("?:,[]{}#&*!|>'\"%@`", text[0]) >= 0 {
		p.fail()
	}
	return text
}

// text reads a text that keeps its lines ("|") or joins them (">").
func (p *parser) text(indent int) *node {
	folds := p.peek() == '>'
	p.at++
	strips := p.peek() == '-'
	if strips {
		p.at++
	}
	if p.peek() != '\n' {
		return p.fail()
	}
	p.at++
	var lines []string
	inner := 0
	for p.at < len(p.s) {
		end := p.at + strings.IndexByte(p.s[p.at:], '\n')
		line := p.s[p.at:end]
		bareLine := strings.TrimLeft(line, " ")
		here := len(line) - len(bareLine)
		switch {
		case bareLine == "" && line != "":
			return p.fail()
		case line == "":
			if inner == 0 {
				return p.fail()
			}
		case inner == 0 && here <= indent:
			return p.fail()
		case inner == 0:
			inner = here
		case here < inner:
			return joined(lines, folds, strips)
		case here > inner && folds:
			return p.fail()
		}
		if line != "" {
			line = line[inner:]
		}
		if folds && strings.HasSuffix(line, " ") {
			return p.fail()
		}
		lines = append(lines, line)
		p.at = end + 1
	}
	if inner == 0 {
		return p.fail()
	}
	return joined(lines, folds, strips)
}

// joined makes one text of its lines. Empty lines at the end are not part of it.
func joined(lines []string, folds, strips bool) *node {
	for lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	text := strings.Join(lines, "\n")
	if folds {
		var b strings.Builder
		for i, line := range lines {
			switch {
			case line == "":
				b.WriteByte('\n')
			case i > 0 && lines[i-1] != "":
				b.WriteByte(' ')
			}
			b.WriteString(line)
		}
		text = b.String()
	}
	if !strips {
		text += "\n"
	}
	return &node{kind: quoted, text: text}
}

// flow reads a text in quotes, a list in brackets or pairs in braces.
func (p *parser) flow(indent int) *node {
	if p.depth++; p.depth > deepest {
		return p.fail()
	}
	defer func() { p.depth-- }()
	switch p.peek() {
	case '"':
		return p.double()
	case '\'':
		return p.single()
	case '[':
		return p.brackets(indent)
	case '{':
		return p.braces(indent)
	case '*':
		return p.alias()
	case '&':
		name := p.named()
		return p.keep(name, p.flow(indent))
	}
	return p.bareFlow()
}

// gap goes over space in a list or pairs, and over a line end when what follows stands further in.
func (p *parser) gap(indent int) {
	p.spaces()
	if p.at >= len(p.s) {
		p.fail()
		return
	}
	for p.peek() == '\n' && p.at < len(p.s) {
		p.at++
		start := p.at
		p.spaces()
		if p.at-start <= indent || p.peek() == '\n' || p.peek() == '#' {
			p.fail()
		}
	}
}

func (p *parser) brackets(indent int) *node {
	n := &node{kind: list}
	p.at++
	p.gap(indent)
	if p.peek() == ']' {
		p.at++
		return n
	}
	for !p.bad {
		kid := p.flow(indent)
		n.kids = append(n.kids, kid)
		if p.gap(indent); p.peek() == ']' && !p.bad {
			p.at++
			return n
		}
		p.comma(indent)
	}
	return nil
}

// comma goes over a comma, which something must follow.
func (p *parser) comma(indent int) {
	if p.peek() != ',' {
		p.fail()
		return
	}
	p.at++
	if c := p.peek(); c != ' ' && c != '\n' {
		p.fail()
		return
	}
	p.gap(indent)
}

func (p *parser) braces(indent int) *node {
	n := &node{kind: pairs}
	p.at++
	p.gap(indent)
	if p.peek() == '}' {
		p.at++
		return n
	}
	for !p.bad {
		length, key := p.key()
		if length == 0 || n.has(key) {
			return p.fail()
		}
		p.at += length
		if p.peek() != ' ' {
			return p.fail()
		}
		p.gap(indent)
		kid := p.flow(indent)
		n.keys, n.kids = append(n.keys, key), append(n.kids, kid)
		if p.gap(indent); p.peek() == '}' && !p.bad {
			p.at++
			return n
		}
		p.comma(indent)
	}
	return nil
}

// bareFlow reads a text without quotes inside brackets or braces.
func (p *parser) bareFlow() *node {
	start := p.at
	for p.at < len(p.s) {
		switch c := p.s[p.at]; c {
		case ',', ']', '}':
			text := strings.TrimRight(p.s[start:p.at], " ")
			if text == "" || strings.IndexByte("?:#&*!|>'\"%@`", text[0]) >= 0 || text[0] == '-' && isText(text) || strings.HasSuffix(text, ":") || strings.Contains(text, ": ") || strings.Contains(text, " #") {
				return p.fail()
			}
			return &node{kind: bare, text: text}
		case '\n', '[', '{', '"':
			return p.fail()
		}
		p.at++
	}
	return p.fail()
}

// single reads a text in single quotes on one line.
func (p *parser) single() *node {
	rest := p.s[p.at+1:]
	end := strings.IndexAny(rest, "'\n")
	if end < 0 || rest[end] != '\'' || strings.HasPrefix(rest[end:], "''") {
		return p.fail()
	}
	p.at += end + 2
	return &node{kind: quoted, text: rest[:end]}
}

// double reads a text in double quotes on one line.
func (p *parser) double() *node {
	p.at++
	start := p.at
	end := strings.IndexAny(p.s[start:], "\"\\\n")
	if end >= 0 && p.s[start+end] == '"' {
		p.at = start + end + 1
		return &node{kind: quoted, text: p.s[start : start+end]}
	}
	var b strings.Builder
	for p.at < len(p.s) {
		switch c := p.s[p.at]; c {
		case '\n':
			return p.fail()
		case '"':
			p.at++
			return &node{kind: quoted, text: b.String()}
		case '\\':
			p.escape(&b)
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return p.fail()
}

// escape reads what a backslash begins.
func (p *parser) escape(b *strings.Builder) {
	rest := p.s[p.at+1:]
	switch {
	case rest != "" && (rest[0] == '"' || rest[0] == '\\'):
		b.WriteByte(rest[0])
		p.at += 2
	case rest != "" && rest[0] == 'n':
		b.WriteByte('\n')
		p.at += 2
	case len(rest) > 4 && rest[0] == 'u':
		code, err := strconv.ParseUint(rest[1:5], 16, 16)
		if err != nil || code < ' ' || !utf8.ValidRune(rune(code)) {
			p.fail()
			return
		}
		b.WriteRune(rune(code))
		p.at += 6
	default:
		p.fail()
	}
}
