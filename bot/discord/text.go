package discord

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	addresses = regexp.MustCompile(`https?://[^\s<>\[\]]+`)
	marks     = regexp.MustCompile("[\\\\*_~|`<\\[]|@(?:everyone|here)")
	lineMarks = regexp.MustCompile(`(?m)^(\s*)([#>+-])`)
)

// escaped makes text safe where Discord reads markup: it calls nobody, is no link with
// another name, no heading and no list. Web addresses stay as they are, with no preview.
func escaped(s string) string {
	var b strings.Builder
	at := 0
	for _, hit := range addresses.FindAllStringIndex(s, -1) {
		b.WriteString(escapedWords(s[at:hit[0]]))
		address := strings.TrimRight(s[hit[0]:hit[1]], `.,;:!?)]}'"*_|~`)
		b.WriteString("<" + inAddress.Replace(address) + ">")
		at = hit[0] + len(address)
	}
	b.WriteString(escapedWords(s[at:]))
	return lineMarks.ReplaceAllString(b.String(), `$1\$2`)
}

// inAddress writes what is markup even where it stands in an address as addresses may write it.
var inAddress = strings.NewReplacer("|", "%7C", "[", "%5B", "]", "%5D", "@", "%40")

func escapedWords(s string) string {
	return marks.ReplaceAllStringFunc(s, func(mark string) string {
		if len(mark) > 1 {
			return "@\u200b" + mark[1:] // an invisible letter keeps it from being a call
		}
		return `\` + mark
	})
}

// link is a text with an address, as markup. An address that is none stays text, and a text
// that holds an address covers no other.
func link(text, address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return escaped(text)
	}
	target := strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", ")", "%29").Replace(u.String())
	text = strings.Join(strings.Fields(text), " ")
	if strings.Contains(text, "://") {
		return escaped(text) + " <" + target + ">"
	}
	return "[" + strings.ReplaceAll(escapedWords(text), "]", `\]`) + "](<" + target + ">)"
}

// split parts marked-up text into pieces of at most max characters: between paragraphs,
// lines, sentences or words, in this order, and never inside a mark.
func split(text string, max int) []string {
	var pieces []string
	for utf8.RuneCountInString(text) > max {
		head := []rune(text)[:max]
		end := lastEnd(head)
		pieces = append(pieces, strings.TrimSpace(string(head[:end])))
		text = strings.TrimSpace(string([]rune(text)[end:]))
	}
	return append(pieces, text)
}

// lastEnd is the best place to part after: in the second half where there is one, and
// inside a word only where one word fills it all.
func lastEnd(head []rune) int {
	whole := string(head)
	for _, least := range []int{len(head) / 2, 0} {
		for _, mark := range []string{"\n\n", "\n", ". ", " "} {
			if at := strings.LastIndex(whole, mark); at > 0 {
				if n := utf8.RuneCountInString(whole[:at+len(mark)]); n > least {
					return n
				}
			}
		}
	}
	end := len(head)
	for end > 1 && (head[end-1] == '\\' || unicode.Is(unicode.M, head[end-1])) {
		end--
	}
	return end
}

func length(s string) int { return utf8.RuneCountInString(s) }
