package slack

import (
	"net/url"
	"regexp"
	"strings"

	api "github.com/slack-go/slack"
)

// marks are what would be a mention, a channel or a link if it were drawn as markup.
var marks = regexp.MustCompile(`<([@#!][^<>]*|[a-z][a-z0-9+.-]*:[^<>]*)>`)

// literal makes text safe to show where Slack reads no markup. Marks lose their angle
// brackets all the same, so that a copy into another place cannot call anybody. What stands
// in a mark may be one too.
func literal(s string) string {
	for marks.MatchString(s) {
		s = marks.ReplaceAllString(s, "‹$1›")
	}
	return s
}

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

func length(s string) int { return len([]rune(s)) }
