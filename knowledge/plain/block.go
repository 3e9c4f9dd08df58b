package plain

import (
	"strings"
	"unicode/utf8"
)

// parser walks through a text once. What it meets that is not plain ends the walk.
type parser struct {
	s       string
	at      int
	bad     bool
	depth   int
	anchors map[string]*node
}

// deepest is how far lists and pairs may stand in each other.
const deepest = 40

// parse reads a text as nodes.
func parse(s string) (*node, bool) {
	if !utf8.ValidString(s) || !strings.HasSuffix(s, "\n") || strings.ContainsFunc(s, odd) {
		return nil, false
	}
	p := &parser{s: s}
	indent, some := p.next()
	if !some {
		return nil, false
	}
	n := p.block(indent)
	if _, more := p.next(); more || n == nil {
		p.fail()
	}
	return n, !p.bad
}

// odd is a character that readers may take for the end of a line, for space or for nothing.
func odd(r rune) bool {
	return r < ' ' && r != '\n' || r >= 0x7f && r <= 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == utf8.RuneError
}

// fail ends the walk.
func (p *parser) fail() *node {
	p.bad, p.at = true, len(p.s)
	return nil
}

// next goes to the next line that says something, and tells how far it is indented. It
// must stand at the beginning of a line.
func (p *parser) next() (indent int, some bool) {
	for p.at < len(p.s) {
		start := p.at
		for p.at < len(p.s) && p.s[p.at] == ' ' {
			p.at++
		}
		switch {
		case p.s[p.at] == '\n':
			p.at++
		case p.s[p.at] == '#':
			p.skipLine()
		default:
			indent = p.at - start
			p.at = start
			return indent, true
		}
	}
	return 0, false
}

func (p *parser) skipLine() {
	if end := strings.IndexByte(p.s[p.at:], '\n'); end >= 0 {
		p.at += end + 1
		return
	}
	p.at = len(p.s)
}

// peek is the character here; a line end when there is none.
func (p *parser) peek() byte {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return '\n'
}

func (p *parser) spaces() {
	for p.peek() == ' ' {
		p.at++
	}
}

// lineEnd goes over the end of a line, with a remark before it.
func (p *parser) lineEnd() {
	before := p.at
	p.spaces()
	switch {
	case p.at >= len(p.s):
	case p.s[p.at] == '\n':
		p.at++
	case p.s[p.at] == '#' && p.at > before:
		p.skipLine()
	default:
		p.fail()
	}
}

// block reads a list or pairs that begin on this line, with this indent.
func (p *parser) block(indent int) *node {
	if p.depth++; p.depth > deepest {
		return p.fail()
	}
	defer func() { p.depth-- }()
	line := p.s[p.at+indent:]
	if indent == 0 && (strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...") || line[0] == '%') {
		return p.fail()
	}
	if isItem(line) {
		return p.items(indent)
	}
	p.at += indent
	if !p.atKey() {
		return p.fail()
	}
	return p.entries(indent)
}

func isItem(line string) bool { return strings.HasPrefix(line, "- ") }

// items reads a list whose dashes stand at this indent. It stands at the beginning of a line.
func (p *parser) items(indent int) *node {
	n := &node{kind: list}
	for {
		here, some := p.next()
		if !some || here < indent {
			return n
		}
		if here > indent || !isItem(p.s[p.at+here:]) {
			if here == indent {
				return n // the key that follows a list at its own indent
			}
			return p.fail()
		}
		start := p.at
		p.at += here + 1
		p.spaces()
		var item *node
		if p.atKey() {
			item = p.entries(p.at - start)
		} else {
			item = p.value(indent, false)
		}
		if item == nil {
			return nil
		}
		n.kids = append(n.kids, item)
	}
}

// atKey says whether a key stands here.
func (p *parser) atKey() bool {
	length, _ := p.key()
	return length > 0
}

