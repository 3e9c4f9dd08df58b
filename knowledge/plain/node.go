package plain

import "strings"

// kind is what a node is.
type kind uint8

const (
	bare   kind = iota // a text without quotes, which may be a number or a truth
	quoted             // a text that is nothing but a text
	list
	pairs
)

// node is a part of a text.
type node struct {
	kind kind
	text string
	keys []string // of pairs
	kids []*node  // of a list, or the values of pairs

	index map[string]bool // keys, once there are many
}

// says is whether the node is a text and can be nothing else.
func (n *node) says() bool {
	return n.kind == quoted || n.kind == bare && isText(n.text)
}

// counts is whether the node is a whole number written in the one usual way.
func (n *node) counts() bool {
	if n.kind != bare {
		return false
	}
	digits := strings.TrimPrefix(n.text, "-")
	return len(digits) > 0 && len(digits) < 10 && strings.Trim(digits, "0123456789") == "" && (digits[0] != '0' || n.text == "0")
}

// truth is whether the node is true or false, in small letters.
func (n *node) truth() bool { return n.kind == bare && (n.text == "true" || n.text == "false") }

// decimal is whether a text is a number written in the usual way: 12 or 0.5.
func decimal(s string) bool {
	whole, part, dotted := strings.Cut(s, ".")
	if dotted && (part == "" || strings.Trim(part, "0123456789") != "" || len(part) > 9) {
		return false
	}
	n := node{text: whole}
	return n.counts() && !strings.HasPrefix(s, "-")
}

// isText says whether a text without quotes is surely a text: not a number, a date with a
// time, nothing, a truth or a sign of YAML's own.
func isText(s string) bool {
	switch s[0] {
	case '+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if isDay(s) {
			return true
		}
		return strings.ContainsFunc(s, func(r rune) bool { return r == ' ' || r > 'f' && r != 'o' && r != 'x' && r != 'n' })
	case '~', '<', '=':
		if len(s) < 3 || s[0] != '=' {
			return false
		}
	}
	if len(s) > 5 {
		return true
	}
	switch strings.ToLower(s) {
	case "null", "true", "false":
		return false
	}
	return true
}

// isDay says whether a text is a day such as 2026-11-23, which stays a text.
func isDay(s string) bool {
	if len(s) != len("2026-11-23") || s[4] != '-' || s[7] != '-' {
		return false
	}
	return strings.Trim(s[:4]+s[5:7]+s[8:], "0123456789") == ""
}
