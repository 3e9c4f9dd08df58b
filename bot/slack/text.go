package slack

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	api "github.com/slack-go/slack"
)

// marks are what would be a mention, a channel or a link if it were drawn as markup.
var marks = regexp.MustCompile(`<([@#!][^<>]*|[a-z][a-z0-9+.-]*:[^<>]*)>`)

// literal makes text safe to show where Slack reads no markup. Marks lose their angle
// brackets all the same, so that a copy into another place cannot call anybody.
func literal(s string) string { return marks.ReplaceAllString(s, "‹$1›") }

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escaped makes text safe where Slack reads markup.
func escaped(s string) string { return entities.Replace(literal(s)) }

// plainText is a text object in which Slack reads no markup and no emoji names.
func plainText(s string) *api.TextBlockObject {
	return api.NewTextBlockObject(api.PlainTextType, literal(s), false, false)
}

// link is a text with an address, as markup. An address that is none stays text.
func link(text, address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return escaped(text)
	}
	target := strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", "&", "&amp;", " ", "%20").Replace(u.String())
	return "<" + target + "|" + strings.ReplaceAll(escaped(text), "|", "/") + ">"
}

// cut shortens text to at most max characters: after a sentence where one ends in the
// second half, otherwise after a word, and never inside a letter with its accents.
func cut(s string, max int) string {
	r := []rune(s)
	if len(r) <= max {
		return s
	}
	if max < 2 {
		return string(r[:max])
	}
	head := r[:max-2]
	for i := len(head) - 1; i > len(head)/2; i-- {
		if strings.ContainsRune(".!?\n", head[i]) && (i+1 == len(head) || unicode.IsSpace(head[i+1])) {
			return strings.TrimSpace(string(head[:i+1])) + " …"
		}
	}
	head = r[:max-1]
	for i := len(head) - 1; i > len(head)/2; i-- {
		if unicode.IsSpace(head[i]) {
			return strings.TrimSpace(string(head[:i])) + "…"
		}
	}
	end := len(head)
	for end > 1 && joins(r[end]) {
		end--
	}
	return string(head[:end]) + "…"
}

// joins says whether the letter belongs to the one before it.
func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200d' || r >= 0x1f3fb && r <= 0x1f3ff
}

func length(s string) int { return len([]rune(s)) }

// day writes an ISO date as people read it; anything else stays as it is.
func day(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("2 January 2006")
}