// key measures the key that stands here, with its colon; 0 when there is none.
func (p *parser) key() (length int, text string) {
	rest := p.s[p.at:]
	end := 0
	if rest != "" && rest[0] == '"' {
		end = strings.IndexAny(rest[1:], "\"\\\n") + 2
		if end < 2 || rest[end-1] != '"' {
			return 0, ""
		}
		text = rest[1 : end-1]
	} else {
		for end < len(rest) && keyLetter(rest[end], end) {
			end++
		}
		if text = rest[:end]; text != "" && !isText(text) {
			return 0, ""
		}
	}
	if text == "" || !strings.HasPrefix(rest[end:], ": ") && !strings.HasPrefix(rest[end:], ":\n") {
		return 0, ""
	}
	return end + 1, text
}

// keyLetter says whether a key without quotes may hold a character at a place.
func keyLetter(c byte, at int) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || at > 0 && (c == '-' || c == '.' || c == '\'')
}

// entries reads pairs whose keys stand at this indent. It stands at the first key.
func (p *parser) entries(indent int) *node {
	n := &node{kind: pairs}
	for {
		length, key := p.key()
		if length == 0 || n.has(key) {
			return p.fail()
		}
		p.at += length
		value := p.value(indent, true)
		if value == nil {
			return nil
		}
		n.keys, n.kids = append(n.keys, key), append(n.kids, value)
		here, some := p.next()
		if !some || here < indent {
			return n
		}
		if here > indent {
			return p.fail()
		}
		p.at += indent
	}
}

func (n *node) has(key string) bool {
	if len(n.keys) < 16 {
		for _, k := range n.keys {
			if k == key {
				return true
			}
		}
		return false
	}
	if n.index == nil {
		n.index = map[string]bool{}
		for _, k := range n.keys {
			n.index[k] = true
		}
	}
	have := n.index[key]
	n.index[key] = true
	return have
}

// value reads what follows a key or a dash at this indent, to the end of its last line.
func (p *parser) value(indent int, ofKey bool) *node {
	p.spaces()
	switch c := p.peek(); c {
	case '&':
		return p.anchored(indent, ofKey)
	case '*':
		n := p.alias()
		p.lineEnd()
		return n
	case '|', '>':
		return p.text(indent)
	case '"', '\'', '[', '{':
		n := p.flow(indent)
		p.lineEnd()
		return n
	case '\n', '#':
		p.lineEnd()
		here, some := p.next()
		switch {
		case some && here > indent && (isItem(p.s[p.at+here:]) || ofKey):
			return p.block(here)
		case some && here == indent && ofKey && isItem(p.s[p.at+here:]):
			return p.items(here)
		}
		return p.fail() // nothing, or a text on the next line
	}
	return p.bareLines(indent)
}

// anchored reads a value that has a name.
func (p *parser) anchored(indent int, ofKey bool) *node {
	name := p.named()
	return p.keep(name, p.value(indent, ofKey))
}

// named reads the name of a value that follows.
func (p *parser) named() string {
	p.at++
	name := p.name()
	if c := p.peek(); name == "" || p.anchors[name] != nil || c != ' ' && c != '\n' {
		p.fail()
	}
	p.spaces()
	if c := p.peek(); c == '*' || c == '&' {
		p.fail()
	}
	return name
}

func (p *parser) keep(name string, n *node) *node {
	if p.anchors == nil {
		p.anchors = map[string]*node{}
	}
	p.anchors[name] = n
	return n
}

// alias is what was given a name before.
func (p *parser) alias() *node {
	p.at++
	n := p.anchors[p.name()]
	if n == nil {
		return p.fail()
	}
	return n
}

// name reads the name of an anchor.
func (p *parser) name() string {
	start := p.at
	for c := p.peek(); c >= 'a' && c <= 'z' || c == '_' || c >= '0' && c <= '9'; c = p.peek() {
		p.at++
	}
	return p.s[start:p.at]
}
