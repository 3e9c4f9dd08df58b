package bot

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"shareright/knowledge/words"
)

// ShownName is what others read as somebody's name. People choose their names themselves, so one
// that could be taken for another's has the platform's id beside it: a word of letters that look
// alike from several scripts, letters in disguise or out of sight, or the title of a role that
// they do not hold. It is the id that decides, always; this is for whoever reads.
func ShownName(p Person) string {
	if !disguised(p.Name) && !titled(p) {
		return p.Name
	}
	_, user, _ := strings.Cut(string(p.ID), ":")
	if user == "" || user == p.Name {
		return p.Name
	}
	return p.Name + " (" + user + ")"
}

// alike are the scripts whose letters look like each other's.
var alike = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}

// disguised says that a name is not what it seems. A first name in one script and a surname in another are nothing unusual.
func disguised(name string) bool {
	if norm.NFKC.String(name) != norm.NFC.String(name) {
		return true
	}
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) }) {
		return true
	}
	for _, word := range strings.Fields(name) {
		scripts := 0
		for _, script := range alike {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(script, r) }) {
				scripts++
			}
		}
		if scripts > 1 {
			return true
		}
	}
	return false
}

// titled says that somebody goes by the title of a role that is not theirs.
func titled(p Person) bool {
	fold := func(s string) string {
		s = strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
		return strings.TrimPrefix(s, "the ")
	}
	name := fold(p.Name)
	return slices.ContainsFunc(everyRole, func(role Role) bool {
		return !p.Has(role) && (name == fold(string(role)) || name == fold(words.Say("en", "bot.role-"+string(role))))
	})
}
